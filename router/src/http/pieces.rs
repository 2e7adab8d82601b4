//! A body of a few pieces of known length, none of which is copied to make them one.

use std::{
    array,
    convert::Infallible,
    iter::Fuse,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};

pub(super) struct Pieces<const N: usize> {
    left: Fuse<array::IntoIter<Bytes, N>>,
    bytes: u64,
}

impl<const N: usize> Pieces<N> {
    pub(super) fn new(pieces: [Bytes; N]) -> Self {
        Self {
            bytes: pieces.iter().map(|piece| piece.len() as u64).sum(),
            left: pieces.into_iter().fuse(),
        }
    }
}

impl<const N: usize> Body for Pieces<N> {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let next = self.left.next();
        self.bytes -= next.as_ref().map_or(0, |piece| piece.len() as u64);
        Poll::Ready(next.map(|piece| Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.bytes == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.bytes)
    }
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt as _;

    use super::*;

    #[tokio::test]
    async fn comes_as_one_of_known_length() {
        let pieces = ["one", "", "two"].map(|piece| Bytes::from_static(piece.as_bytes()));
        let body = Pieces::new(pieces);
        assert_eq!(body.size_hint().exact(), Some(6));
        assert_eq!(body.collect().await.unwrap().to_bytes(), "onetwo");
        assert!(Pieces::new([Bytes::new()]).is_end_stream());
    }
}
