use std::convert::Infallible;

use bytes::Bytes;
use futures_util::stream;
use proptest::{prelude::*, test_runner::TestRunner};

use super::*;

const BODY: &str = "--B\r\n\
    Content-Disposition: form-data; name=\"operations\"\r\n\r\n\
    {}\r\n\
    --B \t\r\n\
    content-type: text/plain; charset=utf-8\r\n\
    content-disposition: form-data; name=0; filename=\"a \\\"b\\\".txt\"\r\n\r\n\
    one\r\n--\r\n--A\r\ntwo\r\n\
    --B\r\n\
    Content-Disposition: form-data; filename=\"C:\\me.png\"; name=\"1\"\r\n\r\n\
    \r\n--B--\r\nwhat follows does not count";

/// Reads `body` as it comes in pieces of `size` bytes.
async fn read(body: &[u8], size: usize) -> Result<Vec<(Part, Bytes)>, MultipartError> {
    let pieces: Vec<_> = body
        .chunks(size)
        .map(|piece| Ok::<_, Infallible>(Bytes::copy_from_slice(piece)))
        .collect();
    let mut reader = Reader::new(stream::iter(pieces), "B");
    let mut parts = Vec::new();
    while let Some(part) = reader.next_part().await? {
        parts.push((part, reader.bytes(1_000).await?));
    }
    Ok(parts)
}

#[tokio::test]
async fn reads_parts_however_they_arrive() {
    for size in 1..BODY.len() {
        let parts = read(BODY.as_bytes(), size).await.unwrap();
        let told: Vec<_> = parts
            .iter()
            .map(|(part, data)| (part.name.as_str(), part.filename.as_deref(), &data[..]))
            .collect();
        assert_eq!(
            told,
            [
                ("operations", None, &b"{}"[..]),
                ("0", Some("a \"b\".txt"), b"one\r\n--\r\n--A\r\ntwo"),
                ("1", Some("C:\\me.png"), b""),
            ]
        );
        let content_type = parts[1].0.content_type.as_deref();
        assert_eq!(content_type, Some("text/plain; charset=utf-8"));
    }
}

#[tokio::test]
async fn refuses_what_is_no_multipart() {
    for body in [
        "",
        "hello, this does not begin with it",
        "--B\r\n",
        "--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nno end",
        "--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nno end\r\n--",
        "--B\r\nContent-Disposition: form-data\r\n\r\nx\r\n--B--",
        "--B\r\nContent-Type: text/plain\r\n\r\nx\r\n--B--",
        "--B\r\nContent-Disposition: attachment; name=\"a\"\r\n\r\nx\r\n--B--",
        "--Bx\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n--B--",
    ] {
        assert!(read(body.as_bytes(), 7).await.is_err(), "{body}");
    }
}

#[tokio::test]
async fn bounds_headers_and_parts() {
    let endless = format!("--B\r\nX: {}", "x".repeat(3 * MAX_HEADER_BYTES));
    let error = read(endless.as_bytes(), 100).await.unwrap_err();
    assert!(matches!(error, MultipartError::LargeHeaders), "{error}");
    let head = "--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n";
    let large = format!("{head}{}\r\n--B--", "x".repeat(1_001));
    let error = read(large.as_bytes(), 100).await.unwrap_err();
    assert!(matches!(error, MultipartError::TooLarge { max: 1_000 }));
}

#[test]
fn a_boundary_is_named_by_the_content_type() {
    let boundary_of = |content_type: &str| {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, content_type.parse().unwrap());
        boundary(&headers)
    };
    for content_type in [
        "multipart/form-data; boundary=B",
        "Multipart/Form-Data; charset=utf-8;Boundary=\"B\"",
    ] {
        assert_eq!(boundary_of(content_type).unwrap().unwrap(), "B");
    }
    assert!(boundary_of("application/json").is_none());
    for without in ["multipart/form-data", "multipart/form-data; boundary="] {
        assert!(boundary_of(without).unwrap().is_err());
    }
}

/// What is written is read as it was.
#[test]
fn parts_come_back_as_they_were_written() {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    let runtime = runtime.unwrap();
    let pieces =
        prop::collection::vec(prop::sample::select(vec!["\r", "\n", "-", "B", "x"]), 0..60);
    let strategy = (prop::collection::vec(pieces, 0..4), 1..20_usize);
    TestRunner::default()
        .run(&strategy, |(parts, size)| {
            let writer = Writer::new("B".to_owned());
            let part = Part::parse(b"\r\nContent-Disposition: form-data; name=\"a\"").unwrap();
            let mut body = Vec::new();
            let mut expected = Vec::new();
            for pieces in parts {
                let data = pieces.concat();
                prop_assume!(!format!("\r\n{data}\r\n--").contains("\r\n--B\r\n--"));
                prop_assume!(!data.contains("\r\n--B") && !data.starts_with("--B"));
                body.extend_from_slice(&writer.begin(&part));
                body.extend_from_slice(data.as_bytes());
                body.extend_from_slice(&writer.end());
                expected.push(data.into_bytes());
            }
            body.extend_from_slice(&writer.close());
            let read = runtime.block_on(read(&body, size)).unwrap();
            let read: Vec<_> = read.into_iter().map(|(_, data)| data.to_vec()).collect();
            prop_assert_eq!(read, expected);
            Ok(())
        })
        .unwrap();
}
