//! Scalars and enums, by the result coercion of the specification.

use std::borrow::Cow;

/// The integers that a 64-bit float holds without gaps.
const MAX_EXACT: f64 = 9_007_199_254_740_992.0;

/// Longer numbers may be infinite, were they floats.
const MAX_FINITE_BYTES: usize = 300;

#[derive(Debug)]
pub(super) enum Leaf {
    Int,
    Float,
    String,
    Boolean,
    Id,
    Enum(Vec<String>),
    /// Any JSON.
    Custom,
}

impl Leaf {
    /// A scalar, as JSON, as a value of this type; `None` when it is none.
    pub(super) fn coerce<'j>(&self, json: &'j [u8]) -> Option<Cow<'j, [u8]>> {
        let is_number = matches!(json.first(), Some(b'-' | b'0'..=b'9'));
        let is_string = json.first() == Some(&b'"');
        let is_value = match self {
            Self::Int => {
                return is_number
                    .then(|| integer(json))
                    .flatten()
                    .filter(|digits| is_int(digits));
            }
            Self::Id if is_number => {
                let digits = integer(json)?;
                return Some([b"\"", &*digits, b"\""].concat().into());
            }
            Self::Float => is_number && is_finite(json),
            Self::Boolean => matches!(json, b"true" | b"false"),
            Self::String | Self::Id => is_string,
            Self::Enum(values) => {
                let name = json
                    .strip_prefix(b"\"")
                    .and_then(|json| json.strip_suffix(b"\""));
                name.is_some_and(|name| values.iter().any(|value| value.as_bytes() == name))
            }
            Self::Custom => true,
        };
        is_value.then_some(json.into())
    }
}

/// A number in digits alone; `None` when it is no integer.
fn integer(json: &[u8]) -> Option<Cow<'_, [u8]>> {
    if !json.iter().any(|byte| matches!(byte, b'.' | b'e' | b'E')) {
        return Some(json.into());
    }
    let value = float(json)?;
    let is_integer = value.fract() == 0.0 && value.abs() <= MAX_EXACT;
    is_integer.then(|| value.to_string().into_bytes().into())
}

/// Whether an integer is one of 32 bits.
fn is_int(digits: &[u8]) -> bool {
    std::str::from_utf8(digits).is_ok_and(|digits| digits.parse::<i32>().is_ok())
}

fn is_finite(json: &[u8]) -> bool {
    let is_small =
        json.len() < MAX_FINITE_BYTES && !json.iter().any(|byte| matches!(byte, b'e' | b'E'));
    is_small || float(json).is_some_and(f64::is_finite)
}

fn float(json: &[u8]) -> Option<f64> {
    std::str::from_utf8(json).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn coerced(leaf: &Leaf, json: &str) -> Option<String> {
        let value = leaf.coerce(json.as_bytes())?;
        Some(String::from_utf8(value.into_owned()).unwrap())
    }

    #[test]
    fn takes_what_the_specification_takes() {
        for (leaf, json, expected) in [
            (Leaf::Int, "7", "7"),
            (Leaf::Int, "2147483647", "2147483647"),
            (Leaf::Int, "-2147483648", "-2147483648"),
            (Leaf::Int, "2.0", "2"),
            (Leaf::Int, "1e2", "100"),
            (Leaf::Int, "250e-1", "25"),
            (Leaf::Float, "7", "7"),
            (Leaf::Float, "-2.50", "-2.50"),
            (Leaf::Float, "1e308", "1e308"),
            (Leaf::Id, "7", "\"7\""),
            (Leaf::Id, "12345678901234567890", "\"12345678901234567890\""),
            (Leaf::Id, "2.0", "\"2\""),
            (Leaf::Id, "\"a\"", "\"a\""),
            (Leaf::String, "\"\\n\"", "\"\\n\""),
            (Leaf::Boolean, "true", "true"),
            (Leaf::Custom, "1e999", "1e999"),
        ] {
            assert_eq!(coerced(&leaf, json).as_deref(), Some(expected), "{leaf:?}");
        }
    }

    #[test]
    fn refuses_what_is_none() {
        let kind = || Leaf::Enum(vec!["ONE".to_owned()]);
        for (leaf, json) in [
            (Leaf::Int, "2147483648"),
            (Leaf::Int, "-2147483649"),
            (Leaf::Int, "2.5"),
            (Leaf::Int, "1e10"),
            (Leaf::Int, "1e999"),
            (Leaf::Int, "\"7\""),
            (Leaf::Int, "true"),
            (Leaf::Float, "1e999"),
            (Leaf::Float, "-1e999"),
            (Leaf::Float, "\"1\""),
            (Leaf::Float, "false"),
            (Leaf::Id, "2.5"),
            (Leaf::Id, "true"),
            (Leaf::String, "7"),
            (Leaf::String, "true"),
            (Leaf::Boolean, "1"),
            (Leaf::Boolean, "\"true\""),
            (kind(), "\"TWO\""),
            (kind(), "ONE"),
            (kind(), "1"),
        ] {
            assert_eq!(coerced(&leaf, json), None, "{leaf:?} {json}");
        }
        let long = "9".repeat(400);
        assert_eq!(coerced(&Leaf::Float, &long), None);
    }
}
