use http::Method;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    Failure,
    call::{ById, Call, Document, Mutation, Query},
    input::{self, Text},
    output::{self, Id, Zeroed},
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
        Route::open(Method::POST, "/users", "user.createUser", create_user)
            .about(
                "Register",
                "Makes an account and sends a welcome by mail. Sign in with `/v1/auth/login`.",
            )
            .may_conflict("The address has an account already."),
        Route::signed_in(Method::PUT, "/users", "user.updateUser", update_user)
            .about("Change the own profile", "What is left out stays as it is."),
        Route::signed_in(Method::GET, "/users/me", "user.getMe", get_me)
            .about("Get the own profile", "The person whose token it is."),
        Route::signed_in(Method::GET, "/users/{userId}", "user.getUser", get_user).about(
            "Get a profile by its id",
            "Only one's own is found: nobody sees another person's profile.",
        ),
    ]
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct UserPath {
    /// The person.
    user_id: String,
}

#[derive(Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
#[schemars(extend("examples" = [{
    "email": "anna@example.org", "password": "correct horse battery", "firstName": "Anna",
    "dateOfBirth": "1990-05-01T00:00:00Z", "height": 170.5, "weight": 65,
}]))]
struct CreateUserRequest {
    /// A valid address, to sign in with and to write to.
    email: Text,
    /// At least 8 characters.
    #[schemars(extend("minLength" = 8))]
    password: Text,
    /// At most 100 characters.
    first_name: Option<Text>,
    /// At most 100 characters.
    last_name: Option<Text>,
    /// A moment in the past.
    date_of_birth: Option<Timestamp>,
    /// In centimetres, above 0.
    #[schemars(extend("exclusiveMinimum" = 0))]
    #[serde(rename(serialize = "heightCm"))]
    height: Option<input::Float>,
    /// In kilograms, above 0.
    #[schemars(extend("exclusiveMinimum" = 0))]
    #[serde(rename(serialize = "weightKg"))]
    weight: Option<input::Float>,
}

#[derive(Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
#[schemars(extend("examples" = [{ "firstName": "Anna", "weight": 64.5 }]))]
struct UpdateUserRequest {
    /// At most 100 characters.
    first_name: Option<Text>,
    /// At most 100 characters.
    last_name: Option<Text>,
    /// A moment in the past.
    date_of_birth: Option<Timestamp>,
    /// In centimetres, above 0.
    #[schemars(extend("exclusiveMinimum" = 0))]
    #[serde(rename(serialize = "heightCm"))]
    height: Option<input::Float>,
    /// In kilograms, above 0.
    #[schemars(extend("exclusiveMinimum" = 0))]
    #[serde(rename(serialize = "weightKg"))]
    weight: Option<input::Float>,
    /// An absolute http or https URI, such as the `getUrl` of an upload.
    #[schemars(extend("format" = "uri"))]
    profile_picture_url: Option<Text>,
}

/// A person with an account.
#[derive(Default, Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct User {
    id: Id,
    /// When the person registered.
    created_at: Timestamp,
    /// The address to sign in with and to write to.
    email: String,
    /// Empty when not told.
    first_name: Zeroed<String>,
    /// Empty when not told.
    last_name: Zeroed<String>,
    /// Null when not told.
    date_of_birth: Option<Timestamp>,
    /// In centimetres; 0 when not told.
    height: Zeroed<output::Float>,
    /// In kilograms; 0 when not told.
    weight: Zeroed<output::Float>,
    /// When the profile last changed.
    updated_at: Timestamp,
    /// Where the picture is; empty when there is none.
    profile_picture_url: Zeroed<String>,
    /// True once height, weight and date of birth are told.
    has_completed_onboarding: bool,
}

#[derive(Default, JsonSchema, Serialize)]
pub(super) struct UserResponse {
    /// The person, as they are now.
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
