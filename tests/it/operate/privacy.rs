//! Nobody else reads what belongs to the server's user: its files, and the passwords and secrets that it was given.

use std::{
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt,
    process::Child,
};

use bluehook_tests::{command::bluehook, receiver::Receiver, server::Place, wait::until, world::World};
use serde_json::json;

/// The files that others may do something with.
fn open_to_others(place: &Place) -> Vec<String> {
    let files = fs::read_dir(place.file("")).unwrap().map(|file| file.unwrap());
    let is_open = |file: &fs::DirEntry| file.metadata().unwrap().permissions().mode() & 0o077 != 0;
    files.filter(is_open).map(|file| file.file_name().into_string().unwrap()).collect()
}

#[actix_web::test]
async fn every_file_of_a_database_is_its_users_alone() {
    let world = World::start(Place::new(), Receiver::start()).await;
    world.webhook(json!({})).await;
    world.record_created("{}").await;
    world.receiver.wait_for_count(1).await;
    assert_eq!(open_to_others(&world.place), [""; 0], "while it serves");
    let World { place, server, .. } = world;
    server.kill();
    assert_eq!(open_to_others(&place), [""; 0], "after a crash");
    // As an earlier version left them.
    for file in fs::read_dir(place.file("")).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_none_or(|end| end != "key") {
            fs::set_permissions(path, Permissions::from_mode(0o644)).unwrap();
        }
    }
    let server = place.serve();
    assert_eq!(open_to_others(&place), [""; 0], "taken from others at the next start");
    assert!(server.terminate().success());
}

#[actix_web::test]
async fn a_secret_in_a_file_that_others_may_read_is_told() {
    let place = Place::new();
    let server = place.serve();
    assert!(!server.log().contains("may read it"), "{}", server.log());
    assert!(server.terminate().success());
    for (mode, who) in [(0o644, "everybody"), (0o640, "its group"), (0o604, "everybody")] {
        let key = place.file("bluehook.db.key");
        fs::set_permissions(&key, Permissions::from_mode(mode)).unwrap();
        let server = place.serve();
        let told = server.log();
        assert!(told.contains(who) && told.contains(&format!("chmod 600 {}", key.display())), "{told}");
    }
    fs::set_permissions(place.file("bluehook.db.key"), Permissions::from_mode(0o600)).unwrap();
    for (file, text) in [
        ("token", "a-token-from-a-file-0123456789"),
        ("b.toml", "admin-token = \"a-token-from-a-file-0123456789\""),
    ] {
        let place = Place::new().without("ADMIN_TOKEN");
        let variable = if file == "token" { "ADMIN_TOKEN_FILE" } else { "CONFIG" };
        fs::write(place.file(file), text).unwrap();
        fs::set_permissions(place.file(file), Permissions::from_mode(0o644)).unwrap();
        let place = place.with(variable, file);
        let told = place.serve().log();
        assert!(told.contains(&format!("{file} holds a secret")) && !told.contains("0123456789"), "{told}");
        fs::set_permissions(place.file(file), Permissions::from_mode(0o600)).unwrap();
        assert!(!place.serve().log().contains("holds a secret"));
    }
}

/// A word that is in every password and secret here, and must be nowhere.
const HIDDEN: &str = "hunter2";

