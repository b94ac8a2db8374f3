//! What the tests of this crate that need a whole dispatcher live in.

use std::{
    io::{Read, Write},
    net::TcpListener,
};

use crate::{
    Company, Config, DirectoryChange, Dispatcher, EncryptionKey, NewWebhook, Project, Role, SecretChoice,
    User,
};

/// A dispatcher that knows Ada and Ben, both in the project `p` of the company `c`.
pub(crate) struct House {
    pub(crate) dispatcher: Dispatcher,
    _folder: tempfile::TempDir,
}

impl House {
    pub(crate) async fn new() -> House {
        let folder = tempfile::tempdir().unwrap();
        let config = Config {
            allow_networks: vec!["127.0.0.0/8".parse().unwrap()],
            ..Config::new(folder.path().join("b.db"), EncryptionKey::generate())
        };
        let dispatcher = Dispatcher::open(config).await.unwrap();
        let house = House { dispatcher, _folder: folder };
        let named = |id: &str| (id.to_owned(), id.to_owned());
        let (id, name) = named("c");
        house.told(DirectoryChange::PutCompany(Company { id, name, slug: None })).await;
        let ((id, name), company_id) = (named("p"), "c".to_owned());
        house.told(DirectoryChange::PutProject(Project { id, name, company_id, slug: None })).await;
        for user in ["ada", "ben"] {
            let (id, full_name) = named(user);
            let person = User { id, full_name, email: String::new(), locale: None };
            house.told(DirectoryChange::PutUser(person)).await;
            let (project_id, user_id) = ("p".to_owned(), user.to_owned());
            house.told(DirectoryChange::PutMember { project_id, user_id, role: Role::Admin }).await;
        }
        house
    }

    pub(crate) async fn told(&self, change: DirectoryChange) {
        self.dispatcher.change_directory(change).await.unwrap();
    }

    /// A webhook of Ada's, to be made.
    pub(crate) fn new_webhook() -> NewWebhook {
        NewWebhook {
            company_id: "c".to_owned(),
            created_by_id: "ada".to_owned(),
            url: receiver(),
            secret: SecretChoice::Declined,
            ..NewWebhook::default()
        }
    }
}

/// The address of a receiver that answers everything with 204.
fn receiver() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let _ = stream.read(&mut [0; 16_384]);
            let _ = stream.write_all(b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n");
        }
    });
    url
}
