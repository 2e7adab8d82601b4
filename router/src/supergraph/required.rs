//! What `@requires` selects with arguments.

use std::collections::HashSet;

use apollo_compiler::ast::{Definition, Document, Selection};

/// The names of the fields that a requirement in `sdl`, a supergraph, selects with arguments.
pub(super) fn with_arguments(sdl: &str) -> HashSet<String> {
    let mut names = HashSet::new();
    let Ok(document) = Document::parse(sdl, "supergraph.graphql") else {
        return names;
    };
    for definition in &document.definitions {
        let fields = match definition {
            Definition::ObjectTypeDefinition(it) => &it.fields,
            Definition::InterfaceTypeDefinition(it) => &it.fields,
            _ => continue,
        };
        let joins = fields
            .iter()
            .flat_map(|field| field.directives.get_all("join__field"));
        let requires = joins.filter_map(|join| join.specified_argument_by_name("requires"));
        for requires in requires.filter_map(|requires| requires.as_str()) {
            let set = Document::parse(format!("{{ {requires} }}"), "fields.graphql");
            for definition in set.iter().flat_map(|set| &set.definitions) {
                if let Definition::OperationDefinition(set) = definition {
                    collect(&set.selection_set, &mut names);
                }
            }
        }
    }
    names
}

fn collect(set: &[Selection], names: &mut HashSet<String>) {
    for selection in set {
        match selection {
            Selection::Field(field) => {
                if !field.arguments.is_empty() {
                    names.insert(field.name.to_string());
                }
                collect(&field.selection_set, names);
            }
            Selection::InlineFragment(fragment) => collect(&fragment.selection_set, names),
            Selection::FragmentSpread(_) => {}
        }
    }
}
