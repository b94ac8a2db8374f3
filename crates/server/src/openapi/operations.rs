//! Every operation of the API, in the order in which it is shown.

/// One operation.
pub(super) struct Operation {
    pub(super) tag: &'static str,
    pub(super) method: &'static str,
    pub(super) path: &'static str,
    pub(super) id: &'static str,
    pub(super) summary: &'static str,
    /// The query and header parameters; those of the path are told by the path.
    query: &'static [&'static str],
    pub(super) body: Option<&'static str>,
    /// Whether the body may be left away.
    pub(super) body_is_optional: bool,
    /// Whether the body may also be an item a line, of this form.
    pub(super) lines: Option<&'static str>,
    pub(super) answers: &'static [Answer],
    /// Whether it needs no token.
    pub(super) is_open: bool,
}

/// A status, what it means, and the form of its body.
type Answer = (u16, &'static str, Option<&'static str>);

impl Operation {
    const fn new(
        tag: &'static str,
        [method, path, id, summary]: [&'static str; 4],
        answers: &'static [Answer],
    ) -> Operation {
        Operation {
            tag,
            method,
            path,
            id,
            summary,
            query: &[],
            body: None,
            body_is_optional: false,
            lines: None,
            answers,
            is_open: false,
        }
    }

    const fn query(self, query: &'static [&'static str]) -> Operation {
        Operation { query, ..self }
    }

    const fn body(self, body: &'static str) -> Operation {
        Operation { body: Some(body), ..self }
    }

    const fn optional_body(self, body: &'static str) -> Operation {
        Operation { body: Some(body), body_is_optional: true, ..self }
    }

    const fn lines(self, item: &'static str) -> Operation {
        Operation { lines: Some(item), ..self }
    }

    const fn open(self) -> Operation {
        Operation { is_open: true, ..self }
    }

    /// The keys of its parameters.
    pub(super) fn parameters(&self) -> impl Iterator<Item = &'static str> {
        let of_path = self.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
        of_path.chain(self.query.iter().copied())
    }
}

/// How keys begin of query parameters whose name is that of a part of a path, too.
const OF_QUERY: &str = "query.";

/// The name of a parameter as requests spell it.
pub(super) fn spelt(key: &str) -> &str {
    key.strip_prefix(OF_QUERY).unwrap_or(key)
}

/// The form of an id.
const ID: &str = r##"{"$ref":"#/components/schemas/Id"}"##;

