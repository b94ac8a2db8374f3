//! A copy put back after a crash: what does not belong together is not opened, and what was moved together is.

use std::{fs, path::Path};

use bluehook_tests::{receiver::Receiver, server::Place, world::World};
use rusqlite::{Connection, OpenFlags};
use serde_json::json;

/// Copies a database as the operator's page does, beside the server that has it open.
fn back_up(from: &Path, to: &Path) {
    let source = Connection::open_with_flags(from, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    source.execute("VACUUM INTO ?1", [to.to_str().unwrap()]).unwrap();
}

async fn webhooks(world: &World) -> usize {
    world.api.get("/v1/webhooks").await.json(200)["items"].as_array().unwrap().len()
}

#[actix_web::test]
async fn a_copy_beside_the_log_of_another_is_refused_and_nothing_is_changed() {
    for restarts in [false, true] {
        let mut world = World::start(Place::new(), Receiver::start()).await;
        let database = world.place.file("bluehook.db");
        world.webhook(json!({})).await;
        let copy = world.place.file("copy.db");
        back_up(&database, &copy);
        if restarts {
            world = world.restart();
        }
        world.webhook(json!({})).await;
        let World { place, server, .. } = world;
        server.kill();
        fs::copy(&copy, &database).unwrap();
        let (status, told) = place.fails();
        assert_eq!(status.code(), Some(1), "{told}");
        assert!(told.contains(&format!("Move {}-wal away", database.display())), "{told}");
        assert_eq!(fs::read(&copy).unwrap(), fs::read(&database).unwrap(), "the copy is as it was");

        fs::rename(place.file("bluehook.db-wal"), place.file("moved-away")).unwrap();
        let world = World::start(place, Receiver::start()).await;
        assert_eq!(webhooks(&world).await, 1, "what the copy has");
    }
}

#[actix_web::test]
async fn all_moved_together_starts_with_what_was_there_last() {
    let world = World::start(Place::new(), Receiver::start()).await;
    world.webhook(json!({})).await;
    let World { place, server, .. } = world.restart();
    server.kill();
    let elsewhere = Place::new();
    for file in fs::read_dir(place.file("")).unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), elsewhere.file(file.file_name().to_str().unwrap())).unwrap();
    }
    let world = World::start(elsewhere, Receiver::start()).await;
    assert_eq!(webhooks(&world).await, 1);
    // And the original, too, after one more kill.
    let world = World::start(place, Receiver::start()).await.restart();
    assert_eq!(webhooks(&world).await, 1);
}

#[actix_web::test]
async fn a_log_without_its_database_is_not_thrown_away() {
    let world = World::start(Place::new(), Receiver::start()).await;
    let World { place, server, .. } = world;
    server.kill();
    let log = fs::read(place.file("bluehook.db-wal")).unwrap();
    fs::rename(place.file("bluehook.db"), place.file("elsewhere.db")).unwrap();
    let (_, told) = place.fails();
    assert!(told.contains("put the file back"), "{told}");
    assert_eq!(fs::read(place.file("bluehook.db-wal")).unwrap(), log);
    fs::rename(place.file("elsewhere.db"), place.file("bluehook.db")).unwrap();
    assert!(place.serve().terminate().success());
}
