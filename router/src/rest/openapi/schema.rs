use schemars::{JsonSchema, Schema, SchemaGenerator, generate::SchemaSettings};
use serde_json::{Map, Value};

/// How a type of one value is described, where it stands: it has no name of its own in the document.
macro_rules! inline_schema {
    ($name:ident: $schema:tt) => {
        impl ::schemars::JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> ::std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut ::schemars::SchemaGenerator) -> ::schemars::Schema {
                ::schemars::json_schema!($schema)
            }
        }
    };
}
pub(in crate::rest) use inline_schema;

/// The messages of the document. What is read and what is written may differ in more than the
/// direction, so each has its generator; what goes both ways must be the same in both.
pub(in crate::rest) struct Messages {
    read: SchemaGenerator,
    written: SchemaGenerator,
}

impl Messages {
    pub(super) fn new() -> Self {
        let settings = || {
            SchemaSettings::draft2020_12().with(|settings| {
                settings.definitions_path = "/components/schemas".into();
                settings.meta_schema = None;
            })
        };
        Self {
            read: settings().for_deserialize().into_generator(),
            written: settings().for_serialize().into_generator(),
        }
    }

    /// A reference to the message `T` of a request.
    pub(in crate::rest) fn read<T: JsonSchema>(&mut self) -> Schema {
        self.read.subschema_for::<T>()
    }

    /// The fields of `T`, which is no message but the path or the query of a request.
    pub(in crate::rest) fn fields<T: JsonSchema>(&mut self) -> Schema {
        let mut schema = T::json_schema(&mut self.read);
        without_null(schema.ensure_object());
        schema
    }

    /// A reference to the message `T` of an answer.
    pub(in crate::rest) fn written<T: JsonSchema>(&mut self) -> Schema {
        self.written.subschema_for::<T>()
    }

    /// All of them by name.
    ///
    /// # Panics
    /// When two messages have one name; a test makes the document.
    pub(super) fn by_name(mut self) -> Map<String, Value> {
        let mut all = self.written.take_definitions(false);
        for (name, mut schema) in self.read.take_definitions(false) {
            if let Value::Object(schema) = &mut schema {
                without_null(schema);
            }
            let same = all.get(&name).is_none_or(|other| *other == schema);
            assert!(same, "the messages named {name} differ");
            all.insert(name, schema);
        }
        all
    }
}

/// In a request, null is the same as nothing: a field that may be left out need not say so.
fn without_null(schema: &mut Map<String, Value>) {
    let Some(Value::Object(fields)) = schema.get_mut("properties") else {
        return;
    };
    for field in fields.values_mut().filter_map(Value::as_object_mut) {
        if field.get("default").is_some_and(Value::is_null) {
            field.remove("default");
        }
        if let Some(Value::Array(types)) = field.get_mut("type") {
            types.retain(|name| name != "null");
            if let [only] = types.as_slice() {
                let only = only.clone();
                field.insert("type".to_owned(), only);
            }
        }
        if let Some(Value::Array(mut choices)) = field.remove("anyOf") {
            choices.retain(|choice| choice["type"] != "null");
            match choices.pop() {
                Some(Value::Object(only)) if choices.is_empty() => field.extend(only),
                last => {
                    choices.extend(last);
                    field.insert("anyOf".to_owned(), choices.into());
                }
            }
        }
    }
}
