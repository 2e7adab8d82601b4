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

#[tokio::test]
async fn a_form_that_logs_a_set_has_a_key_of_its_own_each_time_it_is_drawn() {
    let site = Site::with_workout(workout(None)).await;
    let cookie = site.signed_in(&session(TimeDelta::minutes(15)));
    let cookie = [(header::COOKIE, cookie.as_str())];
    let mut keys = Vec::new();
    for _ in 0..2 {
        let page = site.get("/workouts/1", &cookie).await;
        let (_, form) = page.html.split_once("id=\"log-set-2\"").unwrap();
        let (_, key) = form.split_once("name=\"key\" value=\"").unwrap();
        let (key, _) = key.split_once('"').unwrap();
        keys.push(key.parse::<uuid::Uuid>().unwrap());
    }
    assert_ne!(keys[0], keys[1]);
}

#[tokio::test]
async fn the_plan_of_a_set_its_reason_and_its_rest_stand_at_the_form() {
    let mut workout = workout(None);
    let log = &mut workout["exerciseLogs"][0];
    log["progressionReason"] = "3x8 at 80 kg done: 82.5 kg".into();
    log["supersetGroup"] = 2.into();
    log["expectedSets"] = json!([
        { "kind": "TO_FAILURE", "reps": 8, "maxReps": 12, "weight": 82.5, "rpe": 9.5, "restSeconds": 150 },
    ]);
    let site = Site::with_workout(workout).await;
    let cookie = site.signed_in(&session(TimeDelta::minutes(15)));
    let page = site
        .get("/workouts/1", &[(header::COOKIE, cookie.as_str())])
        .await;
    let html = page.html.replace('\u{a0}', " ");
    for shown in [
        "3x8 at 80 kg done: 82.5 kg",
        "Суперсет 2",
        "82,5 кг × 8–12 · до отказа · RPE 9,5",
        "data-rest-after=\"150\"",
    ] {
        assert!(html.contains(shown), "{shown} is not in {html}");
    }
}

