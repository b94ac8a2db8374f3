//! Query parameters, read one by one so that everything wrong with them is told at once.

use bluehook_core::{
    event::{EventType, MAX_ID, event_name},
    input::{self, Fault, Names, Unit, shown, text_problem, whole},
    time::{self, Millis},
};
use bluehook_dispatcher::PageQuery;

use crate::problem::Problem;

/// How many items a page has when nobody says.
const PAGE: usize = 50;

/// The most items of a page.
pub(super) const MAX_PAGE: usize = 200;

/// The most parameters of a request.
const MAX_PARAMETERS: usize = 64;

/// The most characters of words to look for.
const MAX_WORDS: usize = 200;

/// The most values of a parameter that takes several.
const MAX_VALUES: usize = 20;

/// The parameters of a request that were not read yet.
pub(super) struct Params {
    given: Vec<(String, String)>,
    known: Vec<&'static str>,
    problems: Vec<input::Problem>,
}

impl Params {
    pub(super) fn of(request: &actix_web::HttpRequest) -> Params {
        let parameters = url::form_urlencoded::parse(request.query_string().as_bytes());
        let mut given: Vec<_> = parameters.into_owned().take(MAX_PARAMETERS + 1).collect();
        let mut problems = Vec::new();
        if given.len() > MAX_PARAMETERS {
            given.clear();
            problems.push(input::Problem::new("", Fault::AtMost(Unit::Entries, MAX_PARAMETERS, None)));
        }
        Params { given, known: Vec::new(), problems }
    }

    /// Takes a parameter.
    pub(super) fn take<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(&str) -> Result<T, Fault>,
    ) -> Option<T> {
        self.known.push(name);
        let at = self.given.iter().position(|(given, _)| given == name)?;
        let (_, text) = self.given.remove(at);
        let repeated = self.given.iter().any(|(given, _)| given == name);
        self.given.retain(|(given, _)| given != name);
        let value = if repeated { Err(Fault::Repeated) } else { read(&text) };
        value.map_err(|fault| self.problem(name, fault)).ok()
    }

    fn problem(&mut self, name: &str, fault: Fault) {
        let mut pointer = String::new();
        input::push_pointer(&mut pointer, name);
        self.problems.push(input::Problem::new(pointer, fault));
    }

    /// Takes `limit` and `cursor`.
    pub(super) fn page(&mut self) -> PageQuery {
        let limit = self.take("limit", limit).unwrap_or(PAGE);
        PageQuery { limit, cursor: self.take("cursor", |cursor| Ok(cursor.to_owned())) }
    }

    /// Takes an id.
    pub(super) fn id(&mut self, name: &'static str) -> Option<String> {
        self.take(name, |id| text_problem(id, MAX_ID).map_or_else(|| Ok(id.to_owned()), Err))
    }

    /// Takes an id that has to be there.
    pub(super) fn required_id(&mut self, name: &'static str) -> Option<String> {
        if !self.given.iter().any(|(given, _)| given == name) {
            self.problem(name, Fault::Required);
        }
        self.id(name)
    }

    /// Takes an event's name.
    pub(super) fn event(&mut self) -> Option<EventType> {
        self.take("event", event_name)
    }

    /// Takes words to look for, in lower case.
    pub(super) fn words(&mut self, name: &'static str) -> Option<Vec<String>> {
        self.take(name, |text| match text.chars().count() {
            0..=MAX_WORDS => Ok(text.to_lowercase().split_whitespace().map(str::to_owned).collect()),
            found => Err(Fault::AtMost(Unit::Characters, MAX_WORDS, Some(found))),
        })
    }

    /// Takes several values, separated by commas.
    pub(super) fn several<T>(
        &mut self,
        name: &'static str,
        read: impl Fn(&str) -> Result<T, Fault>,
    ) -> Option<Vec<T>> {
        self.take(name, |text| {
            let given: Vec<&str> = text.split(',').collect();
            if given.len() > MAX_VALUES {
                return Err(Fault::AtMost(Unit::Entries, MAX_VALUES, Some(given.len())));
            }
            given.into_iter().map(&read).collect()
        })
    }

    /// Takes `since` and `until`.
    pub(super) fn span(&mut self) -> (Option<Millis>, Option<Millis>) {
        (self.take("since", instant), self.take("until", instant))
    }

    /// Ends the reading: what was not asked for is unknown.
    pub(super) fn finish(mut self) -> Result<(), Problem> {
        for (name, _) in std::mem::take(&mut self.given) {
            let names = Names::near(&name, &self.known);
            self.problem(&shown(&name), Fault::UnknownParameter(names));
        }
        if self.problems.is_empty() { Ok(()) } else { Err(Problem::invalid(self.problems)) }
    }
}

