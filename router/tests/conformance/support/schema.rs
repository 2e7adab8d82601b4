//! A subgraph's schema as the subgraph itself executes it, and what its federation directives ask.

use apollo_compiler::{
    Name, Schema,
    ast::DirectiveList,
    executable::{FieldSet, Selection, SelectionSet},
    schema::{ExtendedType, FieldDefinition},
    validation::Valid,
};
use serde_json::{Map, Value};

/// An executable subgraph schema.
pub struct SubgraphSchema {
    schema: Valid<Schema>,
}

impl SubgraphSchema {
    /// `sdl` with the fields and types that federation adds to each subgraph.
    pub fn new(name: &str, sdl: &str) -> Self {
        let parse = |text: &str| {
            let builder = Schema::builder().adopt_orphan_extensions();
            builder
                .parse(text, format!("{name}.graphql"))
                .build()
                .unwrap()
        };
        let plain = parse(sdl);
        let entities: Vec<&str> = plain
            .types
            .iter()
            .filter(|(_, definition)| definition.is_object())
            .filter(|(_, definition)| keys(definition.directives()).any(|key| key.resolvable))
            .map(|(name, _)| name.as_str())
            .collect();
        let machinery = if entities.is_empty() {
            "extend type Query { _service: _Service! } type _Service { sdl: String }".to_owned()
        } else {
            format!(
                "scalar _Any union _Entity = {} \
                 extend type Query {{ _entities(representations: [_Any!]!): [_Entity]! }}",
                entities.join(" | ")
            )
        };
        let schema = parse(&format!("{sdl}\n{machinery}"));
        Self {
            schema: Valid::assume_valid(schema),
        }
    }

    pub fn schema(&self) -> &Valid<Schema> {
        &self.schema
    }

    /// The `@key`s of a type.
    pub fn keys(&self, type_name: &str) -> Vec<(SelectionSet, bool)> {
        let Some(definition) = self.schema.types.get(type_name) else {
            return Vec::new();
        };
        keys(definition.directives())
            .map(|key| (self.field_set(type_name, &key.fields), key.resolvable))
            .collect()
    }

    /// What `field` of an object of `type_name` needs besides a key.
    pub fn requires(&self, type_name: &str, field: &FieldDefinition) -> Option<SelectionSet> {
        let directive = find(&field.directives, "requires").next()?;
        let fields = directive.specified_argument_by_name("fields")?.as_str()?;
        Some(self.field_set(type_name, fields))
    }

    /// The external fields that may be asked below `field`.
    pub fn provides(&self, field: &FieldDefinition) -> Option<SelectionSet> {
        let directive = find(&field.directives, "provides").next()?;
        let fields = directive.specified_argument_by_name("fields")?.as_str()?;
        Some(self.field_set(field.ty.inner_named_type(), fields))
    }

    pub fn is_external(&self, type_name: &str, field: &FieldDefinition) -> bool {
        let on_type = self
            .schema
            .types
            .get(type_name)
            .is_some_and(|definition| find_component(definition, "external"));
        on_type || find(&field.directives, "external").next().is_some()
    }

    /// Every field that some field of `type_name` requires.
    pub fn all_required(&self, type_name: &str) -> Vec<SelectionSet> {
        match self.schema.types.get(type_name) {
            Some(ExtendedType::Object(object)) => object
                .fields
                .values()
                .filter_map(|field| self.requires(type_name, field))
                .collect(),
            _ => Vec::new(),
        }
    }

    /// Whether an object of `type_name` is a `condition`.
    pub fn is_a(&self, type_name: &str, condition: &str) -> bool {
        type_name == condition || self.schema.is_subtype(condition, type_name)
    }

    fn field_set(&self, type_name: &str, fields: &str) -> SelectionSet {
        let type_name = Name::new(type_name).unwrap();
        FieldSet::parse(&self.schema, type_name, fields, "fields")
            .unwrap_or_else(|error| panic!("{fields:?}: {}", error.errors))
            .selection_set
    }

