//! Sets that the plan tells apart, such as a heavy single and the lighter sets after it: each kind goes on from its own.

use super::{Advice, Done, Load, Next, Past, Progression, Why, floor_to, round_to};
use super::{hundredths, transfer::load_factor};

/// The places in the plan of the sets that are planned alike.
type Places = Vec<usize>;

/// What to do next, where the plan has harder and lighter sets and they were done so; the reason is that of the hardest.
pub(super) fn advise(progression: &Progression, past: Past<'_>) -> Option<Advice> {
    let kinds = kinds(progression, past);
    if past.elsewhere.is_some() || kinds.len() < 2 {
        return None;
    }
    let sessions: Vec<_> = past
        .sessions
        .iter()
        .map_while(|session| by_kind(past, &kinds, session))
        .collect();
    let last = sessions.first()?;
    let mut sets: Vec<Option<Next>> = vec![None; past.planned_reps.len()];
    let mut hardest: Option<Advice> = None;
    for (kind, places) in kinds.iter().enumerate() {
        let reps: Vec<i32> = places.iter().map(|at| past.planned_reps[*at]).collect();
        let done = sessions.iter().map(|session| session[kind].clone());
        let done: Vec<_> = done.filter(|sets| !sets.is_empty()).collect();
        let alone = Past {
            planned_reps: &reps,
            sessions: &done,
            ..past
        };
        let advice = match &hardest {
            Some(hardest) if done.is_empty() => estimated(progression, alone, &last[0], hardest),
            _ => progression.go_on_alike(alone)?,
        };
        let advice = match &hardest {
            Some(hardest) => not_harder(progression, past.load, advice, hardest),
            None => advice,
        };
        for (place, next) in places.iter().zip(&advice.sets) {
            sets[*place] = Some(*next);
        }
        hardest.get_or_insert(advice);
    }
    Some(Advice {
        sets: sets.into_iter().collect::<Option<_>>()?,
        reason: hardest?.reason,
    })
}

/// The places of each kind of set, the hardest first: by the planned weights or, where there are none, the repetitions. The
/// repetitions of a range are the same for all.
fn kinds(progression: &Progression, past: Past<'_>) -> Vec<Places> {
    let is_range = matches!(progression, Progression::Double { .. });
    let hardness = |place: usize| match past.planned_weights.get(place) {
        Some(weight) if past.load == Load::Assistance => -weight,
        Some(weight) => *weight,
        None if is_range => 0.0,
        None => -f64::from(past.planned_reps[place]),
    };
    let mut places: Places = (0..past.planned_reps.len()).collect();
    places.sort_by(|one, other| hardness(*other).total_cmp(&hardness(*one)));
    let alike = |one: &usize, other: &usize| hardness(*one).to_bits() == hardness(*other).to_bits();
    places.chunk_by(alike).map(<[_]>::to_vec).collect()
}

/// The sets of a session by kind; none when they were not done as the plan tells them apart, but all alike or a lighter one
/// where a harder one is planned.
fn by_kind(past: Past<'_>, kinds: &[Places], session: &[Done]) -> Option<Vec<Vec<Done>>> {
    let mut in_order = Vec::with_capacity(kinds.len());
    for places in kinds {
        let done = places.iter().filter_map(|at| session.get(*at));
        in_order.push(done.copied().collect());
    }
    let falls = |sets: &Vec<Vec<Done>>| {
        let tops: Vec<f64> = sets.iter().filter_map(|sets| hardest(past, sets)).collect();
        let is_one = tops.len() == 1 && sets.len() > 1;
        let is_less = tops.windows(2).any(|pair| pair[1] < pair[0]);
        !sets[0].is_empty() && (is_one || is_less) && tops.windows(2).all(|pair| pair[1] <= pair[0])
    };
    let in_any_order = sorted(past, kinds, session).filter(falls);
    in_any_order.or_else(|| Some(in_order).filter(falls))
}

/// Whatever the order they were done in, when everything that is planned was.
fn sorted(past: Past<'_>, kinds: &[Places], session: &[Done]) -> Option<Vec<Vec<Done>>> {
    let mut session = session.to_vec();
    session.sort_by(|one, other| hardness(past, other).total_cmp(&hardness(past, one)));
    let mut left = session.into_iter();
    let of_kind = |places: &Places| {
        let sets: Vec<Done> = left.by_ref().take(places.len()).collect();
        let wanted = places.iter().map(|at| past.planned_reps[*at]);
        let is_alike = sets
            .iter()
            .all(|set| set.weight.to_bits() == sets[0].weight.to_bits());
        let reps = || sets.iter().map(|set| set.reps).min();
        (sets.len() == places.len() && is_alike && reps() >= wanted.max()).then_some(sets)
    };
    kinds.iter().map(of_kind).collect()
}

fn hardness(past: Past<'_>, set: &Done) -> f64 {
    match past.load {
        Load::Weight | Load::Bodyweight => set.weight,
        Load::Assistance => -set.weight,
    }
}

fn hardest(past: Past<'_>, sets: &[Done]) -> Option<f64> {
    sets.iter().map(|set| hardness(past, set)).reduce(f64::max)
}

/// What was never done yet: by the hardest sets, as if done to the limit.
fn estimated(progression: &Progression, past: Past<'_>, top: &[Done], hardest: &Advice) -> Advice {
    let most = past.planned_reps.iter().copied().max().unwrap_or(1);
    let done = top.iter().map(|set| set.reps).max().unwrap_or(1).min(most);
    let weight = hardest.reason.next_weight;
    let weight = match past.load {
        Load::Weight => match floor_to(
            weight * load_factor(done, 0.0) / load_factor(most, 0.0),
            progression.step(),
        ) {
            less if less > 0.0 => less,
            _ => weight,
        },
        Load::Assistance | Load::Bodyweight => weight,
    };
    Advice {
        sets: super::all_with(progression.first_reps(past), weight),
        reason: hardest.reason,
    }
}

/// A lighter set stays no harder than the hardest, and moves as that does when nobody noted how hard it was itself.
fn not_harder(
    progression: &Progression,
    load: Load,
    mut advice: Advice,
    hardest: &Advice,
) -> Advice {
    let (was, top) = (hardest.reason.weight, hardest.reason.next_weight);
    let follows = advice.reason.why == Why::NoRpe && load == Load::Weight && was > 0.0;
    for set in &mut advice.sets {
        if follows && (top - was).abs() > 0.005 {
            set.weight = match round_to(set.weight * top / was, progression.step()) {
                moved if moved > 0.0 => moved,
                _ => hundredths(set.weight),
            };
        }
        set.weight = match load {
            Load::Weight | Load::Bodyweight => set.weight.min(top),
            Load::Assistance => set.weight.max(top),
        };
    }
    advice
}
