//! The search for exercises: what a person meant by what was typed.
//!
//! The database finds what may be meant; here it is decided what is, and what is meant most. Names and searches are
//! compared in the form of `training.search_form`, which writes Cyrillic in Latin letters. A search counts as it was
//! typed and as if the keyboard had been set to the other language, and is looked for in the names of its alphabet first.
//! Misspelt words are looked for only when nothing is found without.

use std::collections::HashMap;

use setwise_service::Locale;
use sqlx::PgConnection;

use crate::{
    exercise::{
        Exercise,
        store::{self, Selection},
    },
    ids::{ExerciseId, UserId},
};

/// Places in the order: the rank of what was found, its name, its id. What is only listed has the rank 0.
pub(super) type Place = (u32, String, ExerciseId);

/// The keys of a Latin keyboard and of a Russian one, each with shift or without.
const LATIN_KEYS: &str = "`qwertyuiop[]asdfghjkl;'zxcvbnm,./";
const RUSSIAN_KEYS: &str = "ёйцукенгшщзхъфывапролджэячсмитьбю.";

/// Ranks come in kinds, the best first; a search shows the finds of its best kind.
const KIND: u32 = 1000;
/// Found in a name of the other alphabet.
const TRANSLITERATED: u32 = KIND;
/// Found as if typed on the other keyboard.
const OTHER_KEYBOARD: u32 = 2 * KIND;
/// Found with letters wrong: from here on, the three kinds again.
const MISSPELT: u32 = 3 * KIND;
/// What a name has more than the search counts at most so much.
const MAX_EXTRA_WORDS: usize = 19;

/// An exercise that may be meant.
pub(super) struct Candidate {
    pub(super) id: ExerciseId,
    /// All its names, a line each.
    pub(super) search_text: String,
    /// Its name in the person's language.
    pub(super) name: String,
}

/// A page of what a person means, best first, each with its place.
pub(super) async fn page(
    conn: &mut PgConnection,
    viewer: UserId,
    locale: Locale,
    typed: &str,
    selection: &Selection,
    after: Option<Place>,
    limit: usize,
) -> sqlx::Result<Vec<(Place, Exercise)>> {
    let forms = store::search::forms(conn, &[typed.to_owned(), on_other_keyboard(typed)]).await?;
    let forms: Vec<String> = forms.iter().map(|form| words(form).join(" ")).collect();
    let [form, other] = forms.as_slice() else {
        return Ok(Vec::new());
    };
    if form.is_empty() {
        return Ok(Vec::new());
    }
    let candidates =
        store::search::candidates(conn, viewer, locale, selection, [form, other]).await?;
    let typed = Typed {
        form,
        is_russian: is_russian(typed),
        other,
    };
    let places = places(&typed, candidates);
    let places = places
        .into_iter()
        .filter(|place| after.as_ref().is_none_or(|after| place > after));
    let places: Vec<Place> = places.take(limit).collect();
    let ids: Vec<_> = places.iter().map(|(.., id)| id.0).collect();
    let viewers = vec![viewer.0; ids.len()];
    let found = store::by_ids(conn, &viewers, &ids).await?.into_iter();
    let mut found: HashMap<_, _> = found
        .map(|seen| (seen.exercise.id, seen.exercise))
        .collect();
    let page = places.into_iter().filter_map(|place| {
        let exercise = found.remove(&place.2)?;
        Some((place, exercise))
    });
    Ok(page.collect())
}

/// What was typed as names are compared.
struct Typed<'a> {
    form: &'a str,
    is_russian: bool,
    /// The form of what the other keyboard would have written.
    other: &'a str,
}

/// What was meant, in order: only the best kind of finds.
fn places(typed: &Typed<'_>, candidates: Vec<Candidate>) -> Vec<Place> {
    let ranked = candidates.into_iter().filter_map(|candidate| {
        let rank = rank(typed, &candidate.search_text)?;
        Some((rank, candidate.name, candidate.id))
    });
    let mut places: Vec<Place> = ranked.collect();
    let kind = |place: &Place| place.0 / KIND;
    let best = places.iter().map(kind).min();
    places.retain(|place| Some(kind(place)) == best);
    places.sort_unstable();
    places
}

