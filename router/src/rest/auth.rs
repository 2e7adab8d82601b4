use http::Method;
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
        Route::open(Method::POST, "/auth/login", "auth.login", login),
        Route::open(Method::POST, "/auth/logout", "auth.logout", logout),
        Route::open(Method::POST, "/auth/refresh", "auth.refresh", refresh),
    ]
}

#[derive(Deserialize, Serialize)]
struct LoginRequest {
    email: Text,
    password: Text,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct LogoutRequest {
    refresh_token: Text,
}

#[derive(Deserialize)]
struct RefreshRequest {
    tokens: TokensPair,
}

/// Goes both ways: the old pair in, a new one out.
#[derive(Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct TokensPair {
    access_token: Text,
    refresh_token: Text,
}

#[derive(Default, Serialize)]
pub(super) struct LoginResponse {
    tokens: TokensPair,
}

#[derive(Default, Serialize)]
pub(super) struct RefreshResponse {
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
