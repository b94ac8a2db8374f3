//! A delivery that really arrived is verified by programs that know nothing of Bluehook.

use std::{fs, process::Command};

use bluehook_tests::{
    api::Api,
    company::{Company, sample_record},
    receiver::{Received, Receiver},
    server::Place,
};
use serde_json::json;
use tempfile::TempDir;

#[actix_web::test]
async fn other_programs_verify_what_arrives() {
    let (request, secret) = delivered().await;
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("body"), &request.body).unwrap();
    let check = |program: &str, arguments: &[&str]| {
        let output = Command::new(program)
            .args(arguments)
            .current_dir(folder.path())
            .env("SECRET", &secret)
            .output()
            .unwrap_or_else(|error| panic!("{program}: {error}"));
        let printed = String::from_utf8_lossy(&output.stdout);
        assert_eq!(printed.split_whitespace().last(), Some(request.header("x-signature")), "{program}");
    };
    check("openssl", &["dgst", "-sha256", "-hmac", &secret, "body"]);
    check(
        "python3",
        &[
            "-c",
            "import hmac, os\nprint(hmac.new(os.environ['SECRET'].encode(), open('body', 'rb').read(), 'sha256').hexdigest())",
        ],
    );
    check(
        "node",
        &[
            "-e",
            "console.log(require('crypto').createHmac('sha256', process.env.SECRET).update(require('fs').readFileSync('body')).digest('hex'))",
        ],
    );
}

/// The Standard Webhooks signature, computed with nothing but Python's own library.
#[actix_web::test]
async fn python_verifies_the_standard_signature() {
    const SCRIPT: &str = "import base64, hmac, os
key = base64.b64decode(os.environ['SECRET'].removeprefix('whsec_'))
signed = f\"{os.environ['ID']}.{os.environ['TIMESTAMP']}.\".encode() + open('body', 'rb').read()
print('v1,' + base64.b64encode(hmac.new(key, signed, 'sha256').digest()).decode())";
    let (request, secret) = delivered().await;
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("body"), &request.body).unwrap();
    let output = Command::new("python3")
        .args(["-c", SCRIPT])
        .current_dir(folder.path())
        .env("SECRET", &secret)
        .env("ID", request.header("webhook-id"))
        .env("TIMESTAMP", request.header("webhook-timestamp"))
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), request.header("webhook-signature"));
}

/// The real sample record as it arrived, and the generated secret of its webhook.
async fn delivered() -> (Received, String) {
    let place = Place::new();
    let server = place.serve();
    let receiver = Receiver::start();
    let company = Company::create(&server, "verifiers").await;
    let webhook = company.webhook(receiver.url(), json!({})).await;
    Api::of(&server).post("/v1/events", company.record_created(&sample_record())).await.json(202);
    let request = receiver.wait_for_count(1).await.swap_remove(0);
    (request, webhook["secret"].as_str().unwrap().to_owned())
}
