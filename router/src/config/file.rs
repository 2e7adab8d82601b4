//! Reading `router.yaml`, and saying what is wrong with it.

use std::{
    io,
    path::{Path, PathBuf},
};

use serde_saphyr::{Error as YamlError, PropertySyntax, options};

use super::{Config, environment};

/// How unlike a key may be to the one that was probably meant: 0 for nothing in common, 1 for the
/// same.
const SIMILAR: f64 = 0.8;

/// Why there is no configuration.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("{}: cannot be read: {source}", path.display())]
    Unreadable { path: PathBuf, source: io::Error },
    #[error("{}:{line}: {what}", path.display())]
    File {
        path: PathBuf,
        /// Counted from 1; 0 when no line is to blame.
        line: u64,
        what: String,
    },
    #[error(
        "no supergraph: give --supergraph, ROUTER_SUPERGRAPH or supergraph.path in router.yaml"
    )]
    NoSupergraph,
    #[error("{key}: {what}")]
    Value { key: String, what: String },
}

impl ConfigError {
    /// A value that has the right type and still cannot be meant.
    pub(super) fn value(key: impl Into<String>, what: impl Into<String>) -> Self {
        let (key, what) = (key.into(), what.into());
        Self::Value { key, what }
    }
}

/// The configuration in the file `path`, over the defaults.
pub(super) fn read(path: &Path) -> Result<Config, ConfigError> {
    let text = std::fs::read_to_string(path).map_err(|source| ConfigError::Unreadable {
        path: path.to_owned(),
        source,
    })?;
    let mut config = parse(&text).map_err(|(line, what)| ConfigError::File {
        path: path.to_owned(),
        line,
        what,
    })?;
    let folder = path.parent().unwrap_or(Path::new(""));
    let files = [
        &mut config.supergraph.path,
        &mut config.persisted_queries.manifest,
    ];
    for file in files.into_iter().flatten() {
        *file = folder.join(&*file);
    }
    Ok(config)
}

/// The configuration that `text` holds; the error is a line and what is wrong there.
pub(super) fn parse(text: &str) -> Result<Config, (u64, String)> {
    let text = environment::rewrite(text).map_err(|bad| {
        let what = format!(
            "{} cannot be read: write ${{env.NAME}} or ${{env.NAME:-default}}",
            bad.text
        );
        (bad.line as u64, what)
    })?;
    if is_empty(&text) {
        return Ok(Config::default());
    }
    let options = options! {
        property_syntax: PropertySyntax::DockerCompose,
        with_snippet: false,
    }
    .with_properties(environment::properties(std::env::vars_os()));
    let mut place = String::new();
    serde_saphyr::with_deserializer_from_str_with_options(&text, options, |deserializer| {
        serde_path_to_error::deserialize(deserializer).map_err(|error| {
            place = error.path().to_string();
            error.into_inner()
        })
    })
    .map_err(|error| {
        let line = error.location().map_or(0, |location| location.line());
        (line, explain(&error, &place))
    })
}

/// Whether nothing but comments is there.
fn is_empty(text: &str) -> bool {
    text.lines()
        .map(str::trim)
        .all(|line| line.is_empty() || line.starts_with('#') || line == "---")
}

/// What is wrong at the key `place`.
fn explain(error: &YamlError, place: &str) -> String {
    match error.without_snippet() {
        YamlError::SerdeUnknownField {
            field, expected, ..
        } => {
            let parent = parent(place, field);
            let key = join(parent, field);
            match closest(field, expected) {
                Some(meant) => format!("unknown key {key}: did you mean {}?", join(parent, meant)),
                None => format!("unknown key {key}: known here are {}", expected.join(", ")),
            }
        }
        YamlError::PropertyRequiredButUnset { name, .. } => {
            let name = environment::variable(name);
            format!("the environment has no variable {name}")
        }
        YamlError::DuplicateMappingKey { key, .. } => {
            let key = key.as_deref().unwrap_or("a key");
            format!("{key} is there twice")
        }
        other => {
            let what = one_line(&other.to_string());
            // the line is said already
            let what = what
                .split(" at line ")
                .next()
                .unwrap_or_default()
                .to_owned();
            // the reader does not always know how far it came
            match place.trim_start_matches('.') {
                "" => what,
                place => format!("{place}: {what}"),
            }
        }
    }
}

/// The key that holds `field`; `place` may or may not name `field` already.
fn parent<'a>(place: &'a str, field: &str) -> &'a str {
    match place.strip_suffix(field) {
        Some(parent) if parent.is_empty() || parent.ends_with('.') => parent.trim_end_matches('.'),
        _ => place.trim_start_matches('.'),
    }
}

fn join(parent: &str, field: &str) -> String {
    if parent.is_empty() {
        field.to_owned()
    } else {
        format!("{parent}.{field}")
    }
}

fn closest<'a>(field: &str, known: &[&'a str]) -> Option<&'a str> {
    let field = field.to_lowercase();
    known
        .iter()
        .map(|known| (strsim::jaro_winkler(&field, known), *known))
        .filter(|(similarity, _)| *similarity > SIMILAR)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, known)| known)
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
