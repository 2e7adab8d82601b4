use http::{HeaderMap, header::ACCEPT_LANGUAGE};

/// The languages that Setwise speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Locale {
    #[default]
    En,
    Ru,
}

impl Locale {
    pub const ALL: [Self; 2] = [Self::En, Self::Ru];

    /// The language of a request, English when it names none that we speak.
    #[must_use]
    pub fn from_headers(headers: &HeaderMap) -> Self {
        let header = headers.get(ACCEPT_LANGUAGE);
        let text = header.and_then(|value| value.to_str().ok());
        text.map(Self::from_accept_language).unwrap_or_default()
    }

    /// The best of an `Accept-Language` value (RFC 9110, 12.5.4).
    #[must_use]
    pub fn from_accept_language(value: &str) -> Self {
        let mut best = (0.0, Self::default());
        for range in value.split(',') {
            let (tag, parameters) = range.split_once(';').unwrap_or((range, ""));
            let quality = parameters.trim().strip_prefix("q=");
            let quality = quality.map_or(1.0, |text| text.parse::<f32>().unwrap_or(0.0));
            if let Some(locale) = Self::from_tag(tag.trim())
                && quality > best.0
            {
                best = (quality, locale);
            }
        }
        best.1
    }

    /// The locale of a BCP 47 tag, by its primary language.
    #[must_use]
    pub fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_']).next().unwrap_or_default();
        Self::ALL
            .into_iter()
            .find(|locale| primary.eq_ignore_ascii_case(locale.tag()))
    }

    /// The BCP 47 tag: `en` or `ru`.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Ru => "ru",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn picks_the_best_language_that_we_speak() {
        for (header, expected) in [
            ("", Locale::En),
            ("ru", Locale::Ru),
            ("ru-RU,ru;q=0.9,en;q=0.8", Locale::Ru),
            ("de,fr;q=0.9,ru;q=0.1", Locale::Ru),
            ("en;q=0.3, ru;q=0.7", Locale::Ru),
            ("en, ru", Locale::En),
            ("ru;q=0", Locale::En),
            ("*;;,,q=", Locale::En),
        ] {
            assert_eq!(Locale::from_accept_language(header), expected, "{header}");
        }
    }
}
