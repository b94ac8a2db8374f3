//! Jobs of the database as a whole, which outlive the process.

use bluehook_core::time::Millis;

/// A job and how far it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// Its id, `rpl_…`.
    pub id: String,
    /// How it stands.
    pub state: JobState,
    /// How many there were to do when it began.
    pub total: u64,
    /// How many are done.
    pub done: u64,
    /// When it began.
    pub created_at: Millis,
    /// When it ended.
    pub ended_at: Option<Millis>,
    /// Why it failed.
    pub detail: Option<String>,
}

/// How a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobState {
    /// It goes on.
    Running,
    /// All is done.
    Completed,
    /// It could not go on.
    Failed,
}

impl JobState {
    /// The word in the API and the store.
    pub const fn name(self) -> &'static str {
        match self {
            JobState::Running => "RUNNING",
            JobState::Completed => "COMPLETED",
            JobState::Failed => "FAILED",
        }
    }

    /// Reads the word in the API and the store.
    pub fn from_name(name: &str) -> Option<JobState> {
        [JobState::Running, JobState::Completed, JobState::Failed]
            .into_iter()
            .find(|state| state.name() == name)
    }
}
