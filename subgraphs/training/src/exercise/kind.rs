//! What exercises are sorted by: equipment, measurement, movement and level.

use async_graphql::Enum;
use serde::Deserialize;

/// What is counted when a set of the exercise is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Measurement {
    /// Repetitions with a weight.
    RepsWeight,
    /// Repetitions with one's own body.
    BodyweightReps,
    /// Repetitions with one's own body less an assistance: the weight entered is what the machine takes off.
    Assisted,
    /// Seconds.
    Time,
    /// Metres.
    Distance,
}

impl Measurement {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::RepsWeight => "reps_weight",
            Self::BodyweightReps => "bodyweight_reps",
            Self::Assisted => "assisted",
            Self::Time => "time",
            Self::Distance => "distance",
        }
    }
}

/// What the exercise is done with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Equipment {
    /// A straight bar with plates.
    Barbell,
    /// One or two dumbbells.
    Dumbbell,
    /// One or two kettlebells.
    Kettlebell,
    /// A machine that guides the movement.
    Machine,
    /// A cable pulley.
    Cable,
    /// Nothing but the body, or a bar or bench to hold it.
    Bodyweight,
    /// An elastic band.
    Band,
    /// A single weight plate.
    Plate,
    /// A bar that runs in rails.
    SmithMachine,
    /// A hexagonal bar that one stands in.
    TrapBar,
    /// A cambered bar.
    EzBar,
    /// A medicine ball.
    MedicineBall,
    /// A machine for endurance, such as a rower.
    CardioMachine,
    /// Anything else.
    Other,
}

impl Equipment {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Barbell => "barbell",
            Self::Dumbbell => "dumbbell",
            Self::Kettlebell => "kettlebell",
            Self::Machine => "machine",
            Self::Cable => "cable",
            Self::Bodyweight => "bodyweight",
            Self::Band => "band",
            Self::Plate => "plate",
            Self::SmithMachine => "smith_machine",
            Self::TrapBar => "trap_bar",
            Self::EzBar => "ez_bar",
            Self::MedicineBall => "medicine_ball",
            Self::CardioMachine => "cardio_machine",
            Self::Other => "other",
        }
    }
}

/// What the body does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Movement {
    /// Pushing away from the chest.
    HorizontalPush,
    /// Pushing overhead or down.
    VerticalPush,
    /// Pulling towards the chest.
    HorizontalPull,
    /// Pulling from overhead.
    VerticalPull,
    /// Bending hips and knees with both feet side by side.
    Squat,
    /// Bending hips and knees in a stride.
    Lunge,
    /// Bending at the hips with a straight back.
    Hinge,
    /// A clean, a snatch, a jerk or a part of one.
    OlympicLift,
    /// Jumping or hopping.
    Jump,
    /// Throwing.
    Throw,
    /// Bringing the straight arms together.
    ChestFly,
    /// Raising the straight arms.
    ShoulderRaise,
    /// Turning the upper arm in its joint.
    ShoulderRotation,
    /// Raising or drawing back the shoulder blades.
    Shrug,
    /// Bending the elbow.
    ElbowFlexion,
    /// Straightening the elbow.
    ElbowExtension,
    /// Holding, or bending the wrist.
    Grip,
    /// Moving or holding the head.
    Neck,
    /// Straightening the knee.
    KneeExtension,
    /// Bending the knee.
    KneeFlexion,
    /// Straightening the hip.
    HipExtension,
    /// Bending the hip.
    HipFlexion,
    /// Moving the leg outwards.
    HipAbduction,
    /// Moving the leg inwards.
    HipAdduction,
    /// Rising on the toes.
    CalfRaise,
    /// Drawing the toes up.
    ShinRaise,
    /// Bending the trunk.
    TrunkFlexion,
    /// Straightening the trunk.
    TrunkExtension,
    /// Turning the trunk.
    TrunkRotation,
    /// Holding the trunk still.
    TrunkStability,
    /// Walking with, pushing or dragging a load.
    Carry,
    /// Endurance work for the whole body.
    Conditioning,
    /// Stretching and moving joints through their range.
    Mobility,
}

impl Movement {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::HorizontalPush => "horizontal_push",
            Self::VerticalPush => "vertical_push",
            Self::HorizontalPull => "horizontal_pull",
            Self::VerticalPull => "vertical_pull",
            Self::Squat => "squat",
            Self::Lunge => "lunge",
            Self::Hinge => "hinge",
            Self::OlympicLift => "olympic_lift",
            Self::Jump => "jump",
            Self::Throw => "throw",
            Self::ChestFly => "chest_fly",
            Self::ShoulderRaise => "shoulder_raise",
            Self::ShoulderRotation => "shoulder_rotation",
            Self::Shrug => "shrug",
            Self::ElbowFlexion => "elbow_flexion",
            Self::ElbowExtension => "elbow_extension",
            Self::Grip => "grip",
            Self::Neck => "neck",
            Self::KneeExtension => "knee_extension",
            Self::KneeFlexion => "knee_flexion",
            Self::HipExtension => "hip_extension",
            Self::HipFlexion => "hip_flexion",
            Self::HipAbduction => "hip_abduction",
            Self::HipAdduction => "hip_adduction",
            Self::CalfRaise => "calf_raise",
            Self::ShinRaise => "shin_raise",
            Self::TrunkFlexion => "trunk_flexion",
            Self::TrunkExtension => "trunk_extension",
            Self::TrunkRotation => "trunk_rotation",
            Self::TrunkStability => "trunk_stability",
            Self::Carry => "carry",
            Self::Conditioning => "conditioning",
            Self::Mobility => "mobility",
        }
    }
}

/// The least experience that it takes to do an exercise safely.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Enum, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[graphql(name = "ExerciseLevel")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Level {
    /// None.
    Beginner,
    /// Half a year of regular training.
    Intermediate,
    /// Two years of regular training, or somebody who teaches it.
    Advanced,
}

impl Level {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Beginner => "beginner",
            Self::Intermediate => "intermediate",
            Self::Advanced => "advanced",
        }
    }
}
