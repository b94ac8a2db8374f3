//! What an operator gets wrong is told in one line, before anything is made or changed.

use std::{fs, net::TcpListener, path::Path};

use bluehook_tests::{
    command::{bluehook, run},
    server::Place,
};
use rusqlite::Connection;
use serde_json::Value;

/// The names and defaults of all settings.
fn settings() -> Vec<(String, String)> {
    let (_, listed, problem) = run(&["serve", "--print-config", "--json"]);
    let listed: Value = serde_json::from_str(&listed).unwrap_or_else(|_| panic!("{problem}"));
    let entry =
        |(name, entry): (&String, &Value)| (name.clone(), entry["value"].as_str().unwrap().to_owned());
    listed.as_object().unwrap().iter().map(entry).collect()
}

/// What is left in a folder.
fn files(place: &Place) -> Vec<String> {
    let names = fs::read_dir(place.file("")).unwrap().map(|file| file.unwrap().file_name());
    let mut names: Vec<String> = names.map(|name| name.into_string().unwrap()).collect();
    names.sort();
    names
}

/// One line on standard error, and nothing else.
#[track_caller]
fn one_line(told: &str) {
    assert_eq!(told.trim_end().lines().count(), 1, "{told}");
}

#[test]
fn no_flag_takes_the_next_one_for_its_value() {
    for (name, _) in settings() {
        let arguments = ["serve", "--print-config", &format!("--{name}"), "--timeout=5s"];
        let (code, shown, told) = run(&arguments);
        if name == "graphql-explorer" {
            assert_eq!(code, Some(0), "{told}");
            assert!(
                shown.contains("graphql-explorer = \"true\"") && shown.contains("timeout = \"5s\""),
                "{shown}"
            );
        } else {
            assert_eq!(code, Some(2), "{name}: {told}");
            assert!(told.contains(&format!("--{name}")), "{told}");
            one_line(&told);
        }
    }
}

#[test]
fn a_flag_is_given_once_unless_it_is_a_list() {
    for (name, lists) in
        [("listen", false), ("timeout", false), ("admin-token", false), ("allow-network", true)]
    {
        let value = if lists { "10.0.0.0/8" } else { "127.0.0.1:1" };
        let flag = format!("--{name}={value}");
        let (code, shown, told) = run(&["serve", "--print-config", &flag, &flag]);
        if lists {
            assert!(shown.contains("allow-network = \"10.0.0.0/8,10.0.0.0/8\""), "{shown}");
        } else {
            assert_eq!(code, Some(2));
            assert!(told.contains(&format!("--{name} was given 2 times")), "{told}");
        }
    }
    let (code, _, told) = run(&["serve", "--print-config", "--admin-token="]);
    assert!(code == Some(2) && told.contains("--admin-token has no value"), "{told}");
}

#[test]
fn tokens_that_could_be_guessed_or_mistaken_are_refused() {
    for token in
        ["hunter2", "fifteen-hunter2", "tok_c0123456789abcdefghijklm.hunter2hunter2", "--listen=hunter2:80"]
    {
        let place = Place::new().with("ADMIN_TOKEN", token);
        let (status, told) = place.fails();
        assert_eq!(status.code(), Some(2), "{told}");
        assert!(told.contains("admin-token (BLUEHOOK_ADMIN_TOKEN): ") && !told.contains("hunter2"), "{told}");
        one_line(&told);
        assert!(files(&place).is_empty(), "{:?}", files(&place));
    }
}

#[test]
fn an_address_that_is_taken_leaves_nothing_behind() {
    let holder = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let taken = holder.local_addr().unwrap().to_string();
    for database in ["sqlite:bluehook.db", "sqlite:new/folder/b.db"] {
        let place = Place::new().without("ADMIN_TOKEN").with("LISTEN", &taken).with("DATABASE", database);
        let (status, told) = place.fails();
        assert_eq!(status.code(), Some(1));
        assert!(told.contains(&taken) && told.contains("another address with `listen`"), "{told}");
        one_line(&told);
        assert!(files(&place).is_empty(), "{:?}", files(&place));
    }
}

#[test]
fn a_value_that_cannot_be_is_an_error_of_print_config_too() {
    for (name, default) in settings() {
        let variable = format!("BLUEHOOK_{}", name.replace(['-', '.'], "_").to_uppercase());
        let output = bluehook(&["serve", "--print-config"]).env(&variable, "?").output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{name} = {default}: {told}");
        assert!(told.contains(&format!("{name} ({variable}): ")), "{told}");
        one_line(&told);
        assert!(
            String::from_utf8_lossy(&output.stdout).contains(&format!("{name} = ")),
            "it is shown all the same"
        );
    }
}

#[test]
fn a_level_that_is_none_is_told_with_the_one_that_was_meant() {
    for (level, meant) in
        [("warning", "warn"), ("information", "info"), ("bluehook_server=traces", "trace"), ("eror", "error")]
    {
        let (status, told) = Place::new().with("LOG_LEVEL", level).fails();
        assert_eq!(status.code(), Some(2));
        assert!(told.contains(&format!("did you mean {meant}?")), "{told}");
    }
}

/// Everything in a folder as it is now.
fn contents(place: &Place) -> Vec<(String, Vec<u8>)> {
    files(place).into_iter().map(|name| (name.clone(), fs::read(place.file(&name)).unwrap())).collect()
}

