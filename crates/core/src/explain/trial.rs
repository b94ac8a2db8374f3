//! Would the signature be right if the secret or the body were another one?

use super::{Cause, Request};
use crate::signature::{Claim, Headers, Mac, Scheme, Secret, key};

/// The most bytes that are hashed for one diagnosis: a few milliseconds.
pub(super) const BUDGET: usize = 512 * 1024;

/// What one more trial costs beside what is signed: the key's blocks.
const TRIAL: usize = 256;

/// What a request's headers claim, and how much may still be tried.
pub(super) struct Trial<'a> {
    claim: Claim<'a>,
    budget: usize,
}

impl<'a> Trial<'a> {
    /// `None` when the headers claim nothing that could be tried.
    pub(super) fn new(headers: &Headers<'a>) -> Option<Trial<'a>> {
        let claim = Claim::read(headers).ok()?;
        Some(Trial { claim, budget: BUDGET })
    }

    /// Which headers decide.
    pub(super) fn scheme(&self) -> Scheme {
        self.claim.scheme
    }

    /// Whether two signatures were sent, as while secrets are being changed.
    pub(super) fn is_rotation(&self) -> bool {
        self.claim.given.len() > 1
    }

    /// Whether the signature is right with one of these secrets for this body.
    pub(super) fn fits_any(&mut self, secrets: &[Secret], body: &[u8]) -> bool {
        secrets.iter().any(|secret| self.fits(&key(self.claim.scheme, secret.expose()), body))
    }

    /// Whether the signature is right with this key; `false` also when the budget is used up.
    pub(super) fn fits(&mut self, key: &[u8], body: &[u8]) -> bool {
        let Some(budget) = self.budget.checked_sub(TRIAL + self.claim.overhead() + body.len()) else {
            return false;
        };
        self.budget = budget;
        let mut mac = self.claim.begin(Mac::new(key));
        mac.update(body);
        mac.finish().is_any_of(&self.claim.given)
    }

    /// `X-Signature` is right where the Standard Webhooks headers are not.
    pub(super) fn other_delivery(&self, request: &Request<'_>, secrets: &[Secret]) -> Option<Cause> {
        let Headers { x_signature, x_signature_next, .. } = request.headers;
        let headers = Headers { x_signature, x_signature_next, ..Headers::default() };
        let mut blue = Trial::new(&headers).filter(|_| self.scheme() == Scheme::Standard)?;
        blue.fits_any(secrets, request.body).then_some(Cause::OtherDelivery)
    }
}