/// Key, place, JSON Schema, meaning.
#[rustfmt::skip]
pub(super) const PARAMETERS: &[(&str, &str, &str, &str)] = &[
    ("id", "path", ID, "The id"),
    ("userId", "path", ID, "The person's id"),
    ("limit", "query", r#"{"type":"integer","minimum":1,"maximum":200,"default":50}"#, "The most items of the page"),
    ("cursor", "query", r#"{"type":"string"}"#, "Where the page begins: nextCursor of the page before"),
    ("companyId", "query", ID, "Only of this company"),
    ("projectId", "query", ID, "Only of this project"),
    ("query.userId", "query", ID, "Only of this person; of sessions the backend has to say it"),
    ("createdById", "query", ID, "Only of webhooks of this person"),
    ("webhookId", "query", ID, "Only of this webhook"),
    ("eventId", "query", ID, "Only of this event's id"),
    ("event", "query", r##"{"$ref":"#/components/schemas/EventName"}"##, "Only of this event"),
    ("status", "query", r##"{"$ref":"#/components/schemas/DeliveryStatus"}"##, "Only in this status"),
    ("action", "query", r##"{"$ref":"#/components/schemas/AuditAction"}"##, "Only this"),
    ("eventType", "path", r##"{"$ref":"#/components/schemas/EventName"}"##, "The event's name"),
    ("brief", "query", r#"{"type":"boolean","default":false}"#, "Without schemas and samples"),
    ("enabled", "query", r#"{"type":"boolean"}"#, "Only those that are on, or off"),
    ("since", "query", r#"{"type":"string","format":"date-time"}"#, "Only from this time on"),
    ("until", "query", r#"{"type":"string","format":"date-time"}"#, "Only before this time"),
    ("window", "query", r#"{"type":"string","default":"24h","examples":["1h","7d"],"pattern":"^([1-9][0-9]{0,3}m|([1-9][0-9]?|[1-6][0-9]{2})h|([1-9]|[12][0-9]|30)d)$"}"#, "How far back: a duration from 1m to 30d"),
    ("scope", "query", r#"{"enum":["own","company"],"default":"own"}"#, "company: all of the company, for those who administer a project of it"),
    ("health", "query", r#"{"type":"string","examples":["FAILING,OFF"],"pattern":"^(NEW|WORKING|FAILING|LAGGING|OFF)(,(NEW|WORKING|FAILING|LAGGING|OFF)){0,19}$"}"#, "Only in one of these states of health, separated by commas"),
    ("q", "query", r#"{"type":"string","maxLength":200}"#, "Only with all of these words in the name; of a webhook, in its name or host"),
    ("include", "query", r#"{"type":"string","examples":["activity"],"pattern":"^(activity|stats|projects|history)(,(activity|stats|projects|history)){0,19}$"}"#, "What to show along, separated by commas: activity; of one webhook also stats, projects, history"),
    ("lastEventId", "query", r#"{"type":"string","pattern":"^pos_c[0-9a-z]{25}$"}"#, "Where to go on, for clients that cannot set Last-Event-ID"),
    ("Last-Event-ID", "header", r#"{"type":"string","pattern":"^pos_c[0-9a-z]{25}$"}"#, "Where to go on: the id of the last event that was read"),
    ("Idempotency-Key", "header", ID, "Makes a repeat harmless; for an event, another way to say its id"),
    ("If-Match", "header", r#"{"type":"string"}"#, "The ETag of what was read; refused with 412 when it was changed since"),
];

const EVENTS: &str = "events";
const WEBHOOKS: &str = "webhooks";
const DELIVERIES: &str = "deliveries";
const DIRECTORY: &str = "directory";
const TOKENS: &str = "tokens";
const SESSIONS: &str = "sessions";
const SERVER: &str = "server";

/// What each tag is about.
pub(super) const TAGS: &[(&str, &str)] = &[
    (EVENTS, "What happened: taken in, looked at, previewed"),
    (WEBHOOKS, "Who wants what, where and how"),
    (DELIVERIES, "What was sent, and what came back"),
    (DIRECTORY, "Companies, projects and people, kept in step by the backend"),
    (TOKENS, "Who may call"),
    (SESSIONS, "Who is signed in to the settings UI"),
    (SERVER, "Whether the server is well"),
];

/// Which answers know the id that other operations ask for: the operation, the status, the place of the id, the others.
#[rustfmt::skip]
pub(super) const LINKS: &[(&str, u16, &str, &[&str])] = &[
    ("postEvent", 202, "/id", &["getEvent"]),
    ("createWebhook", 201, "/id", &["getWebhook", "updateWebhook", "enableWebhook", "disableWebhook", "rotateSecret", "finishRotation", "removeSecret", "getHistory", "replay", "dryRun", "deleteWebhook"]),
    ("replay", 202, "/id", &["getReplay", "cancelReplay", "getJob"]),
    ("rotateKeys", 202, "/id", &["getJob"]),
    ("listDeliveries", 200, "/items/0/id", &["getDelivery", "redeliver"]),
    ("createToken", 201, "/id", &["revokeToken"]),
];

const DONE: &[Answer] = &[(204, "Done", None)];

/// What a change is answered whose `If-Match` does not fit.
const CHANGED: Answer = (412, "It was changed since it was read: as it is now", Some("ChangedMeanwhile"));

const DELETED: &[Answer] = &[(204, "Done", None), CHANGED];

/// Every operation.
#[rustfmt::skip]
pub(super) const OPERATIONS: &[Operation] = &[
    Operation::new(EVENTS, ["post", "/v1/events", "postEvent", "Take in an event; answered when it and its deliveries are on disk"],
        &[(202, "Taken in", Some("Accepted")), (200, "Taken in before: nothing happened now", Some("Accepted"))])
        .query(&["Idempotency-Key"]).body("Event"),
    Operation::new(EVENTS, ["post", "/v1/events/batch", "postEvents", "Take in up to 1,000 events, each for itself, answered in order"],
        &[(200, "What each came to", Some("BatchAnswer"))]).body("Batch").lines("Event"),
    Operation::new(EVENTS, ["get", "/v1/events", "listEvents", "List what was taken in, newest first. A page may hold fewer than asked for and still name a next one"],
        &[(200, "A page", Some("EventPage"))])
        .query(&["limit", "cursor", "companyId", "projectId", "event", "since", "until"]),
    Operation::new(EVENTS, ["get", "/v1/events/{id}", "getEvent", "Show an event with its values and its newest deliveries"],
        &[(200, "The event", Some("EventDetail"))]).query(&["companyId"]),
    Operation::new(EVENTS, ["get", "/v1/event-types", "listEventTypes", "List the events that a webhook can subscribe to"],
        &[(200, "The catalogue", Some("EventTypes"))]).query(&["brief"]),
    Operation::new(EVENTS, ["get", "/v1/event-types/{eventType}", "getEventType", "Show one event that a webhook can subscribe to"],
        &[(200, "The event", Some("EventType"))]),
    Operation::new(EVENTS, ["post", "/v1/preview", "preview", "Show a delivery as it would be sent, and whether it would be"],
        &[(200, "The delivery", Some("Preview"))]).body("PreviewRequest"),
    Operation::new(WEBHOOKS, ["post", "/v1/url-check", "checkUrl", "Try a URL before it is saved: its name, its address, its certificate; nothing is sent"],
        &[(200, "What was found", Some("UrlCheck"))]).body("UrlCheckBody"),
    Operation::new(WEBHOOKS, ["get", "/v1/webhooks", "listWebhooks", "List webhooks, newest first; a person's own"],
        &[(200, "A page", Some("WebhookPage"))])
        .query(&["limit", "cursor", "companyId", "createdById", "enabled", "scope", "health", "q", "include"]),
    Operation::new(WEBHOOKS, ["post", "/v1/webhooks", "createWebhook", "Make a webhook; its secret is shown now and never again"],
        &[(201, "Made", Some("Webhook")), (200, "Made before with this key: its secret is not shown again", Some("RepeatedWebhook"))])
        .query(&["Idempotency-Key"]).body("NewWebhook"),
    Operation::new(WEBHOOKS, ["get", "/v1/webhooks/{id}", "getWebhook", "Show a webhook; to those who administer a project of its company, a part of it"],
        &[(200, "The webhook", Some("WebhookWithMore"))]).query(&["include", "window"]),
    Operation::new(WEBHOOKS, ["patch", "/v1/webhooks/{id}", "updateWebhook", "Change a webhook; enabling sends a probe first"],
        &[(200, "The webhook as it is now", Some("WebhookWithMore")), CHANGED]).query(&["If-Match"]).body("WebhookChange"),
    Operation::new(WEBHOOKS, ["delete", "/v1/webhooks/{id}", "deleteWebhook", "Delete a webhook"], DELETED).query(&["If-Match"]),
    Operation::new(WEBHOOKS, ["post", "/v1/webhooks/{id}/enable", "enableWebhook", "Switch a webhook on, if it answers a probe with 2xx; the probe is shown, whatever came of it"],
        &[(200, "The webhook as it is now", Some("WebhookWithMore")), CHANGED]).query(&["If-Match"]),
    Operation::new(WEBHOOKS, ["post", "/v1/webhooks/{id}/disable", "disableWebhook", "Switch a webhook off; its events are held"],
        &[(200, "The webhook as it is now", Some("Webhook")), CHANGED]).query(&["If-Match"]),
    Operation::new(WEBHOOKS, ["post", "/v1/webhooks/{id}/rotate-secret", "rotateSecret", "Give a webhook a new secret, shown now and never again"],
        &[(200, "The new secret", Some("NewSecret")), CHANGED]).query(&["If-Match"]).optional_body("Rotation"),
    Operation::new(WEBHOOKS, ["post", "/v1/webhooks/{id}/finish-rotation", "finishRotation", "Let only the newest secret sign from now on"],
        &[(200, "The webhook as it is now", Some("Webhook")), CHANGED]).query(&["If-Match"]).optional_body("Nothing"),
    Operation::new(WEBHOOKS, ["delete", "/v1/webhooks/{id}/secret", "removeSecret", "Take a webhook's secrets away: its deliveries are no longer signed"],
        &[(200, "The webhook as it is now", Some("Webhook")), CHANGED]).query(&["If-Match"]),
    Operation::new(WEBHOOKS, ["post", "/v1/webhooks/{id}/hand-over", "handOver", "Give a webhook to another person, who becomes its creator"],
        &[(200, "The webhook as it is now", Some("Webhook")), CHANGED]).query(&["If-Match"]).body("HandOver"),
    Operation::new(WEBHOOKS, ["get", "/v1/webhooks/{id}/history", "getHistory", "Show what a webhook's health was, newest first; 200 changes are kept"],
        &[(200, "Its changes", Some("HealthHistory"))]),
    Operation::new(WEBHOOKS, ["get", "/v1/users", "listCandidates", "List who may take a webhook over"],
        &[(200, "The people of its company", Some("CandidatePage"))]).query(&["webhookId"]),
    Operation::new(WEBHOOKS, ["post", "/v1/webhooks/{id}/test", "testWebhook", "Send the receiver a signed sample now, and show what came of it; it is in no log"],
        &[(200, "The attempt", Some("Test"))]).optional_body("TestBody"),
    Operation::new(WEBHOOKS, ["post", "/v1/webhooks/{id}/replay", "replay", "Send a span of deliveries again, or count them"],
        &[(202, "Begun", Some("Replay")), (200, "How many it would be", Some("ReplayCount"))]).body("ReplayBody").query(&["If-Match"]),
    Operation::new(WEBHOOKS, ["post", "/v1/webhooks/{id}/dry-run", "dryRun", "Try a choice of events, projects and filter on the newest events; nothing is sent"],
        &[(200, "What the webhook would get", Some("DryRun"))]).body("DryRunBody"),
    Operation::new(WEBHOOKS, ["get", "/v1/webhooks/{id}/stats", "getStats", "Show how a webhook fared: counts, success rate, latencies, a series"],
        &[(200, "How it fared", Some("Stats"))]).query(&["window"]),
    Operation::new(WEBHOOKS, ["get", "/v1/replays/{id}", "getReplay", "Show how far a replay is"],
        &[(200, "The replay", Some("Replay"))]),
    Operation::new(WEBHOOKS, ["delete", "/v1/replays/{id}", "cancelReplay", "Stop a replay; what it handed over is still sent"], DONE).query(&["If-Match"]),
    Operation::new(DELIVERIES, ["get", "/v1/deliveries", "listDeliveries", "List deliveries, newest first; of a person's own webhooks. A page may hold fewer than asked for, even none, and still name a next one: go on until nextCursor is null"],
        &[(200, "A page", Some("DeliveryPage"))])
        .query(&["limit", "cursor", "webhookId", "companyId", "createdById", "eventId", "event", "status", "since", "until"]),
    Operation::new(DELIVERIES, ["get", "/v1/deliveries/{id}", "getDelivery", "Show a delivery: the exact body, every attempt"],
        &[(200, "The delivery", Some("DeliveryDetail"))]),
    Operation::new(DELIVERIES, ["post", "/v1/deliveries/{id}/redeliver", "redeliver", "Send a delivery again, now: same id, same bytes"],
        &[(202, "It will be sent", Some("DeliveryDetail"))]).query(&["If-Match"]),
    Operation::new(DELIVERIES, ["get", "/v1/stream", "stream", "Follow deliveries and webhooks as they change; a reader that comes back with the last id misses nothing"],
        &[(200, "A stream that goes on until one side ends it", Some("EventStream"))])
        .query(&["webhookId", "companyId", "createdById", "lastEventId", "Last-Event-ID"]),
    Operation::new(DIRECTORY, ["put", "/v1/companies/{id}", "putCompany", "Tell of a company"],
        &[(201, "New", Some("Company")), (200, "Replaced", Some("Company"))]).body("CompanyBody").query(&["If-Match"]),
    Operation::new(DIRECTORY, ["delete", "/v1/companies/{id}", "deleteCompany", "Take a company away, with its projects and webhooks"], DONE).query(&["If-Match"]),
    Operation::new(DIRECTORY, ["get", "/v1/projects", "listProjects", "List a company's projects; the backend names the company"],
        &[(200, "The projects", Some("ProjectPage"))]).query(&["companyId", "q"]),
    Operation::new(DIRECTORY, ["put", "/v1/projects/{id}", "putProject", "Tell of a project"],
        &[(201, "New", Some("Project")), (200, "Replaced", Some("Project"))]).body("ProjectBody").query(&["If-Match"]),
    Operation::new(DIRECTORY, ["delete", "/v1/projects/{id}", "deleteProject", "Take a project away"], DONE).query(&["If-Match"]),
    Operation::new(DIRECTORY, ["put", "/v1/projects/{id}/members/{userId}", "putMember", "Tell that a person is in a project"],
        &[(201, "New", Some("Member")), (200, "Replaced", Some("Member"))]).body("MemberBody").query(&["If-Match"]),
    Operation::new(DIRECTORY, ["delete", "/v1/projects/{id}/members/{userId}", "deleteMember", "Tell that a person left a project"], DONE).query(&["If-Match"]),
    Operation::new(DIRECTORY, ["put", "/v1/users/{id}", "putUser", "Tell of a person"],
        &[(201, "New", Some("User")), (200, "Replaced", Some("User"))]).body("UserBody").query(&["If-Match"]),
    Operation::new(DIRECTORY, ["delete", "/v1/users/{id}", "deleteUser", "Take a person away, with their webhooks"], DONE).query(&["If-Match"]),
    Operation::new(TOKENS, ["get", "/v1/tokens", "listTokens", "List tokens, newest first"],
        &[(200, "The tokens", Some("TokenPage"))]),
    Operation::new(TOKENS, ["post", "/v1/tokens", "createToken", "Make a token; its secret is shown now and never again"],
        &[(201, "Made", Some("NewToken"))]).body("TokenBody"),
    Operation::new(TOKENS, ["delete", "/v1/tokens/{id}", "revokeToken", "End a token, at once and for good"], DONE).query(&["If-Match"]),
    Operation::new(SESSIONS, ["post", "/v1/sessions", "createSession", "Make a link that signs a person in: it works once, for five minutes"],
        &[(201, "The link", Some("NewSession"))]).body("SessionBody"),
    Operation::new(SESSIONS, ["get", "/v1/sessions", "listSessions", "List the sessions of a person, newest first: one's own; the backend says whose"],
        &[(200, "The sessions", Some("OpenSessionPage"))]).query(&["query.userId"]),
    Operation::new(SESSIONS, ["delete", "/v1/sessions", "endSessions", "Sign a person out everywhere: oneself, this session last; the backend says whom"], DONE).query(&["query.userId"]),
    Operation::new(SESSIONS, ["delete", "/v1/sessions/{id}", "endOneSession", "End a session"], DONE).query(&["If-Match"]),
    Operation::new(SESSIONS, ["get", "/v1/session", "getSession", "Show who is signed in, and the token that unsafe requests have to carry"],
        &[(200, "The session", Some("Session"))]),
    Operation::new(SESSIONS, ["delete", "/v1/session", "endSession", "Sign out"], DONE),
    Operation::new(SERVER, ["get", "/v1/audit", "listAudit", "List who did what, newest first; a person what concerns their own webhooks, tokens and sessions"],
        &[(200, "A page", Some("AuditPage"))]).query(&["limit", "cursor", "webhookId", "query.userId", "action", "since", "until"]),
    Operation::new(SESSIONS, ["get", "/v1/me", "getMe", "Show who is here, what they may, and what the server is like; for people"],
        &[(200, "The person", Some("Me"))]),
    Operation::new(SERVER, ["post", "/v1/keys/rotate", "rotateKeys", "Seal everything with the newest encryption key; for tokens of services"],
        &[(202, "Begun", Some("Job"))]),
    Operation::new(SERVER, ["get", "/v1/jobs/{id}", "getJob", "Show how far a job is"],
        &[(200, "The job", Some("Job"))]),
    Operation::new(SERVER, ["get", "/metrics", "metrics", "Show what happens, in numbers for Prometheus; for tokens of services"],
        &[(200, "The numbers", Some("Metrics"))]),
    Operation::new(SERVER, ["get", "/healthz", "alive", "Whether the server runs"],
        &[(200, "It runs", Some("Status"))]).open(),
    Operation::new(SERVER, ["get", "/readyz", "ready", "Whether events are taken in"],
        &[(200, "They are", Some("Status"))]).open(),
];