/// Makes something at a path.
type Maker<'a> = &'a dyn Fn(&Path);

fn anothers(path: &Path, journal: &str) -> Connection {
    let connection = Connection::open(path).unwrap();
    connection.query_row(&format!("PRAGMA journal_mode = {journal}"), [], |_| Ok(())).unwrap();
    connection
        .execute_batch("CREATE TABLE customers (name TEXT); INSERT INTO customers VALUES ('ada')")
        .unwrap();
    connection
}

#[test]
fn a_file_that_is_not_ours_is_named_and_left_as_it_is() {
    let made = Place::new();
    assert!(made.serve().terminate().success());
    let ours = fs::read(made.file("bluehook.db")).unwrap();
    let key = fs::read(made.file("bluehook.db.key")).unwrap();
    let cases: [(&str, Maker<'_>); 7] = [
        ("another program", &|path| drop(anothers(path, "delete"))),
        ("another program", &|path| drop(anothers(path, "wal"))),
        ("another program", &|path| {
            let connection = anothers(path, "delete");
            connection.execute_batch("PRAGMA user_version = 5; CREATE TABLE settings (a)").unwrap();
        }),
        ("not a database", &|path| fs::write(path, "name;address\nada;Rome\n").unwrap()),
        ("not a database", &|path| fs::write(path, "x").unwrap()),
        ("damaged", &|path| fs::write(path, &ours[..ours.len() / 2]).unwrap()),
        ("damaged", &|path| {
            let mut broken = ours.clone();
            broken[100..4_000].fill(0x5a);
            fs::write(path, broken).unwrap();
        }),
    ];
    for with_key in [false, true] {
        for (expected, make) in &cases {
            let place = Place::new();
            let path = place.file("bluehook.db");
            make(&path);
            if with_key {
                fs::write(place.file("bluehook.db.key"), &key).unwrap();
            }
            let before = contents(&place);
            let (status, told) = place.fails();
            assert_eq!(status.code(), Some(2), "{told}");
            let last = told.lines().last().unwrap();
            assert!(last.contains(expected) && last.contains(&path.display().to_string()), "{told}");
            assert!(!told.contains("CREATE TABLE"), "{told}");
            assert_eq!(contents(&place), before, "{expected}");
            let database = format!("sqlite:{}", path.display());
            for more in [&["--check"][..], &[]] {
                let (code, _, told) = run(&[&["migrate", "--database", &database], more].concat());
                assert_eq!(code, Some(1), "{told}");
                assert!(told.contains(expected) && told.contains(&path.display().to_string()), "{told}");
                one_line(&told);
            }
            assert_eq!(contents(&place), before, "{expected}");
        }
    }
}

#[test]
fn another_program_that_has_its_database_open_is_not_disturbed() {
    let place = Place::new();
    let connection = anothers(&place.file("bluehook.db"), "wal");
    connection.execute_batch("INSERT INTO customers VALUES ('ben')").unwrap();
    let (status, told) = place.fails();
    assert!(status.code() == Some(2) && told.contains("another program"), "{told}");
    let mode: String = connection.query_row("PRAGMA journal_mode", [], |row| row.get(0)).unwrap();
    let count: i64 = connection.query_row("SELECT count(*) FROM customers", [], |row| row.get(0)).unwrap();
    assert_eq!((mode.as_str(), count), ("wal", 2));
    assert!(
        files(&place).iter().all(|name| !name.contains(".key") && !name.contains("-lock")),
        "{:?}",
        files(&place)
    );
}

#[test]
fn a_file_of_authorities_has_certificates_in_it() {
    for (text, expected) in
        [(None, "cannot read"), (Some(""), "no certificate"), (Some("not PEM"), "no certificate")]
    {
        let place = Place::new().with("CA_FILE", "ca.pem");
        let path = place.file("ca.pem");
        if let Some(text) = text {
            fs::write(&path, text).unwrap();
        }
        let (status, told) = place.fails();
        let last = told.lines().last().unwrap();
        assert_eq!(status.code(), Some(2), "{told}");
        assert!(
            last.contains("ca-file") && last.contains(expected) && last.contains(&path.display().to_string()),
            "{told}"
        );
    }
}

#[test]
fn who_opens_every_address_is_told() {
    for (networks, is_told) in [
        ("0.0.0.0/0", true),
        ("10.0.0.0/8,::/0", true),
        ("10.0.0.0/8", false),
        ("127.0.0.0/8,fd00::/8", false),
    ] {
        let place = Place::new().without("ALLOW_NETWORK").with("ALLOW_NETWORK", networks);
        let log = place.serve().log();
        assert_eq!(log.contains("allow-network opens every address"), is_told, "{networks}: {log}");
    }
}

#[test]
fn pipes_are_no_files() {
    for file in ["bluehook.db", "bluehook.db.key"] {
        let place = Place::new();
        let made =
            std::process::Command::new("mkfifo").args(["-m", "600"]).arg(place.file(file)).status().unwrap();
        assert!(made.success());
        let (status, told) = place.fails();
        assert_eq!(status.code(), Some(2), "{told}");
        assert!(told.contains(&format!("{file} is no file")), "{told}");
        one_line(&told);
        assert_eq!(files(&place), [file]);
    }
}
