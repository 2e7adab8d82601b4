//! A right answer of a subgraph, made wrong in each place in each way: what the client gets fits the
//! schema whatever comes, and an error tells of everything that is not as the specification says.

use std::sync::{Arc, Mutex};

use axum::{Json, response::IntoResponse as _};
use serde_json::{Map, Value, json};
use setwise_router::{Graph, GraphRequest};

use crate::support::{Subgraph, config, supergraph};

const KEY: &str =
    r#"extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])"#;
const POSTS: &str = r#"
    type Query { posts: [Post!]! first: Post nodes: [[Node]] }
    interface Node { id: ID! }
    type Post implements Node @key(fields: "id") { id: ID! title: String! score: Int author: User kind: Kind }
    type User implements Node @key(fields: "id") { id: ID! }
    enum Kind { NEWS ESSAY }
"#;
const USERS: &str = r#"
    type User @key(fields: "id") { id: ID! name: String! age: Float friends: [Friend!] best: Friend }
    type Friend { name: String! isNear: Boolean }
"#;
const QUERY: &str = "{
    all: posts { title score kind by: author { id name age friends { name isNear } best { name } } }
    first { score }
    nodes { id ... on Post { title } }
}";

/// Types in place of values: a name of a scalar, `!` for what may not be null, a list with the type
/// of its items, an object with its fields. Further keys are nobody's business.
fn client_types() -> Value {
    let friend = json!({ "name": "String!" });
    let near_friend = json!({ "name": "String!", "isNear": "Boolean" });
    let author = json!({
        "id": "ID!", "name": "String!", "age": "Float",
        "friends": [{ "!": near_friend }], "best": friend,
    });
    let post = json!({ "title": "String!", "score": "Int", "kind": "Kind", "by": author });
    json!({ "all": { "!": [{ "!": post }] }, "first": { "score": "Int" }, "nodes": [[{ "id": "ID!" }]] })
}

/// What the posts answer, and its types.
fn posts() -> (Value, Value) {
    let author = |id: u32| json!({ "__typename": "User", "id": id.to_string() });
    let answer = json!({
        "all": [
            { "title": "One", "score": 3, "kind": "NEWS", "by": author(1) },
            { "title": "Two", "score": null, "kind": "ESSAY", "by": author(2) },
        ],
        "first": { "score": 7 },
        "nodes": [[{ "__typename": "Post", "id": "9", "title": "Nine" }], [{ "__typename": "User", "id": "2" }]],
    });
    let author = json!({ "__typename": "=User", "id": "ID!" });
    let post = json!({ "title": "String!", "score": "Int", "kind": "Kind", "by": author });
    let types = json!({
        "all": { "!": [{ "!": post }] },
        "first": { "score": "Int" },
        "nodes": [["Node"]],
    });
    (answer, types)
}

/// An entity of the users, and its type.
fn user() -> (Value, Value) {
    let answer = json!({
        "name": "Ada", "age": 36.5,
        "friends": [{ "name": "Bob", "isNear": true }, { "name": "Cid", "isNear": null }],
        "best": { "name": "Bob" },
    });
    let friend = json!({ "name": "String!", "isNear": "Boolean" });
    let types = json!({
        "name": "String!", "age": "Float",
        "friends": [{ "!": friend }], "best": { "name": "String!" },
    });
    (answer, types)
}

fn fits(value: Option<&Value>, ty: &Value) -> bool {
    let (ty, may_be_null) = match ty {
        Value::Object(object) if object.contains_key("!") => (&ty["!"], false),
        ty => (ty, true),
    };
    let Some(value) = value else {
        return false;
    };
    match ty {
        Value::Object(fields) => match value {
            Value::Null => may_be_null,
            Value::Object(found) => fields.iter().all(|(key, ty)| fits(found.get(key), ty)),
            _ => false,
        },
        Value::Array(item) => match value {
            Value::Null => may_be_null,
            Value::Array(items) => items.iter().all(|value| fits(Some(value), &item[0])),
            _ => false,
        },
        ty => fits_scalar(value, ty.as_str().unwrap()),
    }
}

fn fits_scalar(value: &Value, ty: &str) -> bool {
    if let Some(name) = ty.strip_prefix('=') {
        return value == name;
    }
    let (name, may_be_null) = match ty.strip_suffix('!') {
        Some(name) => (name, false),
        None => (ty, true),
    };
    if value.is_null() {
        return may_be_null;
    }
    let integer = value.as_f64().filter(|number| number.fract() == 0.0);
    match name {
        "Int" => integer.is_some_and(|number| number.abs() < 2_147_483_648.0),
        "Float" => value.is_number(),
        "ID" => value.is_string() || integer.is_some(),
        "String" => value.is_string(),
        "Boolean" => value.is_boolean(),
        "Kind" => value == "NEWS" || value == "ESSAY",
        "Node" => match value["__typename"].as_str() {
            Some("Post") => fits(Some(value), &json!({ "id": "ID!", "title": "String!" })),
            Some("User") => fits(Some(value), &json!({ "id": "ID!" })),
            _ => false,
        },
        other => panic!("no type {other}"),
    }
}

