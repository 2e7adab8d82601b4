//! What a person sends, and its parsing: every field that is wrong is named, all at once.

use async_graphql::{InputObject, MaybeUndefined};
use chrono::{DateTime, Utc};
use setwise_graphql::WeightUnit;
use setwise_service::Secret;

use super::{
    BodyWeightKg, DateOfBirth, Email, HeightCm, Language, Name, Password, PictureUrl,
    ProfileChange, Registration,
};
use crate::refusal::{Flaw, Refusal};

/// A new account.
#[derive(InputObject, Clone, Default)]
pub struct RegisterInput {
    /// The address to sign in with and to write to; at most 254 characters.
    pub email: String,
    /// 8 to 1024 characters.
    pub password: String,
    /// At most 100 characters, and not empty.
    pub first_name: Option<String>,
    /// At most 100 characters, and not empty.
    pub last_name: Option<String>,
    /// A moment in the past.
    pub date_of_birth: Option<DateTime<Utc>>,
    /// Height in centimetres, above 0 and at most 300.
    pub height_cm: Option<f64>,
    /// Weight in kilograms, above 0 and at most 700.
    pub weight_kg: Option<f64>,
    /// The language of mails and pages; that of the request when not given.
    pub language: Option<Language>,
    /// The unit that weights are shown in; kilograms when not given.
    pub weight_unit: Option<WeightUnit>,
}

/// Only the fields that are given change; an explicit null clears.
#[derive(InputObject, Clone, Debug)]
pub(crate) struct UpdateProfileInput {
    /// At most 100 characters, and not empty; null clears.
    pub first_name: MaybeUndefined<String>,
    /// At most 100 characters, and not empty; null clears.
    pub last_name: MaybeUndefined<String>,
    /// A moment in the past; null clears.
    pub date_of_birth: MaybeUndefined<DateTime<Utc>>,
    /// Height in centimetres, above 0 and at most 300; null clears.
    pub height_cm: MaybeUndefined<f64>,
    /// Weight in kilograms, above 0 and at most 700; null clears.
    pub weight_kg: MaybeUndefined<f64>,
    /// The language of mails and pages; null takes that of the request.
    pub language: MaybeUndefined<Language>,
    /// The unit that weights are shown in; null takes kilograms.
    pub weight_unit: MaybeUndefined<WeightUnit>,
    /// An absolute http or https address; null clears.
    pub profile_picture_url: MaybeUndefined<String>,
}

impl RegisterInput {
    /// `language` is the one to take when none is given.
    pub(crate) fn parse(
        self,
        language: Language,
        now: DateTime<Utc>,
    ) -> Result<Registration, Vec<Refusal>> {
        let mut flaws = Flaws::default();
        let email = flaws.check("email", Email::parse(&self.email));
        let password = flaws.check("password", Password::parse(Secret::new(self.password)));
        let names = [("firstName", self.first_name), ("lastName", self.last_name)];
        let [first_name, last_name] =
            names.map(|(field, name)| name.and_then(|name| flaws.check(field, Name::parse(&name))));
        let date_of_birth = self
            .date_of_birth
            .and_then(|moment| flaws.check("dateOfBirth", DateOfBirth::parse(moment, now)));
        let height_cm = self
            .height_cm
            .and_then(|height_cm| flaws.check("heightCm", HeightCm::parse(height_cm)));
        let weight_kg = self
            .weight_kg
            .and_then(|weight_kg| flaws.check("weightKg", BodyWeightKg::parse(weight_kg)));
        match (email, password) {
            (Some(email), Some(password)) if flaws.0.is_empty() => Ok(Registration {
                email,
                password,
                first_name,
                last_name,
                date_of_birth,
                height_cm,
                weight_kg,
                language: self.language.unwrap_or(language),
                weight_unit: self.weight_unit.unwrap_or(WeightUnit::Kg),
            }),
            _ => Err(flaws.0),
        }
    }
}

impl UpdateProfileInput {
    /// `language` is the one to take when null is given.
    pub(crate) fn parse(
        self,
        language: Language,
        now: DateTime<Utc>,
    ) -> Result<ProfileChange, Vec<Refusal>> {
        let mut flaws = Flaws::default();
        let picture = self
            .profile_picture_url
            .map_value(|url| PictureUrl::parse(&url));
        let birth = self
            .date_of_birth
            .map_value(|moment| DateOfBirth::parse(moment, now));
        let change = ProfileChange {
            first_name: flaws.check_change(
                "firstName",
                self.first_name.map_value(|name| Name::parse(&name)),
            ),
            last_name: flaws.check_change(
                "lastName",
                self.last_name.map_value(|name| Name::parse(&name)),
            ),
            date_of_birth: flaws.check_change("dateOfBirth", birth),
            height_cm: flaws.check_change("heightCm", self.height_cm.map_value(HeightCm::parse)),
            weight_kg: flaws
                .check_change("weightKg", self.weight_kg.map_value(BodyWeightKg::parse)),
            language: or_default(self.language, language),
            weight_unit: or_default(self.weight_unit, WeightUnit::Kg),
            profile_picture_url: flaws.check_change("profilePictureUrl", picture),
        };
        if flaws.0.is_empty() {
            Ok(change)
        } else {
            Err(flaws.0)
        }
    }
}

/// Gathers what is wrong instead of stopping at the first.
#[derive(Default)]
struct Flaws(Vec<Refusal>);

impl Flaws {
    fn check<T>(&mut self, field: &'static str, parsed: Result<T, Flaw>) -> Option<T> {
        let note = |flaw| self.0.push(Refusal::Invalid { field, flaw });
        parsed.map_err(note).ok()
    }

    fn check_change<T>(
        &mut self,
        field: &'static str,
        parsed: MaybeUndefined<Result<T, Flaw>>,
    ) -> MaybeUndefined<T> {
        match parsed {
            MaybeUndefined::Undefined => MaybeUndefined::Undefined,
            MaybeUndefined::Null => MaybeUndefined::Null,
            MaybeUndefined::Value(parsed) => self
                .check(field, parsed)
                .map_or(MaybeUndefined::Undefined, MaybeUndefined::Value),
        }
    }
}

/// A field that always has a value: null takes the default.
fn or_default<T>(given: MaybeUndefined<T>, default: T) -> Option<T> {
    match given {
        MaybeUndefined::Undefined => None,
        MaybeUndefined::Null => Some(default),
        MaybeUndefined::Value(value) => Some(value),
    }
}