fn limit(text: &str) -> Result<usize, Fault> {
    let max = i64::try_from(MAX_PAGE).unwrap_or(i64::MAX);
    let number = whole(text, &(1..=max))?;
    Ok(usize::try_from(number).unwrap_or(MAX_PAGE))
}

/// An unescaped `+` arrives as a blank (WHATWG URL, `application/x-www-form-urlencoded`); before an offset it can have
/// been nothing else.
fn instant(text: &str) -> Result<Millis, Fault> {
    let offset = text.len().checked_sub("+02:00".len());
    let with_plus = offset.and_then(|at| text.split_at_checked(at)).and_then(|(time, offset)| {
        let offset = offset.strip_prefix(' ').filter(|_| time.contains(':'))?;
        Some(format!("{time}+{offset}"))
    });
    time::parse(with_plus.as_deref().unwrap_or(text)).ok_or(Fault::BadTime)
}

/// Reads `true` or `false`.
pub(super) fn boolean(text: &str) -> Result<bool, Fault> {
    text.parse().map_err(|_| Fault::UnknownWord(Names::near(text, &["true", "false"])))
}

/// Reads one of a few words.
pub(super) fn word<T>(
    from_name: impl Fn(&str) -> Option<T>,
    allowed: &[&'static str],
) -> impl FnOnce(&str) -> Result<T, Fault> {
    move |text| from_name(text).ok_or_else(|| Fault::UnknownWord(Names::near(text, allowed)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::{ResponseError, body::to_bytes, test::TestRequest};

    fn params(query: &str) -> Params {
        Params::of(&TestRequest::with_uri(&format!("/?{query}")).to_http_request())
    }

    #[test]
    fn what_is_given_is_read() {
        let mut params =
            params("limit=7&cursor=a%20b&event=RECORD_CREATED&since=2022-12-01T11:23:09Z&webhookId=w");
        let page = params.page();
        assert_eq!((page.limit, page.cursor.as_deref()), (7, Some("a b")));
        assert_eq!(params.event(), Some(EventType::TodoCreated));
        assert_eq!(params.span(), (Some(1_669_893_789_000), None));
        assert_eq!(params.id("webhookId").as_deref(), Some("w"));
        assert!(params.finish().is_ok());
    }

    #[test]
    fn a_plus_that_became_a_blank_is_one_again() {
        for (given, read) in [
            ("2026-01-01T00:00:00+02:00", "2025-12-31T22:00:00Z"),
            ("2026-01-01T00:00:00%2B02:00", "2025-12-31T22:00:00Z"),
            ("2026-01-01T00:00:00.5+00:30", "2025-12-31T23:30:00.5Z"),
            ("2026-01-01T00:00:00-02:00", "2026-01-01T02:00:00Z"),
            ("2026-01-01T00:00:00%2002:00", "2025-12-31T22:00:00Z"),
        ] {
            for name in ["since", "until"] {
                let mut params = params(&format!("{name}={given}"));
                let (since, until) = params.span();
                assert_eq!(since.or(until), time::parse(read), "{name}={given}");
                assert!(params.finish().is_ok());
            }
        }
        for bad in ["2026-01-01+02:00", "2026-01-01T00:00:00++02:00", "2026-01-01T00:00:00+2:00"] {
            assert!(instant(&bad.replace('+', " ")).is_err(), "{bad}");
        }
    }

    #[actix_web::test]
    async fn everything_wrong_is_told_at_once() {
        let mut params = params("limit=0&since=now&webhookid=w&event=a&event=b&webhookId=");
        params.page();
        params.span();
        params.event();
        params.id("webhookId");
        let response = params.finish().unwrap_err().error_response();
        let body: serde_json::Value =
            serde_json::from_slice(&to_bytes(response.into_body()).await.unwrap()).unwrap();
        let told: Vec<String> = body["errors"]
            .as_array()
            .unwrap()
            .iter()
            .map(|error| {
                format!("{}: {}", error["pointer"].as_str().unwrap(), error["detail"].as_str().unwrap())
            })
            .collect();
        assert_eq!(
            told,
            [
                "/limit: expected a whole number from 1 to 200, found 0",
                "/since: expected a date and time as in RFC 3339, such as 2022-12-01T11:23:09.000Z",
                "/event: given more than once",
                "/webhookId: must not be empty",
                "/webhookid: unknown query parameter; did you mean `webhookId`?",
            ]
        );
    }
}
