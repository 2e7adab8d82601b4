//! The demo account of `bin/run --demo`.

use anyhow::Result;
use chrono::Utc;
use setwise_graphql::database;
use setwise_users::RegisterInput;

use crate::DemoAccount;

const EMAIL: &str = "demo@setwise.example";
const PASSWORD: &str = "lift-heavy-things";
/// The same training each time that a demo is made.
const SEED: u64 = 42;

pub(crate) async fn seed(
    users: &setwise_users::Config,
    training: &setwise_training::Config,
) -> Result<DemoAccount> {
    let pool = database::connect(&users.database_url, 2).await?;
    let account = RegisterInput {
        email: EMAIL.into(),
        password: PASSWORD.into(),
        first_name: Some("Robin".into()),
        last_name: Some("Demo".into()),
        date_of_birth: None,
        height_cm: Some(178.0),
        weight_kg: Some(81.5),
        language: None,
        weight_unit: None,
    };
    let user_id = setwise_users::ensure_account(&pool, account).await?;
    let pool = database::connect(&training.database_url, 2).await?;
    setwise_training::seed_demo(&pool, user_id.into(), Utc::now(), SEED).await?;
    Ok(DemoAccount {
        email: EMAIL.into(),
        password: PASSWORD.into(),
    })
}
