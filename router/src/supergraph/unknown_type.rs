//! Where a subgraph names a type that it does not define: composition tells the type alone.

use apollo_compiler::{
    Name, Node,
    ast::{Definition, Document, FieldDefinition, InputValueDefinition},
};

use super::SubgraphSchema;

/// `: Type.field, …` for the `[subgraph] Unknown type Name` of composition, else nothing.
pub(super) fn places(message: &str, subgraphs: &[SubgraphSchema]) -> String {
    let told = message.strip_prefix('[').and_then(|rest| {
        let (subgraph, what) = rest.split_once("] ")?;
        let unknown = what.strip_prefix("Unknown type ")?.trim_matches('"');
        Some((subgraph, unknown))
    });
    let Some((subgraph, unknown)) = told else {
        return String::new();
    };
    let is_it = |schema: &&SubgraphSchema| schema.name.eq_ignore_ascii_case(subgraph);
    let Some(schema) = subgraphs.iter().find(is_it) else {
        return String::new();
    };
    // what was parsed is told of, even when not all could be
    let document = match Document::parse(schema.sdl.as_str(), "subgraph.graphql") {
        Ok(document) => document,
        Err(error) => error.partial,
    };
    let found: Vec<_> = document
        .definitions
        .iter()
        .flat_map(|definition| in_definition(definition, unknown))
        .collect();
    if found.is_empty() {
        String::new()
    } else {
        format!(", of {}", found.join(", "))
    }
}

fn in_definition(definition: &Definition, unknown: &str) -> Vec<String> {
    let names = |fields: &[Node<FieldDefinition>], interfaces: &[Name], owner: &Name| {
        let mut found = in_list(interfaces, owner, unknown);
        for field in fields {
            let place = format!("{owner}.{}", field.name);
            if field.ty.inner_named_type() == unknown {
                found.push(place.clone());
            }
            found.extend(in_inputs(&field.arguments, unknown, |argument| {
                format!("{place}({argument}:)")
            }));
        }
        found
    };
    match definition {
        Definition::ObjectTypeDefinition(it) => {
            names(&it.fields, &it.implements_interfaces, &it.name)
        }
        Definition::ObjectTypeExtension(it) => {
            names(&it.fields, &it.implements_interfaces, &it.name)
        }
        Definition::InterfaceTypeDefinition(it) => {
            names(&it.fields, &it.implements_interfaces, &it.name)
        }
        Definition::InterfaceTypeExtension(it) => {
            names(&it.fields, &it.implements_interfaces, &it.name)
        }
        Definition::UnionTypeDefinition(it) => in_list(&it.members, &it.name, unknown),
        Definition::UnionTypeExtension(it) => in_list(&it.members, &it.name, unknown),
        Definition::InputObjectTypeDefinition(it) => {
            in_inputs(&it.fields, unknown, |field| format!("{}.{field}", it.name))
        }
        Definition::InputObjectTypeExtension(it) => {
            in_inputs(&it.fields, unknown, |field| format!("{}.{field}", it.name))
        }
        Definition::DirectiveDefinition(it) => in_inputs(&it.arguments, unknown, |argument| {
            format!("@{}({argument}:)", it.name)
        }),
        _ => Vec::new(),
    }
}

/// `owner`, when it is made of `unknown`.
fn in_list(names: &[Name], owner: &Name, unknown: &str) -> Vec<String> {
    let is_there = names.iter().any(|name| name == unknown);
    is_there.then(|| owner.to_string()).into_iter().collect()
}

fn in_inputs(
    inputs: &[Node<InputValueDefinition>],
    unknown: &str,
    place: impl Fn(&Name) -> String,
) -> Vec<String> {
    let of_it = inputs
        .iter()
        .filter(|input| input.ty.inner_named_type() == unknown);
    of_it.map(|input| place(&input.name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_every_place_of_an_unknown_type() {
        let schema = SubgraphSchema {
            name: "shop".to_owned(),
            routing_url: String::new(),
            sdl: "type Query { a(by: [Lost!]): Int b: [Lost!]! ok: Int }
                extend type Query { c: Lost }
                union U = Query | Lost
                type O implements Lost { id: ID }
                input I { lost: Lost }
                directive @d(lost: Lost) on FIELD"
                .to_owned(),
        };
        let told = places("[shop] Unknown type Lost", std::slice::from_ref(&schema));
        assert_eq!(
            told,
            ", of Query.a(by:), Query.b, Query.c, U, O, I.lost, @d(lost:)"
        );
        for other in [
            "[shop] Unknown type Gone",
            "[other] Unknown type Lost",
            "else",
        ] {
            assert_eq!(places(other, std::slice::from_ref(&schema)), "", "{other}");
        }
    }
}
