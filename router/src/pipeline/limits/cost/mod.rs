//! What an operation may cost, estimated before it runs: the rules of IBM's cost specification as
//! Apollo's demand control applies them.
//!
//! An object counts 1, a scalar or an enum value 0, an argument that is an input object 1, a
//! mutation 10 more; `@cost` says otherwise. A list counts as often as it may have items: by its
//! slicing arguments, else by `assumedSize`, else by the configured size. Of several slicing
//! arguments the largest counts; exactly one must be given unless `requireOneSlicingArgument` is
//! false. Relay connections are taken to be sliced by `first` and `last`, which none must have.

mod slicing;
mod weights;

use apollo_compiler::{
    ExecutableDocument, Name, Schema,
    ast::{DirectiveList, InputValueDefinition, Type, Value},
    executable::{Field, Operation, Selection, SelectionSet},
    response::{JsonMap, JsonValue},
    schema::ExtendedType,
};

use crate::graph::GraphError;

use slicing::{Bound, Slicing};
pub(crate) use weights::Weights;
use weights::{FieldWeights, ListSize};

/// Cost of a mutation besides what it selects.
const MUTATION: f64 = 10.0;

/// The cost of an operation as far as it is known without its variables.
#[derive(Debug, Default)]
pub(crate) struct Cost {
    fixed: f64,
    by_variables: Vec<Part>,
    /// Fields of which the variables tell whether they are sliced as they must be.
    slicings: Vec<Slicing>,
}

/// What depends on variables.
#[derive(Debug)]
enum Part {
    /// `cost` where all `conditions` have these values.
    Included {
        conditions: Vec<(Name, bool)>,
        cost: Cost,
    },
    /// `each` as often as the largest of `bounds` says, or `otherwise`.
    Items {
        bounds: Vec<Bound>,
        otherwise: f64,
        each: Cost,
    },
    /// A variable that is an argument, or a part of one.
    Input {
        variable: Name,
        type_name: Name,
        weight: Option<f64>,
    },
}

/// What weighs operations over one supergraph.
#[derive(Clone, Copy)]
pub(crate) struct Scale<'a> {
    pub(crate) schema: &'a Schema,
    pub(crate) weights: &'a Weights,
}

impl Cost {
    /// Estimates `operation`, which is valid and within the limits on its size. A list of which
    /// the schema says nothing is taken to have `default_list_size` items.
    pub(crate) fn of(
        scale: Scale<'_>,
        default_list_size: u32,
        document: &ExecutableDocument,
        operation: &Operation,
    ) -> Self {
        let mut cost = Self {
            fixed: if operation.is_mutation() {
                MUTATION
            } else {
                0.0
            },
            ..Self::default()
        };
        let weigher = Weigher {
            scale,
            default_list_size: f64::from(default_list_size),
            document,
        };
        cost.add(weigher.selections(&operation.selection_set, None));
        cost
    }

    /// The whole cost with `variables`, which are coerced.
    pub(crate) fn with(&self, scale: Scale<'_>, variables: &JsonMap) -> f64 {
        let parts = self.by_variables.iter().map(|part| match part {
            Part::Included { conditions, cost } if are_met(conditions, variables) => {
                cost.with(scale, variables)
            }
            Part::Included { .. } => 0.0,
            Part::Items {
                bounds,
                otherwise,
                each,
            } => count(bounds, *otherwise, variables) * each.with(scale, variables),
            Part::Input {
                variable,
                type_name,
                weight,
            } => variables
                .get(variable.as_str())
                .map_or(0.0, |value| scale.json_input(value, type_name, *weight)),
        });
        self.fixed + parts.sum::<f64>()
    }

