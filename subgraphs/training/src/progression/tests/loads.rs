//! Exercises whose weight is taken off one's own body, or that have none.

use super::*;

fn assisted<'a>(planned_reps: &'a [i32], sessions: &'a [Vec<Done>]) -> Past<'a> {
    Past {
        load: Load::Assistance,
        ..past(planned_reps, sessions)
    }
}

fn with_bodyweight<'a>(planned_reps: &'a [i32], sessions: &'a [Vec<Done>]) -> Past<'a> {
    Past {
        load: Load::Bodyweight,
        ..past(planned_reps, sessions)
    }
}

#[test]
fn assistance_gets_less() {
    let reps = [8; 3];
    let done = [session(20.0, &[12; 3], None)];
    assert_eq!(
        advised(&DOUBLE, assisted(&reps, &done)),
        (
            17.5,
            vec![8; 3],
            "3x12 with 20 kg of assistance done, the top of the range: 17.5 kg of assistance"
                .to_owned()
        )
    );
    let last = [session(2.0, &[8; 3], None)];
    assert_eq!(
        advised(&LINEAR, assisted(&reps, &last)),
        (
            0.0,
            vec![8; 3],
            "3x8 with 2 kg of assistance done: no assistance".to_owned()
        )
    );
    let none = [session(0.0, &[8; 3], None)];
    assert_eq!(
        advised(&LINEAR, assisted(&reps, &none)).2,
        "3x8 without assistance done: go on to the exercise that gives no assistance"
    );
}

#[test]
fn the_sets_with_the_least_assistance_count() {
    let mut mixed = session(30.0, &[12, 12], None);
    mixed.extend(session(20.0, &[8; 3], None));
    let (assistance, ..) = advised(&LINEAR, assisted(&[8; 3], &[mixed]));
    assert!(is(assistance, 17.5));
}

#[test]
fn failures_bring_assistance_back() {
    let failed = || session(20.0, &[6; 3], None);
    let thrice = [failed(), failed(), failed()];
    assert_eq!(
        advised(&LINEAR, assisted(&[8; 3], &thrice)),
        (
            22.5,
            vec![8; 3],
            "3x6 with 20 kg of assistance: not all that was planned, 3 times in a row: back to 22.5 kg of assistance"
                .to_owned()
        )
    );
    let by_rpe = |rpe| {
        let sessions = [session(20.0, &[8; 3], Some(rpe))];
        advised(&RPE, assisted(&[8; 3], &sessions)).0
    };
    assert!(is(by_rpe(6.0), 17.5));
    assert!(is(by_rpe(8.5), 20.0));
    assert!(is(by_rpe(10.0), 22.5));
}

#[test]
fn without_weight_repetitions_grow_and_then_there_is_more_to_do() {
    let reps = [8; 3];
    let next = |progression: &Progression, done: &[i32]| {
        let sessions = [session(0.0, done, None)];
        advised(progression, with_bodyweight(&reps, &sessions))
    };
    assert_eq!(
        next(&LINEAR, &[9, 8, 8]),
        (
            0.0,
            vec![9; 3],
            "3x8 with bodyweight done: 9 repetitions".to_owned()
        )
    );
    assert_eq!(
        next(&DOUBLE, &[12; 3]),
        (
            0.0,
            vec![12; 3],
            "3x12 with bodyweight done, repetitions enough: add a set, or 2.5 kg".to_owned()
        )
    );
    assert_eq!(
        next(&LINEAR, &[8, 8, 5]).2,
        "3x5 with bodyweight done, not all that was planned: 8 repetitions again"
    );
    let sessions = [session(0.0, &[12; 3], Some(9.0))];
    let advice = DOUBLE.advise(with_bodyweight(&reps, &sessions)).unwrap();
    assert_eq!(
        advice.reason.words(Locale::Ru),
        "Сделано 3×12 с весом тела с запасом 1, повторений достаточно: добавьте подход или 2,5 кг"
    );
}

#[test]
fn added_weight_grows_as_weight_does() {
    let sessions = [session(10.0, &[8; 3], None)];
    assert_eq!(
        advised(&LINEAR, with_bodyweight(&[8; 3], &sessions)),
        (
            12.5,
            vec![8; 3],
            "3x8 with 10 kg added done: 12.5 kg added".to_owned()
        )
    );
}

#[test]
fn where_nothing_is_lighter_the_reason_says_so() {
    let reps = [8; 3];
    let failed = || session(2.5, &[6; 3], None);
    let thrice = [failed(), failed(), failed()];
    let told = |past| {
        let advice = LINEAR.advise(past).unwrap();
        let words = |locale| advice.reason.words(locale);
        (advice.sets[0].weight, words(Locale::En), words(Locale::Ru))
    };
    assert_eq!(
        told(past(&reps, &thrice)),
        (
            2.5,
            "3x6 at 2.5 kg: not all that was planned, 3 times in a row: stays at 2.5 kg: nothing lighter".to_owned(),
            "Сделано 3×6 с весом 2,5 кг, план не выполнен, неудач подряд: 3: остаётся 2,5 кг, легче некуда".to_owned(),
        )
    );
    let after_a_break = Past {
        days_away: 40,
        days_since: 40,
        ..past(&reps, &thrice)
    };
    assert_eq!(
        told(after_a_break),
        (
            2.5,
            "3x6 at 2.5 kg done 40 days ago: stays at 2.5 kg: nothing lighter".to_owned(),
            "Сделано 3×6 с весом 2,5 кг, дней с тех пор: 40: остаётся 2,5 кг, легче некуда"
                .to_owned(),
        )
    );
    // beside one's own body nothing is lighter than something
    assert_eq!(
        told(with_bodyweight(&reps, &thrice)),
        (
            0.0,
            "3x6 with 2.5 kg added: not all that was planned, 3 times in a row: down to bodyweight alone".to_owned(),
            "Сделано 3×6 с отягощением 2,5 кг, план не выполнен, неудач подряд: 3: далее только вес тела".to_owned(),
        )
    );
}

proptest! {
    #[test]
    fn success_never_brings_assistance_back(
        quarters in 0..400_u32,
        reps in 1..20_i32,
        sets in 1..6_usize,
    ) {
        let assistance = f64::from(quarters) / 4.0;
        let planned = vec![reps; sets];
        let sessions = [session(assistance, &planned, None)];
        let advice = LINEAR.advise(assisted(&planned, &sessions)).unwrap();
        prop_assert!(advice.sets.iter().all(|set| (0.0..=assistance).contains(&set.weight)));
    }
}
