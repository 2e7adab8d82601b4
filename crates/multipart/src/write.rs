use bytes::Bytes;

use crate::Part;

/// Writes the lines around the data of parts.
#[derive(Clone, Debug)]
pub struct Writer {
    boundary: String,
}

impl Writer {
    /// A writer whose parts are divided by `boundary`, which no part's data may hold.
    #[must_use]
    pub fn new(boundary: String) -> Self {
        Self { boundary }
    }

    #[must_use]
    pub fn content_type(&self) -> String {
        format!("multipart/form-data; boundary={}", self.boundary)
    }

    /// A whole part of JSON.
    #[must_use]
    pub fn json(&self, name: &str, json: &[u8]) -> Bytes {
        let head = format!(
            "--{}\r\nContent-Disposition: form-data; name=\"{name}\"\r\nContent-Type: application/json\r\n\r\n",
            self.boundary
        );
        [head.as_bytes(), json, b"\r\n"].concat().into()
    }

    /// What comes before the data of `part`.
    #[must_use]
    pub fn begin(&self, part: &Part) -> Bytes {
        let disposition = part.content_disposition.as_bytes();
        let mut head = format!("--{}\r\nContent-Disposition: ", self.boundary).into_bytes();
        head.extend_from_slice(disposition);
        if let Some(content_type) = &part.content_type {
            head.extend_from_slice(b"\r\nContent-Type: ");
            head.extend_from_slice(content_type.as_bytes());
        }
        head.extend_from_slice(b"\r\n\r\n");
        head.into()
    }

    /// What comes after the data of a part.
    #[must_use]
    pub fn end(&self) -> Bytes {
        Bytes::from_static(b"\r\n")
    }

    /// What comes after the last part.
    #[must_use]
    pub fn close(&self) -> Bytes {
        format!("--{}--\r\n", self.boundary).into()
    }
}
