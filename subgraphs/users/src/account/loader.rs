use std::{collections::HashMap, sync::Arc};

use async_graphql::dataloader::Loader;
use sqlx::PgPool;

use super::{Account, UserId, store};

/// Accounts of many ids in one statement. Who may see them is for the caller to check.
pub(crate) struct AccountById(pub(crate) PgPool);

impl Loader<UserId> for AccountById {
    type Value = Account;
    type Error = Arc<sqlx::Error>;

    async fn load(&self, ids: &[UserId]) -> Result<HashMap<UserId, Account>, Self::Error> {
        let mut conn = self.0.acquire().await?;
        let accounts = store::find_many(&mut conn, ids).await?;
        Ok(accounts
            .into_iter()
            .map(|account| (account.id, account))
            .collect())
    }
}
