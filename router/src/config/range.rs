//! Numbers that have the right type and still cannot be meant. What is said here stands in the JSON
//! schema too, as `#[schemars(range(…))]`; a test holds the two together.

use std::{fmt::Display, ops::RangeInclusive};

use super::ConfigError;

/// A year, the longest that anything is waited for: clocks do not count on for ever.
pub(super) const MAX_MS: u64 = 1_000 * MAX_SECONDS;
pub(super) const MAX_SECONDS: u64 = 31_536_000;

/// That `value` is no less than `min`.
pub(super) fn at_least<T>(key: impl Into<String>, value: T, min: T) -> Result<(), ConfigError>
where
    T: Copy + PartialOrd + Display,
{
    if value >= min {
        return Ok(());
    }
    let what = format!("{value} is out of range: it must be at least {min}");
    Err(ConfigError::value(key, what))
}

/// That `value` is in `range`.
pub(super) fn within<T>(
    key: impl Into<String>,
    value: T,
    range: &RangeInclusive<T>,
) -> Result<(), ConfigError>
where
    T: Copy + PartialOrd + Display,
{
    if range.contains(&value) {
        return Ok(());
    }
    let (min, max) = (range.start(), range.end());
    let what = format!("{value} is out of range: it must be from {min} to {max}");
    Err(ConfigError::value(key, what))
}
