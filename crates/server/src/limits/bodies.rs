//! Bodies on their way in: each person may have so many bytes of them in memory, and all people together.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use super::{Limit, Limits};
use crate::{
    auth::{Caller, Owner},
    problem::Problem,
};

/// The most bytes of one person.
const OF_PERSON: usize = 8 << 20;

/// The most bytes of all people.
const OF_PEOPLE: usize = 48 << 20;

/// The seconds after which one may try again.
const RETRY_AFTER: u32 = 1;

/// How many bytes of bodies are in memory.
#[derive(Clone, Default)]
pub(super) struct Bodies(Arc<Mutex<Held>>);

#[derive(Default)]
struct Held {
    of: HashMap<Owner, usize>,
    sum: usize,
}

/// Some bytes of a person; given back when this is dropped.
pub(crate) struct Share {
    bodies: Bodies,
    owner: Owner,
    size: usize,
}

impl Bodies {
    fn take(&self, owner: &Owner, size: usize) -> Option<Share> {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let own = held.of.get(owner).copied().unwrap_or(0);
        // One body always goes, however large bodies may be.
        let fits = own == 0 || (own + size <= OF_PERSON && held.sum + size <= OF_PEOPLE);
        if !fits {
            return None;
        }
        held.sum += size;
        held.of.insert(owner.clone(), own + size);
        Some(Share { bodies: self.clone(), owner: owner.clone(), size })
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        let mut held = self.bodies.0.lock().unwrap_or_else(PoisonError::into_inner);
        held.sum = held.sum.saturating_sub(self.size);
        let own = held.of.get(&self.owner).copied().unwrap_or(0).saturating_sub(self.size);
        if own == 0 {
            held.of.remove(&self.owner);
        } else {
            held.of.insert(self.owner.clone(), own);
        }
    }
}

impl Limits {
    /// Room for a body of so many bytes. The backend has as much as it needs.
    pub(crate) fn room(&self, caller: &Caller, size: usize) -> Result<Option<Share>, Problem> {
        let Caller::User(owner) = caller else { return Ok(None) };
        self.bodies.take(owner, size).map(Some).ok_or_else(|| {
            self.refusals().note(Limit::Bodies);
            Problem::rate_limited(OF_PERSON, "PERSON", RETRY_AFTER)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_person_has_a_share_and_all_have_one() {
        let person = |n: usize| Owner { user_id: n.to_string(), company_id: "c".to_owned() };
        let bodies = Bodies::default();
        let mut held: Vec<Share> = (0..8).map(|_| bodies.take(&person(0), 1 << 20).unwrap()).collect();
        assert!(bodies.take(&person(0), 1).is_none());
        held.pop();
        assert!(bodies.take(&person(0), 1 << 20).is_some());
        let others: Vec<Share> = (1..100).filter_map(|n| bodies.take(&person(n), 1 << 20)).collect();
        assert_eq!(others.len(), 99, "the first body of each always goes");
        assert!(bodies.take(&person(1), 1).is_none());
        drop((held, others));
        assert!(bodies.0.lock().unwrap().of.is_empty());
    }
}
