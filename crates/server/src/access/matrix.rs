//! The rights matrix: every action × role × whose it is, by REST, GraphQL and the stream, on a real server over a real
//! socket. One row says what each role meets; what is another company's answers exactly like what does not exist.

use bluehook_core::retry::Policy;
use bluehook_dispatcher::Role;

use crate::trial::{ADMIN, World};

// Somebody with one thing of each kind.
mod person;

// What lists, deliveries and the stream tell them.
mod told;

// Those whose company, or who themselves, were deleted and put again.
mod again;

use person::Person;

/// What a webhook, delivery or project is to the person who tries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Whose {
    /// Their own; a project that they are in.
    Own,
    /// A colleague's.
    Other,
    /// Of another company.
    Company,
    /// Their own, with deliveries of a project that they left.
    Left,
    /// Their own, with deliveries of a project that was deleted.
    Deleted,
    /// Their own, with deliveries of a project that was deleted and put again with its id.
    Again,
    /// What there is not.
    Nothing,
}

impl Whose {
    const ALL: [Whose; 7] =
        [Whose::Own, Whose::Other, Whose::Company, Whose::Left, Whose::Deleted, Whose::Again, Whose::Nothing];

    /// Whether the webhook is the person's.
    fn is_theirs(self) -> bool {
        matches!(self, Whose::Own | Whose::Left | Whose::Deleted | Whose::Again)
    }

    /// Whether the person is in the project now.
    fn is_in(self) -> bool {
        matches!(self, Whose::Own | Whose::Again)
    }
}

