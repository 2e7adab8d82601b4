use chrono::{TimeDelta, Utc};
use futures_util::future::join_all;
use serde_json::{Value, json};
use setwise_auth::AuthError;
use sqlx::PgPool;

use crate::{
    sweep,
    tests::{App, PASSWORD},
};

const TOKENS: &str =
    "user { email } tokens { accessToken accessTokenExpiresAt refreshToken refreshTokenExpiresAt }";

impl App {
    async fn login(&self, email: &str, password: &str) -> Value {
        let input = json!({ "email": email, "password": password });
        self.mutate(
            Err(AuthError::Missing),
            "login",
            "LoginInput",
            input,
            TOKENS,
        )
        .await
    }

    /// An expired access token is no hindrance: the viewer is always nobody here.
    async fn refresh(&self, tokens: &Value) -> Value {
        let input =
            json!({ "accessToken": tokens["accessToken"], "refreshToken": tokens["refreshToken"] });
        let nobody = Err(AuthError::Expired);
        self.mutate(
            nobody,
            "refreshSession",
            "RefreshSessionInput",
            input,
            TOKENS,
        )
        .await
    }

    async fn logout(&self, refresh_token: &str) -> Value {
        let input = json!({ "refreshToken": refresh_token });
        self.mutate(Err(AuthError::Missing), "logout", "LogoutInput", input, "")
            .await
    }

    async fn sessions(&self) -> i64 {
        let count = sqlx::query_scalar("SELECT count(*) FROM users.session");
        count.fetch_one(&self.pool).await.unwrap()
    }
}

fn is_refused(answer: &Value) -> bool {
    answer["tokens"].is_null()
        && answer["user"].is_null()
        && answer["userErrors"][0]["code"] == "INVALID_TOKEN"
}

