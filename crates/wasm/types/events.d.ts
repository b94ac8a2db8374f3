/** The events that a webhook can subscribe to. */
export type EventName =
  | "TODO_CREATED"
  | "TODO_DELETED"
  | "TODO_MOVED"
  | "TODO_NAME_CHANGED"
  | "TODO_DONE_STATUS_UPDATED"
  | "TODO_DUE_DATE_ADDED"
  | "TODO_DUE_DATE_UPDATED"
  | "TODO_DUE_DATE_REMOVED"
  | "TODO_ASSIGNEE_ADDED"
  | "TODO_ASSIGNEE_REMOVED"
  | "TODO_TAG_ADDED"
  | "TODO_TAG_REMOVED"
  | "TODO_CUSTOM_FIELD_UPDATED"
  | "TODO_CHECKLIST_CREATED"
  | "TODO_CHECKLIST_NAME_CHANGED"
  | "TODO_CHECKLIST_DELETED"
  | "TODO_CHECKLIST_ITEM_CREATED"
  | "TODO_CHECKLIST_ITEM_NAME_CHANGED"
  | "TODO_CHECKLIST_ITEM_DELETED"
  | "TODO_CHECKLIST_ITEM_DUE_DATE_ADDED"
  | "TODO_CHECKLIST_ITEM_DUE_DATE_UPDATED"
  | "TODO_CHECKLIST_ITEM_DUE_DATE_REMOVED"
  | "TODO_CHECKLIST_ITEM_ASSIGNEE_ADDED"
  | "TODO_CHECKLIST_ITEM_ASSIGNEE_REMOVED"
  | "TODO_CHECKLIST_ITEM_DONE_STATUS_UPDATED"
  | "TODO_LIST_CREATED"
  | "TODO_LIST_DELETED"
  | "TODO_LIST_NAME_CHANGED"
  | "CUSTOM_FIELD_CREATED"
  | "CUSTOM_FIELD_DELETED"
  | "CUSTOM_FIELD_UPDATED"
  | "TAG_CREATED"
  | "TAG_DELETED"
  | "TAG_UPDATED"
  | "COMMENT_CREATED"
  | "COMMENT_DELETED"
  | "COMMENT_UPDATED";

/** What all entities have. Fields that are not named here may be there too: a backend passes its entities through as they are. */
export interface Entity {
  id: string;
  uid: string;
  createdAt: string;
  updatedAt: string;
  [field: string]: unknown;
}

export interface Company extends Entity {
  slug: string;
  name: string;
}

export interface Project extends Entity {
  slug: string;
  name: string;
  companyId: string;
  company?: Company;
}

/** A list of records. */
export interface TodoList extends Entity {
  title: string;
  position: number;
  projectId: string;
  project?: Project;
}

/** A record: a `todo` on the wire. */
export interface Todo extends Entity {
  title: string;
  html: string | null;
  text: string | null;
  position: string;
  archived: boolean;
  done: boolean;
  startedAt: string | null;
  duedAt: string | null;
  createdById: string;
  todoListId: string;
  todoList?: TodoList;
  todoUsers: unknown[];
  todoTags: unknown[];
  todoCustomFields: unknown[];
}

export interface Checklist extends Entity {
  title: string;
  position: number;
  createdById: string;
  todoId: string;
  todo?: Todo;
}

export interface ChecklistItem extends Entity {
  title: string;
  position: number;
  done: boolean;
  startedAt: string | null;
  duedAt: string | null;
  createdById: string;
  checklistId: string;
  checklistItemUsers: unknown[];
  checklist?: Checklist;
}

export interface CustomField extends Entity {
  name: string;
  type: string;
  description: string | null;
  position: number;
  projectId: string;
  project?: Project;
}

export interface Tag extends Entity {
  title: string;
  color: string;
  projectId: string;
  project?: Project;
}

export interface Comment extends Entity {
  text: string;
  html: string;
  category: string;
  categoryId: string;
  userId: string;
}

/** What an event's values describe. */
export type EntityOf<E extends EventName> = E extends `TODO_CHECKLIST_ITEM_${string}`
  ? ChecklistItem
  : E extends `TODO_CHECKLIST_${string}`
    ? Checklist
    : E extends `TODO_LIST_${string}`
      ? TodoList
      : E extends `TODO_${string}`
        ? Todo
        : E extends `CUSTOM_FIELD_${string}`
          ? CustomField
          : E extends `TAG_${string}`
            ? Tag
            : Comment;

/** The webhook as bodies carry it; the secret is always blanked. */
export interface WebhookObject {
  id: string;
  uid: string;
  name: string | null;
  url: string;
  secret: "";
  status: "HEALTHY" | "UNHEALTHY";
  enabled: boolean;
  metadata: { events: EventName[]; projectIds: string[] };
  createdById: string;
  createdAt: string;
  updatedAt: string;
}

/** An event as a `full` body carries it: there is no value before a creation and none after a deletion. */
export interface FullEvent<E extends EventName> {
  event: E;
  webhook: WebhookObject;
  previousValue: E extends `${string}_CREATED` ? null : EntityOf<E>;
  currentValue: E extends `${string}_DELETED` ? null : EntityOf<E>;
}

/** The probe that precedes enabling a webhook. Answer it with 2xx. */
export interface HealthCheck {
  event: "WEBHOOK_HEALTH_CHECK";
  webhook: WebhookObject;
}

/** What `verify` returns: tell the events apart by `event`. */
export type WebhookEvent = { [E in EventName]: FullEvent<E> }[EventName] | HealthCheck;

interface EntityKeys {
  record: Todo;
  checklist: Checklist;
  checklistItem: ChecklistItem;
  list: TodoList;
  customField: CustomField;
  tag: Tag;
  comment: Comment;
}

/** What `verify<CompactEvent>` returns where a webhook's `payloadFormat` is `compact`: one key names the entity. */
export type CompactEvent =
  | ({ event: CompactName<EventName>; company: { id: string }; project: { id: string }; user: { id: string } } & Partial<EntityKeys>)
  | HealthCheck;

/** Compact bodies spell `TODO_` as `RECORD_`. */
export type CompactName<E extends EventName> = E extends `TODO_${infer Rest}` ? `RECORD_${Rest}` : E;
