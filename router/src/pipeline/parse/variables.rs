//! Variables within the literals of custom scalars. The specification knows no types there, so any
//! variable may stand there that the operation declares. The validation takes undeclared ones in
//! objects, and refuses in lists what is not of the scalar's type.

use std::collections::HashSet;

use apollo_compiler::{
    ExecutableDocument, Name, Node, Schema,
    ast::{Argument, DirectiveList, Type, Value},
    executable::{Operation, Selection, SelectionSet},
    schema::ExtendedType,
};

use crate::graph::{GraphError, Location};

/// The uses of variables that their operations do not declare, as errors.
pub(super) fn undeclared(document: &ExecutableDocument, code: &str) -> Vec<GraphError> {
    let mut errors = Vec::new();
    for operation in document.operations.iter() {
        let mut search = Search::new(document, operation);
        search.directives(&operation.directives);
        search.set(&operation.selection_set);
        errors.extend(search.found.into_iter().map(|(name, value)| {
            let place = value.line_column_range(&document.sources);
            let mut error = GraphError::new(code, format!("variable `${name}` is not defined"));
            error.locations.extend(place.map(|place| Location {
                line: place.start.line,
                column: place.start.column,
            }));
            error
        }));
    }
    errors
}

/// The variables that one operation uses and does not declare.
struct Search<'d> {
    document: &'d ExecutableDocument,
    declared: HashSet<&'d Name>,
    spread: HashSet<&'d Name>,
    found: Vec<(&'d Name, &'d Node<Value>)>,
}

impl<'d> Search<'d> {
    fn new(document: &'d ExecutableDocument, operation: &'d Operation) -> Self {
        let declared = operation.variables.iter().map(|variable| &variable.name);
        Self {
            document,
            declared: declared.collect(),
            spread: HashSet::new(),
            found: Vec::new(),
        }
    }

    fn set(&mut self, set: &'d SelectionSet) {
        for selection in &set.selections {
            self.directives(selection.directives());
            match selection {
                Selection::Field(field) => {
                    self.arguments(&field.arguments);
                    self.set(&field.selection_set);
                }
                Selection::InlineFragment(fragment) => self.set(&fragment.selection_set),
                Selection::FragmentSpread(spread) => {
                    if self.spread.insert(&spread.fragment_name)
                        && let Some(fragment) = spread.fragment_def(self.document)
                    {
                        self.directives(&fragment.directives);
                        self.set(&fragment.selection_set);
                    }
                }
            }
        }
    }

    fn directives(&mut self, directives: &'d DirectiveList) {
        for directive in directives {
            self.arguments(&directive.arguments);
        }
    }

    fn arguments(&mut self, arguments: &'d [Node<Argument>]) {
        for argument in arguments {
            self.value(&argument.value);
        }
    }

    fn value(&mut self, value: &'d Node<Value>) {
        match value.as_ref() {
            Value::Variable(name) if !self.declared.contains(name) => {
                self.found.push((name, value));
            }
            Value::List(items) => items.iter().for_each(|item| self.value(item)),
            Value::Object(fields) => fields.iter().for_each(|(_, value)| self.value(value)),
            _ => {}
        }
    }
}

/// `document` with its lists that are custom scalars and hold variables made fields of objects, in
/// which the validation takes variables; `None` when there are none.
pub(super) fn with_lists_in_objects(
    schema: &Schema,
    document: &ExecutableDocument,
) -> Option<ExecutableDocument> {
    let mut document = document.clone();
    let mut wrapper = Wrapper {
        schema,
        is_changed: false,
    };
    let operations = &mut document.operations;
    let operations = operations
        .anonymous
        .iter_mut()
        .chain(operations.named.values_mut());
    for operation in operations {
        wrapper.set(&mut operation.make_mut().selection_set);
    }
    for fragment in document.fragments.values_mut() {
        wrapper.set(&mut fragment.make_mut().selection_set);
    }
    wrapper.is_changed.then_some(document)
}

struct Wrapper<'s> {
    schema: &'s Schema,
    is_changed: bool,
}

impl Wrapper<'_> {
    fn set(&mut self, set: &mut SelectionSet) {
        for selection in &mut set.selections {
            match selection {
                Selection::Field(field) => {
                    let field = field.make_mut();
                    for argument in &mut field.arguments {
                        if let Some(definition) = field.definition.argument_by_name(&argument.name)
                        {
                            self.value(&definition.ty, &mut argument.make_mut().value);
                        }
                    }
                    self.set(&mut field.selection_set);
                }
                Selection::InlineFragment(fragment) => {
                    self.set(&mut fragment.make_mut().selection_set);
                }
                Selection::FragmentSpread(_) => {}
            }
        }
    }

    fn value(&mut self, ty: &Type, value: &mut Node<Value>) {
        let definition = self.schema.types.get(ty.inner_named_type());
        match (definition, value.make_mut()) {
            (_, Value::List(items)) if ty.is_list() => {
                for item in items {
                    self.value(ty.item_type(), item);
                }
            }
            (Some(ExtendedType::Scalar(scalar)), list @ Value::List(_))
                if !scalar.is_built_in() && has_variable(list) =>
            {
                self.is_changed = true;
                let items = std::mem::replace(list, Value::Null);
                *list = Value::Object(vec![(apollo_compiler::name!("list"), Node::new(items))]);
            }
            (Some(ExtendedType::InputObject(input)), Value::Object(fields)) => {
                for (name, value) in fields {
                    if let Some(field) = input.fields.get(name) {
                        self.value(&field.ty, value);
                    }
                }
            }
            _ => {}
        }
    }
}

fn has_variable(value: &Value) -> bool {
    match value {
        Value::Variable(_) => true,
        Value::List(items) => items.iter().any(|item| has_variable(item)),
        Value::Object(fields) => fields.iter().any(|(_, value)| has_variable(value)),
        _ => false,
    }
}
