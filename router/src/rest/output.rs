//! How proto3 JSON is written. A type of this module comes from the graph's answer and goes into a
//! REST answer; [`super::input`] is the other way.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Failure, openapi::inline_schema};

/// A scalar that proto3 knows no null of: zero, false or empty when the graph says null.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(super) struct Zeroed<T>(pub(super) T);

impl<'de, T: Deserialize<'de> + Default> Deserialize<'de> for Zeroed<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Option::deserialize(deserializer)?;
        Ok(Self(value.unwrap_or_default()))
    }
}

impl<T: JsonSchema> JsonSchema for Zeroed<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }

    /// Without the format of an id, which an empty text has not.
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = T::json_schema(generator);
        if schema.get("format").is_some_and(|format| format == "uuid") {
            schema.remove("format");
        }
        schema
    }
}

/// The id of a thing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
pub(super) struct Id(pub(super) String);

/// The id of a thing that the graph answers as an object.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Reference(pub(super) String);

impl<'de> Deserialize<'de> for Reference {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Object {
            id: String,
        }
        Object::deserialize(deserializer).map(|object| Self(object.id))
    }
}

impl Reference {
    /// A thing of another parent than the path names is not found there.
    pub(super) fn check(&self, id: &str) -> Result<(), Failure> {
        if self.0.eq_ignore_ascii_case(id) {
            Ok(())
        } else {
            Err(Failure::NotFound)
        }
    }
}

/// The name of a thing that the graph answers as an object.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Named(String);

impl<'de> Deserialize<'de> for Named {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Object {
            name: String,
        }
        Object::deserialize(deserializer).map(|object| Self(object.name))
    }
}

inline_schema! { Id: { "type": "string", "format": "uuid" } }
inline_schema! { Reference: { "type": "string", "format": "uuid" } }
inline_schema! { Named: { "type": "string" } }
inline_schema! { Float: { "type": "number", "format": "float" } }

/// A number, written without a fraction when it has none, as a gateway does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
pub(super) struct Float(f64);

impl Serialize for Float {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        /// Below it every whole number is exact in both types.
        const EXACT: f64 = 9_007_199_254_740_992.0;
        if self.0.fract() == 0.0 && self.0.abs() < EXACT {
            #[expect(clippy::cast_possible_truncation, reason = "whole and small enough")]
            return serializer.serialize_i64(self.0 as i64);
        }
        serializer.serialize_f64(self.0)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{from_value, json, to_value};

    use super::*;

    #[test]
    fn writes_null_as_zero() {
        let number: Zeroed<Float> = from_value(json!(null)).unwrap();
        assert_eq!(to_value(number).unwrap(), json!(0));
        let id: Zeroed<Reference> = from_value(json!(null)).unwrap();
        assert_eq!(to_value(id).unwrap(), json!(""));
        let id: Zeroed<Reference> = from_value(json!({ "id": "a" })).unwrap();
        assert_eq!(to_value(id).unwrap(), json!("a"));
    }

    #[test]
    fn writes_whole_numbers_without_a_fraction() {
        for (read, written) in [
            (json!(80.0), "80"),
            (json!(72.5), "72.5"),
            (json!(-0.0), "0"),
        ] {
            let number: Float = from_value(read).unwrap();
            assert_eq!(to_value(number).unwrap().to_string(), written);
        }
    }
}
