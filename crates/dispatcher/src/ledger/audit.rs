//! Who did what, written in the same group as what was done. Nothing is changed in it.

use super::{Context, Writing};
use crate::{
    Result,
    model::{
        audit::{Author, Note},
        directory::Births,
    },
    store::Change,
};

impl Context {
    /// What tells the present person and company with these ids from earlier ones.
    pub(crate) fn births(&self, company_id: &str, user_id: &str) -> Option<Births> {
        self.world().directory.births(company_id, user_id)
    }

    /// Writes down what was done in this group.
    pub(crate) fn note(&self, writing: &Writing<'_>, author: &Author, note: &Note) -> Result<()> {
        let births = note.owner.as_ref().and_then(|(company, user)| self.births(company, user));
        writing.put(Change::Audit { at: self.clock.now(), author, births, note })
    }
}
