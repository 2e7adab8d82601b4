//! Queries and mutations by seed: variables, aliases, fragments, `@skip` and `@include`, arguments of all types.

use std::fmt::Write as _;

use apollo_compiler::{
    Node, Schema,
    ast::{InputValueDefinition, Type},
    schema::{ExtendedType, FieldDefinition, UnionType},
};
use serde_json::{Map, Value, json};

/// How deep fields are nested.
const MAX_DEPTH: usize = 6;

struct Generator<'s> {
    schema: &'s Schema,
    has_conditions: bool,
    state: u64,
    aliases: usize,
    definitions: Vec<String>,
    variables: Map<String, Value>,
    fragments: Vec<String>,
}

/// The request of `seed`, with `@skip` and `@include` where it `has_conditions`.
pub fn request(schema: &Schema, seed: u64, has_conditions: bool) -> Value {
    let mut generator = Generator {
        schema,
        has_conditions,
        state: seed,
        aliases: 0,
        definitions: Vec::new(),
        variables: Map::new(),
        fragments: Vec::new(),
    };
    let (kind, root) = if generator.chance(15) {
        ("mutation", "Mutation")
    } else {
        ("query", "Query")
    };
    let mut query = kind.to_owned();
    let selection = generator.selection(root, 0);
    if !generator.definitions.is_empty() {
        write!(query, " ({})", generator.definitions.join(", ")).unwrap();
    }
    query.push_str(&selection);
    for fragment in &generator.fragments {
        query.push_str(fragment);
    }
    json!({ "query": query, "variables": generator.variables })
}

/// Files come in requests of another form.
fn takes_files(field: &FieldDefinition) -> bool {
    let mut arguments = field.arguments.iter();
    arguments.any(|argument| argument.ty.inner_named_type() == "Upload")
}

impl<'s> Generator<'s> {
    /// A number below `bound` (splitmix64).
    fn below(&mut self, bound: usize) -> usize {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % bound as u64).unwrap()
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// A selection set of `type_name` in its braces.
    fn selection(&mut self, type_name: &str, depth: usize) -> String {
        let object = match &self.schema.types[type_name] {
            ExtendedType::Object(object) => object,
            ExtendedType::Union(union) => return self.members(union, depth),
            _ => panic!("{type_name} is an interface: say here how it is selected"),
        };
        let fields: Vec<&'s FieldDefinition> = object
            .fields
            .values()
            .map(|field| &***field)
            .filter(|field| self.is_leaf(&field.ty) || depth < MAX_DEPTH)
            .filter(|field| !takes_files(field))
            .collect();
        let mut text = " {".to_owned();
        if fields.is_empty() || self.chance(15) {
            text.push_str(" __typename");
        }
        if !fields.is_empty() {
            for _ in 0..=self.below(4) {
                let field = fields[self.below(fields.len())];
                let part = self.field(field, depth);
                text.push_str(&part);
            }
        }
        if depth < MAX_DEPTH && self.chance(20) {
            let part = self.fragment(type_name, depth);
            text.push_str(&part);
        }
        text.push_str(" }");
        text
    }

    /// A selection set of some of a union's members.
    fn members(&mut self, union: &'s UnionType, depth: usize) -> String {
        let mut text = " {".to_owned();
        if self.chance(50) {
            text.push_str(" __typename");
        }
        let first = self.below(union.members.len());
        for (index, member) in union.members.iter().enumerate() {
            if index == first || self.chance(50) {
                let condition = self.condition();
                let selection = self.selection(&member.name, depth);
                write!(text, " ... on {}{condition}{selection}", member.name).unwrap();
            }
        }
        text.push_str(" }");
        text
    }

    fn field(&mut self, field: &'s FieldDefinition, depth: usize) -> String {
        let mut arguments = Vec::new();
        for argument in &field.arguments {
            if argument.is_required() || self.chance(40) {
                let value = self.argument(argument);
                arguments.push(format!("{}: {value}", argument.name));
            }
        }
        let mut text = " ".to_owned();
        // what has arguments must have a key of its own
        if !arguments.is_empty() || self.chance(25) {
            write!(text, "a{}: ", self.aliases).unwrap();
            self.aliases += 1;
        }
        text.push_str(&field.name);
        if !arguments.is_empty() {
            write!(text, "({})", arguments.join(", ")).unwrap();
        }
        text.push_str(&self.condition());
        if !self.is_leaf(&field.ty) {
            let selection = self.selection(field.ty.inner_named_type(), depth + 1);
            text.push_str(&selection);
        }
        text
    }

