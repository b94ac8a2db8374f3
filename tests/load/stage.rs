//! What is measured, and where: a program, and the folder whose disk its database is on.

use std::path::{Path, PathBuf};

use bluehook_tests::server::Place;

/// A program and a disk.
pub(crate) struct Stage {
    pub(crate) disk: PathBuf,
    program: Option<PathBuf>,
}

impl Stage {
    /// The program that was built, with its databases below this folder.
    pub(crate) fn new(disk: &Path) -> Stage {
        Stage { disk: disk.to_owned(), program: None }
    }

    /// Another program, on the same disk.
    pub(crate) fn of(&self, program: &Path) -> Stage {
        Stage { disk: self.disk.clone(), program: Some(program.to_owned()) }
    }

    /// An empty folder for one of its servers.
    pub(crate) fn place(&self) -> Place {
        let place = Place::in_folder(&self.disk);
        match &self.program {
            Some(program) => place.running(program),
            None => place,
        }
    }
}
