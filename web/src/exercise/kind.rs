//! What an exercise is done with, and what is counted in it.

use serde::Deserialize;

use crate::text::{Message, msg};

/// What is logged of a set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Measurement {
    RepsWeight,
    BodyweightReps,
    Assisted,
    Time,
    Distance,
}

impl Measurement {
    pub(crate) const ALL: [Self; 5] = [
        Self::RepsWeight,
        Self::BodyweightReps,
        Self::Assisted,
        Self::Time,
        Self::Distance,
    ];

    /// As the graph writes it.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::RepsWeight => "REPS_WEIGHT",
            Self::BodyweightReps => "BODYWEIGHT_REPS",
            Self::Assisted => "ASSISTED",
            Self::Time => "TIME",
            Self::Distance => "DISTANCE",
        }
    }

    pub(crate) fn message(self) -> Message {
        match self {
            Self::RepsWeight => msg("measurement-reps-weight"),
            Self::BodyweightReps => msg("measurement-bodyweight-reps"),
            Self::Assisted => msg("measurement-assisted"),
            Self::Time => msg("measurement-time"),
            Self::Distance => msg("measurement-distance"),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Equipment {
    Barbell,
    Dumbbell,
    Kettlebell,
    Machine,
    Cable,
    Bodyweight,
    Band,
    Plate,
    SmithMachine,
    TrapBar,
    EzBar,
    MedicineBall,
    CardioMachine,
    #[serde(other)]
    Other,
}

impl Equipment {
    pub(crate) const ALL: [Self; 14] = [
        Self::Barbell,
        Self::Dumbbell,
        Self::Kettlebell,
        Self::Machine,
        Self::Cable,
        Self::Bodyweight,
        Self::Band,
        Self::Plate,
        Self::SmithMachine,
        Self::TrapBar,
        Self::EzBar,
        Self::MedicineBall,
        Self::CardioMachine,
        Self::Other,
    ];

    /// As the graph writes it.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Barbell => "BARBELL",
            Self::Dumbbell => "DUMBBELL",
            Self::Kettlebell => "KETTLEBELL",
            Self::Machine => "MACHINE",
            Self::Cable => "CABLE",
            Self::Bodyweight => "BODYWEIGHT",
            Self::Band => "BAND",
            Self::Plate => "PLATE",
            Self::SmithMachine => "SMITH_MACHINE",
            Self::TrapBar => "TRAP_BAR",
            Self::EzBar => "EZ_BAR",
            Self::MedicineBall => "MEDICINE_BALL",
            Self::CardioMachine => "CARDIO_MACHINE",
            Self::Other => "OTHER",
        }
    }

    pub(crate) fn message(self) -> Message {
        match self {
            Self::Barbell => msg("equipment-barbell"),
            Self::Dumbbell => msg("equipment-dumbbell"),
            Self::Kettlebell => msg("equipment-kettlebell"),
            Self::Machine => msg("equipment-machine"),
            Self::Cable => msg("equipment-cable"),
            Self::Bodyweight => msg("equipment-bodyweight"),
            Self::Band => msg("equipment-band"),
            Self::Plate => msg("equipment-plate"),
            Self::SmithMachine => msg("equipment-smith-machine"),
            Self::TrapBar => msg("equipment-trap-bar"),
            Self::EzBar => msg("equipment-ez-bar"),
            Self::MedicineBall => msg("equipment-medicine-ball"),
            Self::CardioMachine => msg("equipment-cardio-machine"),
            Self::Other => msg("equipment-other"),
        }
    }
}

/// How experienced a person must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Level {
    Beginner,
    Intermediate,
    Advanced,
}

impl Level {
    pub(crate) fn message(self) -> Message {
        match self {
            Self::Beginner => msg("exercise-level-beginner"),
            Self::Intermediate => msg("exercise-level-intermediate"),
            Self::Advanced => msg("exercise-level-advanced"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_the_graph() {
        for equipment in Equipment::ALL {
            let code = format!("\"{}\"", equipment.code());
            assert_eq!(serde_json::from_str::<Equipment>(&code).unwrap(), equipment);
        }
        for measurement in Measurement::ALL {
            let code = format!("\"{}\"", measurement.code());
            let read: Measurement = serde_json::from_str(&code).unwrap();
            assert_eq!(read, measurement);
        }
    }
}
