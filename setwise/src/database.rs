//! The database and a role for each subgraph: no role can read what another owns.

use anyhow::{Context, Result};
use setwise_service::Secret;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection, postgres::PgConnectOptions};
use url::Url;

use crate::secrets::Secrets;

/// The database that the embedded PostgreSQL holds.
pub(crate) const DATABASE: &str = "setwise";

/// The connection URL of each subgraph's own role.
pub(crate) struct RoleUrls {
    pub(crate) users: Secret,
    pub(crate) training: Secret,
    pub(crate) files: Secret,
}

/// Makes what is missing: database, roles, grants. Runs at every start.
///
/// `admin` names a role that may create databases and roles; a database
/// without a name in the URL becomes `setwise`.
pub(crate) async fn prepare(admin: &Url, secrets: &Secrets) -> Result<RoleUrls> {
    let mut admin = admin.clone();
    if admin.path().trim_matches('/').is_empty() {
        admin.set_path(DATABASE);
    }
    let options: PgConnectOptions = admin
        .as_str()
        .parse()
        .context("DATABASE_URL is not a PostgreSQL URL")?;
    let database = admin.path().trim_matches('/').to_owned();
    let mut connection = match options.connect().await {
        Ok(connection) => connection,
        Err(error) if is_missing_database(&error) => {
            create_database(&options, &database).await?;
            options.connect().await?
        }
        Err(error) => return Err(error).context("the database does not let us in"),
    };
    // Two processes that start at once would both create the roles.
    sqlx::query("SELECT pg_advisory_lock(hashtext('setwise.prepare'))")
        .execute(&mut connection)
        .await?;
    let urls = RoleUrls {
        users: role(&mut connection, &admin, &database, secrets, "users").await?,
        training: role(&mut connection, &admin, &database, secrets, "training").await?,
        files: role(&mut connection, &admin, &database, secrets, "files").await?,
    };
    connection.close().await?;
    Ok(urls)
}

fn is_missing_database(error: &sqlx::Error) -> bool {
    let code = error
        .as_database_error()
        .and_then(sqlx::error::DatabaseError::code);
    code.is_some_and(|code| code == "3D000")
}

async fn create_database(options: &PgConnectOptions, database: &str) -> Result<()> {
    let mut connection = options.clone().database("postgres").connect().await?;
    let sql = format!("CREATE DATABASE {}", identifier(database));
    sqlx::query(AssertSqlSafe(sql))
        .execute(&mut connection)
        .await
        .with_context(|| format!("the database {database} cannot be created"))?;
    Ok(connection.close().await?)
}

/// The role of a subgraph, with a right to make its schema in the database.
async fn role(
    connection: &mut PgConnection,
    admin: &Url,
    database: &str,
    secrets: &Secrets,
    subgraph: &str,
) -> Result<Secret> {
    let name = format!("setwise_{subgraph}");
    let password = secrets.password(subgraph)?;
    let exists: bool =
        sqlx::query_scalar("SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1)")
            .bind(&name)
            .fetch_one(&mut *connection)
            .await?;
    let verb = if exists { "ALTER" } else { "CREATE" };
    let statements = [
        // Passwords are ours, base64: nothing in them needs escaping.
        format!("{verb} ROLE {name} LOGIN PASSWORD '{}'", password.expose()),
        format!(
            "GRANT CONNECT, CREATE, TEMPORARY ON DATABASE {} TO {name}",
            identifier(database)
        ),
    ];
    for sql in statements {
        sqlx::query(AssertSqlSafe(sql))
            .execute(&mut *connection)
            .await
            .with_context(|| {
                format!(
                    "the role {name} cannot be made: DATABASE_URL must name a role with CREATEROLE"
                )
            })?;
    }
    let mut url = admin.clone();
    let settable =
        url.set_username(&name).is_ok() && url.set_password(Some(password.expose())).is_ok();
    anyhow::ensure!(settable, "DATABASE_URL takes no user name");
    Ok(Secret::new(url.as_str()))
}

fn identifier(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_identifiers() {
        assert_eq!(identifier("set\"wise"), "\"set\"\"wise\"");
    }
}
