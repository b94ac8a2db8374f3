//! What one request may ask for, and what it may not.

use super::*;

fn look(query: &str) -> Result<Bounds, String> {
    let mut bounds = Bounds::default();
    bounds.add(query).map(|()| bounds)
}

#[track_caller]
fn check(query: &str, fields: usize, queries: usize, mutations: usize) {
    let bounds = look(query).unwrap();
    assert_eq!((bounds.fields, bounds.queries, bounds.mutations), (fields, queries, mutations), "{query}");
}

#[test]
fn fields_are_counted_where_they_stand() {
    check("{ a b { c } }", 3, 2, 0);
    check("query Q($x: [Int!]! = [1]) @d(a: {b: 1}) { x: a(b: {c: [1, {d: \"}\"}]}) @d { y: c } }", 2, 1, 0);
    check("mutation { a { b } c: a { b } ... on M { d } ... @include(if: true) { e } ... { f } }", 7, 0, 5);
    check("{ ...F ...F } fragment F on Query { a b { c } }", 8, 4, 0);
    check("mutation { ...F } fragment F on M { a ...G } fragment G on M { b }", 4, 0, 2);
    check("# } { \"\n{ a(b: \"\"\" \\\"\"\" } \"\"\") }", 1, 1, 0);
    check("", 0, 0, 0);
}

#[test]
fn the_usual_introspection_may_be_asked_for() {
    let type_ref = "kind name ofType { kind name ofType { kind name ofType { kind name } } }";
    let query = format!(
        "query IntrospectionQuery {{ __schema {{ queryType {{ name }} mutationType {{ name }} subscriptionType {{ name }}
           types {{ ...FullType }} directives {{ name description locations args {{ ...InputValue }} }} }} }}
         fragment FullType on __Type {{ kind name description
           fields(includeDeprecated: true) {{ name description args {{ ...InputValue }} type {{ ...TypeRef }} isDeprecated
             deprecationReason }}
           inputFields {{ ...InputValue }} interfaces {{ ...TypeRef }}
           enumValues(includeDeprecated: true) {{ name description isDeprecated deprecationReason }}
           possibleTypes {{ ...TypeRef }} }}
         fragment InputValue on __InputValue {{ name description type {{ ...TypeRef }} defaultValue }}
         fragment TypeRef on __Type {{ {type_ref} }}"
    );
    assert_eq!(look(&query).unwrap().schema_lists, 9);
}

#[test]
fn what_would_cost_more_than_its_length_is_refused() {
    let nested = |open: &str, close: &str| format!("{}a{}", open.repeat(2_000), close.repeat(2_000));
    let fragments = |count, each: fn(usize) -> String| (0..count).map(each).collect::<Vec<_>>().concat();
    let doubling = fragments(24, |n| format!("fragment F{n} on Query {{ ...F{m} ...F{m} }} ", m = n + 1));
    let chain = fragments(20_000, |n| format!("fragment F{n} on Query {{...F{}}} ", n + 1));
    let many = |one: &str, count| one.repeat(count);
    for (query, told) in [
        (nested("{a", "}"), "nested too deep"),
        (format!("{{ a(b: {}) }}", nested("[", "]")), "nested too deep"),
        (format!("{{ a(b: {}) }}", nested("{c:", "}")), "nested too deep"),
        (format!("query($a: Int = {}) {{ a }}", nested("[", "]")), "nested too deep"),
        (format!("query($a: {}) {{ a }}", nested("[", "]")), "nested too deep"),
        (format!("{{ ...F0 }} {doubling} fragment F24 on Query {{ a }}"), "too complex"),
        (format!("{{ ...F0 }} {chain}"), "bytes"),
        ("{ ...F } fragment F on Query { a ...F }".to_owned(), "circle"),
        ("{ ...F } fragment F on Query { ...G } fragment G on Query { ...F }".to_owned(), "circle"),
        ("{ ...F } fragment F on Query { a } fragment F on Query { b }".to_owned(), "same name"),
        ("{ ...on#\nT { a } } fragment on on Query { a }".to_owned(), "`on`"),
        (format!("{{ {} }}", many("a ", 501)), "too complex"),
        (format!("{{ {} }}", many("a ", 51)), "50 queries"),
        (format!("mutation {{ {} }}", many("a ", 11)), "10 mutations"),
        (format!("mutation {{ {} ... {{ {} }} }}", many("a ", 6), many("a ", 5)), "10 mutations"),
        (many("mutation { a } ", 11), "10 mutations"),
        (format!("{{ a({}) }}", many("b:1 ", 2_000)), "tokens"),
        (format!("query({}) {{ a }}", many("$b:A ", 2_000)), "tokens"),
        (many("fragment F on Query { a } ", 51), "fragments"),
        ("{ __schema { types { fields { type { fields { name } } } } } }".to_owned(), "within itself"),
        (
            "{ __schema { types { fields { ...F } } } } fragment F on A { possibleTypes { b } }".to_owned(),
            "within itself",
        ),
        (format!("{{ __schema {{ {} }} }}", many("a: types { name } ", 21)), "lists of the schema"),
        ("x".repeat(200), "128 characters"),
        ("{ a(b: \"c) }".to_owned(), "does not end"),
        ("{ a(b: \"\"\"c) }".to_owned(), "does not end"),
        ("{ a.b }".to_owned(), "dot"),
        ("{ é }".to_owned(), "character"),
    ] {
        let shown: String = query.chars().take(80).collect();
        let refused = look(&query).err().unwrap_or_else(|| panic!("{shown}"));
        assert!(refused.contains(told), "{shown}: {refused}");
    }
}

#[test]
fn the_queries_of_one_request_add_up() {
    let mut bounds = Bounds::default();
    bounds.add("mutation { a b c d e f }").unwrap();
    bounds.add("mutation { a b c d }").unwrap();
    assert!(bounds.add("mutation { a }").is_err());
}

/// The parser takes these in another way than GraphQL's grammar, in which they are nothing: what it takes for a fragment
/// would not have been counted.
#[test]
fn what_has_two_readings_is_refused() {
    for (query, told) in [
        ("mutation { ...F } fragmentF on M { a }", "found `fragmentF`"),
        ("mutationM { a }", "found `mutationM`"),
        ("queryQ { a }", "found `queryQ`"),
        ("{ a } subscriptionS { a }", "found `subscriptionS`"),
        ("{ ... on #\nM { a } }", "no comment"),
        ("{ ... on\n#\n\nM { a } }", "no comment"),
    ] {
        assert!(look(query).is_err_and(|error| error.contains(told)), "{query}");
    }
    check("#\n{ #\n... #\non M #\n { a } }", 1, 1, 0);
    check("subscription S { a }", 1, 1, 0);
}
