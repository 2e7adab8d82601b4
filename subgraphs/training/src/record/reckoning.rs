//! Which sets are records: a walk over the sets of an exercise in the order in which they were done.

use std::collections::HashMap;

use crate::{
    ids::{SetLogId, WorkoutId},
    record::{RecordKind, RecordKinds, one_rep_max},
};

/// What one must be above another to beat it: less is the rounding of floating-point sums.
const TOLERANCE: f64 = 1e-9;

/// A set that counts, as far as records go.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct WorkSet {
    pub(super) id: SetLogId,
    pub(super) workout: WorkoutId,
    /// Whether its weight is taken off one's own: less is harder, and nothing of it was lifted.
    pub(super) is_assisted: bool,
    pub(super) reps: Option<i32>,
    pub(super) weight_kg: Option<f64>,
    pub(super) time_seconds: Option<f64>,
    pub(super) distance_meters: Option<f64>,
}

impl WorkSet {
    pub(super) fn heaviest_kg(&self) -> Option<f64> {
        self.load_kg().filter(|weight| *weight > 0.0)
    }

    pub(super) fn epley_kg(&self) -> Option<f64> {
        one_rep_max::epley(self.load_kg()?, self.reps?)
    }

    pub(super) fn brzycki_kg(&self) -> Option<f64> {
        one_rep_max::brzycki(self.load_kg()?, self.reps?)
    }

    pub(super) fn lifted_kg(&self) -> f64 {
        f64::from(self.reps.unwrap_or(0)) * self.load_kg().unwrap_or(0.0)
    }

    fn load_kg(&self) -> Option<f64> {
        self.weight_kg.filter(|_| !self.is_assisted)
    }

    fn assistance_kg(&self) -> f64 {
        self.weight_kg.filter(|_| self.is_assisted).unwrap_or(0.0)
    }
}

/// What a set is at the time when it is done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Mark {
    /// The best so far, be it the first.
    pub(super) best: RecordKinds,
    /// Better than an earlier one.
    pub(super) broken: RecordKinds,
}

impl Mark {
    fn note(&mut self, kind: RecordKind, before: Option<f64>, value: Option<f64>) {
        if value.is_some_and(|value| beats(before, value)) {
            self.best.add(kind);
            if before.is_some() {
                self.broken.add(kind);
            }
        }
    }
}

/// The best of the sets so far.
#[derive(Debug, Clone, Default)]
pub(super) struct Bests {
    heaviest_kg: Option<f64>,
    epley_kg: Option<f64>,
    brzycki_kg: Option<f64>,
    /// By the bits of the weight in kilograms.
    most_reps: HashMap<u64, i32>,
    /// Of the sessions before the present one.
    session_volume_kg: Option<f64>,
    session: Option<(WorkoutId, f64)>,
}

impl Bests {
    /// Takes in a set of an earlier session, which came to `session_volume_kg`.
    pub(super) fn remember(&mut self, set: &WorkSet, session_volume_kg: f64) {
        self.raise(set);
        let volume = Some(session_volume_kg).filter(|volume| *volume > 0.0);
        self.session_volume_kg = higher(self.session_volume_kg, volume);
    }

    /// Takes in the next set, and says what it is.
    pub(super) fn admit(&mut self, set: &WorkSet) -> Mark {
        let mut mark = Mark::default();
        mark.note(
            RecordKind::HeaviestWeight,
            self.heaviest_kg,
            set.heaviest_kg(),
        );
        mark.note(
            RecordKind::EstimatedOneRepMaxEpley,
            self.epley_kg,
            set.epley_kg(),
        );
        mark.note(
            RecordKind::EstimatedOneRepMaxBrzycki,
            self.brzycki_kg,
            set.brzycki_kg(),
        );
        let most_reps = self.most_reps(set);
        let reps = set.reps.map(f64::from);
        mark.note(RecordKind::MostRepsAtWeight, most_reps.map(f64::from), reps);
        let before = self.session_volume(set.workout);
        let after = before + set.lifted_kg();
        // The set that takes the session over the mark is the record; those after it only add to it.
        if !beats(self.session_volume_kg, before) {
            mark.note(
                RecordKind::SessionVolume,
                self.session_volume_kg,
                Some(after),
            );
        }
        self.session = Some((set.workout, after));
        self.raise(set);
        mark
    }

