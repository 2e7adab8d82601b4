//! Plates and warm-up, over a router that loads every bar with the same plates.

use super::*;

fn graph(asked: &Value) -> Value {
    let plates = json!({ "platesPerSide": [25.0, 1.25], "weight": 72.5, "missing": 0.5 });
    let warm_up = json!([{ "weight": 20.0, "reps": 10 }, { "weight": 50.0, "reps": 5 }]);
    match asked["operationName"].as_str() {
        Some("Loading") => {
            let variables = &asked["variables"];
            assert_eq!(variables["weight"], 73.0);
            assert_eq!(variables["unit"], "KG");
            let rack = json!([{ "weight": 25.0, "count": 2 }, { "weight": 1.25, "count": 20 }]);
            assert_eq!(variables["rack"], rack);
            assert_eq!(variables["bar"], 20.0);
            json!({ "plates": plates, "warmUpSets": warm_up })
        }
        _ => json!({ "plates": plates }),
    }
}

#[tokio::test]
async fn a_bar_is_loaded_and_climbed_to_and_the_rack_is_remembered() {
    let site = Site::with_graph(graph).await;
    let cookie = site.signed_in(&session(TimeDelta::minutes(15)));
    let path = "/plates?weight=73&unit=KG&bar=20&rack=25x2+1,25&back=/workouts/1%23log-2";
    let page = site.get(path, &[(header::COOKIE, &cookie)]).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.html);
    let html = page.html.replace('\u{a0}', " ");
    for shown in [
        "25 · 1,25",
        "не хватает 0,5 кг",
        "20 кг × 10",
        "50 кг × 5",
        "25 · 1,25 (72,5 кг)",
        "href=\"/workouts/1#log-2\"",
    ] {
        assert!(html.contains(shown), "{shown} is not in {html}");
    }
    // the next exercise leads here with its weight alone
    let cookie = format!("{cookie}; {}", page.cookies);
    let path = "/plates?weight=73&unit=KG";
    let page = site.get(path, &[(header::COOKIE, &cookie)]).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.html);
    assert!(page.html.contains("value=\"25x2 1,25\""), "{}", page.html);
}

#[tokio::test]
async fn a_bar_that_cannot_be_loaded_says_what_to_enter() {
    let site = Site::with_graph(|asked| panic!("{asked}")).await;
    let cookie = site.signed_in(&session(TimeDelta::minutes(15)));
    for (query, wrong) in [
        ("weight=0&bar=&rack=", "weight"),
        ("weight=1501&bar=&rack=", "weight"),
        ("weight=five&bar=&rack=", "weight"),
        ("weight=100&bar=0&rack=", "bar"),
        ("weight=100&bar=&rack=20x", "rack"),
    ] {
        let page = site
            .get(&format!("/plates?{query}"), &[(header::COOKIE, &cookie)])
            .await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{query}");
        let error = format!("id=\"plates-{wrong}-error\"");
        assert!(page.html.contains(&error), "{query}: {}", page.html);
    }
    let elsewhere = "/plates?back=https://evil.example";
    let page = site.get(elsewhere, &[(header::COOKIE, &cookie)]).await;
    assert_eq!(page.status, StatusCode::OK);
    for trace in ["href=\"https://evil.example", "name=\"back\""] {
        assert!(!page.html.contains(trace), "{}", page.html);
    }
}
