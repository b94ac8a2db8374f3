//! The words for what is done.

/// Defines the actions with their words, so that no action lacks one and [`Action::ALL`] lacks none.
macro_rules! actions {
    ($($(#[$doc:meta])* $action:ident $word:literal)*) => {
        /// What was done. A word once given out keeps its meaning.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Action { $($(#[$doc])* $action),* }

        impl Action {
            /// Every action.
            pub const ALL: [Action; [$($word),*].len()] = [$(Action::$action),*];

            /// The word in the API and the store.
            pub const fn name(self) -> &'static str {
                match self { $(Action::$action => $word),* }
            }
        }
    };
}

actions! {
    /// A webhook was made.
    WebhookCreated "WEBHOOK_CREATED"
    /// It was changed otherwise than on or off.
    WebhookChanged "WEBHOOK_CHANGED"
    /// It was switched on.
    WebhookEnabled "WEBHOOK_ENABLED"
    /// It was switched off.
    WebhookDisabled "WEBHOOK_DISABLED"
    /// It was deleted.
    WebhookDeleted "WEBHOOK_DELETED"
    /// It was given to another person.
    WebhookHandedOver "WEBHOOK_HANDED_OVER"
    /// Its receiver was sent a sample.
    WebhookTested "WEBHOOK_TESTED"
    /// It was given a new secret.
    SecretRotated "SECRET_ROTATED"
    /// Only its newest secret signs since.
    SecretFinished "SECRET_FINISHED"
    /// Its secrets were taken away.
    SecretRemoved "SECRET_REMOVED"
    /// A delivery was sent again.
    DeliveryRedelivered "DELIVERY_REDELIVERED"
    /// A delivery was cancelled.
    DeliveryCancelled "DELIVERY_CANCELLED"
    /// A replay began.
    ReplayStarted "REPLAY_STARTED"
    /// A replay was stopped.
    ReplayStopped "REPLAY_STOPPED"
    /// What waited was cancelled.
    BacklogCancelled "BACKLOG_CANCELLED"
    /// A token was made.
    TokenCreated "TOKEN_CREATED"
    /// A token was revoked.
    TokenRevoked "TOKEN_REVOKED"
    /// A person signed in.
    SessionStarted "SESSION_STARTED"
    /// A session was ended.
    SessionEnded "SESSION_ENDED"
    /// The directory was told something.
    DirectoryChanged "DIRECTORY_CHANGED"
    /// Everything was to be sealed with the newest key.
    KeyRotated "KEY_ROTATED"
    /// What was kept of a company was erased.
    CompanyErased "COMPANY_ERASED"
    /// Deliveries were exported.
    Exported "EXPORTED"
}

impl Action {
    /// Reads the word in the API and the store.
    pub fn from_name(name: &str) -> Option<Action> {
        Action::ALL.into_iter().find(|action| action.name() == name)
    }
}
