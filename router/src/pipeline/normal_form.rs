//! The normal form of an operation: texts that have the same one mean the same and share a plan.
//!
//! Left out is what changes neither the answer nor what may be asked: layout and comments, the
//! names of the operation and of fragments, other operations and the fragments that only they
//! spread, an alias that is the field's own name, and the order of arguments, of the fields of input
//! objects and of variables. A fragment that is spread once stands where it is spread, as if it were
//! inline; others are not spread, so that the normal form is hardly longer than the document.

use std::{
    collections::HashMap,
    fmt::{self, Display, Write as _},
    sync::Arc,
};

use apollo_compiler::{
    ExecutableDocument, Name, Node,
    ast::{Argument, DirectiveList, Value, VariableDefinition},
    executable::{Field, Fragment, Operation, Selection, SelectionSet},
};

/// The normal form of `operation`, which is valid and of `document`.
pub(super) fn normal_form(document: &ExecutableDocument, operation: &Operation) -> Arc<str> {
    let mut writer = Writer {
        out: String::with_capacity(1024),
        spread: Vec::new(),
        numbers: HashMap::new(),
        once: spread_once(document, operation),
    };
    let written = writer.operation(document, operation);
    written.expect("text is written to memory");
    writer.out.into()
}

struct Writer<'d> {
    out: String,
    /// The fragments that are spread, by when they are met first.
    spread: Vec<&'d Name>,
    numbers: HashMap<&'d Name, usize>,
    /// The fragments that stand where they are spread.
    once: HashMap<&'d Name, &'d Fragment>,
}

/// The fragments that `operation` spreads once. One with directives is left out: they have no place in
/// an inline fragment.
fn spread_once<'d>(
    document: &'d ExecutableDocument,
    operation: &'d Operation,
) -> HashMap<&'d Name, &'d Fragment> {
    let mut times: HashMap<&Name, (usize, &Fragment)> = HashMap::new();
    let mut sets = vec![&operation.selection_set];
    while let Some(set) = sets.pop() {
        for selection in &set.selections {
            match selection {
                Selection::Field(field) => sets.push(&field.selection_set),
                Selection::InlineFragment(fragment) => sets.push(&fragment.selection_set),
                Selection::FragmentSpread(spread) => {
                    let Some(fragment) = document.fragments.get(&spread.fragment_name) else {
                        continue;
                    };
                    let (times, _) = times.entry(&spread.fragment_name).or_insert((0, fragment));
                    *times += 1;
                    if *times == 1 {
                        sets.push(&fragment.selection_set);
                    }
                }
            }
        }
    }
    times
        .into_iter()
        .filter(|(_, (times, fragment))| *times == 1 && fragment.directives.is_empty())
        .map(|(name, (_, fragment))| (name, fragment))
        .collect()
}

impl<'d> Writer<'d> {
    fn operation(
        &mut self,
        document: &'d ExecutableDocument,
        operation: &'d Operation,
    ) -> fmt::Result {
        let Operation {
            operation_type,
            name: _,
            variables,
            directives,
            selection_set,
        } = operation;
        write!(self.out, "{operation_type}")?;
        let mut variables: Vec<_> = variables.iter().collect();
        variables.sort_unstable_by_key(|variable| &variable.name);
        self.out.push('(');
        for variable in variables {
            self.variable(variable)?;
            self.out.push(',');
        }
        self.out.push(')');
        self.directives(directives)?;
        self.set(selection_set)?;
        let mut written = 0;
        // those that fragments spread follow
        while let Some(name) = self.spread.get(written) {
            written += 1;
            let Some(fragment) = document.fragments.get(*name) else {
                continue;
            };
            write!(self.out, "fragment on {}", fragment.type_condition())?;
            self.directives(&fragment.directives)?;
            self.set(&fragment.selection_set)?;
        }
        Ok(())
    }

    fn variable(&mut self, variable: &VariableDefinition) -> fmt::Result {
        let VariableDefinition {
            name,
            ty,
            default_value,
            directives,
        } = variable;
        write!(self.out, "${name}:{ty}")?;
        if let Some(value) = default_value {
            self.out.push('=');
            self.value(value)?;
        }
        self.directives(directives)
    }

