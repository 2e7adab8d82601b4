//! The settings of generated workouts, over a router that knows one person's.

use std::sync::{Arc, Mutex};

use super::*;

fn settings() -> Value {
    json!({
        "generationSettings": {
            "basePrompt": "I like pull-ups", "varietyLevel": 3, "primaryGoal": "STRENGTH",
            "secondaryGoals": ["Run 10 km", "A handstand"], "experienceLevel": "ADVANCED",
            "daysPerWeek": 4, "sessionDurationMinutes": 75, "injuries": "left knee",
            "priorityMuscleGroups": [{ "id": "7" }], "workoutPlanType": "UPPER_LOWER",
            "equipment": ["BARBELL"],
        },
        "generationAllowance": { "perDay": 5, "left": 2 },
        "muscleGroups": [{ "id": "7", "name": "Chest" }, { "id": "8", "name": "Calves" }],
    })
}

/// A site whose graph refuses days that are too many, and what was sent to it.
async fn site() -> (Site, Arc<Mutex<Vec<Value>>>) {
    let sent = Arc::new(Mutex::new(Vec::new()));
    let kept = sent.clone();
    let site = Site::with_graph(move |asked| {
        if asked["operationName"] == "GenerationSettings" {
            return settings();
        }
        let input = asked["variables"]["input"].clone();
        let mut errors = Vec::new();
        if input["daysPerWeek"].as_i64() > Some(7) {
            let field = ["input", "daysPerWeek"];
            errors.push(
                json!({ "code": "INVALID", "message": "Must be from 1 to 7", "field": field }),
            );
        }
        kept.lock().unwrap().push(input);
        json!({ "payload": { "userErrors": errors } })
    })
    .await;
    (site, sent)
}

fn signed_in(site: &Site) -> (String, String) {
    let session = session(TimeDelta::minutes(15));
    let token = site.app.csrf().token(session.id);
    (site.signed_in(&session), token)
}

#[tokio::test]
async fn the_form_shows_what_is_stored() {
    let (site, _) = site().await;
    let (cookie, _) = signed_in(&site);
    let page = site.get("/generation", &[(header::COOKIE, &cookie)]).await;
    assert_eq!(page.status, StatusCode::OK);
    for shown in [
        "Осталось на сегодня: 2 из 5.",
        "<option value=\"STRENGTH\" selected>",
        "<option value=\"UPPER_LOWER\" selected>",
        "<option value=\"3\" selected>",
        "name=\"days\" type=\"text\" value=\"4\"",
        "name=\"equipment\" value=\"BARBELL\" checked>",
        "name=\"equipment\" value=\"DUMBBELL\">",
        "name=\"priority\" value=\"7\" checked>",
        "name=\"priority\" value=\"8\">",
        "Run 10 km\nA handstand",
        "left knee",
        "I like pull-ups",
    ] {
        assert!(page.html.contains(shown), "{shown}: {}", page.html);
    }
}

#[tokio::test]
async fn what_is_entered_is_sent_and_an_empty_list_is_sent_too() {
    let (site, sent) = site().await;
    let (cookie, token) = signed_in(&site);
    let body = format!(
        "csrf={token}&goal=ENDURANCE&level=BEGINNER&plan=SPLIT&days=2&minutes=30&variety=1\
         &equipment=BAND&equipment=KETTLEBELL&equipment=nonsense&other_goals=One%0D%0A%0D%0A+Two+\
         &injuries=&base_prompt=+Quick+"
    );
    let answer = site.post("/generation", &cookie, &body).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(answer.location(), "/generation");
    assert_eq!(
        sent.lock().unwrap()[0],
        json!({
            "primaryGoal": "ENDURANCE", "secondaryGoals": ["One", "Two"], "experienceLevel": "BEGINNER",
            "workoutPlanType": "SPLIT", "daysPerWeek": 2, "sessionDurationMinutes": 30, "varietyLevel": 1,
            "priorityMuscleGroupIds": [], "equipment": ["BAND", "KETTLEBELL"], "injuries": "",
            "basePrompt": "Quick",
        })
    );
}

#[tokio::test]
async fn what_is_refused_stands_beside_its_field_with_what_was_entered() {
    let (site, sent) = site().await;
    let (cookie, token) = signed_in(&site);
    let body = format!("csrf={token}&days=9&minutes=30&equipment=BAND");
    let answer = site.post("/generation", &cookie, &body).await;
    let error = "id=\"generation-days-error\">Must be from 1 to 7<";
    assert!(answer.html.contains(error), "{}", answer.html);
    assert!(
        answer
            .html
            .contains("name=\"days\" type=\"text\" value=\"9\"")
    );
    assert!(answer.html.contains("value=\"BAND\" checked>"));
    assert!(!answer.html.contains("value=\"BARBELL\" checked>"));

    let body = format!("csrf={token}&days=&minutes=soon");
    let answer = site.post("/generation", &cookie, &body).await;
    for field in ["days", "minutes"] {
        let error = format!("id=\"generation-{field}-error\">Введите целое число.<");
        assert!(answer.html.contains(&error), "{}", answer.html);
    }
    assert_eq!(
        sent.lock().unwrap().len(),
        1,
        "what cannot be right is not sent"
    );
}
