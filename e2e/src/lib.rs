//! What the whole-stack tests share: a running Setwise of their own, and
//! people who use it over GraphQL and REST.

use std::{path::PathBuf, time::Duration};

use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};
use setwise::{Options, Running};
use setwise_testkit::eventually;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;
use url::Url;
use uuid::Uuid;

/// The longest that a mail may take: a new consumer group joins in seconds.
pub const MAIL_DEADLINE: Duration = Duration::from_mins(1);
pub const PASSWORD: &str = "correct horse battery";

/// A Setwise of its own: embedded database, broker and mailbox, free ports.
pub struct Stack {
    pub running: Running,
    data: TempDir,
}

impl Stack {
    /// # Panics
    /// When it does not start.
    pub async fn start() -> Self {
        let data = tempfile::tempdir().expect("a temporary folder");
        Self::start_in(data, |_| {}).await
    }

    /// Starts on the data of an earlier run, or with other options.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn start_in(data: TempDir, change: impl FnOnce(&mut Options)) -> Self {
        let public_url = Url::parse("http://127.0.0.1:3000").expect("a URL");
        let mut options = Options::embedded(data.path().to_owned(), public_url);
        change(&mut options);
        let running = setwise::boot(options, CancellationToken::new()).await;
        let running = running.expect("Setwise starts");
        Self { running, data }
    }

    /// Stops everything; the data can be started on again.
    ///
    /// # Panics
    /// When it does not stop cleanly.
    pub async fn stop(self) -> TempDir {
        self.running.stop().await.expect("Setwise stops");
        self.data
    }

    /// Waits for a mail to `address` whose subject or text holds `part`.
    ///
    /// # Panics
    /// When none comes in time.
    pub async fn mail(&self, address: &str, part: &str) -> Value {
        let mailbox = self.running.mailbox_url.as_ref().expect("a mailbox");
        mail(mailbox, address, part).await
    }
}

/// Waits until the mailbox has a mail to `address` whose subject or text holds
/// `part`.
///
/// # Panics
/// When none comes in time.
pub async fn mail(mailbox: &Url, address: &str, part: &str) -> Value {
    let messages = mailbox.join("/api/messages").expect("a path");
    let what = format!("a mail to {address} with {part:?}");
    eventually(&what, MAIL_DEADLINE, async || {
        let response = client().get(messages.clone()).send().await.ok()?;
        let list: Vec<Value> = response.json().await.ok()?;
        list.into_iter().find(|mail| {
            let text = mail.to_string();
            text.contains(address) && text.contains(part)
        })
    })
    .await
}

/// Somebody with an HTTP client and, once signed in, a pair of tokens.
#[derive(Clone, Debug)]
pub struct Person {
    pub router: Url,
    pub email: String,
    pub access_token: Option<String>,
    pub refresh_token: Option<String>,
    pub language: &'static str,
}

impl Person {
    /// Somebody without an account.
    #[must_use]
    pub fn stranger(stack: &Stack) -> Self {
        Self::at(&stack.running.router_url)
    }

    /// Somebody without an account, at an address of the router.
    #[must_use]
    pub fn at(router: &Url) -> Self {
        Self {
            router: router.clone(),
            email: format!("{}@example.com", Uuid::now_v7().simple()),
            access_token: None,
            refresh_token: None,
            language: "en",
        }
    }

    /// Somebody who has just registered over GraphQL.
    ///
    /// # Panics
    /// When registering is refused.
    pub async fn register(stack: &Stack) -> Self {
        let mut person = Self::stranger(stack);
        let answer = person
            .data(
                "mutation ($input: RegisterInput!) { register(input: $input) { tokens { accessToken refreshToken } userErrors { code message } } }",
                json!({ "input": { "email": person.email, "password": PASSWORD } }),
            )
            .await;
        let payload = &answer["register"];
        assert_eq!(payload["userErrors"], json!([]));
        let token = |name: &str| payload["tokens"][name].as_str().map(str::to_owned);
        person.access_token = token("accessToken");
        person.refresh_token = token("refreshToken");
        assert!(person.access_token.is_some(), "no token in {answer}");
        person
    }

