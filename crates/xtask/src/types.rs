//! TypeScript's view of the events, made from the core's JSON Schemas: the one place that says what an event carries.

use std::fmt::{self, Write};

use bluehook_core::{
    event::{Entity, EventType},
    schema,
};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;

use crate::failure::Failure;

/// What the references of the schemas begin with.
const REFS: &str = "#/";

/// Entities whose name would hide one of TypeScript's own, and the names that they have on the wire.
const RENAMED: [(&str, &str); 2] = [("Record", "Todo"), ("List", "TodoList")];

/// What every entity has. It stands at the beginning of the file.
const HEAD: &str = "\
/** A date and time as in RFC 3339. */
export type DateTime = string;

/**
 * What all entities have. Fields that are not named may be there too, for a backend passes its entities through as they are:
 * `(todo as Todo & { myField?: unknown }).myField`. Entities within entities are there where the backend expanded them.
 */
export interface Entity {
  id: string;
}
";

/// The file `events.d.ts`: the entities, and what each event's values are.
pub(crate) fn events() -> Result<String, Failure> {
    let mut out = HEAD.to_owned();
    for (name, text) in schema::entities(REFS) {
        interface(&mut out, name, &text)?;
    }
    values(&mut out)?;
    entity_keys(&mut out)?;
    Ok(out)
}

fn interface(out: &mut String, name: &str, text: &str) -> Result<(), Failure> {
    let Object { description, properties: Members(fields), .. } = serde_json::from_str(text)?;
    writeln!(out, "\n/** {description}. */\nexport interface {} extends Entity {{", renamed(name))?;
    for (field, schema) in fields {
        let optional = if refers(&schema) { "?" } else { "" };
        writeln!(out, "  {field}{optional}: {};", typescript(&schema)?)?;
    }
    out.push_str("}\n");
    Ok(())
}

/// Each event's values.
fn values(out: &mut String) -> Result<(), Failure> {
    out.push_str("\n/** The values of each event, before and after. */\nexport interface EventValues {\n");
    for event in EventType::ALL {
        let object: Object = serde_json::from_str(&schema::event(event, REFS))?;
        let [before, after] = ["previousValue", "currentValue"].map(|name| object.property(name));
        writeln!(out, "  /** {}. */", object.description)?;
        writeln!(out, "  {event}: {{ previousValue: {}; currentValue: {} }};", before?, after?)?;
    }
    out.push_str("}\n\n/** The events that a webhook can subscribe to. */\n");
    out.push_str("export type EventName = keyof EventValues;\n");
    Ok(())
}

/// The key that holds each entity in a compact body.
fn entity_keys(out: &mut String) -> Result<(), Failure> {
    let mut seen: Vec<Entity> = Vec::new();
    out.push_str("\n/** The key of each entity in a `compact` body. */\nexport interface EntityKeys {\n");
    for entity in EventType::ALL.map(EventType::entity) {
        if !seen.contains(&entity) {
            writeln!(out, "  {}: {};", entity.name(), renamed(schema::name_of(entity)))?;
            seen.push(entity);
        }
    }
    out.push_str("}\n");
    Ok(())
}

fn renamed(name: &str) -> &str {
    RENAMED.iter().find(|(known, _)| *known == name).map_or(name, |(_, renamed)| renamed)
}

/// Whether a schema leads to another entity.
fn refers(schema: &Value) -> bool {
    match schema {
        Value::Object(map) => map.contains_key("$ref") || map.values().any(refers),
        Value::Array(schemas) => schemas.iter().any(refers),
        _ => false,
    }
}

/// A schema of the few shapes that the core writes, as a type.
fn typescript(schema: &Value) -> Result<String, Failure> {
    if schema.as_object().is_some_and(serde_json::Map::is_empty) {
        return Ok("unknown".to_owned());
    }
    if let Some(name) = schema.get("$ref").and_then(Value::as_str).and_then(|name| name.strip_prefix(REFS)) {
        return Ok(renamed(name).to_owned());
    }
    if let Some(Value::Array(schemas)) = schema.get("anyOf") {
        return Ok(schemas.iter().map(typescript).collect::<Result<Vec<_>, _>>()?.join(" | "));
    }
    let unknown = || format!("no type is known for the schema {schema}");
    match schema.get("type").ok_or_else(unknown)? {
        Value::String(kind) => primitive(kind, schema),
        Value::Array(kinds) => {
            let kinds = kinds.iter().filter_map(Value::as_str).map(|kind| primitive(kind, schema));
            Ok(kinds.collect::<Result<Vec<_>, _>>()?.join(" | "))
        }
        _ => Err(unknown().into()),
    }
}

fn primitive(kind: &str, schema: &Value) -> Result<String, Failure> {
    match kind {
        "string" if schema.get("format").is_some_and(|format| format == "date-time") => {
            Ok("DateTime".to_owned())
        }
        "string" | "number" | "boolean" | "null" => Ok(kind.to_owned()),
        "array" => {
            let items = schema.get("items").ok_or_else(|| format!("an array of what? {schema}"))?;
            Ok(format!("{}[]", typescript(items)?))
        }
        _ => Err(format!("no type is known for the schema {schema}").into()),
    }
}

/// A schema of an object.
#[derive(serde::Deserialize)]
struct Object {
    description: String,
    properties: Members,
}

impl Object {
    /// A property's type.
    fn property(&self, name: &str) -> Result<String, Failure> {
        let found = self.properties.0.iter().find(|(known, _)| known == name);
        let (_, schema) = found.ok_or_else(|| format!("a schema lacks {name}"))?;
        typescript(schema)
    }
}

/// An object's members in the order given.
struct Members(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;
        impl<'de> Visitor<'de> for InOrder {
            type Value = Members;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Members, M::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(InOrder)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_event_and_entity_is_told_apart() {
        let types = events().unwrap();
        for line in [
            "  TODO_CREATED: { previousValue: null; currentValue: Todo };",
            "  TAG_DELETED: { previousValue: Tag; currentValue: null };",
            "  TODO_CHECKLIST_ITEM_DONE_STATUS_UPDATED: { previousValue: ChecklistItem; currentValue: ChecklistItem };",
            "/** A list of records. */",
            "export interface TodoList extends Entity {",
            "  duedAt: DateTime | null;",
            "  position: number | string;",
            "  todoUsers?: Assignment[];",
            "  todoList?: TodoList | null;",
            "  hideEmailFromRoles: unknown;",
            "  checklistItem: ChecklistItem;",
        ] {
            assert!(types.lines().any(|known| known == line), "{line}\n{types}");
        }
        for event in EventType::ALL {
            assert!(types.contains(&format!("\n  {event}: {{ previousValue: ")), "{event}");
        }
    }

    #[test]
    fn a_shape_that_is_not_known_is_an_error() {
        for shape in [r#"{"type":"integer"}"#, r#"{"type":"array"}"#, r#"{"const":1}"#, r#"{"type":{}}"#] {
            assert!(typescript(&serde_json::from_str(shape).unwrap()).is_err(), "{shape}");
        }
    }
}
