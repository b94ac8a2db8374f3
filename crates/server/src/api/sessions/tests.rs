//! A person in a browser: signed in by a link, safe from pages of other sites, signed out.

use awc::http::Method;
use bluehook_dispatcher::Role;
use serde_json::{Value, json};

use crate::trial::World;

/// What a browser sends along.
#[derive(Clone, Default)]
struct Browser {
    headers: Vec<(&'static str, String)>,
}

impl Browser {
    fn with(&self, name: &'static str, value: &str) -> Browser {
        let mut headers = self.headers.clone();
        headers.push((name, value.to_owned()));
        Browser { headers }
    }

    async fn call(&self, world: &World, method: Method, path: &str, body: Value) -> (u16, Value) {
        let mut request = world.client.request(method, format!("{}{path}", world.url));
        for (name, value) in &self.headers {
            request = request.insert_header((*name, value.as_str()));
        }
        let mut response =
            if body.is_null() { request.send().await } else { request.send_json(&body).await }.unwrap();
        let answer = response.body().await.unwrap();
        (response.status().as_u16(), serde_json::from_slice(&answer).unwrap_or(Value::Null))
    }

    async fn get(&self, world: &World, path: &str) -> (u16, Value) {
        self.call(world, Method::GET, path, Value::Null).await
    }
}

async fn link(world: &World) -> String {
    let body = json!({"userId": "me", "companyId": "c"});
    let made = world.service(Method::POST, "/v1/sessions", body).await;
    let path = made["url"].as_str().unwrap();
    assert!(path.starts_with("/sign-in/"), "{path}");
    format!("{}{path}", world.url)
}

/// Presses the button of a link's page; gives the status and the cookie.
async fn follow(world: &World, link: &str) -> (u16, Option<String>) {
    let client = awc::Client::builder().disable_redirects().finish();
    let response = client.post(link).insert_header(("sec-fetch-site", "same-origin")).send().await.unwrap();
    let cookie = response.headers().get("set-cookie").map(|value| value.to_str().unwrap().to_owned());
    assert!(link.starts_with(&world.url), "{link}");
    (response.status().as_u16(), cookie)
}

async fn signed_in(world: &World) -> Browser {
    let (status, cookie) = follow(world, &link(world).await).await;
    assert_eq!(status, 303);
    let cookie = cookie.unwrap();
    assert!(cookie.contains("; HttpOnly; SameSite=Strict"), "{cookie}");
    Browser::default().with("cookie", cookie.split(';').next().unwrap())
}

#[actix_web::test]
async fn a_person_signs_in_works_and_signs_out() {
    let world = World::new().await;
    world.person("me", "c", Role::Admin).await;
    let browser = signed_in(&world).await;
    let (status, session) = browser.get(&world, "/v1/session").await;
    assert_eq!((status, &session["userId"], &session["userName"]), (200, &json!("me"), &json!("me")));
    assert_eq!(browser.get(&world, "/v1/webhooks").await.0, 200);
    let page = browser.with("x-bluehook-csrf", session["csrf"].as_str().unwrap());
    let (status, webhook) =
        page.call(&world, Method::POST, "/v1/webhooks", json!({"url": "http://127.0.0.1:9/"})).await;
    assert_eq!((status, &webhook["createdById"]), (201, &json!("me")), "{webhook}");
    assert_eq!(page.call(&world, Method::DELETE, "/v1/session", Value::Null).await.0, 204);
    assert_eq!(page.get(&world, "/v1/session").await.0, 401);
    assert_eq!(page.get(&world, "/v1/webhooks").await.0, 401);
}

#[actix_web::test]
async fn pages_of_other_sites_can_do_nothing() {
    let world = World::new().await;
    world.person("me", "c", Role::Admin).await;
    let browser = signed_in(&world).await;
    let csrf = browser.get(&world, "/v1/session").await.1["csrf"].as_str().unwrap().to_owned();
    let other =
        signed_in(&world).await.get(&world, "/v1/session").await.1["csrf"].as_str().unwrap().to_owned();
    let body = json!({"url": "http://127.0.0.1:9/"});
    for (sent, status) in [
        (browser.clone(), 403),
        (browser.with("x-bluehook-csrf", "1"), 403),
        (browser.with("x-bluehook-csrf", &other), 403),
        (browser.with("x-bluehook-csrf", &csrf).with("sec-fetch-site", "cross-site"), 403),
        (browser.with("x-bluehook-csrf", &csrf).with("sec-fetch-site", "same-site"), 403),
        (browser.with("x-bluehook-csrf", &csrf).with("sec-fetch-site", "same-origin"), 201),
    ] {
        for (path, method) in [("/v1/webhooks", Method::POST), ("/graphql", Method::POST)] {
            let expected = if path == "/graphql" && status == 201 { 200 } else { status };
            let body = if path == "/graphql" {
                json!({"query": "{ webhooks { items { id } } }"})
            } else {
                body.clone()
            };
            let (found, answer) = sent.call(&world, method, path, body).await;
            // GraphQL tells of refusals in its own way, with 200.
            let refused = found == 403 || answer["errors"][0]["extensions"]["code"] == "FORBIDDEN";
            assert_eq!(refused, status == 403, "{path}: {found} {answer}");
            assert!(refused || found == expected, "{path}: {found} {answer}");
        }
    }
    assert_eq!(browser.call(&world, Method::DELETE, "/v1/session", Value::Null).await.0, 403);
}

#[actix_web::test]
async fn a_link_works_once_and_looking_at_it_uses_nothing_up() {
    let world = World::new().await;
    world.person("me", "c", Role::Admin).await;
    let link = link(&world).await;
    for _ in 0..3 {
        let (status, page) = look(&world, &link, "en").await;
        assert_eq!(status, 200);
        assert!(page.contains("Sign in as me") && page.contains("<dd>c</dd>"), "{page}");
        assert_eq!(world.client.head(&link).send().await.unwrap().status(), 200);
    }
    assert!(look(&world, &link, "it").await.1.contains("<html lang=\"it\"><head>"));
    assert_eq!(world.client.put(&link).send().await.unwrap().status(), 405);
    assert_eq!(follow(&world, &link).await.0, 303);
    assert_eq!(follow(&world, &link).await, (410, None));
    let (status, page) = look(&world, &link, "it").await;
    assert_eq!(status, 410);
    assert!(page.contains("non funziona più"), "{page}");
    assert_eq!(follow(&world, &format!("{}/sign-in/guessed", world.url)).await, (410, None));
}

async fn look(world: &World, link: &str, language: &str) -> (u16, String) {
    let mut page = world.client.get(link).insert_header(("accept-language", language)).send().await.unwrap();
    assert_eq!(page.headers().get("cache-control").unwrap(), "no-store");
    assert!(page.headers().get("set-cookie").is_none());
    let text = page.body().await.unwrap();
    (page.status().as_u16(), String::from_utf8(text.to_vec()).unwrap())
}

#[actix_web::test]
async fn pages_of_other_sites_cannot_press_the_button() {
    let world = World::new().await;
    world.person("me", "c", Role::Admin).await;
    let link = link(&world).await;
    for (name, value) in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("sec-fetch-site", "none"),
        ("origin", "https://evil.example"),
        ("origin", "null"),
    ] {
        let answer = world.client.post(&link).insert_header((name, value)).send().await.unwrap();
        assert_eq!(answer.status(), 403, "{name}: {value}");
    }
    let client = awc::Client::builder().disable_redirects().finish();
    let answer = client.post(&link).insert_header(("origin", world.url.as_str())).send().await.unwrap();
    assert_eq!(answer.status(), 303);
}

