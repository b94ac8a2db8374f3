//! The attacks. Each is what one client sends, over and over; four do so at once.

use serde_json::json;

use crate::{
    client::request,
    target::{Target, costly_filter, large_value},
};

/// How a client attacks.
#[derive(Clone, Copy)]
pub(crate) enum Strike {
    /// It sends each request and reads the answer.
    Ask,
    /// It sends what there is over a new connection each time, and neither reads nor closes.
    Hold,
}

/// One attack.
pub(crate) struct Attack {
    pub(crate) name: &'static str,
    pub(crate) strike: Strike,
    /// What each client sends, one after the other.
    pub(crate) requests: fn(&Target) -> Vec<Vec<u8>>,
    /// Whether the attackers have twelve webhooks with the costliest filter.
    pub(crate) costly_webhooks: bool,
    /// How many large events of theirs are in the log.
    pub(crate) large_events: usize,
}

const fn ask(name: &'static str, requests: fn(&Target) -> Vec<Vec<u8>>) -> Attack {
    Attack { name, strike: Strike::Ask, requests, costly_webhooks: false, large_events: 0 }
}

const fn hold(name: &'static str, requests: fn(&Target) -> Vec<Vec<u8>>) -> Attack {
    Attack { strike: Strike::Hold, ..ask(name, requests) }
}

pub(crate) const ATTACKS: &[Attack] = &[
    // One request that stops or starves the process.
    ask("GraphQL: nested selections", |t| graphql(t, &"{a".repeat(2_000))),
    ask("GraphQL: nested lists", |t| graphql(t, &format!("{{ webhook(id: {}", "[".repeat(2_000)))),
    ask("GraphQL: nested objects", |t| graphql(t, &format!("{{ webhook(id: {}", "{a:".repeat(2_000)))),
    ask("GraphQL: a nested default", |t| graphql(t, &format!("query($a: [Int] = {}", "[".repeat(20_000)))),
    ask("GraphQL: a nested type", |t| graphql(t, &format!("query($a: {}", "[".repeat(20_000)))),
    ask("GraphQL: a chain of fragments", |t| graphql(t, &fragments(20_000, "...F{}"))),
    ask("GraphQL: fragments that double", |t| graphql(t, &fragments(24, "...F{} ...F{}"))),
    ask("GraphQL: aliases of a list", |t| {
        graphql(t, &format!("{{ {} }}", aliases("webhooks(take: 200) { items { id } }", 160)))
    }),
    ask("GraphQL: unknown arguments", |t| {
        graphql(t, &format!("{{ webhook({}) {{ id }} }}", aliases("1", 50_000)))
    }),
    ask("GraphQL: unused variables", |t| {
        graphql(t, &format!("query({}) {{ webhooks {{ items {{ id }} }} }}", variables(60_000)))
    }),
    ask("GraphQL: unused fragments", |t| graphql(t, &fragments(20_000, "id"))),
    // The same in bodies of the size that is taken.
    ask("GraphQL: a long chain of fragments", |t| graphql(t, &fragments(5_000, "...F{}"))),
    ask("GraphQL: many unknown arguments", |t| {
        graphql(t, &format!("{{ webhook({}) {{ id }} }}", aliases("1", 20_000)))
    }),
    ask("GraphQL: many unused variables", |t| {
        graphql(t, &format!("query({}) {{ webhooks {{ items {{ id }} }} }}", variables(15_000)))
    }),
    ask("GraphQL: many unused fragments", |t| graphql(t, &fragments(5_000, "id"))),
    ask("GraphQL: a large batch of nothing", |t| person(t, "POST", "/graphql", &many("{}", 80_000))),
    ask("GraphQL: many values in a variable", |t| {
        let variables = json!({ "a": vec![0; 100_000] });
        person(
            t,
            "POST",
            "/graphql",
            &json!({"query": "{ webhooks { items { id } } }", "variables": variables}).to_string(),
        )
    }),
    ask("GraphQL: the schema within itself", |t| graphql(t, &introspection(7))),
    ask("GraphQL: the schema many times", |t| {
        graphql(t, &format!("{{ {} }}", aliases("__schema { types { fields { name description } } }", 120)))
    }),
    ask("GraphQL: many updates", |t| {
        let update =
            format!("updateWebhook(input: {{webhookId: \"{}\", enabled: true}}) {{ id }}", t.webhook);
        graphql(t, &format!("mutation {{ {} }}", aliases(&update, 2_490)))
    }),
    ask("GraphQL: a batch of nothing, of a stranger", |_| {
        vec![request("POST", "/graphql", None, &many("{}", 340_000))]
    }),
    ask("GraphQL: a batch of nothing", |t| person(t, "POST", "/graphql", &many("{}", 340_000))),
    ask("GraphQL: large variables", |t| {
        person(
            t,
            "POST",
            "/graphql",
            &json!({"query": "{ webhooks { items { id } } }", "variables": {"a": vec![0; 400_000]}})
                .to_string(),
        )
    }),
    // Work of one on the workers of all.
    ask("the costliest preview", |t| person(t, "POST", "/v1/preview", &preview(t))),
    Attack {
        costly_webhooks: true,
        ..ask("the costliest filters at intake", |t| {
            service(t, "/v1/events", &t.attackers.record_created(&large_value()))
        })
    },
    ask("statistics", |t| person(t, "GET", &format!("/v1/webhooks/{}/stats?window=30d", t.webhook), "")),
    // Answers and errors without bound.
    ask("a batch of what is no event", |t| {
        service(t, "/v1/events/batch", &format!("{{\"events\":{}}}", many("1", 500_000)))
    }),
    ask("a batch of unknown fields", |t| {
        service(t, "/v1/events/batch", &format!("{{\"events\":{}}}", many(&unknown_fields(60), 1_000)))
    }),
    ask("a batch of lines", |t| {
        let lines = "1\n".repeat(500_000);
        let head = format!(
            "POST /v1/events/batch HTTP/1.1\r\nhost: h\r\nauthorization: Bearer {}\r\ncontent-type: application/x-ndjson\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
            t.admin,
            lines.len()
        );
        vec![[head.as_bytes(), lines.as_bytes()].concat()]
    }),
    ask("near misses of names", |t| {
        person(t, "POST", "/v1/webhooks", &json!({"url": "http://127.0.0.1:9/", "events": (0..16_000).map(|n| format!("TODO_CHECKLIST_ITEM_DUE_DATE_UPDATED_{n}")).collect::<Vec<_>>()}).to_string())
    }),
    ask("wrong events and unknown projects", |t| {
        let names = |prefix: &str| (0..40_000).map(|n| format!("{prefix}{n}")).collect::<Vec<_>>();
        person(
            t,
            "POST",
            "/v1/webhooks",
            &json!({"url": "http://127.0.0.1:9/", "events": names("E"), "projectIds": names("p")})
                .to_string(),
        )
    }),
    ask("unknown query parameters", |t| {
        person(t, "GET", &format!("/v1/webhooks?{}", "abcdefg&".repeat(4_000)), "")
    }),
    ask("a long address", |t| person(t, "GET", &format!("/v1/webhooks?{}", "a&".repeat(32_000)), "")),
    // Slow callers.
    hold("half a head", |_| vec![b"GET /healthz HTTP/1.1\r\nhost: ".to_vec()]),
    hold("a second half of a head", |_| {
        vec![b"GET /healthz HTTP/1.1\r\nhost: h\r\n\r\nGET /healthz HTTP/1.1\r\nhost: ".to_vec()]
    }),
    hold("half a body", |t| {
        let mut head = request("POST", "/v1/preview", Some(&t.token), &"x".repeat(900_000));
        head.truncate(1_000);
        vec![head]
    }),
    hold("answers that nobody reads", |_| vec![b"GET /openapi.json HTTP/1.1\r\nhost: h\r\n\r\n".repeat(30)]),
    // What loads everything.
    Attack {
        large_events: 40,
        ..ask("dry runs of large events", |t| {
            person(
                t,
                "POST",
                &format!("/v1/webhooks/{}/dry-run", t.webhook),
                &json!({"limit": 1_000, "filter": costly_filter()}).to_string(),
            )
        })
    },
    // What goes out.
    ask("probes", |t| person(t, "POST", &format!("/v1/webhooks/{}/enable", t.webhook), "")),
    ask("tests", |t| person(t, "POST", &format!("/v1/webhooks/{}/test", t.webhook), "{}")),
    ask("replays", |t| {
        person(
            t,
            "POST",
            &format!("/v1/webhooks/{}/replay", t.webhook),
            &json!({"since": "2020-01-01T00:00:00Z", "until": "2100-01-01T00:00:00Z"}).to_string(),
        )
    }),
    // Every seat taken.
    hold("streams", |t| person(t, "GET", "/v1/stream", "")),
    // Nothing is throttled.
    ask("wrong tokens", |_| vec![request("GET", "/v1/webhooks", Some("tok_nobody.wrong"), "")]),
    ask("a filter that is too deep", |t| person(t, "POST", "/v1/preview", &"[".repeat(900_000))),
];

