//! The audit trail as it is asked for, and what is noted in it besides changes of webhooks.

use std::sync::Arc;

use crate::{
    Dispatcher, Result,
    ledger::{Context, Writing},
    model::{
        audit::{AuditQuery, Audited, Author, Note},
        log::{Page, PageQuery},
    },
    store::Change,
};

// What a change of the directory changes.
mod directory;

pub(crate) use directory::{of_directory, says_something};

impl Dispatcher {
    /// The same dispatcher for an author: what is changed through it is theirs in the audit trail. Without one it is the
    /// backend's.
    #[must_use]
    pub fn by(&self, author: Author) -> Dispatcher {
        let mut dispatcher = self.clone();
        dispatcher.author = Arc::new(author);
        dispatcher
    }

    /// A page of the audit trail, newest first.
    ///
    /// # Errors
    /// [`crate::Error::Invalid`] for a cursor that is none, [`crate::Error::Store`].
    pub async fn audit(&self, query: AuditQuery, page: PageQuery) -> Result<Page<Audited>> {
        let ids = self.ids.clone();
        let births = query.owner.as_ref().and_then(|(company, user)| self.births(company, user));
        self.store.read(move |snapshot| snapshot.audit(&ids, (&query, births), &page)).await
    }

    /// Keeps a small setting, or forgets it, and notes what that meant.
    ///
    /// # Errors
    /// [`crate::Error::Store`].
    pub async fn keep(&self, name: impl Into<String>, value: Option<String>, note: Note) -> Result<()> {
        let (name, author) = (name.into(), self.author.clone());
        let keep = move |writing: &Writing<'_>, context: &mut Context| {
            writing.put(Change::Setting(&name, value.as_deref()))?;
            context.note(writing, &author, &note)
        };
        self.store.change(keep).await
    }

    /// Notes something that changes nothing here.
    ///
    /// # Errors
    /// [`crate::Error::Store`].
    pub(crate) async fn note(&self, note: Note) -> Result<()> {
        let author = self.author.clone();
        self.store.change(move |writing, context| context.note(writing, &author, &note)).await
    }
}
