//! `bluehook token`: tokens on a server.

use awc::http::Method;
use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::{
    answer::text,
    client::{Server, segment},
    failure::Failure,
    output,
};

/// Create, list and revoke API tokens.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Token {
    #[command(subcommand)]
    action: Action,
}

const EXAMPLES: &str = "\
Examples:
  bluehook token create --name ci
  bluehook token create --name 'Ada at work' --user-id u1 --company-id c1 --expires-at 2030-01-01T00:00:00Z
  bluehook token list
  bluehook token revoke tok_…";

const CREATE_EXAMPLES: &str = "\
Examples:
  bluehook token create --name backend
  bluehook token create --name 'Ada at work' --user-id u1 --company-id c1 --expires-at 2030-01-01T00:00:00Z
  bluehook token create --name zapier --user-id u1 --company-id c1 --json";

const LIST_EXAMPLES: &str = "\
Examples:
  bluehook token list
  bluehook token list --json | jq -r '.items[] | select(.lastUsedAt == null) | .id'";

const REVOKE_EXAMPLES: &str = "\
Example:
  bluehook token revoke tok_…";

#[derive(Subcommand)]
enum Action {
    /// Make a token and show it this once: of one person in one company, or of a service
    Create(Create),
    /// List the tokens, newest first
    List(List),
    /// End a token, at once and for good
    Revoke(Revoke),
}

#[derive(Args)]
#[command(after_help = CREATE_EXAMPLES)]
struct Create {
    /// What it is for
    #[arg(long)]
    name: String,

    /// The person it stands for; none makes a token of a service, which may do everything
    #[arg(long, value_name = "ID", requires = "company_id")]
    user_id: Option<String>,

    /// The company that the person acts in
    #[arg(long, value_name = "ID", requires = "user_id")]
    company_id: Option<String>,

    /// When it ends, as in 2030-01-01T00:00:00Z [default: never]
    #[arg(long, value_name = "TIME")]
    expires_at: Option<String>,

    #[command(flatten)]
    common: Common,
}

#[derive(Args)]
#[command(after_help = LIST_EXAMPLES)]
struct List {
    #[command(flatten)]
    common: Common,
}

#[derive(Args)]
#[command(after_help = REVOKE_EXAMPLES)]
struct Revoke {
    /// The token's id, `tok_…`
    id: String,

    #[command(flatten)]
    common: Common,
}

#[derive(Args)]
struct Common {
    /// Print the server's answer as JSON
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    server: Server,
}

impl Token {
    pub(super) async fn run(self) -> Result<(), Failure> {
        match self.action {
            Action::Create(create) => create.run().await,
            Action::List(list) => list.run().await,
            Action::Revoke(revoke) => revoke.run().await,
        }
    }
}

impl Create {
    async fn run(self) -> Result<(), Failure> {
        let body = json!({
            "name": self.name,
            "userId": self.user_id,
            "companyId": self.company_id,
            "expiresAt": self.expires_at,
        });
        let made = self.common.server.post("/v1/tokens", body.to_string().into_bytes()).await?;
        if self.common.json {
            return output::print_json(&made);
        }
        output::tell("The token, shown this once:");
        output::print(&format!("{}\n", text(&made, "/token")))
    }
}

impl List {
    async fn run(self) -> Result<(), Failure> {
        let listed = self.common.server.call(Method::GET, "/v1/tokens", Vec::new()).await?;
        if self.common.json {
            return output::print_json(&listed);
        }
        let tokens = listed.get("items").and_then(Value::as_array);
        output::print(&tokens.into_iter().flatten().map(line).collect::<String>())
    }
}

impl Revoke {
    async fn run(self) -> Result<(), Failure> {
        let path = format!("/v1/tokens/{}", segment(&self.id)?);
        let answer = self.common.server.call(Method::DELETE, &path, Vec::new()).await?;
        if self.common.json {
            output::print_json(&answer)
        } else {
            output::print(&format!("revoked {}\n", self.id))
        }
    }
}

/// A token as one line.
pub(super) fn line(token: &Value) -> String {
    let whose = match text(token, "/userId") {
        user if user.is_empty() => "a service".to_owned(),
        user => format!("{user} in {}", text(token, "/companyId")),
    };
    let used = match text(token, "/lastUsedAt") {
        used if used.is_empty() => "never used".to_owned(),
        used => used,
    };
    format!("{}  {whose}  {used}  {}\n", text(token, "/id"), text(token, "/name"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_for_each_token() {
        let person = json!({"id": "tok_1", "userId": "u", "companyId": "c", "name": "n", "lastUsedAt": null});
        assert_eq!(line(&person), "tok_1  u in c  never used  n\n");
        let service =
            json!({"id": "tok_2", "userId": null, "name": "m", "lastUsedAt": "2026-01-01T00:00:00.000Z"});
        assert_eq!(line(&service), "tok_2  a service  2026-01-01T00:00:00.000Z  m\n");
    }
}
