//! What each event is, in Italian.

use super::EventType;

/// One Italian sentence, without its full stop.
pub(super) const fn description(event: EventType) -> &'static str {
    match event {
        EventType::TodoCreated => "Un record è stato creato",
        EventType::TodoDeleted => "Un record è stato cancellato",
        EventType::TodoMoved => "Un record è stato spostato in un'altra lista",
        EventType::TodoNameChanged => "Il titolo di un record è cambiato",
        EventType::TodoDoneStatusUpdated => "Un record è stato segnato come completato o da completare",
        EventType::TodoDueDateAdded => "A un record è stata data una scadenza",
        EventType::TodoDueDateUpdated => "La scadenza di un record è cambiata",
        EventType::TodoDueDateRemoved => "La scadenza di un record è stata tolta",
        EventType::TodoAssigneeAdded => "Qualcuno è stato assegnato a un record",
        EventType::TodoAssigneeRemoved => "Qualcuno non è più assegnato a un record",
        EventType::TodoTagAdded => "Un tag è stato messo su un record",
        EventType::TodoTagRemoved => "Un tag è stato tolto da un record",
        EventType::TodoCustomFieldUpdated => "Il valore di un campo personalizzato di un record è cambiato",
        EventType::TodoChecklistCreated => "Una checklist è stata aggiunta a un record",
        EventType::TodoChecklistNameChanged => "Una checklist è stata rinominata",
        EventType::TodoChecklistDeleted => "Una checklist è stata cancellata",
        EventType::TodoChecklistItemCreated => "Una voce di checklist è stata creata",
        EventType::TodoChecklistItemNameChanged => "Una voce di checklist è stata rinominata",
        EventType::TodoChecklistItemDeleted => "Una voce di checklist è stata cancellata",
        EventType::TodoChecklistItemDueDateAdded => "A una voce di checklist è stata data una scadenza",
        EventType::TodoChecklistItemDueDateUpdated => "La scadenza di una voce di checklist è cambiata",
        EventType::TodoChecklistItemDueDateRemoved => "La scadenza di una voce di checklist è stata tolta",
        EventType::TodoChecklistItemAssigneeAdded => "Qualcuno è stato assegnato a una voce di checklist",
        EventType::TodoChecklistItemAssigneeRemoved => "Qualcuno non è più assegnato a una voce di checklist",
        EventType::TodoChecklistItemDoneStatusUpdated => {
            "Una voce di checklist è stata segnata come completata o da completare"
        }
        EventType::TodoListCreated => "Una lista è stata creata",
        EventType::TodoListDeleted => "Una lista è stata cancellata",
        EventType::TodoListNameChanged => "Una lista è stata rinominata",
        EventType::CustomFieldCreated => "Un campo personalizzato è stato creato",
        EventType::CustomFieldDeleted => "Un campo personalizzato è stato cancellato",
        EventType::CustomFieldUpdated => "La definizione di un campo personalizzato è cambiata",
        EventType::TagCreated => "Un tag è stato creato",
        EventType::TagDeleted => "Un tag è stato cancellato",
        EventType::TagUpdated => "Un tag è stato modificato",
        EventType::CommentCreated => "Un commento è stato pubblicato",
        EventType::CommentDeleted => "Un commento è stato cancellato",
        EventType::CommentUpdated => "Un commento è stato modificato",
    }
}
