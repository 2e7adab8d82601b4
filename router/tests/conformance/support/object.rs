//! Objects of a subgraph, resolved from its fixture.
//!
//! A fixture is `{ "Query": { field: value }, "Type": [row, ...] }`. A row without any key holds
//! for every entity of its type. Where a value is an object, a string is a reference by the first
//! key (`"b1"`, or `"Book:b1"` where the type is abstract). A string of `={…}` is made from what
//! is between the braces: a field of the representation or row, or an argument (`args.unit`).
//! A string of `!…` is an error.

use apollo_compiler::{
    ast::Type,
    executable::{Selection, SelectionSet},
    resolvers::{FieldError, ObjectValue, ResolveInfo, ResolvedValue},
};
use serde_json::{Map, Value};

use super::schema::SubgraphSchema;

/// What a subgraph knows.
pub struct Fixture {
    pub schema: SubgraphSchema,
    pub data: Value,
}

/// An object, with what it may be asked.
pub struct Object<'f> {
    fixture: &'f Fixture,
    type_name: String,
    /// Its fields, those of its row included.
    fields: Map<String, Value>,
    /// What the router told of it.
    representation: Option<Map<String, Value>>,
    /// The external fields that `@provides` opens here.
    provided: Vec<SelectionSet>,
}

fn error<T>(message: impl Into<String>) -> Result<T, FieldError> {
    Err(FieldError {
        message: message.into(),
    })
}

impl Fixture {
    pub fn root(&self, type_name: &str) -> Object<'_> {
        let fields = self.data[type_name].as_object().cloned();
        Object {
            fixture: self,
            type_name: type_name.to_owned(),
            fields: fields.unwrap_or_default(),
            representation: None,
            provided: Vec::new(),
        }
    }

    /// The entity that `representation` tells of; `None` when the subgraph has none like it.
    fn entity(
        &self,
        representation: &Map<String, Value>,
    ) -> Result<Option<Object<'_>>, FieldError> {
        let told = Value::Object(representation.clone());
        let Some(type_name) = representation.get("__typename").and_then(Value::as_str) else {
            return error(format!("a representation without __typename: {told}"));
        };
        let keys = self.schema.keys(type_name);
        let mut resolvable = keys.iter().filter(|(_, resolvable)| *resolvable);
        if !resolvable.any(|(key, _)| self.schema.lacks(key, representation).is_ok()) {
            return error(format!("a representation without a whole key: {told}"));
        }
        let mut known = self.schema.all_required(type_name);
        known.extend(keys.into_iter().map(|(key, _)| key));
        for field in representation.keys().filter(|key| *key != "__typename") {
            if !known
                .iter()
                .any(|set| self.schema.selects(set, type_name, field))
            {
                return error(format!("{field} was not asked for: {told}"));
            }
        }
        let types = self.schema.schema().types.keys();
        let concrete = types.filter(|name| self.schema.is_a(name, type_name));
        for concrete in concrete {
            if let Some(row) = self.row(concrete, representation) {
                return Ok(Some(Object {
                    fixture: self,
                    type_name: concrete.to_string(),
                    fields: row,
                    representation: Some(representation.clone()),
                    provided: Vec::new(),
                }));
            }
        }
        Ok(None)
    }

    /// What the fixture has of the object of `type_name` with the keys of `object`: empty when it
    /// has no rows of this type.
    fn row(&self, type_name: &str, object: &Map<String, Value>) -> Option<Map<String, Value>> {
        let keys = self.schema.keys(type_name);
        let Some(rows) = self.data[type_name].as_array() else {
            return self
                .schema
                .schema()
                .get_object(type_name)
                .map(|_| Map::new());
        };
        let has_keys = |row: &Map<String, Value>| {
            let mut keys = keys.iter();
            keys.any(|(key, _)| self.schema.lacks(key, row).is_ok())
        };
        let is_it = |row: &Map<String, Value>| {
            let mut keys = keys.iter();
            keys.any(|(key, _)| agree(key, row, object))
        };
        let mut rows = rows.iter().filter_map(Value::as_object);
        rows.find(|row| is_it(row) || !has_keys(row)).cloned()
    }
}

/// Whether both objects have all of `key`, and the same.
fn agree(key: &SelectionSet, a: &Map<String, Value>, b: &Map<String, Value>) -> bool {
    key.selections.iter().all(|selection| {
        let Selection::Field(field) = selection else {
            return false;
        };
        match (a.get(field.name.as_str()), b.get(field.name.as_str())) {
            (Some(Value::Object(a)), Some(Value::Object(b))) => agree(&field.selection_set, a, b),
            (Some(a), Some(b)) => a == b,
            _ => false,
        }
    })
}

impl ObjectValue for Object<'_> {
    fn type_name(&self) -> &str {
        &self.type_name
    }

    fn resolve_field<'a>(
        &'a self,
        info: &'a ResolveInfo<'a>,
    ) -> Result<ResolvedValue<'a>, FieldError> {
        let name = info.field_name();
        let schema = &self.fixture.schema;
        let definition = info.field_definition();
        if name == "_entities" {
            return Ok(self.entities(info));
        }
        let is_key = schema
            .keys(&self.type_name)
            .iter()
            .any(|(key, _)| schema.selects(key, &self.type_name, name));
        let mut provided = self.provided.iter();
        let is_open = provided.any(|set| schema.selects(set, &self.type_name, name));
        if schema.is_external(&self.type_name, definition) && !is_key && !is_open {
            return error(format!("{}.{name} is external here", self.type_name));
        }
        if let Some(required) = schema.requires(&self.type_name, definition) {
            let told = self.representation.as_ref();
            let Some(told) = told else {
                return error(format!("{}.{name} needs a representation", self.type_name));
            };
            if let Err(lack) = schema.lacks(&required, told) {
                return error(format!("{}.{name} requires: {lack}", self.type_name));
            }
        }
        let own = self.fields.get(name);
        let told = self.representation.as_ref().and_then(|told| told.get(name));
        let Some(value) = own.or(told.filter(|_| is_key)) else {
            return error(format!("no fixture for {}.{name}", self.type_name));
        };
        let provided: Vec<SelectionSet> = self
            .provided
            .iter()
            .flat_map(|set| schema.below(set, &self.type_name, name))
            .chain(schema.provides(definition))
            .collect();
        self.complete(value, &definition.ty, info, &provided)
    }
}

