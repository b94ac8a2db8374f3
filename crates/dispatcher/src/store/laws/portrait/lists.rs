//! Pages of lists, followed to their ends: how full each is follows from how far was looked.

use std::fmt::Debug;

use super::{Portrait, followed};
use crate::{
    Result,
    model::log::{Page, PageQuery},
    store::{Snapshot, laws::asked::Asked},
};

pub(super) fn ask(portrait: &mut Portrait, snapshot: &dyn Snapshot, asked: &Asked) {
    let (ids, limit) = (&asked.ids, asked.limit);
    for (query, first) in &asked.events_where {
        let all = pages(limit, |page| snapshot.events(ids, (query, *first), page));
        portrait.note(format!("events from {first}, {query:?}"), all);
    }
    for (query, first) in &asked.deliveries_where {
        let all = pages(limit, |page| snapshot.deliveries(ids, (query, *first), page));
        portrait.note(format!("deliveries from {first}, {query:?}"), all);
    }
    for (query, births) in &asked.audited_where {
        let all = pages(limit, |page| snapshot.audit(ids, (query, *births), page));
        portrait.note(format!("audited in {births:?}, {query:?}"), all);
    }
}

fn pages<T: Debug>(limit: usize, page: impl Fn(&PageQuery) -> Result<Page<T>>) -> Vec<T> {
    followed(None, |cursor| {
        let Page { items, next_cursor } = page(&PageQuery { limit, cursor }).unwrap();
        assert!(items.len() <= limit, "{items:?}");
        (items, next_cursor.map(Some))
    })
}
