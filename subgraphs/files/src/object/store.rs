use std::{path::PathBuf, str::FromStr, sync::Arc};

use anyhow::Context;
use bytes::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt, TryStreamExt, stream::BoxStream};
use object_store::{
    Error, ObjectStore, ObjectStoreExt, PutPayload, Result, WriteMultipart, local::LocalFileSystem,
    memory::InMemory, path::Path,
};
use url::Url;

use super::ObjectKey;

/// Parts of this size go to the store while the rest still arrives.
const PART_BYTES: usize = 1024 * 1024;
/// How many parts of one file may be on their way at a time.
const PARTS_IN_FLIGHT: usize = 2;

/// Where the bytes lie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreLocation {
    /// Files below a folder.
    Folder(PathBuf),
    /// The memory of the process.
    Memory,
}

impl FromStr for StoreLocation {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        let url = Url::parse(text)
            .map_err(|_| "not a URL: use file:///absolute/folder or memory:".to_owned())?;
        match url.scheme() {
            "file" => url.to_file_path().map(Self::Folder).map_err(|()| {
                "a file URL names an absolute folder of this machine: file:///absolute/folder"
                    .to_owned()
            }),
            "memory" => Ok(Self::Memory),
            scheme => Err(format!(
                "{scheme}: is not supported yet: use file:///absolute/folder or memory:"
            )),
        }
    }
}

/// Why a stream of bytes was not stored.
#[derive(Debug, thiserror::Error)]
pub(crate) enum WriteError {
    #[error("the file has more than {max} bytes")]
    TooLarge { max: u64 },
    #[error("the file is empty")]
    Empty,
    #[error("the file did not arrive whole")]
    Interrupted(#[source] axum::Error),
    #[error("the object store failed")]
    Store(#[from] Error),
}

/// The object store.
#[derive(Clone, Debug)]
pub(crate) struct Objects(Arc<dyn ObjectStore>);

impl Objects {
    /// Opens the store; a missing folder is made.
    pub(crate) fn open(location: &StoreLocation) -> anyhow::Result<Self> {
        match location {
            StoreLocation::Folder(folder) => {
                let context = || format!("the folder of the files, {}", folder.display());
                std::fs::create_dir_all(folder).with_context(context)?;
                // What is acknowledged must be on the disk.
                let store = LocalFileSystem::new_with_prefix(folder)
                    .with_context(context)?
                    .with_fsync(true);
                Ok(Self(Arc::new(store)))
            }
            StoreLocation::Memory => Ok(Self(Arc::new(InMemory::new()))),
        }
    }

    /// Writes what arrives and answers how many bytes that were. Nothing is
    /// visible under the key before all of it is there.
    pub(crate) async fn write<S>(
        &self,
        key: &ObjectKey,
        body: S,
        max: u64,
    ) -> std::result::Result<u64, WriteError>
    where
        S: Stream<Item = std::result::Result<Bytes, axum::Error>> + Send + Unpin,
    {
        let upload = self.0.put_multipart(&path(key)).await?;
        let mut parts = WriteMultipart::new_with_chunk_size(upload, PART_BYTES);
        let outcome = pour(body, &mut parts, max).await;
        match outcome {
            Ok(size) => {
                parts.finish().await?;
                Ok(size)
            }
            Err(error) => {
                parts.abort().await?;
                Err(error)
            }
        }
    }

    pub(crate) async fn put(&self, key: &ObjectKey, bytes: Vec<u8>) -> Result<()> {
        self.0.put(&path(key), PutPayload::from(bytes)).await?;
        Ok(())
    }

    /// The whole object, in memory.
    pub(crate) async fn read(&self, key: &ObjectKey) -> Result<Bytes> {
        let stream = self.0.get(&path(key)).await?.into_stream();
        let all = stream.try_fold(BytesMut::new(), |mut all, bytes| async move {
            all.extend_from_slice(&bytes);
            Ok(all)
        });
        Ok(all.await?.freeze())
    }

    pub(crate) async fn stream(
        &self,
        key: &ObjectKey,
    ) -> Result<BoxStream<'static, Result<Bytes>>> {
        Ok(self.0.get(&path(key)).await?.into_stream())
    }

    /// Removes an object; one that is not there is fine.
    pub(crate) async fn remove(&self, key: &ObjectKey) -> Result<()> {
        match self.0.delete(&path(key)).await {
            Err(Error::NotFound { .. }) => Ok(()),
            outcome => outcome,
        }
    }

    /// Whether the store answers at all.
    pub(crate) async fn check(&self) -> Result<()> {
        match self.0.head(&Path::from("ready")).await {
            Ok(_) | Err(Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// How many objects there are.
    #[cfg(test)]
    pub(crate) async fn count(&self) -> usize {
        self.0.list(None).count().await
    }
}

async fn pour<S>(
    mut body: S,
    parts: &mut WriteMultipart,
    max: u64,
) -> std::result::Result<u64, WriteError>
where
    S: Stream<Item = std::result::Result<Bytes, axum::Error>> + Send + Unpin,
{
    let mut size = 0;
    while let Some(bytes) = body.next().await {
        let bytes = bytes.map_err(WriteError::Interrupted)?;
        size += bytes.len() as u64;
        if size > max {
            return Err(WriteError::TooLarge { max });
        }
        parts.wait_for_capacity(PARTS_IN_FLIGHT).await?;
        parts.put(bytes);
    }
    if size == 0 {
        return Err(WriteError::Empty);
    }
    Ok(size)
}

fn path(key: &ObjectKey) -> Path {
    Path::from(key.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_location_is_a_folder_or_memory_for_now() {
        let folder: StoreLocation = "file:///srv/files".parse().unwrap();
        assert_eq!(folder, StoreLocation::Folder("/srv/files".into()));
        let memory: StoreLocation = "memory:".parse().unwrap();
        assert_eq!(memory, StoreLocation::Memory);
        let s3 = "s3://bucket".parse::<StoreLocation>().unwrap_err();
        assert_eq!(
            s3,
            "s3: is not supported yet: use file:///absolute/folder or memory:"
        );
        for bad in ["srv/files", "file://host/srv", ""] {
            assert!(bad.parse::<StoreLocation>().is_err(), "{bad}");
        }
    }
}
