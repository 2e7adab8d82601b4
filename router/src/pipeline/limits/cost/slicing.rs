//! `@listSize(slicingArguments:)`: what bounds a list, and whether an operation gives as much as
//! `requireOneSlicingArgument` asks.

use apollo_compiler::{
    Name, Schema,
    ast::{InputValueDefinition, Type, Value},
    executable::Field,
    response::JsonMap,
};

use crate::graph::GraphError;

use super::weights::ListSize;

/// The value of a slicing argument.
#[derive(Clone, Debug)]
pub(super) enum Bound {
    Known(f64),
    Variable {
        name: Name,
        /// Where in the variable it stands, and what holds where a step is left out.
        path: Vec<(String, Option<f64>)>,
        /// What holds when the variable is not given.
        default: Option<f64>,
    },
}

/// A field that needs exactly one of its slicing arguments, where it is not certain to have it.
#[derive(Debug)]
pub(super) struct Slicing {
    coordinate: String,
    names: Vec<String>,
    given: Vec<Bound>,
    /// Whether an argument that is left out has a value all the same.
    has_default: bool,
}

/// What an operation and the schema say of a slicing argument.
enum Found {
    Given(Bound),
    Default(f64),
}

/// The slicing arguments that `field` is given, or that have a default.
pub(super) fn bounds(schema: &Schema, size: &ListSize, field: &Field) -> Vec<Bound> {
    let arguments = size.slicing_arguments.iter();
    let found = arguments.filter_map(|argument| find(schema, argument, field));
    let bounds = found.map(|found| match found {
        Found::Given(bound) => bound,
        Found::Default(value) => Bound::Known(value),
    });
    bounds.collect()
}

/// What is to be found out with the variables; `None` where `field` is sliced as it must be.
pub(super) fn requirement(
    schema: &Schema,
    size: &ListSize,
    field: &Field,
    parent: &Name,
) -> Option<Slicing> {
    if !size.require_one || size.slicing_arguments.is_empty() {
        return None;
    }
    let mut slicing = Slicing {
        coordinate: format!("{parent}.{}", field.name),
        names: size.slicing_arguments.clone(),
        given: Vec::new(),
        has_default: false,
    };
    for argument in &size.slicing_arguments {
        match find(schema, argument, field) {
            Some(Found::Given(bound)) => slicing.given.push(bound),
            Some(Found::Default(_)) => slicing.has_default = true,
            None => {}
        }
    }
    let is_certain = match *slicing.given {
        [] => slicing.has_default,
        [Bound::Known(_)] => true,
        _ => false,
    };
    (!is_certain).then_some(slicing)
}

impl Slicing {
    /// Refuses none and several. A default counts where nothing is given.
    pub(super) fn check(&self, variables: &JsonMap) -> Result<(), GraphError> {
        let mut has_default = self.has_default;
        let mut count = 0;
        for bound in &self.given {
            if bound.value(variables).is_some() {
                if bound.is_default(variables) {
                    has_default = true;
                } else {
                    count += 1;
                }
            }
        }
        if count == 1 || (count == 0 && has_default) {
            return Ok(());
        }
        let (field, names) = (&self.coordinate, self.names.join(", "));
        let count = match count {
            0 => "none".to_owned(),
            count => count.to_string(),
        };
        Err(GraphError::new(
            "SLICING_ARGUMENT_REQUIRED",
            format!(
                "{field} needs exactly one of its slicing arguments ({names}), and was given {count}. \
                 Say by one of them how many items to return."
            ),
        ))
    }
}

impl Bound {
    pub(super) fn value(&self, variables: &JsonMap) -> Option<f64> {
        let (name, path, default) = match self {
            Self::Known(value) => return Some(*value),
            Self::Variable {
                name,
                path,
                default,
            } => (name, path, default),
        };
        let Some(mut value) = variables.get(name.as_str()) else {
            return *default;
        };
        for (key, default) in path {
            match value.as_object()?.get(key.as_str()) {
                Some(inner) => value = inner,
                None => return *default,
            }
        }
        value.as_f64()
    }

    /// Whether its value is one that the schema has: coerced variables do not tell it from what the
    /// client says.
    fn is_default(&self, variables: &JsonMap) -> bool {
        let Self::Variable { name, path, .. } = self else {
            return false;
        };
        if !variables.contains_key(name.as_str()) {
            return true;
        }
        let default = path.last().and_then(|(_, default)| *default);
        default.is_some() && self.value(variables) == default
    }
}

/// `argument` names an argument of `field`; a dot leads into an input object.
fn find(schema: &Schema, argument: &str, field: &Field) -> Option<Found> {
    let mut steps = argument.split('.');
    let name = steps.next()?;
    let path: Vec<_> = steps.collect();
    let definition = field.definition.argument_by_name(name)?;
    match field.specified_argument_by_name(name) {
        Some(value) => find_in(schema, definition, value, &path),
        None => default(schema, definition, &path).map(Found::Default),
    }
}

/// What `value`, which is given for `definition`, has at `path`.
fn find_in(
    schema: &Schema,
    definition: &InputValueDefinition,
    value: &Value,
    path: &[&str],
) -> Option<Found> {
    match value {
        Value::Variable(name) => Some(Found::Given(Bound::Variable {
            name: name.clone(),
            path: with_defaults(schema, &definition.ty, path),
            default: default(schema, definition, path),
        })),
        Value::Object(fields) => {
            let (key, path) = path.split_first()?;
            let definition = input_field(schema, &definition.ty, key)?;
            match fields.iter().find(|(name, _)| name == key) {
                Some((_, value)) => find_in(schema, definition, value, path),
                None => default(schema, definition, path).map(Found::Default),
            }
        }
        value => value.to_f64().map(Bound::Known).map(Found::Given),
    }
}

/// What `definition` has at `path` where it is left out.
fn default(schema: &Schema, definition: &InputValueDefinition, path: &[&str]) -> Option<f64> {
    let value = definition.default_value.as_ref()?;
    match find_in(schema, definition, value, path)? {
        Found::Given(Bound::Known(value)) | Found::Default(value) => Some(value),
        Found::Given(Bound::Variable { .. }) => None,
    }
}

fn with_defaults(schema: &Schema, ty: &Type, path: &[&str]) -> Vec<(String, Option<f64>)> {
    let Some((key, rest)) = path.split_first() else {
        return Vec::new();
    };
    let Some(definition) = input_field(schema, ty, key) else {
        return vec![((*key).to_owned(), None)];
    };
    let mut steps = vec![((*key).to_owned(), default(schema, definition, rest))];
    steps.extend(with_defaults(schema, &definition.ty, rest));
    steps
}

fn input_field<'s>(schema: &'s Schema, ty: &Type, key: &str) -> Option<&'s InputValueDefinition> {
    let input = schema.get_input_object(ty.inner_named_type())?;
    Some(input.fields.get(key)?)
}
