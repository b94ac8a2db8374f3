//! `bluehook migrate`: the database's schema brought up to date.

use std::path::{Path, PathBuf};

use bluehook_dispatcher::{Schema, migrate, schema};
use clap::Args;
use serde_json::json;

use super::{failure::Failure, flags::variables, given::trimmed, output};
use crate::config::{Given, SETTINGS, Settings};

/// Bring a database's schema up to date, before a newer version serves it.
///
/// `bluehook serve` does the same when it starts. This does it at a time of your choosing, such as right after a backup:
/// the server that has the database open has to be stopped first. Each step is taken whole or not at all, and nothing is
/// lost. A database that a newer version wrote is left alone.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Migrate {
    /// Where everything is stored: `sqlite:FILE` [default: as `bluehook serve` would take it]
    #[arg(long, value_name = "ADDRESS")]
    database: Option<String>,

    /// A TOML file with settings, as `bluehook serve` takes it
    #[arg(long, value_name = "FILE", env = "BLUEHOOK_CONFIG", value_parser = trimmed)]
    config: Option<String>,

    /// Only say what would be done; exit with 1 when that is something. Possible while a server has the database open
    #[arg(long)]
    check: bool,

    /// Print `{"database", "from", "to", "changed"}` as JSON
    #[arg(long)]
    json: bool,
}

const EXAMPLES: &str = "\
Examples:
  bluehook migrate --check
  bluehook migrate --database sqlite:/var/lib/bluehook/bluehook.db";

impl Migrate {
    pub(super) fn run(self) -> Result<(), Failure> {
        let database = self.database()?;
        if !database.is_file() {
            return Err(Failure::usage(format!(
                "there is no database {}; bluehook serve makes one",
                database.display()
            )));
        }
        let found = if self.check { schema(&database) } else { migrate(&database) };
        let schema = found.map_err(Failure::failed)?;
        let changed = !self.check && !schema.is_up_to_date();
        if self.json {
            output::print_json(&json!({
                "database": database, "from": schema.found, "to": schema.newest, "changed": changed,
            }))?;
        } else {
            output::print(&format!("{}: {}\n", database.display(), said(schema, self.check)))?;
        }
        if self.check && !schema.is_up_to_date() {
            return Err(Failure::failed("the schema is out of date; run bluehook migrate"));
        }
        Ok(())
    }

    fn database(&self) -> Result<PathBuf, Failure> {
        let listed = |problems: Vec<String>| Failure::usage(problems.join("; "));
        let setting = SETTINGS.iter().find(|setting| setting.name == "database");
        let given =
            setting.zip(self.database.clone()).map(|(setting, text)| Given::new(setting, text, "--database"));
        let given = given.into_iter().collect();
        let settings = Settings::gather(given, variables(), self.config.as_deref().map(Path::new));
        settings.database().map_err(listed)
    }
}

fn said(Schema { found, newest }: Schema, check: bool) -> String {
    match (found == newest, check) {
        (true, _) => format!("schema {newest}, up to date"),
        (false, true) => format!("schema {found}; would be brought to {newest}"),
        (false, false) => format!("schema {found} brought to {newest}"),
    }
}
