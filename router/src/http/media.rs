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
    /// nothing is taken for one from before the specification.
    pub(super) fn negotiate(headers: &HeaderMap) -> Option<Self> {
        let mut best: Option<(f32, Self)> = None;
        let mut says_something = false;
        for range in headers
            .get_all(header::ACCEPT)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
        {
            let mut parts = range.split(';').map(str::trim);
            let essence = parts.next().unwrap_or_default().to_ascii_lowercase();
            says_something |= !essence.is_empty();
            let media = match essence.as_str() {
                "application/graphql-response+json" => Self::GraphqlResponse,
                "application/json" | "application/*" | "*/*" => Self::Json,
                _ => continue,
            };
            let quality = parts
                .find_map(|part| part.strip_prefix("q="))
                .and_then(|quality| quality.parse().ok())
                .unwrap_or(1.0);
            if quality > 0.0 && best.is_none_or(|(best, _)| quality > best) {
                best = Some((quality, media));
            }
        }
        match best {
            Some((_, media)) => Some(media),
            None => (!says_something).then_some(Self::Json),
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
    }
}