#[test]
fn no_setting_and_no_error_shows_the_password_of_an_address() {
    let address = "postgres://me:hunter2@db/b";
    let place = Place::new();
    fs::write(place.file("b.toml"), format!("database = \"{address}\"\npublic-url = \"ftp://hunter2@a\""))
        .unwrap();
    let config = place.file("b.toml").display().to_string();
    for arguments in [
        &["serve", "--print-config", "--database", address][..],
        &["serve", "--print-config", "--json", "--config", &config],
        &["serve", "--config", &config],
        &[
            "serve",
            "--print-config",
            "--allow-network",
            address,
            "--timeout",
            address,
            "--log-level",
            address,
        ],
        &["serve", address],
        &["migrate", "--database", address],
        &["keys", "rotate", "--database", address],
        &["token", "list", "--token", "t", "--url", "http://me:hunter2@127.0.0.1:1"],
        &["send", "--sample", "TODO_CREATED", "--token", "t", "--url", "redis://me:hunter2@127.0.0.1:1"],
        &["replay", "w", "--since", "a", "--until", "b", "--token", "t", "--url", "https://hunter2@a b"],
        &["listen", "--forward-to", "amqp://me:hunter2@a"],
        &["listen", "--tail", "--token", "t", "--url", "http://me:hunter2@127.0.0.1:1"],
        &["serve", "--print-config", "--listen", "amqp://x:hunter2@y"],
    ] {
        let output = bluehook(arguments).output().unwrap();
        let shown = [output.stdout, output.stderr].concat();
        let shown = String::from_utf8_lossy(&shown);
        assert!(!output.status.success(), "{arguments:?}: {shown}");
        assert!(!shown.contains(HIDDEN), "{arguments:?}: {shown}");
    }
    let output = bluehook(&["send", "--help"]).env("BLUEHOOK_URL", "http://me:hunter2@a").output().unwrap();
    assert!(!String::from_utf8_lossy(&output.stdout).contains(HIDDEN));
}

#[test]
fn no_form_of_an_address_lets_its_password_through() {
    let place = Place::new();
    let config = place.file("b.toml").display().to_string();
    for address in [
        "postgres://hunter2@/b",
        "postgres:///b?user=me&password=hunter2",
        "host=a user=me password='hunter2 more'",
        "http:me:hunter2@a/",
        "http:/me:hunter2@a/",
        "http:\\\\me:hunter2@a/",
        "//me:hunter2@a/",
        "me:hunter2@a:80",
        "http://me:one hunter2@a/",
        "http://me:\"hunter2@a/",
        "http://me:a\\hunter2@a/",
        "http://me:a`hunter2>@a/",
        "http://me:80/hunter2@a/",
        "http://me:?hunter2@a/",
    ] {
        let quoted = serde_json::to_string(address).unwrap();
        fs::write(place.file("b.toml"), format!("public-url = {quoted}\nca-file = {quoted}")).unwrap();
        for arguments in [
            &["serve", "--print-config", "--database", address, "--log-level", address][..],
            &["serve", "--print-config", "--json", "--config", &config],
            &["serve", "--config", &config],
            &["serve", "--ca-file", address],
            &["serve", &format!("--listen={address}")],
            &["serve", address],
            &["migrate", "--database", address],
            &["keys", "rotate", "--database", address],
            &["send", address, "--token", "t"],
            &["send", "--sample", "TODO_CREATED", "--token", "t", "--url", address],
        ] {
            let output = bluehook(arguments).env("BLUEHOOK_PUBLIC_URL", address).output().unwrap();
            let shown = [output.stdout, output.stderr].concat();
            let shown = String::from_utf8_lossy(&shown);
            assert!(!output.status.success(), "{arguments:?}: {shown}");
            assert!(!shown.contains(HIDDEN), "{arguments:?}: {shown}");
        }
    }
}

/// A process that is ended when this is dropped.
struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        // Both fail only when it has already ended.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[actix_web::test]
async fn the_list_of_processes_shows_no_secret() {
    let place = Place::new();
    let token = format!("--admin-token={HIDDEN}-{HIDDEN}-{HIDDEN}");
    let mut serve = place.command();
    serve.args([&token, "--encryption-key", "aHVudGVyMmh1bnRlcjJodW50ZXIyaHVudGVyMmh1bnQ="]);
    let mut listen = bluehook(&["listen", "--port", "0", "--forward-to", "http://me:hunter2@127.0.0.1:9/"]);
    listen.args(["--secret", "hunter2hunter2"]).stdout(std::process::Stdio::piped());
    for (mut command, kept) in [(serve, "serve"), (listen, "--forward-to")] {
        let process = Ended(command.spawn().unwrap());
        let path = format!("/proc/{}/cmdline", process.0.id());
        until("secrets are masked", async || {
            let line = fs::read_to_string(&path).unwrap().replace('\0', " ");
            let is_masked = !line.contains(HIDDEN) && !line.contains("aHVudGVy") && line.contains("***");
            (is_masked && line.contains(kept)).then_some(())
        })
        .await;
    }
}
