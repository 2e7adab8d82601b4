//! The variables of a request: a JSON object in which each key stands once, however deep.

use std::{fmt, sync::Arc};

use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Number, Value};

use crate::exact::has_rounded;

/// The variables, and their text where they round what it says.
#[derive(Debug, Default)]
pub(super) struct Variables {
    pub(super) values: Map<String, Value>,
    pub(super) text: Option<Arc<str>>,
}

/// Reads `text`, a JSON object or null.
pub(super) fn read(text: &str) -> Result<Variables, serde_json::Error> {
    let Some(Unique(value)) = serde_json::from_str(text)? else {
        return Ok(Variables::default());
    };
    let Value::Object(values) = value else {
        return Err(Error::custom("they must be an object"));
    };
    Ok(Variables {
        values,
        text: has_rounded(text).then(|| text.into()),
    })
}

/// A value in which no object has a key twice.
struct Unique(Value);

impl<'de> Deserialize<'de> for Unique {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader).map(Self)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
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
        while let Some(Unique(item)) = items.next_element()? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(key) = fields.next_key::<String>()? {
            if object.contains_key(&key) {
                return Err(Error::custom(format_args!("the key {key:?} stands twice")));
            }
            let Unique(value) = fields.next_value()?;
            object.insert(key, value);
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

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
    fn variables_are_an_object_or_null() {
        assert_eq!(Value::Object(read("null").unwrap().values), json!({}));
        for text in ["[]", "1", "\"a\"", "true", "{", ""] {
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
