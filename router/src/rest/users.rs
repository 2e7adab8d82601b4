use http::Method;
use serde::{Deserialize, Serialize};

use super::{
    Failure,
    call::{ById, Call, Document, Mutation, Query},
    input::{self, Text},
    output::{self, Zeroed},
    route::{Empty, Route},
    time::Timestamp,
};

pub(super) static DOCUMENT: Document =
    Document::new("users", || include_str!("operations/users.graphql").into());

static ME: Query<Empty, UserNode> = Query::new(&DOCUMENT, "Me");
static USER: Query<ById, UserNode> = Query::new(&DOCUMENT, "User");
static CREATE_USER: Mutation<CreateUserRequest, UserNode> = Mutation::new(&DOCUMENT, "CreateUser");
static UPDATE_USER: Mutation<UpdateUserRequest, UserNode> = Mutation::new(&DOCUMENT, "UpdateUser");

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::open(Method::POST, "/users", "user.createUser", create_user),
        Route::signed_in(Method::PUT, "/users", "user.updateUser", update_user),
        Route::signed_in(Method::GET, "/users/me", "user.getMe", get_me),
        Route::signed_in(Method::GET, "/users/{userId}", "user.getUser", get_user),
    ]
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct UserPath {
    user_id: String,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct CreateUserRequest {
    email: Text,
    password: Text,
    first_name: Option<Text>,
    last_name: Option<Text>,
    date_of_birth: Option<Timestamp>,
    #[serde(rename(serialize = "heightCm"))]
    height: Option<input::Float>,
    #[serde(rename(serialize = "weightKg"))]
    weight: Option<input::Float>,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct UpdateUserRequest {
    first_name: Option<Text>,
    last_name: Option<Text>,
    date_of_birth: Option<Timestamp>,
    #[serde(rename(serialize = "heightCm"))]
    height: Option<input::Float>,
    #[serde(rename(serialize = "weightKg"))]
    weight: Option<input::Float>,
    profile_picture_url: Option<Text>,
}

#[derive(Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct User {
    id: String,
    created_at: Timestamp,
    email: String,
    first_name: Zeroed<String>,
    last_name: Zeroed<String>,
    date_of_birth: Option<Timestamp>,
    height: Zeroed<output::Float>,
    weight: Zeroed<output::Float>,
    updated_at: Timestamp,
    profile_picture_url: Zeroed<String>,
    has_completed_onboarding: bool,
}

#[derive(Default, Serialize)]
pub(super) struct UserResponse {
    user: User,
}

/// A user of the graph: the picture is theirs from another subgraph.
#[derive(Deserialize)]
struct UserNode {
    #[serde(flatten)]
    user: User,
    avatar: Option<Image>,
}

#[derive(Deserialize)]
struct Image {
    url: String,
}

impl From<UserNode> for UserResponse {
    /// The picture that an old client named by its address goes before the uploaded one.
    fn from(node: UserNode) -> Self {
        let mut user = node.user;
        if let Some(avatar) = node.avatar
            && user.profile_picture_url.0.is_empty()
        {
            user.profile_picture_url.0 = avatar.url;
        }
        Self { user }
    }
}

async fn create_user(
    call: Call,
    _: Empty,
    request: CreateUserRequest,
) -> Result<UserResponse, Failure> {
    call.mutate(&CREATE_USER, request).await.map(Into::into)
}

async fn update_user(
    call: Call,
    _: Empty,
    request: UpdateUserRequest,
) -> Result<UserResponse, Failure> {
    call.mutate(&UPDATE_USER, request).await.map(Into::into)
}

async fn get_me(call: Call, _: Empty, _: Empty) -> Result<UserResponse, Failure> {
    call.query(&ME, Empty {}).await.map(Into::into)
}

async fn get_user(call: Call, path: UserPath, _: Empty) -> Result<UserResponse, Failure> {
    let id = path.user_id;
    call.query(&USER, ById { id }).await.map(Into::into)
}
