use chrono::{TimeDelta, Utc};
use insta::assert_json_snapshot;
use serde_json::{Value, json};
use setwise_auth::AuthError;
use setwise_service::Locale;
use sqlx::PgPool;

use super::{RegisterInput, ensure_account};
use crate::tests::{App, PASSWORD, nobody};

const NOBODY: Result<setwise_auth::Viewer, AuthError> = Err(AuthError::Missing);

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn registering_signs_in_and_asks_for_a_welcome_mail(pool: PgPool) {
    let app = App::new(pool).speaking(Locale::Ru);
    let input = json!({
        "email": " Anna@Example.com ", "password": PASSWORD, "firstName": "Анна",
        "lastName": "Иванова", "dateOfBirth": "1990-02-03T00:00:00Z", "heightCm": 170.5,
        "weightKg": 61.2, "weightUnit": "LB",
    });
    let answer = app.register(input).await;
    let user_id = app.viewer(&answer["tokens"]).await.user_id;
    assert_eq!(
        answer["user"],
        json!({
            "id": user_id, "email": "Anna@Example.com", "displayName": "Анна Иванова",
            "language": "RU", "weightUnit": "LB", "hasCompletedOnboarding": true,
        })
    );
    let outbox: (String, String, Value) =
        sqlx::query_as("SELECT topic, key, payload FROM users.outbox")
            .fetch_one(&app.pool)
            .await
            .unwrap();
    assert_eq!(
        outbox,
        (
            "email".into(),
            "Anna@Example.com".into(),
            json!({
                "type": "welcome",
                "payload": { "email": "Anna@Example.com", "name": "Анна Иванова", "language": "ru" },
            })
        )
    );
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn an_account_needs_no_more_than_address_and_password(pool: PgPool) {
    let app = App::new(pool);
    let answer = app
        .register(json!({ "email": "ann@example.com", "password": PASSWORD }))
        .await;
    assert_json_snapshot!(answer["user"], { ".id" => "[id]" }, @r#"
    {
      "id": "[id]",
      "email": "ann@example.com",
      "displayName": "ann",
      "language": "EN",
      "weightUnit": "KG",
      "hasCompletedOnboarding": false
    }
    "#);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn an_address_in_another_case_is_taken(pool: PgPool) {
    let app = App::new(pool);
    app.sign_up("ann@example.com").await;
    let again = app
        .register(json!({ "email": "ANN@Example.Com", "password": PASSWORD }))
        .await;
    assert_json_snapshot!(again, @r#"
    {
      "user": null,
      "tokens": null,
      "userErrors": [
        {
          "code": "ALREADY_EXISTS",
          "field": [
            "email"
          ],
          "message": "An account with this e-mail address exists already."
        }
      ]
    }
    "#);
    let counts: (i64, i64, i64) = sqlx::query_as(
        "SELECT (SELECT count(*) FROM users.account), (SELECT count(*) FROM users.outbox), (SELECT count(*) FROM users.session)",
    )
    .fetch_one(&app.pool)
    .await
    .unwrap();
    assert_eq!(counts, (1, 1, 1));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn names_every_field_that_is_wrong_at_once(pool: PgPool) {
    let app = App::new(pool);
    let answer = app
        .register(json!({
            "email": "ann", "password": "seven77", "firstName": " ", "lastName": "x".repeat(101),
            "dateOfBirth": "2999-01-01T00:00:00Z", "heightCm": 0, "weightKg": -1,
        }))
        .await;
    assert_json_snapshot!(answer, @r#"
    {
      "user": null,
      "tokens": null,
      "userErrors": [
        {
          "code": "INVALID",
          "field": [
            "email"
          ],
          "message": "Enter a valid e-mail address."
        },
        {
          "code": "INVALID",
          "field": [
            "password"
          ],
          "message": "The password must have at least 8 characters."
        },
        {
          "code": "INVALID",
          "field": [
            "firstName"
          ],
          "message": "The name must not be empty."
        },
        {
          "code": "INVALID",
          "field": [
            "lastName"
          ],
          "message": "The name must have at most 100 characters."
        },
        {
          "code": "INVALID",
          "field": [
            "dateOfBirth"
          ],
          "message": "The date of birth must lie in the past, in 1900 or later."
        },
        {
          "code": "INVALID",
          "field": [
            "heightCm"
          ],
          "message": "The height must be more than 0 and at most 300 cm."
        },
        {
          "code": "INVALID",
          "field": [
            "weightKg"
          ],
          "message": "The weight must be more than 0 and at most 700 kg."
        }
      ]
    }
    "#);
    let (viewer, _) = app.sign_up("ann@example.com").await;
    let input = json!({
        "firstName": "", "lastName": "", "dateOfBirth": "1066-10-14T00:00:00Z", "heightCm": 301,
        "weightKg": 701, "profilePictureUrl": "picture.png",
    });
    let answer = app
        .mutate(
            Ok(viewer),
            "updateProfile",
            "UpdateProfileInput",
            input,
            "user { id }",
        )
        .await;
    let fields: Vec<_> = answer["userErrors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| &error["field"][0])
        .collect();
    assert_eq!(
        fields,
        [
            "firstName",
            "lastName",
            "dateOfBirth",
            "heightCm",
            "weightKg",
            "profilePictureUrl"
        ]
    );
    assert_eq!(answer["user"], Value::Null);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn errors_are_in_the_language_of_the_request(pool: PgPool) {
    let app = App::new(pool).speaking(Locale::Ru);
    let answer = app
        .register(json!({ "email": "ann@example.com", "password": "short" }))
        .await;
    assert_eq!(
        answer["userErrors"][0]["message"],
        "Пароль должен быть не короче 8 символов."
    );
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn only_the_fields_that_are_given_change(pool: PgPool) {
    let app = App::new(pool);
    let (viewer, _) = app.sign_up("ann@example.com").await;
    let selection = "user { displayName firstName lastName dateOfBirth heightCm weightKg language weightUnit profilePictureUrl hasCompletedOnboarding }";
    let update = async |input| {
        app.mutate(
            Ok(viewer),
            "updateProfile",
            "UpdateProfileInput",
            input,
            selection,
        )
        .await
    };
    let all = update(json!({
        "firstName": "Ann", "lastName": "Lee", "dateOfBirth": "1990-02-03T04:05:06Z", "heightCm": 170,
        "weightKg": 61.5, "language": "RU", "weightUnit": "LB", "profilePictureUrl": "https://example.com/ann.png",
    }))
    .await;
    assert_json_snapshot!(all, @r#"
    {
      "user": {
        "displayName": "Ann Lee",
        "firstName": "Ann",
        "lastName": "Lee",
        "dateOfBirth": "1990-02-03T04:05:06+00:00",
        "heightCm": 170.0,
        "weightKg": 61.5,
        "language": "RU",
        "weightUnit": "LB",
        "profilePictureUrl": "https://example.com/ann.png",
        "hasCompletedOnboarding": true
      },
      "userErrors": []
    }
    "#);
    assert_eq!(update(json!({})).await, all);
    let some =
        update(json!({ "lastName": "Li", "heightCm": null, "language": null, "weightUnit": null }))
            .await;
    assert_json_snapshot!(some, @r#"
    {
      "user": {
        "displayName": "Ann Li",
        "firstName": "Ann",
        "lastName": "Li",
        "dateOfBirth": "1990-02-03T04:05:06+00:00",
        "heightCm": null,
        "weightKg": 61.5,
        "language": "EN",
        "weightUnit": "KG",
        "profilePictureUrl": "https://example.com/ann.png",
        "hasCompletedOnboarding": false
      },
      "userErrors": []
    }
    "#);
    let cleared = update(json!({
        "firstName": null, "lastName": null, "dateOfBirth": null, "weightKg": null, "profilePictureUrl": null,
    }))
    .await;
    assert_eq!(cleared["user"]["displayName"], "ann");
    for field in [
        "firstName",
        "lastName",
        "dateOfBirth",
        "heightCm",
        "weightKg",
        "profilePictureUrl",
    ] {
        assert_eq!(cleared["user"][field], Value::Null, "{field}");
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn me_is_the_viewer_and_needs_a_valid_token(pool: PgPool) {
    let app = App::new(pool);
    let (viewer, _) = app.sign_up("ann@example.com").await;
    let me = app.ask(Ok(viewer), "{ me { id email } }", json!({})).await;
    assert_eq!(
        me["data"]["me"],
        json!({ "id": viewer.user_id, "email": "ann@example.com" })
    );
    let missing = app.ask(NOBODY, "{ me { id } }", json!({})).await;
    assert_json_snapshot!(missing, @r#"
    {
      "data": {
        "me": null
      },
      "errors": [
        {
          "message": "no access token was given",
          "locations": [
            {
              "line": 1,
              "column": 3
            }
          ],
          "path": [
            "me"
          ],
          "extensions": {
            "code": "UNAUTHENTICATED"
          }
        }
      ]
    }
    "#);
    let expired = app
        .ask(Err(AuthError::Expired), "{ me { id } }", json!({}))
        .await;
    assert_json_snapshot!(expired["errors"], @r#"
    [
      {
        "message": "the access token has expired",
        "locations": [
          {
            "line": 1,
            "column": 3
          }
        ],
        "path": [
          "me"
        ],
        "extensions": {
          "code": "UNAUTHENTICATED"
        }
      }
    ]
    "#);
    let gone = app.ask(Ok(nobody()), "{ me { id } }", json!({})).await;
    assert_eq!(gone["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn an_expired_access_token_is_told_from_a_forged_one(pool: PgPool) {
    let app = App::new(pool);
    let (viewer, _) = app.sign_up("ann@example.com").await;
    let signing = &app.state.signing;
    let issue = |now| {
        signing
            .issuer
            .issue(
                viewer.user_id,
                viewer.session_id,
                now,
                TimeDelta::minutes(15),
            )
            .unwrap()
    };
    let now = Utc::now();
    assert_eq!(signing.verifier.verify(&issue(now)).await, Ok(viewer));
    let old = issue(now - TimeDelta::minutes(16));
    assert_eq!(signing.verifier.verify(&old).await, Err(AuthError::Expired));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn nobody_sees_another_person(pool: PgPool) {
    let app = App::new(pool);
    let (ann, _) = app.sign_up("ann@example.com").await;
    let (bob, _) = app.sign_up("bob@example.com").await;
    let query = "query($own: ID!, $other: ID!, $none: ID!, $entities: [_Any!]!) {
        own: user(id: $own) { email } other: user(id: $other) { email } none: user(id: $none) { email }
        _entities(representations: $entities) { ... on User { email } }
    }";
    let entity = |id| json!({ "__typename": "User", "id": id });
    let variables = json!({
        "own": ann.user_id, "other": bob.user_id, "none": "no id at all",
        "entities": [entity(bob.user_id), entity(ann.user_id), entity(nobody().user_id)],
    });
    let answer = app.ask(Ok(ann), query, variables).await;
    assert_json_snapshot!(answer, @r#"
    {
      "data": {
        "other": null,
        "none": null,
        "own": {
          "email": "ann@example.com"
        },
        "_entities": [
          null,
          {
            "email": "ann@example.com"
          },
          null
        ]
      }
    }
    "#);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_demo_account_is_made_once_and_without_mail(pool: PgPool) {
    let input = RegisterInput {
        email: "demo@example.com".into(),
        password: PASSWORD.into(),
        ..RegisterInput::default()
    };
    let first = ensure_account(&pool, input.clone()).await.unwrap();
    let again = RegisterInput {
        email: "DEMO@example.com".into(),
        ..input.clone()
    };
    assert_eq!(ensure_account(&pool, again).await.unwrap(), first);
    let mails: i64 = sqlx::query_scalar("SELECT count(*) FROM users.outbox")
        .fetch_one(&pool)
        .await
        .unwrap();
    assert_eq!(mails, 0);
    assert!(
        ensure_account(
            &pool,
            RegisterInput {
                password: "short".into(),
                ..input
            }
        )
        .await
        .is_err()
    );
}