    /// Why `json` lacks what `set` selects.
    pub fn lacks(&self, set: &SelectionSet, json: &Map<String, Value>) -> Result<(), String> {
        for selection in &set.selections {
            match selection {
                Selection::Field(field) => match json.get(field.response_key().as_str()) {
                    None => return Err(format!("{} is missing", field.response_key())),
                    Some(value) => self.lacks_below(&field.selection_set, value)?,
                },
                Selection::InlineFragment(fragment) => {
                    let applies = match &fragment.type_condition {
                        None => true,
                        Some(condition) => {
                            let name = json.get("__typename").and_then(Value::as_str);
                            let name = name.ok_or("__typename is missing")?;
                            self.is_a(name, condition)
                        }
                    };
                    if applies {
                        self.lacks(&fragment.selection_set, json)?;
                    }
                }
                Selection::FragmentSpread(_) => unreachable!("field sets have no fragments"),
            }
        }
        Ok(())
    }

    fn lacks_below(&self, set: &SelectionSet, value: &Value) -> Result<(), String> {
        match value {
            Value::Object(object) => self.lacks(set, object),
            Value::Array(items) => items
                .iter()
                .try_for_each(|item| self.lacks_below(set, item)),
            _ => Ok(()),
        }
    }

    /// Whether `set` selects `field` of an object of `type_name`.
    pub fn selects(&self, set: &SelectionSet, type_name: &str, field: &str) -> bool {
        set.selections.iter().any(|selection| match selection {
            Selection::Field(selected) => selected.name == field,
            Selection::InlineFragment(fragment) => {
                let condition = fragment.type_condition.as_ref();
                condition.is_none_or(|condition| self.is_a(type_name, condition))
                    && self.selects(&fragment.selection_set, type_name, field)
            }
            Selection::FragmentSpread(_) => unreachable!("field sets have no fragments"),
        })
    }

    /// What `set` selects below `field` of an object of `type_name`.
    pub fn below(&self, set: &SelectionSet, type_name: &str, field: &str) -> Vec<SelectionSet> {
        let mut found = Vec::new();
        for selection in &set.selections {
            match selection {
                Selection::Field(selected) if selected.name == field => {
                    found.push(selected.selection_set.clone());
                }
                Selection::InlineFragment(fragment)
                    if fragment
                        .type_condition
                        .as_ref()
                        .is_none_or(|condition| self.is_a(type_name, condition)) =>
                {
                    found.extend(self.below(&fragment.selection_set, type_name, field));
                }
                _ => {}
            }
        }
        found
    }
}

struct Key {
    fields: String,
    resolvable: bool,
}

fn keys(directives: &apollo_compiler::schema::DirectiveList) -> impl Iterator<Item = Key> {
    directives
        .iter()
        .filter(|directive| is_named(&directive.name, "key"))
        .filter_map(|directive| {
            let fields = directive.specified_argument_by_name("fields")?.as_str()?;
            let resolvable = directive.specified_argument_by_name("resolvable");
            Some(Key {
                fields: fields.to_owned(),
                resolvable: resolvable.and_then(|value| value.to_bool()) != Some(false),
            })
        })
}

fn find<'a>(
    directives: &'a DirectiveList,
    name: &'a str,
) -> impl Iterator<Item = &'a apollo_compiler::Node<apollo_compiler::ast::Directive>> {
    directives
        .iter()
        .filter(move |directive| is_named(&directive.name, name))
}

fn find_component(definition: &ExtendedType, name: &str) -> bool {
    let mut directives = definition.directives().iter();
    directives.any(|directive| is_named(&directive.name, name))
}

/// Directives that are not imported have the specification's name before theirs; some tests rename them.
fn is_named(directive: &str, name: &str) -> bool {
    let own = ["federation__", "fed__"]
        .iter()
        .find_map(|prefix| directive.strip_prefix(prefix))
        .unwrap_or(directive);
    own.strip_suffix("OfMine").unwrap_or(own) == name
}
