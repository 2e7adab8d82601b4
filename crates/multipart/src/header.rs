use http::HeaderValue;

use crate::MultipartError;

/// What the headers of a part say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    pub name: String,
    pub filename: Option<String>,
    pub content_type: Option<String>,
    /// `Content-Disposition` as it came.
    pub content_disposition: HeaderValue,
}

impl Part {
    pub(crate) fn parse(headers: &[u8]) -> Result<Self, MultipartError> {
        let headers = str::from_utf8(headers).map_err(|_| MultipartError::MalformedHeaders)?;
        // what follows the delimiter on its line is padding
        let (padding, headers) = headers.split_once("\r\n").unwrap_or((headers, ""));
        if !padding.trim().is_empty() {
            return Err(MultipartError::MalformedHeaders);
        }
        let mut disposition = None;
        let mut content_type = None;
        for line in headers.split("\r\n").filter(|line| !line.is_empty()) {
            let (name, value) = line
                .split_once(':')
                .ok_or(MultipartError::MalformedHeaders)?;
            if name.eq_ignore_ascii_case("content-disposition") {
                disposition = Some(value.trim());
            } else if name.eq_ignore_ascii_case("content-type") {
                content_type = Some(value.trim().to_owned());
            }
        }
        let disposition = disposition.ok_or(MultipartError::MalformedHeaders)?;
        let (kind, parameters) = disposition.split_once(';').unwrap_or((disposition, ""));
        if !kind.trim().eq_ignore_ascii_case("form-data") {
            return Err(MultipartError::MalformedHeaders);
        }
        Ok(Self {
            name: parameter(parameters, "name").ok_or(MultipartError::MalformedHeaders)?,
            filename: parameter(parameters, "filename"),
            content_type,
            content_disposition: HeaderValue::from_str(disposition)
                .or_else(|_| HeaderValue::from_bytes(disposition.as_bytes()))
                .map_err(|_| MultipartError::MalformedHeaders)?,
        })
    }
}

/// The parameter `name` of a header, `; `-divided, its value a token or a quoted string.
pub(crate) fn parameter(mut parameters: &str, name: &str) -> Option<String> {
    loop {
        let (key, rest) = parameters.split_once('=')?;
        let key = key.trim_start_matches([';', ' ', '\t']).trim_end();
        let (value, rest) = value(rest.trim_start());
        if key.eq_ignore_ascii_case(name) {
            return Some(value);
        }
        parameters = rest;
    }
}

/// A value and what follows it.
fn value(text: &str) -> (String, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find(';').unwrap_or(text.len());
        return (text[..end].trim_end().to_owned(), &text[end..]);
    };
    let mut value = String::new();
    let mut chars = quoted.char_indices();
    while let Some((index, char)) = chars.next() {
        match char {
            '"' => return (value, &quoted[index + 1..]),
            // browsers write %22 for a quote, others escape it; a Windows path has backslashes
            '\\' if quoted[index + 1..].starts_with(['"', '\\']) => {
                value.extend(chars.next().map(|(_, char)| char));
            }
            char => value.push(char),
        }
    }
    (value, "")
}
