//! The contract's enums. In proto3 JSON a value is spelt with its type before it
//! (`SET_TYPE_REPS`), and there is an `UNSPECIFIED` for what is not set; in the graph it is `REPS`,
//! and null.

use std::{borrow::Cow, fmt, marker::PhantomData};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{Error as _, Visitor},
};

/// An enum of the contract. It is read from a REST request (by name or number) and written as the
/// graph spells it; [`Shown`] is the other way.
pub(super) trait Choice: Copy + 'static {
    const NAME: &'static str;
    /// What it says, to whoever reads of the API.
    const ABOUT: &'static str;
    /// `SET_TYPE_`
    const PREFIX: &'static str;
    /// In the order of their numbers, from 1.
    const VALUES: &'static [Self];

    /// `REPS`
    fn graph_name(self) -> &'static str;
}

macro_rules! choice {
    ($name:ident, $prefix:literal, $about:literal: $($variant:ident = $graph_name:literal),+) => {
        #[doc = $about]
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum $name {
            $($variant),+
        }

        impl Choice for $name {
            const NAME: &'static str = stringify!($name);
            const ABOUT: &'static str = $about;
            const PREFIX: &'static str = $prefix;
            const VALUES: &'static [Self] = &[$(Self::$variant),+];

            fn graph_name(self) -> &'static str {
                match self {
                    $(Self::$variant => $graph_name),+
                }
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.graph_name())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                specified(deserializer)?.ok_or_else(|| D::Error::custom("must be specified"))
            }
        }

        /// The same for what is read and what is written.
        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                Self::NAME.into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                schema::<Self>()
            }
        }
    };
}

choice! {
    SetType, "SET_TYPE_", "What a set counts: repetitions, repetitions with a weight, or seconds.":
    Reps = "REPS", Weight = "WEIGHT", Time = "TIME"
}
choice! {
    WeightUnit, "WEIGHT_UNIT_", "Kilograms or pounds (0.45359237 kg).":
    Kg = "KG", Lb = "LB"
}
choice! {
    GenerationStatus, "GENERATION_STATUS_",
    "How far the generation of a workout is; unspecified for one that is not generated.":
    Running = "RUNNING", Failed = "FAILED", Completed = "COMPLETED"
}
choice! {
    Goal, "GOAL_", "What a person trains for.":
    MuscleGain = "MUSCLE_GAIN", WeightLoss = "WEIGHT_LOSS", Strength = "STRENGTH",
    Endurance = "ENDURANCE", Flexibility = "FLEXIBILITY"
}
choice! {
    ExperienceLevel, "EXPERIENCE_LEVEL_", "How far a person has come with strength training.":
    Beginner = "BEGINNER", Intermediate = "INTERMEDIATE", Advanced = "ADVANCED"
}
choice! {
    WorkoutPlanType, "WORKOUT_PLAN_TYPE_", "How muscle groups are spread over the days of a week.":
    FullBody = "FULL_BODY", Split = "SPLIT", UpperLower = "UPPER_LOWER",
    PushPullLegs = "PUSH_PULL_LEGS"
}

fn schema<C: Choice>() -> Schema {
    let names = C::VALUES.iter().map(|value| value.graph_name());
    let names = std::iter::once("UNSPECIFIED").chain(names);
    let values: Vec<_> = names.map(|name| format!("{}{name}", C::PREFIX)).collect();
    json_schema!({ "type": "string", "description": C::ABOUT, "enum": values })
}

/// `deserialize_with` for an enum that may be left out: `UNSPECIFIED` is unset.
pub(super) fn specified<'de, D, C>(deserializer: D) -> Result<Option<C>, D::Error>
where
    D: Deserializer<'de>,
    C: Choice,
{
    deserializer.deserialize_any(NameOrNumber(PhantomData))
}

struct NameOrNumber<C>(PhantomData<C>);

impl<C: Choice> Visitor<'_> for NameOrNumber<C> {
    type Value = Option<C>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "one of {0}UNSPECIFIED", C::PREFIX)?;
        for value in C::VALUES {
            write!(formatter, ", {}{}", C::PREFIX, value.graph_name())?;
        }
        Ok(())
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Self::Value, E> {
        let unknown = || E::invalid_value(serde::de::Unexpected::Str(text), &self);
        match text.strip_prefix(C::PREFIX).ok_or_else(unknown)? {
            "UNSPECIFIED" => Ok(None),
            name => by_graph_name(name).map(Some).ok_or_else(unknown),
        }
    }

    fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<Self::Value, E> {
        let unknown = || E::invalid_value(serde::de::Unexpected::Unsigned(number), &self);
        match usize::try_from(number).map_err(|_| unknown())? {
            0 => Ok(None),
            number => C::VALUES
                .get(number - 1)
                .copied()
                .map(Some)
                .ok_or_else(unknown),
        }
    }
}

fn by_graph_name<C: Choice>(name: &str) -> Option<C> {
    C::VALUES
        .iter()
        .copied()
        .find(|value| value.graph_name() == name)
}

/// An enum of an answer: read as the graph spells it, null when not set; written as proto3 JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shown<C>(Option<C>);

impl<C> Default for Shown<C> {
    fn default() -> Self {
        Self(None)
    }
}

impl<'de, C: Choice> Deserialize<'de> for Shown<C> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Some(name) = Option::<String>::deserialize(deserializer)? else {
            return Ok(Self(None));
        };
        let unknown = || D::Error::custom(format!("unknown {} of the graph: {name}", C::PREFIX));
        by_graph_name(&name)
            .map(|value| Self(Some(value)))
            .ok_or_else(unknown)
    }
}

impl<C: Choice> JsonSchema for Shown<C> {
    fn schema_name() -> Cow<'static, str> {
        C::NAME.into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        schema::<C>()
    }
}

impl<C: Choice> Serialize for Shown<C> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let name = self.0.map_or("UNSPECIFIED", Choice::graph_name);
        serializer.collect_str(&format_args!("{}{name}", C::PREFIX))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{from_value, json, to_value};

    use super::*;

    #[test]
    fn reads_names_and_numbers() {
        for value in [json!("SET_TYPE_WEIGHT"), json!(2)] {
            let set_type: SetType = from_value(value).unwrap();
            assert_eq!(to_value(set_type).unwrap(), json!("WEIGHT"));
        }
        for value in [
            json!("WEIGHT"),
            json!("SET_TYPE_NOPE"),
            json!(4),
            json!(-1),
            json!(0),
            json!(true),
        ] {
            assert!(from_value::<SetType>(value.clone()).is_err(), "{value}");
        }
        let unset: Option<SetType> = specified(json!("SET_TYPE_UNSPECIFIED")).unwrap();
        assert_eq!(unset, None);
    }

    #[test]
    fn shows_what_the_graph_says() {
        for (graph, rest) in [
            (json!("PUSH_PULL_LEGS"), "WORKOUT_PLAN_TYPE_PUSH_PULL_LEGS"),
            (json!(null), "WORKOUT_PLAN_TYPE_UNSPECIFIED"),
        ] {
            let shown: Shown<WorkoutPlanType> = from_value(graph).unwrap();
            assert_eq!(to_value(shown).unwrap(), json!(rest));
        }
        assert!(from_value::<Shown<Goal>>(json!("FUN")).is_err());
    }
}
