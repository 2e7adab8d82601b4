use std::time::Duration as StdDuration;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use super::{input::Zero, openapi::inline_schema};

/// A timestamp: RFC 3339 in, with any offset; RFC 3339 in UTC out, with 0, 3, 6 or 9 digits of
/// the second.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Timestamp(DateTime<Utc>);

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = self.0.to_rfc3339_opts(SecondsFormat::AutoSi, true);
        serializer.serialize_str(&text)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let time = DateTime::parse_from_rfc3339(&text)
            .map_err(|_| D::Error::custom(format!("`{text}` is not an RFC 3339 timestamp")))?;
        Ok(Self(time.to_utc()))
    }
}

inline_schema! { Timestamp: { "type": "string", "format": "date-time" } }
inline_schema! { GivenDuration: { "type": "string", "pattern": "^-?[0-9]+(\\.[0-9]{0,9})?s$" } }
inline_schema! { Duration: { "type": "string", "pattern": "^[0-9]+(\\.[0-9]{3,9})?s$" } }

/// A duration of a request: `"1.5s"` in, seconds as a number for the graph out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub(super) struct GivenDuration(f64);

impl GivenDuration {
    /// The greatest duration of proto3: about 10,000 years.
    const MAX_SECONDS: f64 = 315_576_000_000.0;

    fn parse(text: &str) -> Option<Self> {
        let number = text.strip_suffix('s')?;
        let digits = number.strip_prefix('-').unwrap_or(number);
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
        let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !all_digits(whole) || !all_digits(fraction) || fraction.len() > 9 {
            return None;
        }
        let seconds: f64 = number.parse().ok()?;
        (seconds.abs() <= Self::MAX_SECONDS).then_some(Self(seconds))
    }
}

impl Zero for GivenDuration {
    fn is_zero(&self) -> bool {
        self.0 == 0.0
    }
}

impl<'de> Deserialize<'de> for GivenDuration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let message = || D::Error::custom(format!("`{text}` is not a duration such as \"90s\""));
        Self::parse(&text).ok_or_else(message)
    }
}

/// A duration of an answer: seconds as a number from the graph in, `"1.500s"` out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Duration(StdDuration);

impl<'de> Deserialize<'de> for Duration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let seconds = f64::deserialize(deserializer)?;
        let duration = StdDuration::try_from_secs_f64(seconds).map_err(D::Error::custom)?;
        Ok(Self(duration))
    }
}

impl Serialize for Duration {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let seconds = self.0.as_secs();
        let text = match self.0.subsec_nanos() {
            0 => format!("{seconds}s"),
            nanos if nanos % 1_000_000 == 0 => format!("{seconds}.{:03}s", nanos / 1_000_000),
            nanos if nanos % 1_000 == 0 => format!("{seconds}.{:06}s", nanos / 1_000),
            nanos => format!("{seconds}.{nanos:09}s"),
        };
        serializer.serialize_str(&text)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{from_value, json, to_value};

    use super::*;

    #[test]
    fn writes_timestamps_in_utc() {
        for (read, written) in [
            ("2026-01-02T03:04:05+00:00", "2026-01-02T03:04:05Z"),
            ("2026-01-02T03:04:05.120+03:00", "2026-01-02T00:04:05.120Z"),
            ("2026-01-02T03:04:05.123456Z", "2026-01-02T03:04:05.123456Z"),
        ] {
            let time: Timestamp = from_value(json!(read)).unwrap();
            assert_eq!(to_value(time).unwrap(), json!(written));
        }
        for text in ["1990-05-01", "yesterday", "", "2026-13-01T00:00:00Z"] {
            assert!(from_value::<Timestamp>(json!(text)).is_err(), "{text}");
        }
    }

    #[test]
    fn reads_durations() {
        for (text, seconds) in [
            ("90s", 90.0),
            ("1.500s", 1.5),
            ("0.000000001s", 1e-9),
            ("0s", 0.0),
            ("-3s", -3.0),
        ] {
            assert_eq!(
                GivenDuration::parse(text),
                Some(GivenDuration(seconds)),
                "{text}"
            );
        }
        for text in [
            "90",
            "s",
            "1m",
            "1e3s",
            "-s",
            ".5s",
            "1.0000000001s",
            "--1s",
            "400000000000s",
        ] {
            assert_eq!(GivenDuration::parse(text), None, "{text}");
        }
    }

    #[test]
    fn writes_durations_by_thousands() {
        for (seconds, text) in [
            (90.0, "90s"),
            (1.5, "1.500s"),
            (72.3, "72.300s"),
            (0.000_25, "0.000250s"),
            (1e-9, "0.000000001s"),
            (0.0, "0s"),
        ] {
            let duration: Duration = from_value(json!(seconds)).unwrap();
            assert_eq!(to_value(duration).unwrap(), json!(text));
        }
    }
}