    fn fragment(&mut self, type_name: &str, depth: usize) -> String {
        let condition = self.condition();
        let selection = self.selection(type_name, depth + 1);
        match self.below(3) {
            0 => {
                let name = format!("F{}", self.fragments.len());
                self.fragments
                    .push(format!(" fragment {name} on {type_name}{selection}"));
                format!(" ...{name}{condition}")
            }
            1 => format!(" ... on {type_name}{condition}{selection}"),
            _ => format!(" ...{condition}{selection}"),
        }
    }

    fn condition(&mut self) -> String {
        if !self.chance(12) || !self.has_conditions {
            return String::new();
        }
        let directive = ["skip", "include"][self.below(2)];
        let value = self.chance(50);
        if self.chance(30) {
            return format!(" @{directive}(if: {value})");
        }
        let variable = self.variable("Boolean!", value.into());
        format!(" @{directive}(if: {variable})")
    }

    /// A new variable, sometimes with its value as the default.
    fn variable(&mut self, ty: &str, value: Value) -> String {
        let name = format!("v{}", self.definitions.len());
        if value.is_boolean() && self.chance(30) {
            self.definitions.push(format!("${name}: {ty} = {value}"));
        } else {
            self.definitions.push(format!("${name}: {ty}"));
            self.variables.insert(name.clone(), value);
        }
        format!("${name}")
    }

    fn argument(&mut self, argument: &'s Node<InputValueDefinition>) -> String {
        let value = self.value(&argument.ty);
        if self.chance(50) {
            self.variable(&argument.ty.to_string(), value)
        } else {
            self.literal(&argument.ty, &value)
        }
    }

    /// A JSON value of an input type.
    fn value(&mut self, ty: &Type) -> Value {
        if !ty.is_non_null() && self.chance(15) {
            return Value::Null;
        }
        if ty.is_list() {
            return (0..self.below(3))
                .map(|_| self.value(ty.item_type()))
                .collect();
        }
        let schema = self.schema;
        let name = ty.inner_named_type();
        match &schema.types[name] {
            ExtendedType::Enum(definition) => {
                let values: Vec<_> = definition.values.keys().collect();
                values[self.below(values.len())].as_str().into()
            }
            ExtendedType::InputObject(input) => {
                let mut object = Map::new();
                for field in input.fields.values() {
                    if field.is_required() || self.chance(40) {
                        object.insert(field.name.to_string(), self.value(&field.ty));
                    }
                }
                object.into()
            }
            _ => match name.as_str() {
                "Int" => self.below(50).into(),
                "Float" => json!(1.5),
                "Boolean" => self.chance(50).into(),
                "DateTime" => "2030-01-01T00:00:00Z".into(),
                _ => format!("x{}", self.below(9)).into(),
            },
        }
    }

    /// `value` as it is written in a document.
    fn literal(&self, ty: &Type, value: &Value) -> String {
        match value {
            Value::Array(items) => {
                let items = items.iter().map(|item| self.literal(ty.item_type(), item));
                format!("[{}]", items.collect::<Vec<_>>().join(", "))
            }
            Value::Object(object) => {
                let name = ty.inner_named_type();
                let Some(ExtendedType::InputObject(input)) = self.schema.types.get(name) else {
                    panic!("{name} is no input object");
                };
                let fields = object.iter().map(|(name, value)| {
                    let ty = &input.fields[name.as_str()].ty;
                    format!("{name}: {}", self.literal(ty, value))
                });
                format!("{{{}}}", fields.collect::<Vec<_>>().join(", "))
            }
            Value::String(text) if self.is_enum(ty) => text.clone(),
            value => value.to_string(),
        }
    }

    fn is_enum(&self, ty: &Type) -> bool {
        self.schema.types[ty.inner_named_type()].is_enum()
    }

    fn is_leaf(&self, ty: &Type) -> bool {
        self.schema.types[ty.inner_named_type()].is_leaf()
    }
}
