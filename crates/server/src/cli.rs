//! The command line.

use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand, error::ErrorKind};

// How commands end.
mod failure;

// What commands print.
mod output;

// Colours, where a person looks.
mod colour;

// How far something is, where a person looks.
mod progress;

// What commands read.
mod input;

// What they were given.
mod given;

// Requests to a server.
mod client;

// What a server answered.
mod answer;

// The command line as others see it.
mod title;

// The server.
mod serve;

// The settings as flags.
mod flags;

// What is logged.
mod log;

// What the system asks of the server.
mod signals;

// What its supervisor is told.
mod supervisor;

// An event to a server.
mod send;

// A receiver in the terminal.
mod listen;

// Signatures made.
mod sign;

// Signatures checked.
mod verify;

// The catalogue.
mod events;

// Tokens on a server.
mod token;

// A delivery before it is sent.
mod preview;

// Deliveries sent again.
mod replay;

// The database's schema.
mod migrate;

// The keys of the database.
mod keys;

// Text for other programs.
mod generated;

// What fuzzing calls.
pub(crate) mod fuzzed;

use failure::Failure;

/// Webhooks for Blue: takes in events, sends them signed, retries, and shows what happened.
#[derive(Parser)]
#[command(name = "bluehook", version, max_term_width = 110, after_help = EXAMPLES)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "\
Examples:
  bluehook serve                                  Start a server on an embedded database
  bluehook listen --secret whsec_…                Receive, verify and print deliveries on port 4000
  bluehook listen --tail                          Follow a server's deliveries
  bluehook send --sample TODO_CREATED             Post a sample event to the server
  bluehook verify --secret whsec_… --header 'X-Signature: …' body.json

Exit codes: 0 done, 1 failed, 2 wrong usage or settings.";

#[derive(Subcommand)]
enum Command {
    Serve(serve::Serve),
    Send(send::Send),
    Listen(listen::Listen),
    Sign(sign::Sign),
    Verify(verify::Verify),
    Events(events::Events),
    Token(token::Token),
    Preview(preview::Preview),
    Replay(replay::Replay),
    Migrate(migrate::Migrate),
    Keys(keys::Keys),
    Openapi(generated::Openapi),
    GraphqlSchema(generated::GraphqlSchema),
    Completions(generated::Completions),
}

/// Runs the program as its command line says, and gives the code it ends with: 0 done, 1 failed, 2 wrong usage.
pub fn main() -> ExitCode {
    let arguments = title::arguments();
    let command = given::without_blanks(Cli::command());
    let parsed = command.try_get_matches_from(&arguments).and_then(|matches| Cli::from_arg_matches(&matches));
    let ended = match parsed {
        Ok(Cli { command }) => {
            let system = actix_web::rt::System::new();
            let ended = system.block_on(run(command));
            // Whatever reads or looks something up yet is not waited for: a command ends when it has done what it was
            // asked, and who asks a server twice to stop does not want to wait.
            std::mem::forget(system);
            ended
        }
        Err(error)
            if error.use_stderr() && error.kind() != ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand =>
        {
            let told = title::without_passwords(&error.to_string(), &arguments);
            Err(Failure::usage(failure::of_arguments(&told)))
        }
        Err(help) => help.exit(),
    };
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            if !failure.is_told() {
                output::complain(&title::without_passwords(&failure.to_string(), &arguments));
            }
            failure.exit_code()
        }
    }
}

async fn run(command: Command) -> Result<(), Failure> {
    match command {
        Command::Serve(serve) => serve.run().await,
        Command::Send(send) => send.run().await,
        Command::Listen(listen) => listen.run().await,
        Command::Sign(sign) => sign.run(),
        Command::Verify(verify) => verify.run(),
        Command::Events(events) => events.run(),
        Command::Token(token) => token.run().await,
        Command::Preview(preview) => preview.run(),
        Command::Replay(replay) => replay.run().await,
        Command::Migrate(migrate) => migrate.run(),
        Command::Keys(keys) => keys.run().await,
        Command::Openapi(openapi) => openapi.run(),
        Command::GraphqlSchema(schema) => schema.run(),
        Command::Completions(completions) => completions.run::<Cli>(),
    }
}

/// How wide the help is in the documentation.
const DOCUMENTED_WIDTH: usize = 100;

/// Every command with what its `--help` says, whatever this process's environment is.
pub(crate) fn helps() -> Vec<(String, String)> {
    let mut cli = Cli::command().term_width(DOCUMENTED_WIDTH);
    cli.build();
    let mut helps = Vec::new();
    for command in cli.get_subcommands_mut().filter(|command| command.get_name() != "help") {
        collect_helps(command, &mut helps);
    }
    helps
}

fn collect_helps(command: &mut clap::Command, helps: &mut Vec<(String, String)>) {
    let name = command.get_bin_name().unwrap_or_default().to_owned();
    let shown = command.clone().mut_args(|arg| arg.hide_env_values(true)).render_long_help();
    helps.push((name, shown.to_string()));
    for inner in command.get_subcommands_mut().filter(|inner| inner.get_name() != "help") {
        collect_helps(inner, helps);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_help_teaches_by_example() {
        let without: Vec<String> =
            helps().into_iter().filter(|(_, help)| !help.contains("Example")).map(|(name, _)| name).collect();
        assert!(without.is_empty(), "{without:?}");
    }

    #[test]
    fn the_documentation_shows_no_environment() {
        assert!(helps().iter().all(|(_, help)| !help.contains("[env: BLUEHOOK_URL=")));
    }
}
