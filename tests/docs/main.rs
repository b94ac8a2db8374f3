//! Every example in the documentation is run, in the order of its page, against the real program with real receivers.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has to fail")]

use std::{collections::HashSet, fs, path::Path};

// The blocks of a page.
mod blocks;

// What a block shows, and what there was.
mod shown;

// The shell that runs them.
mod shell;

// Addresses of this machine in place of those in the text.
mod places;

use blocks::{Block, Kind};
use shell::Shell;

/// Where the pages are.
const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../crates/server/docs");

/// The page whose examples all others stand on.
const FIRST: &str = "index";

/// The page whose block `directory` fills the directory.
const BACKEND: &str = "backend";

fn read(page: &str, places: &places::Places) -> Vec<Block> {
    let text = fs::read_to_string(Path::new(FOLDER).join(page).with_extension("md")).unwrap();
    blocks::of(&places.fill_in(&text))
}

/// Runs a page: what the first page says, the directory, and then its own blocks.
async fn check(page: &str) {
    let places = places::Places::new();
    let own = read(page, &places);
    let starts_a_server = own.iter().any(|block| block.kind == Kind::Runs("server".to_owned()));
    let mut shell = Shell::new();
    if page != FIRST {
        for block in read(FIRST, &places) {
            if !(starts_a_server && matches!(block.kind, Kind::Runs(_))) {
                shell.run(&block).await;
            }
        }
    }
    if page != FIRST && page != BACKEND && !starts_a_server {
        let directory = read(BACKEND, &places).into_iter().find(|block| block.kind == Kind::Directory);
        shell.run(&directory.unwrap()).await;
    }
    for block in &own {
        shell.run(block).await;
    }
}

macro_rules! pages {
    ($($page:ident)*) => {
        const PAGES: &[&str] = &[$(stringify!($page)),*];
        $(
            #[actix_web::test]
            async fn $page() {
                check(stringify!($page)).await;
            }
        )*
    };
}

pages!(index backend receiver operator webhooks filters deliveries zapier graphql errors settings commands api);

#[test]
fn no_page_is_forgotten() {
    let files = fs::read_dir(FOLDER).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
    let tested: HashSet<String> = PAGES.iter().map(|page| format!("{page}.md")).collect();
    assert_eq!(files.collect::<HashSet<_>>(), tested);
}

/// A promise of `SECURITY.md` that nothing attacks is none.
#[test]
fn every_promise_of_security_names_tests_that_are_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let text = fs::read_to_string(root.join("SECURITY.md")).unwrap();
    let (_, promises) = text.split_once("## What is promised").unwrap();
    let (promises, _) = promises.split_once("\n## ").unwrap();
    let rows = promises.lines().filter(|line| line.starts_with("| ")).skip(1);
    for row in rows {
        let (_, attacks) = row.trim_end_matches('|').rsplit_once(" | ").unwrap();
        let named = attacks.split('`').skip(1).step_by(2).filter(|name| !name.starts_with("cargo "));
        let (files, targets): (Vec<&str>, Vec<&str>) = named.partition(|name| name.contains('/'));
        assert!(!files.is_empty() || !targets.is_empty(), "{row}");
        for file in files {
            let path = root.join(file);
            let has_tests = || fs::read_to_string(&path).unwrap().contains("test");
            assert!(path.is_dir() || (path.is_file() && has_tests()), "{file}: {row}");
        }
        for target in targets {
            assert!(root.join("tests/fuzz/corpus").join(target).is_dir(), "{target}: {row}");
        }
    }
}
