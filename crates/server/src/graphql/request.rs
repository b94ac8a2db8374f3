//! The body of a request: one operation or a list of them, looked at before it is read.

use async_graphql::BatchRequest;
use bluehook_core::{
    input::{self, Fault, Unit},
    json::{Json, Kind},
};

use super::bounds::Bounds;
use crate::problem::{Code, Detail, Problem};

/// The most operations of one request.
const MAX_OPERATIONS: usize = 10;

/// The most values of one request's JSON, each name counting as one.
const MAX_VALUES: usize = 20_000;

/// The most arrays and objects of it within each other.
const MAX_DEPTH: usize = 64;

/// The queries of a body, if they are within the bounds of one request.
pub(crate) fn queries(bytes: &[u8]) -> Result<Vec<String>, String> {
    check(bytes).map_err(|problem| problem.to_string())?;
    let batch: BatchRequest = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
    let queries: Vec<String> = match batch {
        BatchRequest::Single(request) => vec![request.query],
        BatchRequest::Batch(requests) => requests.into_iter().map(|request| request.query).collect(),
    };
    let mut bounds = Bounds::default();
    queries.iter().try_for_each(|query| bounds.add(query))?;
    Ok(queries)
}

/// Reads the operations of a body, and says what of them asks for too much.
pub(super) fn read(body: &[u8]) -> Result<(BatchRequest, Option<Problem>), Problem> {
    input::utf8(body).map_err(Problem::invalid)?;
    check(body)?;
    let batch: BatchRequest = serde_json::from_slice(body).map_err(|_| Problem::at("", Fault::NotGraphql))?;
    let queries = match &batch {
        BatchRequest::Single(request) => std::slice::from_ref(request),
        BatchRequest::Batch(requests) => requests.as_slice(),
    };
    let mut bounds = Bounds::default();
    let unfit = queries.iter().try_for_each(|request| bounds.add(&request.query)).err();
    let unfit = unfit.map(|detail| Problem::new(Code::BadUserInput, Detail::Graphql(detail)));
    Ok((batch, unfit))
}

/// One walk over the bytes: what is refused here was never put together in memory.
fn check(bytes: &[u8]) -> Result<(), Problem> {
    let (mut values, mut depth, mut in_string, mut escaped) = (0_usize, 0_usize, false, false);
    for byte in bytes {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b',' | b':' => values += 1,
            b'[' | b'{' => (values, depth) = (values + 1, depth + 1),
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if values > MAX_VALUES {
            let detail = format!("at most {MAX_VALUES} values in one request");
            return Err(Problem::new(Code::BadUserInput, Detail::Graphql(detail)));
        }
        if depth > MAX_DEPTH {
            return Err(Problem::at("", Fault::TooDeep(MAX_DEPTH)));
        }
    }
    count_operations(bytes)
}

fn count_operations(bytes: &[u8]) -> Result<(), Problem> {
    let text = str::from_utf8(bytes).ok();
    let list = text.and_then(|text| Json::parse(text).ok()).filter(|json| json.kind() == Kind::Array);
    let count = list.and_then(|list| Some(list.elements()?.count())).unwrap_or(0);
    if count > MAX_OPERATIONS {
        return Err(Problem::at("", Fault::AtMost(Unit::Operations, MAX_OPERATIONS, Some(count))));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_looked_at_before_it_is_read() {
        assert!(check(br#"{"query":"{ a }","variables":{"a":["]",{"b":"\"{"}]}}"#).is_ok());
        let nested = |depth| "[".repeat(depth) + &"]".repeat(depth);
        assert!(check(nested(64).as_bytes()).is_ok());
        for (body, told) in [
            (nested(65), "64"),
            (format!("[{}{{}}]", "{},".repeat(10)), "10 operations"),
            (format!("[{}0]", "0,".repeat(20_000)), "20000 values"),
            (format!("[{}{{}}]", "{},".repeat(300_000)), "20000 values"),
        ] {
            assert!(
                check(body.as_bytes()).is_err_and(|problem| problem.to_string().contains(told)),
                "{told}"
            );
        }
    }
}