fn person(target: &Target, method: &str, path: &str, body: &str) -> Vec<Vec<u8>> {
    vec![request(method, path, Some(&target.token), body)]
}

fn service(target: &Target, path: &str, body: &str) -> Vec<Vec<u8>> {
    vec![request("POST", path, Some(target.admin), body)]
}

fn graphql(target: &Target, query: &str) -> Vec<Vec<u8>> {
    person(target, "POST", "/graphql", &json!({ "query": query }).to_string())
}

/// So many fragments, each with a body in which `{}` stands for the next one's number.
fn fragments(count: usize, body: &str) -> String {
    let one = |n: usize| format!("fragment F{n} on Query {{{}}} ", body.replace("{}", &(n + 1).to_string()));
    "{ ...F0 } ".to_owned() + &(0..count).map(one).collect::<String>()
}

fn aliases(of: &str, count: usize) -> String {
    (0..count).map(|n| format!("a{n}: {of} ")).collect::<Vec<_>>().concat()
}

fn variables(count: usize) -> String {
    (0..count).map(|n| format!("$a{n}: Int ")).collect::<Vec<_>>().concat()
}

fn introspection(levels: usize) -> String {
    format!(
        "{{ __schema {{ types {{ {} name {} }} }} }}",
        "fields { type { ".repeat(levels),
        "} }".repeat(levels)
    )
}

fn many(one: &str, count: usize) -> String {
    format!("[{}]", vec![one; count].join(","))
}

fn unknown_fields(count: usize) -> String {
    let fields: Vec<String> = (0..count).map(|n| format!("\"companyI{n}\":1")).collect();
    format!("{{{}}}", fields.join(","))
}

fn preview(target: &Target) -> String {
    let event = target.attackers.record_created(&large_value());
    let webhook = json!({"url": "http://127.0.0.1:9/", "filter": costly_filter()});
    format!("{{\"webhook\":{webhook},\"event\":{event}}}")
}
