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

/// What the body does, as the graph writes it.
pub(crate) const MOVEMENTS: [(&str, Message); 33] = [
    ("HORIZONTAL_PUSH", msg("movement-horizontal-push")),
    ("VERTICAL_PUSH", msg("movement-vertical-push")),
    ("HORIZONTAL_PULL", msg("movement-horizontal-pull")),
    ("VERTICAL_PULL", msg("movement-vertical-pull")),
    ("SQUAT", msg("movement-squat")),
    ("LUNGE", msg("movement-lunge")),
    ("HINGE", msg("movement-hinge")),
    ("OLYMPIC_LIFT", msg("movement-olympic-lift")),
    ("JUMP", msg("movement-jump")),
    ("THROW", msg("movement-throw")),
    ("CHEST_FLY", msg("movement-chest-fly")),
    ("SHOULDER_RAISE", msg("movement-shoulder-raise")),
    ("SHOULDER_ROTATION", msg("movement-shoulder-rotation")),
    ("SHRUG", msg("movement-shrug")),
    ("ELBOW_FLEXION", msg("movement-elbow-flexion")),
    ("ELBOW_EXTENSION", msg("movement-elbow-extension")),
    ("GRIP", msg("movement-grip")),
    ("NECK", msg("movement-neck")),
    ("KNEE_EXTENSION", msg("movement-knee-extension")),
    ("KNEE_FLEXION", msg("movement-knee-flexion")),
    ("HIP_EXTENSION", msg("movement-hip-extension")),
    ("HIP_FLEXION", msg("movement-hip-flexion")),
    ("HIP_ABDUCTION", msg("movement-hip-abduction")),
    ("HIP_ADDUCTION", msg("movement-hip-adduction")),
    ("CALF_RAISE", msg("movement-calf-raise")),
    ("SHIN_RAISE", msg("movement-shin-raise")),
    ("TRUNK_FLEXION", msg("movement-trunk-flexion")),
    ("TRUNK_EXTENSION", msg("movement-trunk-extension")),
    ("TRUNK_ROTATION", msg("movement-trunk-rotation")),
    ("TRUNK_STABILITY", msg("movement-trunk-stability")),
    ("CARRY", msg("movement-carry")),
    ("CONDITIONING", msg("movement-conditioning")),
    ("MOBILITY", msg("movement-mobility")),
];

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
    fn every_movement_of_the_graph_has_a_name() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let api = std::fs::read_to_string(root.join("../supergraph.graphql")).unwrap();
        let schema = apollo_compiler::Schema::parse(api, "supergraph.graphql").unwrap();
        let movements = &schema.get_enum("Movement").unwrap().values;
        let named = MOVEMENTS.iter().map(|(code, _)| *code);
        assert!(
            movements
                .keys()
                .map(apollo_compiler::Name::as_str)
                .eq(named)
        );
    }

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