    /// The whole answer to a GraphQL request.
    ///
    /// # Panics
    /// When the router does not answer with JSON.
    pub async fn graphql(&self, query: &str, variables: Value) -> Value {
        let url = self.router.join("/graphql").expect("a path");
        let mut request = client()
            .post(url)
            .header("accept-language", self.language)
            .json(&json!({ "query": query, "variables": variables }));
        if let Some(token) = &self.access_token {
            request = request.bearer_auth(token);
        }
        let response = request.send().await.expect("the router answers");
        response.json().await.expect("the answer is JSON")
    }

    /// The data of a GraphQL answer that has no errors.
    ///
    /// # Panics
    /// When it has.
    pub async fn data(&self, query: &str, variables: Value) -> Value {
        let mut answer = self.graphql(query, variables).await;
        assert_eq!(answer.get("errors"), None, "{answer}");
        answer["data"].take()
    }

    /// The payload of a mutation that takes an `input`.
    ///
    /// # Panics
    /// When the answer has errors other than user errors.
    pub async fn mutate(&self, field: &str, entity: &str, input: Value) -> Value {
        let mut letters = field.chars();
        let first = letters.next().map(|first| first.to_ascii_uppercase());
        let name: String = first.into_iter().chain(letters).collect();
        let query = format!(
            "mutation ($input: {name}Input!) {{
                {field}(input: $input) {{ {entity} userErrors {{ code field message }} }}
            }}"
        );
        self.data(&query, json!({ "input": input })).await[field].take()
    }

    /// A REST request with this person's token, and its answer.
    ///
    /// # Panics
    /// When the router does not answer with JSON.
    pub async fn rest(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> (StatusCode, Value) {
        let url = self.router.join(path).expect("a path");
        let mut request = client()
            .request(method, url)
            .header("accept-language", self.language);
        if let Some(token) = &self.access_token {
            request = request.header("x-access-token", token);
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        let response = request.send().await.expect("the router answers");
        let status = response.status();
        (status, response.json().await.expect("the answer is JSON"))
    }
}

/// Registers through the form of the web; answers the browser, signed in.
///
/// # Panics
/// When there is no form, or it is refused.
pub async fn register_by_form(web: &Url, email: &str) -> Client {
    let browser = Client::builder()
        .timeout(Duration::from_secs(30))
        .cookie_store(true)
        .build()
        .expect("an HTTP client");
    let page = web.join("/register").expect("a path");
    let form = browser.get(page.clone()).send().await;
    let html = form.expect("the web answers").text().await;
    let html = html.expect("the page is text");
    let csrf = html
        .split("name=\"csrf\" value=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .expect("a CSRF field in the form");
    let answer = browser
        .post(page)
        .header("origin", web.as_str().trim_end_matches('/'))
        .form(&[("csrf", csrf), ("email", email), ("password", PASSWORD)])
        .send()
        .await
        .expect("the web answers");
    assert!(answer.status().is_success(), "{}", answer.status());
    browser
}

/// A binary of this workspace: cargo puts it beside the test's own.
///
/// # Panics
/// When it has not been built.
#[must_use]
pub fn binary(name: &str) -> PathBuf {
    let test = std::env::current_exe().expect("the test's own path");
    let path = test.ancestors().nth(2).expect("its folder").join(name);
    assert!(
        path.exists(),
        "{name} is not there: build it with `cargo build --workspace --bins`"
    );
    path
}

/// # Panics
/// When no HTTP client can be made.
#[must_use]
pub fn client() -> Client {
    Client::builder()
        .timeout(Duration::from_secs(30))
        .build()
        .expect("an HTTP client")
}
