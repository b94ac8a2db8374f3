//! Would the signature be right if the secret or the body were another one?

use super::{
    Cause, Request,
    budget::{Budget, WRITTEN},
};
use crate::signature::{Claim, Headers, Mac, Scheme, Secret, key};

/// What one more trial costs beside what is signed: the key's blocks.
const TRIAL: usize = 256;

/// What one more signature costs that a request carries: its bytes are compared.
const SIGNATURE: usize = 32;

/// What a request's headers claim, and how much may still be tried.
pub(super) struct Trial<'a> {
    claim: Claim<'a>,
    budget: &'a mut Budget,
}

impl<'a> Trial<'a> {
    /// `None` when the headers claim nothing that could be tried.
    pub(super) fn new(headers: &Headers<'a>, budget: &'a mut Budget) -> Option<Trial<'a>> {
        let claim = Claim::read(headers).ok()?;
        Some(Trial { claim, budget })
    }

    /// Which headers decide.
    pub(super) fn scheme(&self) -> Scheme {
        self.claim.scheme
    }

    /// Whether two signatures were sent, as while secrets are being changed.
    pub(super) fn is_rotation(&self) -> bool {
        self.claim.given.len() > 1
    }

    /// Pays for looking at so many bytes; `None` when that is too much.
    pub(super) fn look(&mut self, bytes: usize) -> Option<()> {
        self.budget.spend(bytes)
    }

    /// Pays for what was written; the most that may be written is [`Trial::room`].
    pub(super) fn wrote(&mut self, bytes: usize) -> Option<()> {
        self.budget.spend(bytes.saturating_mul(WRITTEN))
    }

    /// How many bytes may still be written.
    pub(super) fn room(&self) -> usize {
        self.budget.left() / WRITTEN
    }

    /// Whether the signature is right with one of these secrets for this body.
    pub(super) fn fits_any(&mut self, secrets: &[Secret], body: &[u8]) -> bool {
        secrets.iter().any(|secret| self.fits(&key(self.claim.scheme, secret.expose()), body))
    }

    /// Whether the signature is right with this key; `false` also when the budget is used up.
    pub(super) fn fits(&mut self, key: &[u8], body: &[u8]) -> bool {
        let cost =
            TRIAL + key.len() + self.claim.overhead() + body.len() + SIGNATURE * self.claim.given.len();
        if self.budget.spend(cost).is_none() {
            return false;
        }
        let mut mac = self.claim.begin(Mac::new(key));
        mac.update(body);
        mac.finish().is_any_of(&self.claim.given)
    }
}

/// `X-Signature` is right where the Standard Webhooks headers are not.
pub(super) fn other_delivery(
    request: &Request<'_>,
    secrets: &[Secret],
    budget: &mut Budget,
) -> Option<Cause> {
    let Headers { signature, x_signature, x_signature_next, .. } = request.headers;
    let headers = Headers { x_signature, x_signature_next, ..Headers::default() };
    let mut blue = Trial::new(&headers, budget).filter(|_| signature.is_some())?;
    blue.fits_any(secrets, request.body).then_some(Cause::OtherDelivery)
}