#[tokio::test]
async fn changes_of_a_workout_are_told_without_what_they_are() {
    let events = "event: next\ndata: {\"data\":{\"workoutUpdated\":{\"id\":\"1\"}}}\n\n:\n\n\
        event: next\ndata: {\"data\":{\"workoutUpdated\":null}}\n\nevent: complete\ndata: \n\n:\n\n";
    let site = Site::with_events(events).await;
    let cookie = site.signed_in(&session(TimeDelta::minutes(15)));
    let path = "/workouts/1/changes";
    let told = site.get(path, &[(header::COOKIE, &cookie)]).await;
    assert_eq!(told.status, StatusCode::OK);
    assert_eq!(told.headers[header::CONTENT_TYPE], "text/event-stream");
    let changed = "event: changed\ndata: 1\n\n";
    assert_eq!(told.html, format!("{changed}:\n\n{changed}"));
    assert_eq!(site.get(path, &[]).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_live_workout_says_how_it_is_followed_and_a_finished_one_does_not() {
    let followed = "data-changes=\"/workouts/1/changes\"";
    for (finished, is_followed) in [(None, true), (Some("2026-01-01T11:00:00Z"), false)] {
        let site = Site::with_workout(workout(finished)).await;
        let cookie = site.signed_in(&session(TimeDelta::minutes(15)));
        let page = site.get("/workouts/1", &[(header::COOKIE, &cookie)]).await;
        assert_eq!(page.html.contains(followed), is_followed, "{}", page.html);
        // and without a script there is a link
        let link = "class=\"no-script\" id=\"look\" href=\"/workouts/1\"";
        assert_eq!(page.html.contains(link), is_followed, "{}", page.html);
    }
}

/// A live workout in kilograms with one set, which was entered in pounds on another device.
fn workout_with_a_set() -> Value {
    let mut workout = workout(None);
    workout["exerciseLogs"][0]["notes"] = "Slow\ndown".into();
    workout["exerciseLogs"][0]["powerRating"] = 7.into();
    workout["exerciseLogs"][0]["setLogs"] = json!([
        { "id": "4", "reps": 5, "weight": 61.24, "weightKg": 61.234_969_95, "kind": "DROP", "rpe": 4.5 },
    ]);
    workout
}

#[tokio::test]
async fn of_a_set_only_what_was_changed_is_saved() {
    let (site, inputs) = Site::that_changes(json!({ "workout": workout_with_a_set() })).await;
    let cookie = site.signed_in(&session(TimeDelta::minutes(15)));
    let set = "/workouts/1/exercises/2/sets/4";
    for (changed, sent) in [
        (&[("reps", "6")][..], json!({ "reps": 6 })),
        (&[("kind", "NORMAL")], json!({ "kind": "NORMAL" })),
        (&[("rpe", "")], json!({ "rpe": null })),
        (
            &[("weight", "62,5")],
            json!({ "weight": 62.5, "weightUnit": "KG", "type": "WEIGHT" }),
        ),
        (&[("weight", "")], json!({ "weight": null, "type": "REPS" })),
        (&[], json!({})),
    ] {
        let form = ("/workouts/1", "edit-set-4", set);
        let answer = site.send_form(form, &cookie, changed).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{changed:?}");
        let mut input = inputs.lock().unwrap().pop().unwrap();
        let input = input.as_object_mut().unwrap();
        for key in ["workoutId", "exerciseLogId", "setLogId"] {
            assert!(input.remove(key).is_some());
        }
        assert_eq!(json!(input), sent, "{changed:?}");
    }
    let form = ("/workouts/1", "exercise-2", "/workouts/1/exercises/2");
    site.send_form(form, &cookie, &[("power_rating", "8")])
        .await;
    let input = inputs.lock().unwrap().pop().unwrap();
    assert_eq!(
        input,
        json!({ "workoutId": "1", "exerciseLogId": "2", "powerRating": 8 })
    );
}

#[tokio::test]
async fn a_set_that_is_logged_is_sent_whole() {
    let (site, inputs) = Site::that_changes(json!({ "workout": workout_with_a_set() })).await;
    let cookie = site.signed_in(&session(TimeDelta::minutes(15)));
    let form = ("/workouts/1", "log-set-2", "/workouts/1/exercises/2/sets");
    let answer = site.send_form(form, &cookie, &[("weight", "60")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let mut input = inputs.lock().unwrap().pop().unwrap();
    assert!(input["clientMutationId"].take().is_string());
    let sent = json!({
        "workoutId": "1", "exerciseLogId": "2", "clientMutationId": null, "reps": 5, "weight": 60.0,
        "weightUnit": "KG", "type": "WEIGHT", "kind": "NORMAL", "rpe": null,
    });
    assert_eq!(input, sent);
}

#[tokio::test]
async fn a_set_that_broke_a_record_is_marked_while_the_workout_runs() {
    let mut workout = workout_with_a_set();
    workout["exerciseLogs"][0]["setLogs"][0]["records"] = json!([{ "kind": "HEAVIEST_WEIGHT" }]);
    let site = Site::with_workout(workout).await;
    let cookie = site.signed_in(&session(TimeDelta::minutes(15)));
    let page = site.get("/workouts/1", &[(header::COOKIE, &cookie)]).await;
    assert!(page.html.contains("class=\"chip strong record\""));
    assert!(page.html.contains("Рекорд: Самый большой вес. Изменить"));
}

#[tokio::test]
async fn each_exercise_leads_to_its_plates_with_its_weight() {
    let mut workout = workout_with_a_set();
    let path = |weight: &str| {
        format!("href=\"/plates?weight={weight}&amp;unit=KG&amp;back=%2Fworkouts%2F1%23log-2\"")
    };
    for (expected, weight) in [
        (json!([]), "61%2C24"),
        (json!([{}, { "weight": 82.5 }]), "82%2C5"),
    ] {
        workout["exerciseLogs"][0]["expectedSets"] = expected;
        let site = Site::with_workout(workout.clone()).await;
        let cookie = site.signed_in(&session(TimeDelta::minutes(15)));
        let page = site.get("/workouts/1", &[(header::COOKIE, &cookie)]).await;
        assert!(page.html.contains(&path(weight)), "{}", page.html);
    }
}

#[tokio::test]
async fn the_exercises_of_a_superset_stand_together_and_take_turns() {
    let workout = workout(None);
    let log = |id: &str, group: Option<i16>, done: usize| {
        let mut log = workout["exerciseLogs"][0].clone();
        log["id"] = id.into();
        log["exercise"]["name"] = format!("Exercise {id}").into();
        log["supersetGroup"] = group.into();
        let set = json!({ "id": id, "reps": 5 });
        log["setLogs"] = vec![set; done].into();
        log["expectedSets"] = json!([{ "reps": 5 }, { "reps": 5 }]);
        log
    };
    for (done, turn) in [
        ([0, 0], Some("a")),
        ([1, 0], Some("b")),
        ([1, 1], Some("a")),
        ([1, 2], Some("a")),
        ([2, 2], None),
    ] {
        let logs = [
            log("a", Some(1), done[0]),
            log("x", None, 0),
            log("b", Some(1), done[1]),
        ];
        let mut workout = workout.clone();
        workout["exerciseLogs"] = json!(logs);
        let site = Site::with_workout(workout).await;
        let cookie = site.signed_in(&session(TimeDelta::minutes(15)));
        let page = site.get("/workouts/1", &[(header::COOKIE, &cookie)]).await;
        let (_, superset) = page.html.split_once("class=\"superset\"").unwrap();
        let (superset, _) = superset.split_once("id=\"log-x\"").unwrap();
        let of = |id: &str| {
            let (_, rest) = superset
                .split_once(&format!("id=\"turn-{id}\">"))
                .expect(id);
            rest.split_once("</p>").unwrap().0
        };
        for id in ["a", "b"] {
            assert_eq!(
                of(id).contains("Теперь это"),
                turn == Some(id),
                "{done:?} {id}"
            );
            let other = turn.filter(|turn| *turn != id);
            let link = other
                .map(|turn| format!("href=\"#log-{turn}\">Дальше в суперсете: Exercise {turn}<"));
            assert!(
                link.is_none_or(|link| of(id).contains(&link)),
                "{done:?} {id}"
            );
        }
        assert!(superset.contains("hx-select-oob=\"#workout-totals,#turn-b\""));
    }
}
