//! What the data loaders share: keys lead with the user, as the tables do.

use std::{collections::HashMap, hash::Hash, sync::Arc};

use async_graphql::{
    Context,
    dataloader::{DataLoader, Loader},
};
use chrono::{DateTime, Utc};
use setwise_graphql::ResolverError;
use uuid::Uuid;

use crate::ids::UserId;

/// What a loader answers.
pub(crate) type Loaded<K, V> = Result<HashMap<K, V>, Arc<sqlx::Error>>;

/// A page of the things of something, newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct PageOf<K> {
    pub(crate) of: K,
    /// One more than is shown, so that it is known whether there is a next page.
    pub(crate) limit: i64,
    pub(crate) offset: i64,
    pub(crate) after: Option<(DateTime<Utc>, Uuid)>,
}

/// The users and the ids of keys, as two columns.
pub(crate) fn split<I: Copy>(
    keys: &[(UserId, I)],
    uuid: impl Fn(I) -> Uuid,
) -> (Vec<Uuid>, Vec<Uuid>) {
    keys.iter().map(|&(user, id)| (user.0, uuid(id))).unzip()
}

/// Rows by key, in their order.
pub(crate) fn group<K: Eq + Hash, V>(rows: Vec<V>, key: impl Fn(&V) -> K) -> HashMap<K, Vec<V>> {
    let mut groups = HashMap::<K, Vec<V>>::new();
    for row in rows {
        groups.entry(key(&row)).or_default().push(row);
    }
    groups
}

/// Loads what keys stand for, in their order; those that stand for nothing are left out.
pub(crate) async fn load_many<L, K>(
    ctx: &Context<'_>,
    keys: impl Iterator<Item = K>,
) -> Result<Vec<L::Value>, ResolverError>
where
    L: Loader<K, Error = Arc<sqlx::Error>>,
    K: Send + Sync + Hash + Eq + Clone + 'static,
{
    let keys: Vec<K> = keys.collect();
    let loader = ctx.data_unchecked::<DataLoader<L>>();
    let mut found = loader
        .load_many(keys.iter().cloned())
        .await
        .map_err(|error| ResolverError::Internal(error.into()))?;
    Ok(keys.iter().filter_map(|key| found.remove(key)).collect())
}

/// Loads what a key stands for.
pub(crate) async fn load_one<L, K>(
    ctx: &Context<'_>,
    key: K,
) -> Result<Option<L::Value>, ResolverError>
where
    L: Loader<K, Error = Arc<sqlx::Error>>,
    K: Send + Sync + Hash + Eq + Clone + 'static,
{
    let loader = ctx.data_unchecked::<DataLoader<L>>();
    loader
        .load_one(key)
        .await
        .map_err(|error| ResolverError::Internal(error.into()))
}
