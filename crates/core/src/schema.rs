//! JSON Schemas of what events carry, for the catalogue, the OpenAPI document and generated types.
//!
//! They tell what receivers can rely on, not what is taken in: the backend may grow, so no field but `id` is required and
//! no field is forbidden. JSON Schema 2020-12, which OpenAPI 3.1 shares.

use alloc::{string::String, vec::Vec};

use crate::{
    event::{Entity, EventType},
    json::write_string,
    sorted,
};

// The entities and their fields.
mod entities;

use entities::{ENTITIES, Field};

/// The schema of an event's `previousValue` and `currentValue`, as one object. Entities are referred to by name, after
/// `refs`, such as `#/components/schemas/`.
pub fn event(event: EventType, refs: &str) -> String {
    let mut out = String::from("{");
    describe(&mut out, event);
    properties(&mut out, event, refs);
    out.push('}');
    out
}

/// The same as a document of its own, with the entities that it refers to.
pub fn document(event: EventType) -> String {
    let refs = "#/$defs/";
    let mut out = String::from("{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",");
    describe(&mut out, event);
    properties(&mut out, event, refs);
    out.push_str(",\"$defs\":{");
    for (i, name) in reachable(name_of(event.entity())).into_iter().enumerate() {
        out.push_str(if i > 0 { "," } else { "" });
        write_string(&mut out, name);
        out.push(':');
        out.push_str(&entity(name, refs));
    }
    out.push_str("}}");
    out
}

/// Every entity: its name and its schema, with references that begin with `refs`.
pub fn entities(refs: &str) -> impl Iterator<Item = (&'static str, String)> {
    ENTITIES.iter().map(move |(name, ..)| (*name, entity(name, refs)))
}

fn describe(out: &mut String, event: EventType) {
    out.push_str("\"title\":");
    write_string(out, event.name());
    out.push_str(",\"description\":");
    write_string(out, event.description());
    out.push(',');
}

fn properties(out: &mut String, event: EventType, refs: &str) {
    let reference = ["{\"$ref\":\"", refs, name_of(event.entity()), "\"}"].concat();
    let (was, is) = (!event.name().ends_with("_CREATED"), !event.name().ends_with("_DELETED"));
    let value = |there: bool| if there { reference.as_str() } else { "{\"type\":\"null\"}" };
    out.push_str("\"type\":\"object\",\"properties\":{\"previousValue\":");
    out.push_str(value(was));
    out.push_str(",\"currentValue\":");
    out.push_str(value(is));
    out.push_str("},\"required\":[\"previousValue\",\"currentValue\"]");
}

/// What an entity's schema is called.
pub fn name_of(entity: Entity) -> &'static str {
    match entity {
        Entity::Record => "Record",
        Entity::Checklist => "Checklist",
        Entity::ChecklistItem => "ChecklistItem",
        Entity::List => "List",
        Entity::CustomField => "CustomField",
        Entity::Tag => "Tag",
        Entity::Comment => "Comment",
    }
}

fn described(name: &str) -> (&'static str, &'static [(&'static str, Field)]) {
    let found = ENTITIES.iter().find(|(known, ..)| *known == name);
    found.map_or(("", &[]), |(_, description, fields)| (description, fields))
}

/// An entity and all that it leads to.
fn reachable(name: &'static str) -> Vec<&'static str> {
    let mut found = Vec::new();
    let mut left = Vec::from([name]);
    while let Some(name) = left.pop() {
        if sorted::insert(&mut found, name) {
            let (_, fields) = described(name);
            left.extend(fields.iter().filter_map(|(_, field)| field.entity()));
        }
    }
    found
}

fn entity(name: &str, refs: &str) -> String {
    let (description, fields) = described(name);
    let mut out = String::from("{\"description\":");
    write_string(&mut out, description);
    out.push_str(",\"type\":\"object\",\"properties\":{");
    for (i, (name, field)) in fields.iter().enumerate() {
        out.push_str(if i > 0 { "," } else { "" });
        write_string(&mut out, name);
        out.push(':');
        field.write(&mut out, refs);
    }
    out.push_str("},\"required\":[\"id\"]}");
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;
    use serde_json::Value;

    fn values(event: EventType) -> Value {
        serde_json::from_str(&sample::sample_json(event.name()).unwrap()).unwrap()
    }

    fn validator(event: EventType) -> jsonschema::Validator {
        let schema: Value = serde_json::from_str(&document(event)).unwrap();
        jsonschema::draft202012::meta::validate(&schema).unwrap();
        jsonschema::validator_for(&schema).unwrap()
    }

    #[test]
    fn every_sample_meets_its_schema() {
        for event in EventType::ALL {
            let errors: Vec<_> = validator(event)
                .iter_errors(&values(event))
                .map(|error| alloc::format!("{}: {error}", error.instance_path()))
                .collect();
            assert!(errors.is_empty(), "{event}: {errors:?}");
        }
    }

    #[test]
    fn every_field_of_the_samples_is_described() {
        for event in EventType::ALL {
            let values = values(event);
            for key in ["previousValue", "currentValue"] {
                check_described(name_of(event.entity()), &values[key]);
            }
        }
    }

    fn check_described(name: &str, value: &Value) {
        let (_, fields) = described(name);
        for (key, value) in value.as_object().into_iter().flatten() {
            let field = fields.iter().find(|(known, _)| known == key);
            let (_, field) = field.unwrap_or_else(|| panic!("{name} has no {key}"));
            for value in value.as_array().map_or(core::slice::from_ref(value), |elements| elements.as_slice())
            {
                check_described(field.entity().unwrap_or("nothing"), value);
            }
        }
    }

    #[test]
    fn wrong_values_do_not() {
        let validator = validator(EventType::TodoNameChanged);
        let mut wrong = values(EventType::TodoNameChanged);
        wrong["currentValue"]["done"] = "yes".into();
        assert!(!validator.is_valid(&wrong));
        let mut grown = values(EventType::TodoNameChanged);
        grown["currentValue"]["colour"] = "red".into();
        assert!(validator.is_valid(&grown), "the backend may grow");
    }
}
