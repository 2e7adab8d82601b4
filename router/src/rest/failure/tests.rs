use super::*;

fn refused(code: &str) -> Failure {
    let error = serde_json::json!({ "code": code, "message": "no", "field": ["heightCm"] });
    Failure::Refused(serde_json::from_value(error).unwrap())
}

#[test]
fn maps_what_a_mutation_refuses() {
    for (code, expected) in [
        ("INVALID", Code::InvalidArgument),
        ("FAILED_PRECONDITION", Code::InvalidArgument),
        ("INVALID_CREDENTIALS", Code::InvalidArgument),
        ("INVALID_TOKEN", Code::InvalidArgument),
        ("NOT_FOUND", Code::NotFound),
        ("ALREADY_EXISTS", Code::AlreadyExists),
        ("RESOURCE_EXHAUSTED", Code::ResourceExhausted),
    ] {
        assert_eq!(refused(code).code(), expected, "{code}");
    }
    assert_eq!(refused("INVALID").message(Locale::En), "height: no");
}

#[test]
fn maps_what_the_graph_says() {
    for (graph, number, http) in [
        ("UNAUTHENTICATED", 16, 401),
        ("FORBIDDEN", 7, 403),
        ("RATE_LIMITED", 8, 429),
        ("BAD_USER_INPUT", 3, 400),
        ("NOT_FOUND", 5, 404),
        ("SUBGRAPH_UNAVAILABLE", 14, 503),
        ("AUTHENTICATION_UNAVAILABLE", 14, 503),
        ("GATEWAY_TIMEOUT", 4, 504),
        ("INTERNAL_SERVER_ERROR", 13, 500),
        ("GRAPHQL_VALIDATION_FAILED", 13, 500),
    ] {
        let error = GraphError::new(graph, "no");
        let code = Failure::from_graph("Test", [&error].into_iter())
            .unwrap()
            .code();
        assert_eq!(
            (code.number(), code.http().as_u16()),
            (number, http),
            "{graph}"
        );
    }
}

#[test]
fn prefers_the_error_that_asks_to_sign_in() {
    let errors = [
        GraphError::new("INTERNAL_SERVER_ERROR", "secret"),
        GraphError::new("UNAUTHENTICATED", "sign in"),
    ];
    let failure = Failure::from_graph("Test", errors.iter()).unwrap();
    assert_eq!(failure.code(), Code::Unauthenticated);
    let failure = Failure::from_graph("Test", errors[..1].iter()).unwrap();
    assert_eq!(failure.message(Locale::En), "internal error");
    assert!(Failure::from_graph("Test", [].iter()).is_none());
}

#[test]
fn says_when_to_come_back() {
    let mut error = GraphError::new("RATE_LIMITED", "slower");
    error
        .extensions
        .insert("retryAfterSeconds".into(), 7.into());
    let response = Failure::from_graph("Test", [&error].into_iter())
        .unwrap()
        .answer(Locale::Ru);
    assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(response.headers()[RETRY_AFTER], "7");
    let error = serde_json::json!({
        "code": "RESOURCE_EXHAUSTED", "message": "tomorrow", "field": null, "retryAfterSeconds": 60,
    });
    let response = Failure::Refused(serde_json::from_value(error).unwrap()).answer(Locale::En);
    assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(response.headers()[RETRY_AFTER], "60");
    let response = refused("RESOURCE_EXHAUSTED").answer(Locale::En);
    assert_eq!(response.headers().get(RETRY_AFTER), None);
    let mut error = GraphError::new("SUBGRAPH_UNAVAILABLE", "down");
    let unavailable = |error: &GraphError| {
        let response = Failure::from_graph("Test", [error].into_iter());
        response.unwrap().answer(Locale::En).headers()[RETRY_AFTER].clone()
    };
    assert_eq!(unavailable(&error), "3");
    error
        .extensions
        .insert("retryAfterSeconds".into(), 9.into());
    assert_eq!(unavailable(&error), "9");
}

#[test]
fn asks_for_a_bearer_token() {
    let response = Failure::MissingToken.answer(Locale::En);
    assert_eq!(response.headers()[WWW_AUTHENTICATE], "Bearer");
    let response = Failure::NotFound.answer(Locale::En);
    assert_eq!(response.headers().get(WWW_AUTHENTICATE), None);
}