    fn set(&mut self, set: &'d SelectionSet) -> fmt::Result {
        self.out.push('{');
        for selection in &set.selections {
            match selection {
                Selection::Field(field) => self.field(field)?,
                Selection::InlineFragment(fragment) => {
                    self.out.push_str("...");
                    if let Some(condition) = &fragment.type_condition {
                        write!(self.out, "on {condition}")?;
                    }
                    self.directives(&fragment.directives)?;
                    self.set(&fragment.selection_set)?;
                }
                Selection::FragmentSpread(spread) => {
                    if let Some(&fragment) = self.once.get(&spread.fragment_name) {
                        write!(self.out, "...on {}", fragment.type_condition())?;
                        self.directives(&spread.directives)?;
                        self.set(&fragment.selection_set)?;
                    } else {
                        let number = self.number(&spread.fragment_name);
                        write!(self.out, "...{number}")?;
                        self.directives(&spread.directives)?;
                    }
                }
            }
            self.out.push(' ');
        }
        self.out.push('}');
        Ok(())
    }

    fn field(&mut self, field: &'d Field) -> fmt::Result {
        let Field {
            definition: _,
            alias,
            name,
            arguments,
            directives,
            selection_set,
        } = field;
        if let Some(alias) = alias.as_ref().filter(|alias| *alias != name) {
            write!(self.out, "{alias}:")?;
        }
        self.out.push_str(name);
        self.arguments(arguments)?;
        self.directives(directives)?;
        if selection_set.is_empty() {
            return Ok(());
        }
        self.set(selection_set)
    }

    fn number(&mut self, fragment: &'d Name) -> usize {
        let next = self.spread.len();
        let number = *self.numbers.entry(fragment).or_insert(next);
        if number == next {
            self.spread.push(fragment);
        }
        number
    }

    /// Directives in their order, which may matter.
    fn directives(&mut self, directives: &DirectiveList) -> fmt::Result {
        for directive in &directives.0 {
            write!(self.out, "@{}", directive.name)?;
            self.arguments(&directive.arguments)?;
        }
        Ok(())
    }

    fn arguments(&mut self, arguments: &[Node<Argument>]) -> fmt::Result {
        if arguments.is_empty() {
            return Ok(());
        }
        let named = arguments.iter().map(|it| (&it.name, &it.value));
        self.named_values(named, ['(', ')'])
    }

