//! A first start that was interrupted begins again; paths that nobody means are refused; messages name whole paths.

use std::fs;

use bluehook_tests::server::Place;

#[actix_web::test]
async fn an_interrupted_first_start_begins_again() {
    for (key, database) in [(Some(""), None), (Some("\n"), None), (Some(""), Some("")), (None, Some(""))] {
        let place = Place::new();
        for (name, text) in [("bluehook.db.key", key), ("bluehook.db", database)] {
            if let Some(text) = text {
                fs::write(place.file(name), text).unwrap();
            }
        }
        assert!(place.serve().terminate().success(), "{key:?} {database:?}");
        assert!(place.serve().terminate().success(), "and once more");
    }
}

#[test]
fn a_key_that_is_none_is_named() {
    let place = Place::new();
    let key = place.file("bluehook.db.key");
    fs::write(&key, "c2hv").unwrap();
    let (status, told) = place.fails();
    assert_eq!(status.code(), Some(2));
    assert!(told.contains(&format!("remove {}", key.display())), "{told}");
    fs::remove_file(&key).unwrap();
    assert!(place.serve().terminate().success());
    for (text, expected) in [("c2hv", "restore"), ("", "is empty: restore it")] {
        fs::write(&key, text).unwrap();
        let (_, told) = place.fails();
        assert!(told.contains(expected) && told.contains(&key.display().to_string()), "{told}");
    }
}

#[test]
fn paths_that_nobody_means_make_nothing() {
    for address in [
        "sqlite:~/b.db",
        "sqlite:$HOME/b.db",
        "sqlite::memory:",
        "sqlite:x?mode=rwc",
        "sqlite:${X}/b.db",
        "sqlite:.",
    ] {
        for key in ["", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="] {
            let place = Place::new().with("DATABASE", address).with("ENCRYPTION_KEY", key);
            let (status, told) = place.fails();
            assert_eq!(status.code(), Some(2), "{address}: {told}");
            assert!(told.contains("database (BLUEHOOK_DATABASE): "), "{told}");
            let folder = place.file("");
            assert_eq!(fs::read_dir(folder).unwrap().count(), 0, "{address}");
        }
    }
}

#[actix_web::test]
async fn a_missing_folder_is_made_whoever_has_the_key() {
    for key in ["", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="] {
        let place = Place::new().with("DATABASE", "sqlite:new/folder/b.db").with("ENCRYPTION_KEY", key);
        assert!(place.serve().terminate().success());
        assert!(place.file("new/folder/b.db").is_file());
    }
}

#[test]
fn messages_say_in_which_folder() {
    let place = Place::new().with("CONFIG", "missing.toml");
    let told = |place: &Place, file: &str| {
        let (_, told) = place.fails();
        let folder = fs::canonicalize(place.file("")).unwrap();
        assert!(told.contains(&folder.join(file).display().to_string()), "{told}");
    };
    told(&place, "missing.toml");
    let place = Place::new();
    fs::create_dir(place.file("bluehook.db")).unwrap();
    told(&place, "bluehook.db is a folder");
    let place = Place::new().with("ADMIN_TOKEN_FILE", "none").without("ADMIN_TOKEN");
    told(&place, "none");
}
