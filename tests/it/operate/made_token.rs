//! The admin token that is made at the first start: in a file where nobody sits at a terminal, over as soon as one is
//! given.

use std::{fs, os::unix::fs::PermissionsExt};

use bluehook_tests::{
    api::Api,
    server::{ADMIN_TOKEN, Place},
};

#[actix_web::test]
async fn it_goes_to_a_file_and_is_retired_by_setting_one() {
    let place = Place::new().without("ADMIN_TOKEN");
    let file = place.file("bluehook.db.admin-token");
    let server = place.serve();
    let token = fs::read_to_string(&file).unwrap();
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(server.log().contains(&file.display().to_string()) && !server.log().contains(token.trim()));
    assert_eq!(Api::with_token(&server, token.trim()).get("/v1/tokens").await.status, 200);
    assert!(server.terminate().success());

    let server = place.serve();
    assert_eq!(Api::with_token(&server, token.trim()).get("/v1/tokens").await.status, 200, "it stays");
    assert!(!server.log().contains("was made"), "{}", server.log());
    assert!(server.terminate().success());

    let place = place.with("ADMIN_TOKEN", ADMIN_TOKEN);
    let server = place.serve();
    assert_eq!(Api::with_token(&server, token.trim()).get("/v1/tokens").await.status, 401);
    assert_eq!(Api::of(&server).get("/v1/tokens").await.status, 200);
    assert!(!file.exists(), "what it says is of no use");
    assert!(server.terminate().success());

    let place = place.without("ADMIN_TOKEN");
    let server = place.serve();
    assert_ne!(fs::read_to_string(&file).unwrap(), token, "the retired one does not come back");
    assert_eq!(Api::with_token(&server, token.trim()).get("/v1/tokens").await.status, 401);
}
