//! What a person says about themself, parsed.

use chrono::{DateTime, Datelike, SubsecRound, Utc};
use url::Url;

use crate::refusal::Flaw;

const MAX_NAME_LENGTH: usize = 100;
const MAX_HEIGHT_CM: f64 = 300.0;
const MAX_WEIGHT_KG: f64 = 700.0;
const MAX_URL_LENGTH: usize = 2048;
const EARLIEST_BIRTH_YEAR: i32 = 1900;

/// A first or a last name: trimmed, 1 to 100 characters.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::Type)]
#[sqlx(transparent)]
pub struct Name(String);

/// Height of a person in centimetres.
#[derive(Clone, Copy, Debug, PartialEq, sqlx::Type)]
#[sqlx(transparent)]
pub struct HeightCm(f64);

/// Weight of a person in kilograms.
#[derive(Clone, Copy, Debug, PartialEq, sqlx::Type)]
#[sqlx(transparent)]
pub struct BodyWeightKg(f64);

/// A moment in the past, 1900 or later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type)]
#[sqlx(transparent)]
pub struct DateOfBirth(DateTime<Utc>);

/// An absolute `http` or `https` address.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::Type)]
#[sqlx(transparent)]
pub struct PictureUrl(String);

impl Name {
    pub(crate) fn parse(text: &str) -> Result<Self, Flaw> {
        let text = text.trim();
        match text.chars().count() {
            0 => Err(Flaw::NameEmpty),
            1..=MAX_NAME_LENGTH if text.chars().any(is_unprintable) => Err(Flaw::NameUnprintable),
            1..=MAX_NAME_LENGTH => Ok(Self(text.to_owned())),
            _ => Err(Flaw::NameTooLong {
                max: MAX_NAME_LENGTH,
            }),
        }
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Controls, and the marks that turn the direction of what stands after them (Unicode Standard
/// Annex 9, tables of explicit and implicit formatting characters).
fn is_unprintable(char: char) -> bool {
    let turns = matches!(char, '\u{61c}' | '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    turns || char.is_control()
}

impl HeightCm {
    pub(crate) fn parse(height_cm: f64) -> Result<Self, Flaw> {
        let valid = height_cm > 0.0 && height_cm <= MAX_HEIGHT_CM;
        valid.then_some(Self(height_cm)).ok_or(Flaw::Height {
            max_cm: MAX_HEIGHT_CM,
        })
    }

    #[must_use]
    pub fn get(self) -> f64 {
        self.0
    }
}

impl BodyWeightKg {
    pub(crate) fn parse(weight_kg: f64) -> Result<Self, Flaw> {
        let valid = weight_kg > 0.0 && weight_kg <= MAX_WEIGHT_KG;
        valid.then_some(Self(weight_kg)).ok_or(Flaw::Weight {
            max_kg: MAX_WEIGHT_KG,
        })
    }

    #[must_use]
    pub fn get(self) -> f64 {
        self.0
    }
}

impl DateOfBirth {
    pub(crate) fn parse(moment: DateTime<Utc>, now: DateTime<Utc>) -> Result<Self, Flaw> {
        let valid = moment < now && moment.year() >= EARLIEST_BIRTH_YEAR;
        let earliest = Flaw::DateOfBirth {
            earliest_year: EARLIEST_BIRTH_YEAR,
        };
        // To the microsecond, as the database keeps it.
        valid.then(|| Self(moment.trunc_subsecs(6))).ok_or(earliest)
    }

    #[must_use]
    pub fn get(self) -> DateTime<Utc> {
        self.0
    }
}

impl PictureUrl {
    pub(crate) fn parse(text: &str) -> Result<Self, Flaw> {
        let text = text.trim();
        let url = Url::parse(text).map_err(|_| Flaw::PictureUrl)?;
        let valid = matches!(url.scheme(), "http" | "https")
            && url.has_host()
            && text.len() <= MAX_URL_LENGTH
            && !text
                .chars()
                .any(|char| char.is_control() || char.is_whitespace());
        valid.then(|| Self(text.to_owned())).ok_or(Flaw::PictureUrl)
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn a_name_is_trimmed_and_not_empty() {
        assert_eq!(Name::parse("  Анна ").unwrap().as_str(), "Анна");
        assert_eq!(Name::parse(" "), Err(Flaw::NameEmpty));
        assert_eq!(Name::parse("A\r\nBcc: x"), Err(Flaw::NameUnprintable));
        assert_eq!(Name::parse("A\u{202e}nn"), Err(Flaw::NameUnprintable));
        assert!(Name::parse("O\u{2019}Neill-Smith Jr.").is_ok());
        assert!(Name::parse(&"ж".repeat(100)).is_ok());
        assert_eq!(
            Name::parse(&"ж".repeat(101)),
            Err(Flaw::NameTooLong { max: 100 })
        );
    }

    #[test]
    fn height_and_weight_are_those_of_a_person() {
        for wrong in [0.0, -1.0, f64::NAN, f64::INFINITY, 700.1] {
            assert!(HeightCm::parse(wrong).is_err(), "{wrong}");
            assert!(BodyWeightKg::parse(wrong).is_err(), "{wrong}");
        }
        assert!(HeightCm::parse(300.0).is_ok());
        assert!(BodyWeightKg::parse(700.0).is_ok());
    }

    #[test]
    fn a_birth_lies_in_the_past() {
        let now = Utc::now();
        assert!(DateOfBirth::parse(now, now).is_err());
        assert!(DateOfBirth::parse(now - TimeDelta::days(1), now).is_ok());
        let long_ago = "1899-12-31T23:59:59Z".parse().unwrap();
        assert!(DateOfBirth::parse(long_ago, now).is_err());
    }

    #[test]
    fn a_picture_is_an_absolute_web_address() {
        for right in ["https://example.com/a.png", "http://127.0.0.1:4000/x?y=z"] {
            assert_eq!(PictureUrl::parse(right).unwrap().as_str(), right);
        }
        for wrong in [
            "",
            "a.png",
            "/a.png",
            "ftp://example.com/a",
            "javascript:alert(1)",
            "https://",
            "https://exa mple.com",
        ] {
            assert_eq!(PictureUrl::parse(wrong), Err(Flaw::PictureUrl), "{wrong}");
        }
    }
}
