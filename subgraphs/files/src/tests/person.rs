use async_graphql::{Request, Variables};
use serde_json::{Value, json};
use setwise_auth::Viewer;
use setwise_graphql::RequestContext;
use setwise_service::Locale;
use uuid::Uuid;

use super::Service;
use crate::FilesSchema;

/// A person who is signed in.
pub(crate) struct Person {
    pub(crate) id: Uuid,
    schema: FilesSchema,
}

impl Person {
    pub(crate) fn of(service: &Service) -> Self {
        Self {
            id: Uuid::now_v7(),
            schema: crate::schema(service.app.clone()),
        }
    }

    /// The data of an operation that has no top-level errors.
    pub(crate) async fn ask(&self, query: &str, variables: Value) -> Value {
        self.ask_in(Locale::En, query, variables).await
    }

    pub(crate) async fn ask_in(&self, locale: Locale, query: &str, variables: Value) -> Value {
        let viewer = Viewer {
            user_id: self.id,
            session_id: Uuid::now_v7(),
        };
        let request = Request::new(query)
            .variables(Variables::from_json(variables))
            .data(RequestContext::for_viewer(viewer, locale));
        let response = self.schema.execute(request).await;
        assert!(response.errors.is_empty(), "{:?}", response.errors);
        response.data.into_json().unwrap()
    }

    pub(crate) async fn create_upload(&self, filename: &str, content_type: &str) -> Value {
        let query = "mutation($input: CreateUploadInput!) {
            createUpload(input: $input) {
                upload { id filename contentType uploadUrl getUrl expiresAt uploadedAt }
                userErrors { code message field }
            }
        }";
        let input = json!({ "filename": filename, "contentType": content_type });
        let mut data = self.ask(query, json!({ "input": input })).await;
        data["createUpload"].take()
    }

    /// Announces and sends a file; answers the upload as it was announced.
    pub(crate) async fn send(
        &self,
        service: &Service,
        content_type: &str,
        bytes: Vec<u8>,
    ) -> Value {
        let mut payload = self.create_upload("picture", content_type).await;
        let upload = payload["upload"].take();
        let request = service.client.put(text(&upload["uploadUrl"])).body(bytes);
        let request = request.header("content-type", content_type);
        assert_eq!(request.send().await.unwrap().status(), 200);
        upload
    }

    pub(crate) async fn set_avatar(&self, upload: &Value) -> Value {
        let query = "mutation($id: ID!) {
            setAvatar(input: { uploadId: $id }) {
                image { id url contentType byteSize width height }
                user { id avatar { id } }
                userErrors { code message field }
            }
        }";
        let mut data = self.ask(query, json!({ "id": upload["id"] })).await;
        data["setAvatar"].take()
    }

    /// Asks as the router does.
    pub(crate) async fn entity(&self, typename: &str, id: &str, selection: &str) -> Value {
        let query = format!(
            "query($representations: [_Any!]!) {{
                _entities(representations: $representations) {{ ... on {typename} {{ {selection} }} }}
            }}"
        );
        let representations = json!([{ "__typename": typename, "id": id }]);
        let variables = json!({ "representations": representations });
        let mut data = self.ask(&query, variables).await;
        data["_entities"][0].take()
    }
}

pub(crate) fn text(value: &Value) -> &str {
    let text = value.as_str();
    text.unwrap_or_else(|| panic!("not a string: {value}"))
}
