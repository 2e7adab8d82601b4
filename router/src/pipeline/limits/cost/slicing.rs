//! `@listSize(slicingArguments:)`: what bounds a list, and whether an operation gives as much as
//! `requireOneSlicingArgument` asks.

use apollo_compiler::{Name, ast::Value, executable::Field, response::JsonMap};

use crate::graph::GraphError;

use super::weights::ListSize;

/// The value of a slicing argument.
#[derive(Clone, Debug)]
pub(super) enum Bound {
    Known(f64),
    Variable {
        name: Name,
        path: Vec<String>,
        /// That of the argument, which holds when the variable is not given.
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

/// The slicing arguments that `field` is given, or that have a default.
pub(super) fn bounds(size: &ListSize, field: &Field) -> Vec<Bound> {
    let mut bounds = Vec::new();
    for argument in &size.slicing_arguments {
        bounds.extend(given(argument, field).or_else(|| {
            let is_left_out = field.specified_argument_by_name(name(argument)).is_none();
            default(argument, field)
                .filter(|_| is_left_out)
                .map(Bound::Known)
        }));
    }
    bounds
}

/// What is to be found out with the variables; `None` where `field` is sliced as it must be.
pub(super) fn requirement(size: &ListSize, field: &Field, parent: &Name) -> Option<Slicing> {
    if !size.require_one || size.slicing_arguments.is_empty() {
        return None;
    }
    let arguments = size.slicing_arguments.iter();
    let slicing = Slicing {
        coordinate: format!("{parent}.{}", field.name),
        names: size.slicing_arguments.clone(),
        given: arguments
            .clone()
            .filter_map(|argument| given(argument, field))
            .collect(),
        has_default: arguments
            .filter(|argument| field.specified_argument_by_name(name(argument)).is_none())
            .any(|argument| default(argument, field).is_some()),
    };
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
            match bound {
                Bound::Variable { name, default, .. } if !variables.contains_key(name.as_str()) => {
                    has_default |= default.is_some();
                }
                bound => count += usize::from(bound.value(variables).is_some()),
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
        let value = match self {
            Self::Known(value) => *value,
            Self::Variable {
                name,
                path,
                default,
            } => match variables.get(name.as_str()) {
                None => (*default)?,
                Some(value) => {
                    let mut path = path.iter();
                    path.try_fold(value, |value, key| value.get(key.as_str()))?
                        .as_f64()?
                }
            },
        };
        Some(value.max(0.0))
    }
}

/// The argument of the field that `argument` begins with; a dot leads into an input object.
fn name(argument: &str) -> &str {
    argument.split_once('.').map_or(argument, |(name, _)| name)
}

fn path(argument: &str) -> Vec<&str> {
    argument.split('.').skip(1).collect()
}

/// What the operation says.
fn given(argument: &str, field: &Field) -> Option<Bound> {
    let value = field.specified_argument_by_name(name(argument))?;
    bound(value, &path(argument), default(argument, field))
}

/// What the schema says for an argument that is left out.
fn default(argument: &str, field: &Field) -> Option<f64> {
    let definition = field.definition.argument_by_name(name(argument))?;
    match bound(definition.default_value.as_ref()?, &path(argument), None)? {
        Bound::Known(value) => Some(value),
        Bound::Variable { .. } => None,
    }
}

fn bound(value: &Value, path: &[&str], default: Option<f64>) -> Option<Bound> {
    match value {
        Value::Variable(name) => Some(Bound::Variable {
            name: name.clone(),
            path: path.iter().map(|&key| key.to_owned()).collect(),
            default,
        }),
        Value::Object(fields) => {
            let (key, path) = path.split_first()?;
            let (_, value) = fields.iter().find(|(name, _)| name == key)?;
            bound(value, path, None)
        }
        value => value.to_f64().map(Bound::Known),
    }
}
