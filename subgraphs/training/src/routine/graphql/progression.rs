//! How exercises progress, in the graph.

use async_graphql::{InputObject, SimpleObject, Union};
use setwise_graphql::WeightUnit;

use crate::{
    progression::{Progression, WaveSet},
    refusal::Refusal,
    set::{Percent, Reps, Rpe, Weight},
};

const MAX_WEEKS: usize = 52;
const MAX_SETS_OF_WEEK: usize = 20;

/// How an exercise progresses from workout to workout: from the sets that were last done for this exercise of the routine.
/// What was done elsewhere is converted to the planned repetitions by the one-repetition maximum that Epley's formula
/// estimates. After more than four weeks without the exercise it begins lower. Assistance goes down where a weight goes
/// up, and with one's own body alone repetitions grow.
#[derive(Union)]
#[graphql(name = "Progression")]
pub(super) enum ProgressionView {
    Double(DoubleProgression),
    Linear(LinearProgression),
    Rpe(RpeProgression),
    Waves(PercentageWaves),
}

/// Repetitions grow within a range; once all sets reach its top, the weight grows and they begin at the bottom.
#[derive(SimpleObject)]
pub(super) struct DoubleProgression {
    /// The bottom of the range.
    min_reps: i32,
    /// The top of the range.
    max_reps: i32,
    /// By how much the weight grows, in `unit`.
    step: f64,
    /// The unit of the step, in which weights stay round.
    unit: WeightUnit,
}

/// The weight grows after each workout in which all that was planned was done, and goes down after failures in a row.
#[derive(SimpleObject)]
pub(super) struct LinearProgression {
    /// By how much the weight grows, in `unit`.
    step: f64,
    /// The unit of the step, in which weights stay round.
    unit: WeightUnit,
    /// After how many failures in a row at a weight it goes down.
    deload_after: i32,
    /// By how much it then goes down, in percent.
    deload_percent: f64,
}

/// The weight follows how hard the last workout was: an estimate by Epley's formula, with the repetitions in reserve
/// counted as done, and by at most a tenth at once.
#[derive(SimpleObject)]
pub(super) struct RpeProgression {
    /// How hard the sets should be, the rating of perceived exertion from 1 to 10 in halves.
    target_rpe: f64,
    /// What weights are multiples of, in `unit`.
    step: f64,
    /// The unit of the step.
    unit: WeightUnit,
}

/// Weeks of percentages of the training maximum, one week a workout, round after round.
#[derive(SimpleObject)]
pub(super) struct PercentageWaves {
    /// The weeks, in order.
    weeks: Vec<WaveWeek>,
    /// By how much the training maximum grows after each round, in `unit`; may be 0.
    step: f64,
    /// The unit of the step; weights are rounded to 2.5 kg or 5 lb.
    unit: WeightUnit,
}

/// A week of percentage waves.
#[derive(SimpleObject)]
pub(super) struct WaveWeek {
    /// The working sets of the week, in order.
    sets: Vec<WaveWeekSet>,
}

/// A set of a week of percentage waves.
#[derive(SimpleObject)]
pub(super) struct WaveWeekSet {
    /// Of the training maximum.
    percent: f64,
    /// Repetitions to do.
    reps: i32,
}

impl From<Progression> for ProgressionView {
    fn from(progression: Progression) -> Self {
        match progression {
            Progression::Double {
                min_reps,
                max_reps,
                step,
                unit,
            } => Self::Double(DoubleProgression {
                min_reps,
                max_reps,
                step,
                unit,
            }),
            Progression::Linear {
                step,
                unit,
                deload_after,
                deload_percent,
            } => Self::Linear(LinearProgression {
                step,
                unit,
                deload_after,
                deload_percent,
            }),
            Progression::Rpe {
                target_rpe,
                step,
                unit,
            } => Self::Rpe(RpeProgression {
                target_rpe,
                step,
                unit,
            }),
            Progression::Waves { weeks, step, unit } => {
                let week = |sets: Vec<WaveSet>| WaveWeek {
                    sets: sets
                        .into_iter()
                        .map(|WaveSet { percent, reps }| WaveWeekSet { percent, reps })
                        .collect(),
                };
                Self::Waves(PercentageWaves {
                    weeks: weeks.into_iter().map(week).collect(),
                    step,
                    unit,
                })
            }
        }
    }
}

/// How an exercise progresses: exactly one of the fields is given.
#[derive(InputObject)]
pub(super) struct ProgressionInput {
    /// Repetitions grow within a range, then the weight.
    double: Option<DoubleProgressionInput>,
    /// The weight grows each time.
    linear: Option<LinearProgressionInput>,
    /// The weight follows how hard the last time was.
    rpe: Option<RpeProgressionInput>,
    /// Weeks of percentages of the training maximum.
    waves: Option<PercentageWavesInput>,
}

/// Repetitions grow within a range, then the weight.
#[derive(InputObject)]
struct DoubleProgressionInput {
    /// The bottom of the range, 1 to 10,000.
    min_reps: i32,
    /// The top of the range, not below its bottom.
    max_reps: i32,
    /// By how much the weight grows, in `unit`, more than 0.
    step: f64,
    /// The unit of the step, in which weights stay round.
    #[graphql(default)]
    unit: WeightUnit,
}

