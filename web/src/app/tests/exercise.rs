//! Exercises: how they are done, and those that a person makes.

use super::*;

const ID: &str = "01890a5d-ac96-774b-bcce-b302099a8057";

/// An exercise of the person as the graph answers it.
fn exercise() -> Value {
    json!({
        "id": ID,
        "name": "Ring <dip>",
        "equipment": "OTHER",
        "measurement": "ASSISTED",
        "primaryMuscleGroups": [{ "id": "chest", "name": "Chest" }],
        "secondaryMuscleGroups": [],
        "description": "Go up. Go down.",
        "instructions": ["Go up.", "Go down."],
        "videoUrl": null,
        "level": null,
        "movement": "VERTICAL_PUSH",
        "isUnilateral": true,
        "isOwn": true,
        "isDeleted": false,
        "alternatives": [],
        "records": {
            "heaviestWeight": null, "epleyOneRepMax": null, "brzyckiOneRepMax": null, "sessionVolume": null, "mostReps": [],
        },
        "progress": [],
        "history": { "nodes": [], "pageInfo": { "hasNextPage": false, "endCursor": null } },
    })
}

fn muscle_groups() -> Value {
    json!([{ "id": "chest", "name": "Chest" }, { "id": "triceps", "name": "Triceps" }])
}

/// A graph that knows one exercise and refuses to keep what has no name.
async fn site(exercise: Value) -> Site {
    let refused = json!([
        { "code": "INVALID", "message": "Must not be empty", "field": ["input", "name"] },
        { "code": "INVALID", "message": "Not an address", "field": ["input", "videoUrl"] },
        { "code": "INVALID", "message": "No such muscle", "field": ["input", "primaryMuscleGroupIds"] },
    ]);
    Site::with_graph(
        move |asked| match asked["operationName"].as_str().unwrap_or_default() {
            "MuscleGroups" => json!({ "muscleGroups": muscle_groups() }),
            "Exercise" => json!({ "exercise": exercise }),
            "OwnExercise" => json!({ "muscleGroups": muscle_groups(), "exercise": exercise }),
            "DeleteExercise" => json!({ "payload": { "userErrors": [] } }),
            _ => json!({ "payload": { "userErrors": refused } }),
        },
    )
    .await
}

#[tokio::test]
async fn an_exercise_shows_its_steps_in_order() {
    let site = site(exercise()).await;
    let cookie = site.signed_in(&session(TimeDelta::minutes(15)));
    let path = format!("/exercises/{ID}");
    let page = site.get(&path, &[(header::COOKIE, &cookie)]).await;
    assert_eq!(page.status, StatusCode::OK);
    let steps = "Техника</h2><ol class=\"steps prose\"><li>Go up.</li><li>Go down.</li></ol>";
    assert!(page.html.contains(steps), "{}", page.html);
    assert!(!page.html.contains("Go up. Go down."), "the steps once");
    assert!(page.html.contains(&format!("href=\"{path}/edit\"")));
    assert!(page.html.contains("Ring &lt;dip&gt;"));
}

#[tokio::test]
async fn a_new_exercise_that_is_refused_keeps_what_was_entered() {
    let site = site(exercise()).await;
    let session = session(TimeDelta::minutes(15));
    let cookie = site.signed_in(&session);
    let page = site
        .get("/exercises/new", &[(header::COOKIE, &cookie)])
        .await;
    assert_eq!(page.status, StatusCode::OK);
    let token = site.app.csrf().token(session.id);
    let body = format!(
        "csrf={token}&name=&measurement=TIME&movement=CARRY&equipment=BAND&secondary=triceps&video=nowhere&steps=One%0D%0ATwo&one_side=on"
    );
    let page = site.post("/exercises", &cookie, &body).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    for expected in [
        "id=\"own-exercise-name-error\">Must not be empty<",
        "id=\"own-exercise-video-error\">Not an address<",
        "id=\"own-exercise-primary-error\">No such muscle<",
        "value=\"triceps\" checked",
        "value=\"TIME\" selected",
        "value=\"BAND\" selected",
        "value=\"CARRY\" selected",
        "value=\"nowhere\"",
        "name=\"one_side\" value=\"on\" checked",
        "One\r\nTwo",
    ] {
        assert!(page.html.contains(expected), "{expected}: {}", page.html);
    }
}

#[tokio::test]
async fn an_own_exercise_is_edited_and_deleted() {
    let site = site(exercise()).await;
    let session = session(TimeDelta::minutes(15));
    let cookie = site.signed_in(&session);
    let edit = format!("/exercises/{ID}/edit");
    let page = site.get(&edit, &[(header::COOKIE, &cookie)]).await;
    assert_eq!(page.status, StatusCode::OK);
    for expected in [
        "value=\"Ring &lt;dip&gt;\"",
        "value=\"chest\" checked",
        "value=\"ASSISTED\" selected",
        "value=\"VERTICAL_PUSH\" selected",
        "Go up.\nGo down.</textarea>",
    ] {
        assert!(page.html.contains(expected), "{expected}: {}", page.html);
    }
    let token = site.app.csrf().token(session.id);
    let path = format!("/exercises/{ID}");
    let page = site
        .post(&path, &cookie, &format!("csrf={token}&name="))
        .await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.html.contains("Must not be empty"));
    let answer = site
        .post(&format!("{path}/delete"), &cookie, &format!("csrf={token}"))
        .await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(answer.location(), "/exercises");
    let refused = site.post(&path, &cookie, "name=Dip").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "without its token");
}

#[tokio::test]
async fn only_own_exercises_are_edited() {
    let (mut of_the_catalogue, mut deleted) = (exercise(), exercise());
    of_the_catalogue["isOwn"] = json!(false);
    deleted["isDeleted"] = json!(true);
    for found in [of_the_catalogue, deleted, Value::Null] {
        let is_there = !found.is_null();
        let site = site(found).await;
        let cookie = site.signed_in(&session(TimeDelta::minutes(15)));
        let path = format!("/exercises/{ID}");
        let page = site
            .get(&format!("{path}/edit"), &[(header::COOKIE, &cookie)])
            .await;
        assert_eq!(page.status, StatusCode::NOT_FOUND);
        let page = site.get(&path, &[(header::COOKIE, &cookie)]).await;
        assert!(!page.html.contains("edit-exercise"));
        assert_eq!(page.status == StatusCode::OK, is_there);
    }
}
