//! `bluehook replay`: a span of a webhook's deliveries sent again.

use std::time::Duration;

use awc::http::Method;
use clap::Args;
use serde_json::{Value, json};

use super::{
    answer::{number, text},
    client::{Server, segment},
    failure::Failure,
    output,
    progress::Progress,
};

/// How often the server is asked how far it is.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// Send a span of a webhook's deliveries again, and wait until all are handed over.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Replay {
    /// The webhook's id
    webhook: String,

    /// From this time on, as in 2030-01-01T00:00:00Z
    #[arg(long, value_name = "TIME")]
    since: String,

    /// Before this time
    #[arg(long, value_name = "TIME")]
    until: String,

    /// Only deliveries in this status: SUCCEEDED, FAILED, HELD or CANCELLED [default: FAILED and HELD]
    #[arg(long)]
    status: Option<String>,

    /// Only deliveries of this event
    #[arg(long)]
    event: Option<String>,

    /// Only count them
    #[arg(long)]
    dry_run: bool,

    /// Print the server's last answer as JSON
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    server: Server,
}

const EXAMPLES: &str = "\
Examples:
  bluehook replay clb4… --since 2030-01-01T00:00:00Z --until 2030-01-02T00:00:00Z --dry-run
  bluehook replay clb4… --since 2030-01-01T00:00:00Z --until 2030-01-02T00:00:00Z --status HELD";

impl Replay {
    pub(super) async fn run(self) -> Result<(), Failure> {
        let body = json!({
            "since": self.since,
            "until": self.until,
            "status": self.status,
            "event": self.event,
            "dryRun": self.dry_run,
        });
        let path = format!("/v1/webhooks/{}/replay", segment(&self.webhook)?);
        let begun = self.server.post(&path, body.to_string().into_bytes()).await?;
        let ended = if self.dry_run { begun } else { self.follow(begun).await? };
        if self.json {
            return output::print_json(&ended);
        }
        output::print(&if self.dry_run { counted(&ended) } else { told(&ended) })
    }

    /// Waits until the replay is over, and shows how far it is where somebody watches.
    async fn follow(&self, mut replay: Value) -> Result<Value, Failure> {
        let progress = Progress::new();
        while text(&replay, "/state") == "RUNNING" {
            progress.show(number(&replay, "/done"), number(&replay, "/total"));
            actix_web::rt::time::sleep(LOOK_EVERY).await;
            let path = format!("/v1/replays/{}", text(&replay, "/id"));
            replay = self.server.call(Method::GET, &path, Vec::new()).await?;
        }
        progress.end();
        Ok(replay)
    }
}

fn counted(answer: &Value) -> String {
    format!("{} would be sent again\n", number(answer, "/total"))
}

fn told(replay: &Value) -> String {
    let [done, total, skipped] = ["/done", "/total", "/skipped"].map(|place| number(replay, place));
    let passed_over = match skipped {
        0 => String::new(),
        _ => format!("; {skipped} skipped, since the webhook's creator is not in their project now"),
    };
    format!("{}: {done} of {total} handed over{passed_over}\n", text(replay, "/state").to_lowercase())
}
