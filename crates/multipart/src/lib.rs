//! Reads `multipart/form-data` (RFC 7578) part by part while it arrives, and writes it. Memory is
//! bounded by one chunk of the source and the headers of one part, and every byte is looked at
//! once: what is read here may come from anyone.

mod header;
mod write;

use std::{error::Error, pin::Pin};

use bytes::{Buf as _, Bytes, BytesMut};
use futures_util::{Stream, StreamExt as _};
use http::{HeaderMap, header::CONTENT_TYPE};
use memchr::memmem::Finder;

pub use header::Part;
pub use write::Writer;

/// Bytes of the headers of one part.
const MAX_HEADER_BYTES: usize = 8 * 1024;

/// Why a body could not be read.
#[derive(Debug, thiserror::Error)]
pub enum MultipartError {
    #[error("the content type names no boundary")]
    NoBoundary,
    #[error("the body does not begin with its boundary")]
    NoBeginning,
    #[error("the body ends within a part")]
    Incomplete,
    #[error("the headers of a part are malformed")]
    MalformedHeaders,
    #[error("the headers of a part are larger than {MAX_HEADER_BYTES} bytes")]
    LargeHeaders,
    #[error("a part has more than {max} bytes")]
    TooLarge { max: usize },
    #[error("the body did not arrive whole")]
    Source(#[source] Box<dyn Error + Send + Sync>),
}

type Source = Pin<Box<dyn Stream<Item = Result<Bytes, MultipartError>> + Send>>;

/// A body that is being read.
pub struct Reader {
    source: Source,
    /// Begins where reading goes on.
    buffer: BytesMut,
    /// `\r\n--` and the boundary: what ends the data of a part.
    delimiter: Finder<'static>,
    is_in_part: bool,
    is_at_end: bool,
}

/// The boundary that `headers` name; `None` when they are not of `multipart/form-data`.
#[must_use]
pub fn boundary(headers: &HeaderMap) -> Option<Result<String, MultipartError>> {
    let content_type = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    let (essence, parameters) = content_type.split_once(';').unwrap_or((content_type, ""));
    if !essence.trim().eq_ignore_ascii_case("multipart/form-data") {
        return None;
    }
    let boundary = header::parameter(parameters, "boundary");
    // RFC 2046, 5.1.1: at most 70 characters
    let boundary = boundary.filter(|boundary| (1..=70).contains(&boundary.len()));
    Some(boundary.ok_or(MultipartError::NoBoundary))
}

impl Reader {
    /// A reader of `source`, whose parts are divided by `boundary`.
    pub fn new<S, E>(source: S, boundary: &str) -> Self
    where
        S: Stream<Item = Result<Bytes, E>> + Send + 'static,
        E: Into<Box<dyn Error + Send + Sync>>,
    {
        let delimiter = format!("\r\n--{boundary}");
        Self {
            source: Box::pin(
                source.map(|bytes| bytes.map_err(|error| MultipartError::Source(error.into()))),
            ),
            // the first delimiter has no line before it
            buffer: BytesMut::from("\r\n"),
            delimiter: Finder::new(&delimiter).into_owned(),
            is_in_part: false,
            is_at_end: false,
        }
    }

    /// Goes to the next part; `None` at the end. What is left of the part before is skipped.
    ///
    /// # Errors
    /// When the body is not as specified or does not arrive whole.
    pub async fn next_part(&mut self) -> Result<Option<Part>, MultipartError> {
        while self.chunk().await?.is_some() {}
        if self.is_at_end {
            return Ok(None);
        }
        let delimiter = self.delimiter.needle().len();
        self.fill(delimiter + 2).await?;
        if !self.buffer.starts_with(self.delimiter.needle()) {
            return Err(MultipartError::NoBeginning);
        }
        self.buffer.advance(delimiter);
        if self.buffer.starts_with(b"--") {
            self.is_at_end = true;
            return Ok(None);
        }
        let headers = self.headers().await?;
        self.is_in_part = true;
        Part::parse(&headers).map(Some)
    }

    /// The next bytes of the current part; `None` at its end.
    ///
    /// # Errors
    /// When the body ends within the part.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, MultipartError> {
        while self.is_in_part {
            if let Some(end) = self.delimiter.find(&self.buffer) {
                self.is_in_part = false;
                if end > 0 {
                    return Ok(Some(self.buffer.split_to(end).freeze()));
                }
                break;
            }
            // the last bytes may be the beginning of a delimiter
            let sure = (self.buffer.len() + 1).saturating_sub(self.delimiter.needle().len());
            if sure > 0 {
                return Ok(Some(self.buffer.split_to(sure).freeze()));
            }
            self.more().await?;
        }
        Ok(None)
    }

    /// The rest of the current part, of at most `max` bytes.
    ///
    /// # Errors
    /// When it is larger, or the body ends within it.
    pub async fn bytes(&mut self, max: usize) -> Result<Bytes, MultipartError> {
        let mut all = BytesMut::new();
        while let Some(bytes) = self.chunk().await? {
            if all.len() + bytes.len() > max {
                return Err(MultipartError::TooLarge { max });
            }
            all.extend_from_slice(&bytes);
        }
        Ok(all.freeze())
    }

    /// Reads and forgets what still comes, up to about `max` bytes: a sender whose connection
    /// breaks while it sends does not read the answer.
    pub async fn drain(&mut self, max: usize) {
        let mut left = max;
        while let Some(Ok(bytes)) = self.source.next().await {
            left = left.saturating_sub(bytes.len());
            if left == 0 {
                break;
            }
        }
    }

    /// The lines between a delimiter and the part's data.
    async fn headers(&mut self) -> Result<Bytes, MultipartError> {
        let end = Finder::new(b"\r\n\r\n");
        let mut searched = 0;
        loop {
            if let Some(found) = end.find(&self.buffer[searched..]) {
                let headers = self.buffer.split_to(searched + found).freeze();
                self.buffer.advance(end.needle().len());
                return Ok(headers);
            }
            if self.buffer.len() > MAX_HEADER_BYTES {
                return Err(MultipartError::LargeHeaders);
            }
            searched = self.buffer.len().saturating_sub(end.needle().len() - 1);
            self.more().await?;
        }
    }

    async fn fill(&mut self, length: usize) -> Result<(), MultipartError> {
        while self.buffer.len() < length {
            self.more().await?;
        }
        Ok(())
    }

    async fn more(&mut self) -> Result<(), MultipartError> {
        let bytes = self.source.next().await;
        let bytes = bytes.ok_or(MultipartError::Incomplete)??;
        self.buffer.extend_from_slice(&bytes);
        Ok(())
    }
}

#[cfg(test)]
mod tests;
