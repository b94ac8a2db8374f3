//! Rows of the directory.

use rusqlite::{Connection, params};

use crate::{
    Error, Result,
    know::Directory,
    model::directory::{Company, DirectoryChange, Life, Project, Role, User},
};

/// Reads the whole directory.
pub(crate) fn load(connection: &Connection) -> Result<Directory> {
    let mut directory = Directory::default();
    each(connection, "SELECT id, name, slug, birth, since FROM companies", |row| {
        let company = Company { id: row.get(0)?, name: row.get(1)?, slug: row.get(2)? };
        directory.lives.companies.insert_mut(company.id.clone(), life(row, 3)?);
        directory.companies.insert_mut(company.id.clone(), company);
        Ok(())
    })?;
    each(connection, "SELECT id, company_id, name, slug, birth, since FROM projects", |row| {
        let project =
            Project { id: row.get(0)?, company_id: row.get(1)?, name: row.get(2)?, slug: row.get(3)? };
        directory.lives.projects.insert_mut(project.id.clone(), life(row, 4)?);
        directory.projects.insert_mut(project.id.clone(), project);
        Ok(())
    })?;
    each(connection, "SELECT id, email, full_name, locale, birth, since FROM users", |row| {
        let user = User { id: row.get(0)?, email: row.get(1)?, full_name: row.get(2)?, locale: row.get(3)? };
        directory.lives.users.insert_mut(user.id.clone(), life(row, 4)?);
        directory.users.insert_mut(user.id.clone(), user);
        Ok(())
    })?;
    each(connection, "SELECT project_id, user_id, role FROM members", |row| {
        if let Some(role) = Role::from_name(row.get_ref(2)?.as_str()?) {
            directory.put_member(row.get(0)?, row.get(1)?, role);
        }
        Ok(())
    })?;
    Ok(directory)
}

fn life(row: &rusqlite::Row<'_>, column: usize) -> rusqlite::Result<Life> {
    Ok(Life { birth: row.get(column)?, since: row.get(column + 1)? })
}

fn each(
    connection: &Connection,
    sql: &str,
    mut row: impl FnMut(&rusqlite::Row<'_>) -> rusqlite::Result<()>,
) -> Result<()> {
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query([])?;
    while let Some(found) = rows.next()? {
        row(found)?;
    }
    Ok(())
}

/// Writes one change; `life` is that of what it makes.
pub(crate) fn apply(connection: &Connection, change: &DirectoryChange, life: Option<Life>) -> Result<()> {
    match change {
        DirectoryChange::PutCompany(Company { id, name, slug }) => execute(
            connection,
            "INSERT INTO companies (id, name, slug) VALUES (?1, ?2, ?3) ON CONFLICT (id) DO UPDATE
             SET name = excluded.name, slug = excluded.slug",
            params![id, name, slug],
        ),
        DirectoryChange::PutProject(Project { id, company_id, name, slug }) => execute(
            connection,
            "INSERT INTO projects (id, company_id, name, slug) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (id) DO UPDATE
             SET company_id = excluded.company_id, name = excluded.name, slug = excluded.slug",
            params![id, company_id, name, slug],
        ),
        DirectoryChange::PutUser(User { id, email, full_name, locale }) => execute(
            connection,
            "INSERT INTO users (id, email, full_name, locale) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (id) DO UPDATE
             SET email = excluded.email, full_name = excluded.full_name, locale = excluded.locale",
            params![id, email, full_name, locale],
        ),
        DirectoryChange::PutMember { project_id, user_id, role } => execute(
            connection,
            "INSERT INTO members (project_id, user_id, role) VALUES (?1, ?2, ?3)
             ON CONFLICT (project_id, user_id) DO UPDATE SET role = excluded.role",
            params![project_id, user_id, role.name()],
        ),
        DirectoryChange::DeleteCompany(id) => execute(connection, "DELETE FROM companies WHERE id = ?1", params![id]),
        DirectoryChange::DeleteProject(id) => execute(connection, "DELETE FROM projects WHERE id = ?1", params![id]),
        DirectoryChange::DeleteUser(id) => execute(connection, "DELETE FROM users WHERE id = ?1", params![id]),
        DirectoryChange::DeleteMember { project_id, user_id } => execute(
            connection,
            "DELETE FROM members WHERE project_id = ?1 AND user_id = ?2",
            params![project_id, user_id],
        ),
    }?;
    match (life, change) {
        (Some(life), DirectoryChange::PutCompany(Company { id, .. })) => {
            born(connection, "companies", id, life)
        }
        (Some(life), DirectoryChange::PutProject(Project { id, .. })) => {
            born(connection, "projects", id, life)
        }
        (Some(life), DirectoryChange::PutUser(User { id, .. })) => born(connection, "users", id, life),
        _ => Ok(()),
    }
}

fn born(connection: &Connection, table: &str, id: &str, life: Life) -> Result<()> {
    let sql = format!("UPDATE {table} SET birth = ?2, since = ?3 WHERE id = ?1");
    execute(connection, &sql, params![id, life.birth, life.since])
}

fn execute(connection: &Connection, sql: &str, params: impl rusqlite::Params) -> Result<()> {
    connection.prepare_cached(sql)?.execute(params).map_err(Error::from)?;
    Ok(())
}
