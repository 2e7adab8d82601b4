//! The one-repetition maximum that a set predicts.
//!
//! Both formulas are fitted to sets close to failure of few repetitions, and part ways above ten (`LeSuer` and others,
//! "The accuracy of prediction equations for estimating 1-RM performance in the bench press, squat, and deadlift",
//! Journal of Strength and Conditioning Research 11, 1997). Outside of 1 to 10 repetitions there is no estimate.

/// The most repetitions that an estimate is made from.
pub(crate) const MAX_REPS: i32 = 10;

/// Epley's estimate in kilograms, weight × (1 + repetitions / 30), and the weight itself for a single: Boyd Epley,
/// "Poundage Chart", Boyd Epley Workout, Lincoln, Nebraska, 1985.
pub(crate) fn epley(weight_kg: f64, reps: i32) -> Option<f64> {
    valid(weight_kg, reps).then(|| match reps {
        1 => weight_kg,
        _ => weight_kg * (1.0 + f64::from(reps) / 30.0),
    })
}

/// Brzycki's estimate in kilograms, weight × 36 / (37 − repetitions): Matt Brzycki, "Strength Testing: Predicting a
/// One-Rep Max from Reps-to-Fatigue", Journal of Physical Education, Recreation & Dance 64(1), 1993.
pub(crate) fn brzycki(weight_kg: f64, reps: i32) -> Option<f64> {
    valid(weight_kg, reps).then(|| weight_kg * 36.0 / (37.0 - f64::from(reps)))
}

fn valid(weight_kg: f64, reps: i32) -> bool {
    weight_kg > 0.0 && (1..=MAX_REPS).contains(&reps)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn close(left: Option<f64>, right: f64) -> bool {
        left.is_some_and(|left| (left - right).abs() < 1e-9)
    }

    #[test]
    fn estimates_as_the_formulas_say() {
        assert!(close(epley(100.0, 6), 120.0));
        assert!(close(brzycki(100.0, 7), 120.0));
        assert!(close(epley(140.0, 1), 140.0));
        assert!(close(brzycki(140.0, 1), 140.0));
    }

    #[test]
    fn estimates_nothing_outside_of_the_range() {
        for (weight, reps) in [(100.0, 0), (100.0, 11), (0.0, 5), (-20.0, 5)] {
            assert_eq!(epley(weight, reps), None);
            assert_eq!(brzycki(weight, reps), None);
        }
    }

    proptest! {
        #[test]
        fn one_more_repetition_predicts_more(weight in 0.25_f64..1000.0, reps in 1..MAX_REPS) {
            prop_assert!(epley(weight, reps + 1) > epley(weight, reps));
            prop_assert!(brzycki(weight, reps + 1) > brzycki(weight, reps));
        }

        #[test]
        fn more_weight_predicts_more(weight in 0.25_f64..1000.0, more in 0.25_f64..100.0, reps in 1..=MAX_REPS) {
            prop_assert!(epley(weight + more, reps) > epley(weight, reps));
            prop_assert!(brzycki(weight + more, reps) > brzycki(weight, reps));
        }

        #[test]
        fn predicts_no_less_than_what_was_lifted(weight in 0.25_f64..1000.0, reps in 1..=MAX_REPS) {
            let lifted = Some(weight * (1.0 - 1e-12));
            prop_assert!(epley(weight, reps) >= lifted);
            prop_assert!(brzycki(weight, reps) >= lifted);
        }
    }
}
