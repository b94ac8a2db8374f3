//! The directory: companies, projects, people and who is a member of what, kept in step by the backend.

use serde::{Deserialize, Serialize};

/// What a person may do in a project. Blue's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Owns it.
    Owner,
    /// Administers it.
    Admin,
    /// Works in it.
    Member,
    /// Sees it from outside.
    Client,
    /// Comments only.
    CommentOnly,
    /// Looks only.
    ViewOnly,
}

impl Role {
    /// Every role.
    pub const ALL: [Role; 6] =
        [Role::Owner, Role::Admin, Role::Member, Role::Client, Role::CommentOnly, Role::ViewOnly];

    /// The word in the API and the store.
    pub const fn name(self) -> &'static str {
        match self {
            Role::Owner => "OWNER",
            Role::Admin => "ADMIN",
            Role::Member => "MEMBER",
            Role::Client => "CLIENT",
            Role::CommentOnly => "COMMENT_ONLY",
            Role::ViewOnly => "VIEW_ONLY",
        }
    }

    /// Whether it administers the project.
    pub const fn administers(self) -> bool {
        matches!(self, Role::Owner | Role::Admin)
    }

    /// Reads the word in the API and the store.
    pub fn from_name(name: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.name() == name)
    }
}

/// A company.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Company {
    /// Its id in Blue.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its short name in addresses, by which clients of Blue name it; no other company has it.
    pub slug: Option<String>,
}

/// What tells a company, project or person from an earlier one with the same id.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Life {
    /// A random number.
    pub(crate) birth: i64,
    /// The first event of its time: what was logged before is nobody's.
    pub(crate) since: i64,
}

/// What tells a person in a company from earlier ones with the same ids.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Births {
    /// Of the person.
    pub user: i64,
    /// Of the company.
    pub company: i64,
}

/// A project of a company.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Project {
    /// Its id in Blue.
    pub id: String,
    /// The company it belongs to.
    pub company_id: String,
    /// Its name.
    pub name: String,
    /// Its short name in addresses.
    pub slug: Option<String>,
}

/// A person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Their id in Blue.
    pub id: String,
    /// Where they are told that a webhook was switched off.
    pub email: String,
    /// Their name.
    pub full_name: String,
    /// Their language, such as `it`.
    pub locale: Option<String>,
}

/// One thing that the directory is told: made or replaced, or taken away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DirectoryChange {
    /// A company is, with this name.
    PutCompany(Company),
    /// A company is no more: nor are its projects, memberships and webhooks.
    DeleteCompany(String),
    /// A project is. Its company must be known.
    PutProject(Project),
    /// A project is no more; nor are its memberships.
    DeleteProject(String),
    /// A person is.
    PutUser(User),
    /// A person is no more; nor are their memberships and webhooks.
    DeleteUser(String),
    /// A person is a member of a project; both must be known.
    PutMember {
        /// The project.
        project_id: String,
        /// The person.
        user_id: String,
        /// Their role in it.
        role: Role,
    },
    /// A person is a member of a project no more.
    DeleteMember {
        /// The project.
        project_id: String,
        /// The person.
        user_id: String,
    },
}

/// What a change of the directory came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changed {
    /// It was not known before.
    Created,
    /// It was known, and is as told now.
    Replaced,
    /// It was known, and is gone.
    Deleted,
}
