//! Numbers, weights, times and dates as people of a language write them.

use chrono::{Datelike, NaiveDate};
use setwise_service::Locale;

use crate::{
    text::{t, t_with},
    unit::WeightUnit,
};

/// At most `decimals` decimals, without trailing zeros, thousands apart.
pub(crate) fn number(locale: Locale, value: f64, decimals: usize) -> String {
    let (point, thousands) = match locale {
        Locale::En => ('.', ','),
        Locale::Ru => (',', '\u{a0}'),
    };
    let plain = plain(value, decimals);
    let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
    let (sign, digits) = match whole.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", whole),
    };
    let mut written = String::from(sign);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            written.push(thousands);
        }
        written.push(digit);
    }
    if !fraction.is_empty() {
        written.push(point);
        written.push_str(fraction);
    }
    written
}

/// As it stands in an input: without thousands.
pub(crate) fn entered(locale: Locale, value: f64, decimals: usize) -> String {
    let plain = plain(value, decimals);
    match locale {
        Locale::En => plain,
        Locale::Ru => plain.replace('.', ","),
    }
}

fn plain(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

pub(crate) fn weight(locale: Locale, weight: f64, unit: WeightUnit) -> String {
    let unit = t(locale, unit.label().0);
    format!("{}\u{a0}{unit}", number(locale, weight, 2))
}

/// A sum of weights: nobody needs its decimals.
pub(crate) fn volume(locale: Locale, volume_kg: f64, unit: WeightUnit) -> String {
    let name = t(locale, unit.label().0);
    format!("{}\u{a0}{name}", number(locale, unit.of_kg(volume_kg), 0))
}

/// Hours and minutes, or seconds below a minute.
pub(crate) fn duration(locale: Locale, seconds: f64) -> String {
    let seconds = whole(seconds);
    let (hours, minutes) = (seconds / 3600, seconds % 3600 / 60);
    if hours > 0 {
        t_with(
            locale,
            "duration-hours",
            [("hours", hours.into()), ("minutes", minutes.into())],
        )
    } else if minutes > 0 {
        t_with(locale, "duration-minutes", [("minutes", minutes.into())])
    } else {
        t_with(locale, "duration-seconds", [("seconds", seconds.into())])
    }
}

/// The time of a set: `45 s`, `1:30`.
pub(crate) fn set_time(locale: Locale, seconds: f64) -> String {
    let whole = whole(seconds);
    if whole < 60 {
        t_with(locale, "duration-seconds", [("seconds", whole.into())])
    } else {
        format!("{}:{:02}", whole / 60, whole % 60)
    }
}

pub(crate) fn distance(locale: Locale, meters: f64) -> String {
    if meters < 1000.0 {
        let number = number(locale, meters, 0);
        t_with(locale, "distance-meters", [("meters", number.into())])
    } else {
        let number = number(locale, meters / 1000.0, 2);
        t_with(
            locale,
            "distance-kilometers",
            [("kilometers", number.into())],
        )
    }
}

pub(crate) fn date(locale: Locale, day: NaiveDate) -> String {
    let arguments = [
        ("day", day.day().into()),
        ("month", day.month().into()),
        ("year", day.year().to_string().into()),
    ];
    t_with(locale, "date", arguments)
}

/// As short as a chart or a table needs it.
pub(crate) fn day(locale: Locale, day: NaiveDate) -> String {
    let arguments = [
        ("day", day.day().into()),
        ("month", day.month().into()),
        ("year", day.year().to_string().into()),
    ];
    t_with(locale, "day", arguments)
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a float to integer cast saturates, and times are short"
)]
fn whole(seconds: f64) -> i64 {
    seconds.round().max(0.0) as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_follow_the_language() {
        assert_eq!(number(Locale::En, 12345.5, 2), "12,345.5");
        assert_eq!(number(Locale::Ru, 12345.5, 2), "12\u{a0}345,5");
        assert_eq!(number(Locale::En, 60.0, 2), "60");
        assert_eq!(number(Locale::En, 100.0, 0), "100");
        assert_eq!(number(Locale::En, 999.999, 2), "1,000");
        assert_eq!(entered(Locale::Ru, 1062.5, 2), "1062,5");
        assert_eq!(weight(Locale::Ru, 62.5, WeightUnit::Kg), "62,5\u{a0}кг");
        assert_eq!(volume(Locale::En, 1000.0, WeightUnit::Lb), "2,205\u{a0}lb");
    }

    #[test]
    fn times_and_dates_follow_the_language() {
        assert_eq!(duration(Locale::En, 3900.0), "1 h 5 min");
        assert_eq!(duration(Locale::Ru, 3900.0), "1 ч 5 мин");
        assert_eq!(duration(Locale::En, 42.4), "42 s");
        assert_eq!(set_time(Locale::En, 90.0), "1:30");
        let day = "2026-03-08".parse().unwrap();
        assert_eq!(date(Locale::En, day), "8 March 2026");
        assert_eq!(date(Locale::Ru, day), "8 марта 2026");
    }
}
