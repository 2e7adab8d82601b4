//! Each directive has its arrangements: what is not tried in three is not held to be supported.

/// The modules that try each directive, and what marks it in their schemas.
const TRIED: [(&str, &[&str]); 18] = [
    ("@key(", &[KEYS]),
    ("@requires(", &[REQUIRES]),
    ("@provides(", &[PROVIDES]),
    ("@external", &[REQUIRES, PROVIDES]),
    ("@shareable", &[SHAREABLE]),
    ("@override(", &[OVERRIDES]),
    ("@inaccessible", &[INACCESSIBLE]),
    ("@tag(", &[TAGS]),
    ("@interfaceObject", &[INTERFACE_OBJECTS]),
    // an interface with a key
    ("@key(fields: \"", &[INTERFACE_OBJECTS]),
    ("@authenticated", &[AUTHORIZATION, TOKENS]),
    ("@requiresScopes(", &[AUTHORIZATION, TOKENS]),
    ("@policy(", &[AUTHORIZATION, TOKENS]),
    ("@cost(", &[COSTS]),
    ("@listSize(", &[COSTS]),
    ("union ", &[ABSTRACT_TYPES]),
    ("interface ", &[ABSTRACT_TYPES]),
    // schemas without a link
    ("open_unlinked", &[FEDERATION_1]),
];

const KEYS: &str = include_str!("keys.rs");
const REQUIRES: &str = include_str!("requires.rs");
const PROVIDES: &str = include_str!("provides.rs");
const SHAREABLE: &str = include_str!("shareable.rs");
const OVERRIDES: &str = include_str!("overrides.rs");
const INACCESSIBLE: &str = include_str!("inaccessible.rs");
const TAGS: &str = include_str!("tags.rs");
const INTERFACE_OBJECTS: &str = include_str!("interface_objects.rs");
const AUTHORIZATION: &str = include_str!("authorization.rs");
const TOKENS: &str = include_str!("tokens.rs");
const COSTS: &str = include_str!("costs.rs");
const ABSTRACT_TYPES: &str = include_str!("abstract_types.rs");
const FEDERATION_1: &str = include_str!("federation_1.rs");

#[test]
fn each_directive_has_three_arrangements() {
    for (mark, modules) in TRIED {
        let tests = modules.iter().flat_map(|text| arrangements(text));
        let names: Vec<_> = tests
            .filter(|test| test.contains(mark))
            .map(|test| test.split('(').next().unwrap_or_default().trim())
            .collect();
        assert!(names.len() >= 3, "{mark} is tried in {names:?} only");
    }
}

/// The tests of a module that ask a graph.
fn arrangements(module: &str) -> impl Iterator<Item = &str> {
    module
        .split("#[tokio::test]\nasync fn ")
        .skip(1)
        .map(|rest| rest.split("\n}\n").next().unwrap_or(rest))
}