/// One way to make a value wrong, or another right one.
#[derive(Clone, Debug)]
enum Change {
    Replace(Value),
    Remove,
    /// Put it into a list.
    Wrap,
    /// Another item, or keys that nobody asked for.
    More,
    /// One item less.
    Less,
}

fn changes() -> Vec<Change> {
    let values = [
        json!(null),
        json!(true),
        json!(5),
        json!(-1.0),
        json!(2.5),
        json!(2_147_483_648_u64),
        json!("x"),
        json!(""),
        json!("User"),
        json!([]),
        json!([null]),
        json!([[5]]),
        json!({}),
        json!({ "__typename": "Nothing" }),
        json!({ "__typename": "Post", "id": "7", "title": "t" }),
    ];
    let others = [Change::Remove, Change::Wrap, Change::More, Change::Less];
    values
        .map(Change::Replace)
        .into_iter()
        .chain(others)
        .collect()
}

/// The pointers to all values within `value`.
fn places(value: &Value, here: &str, found: &mut Vec<String>) {
    found.push(here.to_owned());
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                places(value, &format!("{here}/{key}"), found);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                places(value, &format!("{here}/{index}"), found);
            }
        }
        _ => {}
    }
}

/// Changes what is at `place`, if it is there.
fn apply(change: &Change, place: &str, answer: &mut Value) {
    if let Change::Remove = change {
        let (parent, key) = place.rsplit_once('/').unwrap_or_default();
        match answer.pointer_mut(parent) {
            Some(Value::Object(fields)) => drop(fields.remove(key)),
            Some(Value::Array(items)) if key.parse().is_ok_and(|at: usize| at < items.len()) => {
                items.remove(key.parse().unwrap());
            }
            _ => {}
        }
        return;
    }
    let Some(value) = answer.pointer_mut(place) else {
        return;
    };
    match (change, value) {
        (Change::Replace(new), value) => value.clone_from(new),
        (Change::Wrap, value) => *value = json!([value.clone()]),
        (Change::More, Value::Array(items)) => items.extend(items.first().cloned()),
        (Change::More, Value::Object(fields)) => {
            fields.insert("email".to_owned(), json!(5));
            fields.entry("id").or_insert(json!("other"));
            fields.entry("score").or_insert(json!("other"));
        }
        (Change::Less, Value::Array(items)) => drop(items.pop()),
        _ => {}
    }
}

/// Two subgraphs whose answers are changed.
struct Wrong {
    graph: Graph,
    posts: Arc<Mutex<Value>>,
    users: Arc<Mutex<Vec<(Change, String)>>>,
    /// Whether the users' latest answer was right.
    users_fit: Arc<Mutex<bool>>,
    _subgraphs: [Subgraph; 2],
}

impl Wrong {
    async fn start() -> Self {
        let posts = Arc::new(Mutex::new(Value::Null));
        let users: Arc<Mutex<Vec<(Change, String)>>> = Arc::default();
        let users_fit = Arc::new(Mutex::new(true));
        let told = Arc::clone(&posts);
        let one = Subgraph::answer_with("posts", format!("{KEY}{POSTS}"), move |_| {
            let data = told.lock().unwrap().clone();
            async move { Json(json!({ "data": data })).into_response() }
        })
        .await;
        let (told, fit) = (Arc::clone(&users), Arc::clone(&users_fit));
        let two = Subgraph::answer_with("users", format!("{KEY}{USERS}"), move |request| {
            let count = request["variables"]["representations"]
                .as_array()
                .unwrap()
                .len();
            let (entity, types) = user();
            let mut data = json!({ "_entities": vec![entity; count] });
            for (change, place) in told.lock().unwrap().iter() {
                apply(change, place, &mut data);
            }
            let is_fit = data["_entities"].as_array().is_some_and(|entities| {
                let of_type = |it: &Value| it.get("__typename").is_none_or(|name| name == "User");
                entities.len() == count
                    && entities
                        .iter()
                        .all(|it| !it.is_null() && fits(Some(it), &types) && of_type(it))
            });
            *fit.lock().unwrap() = is_fit;
            async move { Json(json!({ "data": data })).into_response() }
        })
        .await;
        let mut config = config();
        config.supergraph.sdl = Some(supergraph(&[&one, &two]));
        Self {
            graph: Graph::load(&config).await.unwrap(),
            posts,
            users,
            users_fit,
            _subgraphs: [one, two],
        }
    }

