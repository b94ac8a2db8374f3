//! What Blue's own clients send, and what they get, through a real server.

use awc::http::Method;
use bluehook_dispatcher::Role;
use serde_json::{Value, json};

use crate::trial::World;

const FIELDS: &str =
    "{ id uid name url secret status events projectIds enabled metadata createdAt updatedAt }";

/// One operation in Blue's headers; `company` is the value of the company header.
async fn ask(world: &World, token: &str, company: Option<&str>, query: &str, variables: Value) -> Value {
    let (id, secret) = token.split_once('.').unwrap();
    let mut request = world
        .client
        .post(format!("{}/graphql", world.url))
        .insert_header(("X-Bloo-Token-ID", id))
        .insert_header(("blue-token-secret", secret));
    if let Some(company) = company {
        request = request.insert_header(("blue-org-id", company));
    }
    let mut answer = request.send_json(&json!({"query": query, "variables": variables})).await.unwrap();
    assert_eq!(answer.status().as_u16(), 200);
    answer.json().await.unwrap()
}

/// The code and the message of the only error.
fn refusal(answer: &Value) -> (&str, &str) {
    let error = &answer["errors"][0];
    (error["extensions"]["code"].as_str().unwrap(), error["message"].as_str().unwrap())
}

#[actix_web::test]
async fn blues_client_makes_lists_changes_and_deletes() {
    let world = World::new().await;
    let token = world.person("me", "c", Role::Admin).await;
    let create = format!("mutation($input: CreateWebhookInput!) {{ createWebhook(input: $input) {FIELDS} }}");
    let input =
        json!({"name": "n", "url": "http://127.0.0.1:9/", "events": ["TODO_CREATED"], "projectIds": ["p-c"]});
    let created = ask(&world, &token, Some("c"), &create, json!({"input": input})).await;
    let webhook = &created["data"]["createWebhook"];
    assert!(webhook["secret"].as_str().unwrap().starts_with("whsec_"), "{created}");
    assert_eq!(webhook["metadata"], json!({"events": ["TODO_CREATED"], "projectIds": ["p-c"]}));
    assert_eq!((&webhook["status"], &webhook["enabled"]), (&json!("HEALTHY"), &json!(true)));
    let id = webhook["id"].as_str().unwrap();

    let get = format!("query($id: String!) {{ webhook(id: $id) {FIELDS} }}");
    let mut expected = webhook.clone();
    expected["secret"] = Value::Null;
    assert_eq!(ask(&world, &token, None, &get, json!({"id": id})).await["data"]["webhook"], expected);

    let list = "{ webhooks(filter: {enabled: true}) { items { id } pageInfo { totalPages totalItems page perPage \
                hasNextPage hasPreviousPage } } }";
    let listed = ask(&world, &token, None, list, Value::Null).await;
    assert_eq!(
        listed["data"]["webhooks"],
        json!({"items": [{"id": id}], "pageInfo": {"totalPages": 1, "totalItems": 1, "page": 1, "perPage": 20,
            "hasNextPage": false, "hasPreviousPage": false}})
    );

    let update = "mutation($input: UpdateWebhookInput!) { updateWebhook(input: $input) { name events enabled status } }";
    let input = json!({"webhookId": id, "events": ["TAG_CREATED"], "enabled": true});
    let updated = ask(&world, &token, None, update, json!({"input": input})).await;
    // Nobody answers the probe: the rest of the change still holds.
    assert_eq!(
        updated["data"]["updateWebhook"],
        json!({"name": "n", "events": ["TAG_CREATED"], "enabled": false, "status": "UNHEALTHY"})
    );
    for operation in ["disableWebhook", "deleteWebhook"] {
        let query =
            format!("mutation {{ {operation}(input: {{webhookId: \"{id}\"}}) {{ success operationId }} }}");
        let done = ask(&world, &token, None, &query, Value::Null).await;
        assert_eq!(done["data"][operation], json!({"success": true, "operationId": null}));
    }
    let gone = ask(&world, &token, None, &get, json!({"id": id})).await;
    assert_eq!(refusal(&gone), ("WEBHOOK_NOT_FOUND", "Webhook was not found."));
}