    fn named_values<'v>(
        &mut self,
        values: impl Iterator<Item = (&'v Name, &'v Node<Value>)>,
        [open, close]: [char; 2],
    ) -> fmt::Result {
        let mut values: Vec<_> = values.collect();
        values.sort_by_key(|(name, _)| *name);
        self.out.push(open);
        for (name, value) in values {
            write!(self.out, "{name}:")?;
            self.value(value)?;
            self.out.push(',');
        }
        self.out.push(close);
        Ok(())
    }

    fn value(&mut self, value: &Value) -> fmt::Result {
        let mut plain = |value: &dyn Display| write!(self.out, "{value}");
        match value {
            Value::Null => plain(&"null"),
            Value::Boolean(value) => plain(value),
            Value::Enum(name) => plain(name),
            Value::Int(number) => plain(number),
            Value::Float(number) => plain(number),
            Value::Variable(name) => write!(self.out, "${name}"),
            // escaped, so that no text looks like what may follow it
            Value::String(text) => write!(self.out, "{text:?}"),
            Value::List(items) => {
                self.out.push('[');
                for item in items {
                    self.value(item)?;
                    self.out.push(',');
                }
                self.out.push(']');
                Ok(())
            }
            Value::Object(fields) => {
                let fields = fields.iter().map(|(name, value)| (name, value));
                self.named_values(fields, ['{', '}'])
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use apollo_compiler::Schema;

    use super::*;

    const SCHEMA: &str = "
        directive @mark(a: Int, b: Int) repeatable on FIELD | QUERY | FRAGMENT_SPREAD | FRAGMENT_DEFINITION | VARIABLE_DEFINITION
        type Query { me: User list(first: Int, filter: Filter, text: String): [User] }
        type Mutation { me: User }
        input Filter { a: Int b: [Int] c: Filter }
        type User { id: ID name: String friend: User }
    ";

    fn of(text: &str, name: Option<&str>) -> Arc<str> {
        let schema = Schema::parse_and_validate(SCHEMA, "schema.graphql").unwrap();
        let document = ExecutableDocument::parse_and_validate(&schema, text, "operation.graphql");
        let document = document.unwrap();
        normal_form(&document, document.operations.get(name).unwrap())
    }

    #[test]
    fn is_shared_by_texts_that_mean_the_same() {
        for (one, other) in [
            ("{me{id}}", "query { # mine\n  me, { id }\n}"),
            ("query A { me { id } }", "query B { me { id } }"),
            ("{ me { id } }", "{ me: me { id: id } }"),
            (
                "{ me { ...A } } fragment A on User { id ...B } fragment B on User { name }",
                "fragment A on User { name } fragment C on User { id ...A } { me { ...C } }",
            ),
            (
                "{ me { ...A @skip(if: true) } } fragment A on User { id ...B } fragment B on User { name }",
                "{ me { ... on User @skip(if: true) { id ... on User { name } } } }",
            ),
            (
                "{ me { ...A } us: me { ...A } } fragment A on User { ...B } fragment B on User { id }",
                "{ me { ...A } us: me { ...A } } fragment A on User { ... on User { id } }",
            ),
            (
                "{ list(first: 1, filter: { a: 1, c: { b: [1, 2], a: 3 } }) { id } }",
                "{ list(filter: { c: { a: 3, b: [1, 2] }, a: 1 }, first: 1) { id } }",
            ),
            (
                "query($a: Int = 1, $b: String) { list(first: $a, text: $b) { id } }",
                "query($b: String, $a: Int = 1) { list(text: $b, first: $a) { id } }",
            ),
            (
                r#"{ list(text: "a\n\"b") { id } }"#,
                "{ list(text: \"\"\"a\n\"b\"\"\") { id } }",
            ),
            (
                "query @mark(a: 1, b: 2) { me { id } }",
                "query @mark(b: 2, a: 1) { me { id } }",
            ),
        ] {
            assert_eq!(of(one, None), of(other, None), "{one}\n{other}");
        }
        let two = "query A { me { ...F } } query B { list { ...G } }
            fragment F on User { id } fragment G on User { name }";
        let alone = "{ me { ...F } } fragment F on User { id }";
        assert_eq!(of(two, Some("A")), of(alone, None));
        assert_ne!(of(two, Some("B")), of(alone, None));
    }

    #[test]
    fn differs_when_the_meaning_may() {
        let different = [
            "{ me { id } }",
            "{ me { name } }",
            "{ me { id name } }",
            "{ me { name id } }",
            "{ me { id } me { id } }",
            "{ me { id: name } }",
            "{ me { other: id } }",
            "{ us: me { id } }",
            "mutation { me { id } }",
            "{ me @mark { id } }",
            "{ me @mark(a: 1) { id } }",
            "{ me @mark(b: 1) { id } }",
            "{ me @mark(a: 1) @mark(b: 1) { id } }",
            "{ me @mark(b: 1) @mark(a: 1) { id } }",
            "{ me { id @mark } }",
            "query @mark { me { id } }",
            "{ me @skip(if: true) { id } }",
            "{ me @include(if: true) { id } }",
            "{ ... { me { id } } }",
            "{ ... on Query { me { id } } }",
            "{ ... @include(if: true) { me { id } } }",
            "{ me { ... on User { id } } }",
            "{ me { ...A } } fragment A on User @mark { id }",
            "{ me { ...A @mark } } fragment A on User { id }",
            "{ me { ...A ...B } } fragment A on User { id } fragment B on User { name }",
            "{ me { ...B ...A ...B } } fragment A on User { id } fragment B on User { name }",
            "{ me { friend { id } } }",
            "{ me { friend { id } name } }",
            "{ me { friend { id name } } }",
            "{ list { id } }",
            "{ list(first: 1) { id } }",
            "{ list(first: 2) { id } }",
            "{ list(first: null) { id } }",
            "{ list(text: \"1\") { id } }",
            "{ list(text: \"1\\\" ,first:1\") { id } }",
            "{ list(text: \"null\") { id } }",
            "{ list(text: null) { id } }",
            "{ list(filter: { b: [1, 2] }) { id } }",
            "{ list(filter: { b: [2, 1] }) { id } }",
            "{ list(filter: { b: 12 }) { id } }",
            "{ list(filter: { a: 12 }) { id } }",
            "{ list(filter: { c: { a: 12 } }) { id } }",
            "query($a: Int) { list(first: $a) { id } }",
            "query($b: Int) { list(first: $b) { id } }",
            "query($a: Int!) { list(first: $a) { id } }",
            "query($a: Int = 1) { list(first: $a) { id } }",
            "query($a: Int = 2) { list(first: $a) { id } }",
            "query($a: Int = null) { list(first: $a) { id } }",
            "query($a: Int @mark) { list(first: $a) { id } }",
            "query($a: Int) @mark { list(first: $a) { id } }",
        ];
        let mut known = HashMap::new();
        for text in different {
            if let Some(other) = known.insert(of(text, None), text) {
                panic!("{text} is taken for {other}");
            }
        }
    }
}
