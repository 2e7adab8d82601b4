//! Days, weeks and months where a person lives.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
use chrono::{
    DateTime, Datelike as _, Days, MappedLocalTime, NaiveDate, NaiveTime, TimeDelta, Utc,
};
use chrono_tz::Tz;
use setwise_graphql::ResolverError;

/// A day of the calendar, without a time, as ISO 8601 writes it: `2026-03-31`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Date(pub(crate) NaiveDate);

/// A day of the calendar, without a time, as ISO 8601 writes it: `2026-03-31`.
#[Scalar(name = "Date")]
impl ScalarType for Date {
    fn parse(value: Value) -> InputValueResult<Self> {
        match &value {
            Value::String(text) => match text.parse() {
                Ok(date) => Ok(Self(date)),
                Err(_) => Err(InputValueError::custom(
                    "a date is written as 2026-03-31: year, month, day",
                )),
            },
            _ => Err(InputValueError::expected_type(value)),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

/// The time zone of a name of the IANA database.
pub(super) fn time_zone(name: &str) -> Result<Tz, ResolverError> {
    name.parse().map_err(|_| {
        ResolverError::BadUserInput(
            "timeZone must be a name of the IANA database, such as Europe/Berlin".to_owned(),
        )
    })
}

/// The day that it is at a time.
pub(super) fn day(time: DateTime<Utc>, zone: Tz) -> NaiveDate {
    time.with_timezone(&zone).date_naive()
}

/// The Monday of the week of a day.
pub(super) fn monday(day: NaiveDate) -> NaiveDate {
    day - Days::new(u64::from(day.weekday().num_days_from_monday()))
}

/// When a day begins: at midnight, or after it where the clock leaps over midnight.
pub(super) fn beginning(day: NaiveDate, zone: Tz) -> DateTime<Utc> {
    let midnight = day.and_time(NaiveTime::MIN);
    // clocks leap by at most a day: 26 hours later there is a time
    let minutes = (0..26 * 60).step_by(15).map(TimeDelta::minutes);
    let mut times = minutes.map(|later| (midnight + later).and_local_timezone(zone));
    let first = times.find_map(|time| match time {
        MappedLocalTime::Single(time) | MappedLocalTime::Ambiguous(time, _) => Some(time.to_utc()),
        MappedLocalTime::None => None,
    });
    first.unwrap_or_else(|| midnight.and_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_day_begins_where_the_person_is() {
        let begins = |day, zone: Tz| beginning(date(day), zone).to_rfc3339();
        assert_eq!(
            begins("2026-03-31", chrono_tz::Europe::Berlin),
            "2026-03-30T22:00:00+00:00"
        );
        // Chile's clocks go from 24:00 to 01:00
        assert_eq!(
            begins("2026-09-06", chrono_tz::America::Santiago),
            "2026-09-06T04:00:00+00:00"
        );
        // Samoa left this day out
        assert_eq!(
            begins("2011-12-30", chrono_tz::Pacific::Apia),
            "2011-12-30T10:00:00+00:00"
        );
    }

    #[test]
    fn weeks_begin_on_monday() {
        assert_eq!(monday(date("2026-11-29")), date("2026-11-23"));
        assert_eq!(monday(date("2026-11-23")), date("2026-11-23"));
    }

    #[test]
    fn knows_time_zones_by_their_names() {
        assert!(time_zone("Asia/Yekaterinburg").is_ok());
        assert!(time_zone("UTC").is_ok());
        assert!(time_zone("Mars/Olympus").is_err());
    }
}
