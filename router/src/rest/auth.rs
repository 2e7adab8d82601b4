use http::Method;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    Failure,
    call::{Call, Document, Mutation},
    input::Text,
    route::{Empty, Route},
};

pub(super) static DOCUMENT: Document =
    Document::new("users", || include_str!("operations/auth.graphql").into());

static LOGIN: Mutation<LoginRequest, TokensPair> = Mutation::new(&DOCUMENT, "Login");
static REFRESH: Mutation<TokensPair, TokensPair> = Mutation::new(&DOCUMENT, "Refresh");
static LOGOUT: Mutation<LogoutRequest> = Mutation::new(&DOCUMENT, "Logout");

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::open(Method::POST, "/auth/login", "auth.login", login).about(
            "Sign in",
            "Answers a pair of tokens. An address without an account and a wrong password are \
             refused alike, with 400.",
        ),
        Route::open(Method::POST, "/auth/logout", "auth.logout", logout).about(
            "Sign out",
            "The refresh token is worth nothing afterwards. One that already was is no error.",
        ),
        Route::open(Method::POST, "/auth/refresh", "auth.refresh", refresh).about(
            "Renew the tokens",
            "Takes the last pair, whose access token may have expired, and answers a new one. Each \
             refresh token works once: a second use is refused with 400 and ends the session.",
        ),
    ]
}

#[derive(Deserialize, JsonSchema, Serialize)]
#[schemars(extend("examples" = [{
    "email": "anna@example.org", "password": "correct horse battery",
}]))]
struct LoginRequest {
    /// The address of the account, in whatever case.
    email: Text,
    /// The password of the account.
    password: Text,
}

#[derive(Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
struct LogoutRequest {
    /// The refresh token of the session to end.
    refresh_token: Text,
}

#[derive(Deserialize, JsonSchema)]
struct RefreshRequest {
    /// The pair that was answered last.
    tokens: TokensPair,
}

/// What a session is known by.
#[derive(Default, Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct TokensPair {
    /// Goes with each request, and is good for 15 minutes.
    access_token: Text,
    /// Buys the next pair, once.
    refresh_token: Text,
}

#[derive(Default, JsonSchema, Serialize)]
pub(super) struct LoginResponse {
    /// The tokens of the new session.
    tokens: TokensPair,
}

#[derive(Default, JsonSchema, Serialize)]
pub(super) struct RefreshResponse {
    /// The pair that takes the place of the old one.
    tokens: TokensPair,
}

async fn login(call: Call, _: Empty, request: LoginRequest) -> Result<LoginResponse, Failure> {
    let tokens = call.mutate(&LOGIN, request).await?;
    Ok(LoginResponse { tokens })
}

async fn logout(call: Call, _: Empty, request: LogoutRequest) -> Result<Empty, Failure> {
    call.perform(&LOGOUT, request).await?;
    Ok(Empty {})
}

async fn refresh(
    call: Call,
    _: Empty,
    request: RefreshRequest,
) -> Result<RefreshResponse, Failure> {
    let tokens = call.mutate(&REFRESH, request.tokens).await?;
    Ok(RefreshResponse { tokens })
}
