//! A heavy set and lighter ones after it, as the plan has them.

use super::*;

/// Sets of weight and repetitions.
fn done(sets: &[(f64, i32)]) -> Vec<Done> {
    let sets = sets.iter();
    sets.map(|&(weight, reps)| Done {
        reps,
        weight,
        rpe: None,
    })
    .collect()
}

fn weights(advice: &Advice) -> Vec<f64> {
    advice.sets.iter().map(|set| set.weight).collect()
}

const TOP_AND_BACK_OFFS: [i32; 4] = [1, 5, 5, 5];

#[test]
fn a_top_set_and_its_back_offs_go_on_each_from_its_own() {
    let next = |sets: &[(f64, i32)]| {
        let sessions = [done(sets)];
        let advice = LINEAR.advise(past(&TOP_AND_BACK_OFFS, &sessions)).unwrap();
        let reps: Vec<_> = advice.sets.iter().map(|set| set.reps).collect();
        assert_eq!(reps, TOP_AND_BACK_OFFS);
        (weights(&advice), advice.reason.words(Locale::En))
    };
    let all = [(100.0, 1), (80.0, 5), (80.0, 5), (80.0, 5)];
    let words = "1x1 at 100 kg done: 102.5 kg".to_owned();
    assert_eq!(next(&all), (vec![102.5, 82.5, 82.5, 82.5], words.clone()));
    let [top, back_off, ..] = all;
    let top_last = [back_off, back_off, back_off, top];
    assert_eq!(next(&top_last).0, [102.5, 82.5, 82.5, 82.5]);
    let short = [top, back_off, back_off, (80.0, 3)];
    assert_eq!(next(&short), (vec![102.5, 80.0, 80.0, 80.0], words));
    let missing = [top, back_off, back_off];
    assert_eq!(next(&missing).0, [102.5, 80.0, 80.0, 80.0]);
    // five with what is lifted once: 102.5 kg / (1 + 5 / 30)
    assert_eq!(next(&[top]).0, [102.5, 87.5, 87.5, 87.5]);
}

#[test]
fn weights_that_are_planned_apart_stay_apart() {
    let sessions = [done(&[(60.0, 8), (70.0, 8), (80.0, 8)])];
    let ramp = Past {
        planned_weights: &[50.0, 60.0, 70.0],
        ..past(&[8; 3], &sessions)
    };
    assert_eq!(weights(&LINEAR.advise(ramp).unwrap()), [62.5, 72.5, 82.5]);
    let sessions = [done(&[(100.0, 10), (80.0, 12), (80.0, 12)])];
    let range = Past {
        planned_weights: &[100.0, 80.0, 80.0],
        ..past(&[8; 3], &sessions)
    };
    let advice = DOUBLE.advise(range).unwrap();
    let reps: Vec<_> = advice.sets.iter().map(|set| set.reps).collect();
    assert_eq!(
        (weights(&advice), reps),
        (vec![100.0, 82.5, 82.5], vec![11, 8, 8])
    );
    // alike in the plan: what got lighter was too heavy
    let alike = Past {
        planned_weights: &[80.0; 3],
        ..ramp
    };
    assert_eq!(weights(&LINEAR.advise(alike).unwrap()), [80.0; 3]);
}

#[test]
fn back_offs_get_lighter_with_the_top_set() {
    let sessions = [done(&[(100.0, 1), (80.0, 5), (80.0, 5), (80.0, 5)])];
    let after_a_break = Past {
        days_away: 40,
        ..past(&TOP_AND_BACK_OFFS, &sessions)
    };
    let advice = LINEAR.advise(after_a_break).unwrap();
    assert_eq!(weights(&advice), [90.0, 70.0, 70.0, 70.0]);
    // how hard the top set was says it for those that nobody noted it of
    let mut sessions = sessions;
    sessions[0][0].rpe = Some(10.0);
    let advice = RPE.advise(past(&TOP_AND_BACK_OFFS, &sessions)).unwrap();
    assert_eq!(weights(&advice), [90.0, 72.5, 72.5, 72.5]);
}

#[test]
fn failures_of_the_top_set_alone_bring_it_down_alone() {
    let failed = |back_off| done(&[(100.0, 4), (back_off, 8), (back_off, 8)]);
    let sessions = [failed(92.5), failed(90.0), failed(87.5)];
    let advice = LINEAR.advise(past(&[5, 8, 8], &sessions)).unwrap();
    assert_eq!(weights(&advice), [90.0; 3], "no back-off is harder");
    assert_eq!(
        advice.reason.words(Locale::En),
        "1x4 at 100 kg: not all that was planned, 3 times in a row: down to 90 kg"
    );
}

#[test]
fn assistance_stays_more_in_the_easier_sets() {
    let sessions = [done(&[(20.0, 5), (30.0, 10), (30.0, 10)])];
    let assisted = Past {
        load: Load::Assistance,
        ..past(&[5, 10, 10], &sessions)
    };
    assert_eq!(
        weights(&LINEAR.advise(assisted).unwrap()),
        [17.5, 27.5, 27.5]
    );
}
