//! What people read, in their language (`locales/*/*.ftl`).

use std::{borrow::Cow, collections::HashMap};

use fluent_templates::{
    LanguageIdentifier, Loader, fluent_bundle::FluentValue, langid, static_loader,
};
use setwise_service::Locale;

static_loader! {
    static LOCALES = {
        locales: "./locales",
        fallback_language: "en",
        // The marks are for mixing directions of writing, which we do not.
        customise: |bundle| bundle.set_use_isolating(false),
    };
}

static EN: LanguageIdentifier = langid!("en");
static RU: LanguageIdentifier = langid!("ru");

/// The name of a message that is looked up later. Made by [`msg`], so that a
/// test finds every name that the code uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Message(pub(crate) &'static str);

pub(crate) const fn msg(name: &'static str) -> Message {
    Message(name)
}

pub(crate) type Argument = (&'static str, FluentValue<'static>);

pub(crate) fn t(locale: Locale, name: &str) -> String {
    LOCALES.lookup(identifier(locale), name)
}

pub(crate) fn t_with<const N: usize>(
    locale: Locale,
    name: &str,
    arguments: [Argument; N],
) -> String {
    let arguments: HashMap<Cow<'static, str>, FluentValue<'static>> = arguments
        .into_iter()
        .map(|(name, value)| (name.into(), value))
        .collect();
    LOCALES.lookup_with_args(identifier(locale), name, &arguments)
}

fn identifier(locale: Locale) -> &'static LanguageIdentifier {
    match locale {
        Locale::En => &EN,
        Locale::Ru => &RU,
    }
}

#[cfg(test)]
mod tests {
    use std::{
        collections::{BTreeMap, BTreeSet},
        fs,
        path::{Path, PathBuf},
    };

    use super::*;

    fn files_below(folder: &Path, extension: &str) -> Vec<PathBuf> {
        let mut found = Vec::new();
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                found.extend(files_below(&path, extension));
            } else if path.extension().is_some_and(|end| end == extension) {
                found.push(path);
            }
        }
        found
    }

    /// Message names and the variables that each one takes.
    fn messages(language: &str) -> BTreeMap<String, BTreeSet<String>> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("locales")
            .join(language);
        let mut messages: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for path in files_below(&folder, "ftl") {
            let mut current = None;
            for line in fs::read_to_string(&path).unwrap().lines() {
                if line.starts_with(|c: char| c.is_ascii_lowercase()) {
                    let (name, _) = line.split_once('=').unwrap();
                    let name = name.trim().to_owned();
                    let double = messages.insert(name.clone(), BTreeSet::new());
                    assert!(double.is_none(), "{name} is there twice in {language}");
                    current = Some(name);
                }
                let Some(name) = &current else { continue };
                for rest in line.split('$').skip(1) {
                    let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
                    let variable = &rest[..end.unwrap_or(rest.len())];
                    let variables = messages.get_mut(name).unwrap();
                    variables.insert(variable.to_owned());
                }
            }
        }
        messages
    }

    /// Names in calls of `t`, `t_with` and `msg`.
    fn names_in_code() -> BTreeSet<String> {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut names = BTreeSet::new();
        for path in files_below(&source, "rs") {
            let code = fs::read_to_string(&path).unwrap();
            let code = code.split("#[cfg(test)]").next().unwrap().to_owned();
            for call in ["t(", "t_with(", "msg("] {
                for (at, _) in code.match_indices(call) {
                    let before = code[..at].chars().next_back();
                    if before.is_some_and(|c| c.is_alphanumeric() || c == '_') {
                        continue;
                    }
                    let rest = code[at + call.len()..].trim_start();
                    let rest = rest.strip_prefix("locale,").unwrap_or(rest).trim_start();
                    if let Some(rest) = rest.strip_prefix('"') {
                        names.insert(rest.split('"').next().unwrap().to_owned());
                    }
                }
            }
        }
        names
    }

    #[test]
    fn both_languages_have_the_same_messages_and_variables() {
        assert_eq!(messages("en"), messages("ru"));
    }

    #[test]
    fn the_code_and_the_files_name_the_same_messages() {
        let written: BTreeSet<String> = messages("en").into_keys().collect();
        let used = names_in_code();
        let missing: Vec<_> = used.difference(&written).collect();
        assert!(missing.is_empty(), "not in the files: {missing:?}");
        let unused: Vec<_> = written.difference(&used).collect();
        assert!(unused.is_empty(), "used nowhere: {unused:?}");
    }

    #[test]
    fn russian_counts_in_three_forms() {
        let count = |n: i64| t_with(Locale::Ru, "count-sets", [("count", n.into())]);
        assert_eq!(count(1), "1 подход");
        assert_eq!(count(3), "3 подхода");
        assert_eq!(count(5), "5 подходов");
        assert_eq!(count(21), "21 подход");
    }
}
