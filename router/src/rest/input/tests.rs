use serde::Deserialize;
use serde_json::{Value, json};

use super::{Float, Int32, Slice, Text, Texts, Window, json as read, nonzero, query};
use crate::rest::failure::Failure;

#[derive(Debug, Default, Deserialize, PartialEq)]
#[serde(rename_all = "camelCase", default)]
struct Message {
    group_ids: Texts,
    reps: Option<Int32>,
    body_weight: Option<Float>,
    inner: Option<Inner>,
    #[serde(deserialize_with = "nonzero")]
    sets: Option<Int32>,
}

#[derive(Debug, Default, Deserialize, PartialEq)]
#[serde(rename_all = "camelCase")]
struct Inner {
    refresh_token: Text,
}

fn of(value: &Value) -> Message {
    read(value.to_string().as_bytes()).unwrap()
}

fn message(result: Result<Message, Failure>) -> String {
    match result.unwrap_err() {
        Failure::Field { name, problem } => format!("{name}: {problem:?}"),
        other => format!("{other:?}"),
    }
}

#[test]
fn reads_both_spellings_and_ignores_the_unknown() {
    let expected = Message {
        body_weight: Some(Float(80.5)),
        inner: Some(Inner {
            refresh_token: Text("r".into()),
        }),
        ..Message::default()
    };
    let camel = json!({ "bodyWeight": 80.5, "inner": { "refreshToken": "r" }, "other": [1] });
    let snake = json!({ "body_weight": "80.5", "inner": { "refresh_token": "r" }, "reps": null });
    assert_eq!(of(&camel), expected);
    assert_eq!(of(&snake), expected);
}

#[test]
fn reads_numbers_as_strings_and_whole_floats_as_integers() {
    for reps in [json!(8), json!("8"), json!(8.0), json!("8.0"), json!("8e0")] {
        assert_eq!(of(&json!({ "reps": reps })).reps, Some(Int32(8)), "{reps}");
    }
    for reps in [
        json!(8.5),
        json!("eight"),
        json!(true),
        json!(3_000_000_000_u64),
        json!(""),
    ] {
        let body = json!({ "reps": reps }).to_string();
        assert!(
            message(read(body.as_bytes())).starts_with("reps: "),
            "{body}"
        );
    }
    for weight in [json!("NaN"), json!("Infinity"), json!(1e300), json!([])] {
        let body = json!({ "bodyWeight": weight }).to_string();
        assert!(
            message(read(body.as_bytes())).starts_with("bodyWeight: "),
            "{body}"
        );
    }
    assert_eq!(of(&json!({ "sets": 0 })).sets, None);
    assert_eq!(of(&json!({ "sets": 3 })).sets, Some(Int32(3)));
}

#[test]
fn names_the_field_that_is_missing_or_empty() {
    assert_eq!(
        message(read(br#"{"inner":{}}"#)),
        "inner.refreshToken: Missing"
    );
    assert_eq!(
        message(read(br#"{"inner":{"refreshToken":null}}"#)),
        "inner.refreshToken: Missing"
    );
    assert_eq!(
        message(read(br#"{"inner":{"refreshToken":" "}}"#)),
        "inner.refreshToken: Empty"
    );
    let Failure::Field { name, .. } = read::<Inner>(b"").unwrap_err() else {
        panic!("an empty body has no fields");
    };
    assert_eq!(name, "refreshToken");
}

#[test]
fn reads_an_empty_body_as_an_empty_message() {
    for body in ["", " \n", "{}"] {
        assert_eq!(
            read::<Message>(body.as_bytes()).unwrap(),
            Message::default()
        );
    }
    for body in ["{", "[]", "null", "\"text\"", "{\"reps\":1}}"] {
        let failure = read::<Message>(body.as_bytes()).unwrap_err();
        assert!(matches!(failure, Failure::Malformed(_)), "{body}");
    }
}

#[test]
fn reads_lists_in_a_query() {
    for text in [
        "groupIds=a&groupIds=b",
        "groupIds[]=a&groupIds[]=b",
        "group_ids%5B%5D=a&group_ids[]=b&other=1",
    ] {
        let read: Message = query(text).unwrap();
        assert_eq!(
            read.group_ids,
            Texts(vec!["a".into(), "b".into()]),
            "{text}"
        );
    }
    assert_eq!(query::<Message>("groupIds=a").unwrap().group_ids.0, ["a"]);
    assert_eq!(query::<Message>("groupIds=").unwrap().group_ids.0, [""; 0]);
    assert_eq!(query::<Message>("").unwrap(), Message::default());
    assert_eq!(query::<Message>("reps=5").unwrap().reps, Some(Int32(5)));
    assert!(query::<Message>("reps=5&reps=6").is_err());
}

#[test]
fn bounds_a_window() {
    let slice = |text| query::<Window>(text).and_then(|window| window.slice());
    let of = |offset, first| Slice { offset, first };
    assert_eq!(slice("").unwrap(), of(0, 20));
    assert_eq!(slice("offset=40&limit=7").unwrap(), of(40, 7));
    assert_eq!(slice("limit=1000").unwrap(), of(0, 100));
    assert_eq!(slice("limit=0").unwrap(), of(0, 20));
    for text in ["limit=-1", "offset=-1", "limit=x", "offset=2147483648"] {
        assert!(slice(text).is_err(), "{text}");
    }
}
