//! The rooms of the dispatcher: what a file names lies in its own room or in one below, and one store names its database.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use crate::failure::Failure;

// What of a source is code, and which names stand in it.
mod source;

use source::{Code, Name};

/// The rooms, the uppermost first. Every other module of the crate is the ground below them.
const ROOMS: [&str; 10] =
    ["dispatcher", "features", "schedule", "send", "ledger", "line", "decide", "store", "know", "model"];

/// What stands around the rooms, and may name them all.
const AROUND: [&str; 2] = ["lib", "fuzzed"];

/// The database, and the store in it, which alone names it.
const DATABASE: &str = "rusqlite";
const ITS_STORE: &str = "sqlite";
const ITS_PLACE: &str = "store/sqlite";

/// Who opens that store; everybody else sees what every store has.
const OPENERS: [&str; 3] = ["dispatcher.rs", "features/keys.rs", "features/migrate.rs"];

/// Names the first path that leads up, or to the database where it may not.
pub(crate) fn imports(root: &Path) -> Result<(), Failure> {
    let (src, mut texts) = (root.join("crates/dispatcher/src"), BTreeMap::new());
    read(&src, &src, &mut texts)?;
    match Crate::of(&texts).wrong() {
        Some(problem) => Err(format!("crates/dispatcher/src/{problem}").into()),
        None => Ok(()),
    }
}

/// Reads every source, by its path.
fn read(src: &Path, folder: &Path, texts: &mut BTreeMap<String, String>) -> Result<(), Failure> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            read(src, &path, texts)?;
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let name = path.strip_prefix(src)?.to_string_lossy().into_owned();
            texts.insert(name, fs::read_to_string(&path)?);
        }
    }
    Ok(())
}

/// The crate, but for its tests.
struct Crate {
    /// The code of each file.
    files: BTreeMap<String, Code>,
    /// The names that the crate shows, each with the module that it comes from.
    shown: BTreeMap<String, String>,
}

impl Crate {
    fn of(texts: &BTreeMap<String, String>) -> Crate {
        let mut files: BTreeMap<String, Code> =
            texts.iter().map(|(path, text)| (path.clone(), Code::of(text))).collect();
        let mut hidden = BTreeSet::new();
        for (path, code) in &files {
            let home = if path == "lib.rs" { "" } else { path.trim_end_matches("rs").trim_end_matches('.') };
            let modules = code.tests.iter().map(|module| format!("{home}/{module}"));
            hidden.extend(modules.map(|module| module.trim_start_matches('/').to_owned()));
        }
        files.retain(|path, _| {
            let path = path.trim_end_matches(".rs");
            let mut folders = path.match_indices('/').filter_map(|(at, _)| path.get(..at));
            !hidden.contains(path) && !folders.any(|folder| hidden.contains(folder))
        });
        let shown = files.get("lib.rs").map(Code::shown).unwrap_or_default();
        Crate { files, shown }
    }

    /// The first name that may not stand where it does.
    fn wrong(&self) -> Option<String> {
        self.files.iter().find_map(|(path, code)| {
            let from = top(path);
            if AROUND.contains(&from) {
                return None;
            }
            let up = code.of_crate(path).find_map(|name| self.upward(from, &name));
            let wrong = up.or_else(|| of_database(path, code));
            wrong.map(|problem| format!("{path}:{problem}"))
        })
    }

    /// Says of a name of the crate that it leads up, if it does.
    fn upward(&self, from: &str, name: &Name) -> Option<String> {
        let to = self.shown.get(&name.name).unwrap_or(&name.name);
        let is_known = self.files.contains_key(&format!("{to}.rs")) && !AROUND.contains(&to.as_str());
        let is_allowed =
            is_known && (from == to || floor(from) < floor(to) || is_ground(from) && is_ground(to));
        let Name { line, name } = name;
        (!is_allowed).then(|| format!("{line} names {name}: {from} → {to} leads up, and imports go down"))
    }
}

/// Says which name of the database or of its store stands in a file that may not name it, if one does.
fn of_database(path: &str, code: &Code) -> Option<String> {
    let tell =
        |of: &str, Name { line, name }: &Name| format!("{line} names {of}::{name}, which is not for it");
    let is_inside = path.strip_prefix(ITS_PLACE).is_some_and(|rest| rest.starts_with('/') || rest == ".rs");
    if is_inside {
        return None;
    }
    let database = code.named(DATABASE).map(|name| tell(DATABASE, &name)).next();
    let may_open = top(path) == "store" || OPENERS.contains(&path);
    let store = code.named(ITS_STORE).map(|name| tell(ITS_STORE, &name)).next().filter(|_| !may_open);
    database.or(store)
}

/// The module of the crate that a file is in.
fn top(path: &str) -> &str {
    path.split('/').next().unwrap_or(path).trim_end_matches(".rs")
}

fn floor(module: &str) -> usize {
    ROOMS.iter().position(|room| *room == module).unwrap_or(ROOMS.len())
}