    /// Refuses an operation that leaves open how long a list may be, where the schema asks for it.
    pub(crate) fn check_slicing(&self, variables: &JsonMap) -> Result<(), GraphError> {
        let mut slicings = self.slicings.iter();
        slicings.try_for_each(|slicing| slicing.check(variables))?;
        let mut parts = self.by_variables.iter();
        parts.try_for_each(|part| match part {
            Part::Included { conditions, cost } if are_met(conditions, variables) => {
                cost.check_slicing(variables)
            }
            Part::Items { each, .. } => each.check_slicing(variables),
            Part::Included { .. } | Part::Input { .. } => Ok(()),
        })
    }

    fn add(&mut self, other: Self) {
        self.fixed += other.fixed;
        self.by_variables.extend(other.by_variables);
        self.slicings.extend(other.slicings);
    }

    /// This cost where `directives` do not leave it out.
    fn where_included(self, directives: &DirectiveList) -> Self {
        let mut conditions = Vec::new();
        for (name, wanted) in [("skip", false), ("include", true)] {
            let directive = directives.get(name);
            let value = directive.and_then(|it| it.specified_argument_by_name("if"));
            match value.map(AsRef::as_ref) {
                Some(Value::Boolean(value)) if *value != wanted => return Self::default(),
                Some(Value::Variable(name)) => conditions.push((name.clone(), wanted)),
                _ => {}
            }
        }
        if conditions.is_empty() {
            return self;
        }
        Self {
            by_variables: vec![Part::Included {
                conditions,
                cost: self,
            }],
            ..Self::default()
        }
    }

    /// This cost for each item of a list.
    fn times(mut self, bounds: Vec<Bound>, otherwise: f64) -> Self {
        let slicings = std::mem::take(&mut self.slicings);
        let is_known = bounds.iter().all(|bound| matches!(bound, Bound::Known(_)));
        if is_known && self.by_variables.is_empty() {
            return Self {
                fixed: self.fixed * count(&bounds, otherwise, &JsonMap::new()),
                slicings,
                ..Self::default()
            };
        }
        Self {
            fixed: 0.0,
            by_variables: vec![Part::Items {
                bounds,
                otherwise,
                each: self,
            }],
            slicings,
        }
    }
}

/// How many items a list has at most: the largest of `bounds`, or `otherwise`. What is negative bounds
/// nothing: a subgraph may take it for no bound at all.
fn count(bounds: &[Bound], otherwise: f64, variables: &JsonMap) -> f64 {
    let given = bounds.iter().filter_map(|bound| bound.value(variables));
    let counts = given.map(|value| if value < 0.0 { otherwise } else { value });
    counts.reduce(f64::max).unwrap_or(otherwise)
}

fn are_met(conditions: &[(Name, bool)], variables: &JsonMap) -> bool {
    let mut conditions = conditions.iter();
    conditions.all(|(name, wanted)| {
        let value = variables.get(name.as_str());
        value.and_then(JsonValue::as_bool) != Some(!wanted)
    })
}

#[derive(Clone, Copy)]
struct Weigher<'a> {
    scale: Scale<'a>,
    default_list_size: f64,
    document: &'a ExecutableDocument,
}

