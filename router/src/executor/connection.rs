//! Connections to subgraphs that may answer without having read the request to its end.
//!
//! A server that does so closes the connection. Writing to it fails from then on, while the answer is
//! there to be read; hyper gives an exchange up at the first write that fails. So a failed write says
//! nothing here: reading does, which comes upon the answer or upon the end.

use std::{
    io::{self, ErrorKind, IoSlice},
    pin::Pin,
    task::{Context, Poll},
};

use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_util::{
    client::legacy::connect::{Connected, Connection, HttpConnector},
    rt::TokioIo,
};
use tokio::net::TcpStream;
use tower::{ServiceExt as _, util::MapResponse};

type Tcp = TokioIo<TcpStream>;

/// Opens such connections.
pub(super) type Connector = MapResponse<HttpConnector, fn(Tcp) -> HeardOut<Tcp>>;

pub(super) fn connector(http: HttpConnector) -> Connector {
    http.map_response(HeardOut::new)
}

/// A connection that is read to its end when it cannot be written to any more.
#[derive(Debug)]
pub(super) struct HeardOut<T> {
    io: T,
    is_closed: bool,
}

impl<T> HeardOut<T> {
    fn new(io: T) -> Self {
        let is_closed = false;
        Self { io, is_closed }
    }

    /// What `write` comes to. After a write that failed none ends: whoever writes reads as well.
    fn written(
        &mut self,
        cx: &mut Context<'_>,
        write: impl FnOnce(&mut T, &mut Context<'_>) -> Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        if self.is_closed {
            return Poll::Pending;
        }
        match write(&mut self.io, cx) {
            Poll::Ready(Err(error)) if is_closed(&error) => {
                self.is_closed = true;
                // what there is to read may have come after it was last looked for
                cx.waker().wake_by_ref();
                Poll::Pending
            }
            other => other,
        }
    }
}

/// Whether `error` tells that the other side takes no more.
fn is_closed(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::BrokenPipe | ErrorKind::ConnectionReset
    )
}

impl<T: Read + Unpin> Read for HeardOut<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_read(cx, buffer)
    }
}

impl<T: Write + Unpin> Write for HeardOut<T> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.written(cx, |io, cx| Pin::new(io).poll_write(cx, bytes))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.written(cx, |io, cx| Pin::new(io).poll_write_vectored(cx, bytes))
    }
}

impl<T: Connection> Connection for HeardOut<T> {
    fn connected(&self) -> Connected {
        self.io.connected()
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use http::Request;
    use http_body_util::{BodyExt as _, Full};
    use hyper::client::conn::http1;
    use tokio::task::JoinSet;

    use super::*;

    const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nnot read.";

    /// The connection to a server that takes the beginning of a request, then closes, with what it
    /// `left` to be read.
    struct Closing {
        left: &'static [u8],
        taken: usize,
        has_failed: bool,
    }

    impl Read for Closing {
        fn poll_read(
            mut self: Pin<&mut Self>,
            _cx: &mut Context<'_>,
            mut buffer: ReadBufCursor<'_>,
        ) -> Poll<io::Result<()>> {
            if !self.has_failed {
                return Poll::Pending;
            }
            buffer.put_slice(self.left);
            self.left = &[];
            Poll::Ready(Ok(()))
        }
    }

    impl Write for Closing {
        fn poll_write(
            mut self: Pin<&mut Self>,
            _cx: &mut Context<'_>,
            bytes: &[u8],
        ) -> Poll<io::Result<usize>> {
            if self.taken > 0 {
                self.has_failed = true;
                return Poll::Ready(Err(ErrorKind::ConnectionReset.into()));
            }
            self.taken = bytes.len().min(100);
            Poll::Ready(Ok(self.taken))
        }

        fn poll_flush(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }

        fn poll_shutdown(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }
    }

    /// The body of the answer to a long request.
    async fn ask(left: &'static [u8]) -> hyper::Result<Vec<u8>> {
        let io = HeardOut::new(Closing {
            left,
            taken: 0,
            has_failed: false,
        });
        let (mut sender, connection) = http1::handshake(io).await?;
        let mut tasks = JoinSet::new();
        // its end is told by the answer
        tasks.spawn(connection);
        let body: Full<Bytes> = vec![b'x'; 1_000_000].into();
        let answer = sender.send_request(Request::new(body)).await?;
        Ok(answer.into_body().collect().await?.to_bytes().to_vec())
    }

    #[tokio::test]
    async fn an_answer_is_read_though_the_request_cannot_be_written() {
        assert_eq!(ask(ANSWER).await.unwrap(), b"not read.");
    }

    #[tokio::test]
    async fn a_connection_that_ends_without_an_answer_fails() {
        assert!(ask(b"").await.unwrap_err().is_incomplete_message());
        assert!(ask(&ANSWER[..40]).await.is_err());
    }
}