    /// What the session of the next set has come to before it.
    fn session_volume(&mut self, workout: WorkoutId) -> f64 {
        match self.session {
            Some((session, volume)) if session == workout => volume,
            Some((_, volume)) => {
                let volume = Some(volume).filter(|volume| *volume > 0.0);
                self.session_volume_kg = higher(self.session_volume_kg, volume);
                0.0
            }
            None => 0.0,
        }
    }

    /// The most so far at the set's weight, or with its assistance or less.
    fn most_reps(&self, set: &WorkSet) -> Option<i32> {
        let key = weight_key(set);
        if set.is_assisted {
            // the bits of numbers that are not negative are in their order
            let as_hard = self.most_reps.iter().filter(|(weight, _)| **weight <= key);
            as_hard.map(|(_, reps)| *reps).max()
        } else {
            self.most_reps.get(&key).copied()
        }
    }

    fn raise(&mut self, set: &WorkSet) {
        self.heaviest_kg = higher(self.heaviest_kg, set.heaviest_kg());
        self.epley_kg = higher(self.epley_kg, set.epley_kg());
        self.brzycki_kg = higher(self.brzycki_kg, set.brzycki_kg());
        if let Some(reps) = set.reps {
            let most = self.most_reps.entry(weight_key(set)).or_default();
            *most = reps.max(*most);
        }
    }
}

/// What the sets of one exercise log come to.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Summary {
    pub(super) sets: i32,
    pub(super) reps: i32,
    pub(super) seconds: f64,
    pub(super) meters: f64,
    pub(super) volume_kg: f64,
    pub(super) heaviest_kg: Option<f64>,
    pub(super) epley_kg: Option<f64>,
    pub(super) brzycki_kg: Option<f64>,
    pub(super) best_set: Option<SetLogId>,
}

impl Summary {
    pub(super) fn of(sets: &[WorkSet]) -> Self {
        let mut summary = Self::default();
        for set in sets {
            summary.sets += 1;
            summary.reps += set.reps.unwrap_or(0);
            summary.seconds += set.time_seconds.unwrap_or(0.0);
            summary.meters += set.distance_meters.unwrap_or(0.0);
            summary.volume_kg += set.lifted_kg();
            summary.heaviest_kg = higher(summary.heaviest_kg, set.heaviest_kg());
            summary.epley_kg = higher(summary.epley_kg, set.epley_kg());
            summary.brzycki_kg = higher(summary.brzycki_kg, set.brzycki_kg());
        }
        summary.best_set = best_of(sets).map(|set| set.id);
        summary
    }
}

/// The set that predicts the most by Epley; among those that predict nothing the heaviest or the one with the least
/// assistance, then the one with the most repetitions, the longest, the farthest; of equals the first.
fn best_of(sets: &[WorkSet]) -> Option<&WorkSet> {
    let worth = |set: &WorkSet| {
        [
            set.epley_kg(),
            set.heaviest_kg().or(Some(-set.assistance_kg())),
            set.reps.map(f64::from),
            set.time_seconds,
            set.distance_meters,
        ]
        .map(|value| value.unwrap_or(0.0))
    };
    let better = |best: &&WorkSet, set: &&WorkSet| worth(set) > worth(best);
    sets.iter()
        .reduce(|best, set| if better(&best, &set) { set } else { best })
}

fn beats(before: Option<f64>, value: f64) -> bool {
    value > before.unwrap_or(0.0) * (1.0 + TOLERANCE)
}

fn higher(left: Option<f64>, right: Option<f64>) -> Option<f64> {
    match (left, right) {
        (Some(left), Some(right)) => Some(left.max(right)),
        (left, right) => left.or(right),
    }
}

fn weight_key(set: &WorkSet) -> u64 {
    // adding zero makes one of the two zeros
    (set.weight_kg.unwrap_or(0.0) + 0.0).to_bits()
}
