//! What comes past the look at a GraphQL request is parsed without harm, and asks for no more than was counted.

use std::collections::HashMap;

use async_graphql_parser::{
    parse_query,
    types::{ExecutableDocument, OperationType, Selection, SelectionSet},
};
use bluehook_server::fuzzed;

/// The most fields of a request, fragments counted wherever they are named.
const MAX_FIELDS: usize = 500;

/// The most mutations of a request.
const MAX_MUTATIONS: usize = 10;

/// Looks at a request, and parses what comes past.
pub fn check(data: &[u8]) {
    let Ok(queries) = fuzzed::graphql(data) else { return };
    let documents: Vec<ExecutableDocument> =
        queries.iter().filter_map(|query| parse_query(query).ok()).collect();
    let (mut fields, mut mutations) = (0, 0);
    for document in &documents {
        let fragments: Fragments<'_> = document
            .fragments
            .iter()
            .map(|(name, fragment)| (name.as_str(), &fragment.node.selection_set.node))
            .collect();
        for (_, operation) in document.operations.iter() {
            let set = &operation.node.selection_set.node;
            fields += count(set, &fragments);
            if operation.node.ty == OperationType::Mutation {
                mutations += roots(set, &fragments);
            }
        }
    }
    assert!(fields <= MAX_FIELDS, "{fields} fields: {queries:?}");
    assert!(mutations <= MAX_MUTATIONS, "{mutations} mutations: {queries:?}");
}

type Fragments<'a> = HashMap<&'a str, &'a SelectionSet>;

/// Fields and fragments named, each fragment wherever it is.
fn count(set: &SelectionSet, fragments: &Fragments<'_>) -> usize {
    let of = |selection: &Selection| match selection {
        Selection::Field(field) => 1 + count(&field.node.selection_set.node, fragments),
        Selection::InlineFragment(inline) => count(&inline.node.selection_set.node, fragments),
        Selection::FragmentSpread(spread) => {
            let fragment = fragments.get(spread.node.fragment_name.node.as_str());
            1 + fragment.map_or(0, |set| count(set, fragments))
        }
    };
    set.items.iter().map(|item| of(&item.node)).sum()
}

/// Fields at the top.
fn roots(set: &SelectionSet, fragments: &Fragments<'_>) -> usize {
    let of = |selection: &Selection| match selection {
        Selection::Field(_) => 1,
        Selection::InlineFragment(inline) => roots(&inline.node.selection_set.node, fragments),
        Selection::FragmentSpread(spread) => {
            let fragment = fragments.get(spread.node.fragment_name.node.as_str());
            fragment.map_or(0, |set| roots(set, fragments))
        }
    };
    set.items.iter().map(|item| of(&item.node)).sum()
}
