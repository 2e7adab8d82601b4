//! Linear progression: a step each time, and a step back after failures in a row.

use setwise_graphql::WeightUnit;

use super::{Advice, Past, TopSets, Why, all_with};

/// When the weight goes down, and by how much.
#[derive(Debug, Clone, Copy)]
pub(super) struct Deload {
    pub(super) after: i32,
    pub(super) percent: f64,
}

pub(super) fn advise(
    past: Past<'_>,
    top: &TopSets,
    step: f64,
    unit: WeightUnit,
    deload: Deload,
) -> Advice {
    let planned = || past.planned_reps.iter().copied();
    let (why, weight) = if top.reached(planned()) {
        match past.load.harder(top.weight, step) {
            Some(weight) => (Why::AllDone, weight),
            None => (Why::NoneLeft, top.weight),
        }
    } else {
        let failures = failures_at(past, top.weight);
        if failures >= deload.after {
            let easier = past.load.easier(top.weight, deload.percent, step);
            (Why::Deload { failures }, easier)
        } else {
            let left = deload.after - failures;
            (Why::NotAllDone { left }, top.weight)
        }
    };
    Advice {
        sets: all_with(planned(), weight),
        reason: top.why(why, unit, weight),
    }
}

/// How many of the latest sessions in a row failed at a weight.
fn failures_at(past: Past<'_>, weight: f64) -> i32 {
    let sessions = past
        .sessions
        .iter()
        .map_while(|session| TopSets::of(past, session, past.planned_reps));
    let failed = sessions.take_while(|top| {
        (top.weight - weight).abs() < 0.005 && !top.reached(past.planned_reps.iter().copied())
    });
    i32::try_from(failed.count()).unwrap_or(i32::MAX)
}