impl<'f> Object<'f> {
    fn entities<'a>(&'a self, info: &'a ResolveInfo<'a>) -> ResolvedValue<'a> {
        let told = serde_json::to_value(info.arguments()).unwrap();
        let told = told["representations"].as_array().unwrap().clone();
        let entities: Vec<_> = told
            .iter()
            .map(|told| {
                let told = told.as_object().expect("a representation is an object");
                self.fixture
                    .entity(told)
                    .map(ResolvedValue::nullable_object)
            })
            .collect();
        ResolvedValue::List(Box::new(entities.into_iter()))
    }

    fn complete<'a>(
        &'a self,
        value: &Value,
        ty: &Type,
        info: &ResolveInfo<'_>,
        provided: &[SelectionSet],
    ) -> Result<ResolvedValue<'a>, FieldError>
    where
        'f: 'a,
    {
        let schema = self.fixture.schema.schema();
        match value {
            Value::String(text) if text.starts_with('!') => error(&text[1..]),
            Value::String(text) if text.starts_with('=') => {
                let made = self.make(&text[1..], info)?;
                self.complete(&made, ty, info, provided)
            }
            Value::Array(items) if ty.is_list() => {
                let items: Vec<_> = items
                    .iter()
                    .map(|item| self.complete(item, ty.item_type(), info, provided))
                    .collect();
                Ok(ResolvedValue::List(Box::new(items.into_iter())))
            }
            Value::Null => Ok(ResolvedValue::null()),
            value => {
                let name = ty.inner_named_type();
                let definition = &schema.types[name];
                if definition.is_leaf() {
                    return Ok(ResolvedValue::leaf(value.clone()));
                }
                let child = self.child(value, name, provided)?;
                Ok(ResolvedValue::nullable_object(child))
            }
        }
    }

    /// The object that `value` is or refers to.
    fn child<'a>(
        &'a self,
        value: &Value,
        declared: &str,
        provided: &[SelectionSet],
    ) -> Result<Option<Object<'a>>, FieldError>
    where
        'f: 'a,
    {
        let (type_name, mut fields) = match value {
            Value::Object(fields) => {
                let name = fields.get("__typename").and_then(Value::as_str);
                (name.unwrap_or(declared).to_owned(), fields.clone())
            }
            reference => {
                let (name, id) = match reference.as_str().and_then(|text| text.split_once(':')) {
                    Some((name, id)) => (name, Value::from(id)),
                    None => (declared, reference.clone()),
                };
                let keys = self.fixture.schema.keys(name);
                let Some((key, _)) = keys.first() else {
                    return error(format!("{name} has no key to refer by"));
                };
                let Some(field) = key.selections[0].as_field() else {
                    return error(format!("the key of {name} is not a field"));
                };
                (
                    name.to_owned(),
                    Map::from_iter([(field.name.to_string(), id)]),
                )
            }
        };
        let is_reference = !value.is_object();
        match self.fixture.row(&type_name, &fields) {
            Some(row) => {
                for (name, value) in row {
                    fields.entry(name).or_insert(value);
                }
            }
            None if is_reference => return Ok(None),
            None => {}
        }
        Ok(Some(Object {
            fixture: self.fixture,
            type_name,
            fields,
            representation: None,
            provided: provided.to_vec(),
        }))
    }

    /// A value from a template.
    fn make(&self, template: &str, info: &ResolveInfo<'_>) -> Result<Value, FieldError> {
        let whole = template
            .strip_prefix('{')
            .and_then(|rest| rest.strip_suffix('}'))
            .filter(|path| !path.contains('{'));
        if let Some(path) = whole {
            return self.read(path, info);
        }
        let mut text = String::new();
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            let (path, after) = after.split_once('}').expect("a brace is closed");
            text.push_str(before);
            match self.read(path, info)? {
                Value::String(value) => text.push_str(&value),
                value => text.push_str(&value.to_string()),
            }
            rest = after;
        }
        text.push_str(rest);
        Ok(text.into())
    }

    fn read(&self, path: &str, info: &ResolveInfo<'_>) -> Result<Value, FieldError> {
        if let Some(argument) = path.strip_prefix("args.") {
            let arguments = serde_json::to_value(info.arguments()).unwrap();
            return Ok(arguments[argument].clone());
        }
        let mut sources = self.representation.iter().chain([&self.fields]);
        let (first, rest) = path.split_once('.').unwrap_or((path, ""));
        let Some(found) = sources.find_map(|source| source.get(first)) else {
            return error(format!("no {path} for {}", self.type_name));
        };
        let rest = rest.split('.').filter(|step| !step.is_empty());
        Ok(rest.fold(found.clone(), |value, step| below(&value, step)))
    }
}

/// `value`'s field, of each item where it is a list.
fn below(value: &Value, field: &str) -> Value {
    match value {
        Value::Array(items) => items.iter().map(|item| below(item, field)).collect(),
        value => value[field].clone(),
    }
}
