//! Where and when it was done before.

use super::*;

fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 3).unwrap()
}

fn elsewhere<'a>(planned_reps: &'a [i32], sessions: &'a [Vec<Done>]) -> Past<'a> {
    Past {
        elsewhere: Some(day()),
        ..past(planned_reps, sessions)
    }
}

#[test]
fn a_heavy_single_elsewhere_is_turned_into_what_is_planned() {
    let reps = [8; 3];
    let single = [session(150.0, &[1], None)];
    assert_eq!(
        advised(&LINEAR, elsewhere(&reps, &single)),
        (
            117.5,
            vec![8; 3],
            "150 kg for one on 3 November 2026 is an estimated one-repetition maximum of 150 kg: 3x8 at 117.5 kg"
                .to_owned()
        )
    );
    let advice = LINEAR.advise(elsewhere(&reps, &single)).unwrap();
    assert_eq!(
        advice.reason.words(Locale::Ru),
        "150 кг × 1 3 ноября 2026 г. — это расчётный максимум 150 кг: 3×8 с весом 117,5 кг"
    );
    // two in reserve count as done: 100 kg × (1 + 10 / 30)
    let five = [session(100.0, &[8; 3], Some(8.0))];
    assert_eq!(
        advised(&LINEAR, elsewhere(&reps, &five)).2,
        "100 kg for 8 with 2 in reserve on 3 November 2026 is an estimated one-repetition maximum of 133.33 kg: 3x8 at 105 kg"
    );
    // and two to leave are not: 133.33 kg / (1 + 10 / 30)
    assert!(is(advised(&RPE, elsewhere(&reps, &five)).0, 100.0));
    let planned = Past {
        planned_rpe: Some(8.0),
        ..elsewhere(&reps, &five)
    };
    assert!(is(advised(&LINEAR, planned).0, 100.0));
}

#[test]
fn many_repetitions_predict_no_more_than_ten() {
    let many = [session(60.0, &[20], None)];
    // 60 kg × (1 + 10 / 30) / (1 + 5 / 30) = 68.6 kg
    assert!(is(advised(&LINEAR, elsewhere(&[5], &many)).0, 67.5));
    assert!(is(advised(&LINEAR, elsewhere(&[20], &many)).0, 60.0));
}

#[test]
fn what_the_body_has_a_share_in_is_taken_over_or_left() {
    let with = |reps: i32| {
        let sessions = [session(20.0, &[reps; 3], None)];
        let past = Past {
            load: Load::Assistance,
            ..elsewhere(&[8; 3], &sessions)
        };
        LINEAR.advise(past)
    };
    assert_eq!(with(1), None);
    let advice = with(8).unwrap();
    assert_eq!(
        advice.reason.words(Locale::En),
        "3x8 with 20 kg of assistance done in another workout on 3 November 2026: 20 kg of assistance"
    );
}

#[test]
fn after_a_long_break_it_begins_lower() {
    let reps = [8; 3];
    let sessions = [session(100.0, &[12; 3], None)];
    let after = |days_away| Past {
        days_away,
        days_since: days_away,
        ..past(&reps, &sessions)
    };
    assert!(is(advised(&LINEAR, after(28)).0, 102.5));
    assert_eq!(
        advised(&LINEAR, after(29)),
        (
            90.0,
            vec![8; 3],
            "3x12 at 100 kg done 29 days ago: 90 kg to begin again".to_owned()
        )
    );
    assert!(is(advised(&DOUBLE, after(85)).0, 80.0));
    assert!(is(advised(&RPE, after(400)).0, 70.0));
    let body = |days_away| {
        let sessions = [session(0.0, &[10; 3], None)];
        let past = Past {
            load: Load::Bodyweight,
            days_away,
            ..past(&reps, &sessions)
        };
        advised(&LINEAR, past).1
    };
    assert_eq!((body(28), body(29)), (vec![11; 3], vec![9; 3]));
    let single = [session(150.0, &[1], None)];
    let past = Past {
        days_away: 40,
        ..elsewhere(&reps, &single)
    };
    let (weight, _, words) = advised(&LINEAR, past);
    assert!(is(weight, 105.0), "90 % of 118.4 kg");
    assert!(
        words.ends_with("3x8 at 105 kg, 10% less after the break"),
        "{words}"
    );
}

#[test]
fn a_reason_dates_the_sets_that_it_names() {
    let sessions = [session(100.0, &[8; 3], None)];
    let done_elsewhere_since = Past {
        days_away: 30,
        days_since: 50,
        ..past(&[8; 3], &sessions)
    };
    assert_eq!(
        advised(&LINEAR, done_elsewhere_since).2,
        "3x8 at 100 kg done 50 days ago: 90 kg to begin again"
    );
}

