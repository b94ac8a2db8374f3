//! Once more: a delivery sent again because somebody asked, with the same id and the same bytes.

use crate::{
    Dispatcher, Result,
    id::Kind,
    ledger::{
        Context, Writing,
        again::{DELIVERY_NOT_FOUND, send_again},
    },
};

impl Dispatcher {
    /// Sends a delivery again, now. One that waits for its next attempt is attempted now; any other begins its schedule
    /// anew.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`] when there is no such delivery or its webhook was deleted; [`crate::Error::Conflict`] when its webhook
    /// is off, or it is under way already, or the webhook's creator is not in its project now.
    pub async fn redeliver(&self, id: &str) -> Result<()> {
        let number = self.ids.number(Kind::Delivery, id).ok_or(DELIVERY_NOT_FOUND)?;
        let author = self.author.clone();
        let again =
            move |writing: &Writing<'_>, context: &mut Context| send_again(writing, context, number, &author);
        self.store.look_and_change(again).await?;
        self.workers.wake.notify_one();
        Ok(())
    }
}
