//! Why a plan is as it is, in the person's words.

use setwise_service::Locale;

use crate::{
    exercise::catalogue::{Catalogue, Entry},
    generation::{
        Goal,
        planner::{Day, Wishes, prescription::Volume, session::Kind},
    },
};

/// The most muscle groups that a sentence lists.
const MAX_NAMED: usize = 5;

pub(super) fn tell(
    catalogue: &Catalogue,
    wishes: &Wishes<'_>,
    day: &Day,
    chosen: &[&Entry],
    volume: Volume,
) -> String {
    let locale = wishes.locale;
    let trained = chosen
        .iter()
        .flat_map(|entry| &entry.primary)
        .map(String::as_str);
    let behind = trained.clone().filter(|slug| day.owed.is_behind(slug));
    let behind = names(catalogue, behind, locale);
    let trained = names(catalogue, trained, locale);
    let mut sentences = vec![part(day.session.kind, locale).to_owned()];
    sentences.push(match locale {
        Locale::En => format!("Most of the work is for: {trained}."),
        Locale::Ru => format!("Основная нагрузка: {trained}."),
    });
    if !behind.is_empty() {
        sentences.push(match locale {
            Locale::En => format!("This week these are still short of sets: {behind}."),
            Locale::Ru => format!("На этой неделе пока мало подходов: {behind}."),
        });
    }
    sentences.push(goal(wishes.settings.primary_goal, volume, locale));
    if !day.words.avoided.is_empty() {
        let avoided = names(catalogue, day.words.avoided.iter().copied(), locale);
        sentences.push(match locale {
            Locale::En => format!("Because of what you wrote, these are spared: {avoided}."),
            Locale::Ru => format!("С учётом ваших пожеланий и травм не нагружаются: {avoided}."),
        });
    }
    let is_known = |entry: &&Entry| {
        wishes
            .history
            .iter()
            .any(|trained| trained.exercise_id == entry.id)
    };
    if chosen.iter().any(is_known) {
        let text = match locale {
            Locale::En => "Weights go on from what you lifted last.",
            Locale::Ru => "Веса продолжают ваши последние результаты.",
        };
        sentences.push(text.to_owned());
    } else {
        let text = match locale {
            Locale::En => "Choose weights that leave two or three repetitions in reserve.",
            Locale::Ru => "Подберите веса так, чтобы в запасе оставалось два-три повторения.",
        };
        sentences.push(text.to_owned());
    }
    sentences.join(" ")
}

fn names<'a>(
    catalogue: &Catalogue,
    slugs: impl Iterator<Item = &'a str>,
    locale: Locale,
) -> String {
    let mut names = Vec::new();
    for slug in slugs {
        let group = catalogue
            .muscle_groups
            .iter()
            .find(|group| group.slug == slug);
        let name = group.map(|group| match locale {
            Locale::En => group.name.en.to_lowercase(),
            Locale::Ru => group.name.ru.to_lowercase(),
        });
        names.extend(name.filter(|name| !names.contains(name)));
    }
    names.truncate(MAX_NAMED);
    names.join(", ")
}

fn part(kind: Kind, locale: Locale) -> &'static str {
    match (kind, locale) {
        (Kind::FullBody, Locale::En) => "Today is for the whole body.",
        (Kind::FullBody, Locale::Ru) => "Сегодня — тренировка всего тела.",
        (Kind::Upper, Locale::En) => "Your upper body is the most rested, so today is for it.",
        (Kind::Upper, Locale::Ru) => "Верх тела отдохнул лучше всего, поэтому сегодня его очередь.",
        (Kind::Lower, Locale::En) => "Your lower body is the most rested, so today is for it.",
        (Kind::Lower, Locale::Ru) => "Низ тела отдохнул лучше всего, поэтому сегодня его очередь.",
        (Kind::Push, Locale::En) => {
            "The pushing muscles are the most rested, so today is for them."
        }
        (Kind::Push, Locale::Ru) => {
            "Жимовые мышцы отдохнули лучше всего, поэтому сегодня их очередь."
        }
        (Kind::Pull, Locale::En) => {
            "The pulling muscles are the most rested, so today is for them."
        }
        (Kind::Pull, Locale::Ru) => {
            "Тяговые мышцы отдохнули лучше всего, поэтому сегодня их очередь."
        }
        (Kind::Legs, Locale::En) => "Your legs are the most rested, so today is for them.",
        (Kind::Legs, Locale::Ru) => "Ноги отдохнули лучше всего, поэтому сегодня их очередь.",
        (Kind::ChestTriceps, Locale::En) => {
            "Chest and triceps are the most rested, so today is for them."
        }
        (Kind::ChestTriceps, Locale::Ru) => {
            "Грудь и трицепс отдохнули лучше всего, поэтому сегодня их очередь."
        }
        (Kind::BackBiceps, Locale::En) => {
            "Back and biceps are the most rested, so today is for them."
        }
        (Kind::BackBiceps, Locale::Ru) => {
            "Спина и бицепс отдохнули лучше всего, поэтому сегодня их очередь."
        }
        (Kind::ShouldersAbs, Locale::En) => {
            "Shoulders and abs are the most rested, so today is for them."
        }
        (Kind::ShouldersAbs, Locale::Ru) => {
            "Плечи и пресс отдохнули лучше всего, поэтому сегодня их очередь."
        }
        (Kind::Wished, Locale::En) => "Today is for what you asked for.",
        (Kind::Wished, Locale::Ru) => "Сегодня — то, о чём вы попросили.",
    }
}

fn goal(goal: Goal, volume: Volume, locale: Locale) -> String {
    let Volume {
        rest_seconds,
        minutes,
        ..
    } = volume;
    let aim = match (goal, locale) {
        (Goal::MuscleGain, Locale::En) => "For muscle gain: 8 to 12 repetitions",
        (Goal::MuscleGain, Locale::Ru) => "Для набора мышечной массы — 8–12 повторений",
        (Goal::WeightLoss, Locale::En) => {
            "For weight loss: 12 to 15 repetitions and endurance work"
        }
        (Goal::WeightLoss, Locale::Ru) => {
            "Для снижения веса — 12–15 повторений и работа на выносливость"
        }
        (Goal::Strength, Locale::En) => "For strength: heavy sets of 5 in the main exercises",
        (Goal::Strength, Locale::Ru) => {
            "Для силы — тяжёлые подходы по 5 повторений в основных упражнениях"
        }
        (Goal::Endurance, Locale::En) => "For endurance: 15 to 20 repetitions",
        (Goal::Endurance, Locale::Ru) => "Для выносливости — 15–20 повторений",
        (Goal::Flexibility, Locale::En) => "For flexibility: light sets and stretches",
        (Goal::Flexibility, Locale::Ru) => "Для гибкости — лёгкие подходы и растяжка",
    };
    match locale {
        Locale::En => format!(
            "{aim}, with about {rest_seconds} seconds of rest, planned for {minutes} minutes."
        ),
        Locale::Ru => format!(
            "{aim}, отдых между подходами около {rest_seconds} секунд, рассчитано на {minutes} мин."
        ),
    }
}
