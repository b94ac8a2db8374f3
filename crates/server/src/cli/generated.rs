//! `bluehook openapi`, `bluehook graphql-schema` and `bluehook completions`: text for other programs.

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::{failure::Failure, output};
use crate::{graphql, openapi};

/// Print the description of the HTTP API: OpenAPI 3.1 as JSON.
#[derive(Args)]
#[command(after_help = OPENAPI_EXAMPLES)]
pub(super) struct Openapi {}

const OPENAPI_EXAMPLES: &str = "\
Examples:
  bluehook openapi > openapi.json
  bluehook openapi | jq -r '.paths | keys[]'";

impl Openapi {
    #[expect(clippy::unused_self, reason = "every command is run in the same way")]
    pub(super) fn run(self) -> Result<(), Failure> {
        let document = serde_json::to_string_pretty(&openapi::document()).map_err(Failure::failed)?;
        output::print(&format!("{document}\n"))
    }
}

/// Print the schema of POST /graphql in GraphQL's own language.
#[derive(Args)]
#[command(after_help = SCHEMA_EXAMPLES)]
pub(super) struct GraphqlSchema {}

const SCHEMA_EXAMPLES: &str = "\
Example:
  bluehook graphql-schema > schema.graphql";

impl GraphqlSchema {
    #[expect(clippy::unused_self, reason = "every command is run in the same way")]
    pub(super) fn run(self) -> Result<(), Failure> {
        output::print(&graphql::sdl())
    }
}

/// Print a script that completes this program's command line.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Completions {
    /// The shell that completes
    shell: Shell,
}

const EXAMPLES: &str = "\
Examples:
  bluehook completions bash > ~/.local/share/bash-completion/completions/bluehook
  bluehook completions zsh > ~/.zfunc/_bluehook
  bluehook completions fish > ~/.config/fish/completions/bluehook.fish";

impl Completions {
    pub(super) fn run<C: CommandFactory>(self) -> Result<(), Failure> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut C::command(), "bluehook", &mut script);
        output::print(&String::from_utf8_lossy(&script))
    }
}
