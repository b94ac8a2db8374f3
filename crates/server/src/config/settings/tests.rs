//! Every setting, as people, containers and templates give it. New ones are tried too.

use super::*;

fn given(name: &str, text: &str) -> Given {
    Given::new(Setting::named(name).unwrap(), text, format!("--{name}"))
}

fn variables(pairs: &[(&str, &str)]) -> impl Iterator<Item = (String, String)> {
    pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect::<Vec<_>>()
        .into_iter()
}

const KEY: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

#[test]
fn the_defaults_are_the_libraries_own() {
    let settings = Settings::gather(vec![given("encryption-key", KEY)], variables(&[]), None);
    let config = settings.read().unwrap().config;
    let key = EncryptionKey::from_base64(KEY).unwrap();
    let database = std::path::absolute("bluehook.db").unwrap();
    let expected = Config::new(dispatcher::Config::new(database, key));
    assert_eq!(format!("{config:?}"), format!("{expected:?}"));
    assert_eq!(
        settings.log(),
        Ok(LogConfig { format: LogFormat::Text, level: "info,actix_server=warn".to_owned() })
    );
}

#[test]
fn the_command_line_is_over_the_environment_over_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("b.toml");
    std::fs::write(&path, "timeout = \"1s\"\nmax-in-flight = 1\nretention = \"1d\"").unwrap();
    let environment = variables(&[("BLUEHOOK_TIMEOUT", "2s"), ("BLUEHOOK_MAX_IN_FLIGHT", "2")]);
    let line = vec![given("timeout", "3s"), given("encryption-key", KEY)];
    let settings = Settings::gather(line, environment, Some(&path));
    let printed = settings.to_toml();
    assert!(printed.contains("timeout = \"3s\"  # --timeout\n"), "{printed}");
    assert!(printed.contains("max-in-flight = \"2\"  # BLUEHOOK_MAX_IN_FLIGHT\n"), "{printed}");
    assert!(printed.contains(&format!("retention = \"1d\"  # {}\n", path.display())), "{printed}");
    assert!(printed.contains("encryption-key = \"***\"  # --encryption-key\n"), "{printed}");
    assert!(!printed.contains(KEY));
    assert_eq!(settings.to_json()["timeout"]["value"], "3s");
    assert!(printed.parse::<toml::Table>().is_ok());
}

#[test]
fn every_wrong_value_is_told_at_once() {
    let line = SETTINGS.iter().map(|setting| given(setting.name, "?")).collect();
    let problems = Settings::gather(line, variables(&[]), None).read().unwrap_err();
    let named: Vec<&str> = SETTINGS
        .iter()
        .map(|setting| setting.name)
        .filter(|name| !problems.iter().any(|problem| problem.starts_with(&format!("{name} (--{name}): "))))
        .collect();
    assert_eq!(named, [""; 0], "{problems:?}");
}

/// A value that each setting takes, other than its default.
fn good_value(setting: &Setting) -> String {
    if setting.name == "ca-file" {
        return std::path::absolute("Cargo.toml").unwrap().display().to_string();
    }
    let by_name = |name| match name {
        "listen" => "127.0.0.1:0",
        "database" => "sqlite:other.db",
        "public-url" => "https://hooks.example.com",
        "admin-token" => "a-token-of-the-operator",
        "encryption-key" => KEY,
        "allow-network" => "10.0.0.0/8",
        "name-servers" => "192.0.2.53",
        "log-format" => "json",
        "log-level" => "debug",
        "graphql-explorer" => "true",
        _ => "",
    };
    let is_duration = setting.value_name.starts_with("DURATION");
    match (by_name(setting.name), setting.value_name) {
        ("", "N") => "7".to_owned(),
        ("", "SIZE") => "2MiB".to_owned(),
        ("", "CIDR,…") => "192.0.2.0/24".to_owned(),
        ("", _) if is_duration => "9s".to_owned(),
        ("", other) => panic!("no value for {} ({other}): add one", setting.name),
        (value, _) => value.to_owned(),
    }
}

