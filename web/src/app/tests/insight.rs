//! Progress and measurements, over a router that knows one person's.

use super::*;

fn signed_in(site: &Site) -> (String, String) {
    let session = session(TimeDelta::minutes(15));
    let token = site.app.csrf().token(session.id);
    (site.signed_in(&session), token)
}

fn progress(asked: &Value) -> Value {
    assert_eq!(asked["variables"]["timeZone"], "Europe/Berlin");
    assert_eq!(asked["variables"]["month"], "2026-10-01");
    let week = |monday: &str, sets: u32| {
        json!({ "startsOn": monday, "workouts": 1, "sets": sets, "volumeKg": 1000.0,
                "muscleGroups": [{ "sets": sets, "muscleGroup": { "name": "<Chest>" } }] })
    };
    json!({
        "streak": { "currentWeeks": 3, "longestWeeks": 7, "trainedThisWeek": false },
        "weeks": [week("2026-10-05", 12), week("2026-10-12", 9)],
        "days": [{ "date": "2026-10-14", "workouts": [{ "id": "w1" }, { "id": "w2" }] }],
    })
}

#[tokio::test]
async fn progress_is_drawn_and_written() {
    let site = Site::with_graph(progress).await;
    let (cookies, _) = signed_in(&site);
    let cookies = format!("{cookies}; setwise_time_zone=Europe/Berlin");
    let page = site
        .get("/progress?month=2026-10", &[(header::COOKIE, &cookies)])
        .await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.html);
    assert!(page.html.contains("<svg class=\"chart\""));
    assert!(page.html.contains("<table class=\"numbers\" id=\"weeks\">"));
    assert!(
        page.html
            .contains("class=\"trained\" href=\"/workouts/w1\"")
    );
    assert!(page.html.contains("href=\"/progress?month=2026-09\""));
    assert!(page.html.contains("&lt;Chest&gt;") && !page.html.contains("<Chest>"));
    assert!(!page.html.contains(" style="), "the policy forbids it");
}

#[tokio::test]
async fn a_time_zone_that_is_not_known_is_asked_for_as_utc() {
    let site = Site::with_graph(|asked| {
        assert_eq!(asked["variables"]["timeZone"], "UTC");
        let streak = json!({ "currentWeeks": 0, "longestWeeks": 0, "trainedThisWeek": false });
        json!({ "streak": streak, "weeks": [], "days": [] })
    })
    .await;
    let (cookies, _) = signed_in(&site);
    let cookies = format!("{cookies}; setwise_time_zone=Mars/Olympus_Mons");
    let page = site.get("/progress", &[(header::COOKIE, &cookies)]).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.html);
}

#[tokio::test]
async fn a_month_that_is_none_is_not_found() {
    let site = Site::with_graph(|_| json!({})).await;
    let (cookies, _) = signed_in(&site);
    let page = site
        .get("/progress?month=soon", &[(header::COOKIE, &cookies)])
        .await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
}

fn measurements(asked: &Value) -> Value {
    if asked["operationName"] != "BodyMeasurements" {
        let refused = json!({ "code": "INVALID", "message": "Too heavy", "field": ["value"] });
        return json!({ "payload": { "userErrors": [refused] } });
    }
    let one = |value: f64, day: &str| {
        json!({ "id": day, "kind": "BODY_WEIGHT", "value": value, "unit": "KG", "metricValue": value,
                "measuredAt": format!("{day}T07:00:00Z") })
    };
    json!({
        "latestBodyMeasurements": [one(80.5, "2026-10-14")],
        "bodyMeasurements": { "nodes": [one(80.5, "2026-10-14"), one(82.0, "2026-10-07")],
                              "pageInfo": { "hasNextPage": false, "endCursor": null } },
    })
}

#[tokio::test]
async fn measurements_show_their_history_and_what_was_refused() {
    let site = Site::with_graph(measurements).await;
    let (cookies, token) = signed_in(&site);
    let page = site
        .get("/measurements", &[(header::COOKIE, &cookies)])
        .await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.html);
    assert!(page.html.contains("<svg class=\"chart\""));
    assert!(page.html.contains("80,5\u{a0}кг") && page.html.contains("82\u{a0}кг"));
    let body = format!("csrf={token}&kind=BODY_WEIGHT&value=1000&unit=KG&date=");
    let page = site.post("/measurements", &cookies, &body).await;
    assert_eq!(
        page.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "{}",
        page.html
    );
    assert!(page.html.contains("Too heavy") && page.html.contains("value=\"1000\""));
}