#[actix_web::test]
async fn a_person_goes_on_to_where_they_were_going_and_nowhere_else() {
    let world = World::new().await;
    world.person("me", "c", Role::Admin).await;
    let ask = async |path: &str| {
        let body = json!({"userId": "me", "companyId": "c", "returnTo": path});
        world.call(crate::trial::ADMIN, Method::POST, "/v1/sessions", body).await
    };
    for path in ["/", "/webhooks", "/webhooks/abc/test?event=TODO_CREATED", "/deliveries#x"] {
        let (status, made) = ask(path).await;
        assert_eq!(status, 201, "{path}: {made}");
        let client = awc::Client::builder().disable_redirects().finish();
        let answer =
            client.post(format!("{}{}", world.url, made["url"].as_str().unwrap())).send().await.unwrap();
        assert_eq!(answer.headers().get("location").unwrap(), path);
    }
    for path in [
        "",
        "webhooks",
        "//evil.example",
        "/\\evil.example",
        "/webhooks\\..",
        "/\tevil",
        "/webhooks\n",
        "https://evil.example/",
        "/v1/webhooks",
        "/sign-in/x",
        "/nothing",
        "/./webhooks",
    ] {
        let (status, problem) = ask(path).await;
        assert_eq!((status, &problem["errors"][0]["pointer"]), (400, &json!("/returnTo")), "{path}");
    }
}

