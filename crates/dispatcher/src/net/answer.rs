//! What the core read of an answer, as the log keeps it.

use bluehook_core::answer::{Answer, Cut, Fault, MAX_RAW};

use crate::{
    failure::{Failure, FailureKind, Reason},
    log::{BodyCut, Response},
};

/// What the log shows in place of a secret.
const MASK: &str = "\u{2026}";

/// An answer for the log, and what its `Retry-After` said.
pub(super) fn response(answer: Answer) -> (Response, Option<String>) {
    let cut = answer.cut.map(|cut| match cut {
        Cut::Limit => BodyCut::Limit,
        Cut::Timeout => BodyCut::Timeout,
        Cut::Broken => BodyCut::Broken,
    });
    let response = Response {
        status_code: answer.status_code,
        headers: answer.headers.into_iter().map(masked).collect(),
        body: answer.body,
        body_truncated: answer.is_truncated,
        body_cut: cut.or(answer.is_truncated.then_some(BodyCut::Limit)),
        clean: answer.is_clean,
    };
    (response, answer.retry_after)
}

/// Cookies and what looks like a key are not for the log.
fn masked((name, value): (String, String)) -> (String, String) {
    const SECRET: [&str; 7] = ["cookie", "authorization", "token", "secret", "password", "api-key", "apikey"];
    if SECRET.iter().any(|part| name.contains(part)) { (name, MASK.to_owned()) } else { (name, value) }
}

/// Why there is no answer.
pub(super) fn failure(fault: Fault) -> Failure {
    let invalid = |reason| Failure::because(FailureKind::InvalidResponse, reason);
    match fault {
        Fault::NotHttp(found) => invalid(Reason::NotHttp).with(|params| params.found(&found)),
        Fault::Http2Only => invalid(Reason::Http2Only),
        Fault::HeadTooLarge => {
            invalid(Reason::HeadTooLarge).with(|params| params.max = u64::try_from(MAX_RAW).ok())
        }
        Fault::Closed => Failure::because(FailureKind::Connection, Reason::Closed),
        Fault::Reset => Failure::because(FailureKind::Connection, Reason::Reset),
        Fault::Timeout => Failure::because(FailureKind::Timeout, Reason::FirstByte),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_not_logged() {
        for (name, shown) in
            [("set-cookie", MASK), ("x-auth-token", MASK), ("x-api-key", MASK), ("date", "value")]
        {
            assert_eq!(masked((name.to_owned(), "value".to_owned())).1, shown, "{name}");
        }
    }
}