fn is_ground(module: &str) -> bool {
    floor(module) == ROOMS.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is wrong with a crate in which one file has this text.
    fn wrong(path: &str, text: &str) -> Option<String> {
        let lib =
            "mod error;\npub use error::Error;\npub use features::{Dispatcher, replay::{Replay, Look}};\n";
        let mut texts = BTreeMap::from([("lib.rs".to_owned(), lib.to_owned())]);
        for module in ROOMS.into_iter().chain(["error", "clock", "fuzzed"]) {
            texts.insert(format!("{module}.rs"), String::new());
        }
        texts.insert(path.to_owned(), text.to_owned());
        Crate::of(&texts).wrong()
    }

    #[test]
    fn paths_go_down() {
        for (path, text, expected) in [
            ("store/rows.rs", "use crate::{Error, know::Entry, model::{log::Page, sums}};", true),
            ("store/rows.rs", "use crate::store::lists;", true),
            ("store/rows.rs", "use crate::{\n    Error,\n    ledger::Context,\n};", false),
            ("store/rows.rs", "fn f() -> crate::ledger::Context {}", false),
            ("store/rows.rs", "use crate::Replay;", false),
            ("store/rows.rs", "use crate::{model::{self, log}, Dispatcher};", false),
            ("store/rows.rs", "use super::super::worker;", false),
            ("store/rows.rs", "use super::super::know;", true),
            ("store/lists/of.rs", "use super::super::ledger;", true),
            ("store/lists/of.rs", "use crate::*;", false),
            ("line.rs", "use super::store;", true),
            ("line.rs", "use super::ledger;", false),
            ("know.rs", "use crate::store::Rows;", false),
            ("clock.rs", "use crate::error::Error;", true),
            ("clock.rs", "use crate::model::log;", false),
            ("clock.rs", "pub(crate) struct Clock;", true),
            ("dispatcher.rs", "use crate::{features, schedule::rescue, fuzzed};", false),
            ("dispatcher.rs", "use crate::{features, schedule::rescue};", true),
            ("fuzzed.rs", "use crate::dispatcher;", true),
        ] {
            let found = wrong(path, text);
            assert_eq!(found.is_none(), expected, "{path}: {text}: {found:?}");
        }
    }

    #[test]
    fn what_is_no_code_and_what_is_a_test_may_name_anything() {
        for text in [
            "// crate::ledger",
            "//! [`crate::ledger::Context`]",
            "/* crate::ledger */",
            "const S: &str = \"crate::ledger \\\" crate::ledger\";",
            "const S: &str = r#\"\" crate::ledger\"#;",
            "const C: char = '\"'; const S: &str = \"crate::ledger\";",
            "#[cfg(test)]\nuse crate::ledger::{Context, Write};\n",
            "#[cfg(test)]\nmod tests {\n    use crate::ledger;\n    fn f() {}\n    use rusqlite::params;\n}",
            "fn f<'a>(of: &'a str) -> &'a str {}",
        ] {
            assert_eq!(wrong("know/world.rs", text), None, "{text}");
        }
        let after = "#[cfg(test)]\nfn f(of: [u8; 3]) { g(); }\nuse crate::ledger;";
        assert!(wrong("know/world.rs", after).is_some(), "what comes after a test is none");
    }

    #[test]
    fn files_of_tests_are_known_by_who_has_them() {
        let texts = |declared: &str| {
            let up = "use crate::ledger;";
            let texts =
                [("lib.rs", "#[cfg(test)]\nmod house;"), ("know.rs", declared), ("know/sample.rs", up)];
            let more = [("know/sample/four.rs", up), ("house.rs", "use crate::ledger;"), ("ledger.rs", "")];
            texts.into_iter().chain(more).map(|(path, text)| (path.to_owned(), text.to_owned())).collect()
        };
        assert_eq!(Crate::of(&texts("#[cfg(test)]\npub(crate) mod sample;")).wrong(), None);
        assert!(Crate::of(&texts("pub(crate) mod sample;")).wrong().is_some());
    }

    #[test]
    fn a_problem_is_told_with_its_place() {
        let found = wrong("store/rows.rs", "//! Rows.\n\nuse crate::{\n    Error,\n    Replay,\n};\n");
        assert_eq!(
            found.as_deref(),
            Some("store/rows.rs:5 names Replay: store → features leads up, and imports go down")
        );
    }

    #[test]
    fn the_database_is_one_stores() {
        for (path, text, expected) in [
            ("store/sqlite/rows.rs", "use rusqlite::{OptionalExtension, params};", true),
            ("store/sqlite.rs", "use rusqlite::Connection;", true),
            ("store/rows.rs", "use rusqlite::Row;", false),
            ("store/sqlited.rs", "use rusqlite::Row;", false),
            ("store/lane.rs", "use super::sqlite;", true),
            ("ledger/accept.rs", "use rusqlite::{Connection, Transaction};", false),
            ("ledger/writer.rs", "use crate::store::sqlite::Lane;", false),
            ("schedule/keys.rs", "use crate::store::{Change, sqlite};", false),
            ("features/stats.rs", "|connection: &rusqlite::Connection| {}", false),
            ("features/stats.rs", "use rusqlite as database;", false),
            ("features/keys.rs", "store::sqlite::open(path)", true),
            ("dispatcher.rs", "store::sqlite::open(path)", true),
            ("dispatcher.rs", "use rusqlite::Connection;", false),
            ("error.rs", "impl From<rusqlite::Error> for Error {}", false),
        ] {
            let found = wrong(path, text);
            assert_eq!(found.is_none(), expected, "{path}: {text}: {found:?}");
        }
    }
}