    /// The answer to [`QUERY`], which fits the client's types, and whether all that it came from
    /// fits too.
    async fn ask(&self, posts_answer: &Value, users: &[(Change, String)]) -> (Value, bool) {
        self.posts.lock().unwrap().clone_from(posts_answer);
        users.clone_into(&mut self.users.lock().unwrap());
        *self.users_fit.lock().unwrap() = true;
        let request = GraphRequest {
            query: QUERY.into(),
            ..GraphRequest::default()
        };
        let response = self.graph.execute(request).await;
        let answer: Value = serde_json::from_slice(&response.to_json()).unwrap();
        let posts_fit = fits(Some(posts_answer), &posts().1);
        (answer, posts_fit && *self.users_fit.lock().unwrap())
    }
}

/// What is wrong with an answer to data that `fit` or not.
fn fault(answer: &Value, fit: bool) -> Option<&'static str> {
    let data = &answer["data"];
    if !data.is_null() && !fits(Some(data), &client_types()) {
        return Some("the data do not fit the schema");
    }
    let none = Vec::new();
    let errors = answer["errors"].as_array().unwrap_or(&none);
    if errors.is_empty() != fit {
        return Some(if fit {
            "an error for nothing"
        } else {
            "no error"
        });
    }
    for error in errors {
        if !error["extensions"]["code"].is_string() {
            return Some("an error without a code");
        }
        let path = error["path"].as_array().unwrap_or(&none);
        let keys = path.iter().filter_map(Value::as_str);
        if !is_known(&client_types(), keys) {
            return Some("a path that is not the client's");
        }
    }
    None
}

fn is_known<'k>(types: &Value, keys: impl Iterator<Item = &'k str>) -> bool {
    let mut types = types.clone();
    for key in keys {
        loop {
            types = match types {
                Value::Object(mut fields) if fields.contains_key("!") => fields["!"].take(),
                Value::Array(mut item) => item[0].take(),
                other => {
                    types = other;
                    break;
                }
            };
        }
        let is_fragment = key == "title" && types.get("id").is_some();
        let Some(found) = types
            .get(key)
            .cloned()
            .or(is_fragment.then_some(Value::Null))
        else {
            return false;
        };
        types = found;
    }
    true
}

#[tokio::test]
async fn no_wrong_answer_is_served_in_silence() {
    let wrong = Wrong::start().await;
    let (right, _) = posts();
    let (expected, fit) = wrong.ask(&right, &[]).await;
    assert!(fit && expected.get("errors").is_none(), "{expected}");

    let mut of_posts = Vec::new();
    places(&right, "", &mut of_posts);
    let mut of_users = Vec::new();
    let entities = json!({ "_entities": [user().0, user().0] });
    places(&entities, "", &mut of_users);
    let mut found: Map<String, Value> = Map::new();
    for change in changes() {
        for place in &of_posts[1..] {
            let mut answer = right.clone();
            apply(&change, place, &mut answer);
            let (answer, fit) = wrong.ask(&answer, &[]).await;
            if let Some(fault) = fault(&answer, fit) {
                found.insert(format!("{fault}: {change:?} at {place}"), answer);
            } else if matches!(change, Change::More)
                && fit
                && right.pointer(place).unwrap().is_object()
            {
                assert_eq!(answer, expected, "{change:?} at {place}");
            }
        }
        for place in &of_users[1..] {
            let changed = [(change.clone(), place.clone())];
            let (answer, fit) = wrong.ask(&right, &changed).await;
            if let Some(fault) = fault(&answer, fit) {
                found.insert(format!("{fault}: {change:?} at {place}"), answer);
            } else if matches!(change, Change::More)
                && fit
                && entities.pointer(place).unwrap().is_object()
            {
                assert_eq!(answer, expected, "{change:?} at {place}");
            }
        }
    }
    assert!(found.is_empty(), "{} faults: {:#?}", found.len(), found);
}

#[tokio::test]
async fn no_answers_that_are_wrong_together_are_served_in_silence() {
    const ROUNDS: usize = 500;
    let wrong = Wrong::start().await;
    let (right, _) = posts();
    let (mut of_posts, mut of_users) = (Vec::new(), Vec::new());
    places(&right, "", &mut of_posts);
    places(
        &json!({ "_entities": [user().0, user().0] }),
        "",
        &mut of_users,
    );
    let changes = changes();
    // the same in each run: a multiplier without a common factor goes through all
    let mut round = 0;
    let mut pick = |below: usize| {
        round += 1;
        (round * 7_919 + round / below) % below
    };
    for _ in 0..ROUNDS {
        let mut one = || (changes[pick(changes.len())].clone(), pick(usize::MAX));
        let [a, b, c, d] = [one(), one(), one(), one()];
        let mut answer = right.clone();
        for (change, at) in [&a, &b] {
            let places = &of_posts[1..];
            apply(change, &places[at % places.len()], &mut answer);
        }
        let users: Vec<_> = [c, d]
            .into_iter()
            .map(|(change, at)| (change, of_users[1 + at % (of_users.len() - 1)].clone()))
            .collect();
        let (got, fit) = wrong.ask(&answer, &users).await;
        if let Some(fault) = fault(&got, fit) {
            panic!("{fault}: {answer}, {users:?}: {got}");
        }
    }
}