#[actix_web::test]
async fn refusals_carry_blues_codes() {
    let world = World::new().await;
    let token = world.person("me", "c", Role::Admin).await;
    world.person("colleague", "c", Role::Admin).await;
    let theirs = world.webhook("colleague", "c").await;
    let create = |input: &str| format!("mutation {{ createWebhook(input: {input}) {{ id }} }}");
    let good = r#"{url: "http://127.0.0.1:9/"}"#;
    let stranger = "tok_nobody.secret";
    let delete = format!("mutation {{ deleteWebhook(input: {{webhookId: \"{theirs}\"}}) {{ success }} }}");
    let private = "URL resolves to a private/internal address";
    let deep = format!("{{ {} }}", "a { ".repeat(40) + &"} ".repeat(40));
    for (token, company, query, code, message) in [
        (stranger, Some("c"), create(good), "UNAUTHENTICATED", ""),
        (&token, None, create(good), "COMPANY_NOT_FOUND", ""),
        (&token, Some("other"), create(good), "COMPANY_NOT_FOUND", ""),
        (&token, Some("c"), create("{}"), "BAD_USER_INPUT", ""),
        (&token, Some("c"), create(r#"{url: "ftp://a"}"#), "BAD_USER_INPUT", ""),
        (&token, Some("c"), create(r#"{url: "http://10.0.0.1/"}"#), "INTERNAL_SERVER_ERROR", private),
        (
            &token,
            Some("c"),
            create(r#"{url: "http://127.0.0.1:9/", projectIds: ["p-other"]}"#),
            "FORBIDDEN",
            "You are not authorized.",
        ),
        (&token, None, delete, "FORBIDDEN", "You are not authorized."),
        (&token, None, "{ webhooks(take: 0) { items { id } } }".to_owned(), "BAD_USER_INPUT", ""),
        (&token, None, deep, "BAD_USER_INPUT", ""),
    ] {
        let answer = ask(&world, token, company, &query, Value::Null).await;
        let (found, text) = refusal(&answer);
        assert_eq!(found, code, "{query}: {answer}");
        assert!(message.is_empty() || text == message, "{query}: {answer}");
    }
}

#[actix_web::test]
async fn operations_come_in_limited_batches() {
    let world = World::new().await;
    let query = json!({"query": "{ webhooks { pageInfo { totalItems } } }"});
    let batch = |count| Value::from(vec![query.clone(); count]);
    let answers = world.service(Method::POST, "/graphql", batch(10)).await;
    assert_eq!(answers.as_array().map(Vec::len), Some(10));
    assert_eq!(world.call(crate::trial::ADMIN, Method::POST, "/graphql", batch(11)).await.0, 400);
}

/// The schema as Blue's documentation has it: nothing of it may change.
#[test]
fn the_schema_is_blues() {
    let lines: Vec<String> = super::sdl()
        .lines()
        .map(|line| line.trim().to_owned())
        .filter(|line| {
            !line.is_empty()
                && !line.starts_with("\"\"\"")
                && !line.starts_with("A ")
                && !line.starts_with('@')
        })
        .collect();
    let sdl = lines.join("\n");
    for expected in [
        "webhook(id: String!): Webhook!",
        "webhooks(filter: WebhookFilter, skip: Int = 0, take: Int = 20): WebhookPagination!",
        "createWebhook(input: CreateWebhookInput!): Webhook!",
        "updateWebhook(input: UpdateWebhookInput!): Webhook!",
        "deleteWebhook(input: DeleteWebhookInput!): MutationResult!",
        "disableWebhook(input: DisableWebhookInput!): MutationResult!",
        "id: ID!",
        "uid: String!",
        "name: String",
        "url: String!",
        "secret: String",
        "status: WebhookStatusType!",
        "events: [WebhookEvent!]",
        "projectIds: [String!]",
        "enabled: Boolean",
        "metadata: JSON",
        "createdAt: DateTime!",
        "items: [Webhook!]!",
        "pageInfo: PageInfo!",
        "totalPages: Int",
        "hasNextPage: Boolean!",
        "success: Boolean!",
        "operationId: String",
        "events: [WebhookEvent]",
        "projectIds: [String]",
        "webhookId: String!",
        "scalar DateTime",
        "scalar JSON",
    ] {
        assert!(lines.iter().any(|line| line == expected), "{expected}\n{sdl}");
    }
}

#[actix_web::test]
async fn an_operation_has_only_so_many_fields() {
    let world = World::new().await;
    let token = world.person("me", "c", Role::Admin).await;
    let query = |count| {
        let fields: Vec<String> = (0..count).map(|n| format!("a{n}: totalItems")).collect();
        format!("{{ webhooks {{ pageInfo {{ {} }} }} }}", fields.join(" "))
    };
    let few = ask(&world, &token, None, &query(400), Value::Null).await;
    assert!(few["errors"].is_null(), "{few}");
    let many = ask(&world, &token, None, &query(600), Value::Null).await;
    assert_eq!(refusal(&many), ("BAD_USER_INPUT", "Query is too complex."));
}

#[actix_web::test]
async fn the_explorer_is_there_only_when_asked_for() {
    let get = async |world: &World, path: &str| {
        let answer = world.client.get(format!("{}{path}", world.url)).send().await.unwrap();
        let policy =
            answer.headers().get("content-security-policy").map(|policy| policy.to_str().unwrap().to_owned());
        (answer.status().as_u16(), policy)
    };
    let world = World::new().await;
    assert_eq!(get(&world, "/graphql").await, (200, None), "no page: a refusal, as Blue tells it");
    assert_eq!(get(&world, "/graphql/explorer.js").await.0, 404);
    let world = World::configured(|config| config.graphql_explorer = true).await;
    for path in ["/graphql", "/graphql/explorer.js", "/graphql/explorer.css"] {
        let (status, policy) = get(&world, path).await;
        assert_eq!(status, 200, "{path}");
        assert!(policy.unwrap().contains("script-src 'self'"), "{path}");
    }
    let query = json!({"query": "{ webhooks { pageInfo { totalItems } } }"});
    assert_eq!(world.call(crate::trial::ADMIN, Method::POST, "/graphql", query).await.0, 200);
}

/// Any request to the route: its status, its headers by name, its body.
async fn call(
    world: &World,
    token: &str,
    method: Method,
    query_string: &str,
    body: Option<(&str, Vec<u8>)>,
) -> (u16, String, Value) {
    let (id, secret) = token.split_once('.').unwrap();
    let mut request = world
        .client
        .request(method, format!("{}/graphql{query_string}", world.url))
        .insert_header(("X-Bloo-Token-ID", id))
        .insert_header(("X-Bloo-Token-Secret", secret));
    let (kind, bytes) = body.unwrap_or_default();
    if !kind.is_empty() {
        request = request.insert_header(("content-type", kind));
    }
    let mut answer = request.send_body(bytes).await.unwrap();
    let allow = answer.headers().get("allow").map(|allow| allow.to_str().unwrap().to_owned());
    let kind = answer.headers().get("content-type").unwrap().to_str().unwrap().to_owned();
    let bytes = answer.body().await.unwrap();
    assert!(kind.starts_with("application/json"), "{kind}");
    (answer.status().as_u16(), allow.unwrap_or_default(), serde_json::from_slice(&bytes).unwrap_or_default())
}

fn encoded(pairs: &[(&str, &str)]) -> String {
    let mut query = url::form_urlencoded::Serializer::new("?".to_owned());
    query.extend_pairs(pairs);
    query.finish()
}

#[actix_web::test]
async fn queries_come_by_get_and_mutations_never() {
    let world = World::new().await;
    let token = world.person("me", "c", Role::Admin).await;
    let id = world.webhook("me", "c").await;
    let both = "query One($id: String!) { webhook(id: $id) { id } } \
                mutation Gone { deleteWebhook(input: {webhookId: \"x\"}) { success } }";
    let variables = json!({ "id": id }).to_string();
    let ask = async |pairs: &[(&str, &str)]| call(&world, &token, Method::GET, &encoded(pairs), None).await;
    let (status, _, answer) =
        ask(&[("query", both), ("operationName", "One"), ("variables", &variables)]).await;
    assert_eq!((status, &answer["data"]["webhook"]["id"]), (200, &json!(id)), "{answer}");

    let delete = format!("mutation {{ deleteWebhook(input: {{webhookId: \"{id}\"}}) {{ success }} }}");
    let named = delete.replacen("mutation", "mutation Named", 1);
    for pairs in [
        &[("query", delete.as_str())][..],
        &[("query", &named)],
        &[("query", &named), ("operationName", "Named")],
        &[("query", both), ("operationName", "Gone")],
    ] {
        let (status, allow, answer) = ask(pairs).await;
        assert_eq!((status, allow.as_str()), (405, "POST"), "{answer}");
        assert_eq!(refusal(&answer).0, "METHOD_NOT_ALLOWED");
    }
    assert!(world.service(Method::GET, &format!("/v1/webhooks/{id}"), Value::Null).await["id"].is_string());

    // The same callers, the same limits.
    let nobody = call(&world, "tok_nobody.secret", Method::GET, &encoded(&[("query", "{ a }")]), None).await;
    assert_eq!((nobody.0, refusal(&nobody.2).0), (200, "UNAUTHENTICATED"));
    let deep = format!("{{ {} }}", "a { ".repeat(40) + &"} ".repeat(40));
    let (status, _, answer) = ask(&[("query", &deep)]).await;
    assert_eq!((status, refusal(&answer).0), (200, "BAD_USER_INPUT"));
    for pairs in [&[][..], &[("variables", "{}")], &[("query", "{ a }"), ("variables", "{")]] {
        let (status, _, answer) = ask(pairs).await;
        assert_eq!((status, refusal(&answer).0), (400, "BAD_USER_INPUT"), "{answer}");
    }
}

#[actix_web::test]
async fn a_hash_alone_is_answered_with_the_error_that_clients_wait_for() {
    let world = World::new().await;
    let token = world.person("me", "c", Role::Admin).await;
    let extensions = json!({"persistedQuery": {"version": 1, "sha256Hash": "ab".repeat(32)}});
    let hash = json!({"operationName": "A", "variables": {}, "extensions": extensions});
    let text = json!({"query": "{ webhooks { items { id } } }", "extensions": extensions});
    let post = async |body: &Value| {
        let body = ("application/json", body.to_string().into_bytes());
        call(&world, &token, Method::POST, "", Some(body)).await
    };
    let expected = ("PERSISTED_QUERY_NOT_SUPPORTED", "PersistedQueryNotSupported");
    let (status, _, answer) = post(&hash).await;
    assert_eq!((status, refusal(&answer)), (200, expected));
    assert!(answer["errors"][0].get("locations").is_none(), "{answer}");
    let (_, _, answers) = post(&json!([hash, text])).await;
    assert!(answers.as_array().unwrap().iter().all(|answer| refusal(answer) == expected), "{answers}");
    let by_get = encoded(&[("operationName", "A"), ("extensions", &extensions.to_string())]);
    let (status, _, answer) = call(&world, &token, Method::GET, &by_get, None).await;
    assert_eq!((status, refusal(&answer)), (200, expected));
    let (_, _, answer) = post(&text).await;
    assert!(answer["errors"].is_null(), "the text beside the hash is executed: {answer}");
}

#[actix_web::test]
async fn every_refusal_has_a_message_and_a_code() {
    let world = World::new().await;
    let token = world.person("me", "c", Role::Admin).await;
    let json = "application/json";
    let large = format!("{{\"query\":\"{}\"}}", "x".repeat(2 << 20)).into_bytes();
    for (method, body, status, code) in [
        (Method::POST, Some((json, b"{".to_vec())), 400, "BAD_USER_INPUT"),
        (Method::POST, Some((json, b"7".to_vec())), 400, "BAD_USER_INPUT"),
        (Method::POST, Some((json, large)), 413, "BODY_TOO_LARGE"),
        (Method::POST, Some(("text/plain", b"{}".to_vec())), 415, "UNSUPPORTED_MEDIA_TYPE"),
        (Method::PUT, Some((json, b"{}".to_vec())), 405, "METHOD_NOT_ALLOWED"),
        (Method::DELETE, None, 405, "METHOD_NOT_ALLOWED"),
    ] {
        let (found, _, answer) = call(&world, &token, method.clone(), "", body).await;
        assert_eq!(found, status, "{method} {answer}");
        let (word, message) = refusal(&answer);
        assert!(word == code && !message.is_empty(), "{method} {status}: {answer}");
        assert!(answer["errors"][0].get("locations").is_none(), "{answer}");
    }
    let unknown = ask(&world, &token, None, "{ nothing }", Value::Null).await;
    assert!(
        unknown["errors"][0]["locations"][0]["line"].as_u64() > Some(0),
        "a place that there is: {unknown}"
    );
}

#[actix_web::test]
async fn the_names_of_the_user_documentation_are_taken_in_and_never_given_out() {
    let world = World::new().await;
    let token = world.person("me", "c", Role::Admin).await;
    world.service(Method::PUT, "/v1/companies/c", json!({"name": "c", "slug": "acme"})).await;
    let create = "mutation { createWebhook(input: {url: \"http://127.0.0.1:9/\", events: [RECORD_CREATED, TODO_CREATED, RECORD_MOVED]}) \
                  { id events metadata } }";
    let made = ask(&world, &token, Some("acme"), create, Value::Null).await;
    let webhook = &made["data"]["createWebhook"];
    assert_eq!(webhook["events"], json!(["TODO_CREATED", "TODO_MOVED"]), "{made}");
    assert_eq!(webhook["metadata"]["events"], webhook["events"]);
    for wrong in ["ACME", "", "other"] {
        let answer = ask(&world, &token, Some(wrong), create, Value::Null).await;
        assert_eq!(refusal(&answer).0, "COMPANY_NOT_FOUND", "{wrong}");
    }
    let id = webhook["id"].as_str().unwrap();
    let update = "mutation($input: UpdateWebhookInput!) { updateWebhook(input: $input) { events } }";
    for (list, value) in
        [("events", json!([null])), ("events", json!(["TODO_CREATED", null])), ("projectIds", json!([null]))]
    {
        let answer =
            ask(&world, &token, None, update, json!({"input": {"webhookId": id, list: value}})).await;
        assert_eq!(refusal(&answer).0, "BAD_USER_INPUT", "{answer}");
    }
    let kept =
        ask(&world, &token, None, update, json!({"input": {"webhookId": id, "events": ["RECORD_DELETED"]}}))
            .await;
    assert_eq!(kept["data"]["updateWebhook"]["events"], json!(["TODO_DELETED"]), "{kept}");
    let introspection =
        "{ __type(name: \"WebhookEvent\") { enumValues(includeDeprecated: true) { name isDeprecated } } }";
    let values = ask(&world, &token, None, introspection, Value::Null).await;
    let values = values["data"]["__type"]["enumValues"].as_array().unwrap().clone();
    for value in values {
        let is_record = value["name"].as_str().unwrap().starts_with("RECORD_");
        assert_eq!(value["isDeprecated"], json!(is_record), "{value}");
    }
}

#[actix_web::test]
async fn a_syntax_error_is_one_line() {
    let world = World::new().await;
    let token = world.person("me", "c", Role::Admin).await;
    for query in
        ["{ webhooks { items { id } }", "query {", "mutation { x(a: [) }", "nonsense", "{ a(b: \"c) }"]
    {
        let answer = ask(&world, &token, None, query, Value::Null).await;
        let (code, message) = refusal(&answer);
        assert!(
            code == "BAD_USER_INPUT" && !message.contains('\n') && !message.is_empty(),
            "{query}: {answer}"
        );
    }
}
