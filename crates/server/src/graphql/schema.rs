//! The schema, its limits, and what its resolvers are given.

use std::sync::Arc;

use async_graphql::{Context, EmptySubscription, Result};

use bluehook_dispatcher::{Author, Dispatcher};

use super::{mutation::Mutation, query::Query};
use crate::{
    auth::{Caller, CompanyHeader},
    state::State,
};

/// The deepest nesting of an operation; the usual introspection needs 13.
const MAX_DEPTH: usize = 16;

/// The most fields of an operation.
const MAX_FIELDS: usize = 500;

/// Blue's schema over our dispatcher.
pub(super) type Schema = async_graphql::Schema<Query, Mutation, EmptySubscription>;

pub(super) fn build() -> Schema {
    Schema::build(Query, Mutation, EmptySubscription)
        .limit_depth(MAX_DEPTH)
        .limit_complexity(MAX_FIELDS)
        .finish()
}

/// The schema in GraphQL's own language.
pub(crate) fn sdl() -> String {
    build().sdl()
}

pub(super) fn state<'a>(context: &Context<'a>) -> Result<&'a State> {
    Ok(context.data::<Arc<State>>()?)
}

/// The dispatcher, for changes that the caller makes.
pub(super) fn dispatcher(context: &Context<'_>) -> Result<Dispatcher> {
    Ok(state(context)?.dispatcher.by(context.data::<Author>()?.clone()))
}

pub(super) fn caller<'a>(context: &Context<'a>) -> Result<&'a Caller> {
    context.data()
}

pub(super) fn company<'a>(context: &Context<'a>) -> Result<&'a CompanyHeader> {
    context.data()
}
