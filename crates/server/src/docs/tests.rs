//! The pages are complete, and every link leads somewhere.

use std::{collections::HashSet, fs};

use awc::http::Method;
use pulldown_cmark::{Event, Options, Parser, Tag};

use super::{PAGES, RENDERED, frame, markdown};
use crate::{problem::Code, trial::World};

#[test]
fn every_file_is_a_page() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/docs");
    let mut files: Vec<String> =
        fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    let mut pages: Vec<String> = PAGES.iter().map(|page| format!("{}.md", page.name)).collect();
    files.sort();
    pages.sort();
    assert_eq!(files, pages);
    assert!(PAGES.iter().all(|page| !page.title().is_empty()));
}

/// Every place of the documentation that a link can lead to.
fn places() -> HashSet<String> {
    let mut places = HashSet::new();
    for (page, html) in RENDERED.iter() {
        let address = frame::address(page);
        let ids = html.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next());
        places.extend(ids.map(|id| format!("{address}#{id}")));
        places.insert(address);
    }
    places
}

#[test]
fn every_link_leads_somewhere() {
    let places = places();
    for page in PAGES {
        for event in Parser::new_ext(page.source, Options::ENABLE_TABLES) {
            let Event::Start(Tag::Link { dest_url, .. }) = event else { continue };
            let address = markdown::address(&dest_url);
            let address = if address.starts_with('#') { frame::address(page) + &address } else { address };
            let known =
                places.contains(&address) || address == "/openapi.json" || address.starts_with("https://");
            assert!(known, "{}: {dest_url}", page.name);
        }
    }
    for (page, html) in RENDERED.iter() {
        assert!(!html.contains("generated:"), "a place of {} was not filled", page.name);
    }
}

#[test]
fn every_error_code_is_explained() {
    let places = places();
    let errors = PAGES.iter().find(|page| page.name == "errors").unwrap();
    for code in Code::ALL {
        assert!(places.contains(&format!("/docs/errors#{}", code.name())), "{}", code.name());
        let status = format!("### {}\n\nStatus {}.", code.name(), code.status().as_u16());
        assert!(errors.source.contains(&status), "{status}");
    }
    assert_eq!(errors.source.matches("\nStatus ").count(), Code::ALL.len());
}

#[actix_web::test]
async fn pages_are_served_to_anybody() {
    let world = World::new().await;
    for (path, status, content_type) in [
        ("/docs", 200, "text/html; charset=utf-8"),
        ("/docs/errors", 200, "text/html; charset=utf-8"),
        ("/docs/style.css", 200, "text/css; charset=utf-8"),
        ("/docs/nothing", 404, "application/problem+json"),
    ] {
        let answer = world.client.request(Method::GET, format!("{}{path}", world.url)).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), status, "{path}");
        assert_eq!(answer.headers().get("content-type").unwrap(), content_type, "{path}");
    }
}