#[test]
fn white_space_around_any_value_goes() {
    for setting in SETTINGS {
        let good = good_value(setting);
        let read = |text: &str| {
            let line = [given("encryption-key", KEY), given("database", "sqlite:x.db")];
            let others = line.into_iter().filter(|given| given.setting != setting);
            let line: Vec<Given> = others.chain([given(setting.name, text)]).collect();
            let settings = Settings::gather(line, variables(&[]), None);
            settings.read().map(|read| format!("{:?} {:?} {:?}", read.config, read.key, settings.log()))
        };
        let plain = read(&good).unwrap();
        for around in ["\n", "\r\n", " ", "\t"] {
            let spaced = format!("{around}{good}{around}");
            assert_eq!(read(&spaced).as_ref(), Ok(&plain), "{} = {spaced:?}", setting.name);
        }
        let broken = format!("{good}\n{good}");
        let expected = format!("{} (--{0}): has a line break in it", setting.name);
        assert_eq!(read(&broken), Err(vec![expected]), "{broken:?}");
    }
}

#[test]
fn an_empty_variable_leaves_every_setting_at_its_default() {
    let key = ("BLUEHOOK_ENCRYPTION_KEY", KEY);
    let read = |more: &[(&str, &str)]| {
        let settings = Settings::gather(Vec::new(), variables(&[more, &[key]].concat()), None);
        settings.read().map(|read| format!("{:?} {:?} {:?}", read.config, read.key, settings.log()))
    };
    let defaults = read(&[]).unwrap();
    for setting in SETTINGS.iter().filter(|setting| setting.name != "encryption-key") {
        for blank in ["", "\n", "  "] {
            let found = read(&[(&setting.variable(), blank)]);
            assert_eq!(found.as_ref(), Ok(&defaults), "{}={blank:?}", setting.variable());
        }
    }
}

#[test]
fn numbers_and_booleans_may_be_themselves_in_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("b.toml");
    for setting in SETTINGS.iter().filter(|setting| matches!(setting.value_name, "N" | "BOOL" | "SIZE")) {
        let good = if setting.value_name == "SIZE" { "65536".to_owned() } else { good_value(setting) };
        let read = |text: &str| {
            std::fs::write(&path, format!("{} = {text}", setting.name)).unwrap();
            let settings = Settings::gather(vec![given("encryption-key", KEY)], variables(&[]), Some(&path));
            settings.read().map(|read| format!("{:?}", read.config))
        };
        let (bare, quoted) = (read(&good), read(&format!("\"{good}\"")));
        assert!(bare.is_ok() && bare == quoted, "{}: {bare:?} {quoted:?}", setting.name);
        for wrong in ["1.5", "2020-01-01", "{}"] {
            let problems = read(wrong).unwrap_err();
            assert!(problems[0].starts_with(setting.name), "{problems:?}");
        }
    }
}

#[test]
fn what_is_wrong_never_repeats_a_secret() {
    for setting in SETTINGS.iter().filter(|setting| setting.secret) {
        for secret in
            ["hunter2", "hunter2 hunter2 hunter2", "tok_hunter2hunter2.hunter2", "--hunter2-hunter2-hunter2"]
        {
            let read = Settings::gather(vec![given(setting.name, secret)], variables(&[]), None).read();
            let problems = read.map(|_| ()).unwrap_err();
            assert!(!problems.concat().contains("hunter2"), "{problems:?}");
        }
    }
}

#[test]
fn a_missing_folder_is_made_with_and_without_a_key() {
    let folder = tempfile::tempdir().unwrap();
    for (name, key) in [("a", Some(KEY)), ("b", None)] {
        let database = folder.path().join(name).join("c/bluehook.db");
        let mut line = vec![given("database", &format!("sqlite:{}", database.display()))];
        line.extend(key.map(|key| given("encryption-key", key)));
        let read = Settings::gather(line, variables(&[]), None).read().unwrap();
        assert!(!database.parent().unwrap().exists(), "{name}: reading makes nothing");
        read.ready().unwrap();
        assert!(database.parent().unwrap().is_dir(), "{name}");
    }
}
