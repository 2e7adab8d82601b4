//! Which forms are let in.

use super::*;

#[tokio::test]
async fn a_form_whose_session_has_ended_leads_to_the_sign_in_and_back() {
    let site = Site::new();
    let cookie = site.signed_in(&session(TimeDelta::minutes(15)));
    let page = site.get("/routines", &[(header::COOKIE, &cookie)]).await;
    let body = format!("csrf={}&reps=5", page.token());
    let path = "/workouts/1/exercises/2/sets";
    let sign_in = "/sign-in?return=%2Fworkouts%2F1";
    for gone in ["", "setwise_session=sealed-with-another-key"] {
        let answer = site.post_by_script(path, "/workouts/1", gone, &body).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(answer.headers["hx-redirect"], sign_in);

        let request = form(path, gone)
            .header(header::REFERER, "http://127.0.0.1:3000/workouts/1")
            .body(Body::from(body.clone()));
        let answer = site.send(request.unwrap()).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        assert_eq!(answer.location(), sign_in);
        let page = site
            .get(sign_in, &[(header::COOKIE, &answer.cookies)])
            .await;
        assert!(page.html.contains("Your session has ended"));
        assert!(page.html.contains("name=\"return\" value=\"/workouts/1\""));
    }
}

#[tokio::test]
async fn a_form_of_another_session_is_refused() {
    let site = Site::new();
    let first = site.signed_in(&session(TimeDelta::minutes(15)));
    let second = site.signed_in(&session(TimeDelta::minutes(15)));
    let page = site.get("/routines", &[(header::COOKIE, &first)]).await;
    let body = format!("csrf={}&name=Push", page.token());
    let answer = site.post("/routines", &second, &body).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_form_without_its_token_is_refused() {
    let site = Site::new();
    let page = site.get("/sign-in", &[]).await;
    let refused = site
        .post("/sign-in", &page.cookies, "email=a&password=b")
        .await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let stranger = site
        .post("/sign-in", "", &format!("csrf={}", page.token()))
        .await;
    assert_eq!(
        stranger.status,
        StatusCode::FORBIDDEN,
        "the token is bound to the visitor"
    );
    let own = site
        .post("/sign-in", &page.cookies, &format!("csrf={}", page.token()))
        .await;
    assert_eq!(own.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_form_from_another_origin_is_refused() {
    let site = Site::new();
    let page = site.get("/sign-in", &[]).await;
    let request = Request::post("/sign-in")
        .header(header::COOKIE, &page.cookies)
        .header(header::HOST, "127.0.0.1:3000")
        .header(header::ORIGIN, "https://evil.example")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let body = Body::from(format!("csrf={}&email=a&password=b", page.token()));
    let refused = site.send(request.body(body).unwrap()).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn an_avatar_without_a_token_is_refused() {
    let site = Site::new();
    let cookie = site.signed_in(&session(TimeDelta::minutes(15)));
    let body = "--x\r\nContent-Disposition: form-data; name=\"picture\"; filename=\"a.png\"\r\n\
        Content-Type: image/png\r\n\r\npng\r\n--x--\r\n";
    let request = Request::post("/profile/avatar")
        .header(header::COOKIE, cookie)
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=x");
    let refused = site.send(request.body(Body::from(body)).unwrap()).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn only_the_avatar_takes_a_form_with_a_file() {
    let site = Site::new();
    let cookie = site.signed_in(&session(TimeDelta::minutes(15)));
    for path in [
        "/profile",
        "/routines",
        "/workouts",
        "/workouts/01890a5d-ac96-774b-bcce-b302099a8057/discard",
        "/sign-out",
    ] {
        let request = Request::post(path)
            .header(header::COOKIE, &cookie)
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=x");
        let body = Body::from("--x--\r\n");
        let refused = site.send(request.body(body).unwrap()).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{path}");
    }
}

#[tokio::test]
async fn what_makes_something_is_sent_with_the_key_that_its_form_was_drawn_with() {
    let (site, inputs) = Site::that_changes(json!({
        "muscleGroups": [],
        "latestBodyMeasurements": [],
        "bodyMeasurements": { "nodes": [], "pageInfo": { "hasNextPage": false } },
    }))
    .await;
    let cookie = site.signed_in(&session(TimeDelta::minutes(15)));
    for (form, action, fields) in [
        ("/exercises/new", "/exercises", "name=Dip"),
        (
            "/measurements",
            "/measurements",
            "kind=BODY_WEIGHT&value=80&unit=KG",
        ),
    ] {
        let page = site.get(form, &[(header::COOKIE, &cookie)]).await;
        let (_, key) = page.html.split_once("name=\"key\" value=\"").expect(form);
        let (key, _) = key.split_once('"').unwrap();
        let body = format!("csrf={}&key={key}&{fields}", page.token());
        let answer = site.post(action, &cookie, &body).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.html);
        let input = inputs.lock().unwrap().pop().unwrap();
        assert_eq!(input["clientMutationId"], key, "{action}");
    }
}

#[tokio::test]
async fn what_a_form_shows_rounded_or_in_another_unit_stays_when_it_is_not_changed() {
    let profile = json!({
        "id": "1", "email": "anna@example.org", "displayName": "Anna", "firstName": "Anna", "lastName": null,
        "dateOfBirth": null, "heightCm": 168.25, "weightKg": 62.04, "language": "RU", "weightUnit": "LB", "avatar": null,
    });
    let weight = json!({
        "id": "2", "kind": "BODY_WEIGHT", "value": 62.041, "unit": "KG", "metricValue": 62.041,
        "measuredAt": "2026-10-14T07:00:00Z",
    });
    let history = json!({ "nodes": [weight], "pageInfo": { "hasNextPage": false } });
    let data = json!({ "me": profile, "latestBodyMeasurements": [], "bodyMeasurements": history });
    let (site, inputs) = Site::that_changes(data).await;
    let cookie = site.signed_in(&session(TimeDelta::minutes(15)));
    let profile = ("/profile", "profile", "/profile");
    let measured = ("/measurements", "edit-2", "/measurements/2");
    let id = "bodyMeasurementId";
    for (form, changed, sent) in [
        (
            profile,
            ("last_name", "Berg"),
            json!({ "lastName": "Berg" }),
        ),
        (profile, ("height", ""), json!({ "heightCm": null })),
        (profile, ("language", "EN"), json!({ "language": "EN" })),
        (
            profile,
            ("weight", "100"),
            json!({ "weightKg": 45.359_237 }),
        ),
        (measured, ("unit", "LB"), json!({ id: "2", "unit": "LB" })),
        (
            measured,
            ("value", "62"),
            json!({ id: "2", "value": 62.0, "unit": "KG" }),
        ),
    ] {
        let answer = site.send_form(form, &cookie, &[changed]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{changed:?}");
        assert_eq!(inputs.lock().unwrap().pop().unwrap(), sent, "{changed:?}");
    }
}