/// How well an exercise fits, 0 best; `None` when it does not.
fn rank(typed: &Typed<'_>, search_text: &str) -> Option<u32> {
    let names: Vec<Vec<&str>> = search_text.lines().map(words).collect();
    // English, Russian, and what else people call it, in whichever.
    let of_language = |is_russian: bool| {
        let (own, foreign) = if is_russian { (1, 0) } else { (0, 1) };
        let own = names.get(own).into_iter().chain(names.iter().skip(2));
        (own.collect::<Vec<_>>(), names.get(foreign))
    };
    let (own, foreign) = of_language(typed.is_russian);
    let (of_other_keyboard, _) = of_language(!typed.is_russian);
    let (form, other) = (words(typed.form), words(typed.other));
    let kinds = |fit: fn(&[&str], &[&str]) -> Option<u32>| {
        let best = |search: &[&str], names: &[&Vec<&str>]| {
            let ranks = names.iter().filter_map(|name| fit(search, name));
            ranks.min().filter(|_| !search.is_empty())
        };
        let foreign: Vec<_> = foreign.into_iter().collect();
        best(&form, &own)
            .or_else(|| best(&form, &foreign).map(|rank| rank + TRANSLITERATED))
            .or_else(|| best(&other, &of_other_keyboard).map(|rank| rank + OTHER_KEYBOARD))
    };
    kinds(exact).or_else(|| kinds(misspelt).map(|rank| rank + MISSPELT))
}

fn words(text: &str) -> Vec<&str> {
    text.split_whitespace().collect()
}

/// The name itself, its beginning, its words, beginnings of its words, or a part of it.
fn exact(search: &[&str], name: &[&str]) -> Option<u32> {
    let (search_text, name_text) = (search.join(" "), name.join(" "));
    let is_word = |wanted: &&str| name.contains(wanted);
    let begins_word = |wanted: &&str| name.iter().any(|word| word.starts_with(wanted));
    let class = if name_text == search_text {
        0
    } else if name_text.starts_with(&search_text) {
        100
    } else if search.iter().all(is_word) {
        200
    } else if search.iter().all(begins_word) {
        300
    } else if name_text.contains(&search_text) || name.concat().contains(&search.concat()) {
        400
    } else {
        return None;
    };
    Some(class + extra_words(search, name))
}

/// Each word of the search is a word of the name, or its beginning, with a few letters wrong.
fn misspelt(search: &[&str], name: &[&str]) -> Option<u32> {
    let mistakes = search.iter().map(|wanted| {
        let found = name.iter().map(|word| mistakes(wanted, word));
        found.min().filter(|mistakes| *mistakes <= allowed(wanted))
    });
    let mistakes: u32 = mistakes.sum::<Option<u32>>()?;
    Some(mistakes.min(40) * 20 + extra_words(search, name))
}

fn extra_words(search: &[&str], name: &[&str]) -> u32 {
    let extra = name.len().saturating_sub(search.len()).min(MAX_EXTRA_WORDS);
    u32::try_from(extra).unwrap_or_default()
}

/// How many letters of a word may be wrong.
fn allowed(word: &str) -> u32 {
    match word.chars().count() {
        0..=3 => 0,
        4..=5 => 1,
        _ => 2,
    }
}

/// The letters that are wrong, missing, too many or swapped with the next, if `typed` stands for the beginning of `word`:
/// the optimal string alignment distance.
fn mistakes(typed: &str, word: &str) -> u32 {
    let (typed, word): (Vec<char>, Vec<char>) = (typed.chars().collect(), word.chars().collect());
    let mut before: Vec<u32> = Vec::new();
    let mut row: Vec<u32> = (0..=u32::try_from(word.len()).unwrap_or(u32::MAX - 1)).collect();
    for (i, letter) in typed.iter().enumerate() {
        let mut next = vec![row[0] + 1];
        for (j, other) in word.iter().enumerate() {
            let replaced = row[j] + u32::from(letter != other);
            let mut best = replaced.min(row[j + 1] + 1).min(next[j] + 1);
            if i > 0 && j > 0 && *letter == word[j - 1] && typed[i - 1] == *other {
                best = best.min(before[j - 1] + 1);
            }
            next.push(best);
        }
        before = std::mem::replace(&mut row, next);
    }
    row.into_iter().min().unwrap_or_default()
}

