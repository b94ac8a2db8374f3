//! Files that only this program's user reads: whole under their name, or not there at all.

use std::{
    fs::{self, File},
    io::{self, ErrorKind, Write},
    path::{Path, PathBuf},
};

use super::paths::whole;

/// Makes a file with a text in it. It is written beside and then given its name, so that no interruption leaves a part of
/// it.
///
/// # Errors
/// [`ErrorKind::AlreadyExists`] when there is one; what the system says.
pub(crate) fn create(path: &Path, text: &str) -> io::Result<()> {
    let beside = write_beside(path, text)?;
    let named = fs::hard_link(&beside, path);
    match named {
        // Some file systems have no second names.
        Err(error) if error.kind() != ErrorKind::AlreadyExists && !path.exists() => {
            renamed(&beside, path)?;
        }
        named => {
            fs::remove_file(&beside)?;
            named?;
        }
    }
    sync_folder(path);
    Ok(())
}

/// The same, in the place of what is there.
///
/// # Errors
/// What the system says.
pub(crate) fn replace(path: &Path, text: &str) -> io::Result<()> {
    renamed(&write_beside(path, text)?, path)?;
    sync_folder(path);
    Ok(())
}

/// Gives a file its name; where that cannot be done, nothing is left of it.
fn renamed(beside: &Path, path: &Path) -> io::Result<()> {
    fs::rename(beside, path).inspect_err(|_| drop(fs::remove_file(beside)))
}

/// What is said of a file with a secret in it that others than this program's user may read.
pub(super) fn exposed(path: &Path) -> Option<String> {
    let others = others_may(path)?;
    let path = whole(path);
    Some(format!(
        "{path} holds a secret, and {others} may read it: chmod 600 {path}, and give out another secret"
    ))
}

#[cfg(unix)]
fn others_may(path: &Path) -> Option<&'static str> {
    use std::os::unix::fs::PermissionsExt;

    match fs::metadata(path).ok()?.permissions().mode() {
        mode if mode & 0o004 != 0 => Some("everybody on this machine"),
        mode if mode & 0o040 != 0 => Some("its group"),
        _ => None,
    }
}

#[cfg(not(unix))]
fn others_may(_: &Path) -> Option<&'static str> {
    None
}

fn write_beside(path: &Path, text: &str) -> io::Result<PathBuf> {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{}.new", std::process::id()));
    let beside = PathBuf::from(name);
    if let Err(error) = fs::remove_file(&beside)
        && error.kind() != ErrorKind::NotFound
    {
        return Err(error);
    }
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&beside)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    Ok(beside)
}

/// The name, too, outlives a loss of power; where folders cannot be synced it has to do without.
fn sync_folder(path: &Path) {
    if let Some(folder) = path.parent().and_then(|folder| File::open(folder).ok()) {
        let _ = folder.sync_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_there_is_kept_or_replaced_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        create(&path, "one").unwrap();
        assert_eq!(create(&path, "two").unwrap_err().kind(), ErrorKind::AlreadyExists);
        assert_eq!(fs::read_to_string(&path).unwrap(), "one");
        replace(&path, "two").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "two");
        assert!(replace(folder.path(), "a secret").is_err());
        fs::create_dir(folder.path().join("b")).unwrap();
        assert!(replace(&folder.path().join("b"), "a secret").is_err());
        assert_eq!(
            fs::read_dir(folder.path()).unwrap().count(),
            2,
            "nothing is left of what could not be named"
        );
    }
}
