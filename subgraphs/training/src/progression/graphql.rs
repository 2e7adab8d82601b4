//! What helps at the rack, in the graph: plates and warm-up sets.

use async_graphql::{Context, InputObject, Object, SimpleObject};
use setwise_graphql::{ResolverError, WeightUnit};

use super::{Loading, WarmUpSet, plates, warm_up};

const MAX_WEIGHT: f64 = 1500.0;
const MAX_PLATE: f64 = 100.0;
const MAX_SIZES: usize = 20;
const MAX_OF_A_SIZE: i32 = 20;

/// Plates of one size that a rack has.
#[derive(InputObject)]
struct PlateInput {
    /// What one weighs, in the unit that is asked in: more than 0, at most 100, to two digits.
    weight: f64,
    /// How many there are in all, 1 to 20: the two sides of the bar need one each.
    count: i32,
}

/// The plates to put on each side of a bar.
#[derive(SimpleObject)]
struct PlateLoading {
    /// What goes on one side, the heaviest first, in the unit that was asked in.
    plates_per_side: Vec<f64>,
    /// What bar and plates weigh together, in that unit.
    weight: f64,
    /// What is missing to the weight that was asked for, in that unit: 0 when the plates meet it exactly.
    missing: f64,
}

/// A set to warm up with.
#[derive(SimpleObject)]
struct WarmUp {
    /// In the unit that was asked in.
    weight: f64,
    /// Repetitions to do.
    reps: i32,
}

#[derive(Default)]
pub(crate) struct ProgressionQuery;

#[Object]
impl ProgressionQuery {
    /// How to load a bar: the heaviest loading that is not above the weight, in the fewest plates. Null when the bar alone
    /// is heavier.
    #[expect(clippy::unused_async, reason = "a resolver is asynchronous")]
    async fn plates(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What bar and plates should weigh together, in `unit`, up to 1,500.")]
        weight: f64,
        #[graphql(desc = "What the bar weighs, in `unit`; without it 20 kg or 45 lb.")] bar: Option<
            f64,
        >,
        #[graphql(
            desc = "The plates that there are, up to 20 sizes; without them those of a well-stocked gym."
        )]
        rack: Option<Vec<PlateInput>>,
        #[graphql(desc = "The unit of all these weights.", default)] unit: WeightUnit,
    ) -> Result<Option<PlateLoading>, ResolverError> {
        setwise_graphql::viewer(ctx)?;
        let bar = bar.unwrap_or_else(|| usual_bar(unit));
        check("weight", weight, MAX_WEIGHT)?;
        check("bar", bar, MAX_WEIGHT)?;
        let rack = match rack {
            Some(rack) => parse(&rack)?,
            None => usual_rack(unit),
        };
        let loading = plates(weight, bar, &rack);
        Ok(loading.map(
            |Loading {
                 per_side,
                 weight,
                 left,
             }| PlateLoading {
                plates_per_side: per_side,
                weight,
                missing: left,
            },
        ))
    }

    /// Sets to warm up with, from the empty bar towards the working weight; none when the bar is the working weight.
    #[expect(clippy::unused_async, reason = "a resolver is asynchronous")]
    async fn warm_up_sets(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The working weight, bar included, in `unit`, up to 1,500.")] weight: f64,
        #[graphql(desc = "What the bar weighs, in `unit`; without it 20 kg or 45 lb.")] bar: Option<
            f64,
        >,
        #[graphql(desc = "The unit of all these weights.", default)] unit: WeightUnit,
    ) -> Result<Vec<WarmUp>, ResolverError> {
        setwise_graphql::viewer(ctx)?;
        let bar = bar.unwrap_or_else(|| usual_bar(unit));
        check("weight", weight, MAX_WEIGHT)?;
        check("bar", bar, MAX_WEIGHT)?;
        let sets = warm_up(weight, bar, unit).into_iter();
        Ok(sets
            .map(|WarmUpSet { weight, reps }| WarmUp { weight, reps })
            .collect())
    }
}

fn usual_bar(unit: WeightUnit) -> f64 {
    match unit {
        WeightUnit::Kg => 20.0,
        WeightUnit::Lb => 45.0,
    }
}

fn usual_rack(unit: WeightUnit) -> Vec<(f64, i32)> {
    let sizes: &[f64] = match unit {
        WeightUnit::Kg => &[25.0, 20.0, 15.0, 10.0, 5.0, 2.5, 1.25],
        WeightUnit::Lb => &[45.0, 35.0, 25.0, 10.0, 5.0, 2.5],
    };
    sizes.iter().map(|&size| (size, MAX_OF_A_SIZE)).collect()
}

fn parse(rack: &[PlateInput]) -> Result<Vec<(f64, i32)>, ResolverError> {
    if rack.len() > MAX_SIZES {
        return Err(ResolverError::BadUserInput(format!(
            "a rack has at most {MAX_SIZES} sizes of plates"
        )));
    }
    for plate in rack {
        check("a plate", plate.weight, MAX_PLATE)?;
        if !(1..=MAX_OF_A_SIZE).contains(&plate.count) {
            return Err(ResolverError::BadUserInput(format!(
                "there are 1 to {MAX_OF_A_SIZE} plates of a size"
            )));
        }
    }
    Ok(rack
        .iter()
        .map(|plate| (plate.weight, plate.count))
        .collect())
}

fn check(name: &str, weight: f64, max: f64) -> Result<(), ResolverError> {
    if (0.01..=max).contains(&weight) {
        Ok(())
    } else {
        Err(ResolverError::BadUserInput(format!(
            "{name} must be more than 0 and at most {max}"
        )))
    }
}