/// How an action is done; `$` is what it is done to.
#[derive(Clone, Copy, Debug)]
enum By {
    /// A method, a path and a body.
    Rest(&'static str, &'static str, &'static str),
    /// An operation.
    Graphql(&'static str),
}

use By::{Graphql, Rest};

/// What is met: the status, or Blue's code and why.
type Met = &'static str;

const NO_WEBHOOK: Met = "WEBHOOK_NOT_FOUND";
const FORBIDDEN: Met = "FORBIDDEN";

/// An action on a webhook; what it meets at one's own, at a colleague's for those who administer, and for others. At what is
/// another company's, or nobody's, it meets that there is no webhook. Those that take it away come last.
#[rustfmt::skip]
const WEBHOOK_ROWS: &[(By, Met, Met, Met)] = &[
    (Rest("GET", "/v1/webhooks/$", ""), "200", "200", NO_WEBHOOK),
    (Rest("GET", "/v1/webhooks/$?include=activity,stats,projects,history", ""), "200", "200", NO_WEBHOOK),
    (Rest("GET", "/v1/webhooks/$/stats", ""), "200", "200", NO_WEBHOOK),
    (Rest("GET", "/v1/webhooks/$/history", ""), "200", FORBIDDEN, NO_WEBHOOK),
    (Rest("GET", "/v1/users?webhookId=$", ""), "200", "200", NO_WEBHOOK),
    (Rest("PATCH", "/v1/webhooks/$", r#"{"name":"n"}"#), "200", FORBIDDEN, NO_WEBHOOK),
    (Rest("POST", "/v1/webhooks/$/dry-run", "{}"), "200", "200", NO_WEBHOOK),
    (Rest("POST", "/v1/webhooks/$/replay", r#"{"since":"2020-01-01T00:00:00Z","until":"2040-01-01T00:00:00Z","dryRun":true}"#), "200", FORBIDDEN, NO_WEBHOOK),
    (Rest("POST", "/v1/webhooks/$/rotate-secret", r#"{"overlapSeconds":0}"#), "200", FORBIDDEN, NO_WEBHOOK),
    (Rest("POST", "/v1/webhooks/$/finish-rotation", ""), "200", FORBIDDEN, NO_WEBHOOK),
    (Rest("DELETE", "/v1/webhooks/$/secret", ""), "200", FORBIDDEN, NO_WEBHOOK),
    (Rest("POST", "/v1/webhooks/$/test", ""), "200", FORBIDDEN, NO_WEBHOOK),
    (Rest("POST", "/v1/webhooks/$/hand-over", r#"{"userId":"nobody"}"#), "BAD_USER_INPUT", FORBIDDEN, NO_WEBHOOK),
    (Rest("POST", "/v1/webhooks/$/enable", ""), "200", FORBIDDEN, NO_WEBHOOK),
    (Rest("PATCH", "/v1/webhooks/$", r#"{"enabled":false}"#), "200", FORBIDDEN, NO_WEBHOOK),
    // Whoever administers may switch it off, and on again what they switched off.
    (Rest("POST", "/v1/webhooks/$/disable", ""), "200", "200", NO_WEBHOOK),
    (Rest("POST", "/v1/webhooks/$/enable", ""), "200", "200", NO_WEBHOOK),
    (Rest("DELETE", "/v1/webhooks/$", ""), "204", FORBIDDEN, NO_WEBHOOK),
    (Graphql("query { webhook(id: $) { id uid name url secret status events projectIds enabled metadata } }"), "data", NO_WEBHOOK, NO_WEBHOOK),
    (Graphql("mutation { updateWebhook(input: {webhookId: $, name: \"n\"}) { id } }"), "data", FORBIDDEN, FORBIDDEN),
    (Graphql("mutation { updateWebhook(input: {webhookId: $, url: \"http://127.0.0.1:9/n\"}) { id } }"), "data", FORBIDDEN, FORBIDDEN),
    (Graphql("mutation { updateWebhook(input: {webhookId: $, events: [TAG_CREATED]}) { id } }"), "data", FORBIDDEN, FORBIDDEN),
    (Graphql("mutation { updateWebhook(input: {webhookId: $, projectIds: []}) { id } }"), "data", FORBIDDEN, FORBIDDEN),
    (Graphql("mutation { updateWebhook(input: {webhookId: $, enabled: true}) { id } }"), "data", FORBIDDEN, FORBIDDEN),
    (Graphql("mutation { updateWebhook(input: {webhookId: $, enabled: false}) { id } }"), "data", FORBIDDEN, FORBIDDEN),
    // What cannot be read says nothing of whose it is, and what can be read nothing but that.
    (Graphql("mutation { updateWebhook(input: {webhookId: $, url: \"ftp://a\"}) { id } }"), "BAD_USER_INPUT", FORBIDDEN, FORBIDDEN),
    (Graphql("mutation { disableWebhook(input: {webhookId: $}) { success } }"), "data", "data", FORBIDDEN),
    (Graphql("mutation { deleteWebhook(input: {webhookId: $}) { success } }"), "data", FORBIDDEN, FORBIDDEN),
];

/// A choice of a project, `$`: done by the creator of `@`, or, where there is no `@`, by whoever administers.
#[rustfmt::skip]
const PROJECT_ROWS: &[(By, Met)] = &[
    (Rest("POST", "/v1/webhooks", r#"{"url":"http://127.0.0.1:9/","projectIds":["$"]}"#), "201"),
    (Rest("PATCH", "/v1/webhooks/@", r#"{"projectIds":["$"]}"#), "200"),
    (Graphql("mutation { createWebhook(input: {url: \"http://127.0.0.1:9/\", projectIds: [$]}) { id } }"), "data"),
    (Graphql("mutation { updateWebhook(input: {webhookId: @, projectIds: [$]}) { id } }"), "data"),
];

/// Everything that only the backend may do.
#[rustfmt::skip]
const BACKENDS: &[(&str, &str, &str)] = &[
    ("GET", "/v1/events", ""), ("POST", "/v1/events", "{}"), ("POST", "/v1/events/batch", "{}"), ("GET", "/v1/tokens", ""),
    ("POST", "/v1/tokens", "{}"), ("DELETE", "/v1/tokens/tok_x", ""), ("POST", "/v1/sessions", "{}"),
    ("PUT", "/v1/companies/c", "{}"), ("DELETE", "/v1/companies/c", ""), ("PUT", "/v1/projects/p-c", "{}"),
    ("DELETE", "/v1/projects/p-c", ""), ("PUT", "/v1/users/x", "{}"), ("DELETE", "/v1/users/x", ""),
    ("PUT", "/v1/projects/p-c/members/x", "{}"), ("DELETE", "/v1/projects/p-c/members/x", ""), ("GET", "/metrics", ""),
    ("POST", "/v1/keys/rotate", ""),
];

#[actix_web::test]
async fn who_may_do_what_to_whose() {
    // What failed once is not under way again while somebody tries to send it.
    let hours = Policy::new(vec![3_600_000; 4]);
    let world = World::configured(|config| config.dispatcher.retry = hours).await;
    world.person("colleague", "c", Role::Admin).await;
    world.person("stranger", "other", Role::Owner).await;
    for role in Role::ALL {
        // Two people, since what one person may ask in a minute is limited.
        for is_rest in [true, false] {
            let person = Person::new(&world, role, is_rest).await;
            person.sees_deliveries(&world).await;
            person.sees_lists(&world).await;
            person.hears(&world).await;
            person.chooses_projects(&world).await;
            for row in WEBHOOK_ROWS.iter().filter(|(by, ..)| matches!(by, Rest(..)) == is_rest) {
                person.does(&world, row).await;
            }
        }
        let person = Person::token(&world, &format!("backend-{}", role.name()), role).await;
        for (method, path, body) in BACKENDS {
            let by = Rest(method, path, body);
            assert_eq!(person::met(&world, &person, by, "").await, FORBIDDEN, "{} {by:?}", role.name());
        }
    }
}

impl Person {
    /// An action meets what its row says, whosever the webhook is.
    async fn does(&self, world: &World, (by, own, administers, others): &(By, Met, Met, Met)) {
        for thing in &self.things {
            let expected = match thing.whose {
                Whose::Other if self.role.administers() => administers,
                Whose::Other => others,
                Whose::Company | Whose::Nothing => &NO_WEBHOOK,
                _ => own,
            };
            let met = person::met(world, &self.token, *by, &thing.webhook).await;
            assert_eq!(met, *expected, "{} {:?}: {by:?}", self.role.name(), thing.whose);
        }
    }

    /// A webhook may choose the projects that its creator is in now, and no others; which others there are is not told.
    async fn chooses_projects(&self, world: &World) {
        let own = &self.things[0];
        for (by, met) in PROJECT_ROWS.iter().filter(|(by, _)| matches!(by, Rest(..)) == self.is_rest) {
            let needs_to_administer = !format!("{by:?}").contains('@');
            for thing in &self.things {
                let may = thing.whose.is_in() && (self.role.administers() || !needs_to_administer);
                let found = person::met_with(world, &self.token, *by, (&thing.project, &own.webhook)).await;
                let expected = if may { met } else { FORBIDDEN };
                assert_eq!(found, expected, "{} {:?}: {by:?}", self.role.name(), thing.whose);
            }
        }
    }
}

#[actix_web::test]
async fn the_company_that_is_named_is_ones_own() {
    let world = World::new().await;
    let boss = world.person("boss", "c", Role::Owner).await;
    let create = Graphql("mutation { createWebhook(input: {url: \"http://127.0.0.1:9/\"}) { id } }");
    for company in ["other", "nothing", "C", ""] {
        let found = person::met_in(&world, &boss, (create, company), ("", "")).await;
        assert_eq!(found, "COMPANY_NOT_FOUND", "{company}");
    }
    assert_eq!(person::met_in(&world, &boss, (create, "c"), ("", "")).await, "data");
    assert_eq!(person::met_in(&world, ADMIN, (create, "c"), ("", "")).await, FORBIDDEN, "it is nobody");
    let rest = Rest("POST", "/v1/webhooks", r#"{"url":"http://127.0.0.1:9/","companyId":"$"}"#);
    for company in ["other", "nothing"] {
        assert_eq!(person::met(&world, &boss, rest, company).await, "BAD_USER_INPUT", "{company}");
    }
}
