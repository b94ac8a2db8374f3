//! A group of which nothing shows before it is in the store: the strictest that a store may be, for tests of what looks.

use super::{Context, Store, Writing};
use crate::{
    Result,
    store::{around::Around, lane::BUSY},
};

impl Store {
    /// Runs a change that looks into the store and finds nothing there of what it writes.
    pub(crate) async fn look_frozen<T: Send + 'static>(
        &self,
        mut change: impl FnMut(&Writing<'_>, &mut Context) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let readers = self.readers.clone();
        let frozen = move |writing: &Writing<'_>, context: &mut Context| {
            let (group, mut done) = (writing.look()?, None);
            readers.read(&mut |before| {
                let frozen = Around { group, before, hear: &|_| {} };
                done = Some(change(&Writing::new(&frozen, true), context)?);
                Ok(())
            })?;
            done.ok_or(BUSY)
        };
        self.look_and_change(frozen).await
    }
}