#[actix_web::test]
async fn only_the_backend_makes_links_and_for_people_it_knows() {
    let world = World::new().await;
    let token = world.person("me", "c", Role::Owner).await;
    let body = json!({"userId": "me", "companyId": "c"});
    assert_eq!(world.call(&token, Method::POST, "/v1/sessions", body).await.0, 403);
    let unknown = json!({"userId": "nobody", "companyId": "none"});
    let (status, problem) = world.call(crate::trial::ADMIN, Method::POST, "/v1/sessions", unknown).await;
    assert_eq!((status, problem["errors"].as_array().map(Vec::len)), (400, Some(2)), "{problem}");
}

#[actix_web::test]
async fn who_leaves_the_directory_is_signed_out() {
    let world = World::new().await;
    world.person("me", "c", Role::Admin).await;
    let browser = signed_in(&world).await;
    world.service(Method::DELETE, "/v1/users/me", Value::Null).await;
    assert_eq!(browser.get(&world, "/v1/webhooks").await.0, 401);
}

#[actix_web::test]
async fn sessions_outlive_a_restart_and_have_a_number() {
    let world = World::new().await;
    world.person("me", "c", Role::Admin).await;
    let first = signed_in(&world).await;
    let mut last = first.clone();
    for _ in 0..20 {
        last = signed_in(&world).await;
    }
    assert_eq!(first.get(&world, "/v1/session").await.0, 401, "the oldest made room");
    let world = world.restart().await;
    assert_eq!(last.get(&world, "/v1/session").await.0, 200);
}

#[actix_web::test]
async fn a_link_says_nothing_of_what_the_request_called_this_host() {
    let body = json!({"userId": "me", "companyId": "c"});
    for (public, begins) in
        [(None, "/sign-in/"), (Some("https://hooks.example"), "https://hooks.example/sign-in/")]
    {
        let world = World::configured(|config| config.public_url = public.map(str::to_owned)).await;
        world.person("me", "c", Role::Admin).await;
        let request =
            world.client.post(format!("{}/v1/sessions", world.url)).bearer_auth(crate::trial::ADMIN);
        let forged = request
            .insert_header(("host", "evil.example"))
            .insert_header(("x-forwarded-host", "evil.example"));
        let mut answer = forged.send_json(&body).await.unwrap();
        let made: Value = serde_json::from_slice(&answer.body().await.unwrap()).unwrap();
        assert!(made["url"].as_str().unwrap().starts_with(begins), "{made}");
    }
}

#[actix_web::test]
async fn over_https_a_planted_cookie_is_nobodys() {
    let world =
        World::configured(|config| config.public_url = Some("https://hooks.example".to_owned())).await;
    world.person("me", "c", Role::Admin).await;
    let body = json!({"userId": "me", "companyId": "c"});
    let made = world.service(Method::POST, "/v1/sessions", body).await;
    let path = made["url"].as_str().unwrap().strip_prefix("https://hooks.example").unwrap().to_owned();
    let client = awc::Client::builder().disable_redirects().finish();
    let post =
        |origin: &str| client.post(format!("{}{path}", world.url)).insert_header(("origin", origin)).send();
    assert_eq!(
        post(&world.url).await.unwrap().status(),
        403,
        "the host that the request names is not enough"
    );
    let answer = post("https://hooks.example").await.unwrap();
    let hsts =
        answer.headers().get("strict-transport-security").map(|value| value.to_str().unwrap().to_owned());
    assert!(hsts.is_some_and(|hsts| hsts.starts_with("max-age=")), "behind TLS");
    let cookie = answer.headers().get("set-cookie").unwrap().to_str().unwrap().to_owned();
    let good = cookie.split(';').next().unwrap().to_owned();
    assert!(good.starts_with("__Host-bluehook_session="), "{good}");
    let plain = good.replace("__Host-", "");
    for (cookies, status) in [
        (good.clone(), 200),
        (format!("bluehook_session=evil; {good}"), 200),
        (plain.clone(), 401),
        (format!("{plain}; __Host-bluehook_session=evil"), 401),
    ] {
        let browser = Browser::default().with("cookie", &cookies);
        assert_eq!(browser.get(&world, "/v1/session").await.0, status, "{cookies}");
    }
}

