//! Where the database is: the forms of its address, and those that look like one but would make a file of that name.

use std::path::{Path, PathBuf};

/// A path as messages show it: with its folder, whatever folder this program was started in.
pub(crate) fn whole(path: &Path) -> String {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned()).display().to_string()
}

/// The file that `sqlite:FILE` names, as a whole path.
///
/// # Errors
/// A sentence when it cannot be one.
pub(super) fn database(text: &str) -> Result<PathBuf, String> {
    let wrong = || format!("expected sqlite:FILE such as sqlite:bluehook.db, found `{text}`");
    let (scheme, file) = text.split_once(':').ok_or_else(wrong)?;
    match scheme {
        "sqlite" => {}
        "postgres" | "postgresql" => {
            return Err("this version stores in SQLite only; expected sqlite:FILE".to_owned());
        }
        _ => return Err(wrong()),
    }
    let file = file.strip_prefix("//").unwrap_or(file).trim();
    if file.trim_start_matches('/').is_empty() {
        return Err(wrong());
    }
    if let Some(problem) = not_meant(file) {
        return Err(problem);
    }
    let path = std::path::absolute(file).map_err(|error| format!("`{text}`: {error}"))?;
    if file.ends_with(['/', '\\']) || path.is_dir() {
        return Err(format!("{} is a folder; name a file in it", path.display()));
    }
    if is_special(&path) {
        return Err(format!("{} is no file that anything could be kept in; name another", path.display()));
    }
    Ok(path)
}

/// Whether there is something that is neither a file nor a folder: a pipe would be waited for, a device keeps nothing.
pub(super) fn is_special(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|there| !there.is_file() && !there.is_dir())
}

/// What is wrong with a name that a shell, a URL or SQLite itself would have read as something else.
fn not_meant(file: &str) -> Option<String> {
    let instead = "write the whole path, such as sqlite:/var/lib/bluehook/bluehook.db";
    if file.starts_with('~') {
        return Some(format!("`~` is not replaced here, found `{file}`; {instead}"));
    }
    if has_variable(file) {
        return Some(format!("variables are not replaced here, found `{file}`; {instead}"));
    }
    if file.starts_with(':') {
        return Some(format!("a database in memory would be lost at the end, found `{file}`; {instead}"));
    }
    if file.starts_with("file:") || file.contains("://") {
        return Some(format!("expected a path, found the URI `{file}`; {instead}"));
    }
    if let Some((_, query)) = file.split_once('?') {
        return Some(format!("there are no parameters, found `?{query}`; leave them away"));
    }
    None
}

/// `$NAME`, `${NAME}`, `$(command)` or `%NAME%`.
fn has_variable(file: &str) -> bool {
    let begins_name = |c: char| c.is_ascii_alphabetic() || matches!(c, '_' | '{' | '(');
    let dollar = file.split('$').skip(1).any(|rest| rest.starts_with(begins_name));
    dollar || file.split('%').nth(1).is_some_and(|name| !name.is_empty() && file.matches('%').count() > 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn databases_are_sqlite_files() {
        let folder = std::env::current_dir().unwrap();
        for relative in ["sqlite:a/b.db", "sqlite: a/b.db", "sqlite://a/b.db"] {
            assert_eq!(database(relative), Ok(folder.join("a/b.db")), "{relative}");
        }
        assert_eq!(database("sqlite:///a/b.db"), Ok(PathBuf::from("/a/b.db")));
        assert_eq!(database("sqlite:/a/100%.db"), Ok(PathBuf::from("/a/100%.db")));
        assert!(database("postgres://localhost/b").unwrap_err().contains("SQLite only"));
        for bad in ["b.db", "sqlite:", "sqlite://", "sqlite: ", "mysql:b", ""] {
            assert!(database(bad).unwrap_err().starts_with("expected sqlite:FILE"), "{bad}");
        }
    }

    #[test]
    fn paths_that_nobody_means_are_refused() {
        for (text, told) in [
            ("sqlite:~/b.db", "`~` is not replaced"),
            ("sqlite:~ada/b.db", "`~` is not replaced"),
            ("sqlite:$HOME/b.db", "variables are not replaced"),
            ("sqlite:/data/${NAME}.db", "variables are not replaced"),
            ("sqlite:$(pwd)/b.db", "variables are not replaced"),
            ("sqlite:%APPDATA%/b.db", "variables are not replaced"),
            ("sqlite::memory:", "in memory"),
            ("sqlite://:memory:", "in memory"),
            ("sqlite:x?mode=rwc", "no parameters, found `?mode=rwc`"),
            ("sqlite:///a/b.db?cache=shared", "no parameters"),
            ("sqlite:file:b.db", "the URI"),
            ("sqlite:file:///b.db", "the URI"),
            ("sqlite:/", "expected sqlite:FILE"),
            ("sqlite:/tmp", "/tmp is a folder"),
            ("sqlite:data/", "is a folder"),
            ("sqlite:.", "is a folder"),
            #[cfg(unix)]
            ("sqlite:/dev/null", "/dev/null is no file"),
        ] {
            assert!(database(text).unwrap_err().contains(told), "{text}: {:?}", database(text));
        }
    }
}
