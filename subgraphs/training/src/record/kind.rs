//! What can be a record, and sets of such kinds.

use async_graphql::Enum;

/// What a record is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
pub enum RecordKind {
    /// The heaviest weight of one set, in kilograms. Assistance is no weight: of assisted exercises there are only records of
    /// kind `MOST_REPS_AT_WEIGHT`.
    HeaviestWeight,
    /// The highest one-repetition maximum, in kilograms, that a set of 1 to 10 repetitions predicts by Epley's formula:
    /// weight × (1 + repetitions / 30).
    EstimatedOneRepMaxEpley,
    /// The highest one-repetition maximum, in kilograms, that a set of 1 to 10 repetitions predicts by Brzycki's
    /// formula: weight × 36 / (37 − repetitions).
    EstimatedOneRepMaxBrzycki,
    /// The most repetitions of one set at the same weight; at no weight for sets with one's own body; for assisted
    /// exercises with the same assistance or less.
    MostRepsAtWeight,
    /// The highest sum of repetitions × kilograms over the sets of the exercise in one workout.
    SessionVolume,
}

impl RecordKind {
    pub(crate) const ALL: [Self; 5] = [
        Self::HeaviestWeight,
        Self::EstimatedOneRepMaxEpley,
        Self::EstimatedOneRepMaxBrzycki,
        Self::MostRepsAtWeight,
        Self::SessionVolume,
    ];

    /// Its bit, as the database keeps it: these never change.
    fn bit(self) -> i16 {
        match self {
            Self::HeaviestWeight => 1,
            Self::EstimatedOneRepMaxEpley => 2,
            Self::EstimatedOneRepMaxBrzycki => 4,
            Self::MostRepsAtWeight => 8,
            Self::SessionVolume => 16,
        }
    }
}

/// Some kinds of record, as the bits of a small integer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, sqlx::Type)]
#[sqlx(transparent)]
pub(crate) struct RecordKinds(pub(crate) i16);

impl RecordKinds {
    pub(super) fn add(&mut self, kind: RecordKind) {
        self.0 |= kind.bit();
    }

    pub(crate) fn has(self, kind: RecordKind) -> bool {
        self.0 & kind.bit() != 0
    }

    pub(crate) fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub(crate) fn iter(self) -> impl Iterator<Item = RecordKind> {
        RecordKind::ALL
            .into_iter()
            .filter(move |kind| self.has(*kind))
    }
}
