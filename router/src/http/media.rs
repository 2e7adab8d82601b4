//! The media type of an answer, by the GraphQL-over-HTTP specification.

use http::{HeaderMap, StatusCode, header};

/// What an answer is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Media {
    /// `application/graphql-response+json`: the status tells whether the operation ran.
    GraphqlResponse,
    /// `application/json`: a well-formed request is answered with 200, whatever came of it.
    Json,
}

impl Media {
    /// The one that the client likes best; `None` when it takes neither. A client that says
    /// nothing, or takes anything, is taken for one from before the specification.
    pub(super) fn negotiate(headers: &HeaderMap) -> Option<Self> {
        let ranges: Vec<Range> = headers
            .get_all(header::ACCEPT)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .filter_map(Range::parse)
            .collect();
        if ranges.is_empty() {
            return Some(Self::Json);
        }
        let mut best: Option<(f32, usize, Self)> = None;
        for media in [Self::Json, Self::GraphqlResponse] {
            // the most specific range that names it
            let named = ranges.iter().enumerate().filter_map(|(place, range)| {
                Some((range.specificity(media)?, place, range.quality))
            });
            let Some((_, place, quality)) = named.max_by_key(|(specificity, ..)| *specificity)
            else {
                continue;
            };
            let is_better =
                |best: f32, first: usize| quality > best || (quality >= best && place < first);
            if quality > 0.0 && best.is_none_or(|(best, first, _)| is_better(best, first)) {
                best = Some((quality, place, media));
            }
        }
        best.map(|(.., media)| media)
    }

    fn essence(self) -> &'static str {
        match self {
            Self::GraphqlResponse => "application/graphql-response+json",
            Self::Json => "application/json",
        }
    }

    pub(super) fn content_type(self) -> &'static str {
        match self {
            Self::GraphqlResponse => "application/graphql-response+json; charset=utf-8",
            Self::Json => "application/json; charset=utf-8",
        }
    }

    /// The status of a well-formed request whose operation did not run.
    pub(super) fn refusal(self, is_our_fault: bool) -> StatusCode {
        match (self, is_our_fault) {
            (_, true) => StatusCode::INTERNAL_SERVER_ERROR,
            (Self::GraphqlResponse, false) => StatusCode::BAD_REQUEST,
            (Self::Json, false) => StatusCode::OK,
        }
    }
}

/// A part of an `Accept` header.
struct Range {
    essence: String,
    quality: f32,
}

impl Range {
    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split(';').map(str::trim);
        let essence = parts.next().filter(|essence| !essence.is_empty())?;
        let quality = parts.find_map(|part| {
            let (name, value) = part.split_once('=')?;
            name.trim_end().eq_ignore_ascii_case("q").then_some(value)
        });
        Some(Self {
            essence: essence.to_ascii_lowercase(),
            quality: quality
                .and_then(|quality| quality.trim().parse().ok())
                .unwrap_or(1.0),
        })
    }

    /// How closely the range names `media`; `None` when it does not.
    fn specificity(&self, media: Media) -> Option<u8> {
        match self.essence.as_str() {
            essence if essence == media.essence() => Some(2),
            "application/*" => Some(1),
            "*/*" => Some(0),
            _ => None,
        }
    }
}

/// Whether the client is a browser that opens a page.
pub(super) fn wants_html(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.contains("text/html"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn negotiate(accept: &str) -> Option<Media> {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, accept.parse().unwrap());
        Media::negotiate(&headers)
    }

    #[test]
    fn takes_what_the_client_likes_best() {
        use Media::{GraphqlResponse, Json};
        assert_eq!(Media::negotiate(&HeaderMap::new()), Some(Json));
        assert_eq!(negotiate("*/*"), Some(Json));
        assert_eq!(negotiate("application/json"), Some(Json));
        assert_eq!(
            negotiate("application/graphql-response+json"),
            Some(GraphqlResponse)
        );
        assert_eq!(
            negotiate("application/graphql-response+json; charset=utf-8, application/json;q=0.9"),
            Some(GraphqlResponse)
        );
        assert_eq!(
            negotiate("application/graphql-response+json;q=0.5, application/json"),
            Some(Json)
        );
        assert_eq!(negotiate("text/html"), None);
        assert_eq!(negotiate("application/json;q=0"), None);
        assert_eq!(
            negotiate("application/json, application/graphql-response+json"),
            Some(Json)
        );
        assert_eq!(
            negotiate("*/*, application/json; Q=0"),
            Some(GraphqlResponse)
        );
        assert_eq!(
            negotiate("text/html, application/graphql-response+json;q=0.1, */*;q=0.2"),
            Some(Json)
        );
    }
}
