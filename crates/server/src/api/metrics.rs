//! What happened and what is under way, in Prometheus's text format. For whoever has a token of a service.

use std::fmt::Write;

use actix_web::{HttpResponse, http::header, web};
use bluehook_dispatcher::{Histogram, Metrics};

use super::only;
use crate::{auth::Service, limits::Refusals, state::State};

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config.service(web::resource("/metrics").get(show).default_service(only("GET, HEAD")));
}

async fn show(_: Service, state: web::Data<State>) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(text(&state.dispatcher.metrics(), state.seats.count()) + &refusals(state.limits.refusals()))
}

/// Counts end in `_total`; times are seconds, as Prometheus has it.
fn text(metrics: &Metrics, streams: usize) -> String {
    let mut out = String::with_capacity(4_096);
    let totals = [
        ("events_accepted", "Events that were taken in", metrics.events_accepted),
        ("events_duplicate", "Events that had been taken in before", metrics.events_duplicate),
        ("events_refused", "Events that were refused because too much waits", metrics.events_refused),
        ("deliveries_created", "Deliveries that were made", metrics.deliveries_created),
        ("deliveries_succeeded", "Deliveries that succeeded", metrics.deliveries_succeeded),
        ("deliveries_failed", "Deliveries whose attempts were used up", metrics.deliveries_failed),
        ("deliveries_held", "Deliveries held because their webhook is off", metrics.deliveries_held),
        ("deliveries_cancelled", "Deliveries whose webhook was deleted", metrics.deliveries_cancelled),
        ("attempts_retried", "Attempts that failed and are followed by another", metrics.attempts_retried),
    ];
    for (name, help, value) in totals {
        single(&mut out, &format!("bluehook_{name}_total"), "counter", help, value);
    }
    let gauges = [
        ("attempts_in_flight", "Requests that are under way", metrics.in_flight),
        ("deliveries_waiting", "Deliveries still to be attempted, those under way included", metrics.backlog),
        ("events_queued", "Events that wait for the disk", metrics.queued),
        ("log_bytes", "Bytes of the write-ahead log that are in use", metrics.log_bytes),
        (
            "log_held",
            "1 while the write-ahead log cannot be emptied: something reads the database without an end",
            u64::from(metrics.log_held),
        ),
        ("streams_open", "Readers of /v1/stream", u64::try_from(streams).unwrap_or(u64::MAX)),
    ];
    for (name, help, value) in gauges {
        single(&mut out, &format!("bluehook_{name}"), "gauge", help, value);
    }
    histogram(&mut out, "bluehook_commit_seconds", "How long a commit takes", &metrics.commits);
    histogram(&mut out, "bluehook_attempt_seconds", "How long an attempt takes", &metrics.attempts);
    out
}

/// Requests and connections that a limit held back.
fn refusals(refusals: &Refusals) -> String {
    let name = "bluehook_refusals_total";
    let mut out = format!("# HELP {name} What was refused because of a limit\n# TYPE {name} counter\n");
    for (limit, count) in refusals.counts() {
        let _ = writeln!(out, "{name}{{limit=\"{limit}\"}} {count}");
    }
    out
}

fn single(out: &mut String, name: &str, kind: &str, help: &str, value: u64) {
    let _ = write!(out, "# HELP {name} {help}\n# TYPE {name} {kind}\n{name} {value}\n");
}

fn histogram(out: &mut String, name: &str, help: &str, histogram: &Histogram) {
    let _ = write!(out, "# HELP {name} {help}\n# TYPE {name} histogram\n");
    let mut count = 0;
    for (bound, more) in &histogram.buckets {
        count += more;
        let _ = writeln!(out, "{name}_bucket{{le=\"{}\"}} {count}", seconds(*bound));
    }
    count += histogram.longer;
    let _ = write!(out, "{name}_bucket{{le=\"+Inf\"}} {count}\n{name}_sum ");
    let _ = write!(out, "{}\n{name}_count {count}\n", seconds(histogram.sum_us));
}

#[expect(clippy::cast_precision_loss, reason = "exact below 285 years")]
fn seconds(micros: u64) -> f64 {
    micros as f64 / 1_000_000.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trial::{ADMIN, World};
    use awc::http::Method;
    use bluehook_dispatcher::Role;
    use serde_json::{Value, json};

    #[test]
    fn histograms_add_up() {
        let mut out = String::new();
        let given = Histogram { buckets: vec![(500, 2), (1_000_000, 1)], longer: 4, sum_us: 1_500_000 };
        histogram(&mut out, "h", "x", &given);
        assert_eq!(
            out,
            "# HELP h x\n# TYPE h histogram\nh_bucket{le=\"0.0005\"} 2\nh_bucket{le=\"1\"} 3\n\
             h_bucket{le=\"+Inf\"} 7\nh_sum 1.5\nh_count 7\n"
        );
    }

    async fn scraped(world: &World) -> String {
        let request = world.client.get(format!("{}/metrics", world.url)).bearer_auth(ADMIN);
        let mut response = request.send().await.unwrap();
        assert_eq!(response.status(), 200);
        assert!(response.headers().get("content-type").unwrap().to_str().unwrap().starts_with("text/plain"));
        String::from_utf8(response.body().await.unwrap().to_vec()).unwrap()
    }

    #[actix_web::test]
    async fn what_happens_is_counted() {
        let world = World::new().await;
        world.person("me", "c", Role::Admin).await;
        let webhook = world.webhook("me", "c").await;
        let off = format!("/v1/webhooks/{webhook}/disable");
        world.service(Method::POST, &off, Value::Null).await;
        let event = json!({"event": "TAG_CREATED", "companyId": "c", "projectId": "p-c", "userId": "u", "currentValue": {}});
        world.service(Method::POST, "/v1/events", event).await;
        let text = scraped(&world).await;
        for line in [
            "bluehook_events_accepted_total 1",
            "bluehook_deliveries_created_total 1",
            "bluehook_deliveries_held_total 1",
            "bluehook_deliveries_succeeded_total 0",
            "bluehook_attempts_in_flight 0",
            "bluehook_deliveries_waiting 0",
            "bluehook_log_held 0",
            "bluehook_attempt_seconds_count 0",
        ] {
            assert!(text.lines().any(|found| found == line), "{line} in {text}");
        }
        assert!(!text.contains("bluehook_commit_seconds_count 0"), "{text}");
    }

    #[actix_web::test]
    async fn only_services_read_them() {
        let world = World::new().await;
        let person = world.person("me", "c", Role::Owner).await;
        assert_eq!(world.call(&person, Method::GET, "/metrics", Value::Null).await.0, 403);
        assert_eq!(world.call("", Method::GET, "/metrics", Value::Null).await.0, 401);
    }
}
