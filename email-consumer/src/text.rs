//! What a mail says, in the person's language (`locales/*/*.ftl`).

use std::{borrow::Cow, collections::HashMap};

use fluent_templates::{
    LanguageIdentifier, Loader, fluent_bundle::FluentValue, langid, static_loader,
};
use setwise_service::Locale;

static_loader! {
    static LOCALES = {
        locales: "./locales",
        fallback_language: "en",
        // The marks are for mixing directions of writing, and some mail
        // programs show them as boxes.
        customise: |bundle| bundle.set_use_isolating(false),
    };
}

static EN: LanguageIdentifier = langid!("en");
static RU: LanguageIdentifier = langid!("ru");
const NO_BREAK_SPACE: char = '\u{a0}';

/// One language.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Text(Locale);

impl Text {
    /// The language of a tag as messages carry it; English for one that we do not speak.
    pub fn of(tag: &str) -> Self {
        Self(Locale::from_tag(tag).unwrap_or_default())
    }

    pub fn tag(self) -> &'static str {
        self.0.tag()
    }

    pub fn get(self, name: &str) -> String {
        LOCALES.lookup(self.identifier(), name)
    }

    pub fn with(self, name: &str, arguments: &[(&'static str, FluentValue<'static>)]) -> String {
        let arguments: HashMap<Cow<'static, str>, FluentValue<'static>> = arguments
            .iter()
            .map(|(name, value)| (Cow::Borrowed(*name), value.clone()))
            .collect();
        LOCALES.lookup_with_args(self.identifier(), name, &arguments)
    }

    /// A whole number, in groups of three digits.
    pub fn whole(self, value: i64) -> String {
        let digits = value.unsigned_abs().to_string();
        let mut text = String::new();
        for (index, digit) in digits.char_indices() {
            if index > 0 && (digits.len() - index).is_multiple_of(3) {
                text.push(self.group_mark());
            }
            text.push(digit);
        }
        if value < 0 { format!("-{text}") } else { text }
    }

    /// A number with one decimal, if it has any.
    pub fn decimal(self, value: f64) -> String {
        let text = format!("{value:.1}");
        let (whole, tenths) = text.split_once('.').unwrap_or((&text, "0"));
        // What no person lifts does not fit; it is written as it is.
        let Ok(whole) = whole.parse().map(|whole| self.whole(whole)) else {
            return text;
        };
        match (tenths, self.0) {
            ("0", _) => whole,
            (_, Locale::En) => format!("{whole}.{tenths}"),
            (_, Locale::Ru) => format!("{whole},{tenths}"),
        }
    }

    /// A duration to the minute, or in seconds if it is under one.
    pub fn duration(self, seconds: i64) -> String {
        let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
        match (hours, minutes) {
            (0, 0) => self.with("duration-seconds", &[("seconds", seconds.max(0).into())]),
            (0, _) => self.with("duration-minutes", &[("minutes", minutes.into())]),
            _ => {
                let hours = self.whole(hours);
                let arguments = [("hours", hours.into()), ("minutes", minutes.into())];
                self.with("duration-hours", &arguments)
            }
        }
    }

    fn group_mark(self) -> char {
        match self.0 {
            Locale::En => ',',
            Locale::Ru => NO_BREAK_SPACE,
        }
    }

    fn identifier(self) -> &'static LanguageIdentifier {
        match self.0 {
            Locale::En => &EN,
            Locale::Ru => &RU,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{collections::BTreeSet, fs};

    #[test]
    fn numbers_are_written_as_the_language_does() {
        let (en, ru) = (Text::of("en"), Text::of("ru"));
        assert_eq!(en.whole(1_234_567), "1,234,567");
        assert_eq!(ru.whole(1_234_567), "1\u{a0}234\u{a0}567");
        assert_eq!(en.whole(999), "999");
        assert_eq!(en.decimal(4210.54), "4,210.5");
        assert_eq!(ru.decimal(4210.54), "4\u{a0}210,5");
        assert_eq!(en.decimal(100.0), "100");
        assert_eq!(en.duration(3725), "1 h 2 min");
        assert_eq!(ru.duration(1800), "30 мин");
        assert_eq!(en.duration(45), "45 s");
    }

    #[test]
    fn a_language_that_we_do_not_speak_is_english() {
        assert_eq!(Text::of("de").tag(), "en");
        assert_eq!(Text::of("ru-RU").tag(), "ru");
    }

    #[test]
    fn both_languages_have_the_same_messages() {
        assert_eq!(names("en"), names("ru"));
    }

    fn names(language: &str) -> BTreeSet<String> {
        let folder = format!("{}/locales/{language}", env!("CARGO_MANIFEST_DIR"));
        let files = fs::read_dir(folder).unwrap();
        let texts = files.map(|file| fs::read_to_string(file.unwrap().path()).unwrap());
        texts
            .flat_map(|text| {
                let names = text.lines().filter_map(|line| line.split_once(" ="));
                names
                    .map(|(name, _)| name.to_owned())
                    .filter(|name| !name.starts_with(' '))
                    .collect::<Vec<_>>()
            })
            .collect()
    }
}
