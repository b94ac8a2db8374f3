//! Blue's types, by name and nullability.

use async_graphql::{
    Enum, ID, InputObject, InputValueError, InputValueResult, Scalar, ScalarType, SimpleObject, Value,
    resolver_utils::EnumType,
};
use bluehook_core::{
    event::{EventType, event_name},
    time::{self, Millis},
    webhook::{self, Status},
};
use serde_json::json;

/// How a webhook stands.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
pub(super) enum WebhookStatusType {
    /// It is on, and nothing speaks against it.
    Healthy,
    /// It is off.
    Unhealthy,
}

/// What a webhook can subscribe to. The user documentation's names of record events are taken in too, and never given out.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
pub(super) enum WebhookEvent {
    /// A record was created.
    TodoCreated,
    /// A record was deleted.
    TodoDeleted,
    /// A record was moved to another list.
    TodoMoved,
    /// A record's title was changed.
    TodoNameChanged,
    /// A record was marked done or not done.
    TodoDoneStatusUpdated,
    /// A due date was set on a record.
    TodoDueDateAdded,
    /// A record's due date was changed.
    TodoDueDateUpdated,
    /// A record's due date was removed.
    TodoDueDateRemoved,
    /// Someone was assigned to a record.
    TodoAssigneeAdded,
    /// Someone was unassigned from a record.
    TodoAssigneeRemoved,
    /// A tag was put on a record.
    TodoTagAdded,
    /// A tag was taken off a record.
    TodoTagRemoved,
    /// A custom-field value of a record changed.
    TodoCustomFieldUpdated,
    /// A checklist was added to a record.
    TodoChecklistCreated,
    /// A checklist was renamed.
    TodoChecklistNameChanged,
    /// A checklist was deleted.
    TodoChecklistDeleted,
    /// A checklist item was created.
    TodoChecklistItemCreated,
    /// A checklist item was renamed.
    TodoChecklistItemNameChanged,
    /// A checklist item was deleted.
    TodoChecklistItemDeleted,
    /// A due date was set on a checklist item.
    TodoChecklistItemDueDateAdded,
    /// A checklist item's due date was changed.
    TodoChecklistItemDueDateUpdated,
    /// A checklist item's due date was removed.
    TodoChecklistItemDueDateRemoved,
    /// Someone was assigned to a checklist item.
    TodoChecklistItemAssigneeAdded,
    /// Someone was unassigned from a checklist item.
    TodoChecklistItemAssigneeRemoved,
    /// A checklist item was marked done or not done.
    TodoChecklistItemDoneStatusUpdated,
    /// A list was created.
    TodoListCreated,
    /// A list was deleted.
    TodoListDeleted,
    /// A list was renamed.
    TodoListNameChanged,
    /// A custom field was created.
    CustomFieldCreated,
    /// A custom field was deleted.
    CustomFieldDeleted,
    /// A custom field's definition was changed.
    CustomFieldUpdated,
    /// A tag was created.
    TagCreated,
    /// A tag was deleted.
    TagDeleted,
    /// A tag was changed.
    TagUpdated,
    /// A comment was posted.
    CommentCreated,
    /// A comment was deleted.
    CommentDeleted,
    /// A comment was edited.
    CommentUpdated,
    /// A record was created.
    #[graphql(deprecation = "TODO_CREATED is the name")]
    RecordCreated,
    /// A record was deleted.
    #[graphql(deprecation = "TODO_DELETED is the name")]
    RecordDeleted,
    /// A record was moved to another list.
    #[graphql(deprecation = "TODO_MOVED is the name")]
    RecordMoved,
    /// A record's title was changed.
    #[graphql(deprecation = "TODO_NAME_CHANGED is the name")]
    RecordNameChanged,
    /// A record was marked done or not done.
    #[graphql(deprecation = "TODO_DONE_STATUS_UPDATED is the name")]
    RecordDoneStatusUpdated,
    /// A due date was set on a record.
    #[graphql(deprecation = "TODO_DUE_DATE_ADDED is the name")]
    RecordDueDateAdded,
    /// A record's due date was changed.
    #[graphql(deprecation = "TODO_DUE_DATE_UPDATED is the name")]
    RecordDueDateUpdated,
    /// A record's due date was removed.
    #[graphql(deprecation = "TODO_DUE_DATE_REMOVED is the name")]
    RecordDueDateRemoved,
    /// Someone was assigned to a record.
    #[graphql(deprecation = "TODO_ASSIGNEE_ADDED is the name")]
    RecordAssigneeAdded,
    /// Someone was unassigned from a record.
    #[graphql(deprecation = "TODO_ASSIGNEE_REMOVED is the name")]
    RecordAssigneeRemoved,
    /// A tag was put on a record.
    #[graphql(deprecation = "TODO_TAG_ADDED is the name")]
    RecordTagAdded,
    /// A tag was taken off a record.
    #[graphql(deprecation = "TODO_TAG_REMOVED is the name")]
    RecordTagRemoved,
    /// A custom-field value of a record changed.
    #[graphql(deprecation = "TODO_CUSTOM_FIELD_UPDATED is the name")]
    RecordCustomFieldUpdated,
    /// A checklist was added to a record.
    #[graphql(deprecation = "TODO_CHECKLIST_CREATED is the name")]
    RecordChecklistCreated,
    /// A checklist was renamed.
    #[graphql(deprecation = "TODO_CHECKLIST_NAME_CHANGED is the name")]
    RecordChecklistNameChanged,
    /// A checklist was deleted.
    #[graphql(deprecation = "TODO_CHECKLIST_DELETED is the name")]
    RecordChecklistDeleted,
    /// A checklist item was created.
    #[graphql(deprecation = "TODO_CHECKLIST_ITEM_CREATED is the name")]
    RecordChecklistItemCreated,
    /// A checklist item was renamed.
    #[graphql(deprecation = "TODO_CHECKLIST_ITEM_NAME_CHANGED is the name")]
    RecordChecklistItemNameChanged,
    /// A checklist item was deleted.
    #[graphql(deprecation = "TODO_CHECKLIST_ITEM_DELETED is the name")]
    RecordChecklistItemDeleted,
    /// A due date was set on a checklist item.
    #[graphql(deprecation = "TODO_CHECKLIST_ITEM_DUE_DATE_ADDED is the name")]
    RecordChecklistItemDueDateAdded,
    /// A checklist item's due date was changed.
    #[graphql(deprecation = "TODO_CHECKLIST_ITEM_DUE_DATE_UPDATED is the name")]
    RecordChecklistItemDueDateUpdated,
    /// A checklist item's due date was removed.
    #[graphql(deprecation = "TODO_CHECKLIST_ITEM_DUE_DATE_REMOVED is the name")]
    RecordChecklistItemDueDateRemoved,
    /// Someone was assigned to a checklist item.
    #[graphql(deprecation = "TODO_CHECKLIST_ITEM_ASSIGNEE_ADDED is the name")]
    RecordChecklistItemAssigneeAdded,
    /// Someone was unassigned from a checklist item.
    #[graphql(deprecation = "TODO_CHECKLIST_ITEM_ASSIGNEE_REMOVED is the name")]
    RecordChecklistItemAssigneeRemoved,
    /// A checklist item was marked done or not done.
    #[graphql(deprecation = "TODO_CHECKLIST_ITEM_DONE_STATUS_UPDATED is the name")]
    RecordChecklistItemDoneStatusUpdated,
    /// A list was created.
    #[graphql(deprecation = "TODO_LIST_CREATED is the name")]
    RecordListCreated,
    /// A list was deleted.
    #[graphql(deprecation = "TODO_LIST_DELETED is the name")]
    RecordListDeleted,
    /// A list was renamed.
    #[graphql(deprecation = "TODO_LIST_NAME_CHANGED is the name")]
    RecordListNameChanged,
}