#[test]
fn waves_begin_lower_after_a_break() {
    let waves = Progression::Waves {
        weeks: vec![vec![WaveSet {
            percent: 80.0,
            reps: 5,
        }]],
        step: 5.0,
        unit: Kg,
    };
    let past = Past {
        training_max: Some(100.0),
        days_away: 40,
        ..past(&[5], &[])
    };
    assert_eq!(
        advised(&waves, past).2,
        "Week 1 of 1: up to 80% of a training maximum of 90 kg, lowered after 40 days away: 72.5 kg"
    );
}

#[test]
fn what_was_done_beyond_the_plan_takes_nothing_away() {
    let sessions = [session(80.0, &[8, 8, 8, 3], None)];
    assert_eq!(
        advised(&LINEAR, past(&[8; 3], &sessions)).2,
        "3x8 at 80 kg done: 82.5 kg"
    );
    let sessions = [session(80.0, &[10, 10, 10, 3], None)];
    assert_eq!(
        advised(&DOUBLE, past(&[8; 3], &sessions)).1,
        vec![11; 3],
        "not back to the bottom of the range"
    );
}

#[test]
fn a_heavy_single_beside_the_plan_is_not_what_to_repeat() {
    let with_single = |weight: f64, reps: i32, rpe| {
        let mut sessions = [session(100.0, &[reps; 3], rpe)];
        sessions[0].extend(session(weight, &[1], None));
        sessions
    };
    let sessions = with_single(140.0, 8, None);
    assert_eq!(
        advised(&LINEAR, past(&[8; 3], &sessions)).2,
        "3x8 at 100 kg done: 102.5 kg"
    );
    let sessions = with_single(140.0, 9, None);
    assert_eq!(
        advised(&DOUBLE, past(&[10; 3], &sessions)).1,
        vec![10; 3],
        "one more"
    );
    let sessions = with_single(140.0, 8, Some(8.0));
    assert!(is(advised(&RPE, past(&[8; 3], &sessions)).0, 100.0));
    let mut with_less_help = session(20.0, &[8; 3], None);
    with_less_help.extend(session(5.0, &[2], None));
    let sessions = [with_less_help];
    let assisted = Past {
        load: Load::Assistance,
        ..past(&[8; 3], &sessions)
    };
    assert!(is(advised(&LINEAR, assisted).0, 17.5));
    // what was tried as planned and not done is a failure, whatever was done after it
    let mut failed = session(102.5, &[8, 6], None);
    failed.extend(session(90.0, &[8; 3], None));
    assert!(is(advised(&LINEAR, past(&[8; 3], &[failed])).0, 102.5));
}

#[test]
fn a_weight_noted_in_another_unit_becomes_one_that_can_be_loaded() {
    // 225 lb
    let sessions = [session(102.06, &[8; 3], None)];
    let past = Past {
        is_converted: true,
        ..past(&[8; 3], &sessions)
    };
    assert_eq!(
        advised(&LINEAR, past),
        (
            105.0,
            vec![8; 3],
            "3x8 at 102.06 kg done: 105 kg".to_owned()
        )
    );
}

#[test]
fn no_more_is_advised_than_can_be_planned() {
    let sessions = [session(20_000.0, &[8; 3], None)];
    assert_eq!(
        advised(&LINEAR, past(&[8; 3], &sessions)),
        (
            10_000.0,
            vec![8; 3],
            "3x8 at 20000 kg done: no more than 10000 kg is planned; correct the set if it was mistyped"
                .to_owned()
        )
    );
}

proptest! {
    #[test]
    fn more_repetitions_never_get_more_weight(
        weight in 20..300_u32,
        done in 1..15_i32,
        planned in 1..15_i32,
    ) {
        let sessions = [session(f64::from(weight), &[done], None)];
        let weight = |planned| LINEAR.advise(elsewhere(&[planned], &sessions)).unwrap().sets[0].weight;
        prop_assert!(weight(planned + 1) <= weight(planned));
    }

    #[test]
    fn the_longer_the_break_the_lower(weight in 20..300_u32, days in 0..400_i64, more in 0..100_i64) {
        let sessions = [session(f64::from(weight), &[5; 3], None)];
        let weight = |days_away| {
            let past = Past { days_away, ..past(&[5; 3], &sessions) };
            LINEAR.advise(past).unwrap().sets[0].weight
        };
        prop_assert!(weight(days + more) <= weight(days));
    }
}
