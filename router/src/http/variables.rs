//! The variables of a request: a JSON object in which each key stands once, however deep.

use std::{cell::Cell, fmt, sync::Arc};

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Number, Value, map::Entry};

use crate::exact::has_rounded;

/// The variables, and their text where they round what it says.
#[derive(Debug, Default)]
pub(super) struct Variables {
    pub(super) values: Map<String, Value>,
    pub(super) text: Option<Arc<str>>,
    /// Whether there are numbers that may be rounded: none that is read as an integer is.
    has_floats: bool,
}

impl Variables {
    /// Keeps the text that these were read from where it says more than they do.
    pub(super) fn with_text<'t>(mut self, text: impl FnOnce() -> Option<&'t str>) -> Self {
        if self.has_floats {
            let text = text().filter(|text| has_rounded(text));
            self.text = text.map(Arc::from);
        }
        self
    }
}

impl<'de> Deserialize<'de> for Variables {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let has_floats = Cell::new(false);
        let reader = Reader {
            has_floats: &has_floats,
        };
        match reader.deserialize(deserializer)? {
            Value::Object(values) => Ok(Self {
                values,
                text: None,
                has_floats: has_floats.get(),
            }),
            _ => Err(Error::custom("the variables must be a JSON object")),
        }
    }
}

/// Reads a value in which no object has a key twice.
#[derive(Clone, Copy)]
struct Reader<'r> {
    has_floats: &'r Cell<bool>,
}

impl<'de> DeserializeSeed<'de> for Reader<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Reader<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        self.has_floats.set(true);
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(self)? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(key) = fields.next_key::<String>()? {
            match object.entry(key) {
                Entry::Vacant(place) => place.insert(fields.next_value_seed(self)?),
                Entry::Occupied(place) => {
                    let key = place.key();
                    return Err(Error::custom(format_args!("the key {key:?} stands twice")));
                }
            };
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Variables, serde_json::Error> {
        let variables: Variables = serde_json::from_str(text)?;
        Ok(variables.with_text(|| Some(text)))
    }

    #[test]
    fn each_key_stands_once() {
        let text = r#"{"a":[1,-2,0.5,true,null,"x\n",{"a":{}}],"b":{"a":18446744073709551615}}"#;
        let expected: Value = serde_json::from_str(text).unwrap();
        assert_eq!(Value::Object(read(text).unwrap().values), expected);
        for (text, key) in [
            (r#"{"a":1,"a":1}"#, "\"a\""),
            (r#"{"a":1,"\u0061":2}"#, "\"a\""),
            (r#"{"x":{"b":1,"b":2}}"#, "\"b\""),
            (r#"{"x":[[{"c":{},"c":{}}]]}"#, "\"c\""),
        ] {
            let error = read(text).unwrap_err().to_string();
            assert!(
                error.contains(&format!("the key {key} stands twice")),
                "{error}"
            );
        }
    }

    #[test]
    fn variables_are_an_object() {
        for text in ["null", "[]", "1", "\"a\"", "true", "{", ""] {
            assert!(read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn the_text_is_kept_where_numbers_would_be_rounded() {
        assert!(read(r#"{"a":1.5,"b":"1e5"}"#).unwrap().text.is_none());
        let text = r#"{"a":[1e5]}"#;
        assert_eq!(read(text).unwrap().text.as_deref(), Some(text));
    }
}
