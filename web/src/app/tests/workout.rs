//! The sets of a workout, over a router that refuses every change.

use super::*;

/// A workout as the graph answers it, with one exercise, `2`.
fn workout(finished_at: Option<&str>) -> Value {
    let exercise = json!({
        "id": "3",
        "name": "Squat",
        "equipment": "BARBELL",
        "measurement": "REPS_WEIGHT",
        "primaryMuscleGroups": [],
    });
    let log = json!({
        "id": "2",
        "exercise": exercise,
        "weightUnit": "KG",
        "setLogs": [],
        "expectedSets": [],
        "previousSetLogs": [],
    });
    let report = json!({
        "totalSets": 0,
        "totalReps": 0,
        "totalVolumeKg": 0.0,
        "totalTimeSeconds": 0.0,
        "durationSeconds": 60.0,
    });
    json!({
        "id": "1",
        "startedAt": "2026-01-01T10:00:00Z",
        "finishedAt": finished_at,
        "isGenerated": false,
        "exerciseLogs": [log],
        "report": report,
    })
}

#[tokio::test]
async fn a_set_of_a_workout_that_ended_elsewhere_leads_to_what_became_of_it() {
    let finished = Some("2026-01-01T11:00:00Z");
    for (found, log, path, notice) in [
        (
            workout(finished),
            "2",
            "/workouts/1",
            "notice-workout-finished",
        ),
        (workout(None), "9", "/workouts/1", "notice-exercise-gone"),
        (Value::Null, "2", "/", "notice-workout-gone"),
    ] {
        let site = Site::with_workout(found).await;
        let session = session(TimeDelta::minutes(15));
        let cookie = site.signed_in(&session);
        let token = site.app.csrf().token(session.id);
        let body = format!("csrf={token}&reps=5&weight=60");
        for action in ["sets", "sets/4", "sets/4/remove"] {
            let action = format!("/workouts/1/exercises/{log}/{action}");
            let answer = site
                .post_by_script(&action, "/workouts/1", &cookie, &body)
                .await;
            assert_eq!(answer.status, StatusCode::OK, "{action}");
            assert_eq!(answer.headers["hx-redirect"], path, "{action}");
            assert!(answer.cookies.contains(notice), "{action}");
            let answer = site.post(&action, &cookie, &body).await;
            assert_eq!(answer.location(), path, "{action}");
        }
    }
}

#[tokio::test]
async fn a_refused_set_of_a_live_workout_stays_on_the_screen() {
    let site = Site::with_workout(workout(None)).await;
    let session = session(TimeDelta::minutes(15));
    let cookie = site.signed_in(&session);
    let body = format!("csrf={}&reps=5", site.app.csrf().token(session.id));
    let path = "/workouts/1/exercises/2/sets";
    let answer = site.post(path, &cookie, &body).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.html.contains("id=\"log-2\""));
}
