//! What the core read of an answer, as the log keeps it.

use bluehook_core::answer::{Answer, Cut, Fault, MAX_RAW};

use super::masked;
use crate::model::{
    failure::{Failure, FailureKind, Reason},
    log::{BodyCut, Response},
};

/// An answer for the log, and what its `Retry-After` said.
pub(super) fn response(answer: Answer) -> (Response, Option<String>) {
    let cut = answer.cut.map(|cut| match cut {
        Cut::Limit => BodyCut::Limit,
        Cut::Timeout => BodyCut::Timeout,
        Cut::Broken => BodyCut::Broken,
    });
    let response = Response {
        status_code: answer.status_code,
        headers: answer.headers.into_iter().map(masked::header).collect(),
        body: answer.body,
        body_truncated: answer.is_truncated,
        body_cut: cut.or(answer.is_truncated.then_some(BodyCut::Limit)),
        clean: answer.is_clean,
    };
    (response, answer.retry_after)
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