impl<'a> Weigher<'a> {
    /// `sized` are the fields in `set` whose length the field around it tells, and that field.
    fn selections(&self, set: &SelectionSet, sized: Option<(&'a ListSize, &Field)>) -> Cost {
        let mut cost = Cost::default();
        for selection in &set.selections {
            let selected = match selection {
                Selection::Field(field) => self.field(field, &set.ty, sized),
                Selection::InlineFragment(fragment) => {
                    self.selections(&fragment.selection_set, sized)
                }
                Selection::FragmentSpread(spread) => spread
                    .fragment_def(self.document)
                    .map(|fragment| self.selections(&fragment.selection_set, sized))
                    .unwrap_or_default(),
            };
            cost.add(selected.where_included(selection.directives()));
        }
        cost
    }

    fn field(&self, field: &Field, parent: &Name, sized: Option<(&'a ListSize, &Field)>) -> Cost {
        if field.name.starts_with("__") {
            return Cost::default();
        }
        let Scale { schema, weights } = self.scale;
        let told = weights.of_field(parent, &field.name);
        let list_size = told.and_then(|told| told.list_size.as_ref());
        let type_name = field.ty().inner_named_type();
        let own = told.and_then(|told| told.own);
        let inner = list_size.filter(|size| !size.sized_fields.is_empty());
        let slicing = list_size.and_then(|size| slicing::requirement(schema, size, field, parent));
        let mut cost = self.selections(&field.selection_set, inner.map(|size| (size, field)));
        cost.fixed += own.unwrap_or_else(|| weights.of_type(type_name, schema));
        if field.ty().is_list() {
            let sized = sized.filter(|(size, _)| {
                size.sized_fields
                    .iter()
                    .any(|name| field.name == name.as_str())
            });
            let source = sized.or(list_size.map(|size| (size, field)));
            let (bounds, assumed) = source.map_or((Vec::new(), None), |(size, field)| {
                (slicing::bounds(schema, size, field), size.assumed)
            });
            cost = cost.times(bounds, assumed.unwrap_or(self.default_list_size));
        }
        cost.slicings.extend(slicing);
        for argument in &field.arguments {
            if let Some(definition) = field.definition.argument_by_name(&argument.name) {
                let weight = told.and_then(|told| told.arguments.get(argument.name.as_str()));
                cost.add(self.input(&argument.value, definition, weight.copied()));
            }
        }
        cost
    }

    fn input(&self, value: &Value, definition: &InputValueDefinition, weight: Option<f64>) -> Cost {
        self.scale
            .input(value, definition.ty.inner_named_type(), weight)
    }
}

impl Scale<'_> {
    /// The cost of an argument, or of a part of one.
    fn input(self, value: &Value, type_name: &Name, weight: Option<f64>) -> Cost {
        let mut cost = Cost::default();
        match value {
            Value::Null => {}
            Value::Variable(variable) => cost.by_variables.push(Part::Input {
                variable: variable.clone(),
                type_name: type_name.clone(),
                weight,
            }),
            Value::List(items) => {
                for item in items {
                    cost.add(self.input(item, type_name, weight));
                }
            }
            Value::Object(fields) => {
                cost.fixed += weight.unwrap_or_else(|| self.of_input(type_name));
                for (name, value) in fields {
                    if let Some((inner, weight)) = self.input_field(type_name, name) {
                        cost.add(self.input(value, inner, weight));
                    }
                }
            }
            _ => cost.fixed += weight.unwrap_or_else(|| self.of_input(type_name)),
        }
        cost
    }

    fn json_input(self, value: &JsonValue, type_name: &Name, weight: Option<f64>) -> f64 {
        match value {
            JsonValue::Null => 0.0,
            JsonValue::Array(items) => items
                .iter()
                .map(|item| self.json_input(item, type_name, weight))
                .sum(),
            JsonValue::Object(fields) => {
                let inner = fields.iter().filter_map(|(name, value)| {
                    let (inner, weight) = self.input_field(type_name, name.as_str())?;
                    Some(self.json_input(value, inner, weight))
                });
                weight.unwrap_or_else(|| self.of_input(type_name)) + inner.sum::<f64>()
            }
            _ => weight.unwrap_or_else(|| self.of_input(type_name)),
        }
    }

    fn of_input(self, type_name: &Name) -> f64 {
        let definition = self.schema.types.get(type_name);
        if definition.is_some_and(ExtendedType::is_input_object) {
            1.0
        } else {
            self.weights.of_type(type_name, self.schema)
        }
    }

    /// The type of an input object's field, and its own weight.
    fn input_field(&self, type_name: &Name, field: &str) -> Option<(&Name, Option<f64>)> {
        let definition = self.schema.get_input_object(type_name)?;
        let type_: &Type = &definition.fields.get(field)?.ty;
        let weight = self.weights.of_field(type_name, field);
        Some((
            type_.inner_named_type(),
            weight.and_then(|weights: &FieldWeights| weights.own),
        ))
    }
}