#[actix_web::test]
async fn a_person_sees_their_sessions_and_signs_out_everywhere() {
    let world = World::new().await;
    world.person("me", "c", Role::Admin).await;
    let other = world.person("you", "c", Role::Admin).await;
    let (first, here) = (signed_in(&world).await, signed_in(&world).await);
    let csrf = here.get(&world, "/v1/session").await.1["csrf"].as_str().unwrap().to_owned();
    let page = here.with("x-bluehook-csrf", &csrf);
    let (_, listed) = page.get(&world, "/v1/sessions").await;
    let sessions = listed["items"].as_array().unwrap().clone();
    let current: Vec<bool> = sessions.iter().map(|session| session["isCurrent"] == true).collect();
    assert_eq!(current.iter().filter(|is| **is).count(), 1, "{listed}");
    assert!(sessions.iter().all(|session| session["lastSeenAt"].is_string() && session["kind"] == "COOKIE"));
    let elsewhere = sessions.iter().find(|session| session["isCurrent"] == false).unwrap();
    let path = format!("/v1/sessions/{}", elsewhere["id"].as_str().unwrap());
    assert_eq!(world.call(&other, Method::DELETE, &path, Value::Null).await.0, 404, "somebody else's");
    assert_eq!(
        here.call(&world, Method::DELETE, &path, Value::Null).await.0,
        403,
        "without the page's token"
    );
    assert_eq!(page.call(&world, Method::DELETE, &path, Value::Null).await.0, 204);
    assert_eq!(first.get(&world, "/v1/session").await.0, 401);
    assert_eq!(page.call(&world, Method::DELETE, &path, Value::Null).await.0, 404, "it has ended");
    let of_me = world.service(Method::GET, "/v1/sessions?userId=me", Value::Null).await;
    assert_eq!(of_me["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(
        world.call(crate::trial::ADMIN, Method::GET, "/v1/sessions", Value::Null).await.0,
        400,
        "whose?"
    );
    signed_in(&world).await;
    assert_eq!(page.call(&world, Method::DELETE, "/v1/sessions", Value::Null).await.0, 204);
    assert_eq!(page.get(&world, "/v1/session").await.0, 401);
    let none = world.service(Method::GET, "/v1/sessions?userId=me", Value::Null).await;
    assert_eq!(none["items"], json!([]));
}

#[actix_web::test]
async fn who_is_put_again_is_somebody_else() {
    let world = World::new().await;
    let token = world.person("me", "c", Role::Admin).await;
    let browser = signed_in(&world).await;
    let link = link(&world).await;
    let count = async || {
        let tokens = world.service(Method::GET, "/v1/tokens", Value::Null).await;
        tokens["items"].as_array().map(Vec::len)
    };
    let statuses = async || {
        let by_token = world.call(&token, Method::GET, "/v1/webhooks", Value::Null).await.0;
        (by_token, browser.get(&world, "/v1/webhooks").await.0, look(&world, &link, "en").await.0)
    };
    assert_eq!(statuses().await, (200, 200, 200));
    let member = "/v1/projects/p-c/members/me";
    world.service(Method::DELETE, member, Value::Null).await;
    assert_eq!(statuses().await, (401, 401, 410), "in no project of the company");
    world.service(Method::PUT, member, json!({"role": "MEMBER"})).await;
    assert_eq!(statuses().await, (200, 200, 200), "back again");
    for gone in ["/v1/users/me", "/v1/companies/c"] {
        assert_eq!(count().await, Some(1), "{gone}");
        world.service(Method::DELETE, gone, Value::Null).await;
        world.service(Method::PUT, "/v1/companies/c", json!({"name": "c"})).await;
        world.service(Method::PUT, "/v1/projects/p-c", json!({"companyId": "c", "name": "c"})).await;
        world.service(Method::PUT, "/v1/users/me", json!({"email": "a@example.com", "fullName": "me"})).await;
        world.service(Method::PUT, member, json!({"role": "OWNER"})).await;
        assert_eq!(statuses().await, (401, 401, 410), "{gone}");
        assert_eq!(count().await, Some(0), "{gone}");
        world.person("me", "c", Role::Owner).await;
    }
    let world = world.restart().await;
    assert_eq!(world.call(&token, Method::GET, "/v1/webhooks", Value::Null).await.0, 401);
}