fn is_russian(typed: &str) -> bool {
    typed
        .chars()
        .any(|letter| ('\u{400}'..='\u{4ff}').contains(&letter))
}

/// What the same keys write when the keyboard is set to the other language.
fn on_other_keyboard(typed: &str) -> String {
    let (from, to) = if is_russian(typed) {
        (RUSSIAN_KEYS, LATIN_KEYS)
    } else {
        (LATIN_KEYS, RUSSIAN_KEYS)
    };
    let keys: HashMap<char, char> = from.chars().zip(to.chars()).collect();
    let letters = typed.to_lowercase();
    let swapped = letters
        .chars()
        .map(|letter| keys.get(&letter).copied().unwrap_or(letter));
    swapped.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: &str = "barbell bench press\nzhim shtangi lezha\nzhim lezha";

    fn found(search: &str) -> Option<u32> {
        let typed = Typed {
            form: search,
            is_russian: false,
            other: "",
        };
        rank(&typed, NAMES)
    }

    #[test]
    fn the_other_keyboard_has_the_same_keys() {
        assert_eq!(on_other_keyboard(";bv kt;f"), "жим лежа");
        assert_eq!(on_other_keyboard("Ghbctlfybz"), "приседания");
        assert_eq!(on_other_keyboard("иутср зкуыы"), "bench press");
        assert_eq!(LATIN_KEYS.chars().count(), RUSSIAN_KEYS.chars().count());
    }

    #[test]
    fn what_fits_better_comes_first() {
        let searches = [
            "zhim lezha",
            "barbell ben",
            "press bench",
            "pres bar",
            "ench pre",
            "bnech pres",
        ];
        let ranks: Vec<u32> = searches
            .into_iter()
            .map(|search| found(search).unwrap())
            .collect();
        assert!(ranks.is_sorted_by(|a, b| a < b), "{ranks:?}");
        assert_eq!(found("zhim nogami"), None);
        assert_eq!(found("shtangi"), Some(TRANSLITERATED + 202));
    }

    #[test]
    fn letters_may_be_wrong_missing_too_many_or_swapped() {
        for (typed, word, expected) in [
            ("bench", "bench", 0),
            ("ben", "bench", 0),
            ("bnech", "bench", 1),
            ("prisedanya", "prisedaniya", 1),
            ("skwat", "squat", 2),
            ("presss", "press", 1),
            ("", "press", 0),
        ] {
            assert_eq!(mistakes(typed, word), expected, "{typed} {word}");
        }
        assert_eq!(found("zhmi"), Some(MISSPELT + 20 + 1));
        assert_eq!(found("zmh"), None, "a short word has no mistakes");
    }

    #[test]
    fn misspelt_words_count_only_when_nothing_else_is_found() {
        let candidate = |id: u128, name: &str| Candidate {
            id: uuid::Uuid::from_u128(id).into(),
            search_text: name.to_owned(),
            name: name.to_owned(),
        };
        let all = || {
            vec![
                candidate(1, "plank"),
                candidate(2, "side plank"),
                candidate(3, "blank"),
            ]
        };
        let names = |search: &str| -> Vec<String> {
            let typed = Typed {
                form: search,
                is_russian: false,
                other: "",
            };
            let places = places(&typed, all()).into_iter();
            places.map(|(_, name, _)| name).collect()
        };
        assert_eq!(names("plank"), ["plank", "side plank"]);
        assert_eq!(names("planc"), ["plank", "side plank"]);
        assert_eq!(names("flank"), ["blank", "plank", "side plank"]);
    }
}
