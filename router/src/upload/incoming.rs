use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use axum::body::Body;
use bytes::Bytes;
use serde_json::{Map, Value};
use setwise_multipart::Reader;
use tokio::sync::Mutex;

use super::{Files, Slot, UploadError};
use crate::Uploads;

/// Bytes of the part `map`.
const MAX_MAP_BYTES: usize = 64 * 1024;

/// How long a refused upload may go on arriving.
const DRAIN_TIME: Duration = Duration::from_secs(10);

/// Reads the parts `operations`, of at most `max_bytes`, and `map`: the operation as it came, and
/// the files that follow.
pub(crate) async fn read(
    body: Body,
    boundary: &str,
    max_bytes: usize,
    config: &Uploads,
) -> Result<(Bytes, Files), UploadError> {
    let mut reader = Reader::new(body.into_data_stream(), boundary);
    match read_before_files(&mut reader, max_bytes, config).await {
        Ok((operations, slots)) => {
            let files = Files {
                slots,
                config: config.clone(),
                reader: Arc::new(Mutex::new(reader)),
                failure: Arc::new(OnceLock::new()),
            };
            Ok((operations, files))
        }
        Err(error) => {
            drain(&mut reader, config).await;
            Err(error)
        }
    }
}

async fn read_before_files(
    reader: &mut Reader,
    max_bytes: usize,
    config: &Uploads,
) -> Result<(Bytes, Vec<Slot>), UploadError> {
    if !config.enabled {
        return Err(UploadError::Off);
    }
    let operations = read_part(reader, "operations", max_bytes).await?;
    if operations.trim_ascii_start().starts_with(b"[") {
        return Err(UploadError::Batch);
    }
    let map = read_part(reader, "map", MAX_MAP_BYTES).await?;
    let slots = slots(&map)?;
    if slots.len() > config.max_files {
        let max = config.max_files;
        return Err(UploadError::TooMany { max });
    }
    Ok((operations, slots))
}

async fn read_part(
    reader: &mut Reader,
    name: &'static str,
    max_bytes: usize,
) -> Result<Bytes, UploadError> {
    match reader.next_part().await? {
        Some(part) if part.name == name => Ok(reader.bytes(max_bytes).await?),
        _ => Err(UploadError::Order(name)),
    }
}

fn slots(map: &[u8]) -> Result<Vec<Slot>, UploadError> {
    let map: Map<String, Value> = serde_json::from_slice(map).map_err(|_| UploadError::Map)?;
    let slot = |(name, paths): (String, Value)| {
        let paths: Vec<String> = serde_json::from_value(paths).map_err(|_| UploadError::Map)?;
        let paths: Option<Vec<_>> = paths
            .iter()
            .map(|path| {
                let path = path.strip_prefix("variables.")?;
                Some(path.split('.').map(str::to_owned).collect())
            })
            .collect();
        let paths = paths.filter(|paths| !paths.is_empty());
        paths
            .map(|paths| Slot { name, paths })
            .ok_or(UploadError::Map)
    };
    map.into_iter().map(slot).collect()
}

impl Files {
    /// Lets the client finish sending, within reason: one whose connection breaks while it sends
    /// does not read the answer.
    pub(crate) async fn drain(&self) {
        let all = async {
            let mut reader = self.reader.lock().await;
            drain(&mut reader, &self.config).await;
        };
        // whoever is slower than that is told by the closed connection
        let _ = tokio::time::timeout(DRAIN_TIME, all).await;
    }
}

async fn drain(reader: &mut Reader, config: &Uploads) {
    let max = config
        .max_file_bytes
        .saturating_mul(config.max_files as u64);
    let all = reader.drain(usize::try_from(max).unwrap_or(usize::MAX));
    let _ = tokio::time::timeout(DRAIN_TIME, all).await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_map_says_where_each_file_stands() {
        let map = br#"{"0":["variables.file"],"b":["variables.input.files.1","variables.x"]}"#;
        let path = |path: &[&str]| path.iter().map(|&step| step.to_owned()).collect();
        let expected = [
            Slot {
                name: "0".into(),
                paths: vec![path(&["file"])],
            },
            Slot {
                name: "b".into(),
                paths: vec![path(&["input", "files", "1"]), path(&["x"])],
            },
        ];
        assert_eq!(slots(map).unwrap(), expected);
        for bad in [
            "",
            "[]",
            r#"{"0":[]}"#,
            r#"{"0":"variables.file"}"#,
            r#"{"0":["file"]}"#,
            r#"{"0":["0.variables.file"]}"#,
        ] {
            assert!(slots(bad.as_bytes()).is_err(), "{bad}");
        }
    }
}
