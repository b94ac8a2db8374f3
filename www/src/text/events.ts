// The 37 events in the words of both languages: whoever searches may know either. A test compares them with the core's.

export type Language = "en" | "it";

export interface EventWords {
  event: string;
  en: string;
  it: string;
}

export interface GroupWords {
  group: string;
  en: string;
  it: string;
  events: readonly EventWords[];
}

const event = (event: string, en: string, it: string): EventWords => ({ event, en, it });

export const GROUPS: readonly GroupWords[] = [
  {
    group: "record",
    en: "Records",
    it: "Record",
    events: [
      event("TODO_CREATED", "A record was created", "Un record è stato creato"),
      event("TODO_DELETED", "A record was deleted", "Un record è stato cancellato"),
      event("TODO_MOVED", "A record was moved to another list", "Un record è stato spostato in un'altra lista"),
      event("TODO_NAME_CHANGED", "A record's title was changed", "Il titolo di un record è cambiato"),
      event("TODO_DONE_STATUS_UPDATED", "A record was marked done or not done", "Un record è stato segnato come completato o da completare"),
      event("TODO_DUE_DATE_ADDED", "A due date was set on a record", "A un record è stata data una scadenza"),
      event("TODO_DUE_DATE_UPDATED", "A record's due date was changed", "La scadenza di un record è cambiata"),
      event("TODO_DUE_DATE_REMOVED", "A record's due date was removed", "La scadenza di un record è stata tolta"),
      event("TODO_ASSIGNEE_ADDED", "Someone was assigned to a record", "Qualcuno è stato assegnato a un record"),
      event("TODO_ASSIGNEE_REMOVED", "Someone was unassigned from a record", "Qualcuno non è più assegnato a un record"),
      event("TODO_TAG_ADDED", "A tag was put on a record", "Un tag è stato messo su un record"),
      event("TODO_TAG_REMOVED", "A tag was taken off a record", "Un tag è stato tolto da un record"),
      event("TODO_CUSTOM_FIELD_UPDATED", "A custom-field value of a record changed", "Il valore di un campo personalizzato di un record è cambiato"),
    ],
  },
  {
    group: "checklist",
    en: "Checklists",
    it: "Checklist",
    events: [
      event("TODO_CHECKLIST_CREATED", "A checklist was added to a record", "Una checklist è stata aggiunta a un record"),
      event("TODO_CHECKLIST_NAME_CHANGED", "A checklist was renamed", "Una checklist è stata rinominata"),
      event("TODO_CHECKLIST_DELETED", "A checklist was deleted", "Una checklist è stata cancellata"),
      event("TODO_CHECKLIST_ITEM_CREATED", "A checklist item was created", "Una voce di checklist è stata creata"),
      event("TODO_CHECKLIST_ITEM_NAME_CHANGED", "A checklist item was renamed", "Una voce di checklist è stata rinominata"),
      event("TODO_CHECKLIST_ITEM_DELETED", "A checklist item was deleted", "Una voce di checklist è stata cancellata"),
      event("TODO_CHECKLIST_ITEM_DUE_DATE_ADDED", "A due date was set on a checklist item", "A una voce di checklist è stata data una scadenza"),
      event("TODO_CHECKLIST_ITEM_DUE_DATE_UPDATED", "A checklist item's due date was changed", "La scadenza di una voce di checklist è cambiata"),
      event("TODO_CHECKLIST_ITEM_DUE_DATE_REMOVED", "A checklist item's due date was removed", "La scadenza di una voce di checklist è stata tolta"),
      event("TODO_CHECKLIST_ITEM_ASSIGNEE_ADDED", "Someone was assigned to a checklist item", "Qualcuno è stato assegnato a una voce di checklist"),
      event("TODO_CHECKLIST_ITEM_ASSIGNEE_REMOVED", "Someone was unassigned from a checklist item", "Qualcuno non è più assegnato a una voce di checklist"),
      event("TODO_CHECKLIST_ITEM_DONE_STATUS_UPDATED", "A checklist item was marked done or not done", "Una voce di checklist è stata segnata come completata o da completare"),
    ],
  },
  {
    group: "list",
    en: "Lists",
    it: "Liste",
    events: [
      event("TODO_LIST_CREATED", "A list was created", "Una lista è stata creata"),
      event("TODO_LIST_DELETED", "A list was deleted", "Una lista è stata cancellata"),
      event("TODO_LIST_NAME_CHANGED", "A list was renamed", "Una lista è stata rinominata"),
    ],
  },
  {
    group: "customField",
    en: "Custom fields",
    it: "Campi personalizzati",
    events: [
      event("CUSTOM_FIELD_CREATED", "A custom field was created", "Un campo personalizzato è stato creato"),
      event("CUSTOM_FIELD_DELETED", "A custom field was deleted", "Un campo personalizzato è stato cancellato"),
      event("CUSTOM_FIELD_UPDATED", "A custom field's definition was changed", "La definizione di un campo personalizzato è cambiata"),
    ],
  },
  {
    group: "tag",
    en: "Tags",
    it: "Tag",
    events: [
      event("TAG_CREATED", "A tag was created", "Un tag è stato creato"),
      event("TAG_DELETED", "A tag was deleted", "Un tag è stato cancellato"),
      event("TAG_UPDATED", "A tag was changed", "Un tag è stato modificato"),
    ],
  },
  {
    group: "comment",
    en: "Comments",
    it: "Commenti",
    events: [
      event("COMMENT_CREATED", "A comment was posted", "Un commento è stato pubblicato"),
      event("COMMENT_DELETED", "A comment was deleted", "Un commento è stato cancellato"),
      event("COMMENT_UPDATED", "A comment was edited", "Un commento è stato modificato"),
    ],
  },
];

/** Every event by its name. */
export const EVENTS: ReadonlyMap<string, EventWords> = new Map(
  GROUPS.flatMap(({ events }) => events.map((words) => [words.event, words] as const)),
);
