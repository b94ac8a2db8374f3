//! What changes are told of: places between them, whose they are, what happened.

/// A place between two changes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The commit.
    pub(crate) commit: i64,
    /// How many of its changes lie before this place.
    pub(crate) seen: u32,
}

/// Whose changes to tell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChangeQuery {
    /// Only of this webhook and its deliveries.
    pub webhook_id: Option<String>,
    /// Only of webhooks of this company.
    pub company_id: Option<String>,
    /// Only of webhooks of this person.
    pub created_by_id: Option<String>,
}

impl ChangeQuery {
    /// Whether it asks for a webhook.
    pub(crate) fn covers(&self, id: &str, company_id: &str, created_by_id: &str) -> bool {
        self.webhook_id.as_deref().is_none_or(|wanted| wanted == id)
            && self.company_id.as_deref().is_none_or(|wanted| wanted == company_id)
            && self.created_by_id.as_deref().is_none_or(|wanted| wanted == created_by_id)
    }
}

/// What happened to a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveryStep {
    /// It was made.
    Created,
    /// An attempt ended.
    Attempted,
    /// Something else moved it: sent again by somebody, held or cancelled with its webhook.
    Moved,
}

impl DeliveryStep {
    /// Every step.
    pub const ALL: [DeliveryStep; 3] = [DeliveryStep::Created, DeliveryStep::Attempted, DeliveryStep::Moved];

    /// The word in the API.
    pub const fn name(self) -> &'static str {
        match self {
            DeliveryStep::Created => "CREATED",
            DeliveryStep::Attempted => "ATTEMPTED",
            DeliveryStep::Moved => "MOVED",
        }
    }
}

/// What happened to a webhook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WebhookStep {
    /// It was made.
    Created,
    /// It was changed: by somebody, or switched off because its deliveries fail.
    Changed,
    /// It was deleted.
    Deleted,
    /// Only its health changed.
    Health,
}

impl WebhookStep {
    /// Every step.
    pub const ALL: [WebhookStep; 4] =
        [WebhookStep::Created, WebhookStep::Changed, WebhookStep::Deleted, WebhookStep::Health];

    /// The word in the API.
    pub const fn name(self) -> &'static str {
        match self {
            WebhookStep::Created => "CREATED",
            WebhookStep::Changed => "CHANGED",
            WebhookStep::Deleted => "DELETED",
            WebhookStep::Health => "HEALTH",
        }
    }
}