impl WebhookEvent {
    pub(super) fn of(event: EventType) -> Option<WebhookEvent> {
        WebhookEvent::items().iter().find(|item| item.name == event.name()).map(|item| item.value)
    }

    pub(super) fn event_type(self) -> Option<EventType> {
        let item = WebhookEvent::items().iter().find(|item| item.value == self)?;
        event_name(item.name).ok()
    }
}

/// An instant as RFC 3339 with milliseconds.
#[derive(Clone, Copy)]
pub(super) struct DateTime(pub(super) Millis);

/// An instant as RFC 3339 with milliseconds.
#[Scalar(name = "DateTime")]
impl ScalarType for DateTime {
    fn parse(value: Value) -> InputValueResult<Self> {
        match &value {
            Value::String(text) => {
                time::parse(text).map(DateTime).ok_or_else(|| InputValueError::expected_type(value))
            }
            _ => Err(InputValueError::expected_type(value)),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(time::format(self.0))
    }
}

/// A webhook.
#[derive(SimpleObject)]
pub(super) struct Webhook {
    id: ID,
    uid: String,
    name: Option<String>,
    url: String,
    /// Shown at creation only.
    secret: Option<String>,
    status: WebhookStatusType,
    events: Option<Vec<WebhookEvent>>,
    project_ids: Option<Vec<String>>,
    enabled: Option<bool>,
    #[graphql(name = "metadata")]
    metadata: Option<serde_json::Value>,
    created_at: DateTime,
    updated_at: DateTime,
}

impl Webhook {
    /// A webhook, with its secret at the one time when it is shown.
    pub(super) fn new(webhook: &webhook::Webhook, secret: Option<&str>) -> Webhook {
        let names: Vec<&str> = webhook.events.iter().map(|event| event.name()).collect();
        Webhook {
            id: ID::from(&webhook.id),
            uid: webhook.uid.clone(),
            name: webhook.name.clone(),
            url: webhook.url.clone(),
            secret: secret.map(str::to_owned),
            status: match webhook.status {
                Status::Healthy => WebhookStatusType::Healthy,
                Status::Unhealthy => WebhookStatusType::Unhealthy,
            },
            events: Some(webhook.events.iter().copied().filter_map(WebhookEvent::of).collect()),
            project_ids: Some(webhook.project_ids.clone()),
            enabled: Some(webhook.enabled),
            metadata: Some(json!({ "events": names, "projectIds": webhook.project_ids })),
            created_at: DateTime(webhook.created_at),
            updated_at: DateTime(webhook.updated_at),
        }
    }
}

/// Where a page of a list lies in it.
#[derive(SimpleObject)]
pub(super) struct PageInfo {
    pub(super) total_pages: Option<i32>,
    pub(super) total_items: Option<i32>,
    pub(super) page: Option<i32>,
    pub(super) per_page: Option<i32>,
    pub(super) has_next_page: bool,
    pub(super) has_previous_page: bool,
}

/// A page of webhooks.
#[derive(SimpleObject)]
pub(super) struct WebhookPagination {
    pub(super) items: Vec<Webhook>,
    pub(super) page_info: PageInfo,
}

/// What a mutation that shows nothing came to.
#[derive(SimpleObject)]
pub(super) struct MutationResult {
    pub(super) success: bool,
    pub(super) operation_id: Option<String>,
}

/// Which webhooks to list.
#[derive(Default, InputObject)]
pub(super) struct WebhookFilter {
    pub(super) enabled: Option<bool>,
}

/// A webhook to be made.
#[derive(InputObject)]
pub(super) struct CreateWebhookInput {
    pub(super) name: Option<String>,
    pub(super) url: String,
    pub(super) events: Option<Vec<WebhookEvent>>,
    pub(super) project_ids: Option<Vec<String>>,
}

/// A change: what is absent stays as it is.
#[derive(InputObject)]
pub(super) struct UpdateWebhookInput {
    pub(super) webhook_id: String,
    pub(super) enabled: Option<bool>,
    pub(super) name: Option<String>,
    pub(super) url: Option<String>,
    pub(super) events: Option<Vec<Option<WebhookEvent>>>,
    pub(super) project_ids: Option<Vec<Option<String>>>,
}

/// Which webhook to delete.
#[derive(InputObject)]
pub(super) struct DeleteWebhookInput {
    pub(super) webhook_id: String,
}

/// Which webhook to switch off.
#[derive(InputObject)]
pub(super) struct DisableWebhookInput {
    pub(super) webhook_id: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_events_are_the_catalogues() {
        let names: Vec<&str> = WebhookEvent::items().iter().map(|item| item.name).collect();
        let (given, taken) = names.split_at(EventType::ALL.len());
        assert_eq!(given, EventType::ALL.map(EventType::name));
        let records = given.iter().filter_map(|name| name.strip_prefix("TODO_"));
        assert!(records.map(|rest| format!("RECORD_{rest}")).eq(taken.iter().copied()), "{taken:?}");
        for item in WebhookEvent::items() {
            let event = item.value.event_type().unwrap();
            assert_eq!(WebhookEvent::of(event).and_then(WebhookEvent::event_type), Some(event));
            assert_eq!(event.name(), item.name.replace("RECORD_", "TODO_"));
        }
    }
}
