//! Why a request was refused: found for any request, at a bounded cost, without a change of the verdict.

use bluehook_core::{
    effort,
    explain::{self, diagnose},
    signature::Refusal,
};

use super::{
    request::{NOW, Request},
    signature::verifier,
};

/// What one diagnosis may cost.
const MOST: u64 = explain::BUDGET as u64;

/// Asks for the cause of the refusal, and of every other, since a receiver may ask with any.
pub fn check(data: &[u8]) {
    let Some(request) = Request::read(data) else { return };
    let asked = explain::Request { body: &request.body, headers: request.headers() };
    let verifier = verifier(&request);
    let verdict = verifier.verify(&request.body, &asked.headers, NOW);
    for refusal in Refusal::ALL {
        let (cause, spent) = effort::of(|| diagnose(&asked, &request.secrets, refusal));
        assert!(spent <= MOST, "{refusal:?}: {spent} for {} bytes", request.body.len());
        assert_eq!(cause, diagnose(&asked, &request.secrets, refusal));
        assert_eq!(cause.map(explain::Cause::hint), explain::explain(&asked, &request.secrets, refusal));
    }
    assert_eq!(verifier.verify(&request.body, &asked.headers, NOW), verdict);
}
