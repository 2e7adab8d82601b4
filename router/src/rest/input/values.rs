use std::fmt;

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{Error as _, Visitor},
};

use crate::rest::openapi::inline_schema;

inline_schema! { Text: { "type": "string", "minLength": 1 } }
inline_schema! { Texts: { "type": "array", "items": { "type": "string" } } }
inline_schema! { Int32: { "type": "integer", "format": "int32" } }
inline_schema! { Float: { "type": "number", "format": "float" } }

/// How an empty text is refused; the one message that is told apart again.
pub(super) const EMPTY: &str = "must not be empty";

/// A text that is given and not empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(in crate::rest) struct Text(pub(in crate::rest) String);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if text.trim().is_empty() {
            return Err(D::Error::custom(EMPTY));
        }
        Ok(Self(text))
    }
}

/// `deserialize_with` for a text where empty is the same as unset.
pub(in crate::rest) fn set_text<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<String>, D::Error> {
    let text = String::deserialize(deserializer)?;
    Ok(Some(text).filter(|text| !text.is_empty()))
}

/// A list in a query, of which one value is a list of one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(in crate::rest) struct Texts(pub(in crate::rest) Vec<String>);

impl<'de> Deserialize<'de> for Texts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum OneOrMany {
            One(String),
            Many(Vec<String>),
        }
        let mut texts = match OneOrMany::deserialize(deserializer)? {
            OneOrMany::One(text) => vec![text],
            OneOrMany::Many(texts) => texts,
        };
        texts.retain(|text| !text.is_empty());
        Ok(Self(texts))
    }
}

/// `int32`: a number without a fraction, or that number as a string.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(in crate::rest) struct Int32(pub(in crate::rest) i32);

impl<'de> Deserialize<'de> for Int32 {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = deserializer.deserialize_any(Number("an integer of 32 bits"))?;
        let in_range = number >= f64::from(i32::MIN) && number <= f64::from(i32::MAX);
        if number.fract() != 0.0 || !in_range {
            return Err(D::Error::custom("is not an integer of 32 bits"));
        }
        #[expect(
            clippy::cast_possible_truncation,
            reason = "whole and in range, as just checked"
        )]
        Ok(Self(number as i32))
    }
}

/// `float`: a finite number, or that number as a string.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd, Serialize)]
pub(in crate::rest) struct Float(pub(in crate::rest) f64);

impl<'de> Deserialize<'de> for Float {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = deserializer.deserialize_any(Number("a number"))?;
        if number.abs() > f64::from(f32::MAX) {
            return Err(D::Error::custom("is out of the range of a float"));
        }
        Ok(Self(number))
    }
}

/// Reads a JSON number, or a string that holds one.
struct Number(&'static str);

impl Visitor<'_> for Number {
    type Value = f64;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0)
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "beyond 2^53 the number is out of range for both who read it"
    )]
    fn visit_i64<E>(self, number: i64) -> Result<f64, E> {
        Ok(number as f64)
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "beyond 2^53 the number is out of range for both who read it"
    )]
    fn visit_u64<E>(self, number: u64) -> Result<f64, E> {
        Ok(number as f64)
    }

    fn visit_f64<E>(self, number: f64) -> Result<f64, E> {
        Ok(number)
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<f64, E> {
        let number = text.parse().ok().filter(|number: &f64| number.is_finite());
        number.ok_or_else(|| E::invalid_value(serde::de::Unexpected::Str(text), &self))
    }
}

/// A number whose zero is the same as unset, as proto3 has it.
pub(in crate::rest) trait Zero {
    fn is_zero(&self) -> bool;
}

impl Zero for Int32 {
    fn is_zero(&self) -> bool {
        self.0 == 0
    }
}

impl Zero for Float {
    fn is_zero(&self) -> bool {
        self.0 == 0.0
    }
}

/// `deserialize_with` for a field where zero is the same as unset.
pub(in crate::rest) fn nonzero<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Zero,
{
    let value = T::deserialize(deserializer)?;
    Ok(Some(value).filter(|value| !value.is_zero()))
}
