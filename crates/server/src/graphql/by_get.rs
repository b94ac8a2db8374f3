//! A query in the address, `GET /graphql?query=…`, as the body that a POST would have. Some clients ask so by default.

use std::borrow::Cow;

use async_graphql::{
    Request,
    parser::{parse_query, types::OperationType},
};
use bluehook_core::input::Fault;
use serde::Serialize;
use serde_json::value::RawValue;

use crate::problem::Problem;

/// What an address says.
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Asked<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    query: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    operation_name: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    variables: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    extensions: Option<Box<RawValue>>,
}

/// Whether an address asks for anything.
pub(super) fn asks(query_string: &str) -> bool {
    url::form_urlencoded::parse(query_string.as_bytes())
        .any(|(name, _)| name == "query" || name == "extensions")
}

/// The body that says the same.
pub(super) fn body(query_string: &str) -> Result<Vec<u8>, Problem> {
    let mut asked = Asked::default();
    for (name, value) in url::form_urlencoded::parse(query_string.as_bytes()) {
        let repeated = match &*name {
            "query" => asked.query.replace(value).is_some(),
            "operationName" if value.is_empty() => false,
            "operationName" => asked.operation_name.replace(value).is_some(),
            "variables" => put(&mut asked.variables, "variables", &value)?,
            "extensions" => put(&mut asked.extensions, "extensions", &value)?,
            _ => false,
        };
        if repeated {
            return Err(Problem::at(&format!("/{name}"), Fault::Repeated));
        }
    }
    if asked.query.is_none() && asked.extensions.is_none() {
        return Err(Problem::at("/query", Fault::Required));
    }
    serde_json::to_vec(&asked).map_err(|_| Problem::at("", Fault::NotGraphql))
}

/// Reads JSON; empty text says nothing. Gives whether it was there already.
fn put(place: &mut Option<Box<RawValue>>, name: &str, text: &str) -> Result<bool, Problem> {
    if text.trim().is_empty() {
        return Ok(false);
    }
    let read = serde_json::from_str(text).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        Problem::at(&format!("/{name}"), Fault::NotJson { reason: error.to_string(), line, column })
    })?;
    Ok(place.replace(read).is_some())
}

/// Whether whatever may be executed only reads. A request that cannot be read changes nothing either: what is wrong with it is
/// told when it is executed.
pub(super) fn only_reads(request: &Request) -> bool {
    let Ok(document) = parse_query(&request.query) else { return true };
    let wanted = request.operation_name.as_deref();
    let mut operations = document.operations.iter().filter(|(name, _)| {
        // Without a name on either side, it may be this one.
        name.zip(wanted).is_none_or(|(name, wanted)| name.as_str() == wanted)
    });
    operations.all(|(_, operation)| operation.node.ty == OperationType::Query)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query_string: &str) -> Result<serde_json::Value, String> {
        body(query_string)
            .map(|body| serde_json::from_slice(&body).unwrap())
            .map_err(|problem| problem.to_string())
    }

    #[test]
    fn an_address_says_what_a_body_would() {
        let whole = "query=query+A(%24a%3AInt)%7Ba%7D&operationName=A&variables=%7B%22a%22%3A1%7D&extensions=%7B%7D&x=y";
        assert_eq!(
            read(whole).unwrap(),
            serde_json::json!({"query": "query A($a:Int){a}", "operationName": "A", "variables": {"a": 1},
                "extensions": {}})
        );
        assert_eq!(read("query={a}&variables=&operationName=").unwrap(), serde_json::json!({"query": "{a}"}));
        for (bad, told) in [
            ("", "/query: required"),
            ("variables={}", "/query: required"),
            ("query={a}&query={b}", "/query: given more than once"),
            ("query={a}&variables={", "/variables: not valid JSON"),
        ] {
            assert!(read(bad).unwrap_err().contains(told), "{bad}: {:?}", read(bad));
        }
    }

    #[test]
    fn only_the_operation_that_is_asked_for_counts() {
        let reads = |query: &str, name: Option<&str>| {
            let request = Request::new(query);
            only_reads(&match name {
                Some(name) => request.operation_name(name),
                None => request,
            })
        };
        let both = "query A { a } mutation B { b }";
        assert!(reads("{ a }", None) && reads(both, Some("A")) && reads("no query", None));
        assert!(!reads("mutation { a }", None) && !reads(both, Some("B")));
        assert!(
            !reads("mutation A { a }", None) && !reads("mutation A { a }", Some("A")) && !reads(both, None)
        );
        assert!(!reads("subscription { a }", None));
    }
}
