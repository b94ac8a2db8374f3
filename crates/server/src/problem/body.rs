//! The members of `application/problem+json`.

use bluehook_core::{input, language::Language};
use serde::Serialize;
use serde_json::{Map, Value, value::RawValue};

use super::{Problem, RequestId};

/// The most places that one problem names; how many there are is counted beside them.
const MAX_ERRORS: usize = 100;

/// The members of `application/problem+json`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Body<'a> {
    r#type: String,
    title: &'static str,
    status: u16,
    detail: String,
    code: &'static str,
    params: Map<String, Value>,
    request_id: &'a str,
    errors: Vec<Place<'a>>,
    error_count: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    current: Option<&'a Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    etag: Option<&'a str>,
}

impl<'a> Body<'a> {
    pub(crate) fn new(problem: &'a Problem, language: Language, id: &'a RequestId) -> Body<'a> {
        Body::within(MAX_ERRORS, problem, language, id)
    }

    /// The same with no more than so many places.
    pub(crate) fn within(
        most: usize,
        problem: &'a Problem,
        language: Language,
        id: &'a RequestId,
    ) -> Body<'a> {
        let code = problem.code;
        let more = problem.more.as_deref();
        let current = more.and_then(|more| more.current.as_ref());
        let places = problem.errors.iter().take(most.min(MAX_ERRORS));
        Body {
            r#type: format!("/docs/errors#{}", code.name()),
            title: code.title(language),
            status: code.status().as_u16(),
            detail: problem.told(language),
            code: code.name(),
            params: more.map(|more| more.params.clone()).unwrap_or_default(),
            request_id: &id.0,
            errors: places.map(|place| Place::new(place, language)).collect(),
            error_count: problem.errors.len(),
            current: current.map(|(current, _)| current),
            etag: current.map(|(_, etag)| etag.as_str()),
        }
    }
}

impl Body<'_> {
    /// How many places it names.
    pub(crate) fn places(&self) -> usize {
        self.errors.len()
    }
}

#[derive(Serialize)]
struct Place<'a> {
    pointer: &'a str,
    code: &'static str,
    params: Box<RawValue>,
    detail: String,
}

impl<'a> Place<'a> {
    fn new(problem: &'a input::Problem, language: Language) -> Place<'a> {
        let mut params = String::new();
        problem.fault.write_params(&mut params);
        Place {
            pointer: &problem.pointer,
            code: problem.code().name(),
            params: RawValue::from_string(params).unwrap_or_default(),
            detail: problem.detail(language),
        }
    }
}
