//! What `@requires` selects of fields with arguments.

use std::collections::HashSet;

use apollo_compiler::{
    Node,
    ast::{Definition, Document, FieldDefinition, Selection},
};

/// The names of the fields that a requirement in `sdl`, a supergraph, selects and that take
/// arguments: the client may select them with others.
pub(super) fn with_arguments(sdl: &str) -> HashSet<String> {
    let mut names = HashSet::new();
    let Ok(document) = Document::parse(sdl, "supergraph.graphql") else {
        return names;
    };
    let fields = || document.definitions.iter().flat_map(fields);
    let joins = fields().flat_map(|field| field.directives.get_all("join__field"));
    let requires = joins.filter_map(|join| join.specified_argument_by_name("requires"));
    for requires in requires.filter_map(|requires| requires.as_str()) {
        let set = Document::parse(format!("{{ {requires} }}"), "fields.graphql");
        for definition in set.iter().flat_map(|set| &set.definitions) {
            if let Definition::OperationDefinition(set) = definition {
                collect(&set.selection_set, &mut names);
            }
        }
    }
    let take_arguments: HashSet<_> = fields()
        .filter(|field| !field.arguments.is_empty())
        .map(|field| field.name.as_str())
        .collect();
    names.retain(|name| take_arguments.contains(name.as_str()));
    names
}

fn fields(definition: &Definition) -> &[Node<FieldDefinition>] {
    match definition {
        Definition::ObjectTypeDefinition(it) => &it.fields,
        Definition::InterfaceTypeDefinition(it) => &it.fields,
        _ => &[],
    }
}

fn collect(set: &[Selection], names: &mut HashSet<String>) {
    for selection in set {
        match selection {
            Selection::Field(field) => {
                names.insert(field.name.to_string());
                collect(&field.selection_set, names);
            }
            Selection::InlineFragment(fragment) => collect(&fragment.selection_set, names),
            Selection::FragmentSpread(_) => {}
        }
    }
}
