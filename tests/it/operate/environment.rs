//! Every setting that there is, as compose files, templates and clusters pass it. The settings are those that the program
//! itself lists, so that a new one is tried too.

use bluehook_tests::{
    command::{bluehook, run},
    server::Place,
};
use serde_json::Value;

/// The variable of every setting.
fn variables() -> Vec<(String, String)> {
    let (code, listed, problem) = run(&["serve", "--print-config", "--json"]);
    assert_eq!(code, Some(0), "{problem}");
    let listed: Value = serde_json::from_str(&listed).unwrap();
    let variable = |name: &String| format!("BLUEHOOK_{}", name.replace(['-', '.'], "_").to_uppercase());
    let listed: Vec<_> =
        listed.as_object().unwrap().keys().map(|name| (name.clone(), variable(name))).collect();
    assert!(listed.len() > 15, "{listed:?}");
    listed
}

#[actix_web::test]
async fn a_server_starts_with_every_variable_empty() {
    let mut place = Place::new();
    for (_, variable) in variables() {
        let setting = variable.trim_start_matches("BLUEHOOK_").to_owned();
        if !["DATABASE", "LISTEN", "ADMIN_TOKEN", "ALLOW_NETWORK"].contains(&setting.as_str()) {
            place = place.with(&setting, "");
        }
    }
    let server = place.with("CONFIG", "").with("TIMOUT", "").serve();
    assert!(server.log().contains("serving at"), "an empty level is not no log:\n{}", server.log());
}

#[test]
fn an_empty_variable_is_the_default_of_every_setting() {
    let (_, defaults, _) = run(&["serve", "--print-config"]);
    for (name, variable) in variables() {
        for blank in ["", " ", "\n"] {
            let output = bluehook(&["serve", "--print-config"]).env(&variable, blank).output().unwrap();
            let shown = String::from_utf8_lossy(&output.stdout).into_owned();
            assert_eq!(shown, defaults, "{variable}={blank:?}: {}", String::from_utf8_lossy(&output.stderr));
        }
        let output =
            bluehook(&["serve", "--print-config"]).env(format!("{variable}_X"), "1").output().unwrap();
        let problem = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{name}");
        assert!(problem.contains(&format!("{variable}_X; did you mean {variable}")), "{problem}");
    }
}

#[actix_web::test]
async fn it_starts_beside_services_of_its_name() {
    let mut place = Place::new();
    for (name, value) in [
        ("SERVICE_HOST", "10.96.0.7"),
        ("SERVICE_PORT", "80"),
        ("SERVICE_PORT_HTTP", "80"),
        ("PORT", "tcp://10.96.0.7:80"),
        ("PORT_80_TCP", "tcp://10.96.0.7:80"),
        ("PORT_80_TCP_PROTO", "tcp"),
        ("PORT_80_TCP_PORT", "80"),
        ("PORT_80_TCP_ADDR", "10.96.0.7"),
        ("METRICS_SERVICE_HOST", "10.96.0.8"),
        ("METRICS_PORT_53_UDP_ADDR", "10.96.0.8"),
        ("METRICS_PORT_9_SCTP", "sctp://10.96.0.8:9"),
    ] {
        place = place.with(name, value);
    }
    drop(place.serve());
    let (status, problem) = place.with("PORT_NUMBER", "80").fails();
    assert_eq!(status.code(), Some(2));
    assert!(problem.contains("unknown environment variable BLUEHOOK_PORT_NUMBER"), "{problem}");
}

#[actix_web::test]
async fn secrets_end_in_line_breaks_and_come_from_files() {
    let token = "a-token-from-a-file-0123456789";
    let place = Place::new()
        .without("ADMIN_TOKEN")
        .with("DATABASE", "sqlite:bluehook.db\n")
        .with("LISTEN", " 127.0.0.1:0\r\n");
    std::fs::write(place.file("token"), format!("{token}\r\n")).unwrap();
    std::fs::write(place.file("key"), "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n").unwrap();
    let place = place.with("ADMIN_TOKEN_FILE", "token\n").with("ENCRYPTION_KEY_FILE", "key");
    let server = place.serve();
    assert!(place.file("bluehook.db").exists() && !place.file("bluehook.db.key").exists());
    let file = place.file("token");
    for (name, value) in
        [("BLUEHOOK_TOKEN", format!("{token}\n")), ("BLUEHOOK_TOKEN_FILE", file.display().to_string())]
    {
        let output = bluehook(&["token", "list"])
            .env("BLUEHOOK_URL", format!("{}\n", server.url()))
            .env(name, value)
            .output()
            .unwrap();
        assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    }
    drop(server);
    let (status, problem) = place.with("ADMIN_TOKEN", "another-token-of-the-tests").fails();
    assert_eq!(status.code(), Some(2));
    assert!(problem.contains("BLUEHOOK_ADMIN_TOKEN and BLUEHOOK_ADMIN_TOKEN_FILE are both set"), "{problem}");
}

#[test]
fn who_wants_no_retries_says_none() {
    let shown = |arguments: &[&str]| run(&[&["serve", "--print-config"], arguments].concat());
    assert_eq!(shown(&["--retry.schedule", "none"]).0, Some(0));
    let place = Place::new().with("RETRY_SCHEDULE", ",");
    assert!(place.fails().1.contains("or none for no second attempt"));
}

#[test]
fn the_clients_commands_take_empty_for_absent_and_trim() {
    let event = ["send", "--sample", "TODO_CREATED"];
    let output = bluehook(&event).env("BLUEHOOK_URL", "").env("BLUEHOOK_TOKEN", " ").output().unwrap();
    let problem = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(problem.contains("--token <TOKEN>"), "{problem}");
    let arguments = ["sign", "--secret", "a secret of the tests", "--timestamp", "1", "Cargo.toml"];
    let plain = bluehook(&arguments).output().unwrap().stdout;
    let spaced = bluehook(&["sign", "--timestamp", "1", "Cargo.toml"])
        .env("BLUEHOOK_SECRET", "a secret of the tests\r\n")
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&spaced.stdout), String::from_utf8_lossy(&plain));
}