/// The weight grows each time.
#[derive(InputObject)]
struct LinearProgressionInput {
    /// By how much the weight grows, in `unit`, more than 0.
    step: f64,
    /// The unit of the step, in which weights stay round.
    #[graphql(default)]
    unit: WeightUnit,
    /// After how many failures in a row at a weight it goes down, 1 to 10.
    #[graphql(default = 3)]
    deload_after: i32,
    /// By how much it then goes down, in percent, 1 to 50.
    #[graphql(default = 10.0)]
    deload_percent: f64,
}

/// The weight follows how hard the last time was.
#[derive(InputObject)]
struct RpeProgressionInput {
    /// How hard the sets should be, the rating of perceived exertion from 1 to 10 in halves.
    target_rpe: f64,
    /// What weights are multiples of, in `unit`, more than 0.
    #[graphql(default = 2.5)]
    step: f64,
    /// The unit of the step.
    #[graphql(default)]
    unit: WeightUnit,
}

/// Weeks of percentages of the training maximum.
#[derive(InputObject)]
struct PercentageWavesInput {
    /// The weeks, in order, 1 to 52.
    weeks: Vec<WaveWeekInput>,
    /// By how much the training maximum grows after each round, in `unit`; may be 0.
    #[graphql(default = 2.5)]
    step: f64,
    /// The unit of the step; weights are rounded to 2.5 kg or 5 lb.
    #[graphql(default)]
    unit: WeightUnit,
}

/// A week of percentage waves.
#[derive(InputObject)]
struct WaveWeekInput {
    /// The working sets of the week, in order, 1 to 20.
    sets: Vec<WaveWeekSetInput>,
}

/// A set of a week of percentage waves.
#[derive(InputObject)]
struct WaveWeekSetInput {
    /// Of the training maximum, more than 0 and at most 200.
    percent: f64,
    /// Repetitions, 1 to 10,000.
    reps: i32,
}

impl ProgressionInput {
    pub(super) fn parse(self) -> Result<Progression, Refusal> {
        match (self.double, self.linear, self.rpe, self.waves) {
            (Some(double), None, None, None) => double.parse(),
            (None, Some(linear), None, None) => linear.parse(),
            (None, None, Some(rpe), None) => rpe.parse(),
            (None, None, None, Some(waves)) => waves.parse(),
            _ => Err(Refusal::NotOneProgression),
        }
    }
}

impl DoubleProgressionInput {
    fn parse(self) -> Result<Progression, Refusal> {
        let min_reps = Reps::parse(self.min_reps)?.get();
        let max_reps = Reps::parse_max(self.max_reps)?.get();
        if max_reps < min_reps {
            return Err(Refusal::NotARange);
        }
        Ok(Progression::Double {
            min_reps,
            max_reps,
            step: step(self.step, self.unit)?,
            unit: self.unit,
        })
    }
}

impl LinearProgressionInput {
    fn parse(self) -> Result<Progression, Refusal> {
        if !(1..=10).contains(&self.deload_after) {
            return Err(Refusal::out_of_range("deloadAfter", 1, 10));
        }
        if !(1.0..=50.0).contains(&self.deload_percent) {
            return Err(Refusal::out_of_range("deloadPercent", 1, 50));
        }
        Ok(Progression::Linear {
            step: step(self.step, self.unit)?,
            unit: self.unit,
            deload_after: self.deload_after,
            deload_percent: self.deload_percent,
        })
    }
}

impl RpeProgressionInput {
    fn parse(self) -> Result<Progression, Refusal> {
        Ok(Progression::Rpe {
            target_rpe: Rpe::parse(self.target_rpe)?.get(),
            step: step(self.step, self.unit)?,
            unit: self.unit,
        })
    }
}

impl PercentageWavesInput {
    fn parse(self) -> Result<Progression, Refusal> {
        let is_bounded = (1..=MAX_WEEKS).contains(&self.weeks.len());
        if !is_bounded {
            return Err(Refusal::out_of_range("weeks", 1, 52));
        }
        let weeks = self.weeks.into_iter().map(WaveWeekInput::parse);
        let weeks = weeks.collect::<Result<_, _>>()?;
        Ok(Progression::Waves {
            weeks,
            step: Weight::parse(self.step, self.unit)?.value(),
            unit: self.unit,
        })
    }
}

impl WaveWeekInput {
    fn parse(self) -> Result<Vec<WaveSet>, Refusal> {
        let is_bounded = (1..=MAX_SETS_OF_WEEK).contains(&self.sets.len());
        if !is_bounded {
            return Err(Refusal::out_of_range("sets", 1, 20));
        }
        let sets = self.sets.into_iter().map(|set| {
            Ok(WaveSet {
                percent: Percent::parse("percent", set.percent)?.get(),
                reps: Reps::parse(set.reps)?.get(),
            })
        });
        sets.collect()
    }
}

/// A step: at least a hundredth, at most 100 of its unit.
fn step(step: f64, unit: WeightUnit) -> Result<f64, Refusal> {
    if (0.01..=100.0).contains(&step) {
        Ok(Weight::parse(step, unit)?.value())
    } else {
        Err(Refusal::not_positive("step", 100))
    }
}