fn is_fresh(answer: &Value) -> bool {
    answer["tokens"].is_object() && answer["userErrors"] == json!([])
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn signs_in_with_the_address_in_any_case(pool: PgPool) {
    let app = App::new(pool);
    let (viewer, _) = app.sign_up("ann@example.com").await;
    let answer = app.login(" Ann@EXAMPLE.com", PASSWORD).await;
    assert_eq!(answer["user"]["email"], "ann@example.com");
    let again = app.viewer(&answer["tokens"]).await;
    assert_eq!(again.user_id, viewer.user_id);
    assert_ne!(again.session_id, viewer.session_id);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_wrong_password_and_an_unknown_address_answer_the_same(pool: PgPool) {
    let app = App::new(pool);
    app.sign_up("ann@example.com").await;
    let wrong = app.login("ann@example.com", "correct hors").await;
    assert_eq!(
        wrong,
        json!({
            "user": null, "tokens": null,
            "userErrors": [{ "code": "INVALID_CREDENTIALS", "field": null, "message": "Wrong e-mail address or password." }],
        })
    );
    for (email, password) in [
        ("bob@example.com", PASSWORD),
        ("", ""),
        ("\0@example.com", PASSWORD),
        ("ann@example.com", ""),
    ] {
        assert_eq!(app.login(email, password).await, wrong, "{email}");
    }
    assert_eq!(app.login("ann@example.com", &"x".repeat(1025)).await, wrong);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_refresh_token_works_once_and_its_return_revokes_the_session(pool: PgPool) {
    let app = App::new(pool);
    let (viewer, first) = app.sign_up("ann@example.com").await;
    let second = app.refresh(&first).await;
    assert!(is_fresh(&second), "{second:#}");
    assert_eq!(app.viewer(&second["tokens"]).await, viewer);
    // The end of the session does not move.
    assert_eq!(
        second["tokens"]["refreshTokenExpiresAt"],
        first["refreshTokenExpiresAt"]
    );
    let third = app.refresh(&second["tokens"]).await;
    assert!(is_fresh(&third));
    let reused = app.refresh(&first).await;
    assert!(is_refused(&reused), "{reused:#}");
    assert!(is_refused(&app.refresh(&third["tokens"]).await));
    assert_eq!(app.sessions().await, 0);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn refreshes_that_overlap_have_one_winner_who_keeps_the_session(pool: PgPool) {
    let app = App::new(pool);
    let (viewer, first) = app.sign_up("ann@example.com").await;
    // Holding the session's row makes all of them begin before one can end.
    let mut hold = app.pool.begin().await.unwrap();
    sqlx::query("SELECT FROM users.session FOR UPDATE")
        .execute(&mut *hold)
        .await
        .unwrap();
    let all_wait = async {
        setwise_testkit::eventually("both refreshes wait for the row", DEADLINE, async || {
            let waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
            let waiting: i64 = sqlx::query_scalar(waiting).fetch_one(&app.pool).await.unwrap();
            (waiting == 2).then_some(())
        })
        .await;
        hold.commit().await.unwrap();
    };
    let refreshes = join_all([app.refresh(&first), app.refresh(&first)]);
    let (answers, ()) = tokio::join!(refreshes, all_wait);
    let (winners, losers): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| is_fresh(answer));
    assert_eq!((winners.len(), losers.len()), (1, 1));
    assert!(is_refused(losers[0]));
    let next = app.refresh(&winners[0]["tokens"]).await;
    assert_eq!(app.viewer(&next["tokens"]).await, viewer);
}

const DEADLINE: std::time::Duration = std::time::Duration::from_secs(10);

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn within_the_grace_a_used_token_works_until_its_successor_does(pool: PgPool) {
    let app = App::with_arguments(pool, &["--refresh-grace", "10m"]);
    let (_, first) = app.sign_up("ann@example.com").await;
    let [one, other] = [app.refresh(&first).await, app.refresh(&first).await];
    assert!(is_fresh(&one) && is_fresh(&other));
    let next = app.refresh(&other["tokens"]).await;
    assert!(is_fresh(&next));
    assert!(is_refused(&app.refresh(&first).await));
    assert_eq!(app.sessions().await, 0);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn both_tokens_must_be_of_the_same_session(pool: PgPool) {
    let app = App::new(pool);
    let (_, ann) = app.sign_up("ann@example.com").await;
    let (_, bob) = app.sign_up("bob@example.com").await;
    for access_token in [&bob["accessToken"], &json!(""), &json!("a.b.c")] {
        let mixed = json!({ "accessToken": access_token, "refreshToken": ann["refreshToken"] });
        assert!(is_refused(&app.refresh(&mixed).await));
    }
    let unknown = json!({ "accessToken": ann["accessToken"], "refreshToken": "unknown" });
    assert!(is_refused(&app.refresh(&unknown).await));
    // None of that cost anyone their session.
    assert!(is_fresh(&app.refresh(&ann).await));
    assert!(is_fresh(&app.refresh(&bob).await));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn an_expired_access_token_can_be_refreshed(pool: PgPool) {
    let app = App::new(pool);
    let (viewer, mut tokens) = app.sign_up("ann@example.com").await;
    let signing = &app.state.signing;
    let long_ago = Utc::now() - TimeDelta::days(1);
    let expired = signing.issuer.issue(
        viewer.user_id,
        viewer.session_id,
        long_ago,
        TimeDelta::minutes(15),
    );
    tokens["accessToken"] = json!(expired.unwrap());
    assert!(is_fresh(&app.refresh(&tokens).await));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn signing_out_ends_this_session_alone(pool: PgPool) {
    let app = App::new(pool);
    let (_, first) = app.sign_up("ann@example.com").await;
    let second = app.login("ann@example.com", PASSWORD).await;
    let refresh_token = first["refreshToken"].as_str().unwrap();
    for token in [refresh_token, refresh_token, "unknown"] {
        assert_eq!(app.logout(token).await, json!({ "userErrors": [] }));
    }
    assert!(is_refused(&app.refresh(&first).await));
    assert!(is_fresh(&app.refresh(&second["tokens"]).await));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_session_ends_at_its_time_and_is_swept(pool: PgPool) {
    let short = App::with_arguments(pool, &["--refresh-token-ttl", "0s"]);
    let (_, over) = short.sign_up("ann@example.com").await;
    assert!(is_refused(&short.refresh(&over).await));
    let app = App::new(short.pool.clone());
    app.sign_up("bob@example.com").await;
    assert_eq!(sweep::sweep(&app.pool, Utc::now()).await.unwrap(), (1, 0));
    assert_eq!(app.sessions().await, 1);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn only_hashes_of_tokens_are_kept(pool: PgPool) {
    let app = App::new(pool);
    let (_, tokens) = app.sign_up("ann@example.com").await;
    let kept = "SELECT coalesce(string_agg(token::text || session::text, ''), '') FROM users.refresh_token AS token, users.session AS session";
    let kept: String = sqlx::query_scalar(kept).fetch_one(&app.pool).await.unwrap();
    assert!(!kept.is_empty());
    assert!(!kept.contains(tokens["refreshToken"].as_str().unwrap()));
}
