//! The plan of a routine, over a router that makes every change.

use super::*;

/// A routine whose exercise grows in a straight line, as it was set elsewhere.
fn routine() -> Value {
    let exercise = json!({
        "id": "3", "name": "Squat", "equipment": "BARBELL", "measurement": "REPS_WEIGHT", "primaryMuscleGroups": [],
    });
    let set =
        json!({ "id": "4", "reps": 5, "weightKg": 61.234_969_95, "kind": "NORMAL", "rpe": 4.5 });
    let instance = json!({
        "id": "2", "exercise": exercise, "supersetGroup": null, "notes": "Slow", "trainingMaxKg": 101.0006,
        "sets": [set],
        "progression": {
            "__typename": "LinearProgression", "step": 2.5, "unit": "KG", "deloadAfter": 2, "deloadPercent": 15.0,
        },
    });
    json!({ "id": "1", "name": "A", "description": "", "exerciseInstances": [instance], "archivedAt": null })
}

async fn site() -> (Site, String, Arc<Mutex<Vec<Value>>>) {
    let (site, inputs) = Site::that_changes(json!({ "routine": routine() })).await;
    let cookie = site.signed_in(&session(TimeDelta::minutes(15)));
    (site, cookie, inputs)
}

const PLAN: (&str, &str, &str) = ("/routines/1", "plan-2", "/routines/1/exercises/2/plan");
const SET: (&str, &str, &str) = ("/routines/1", "set-4", "/routines/1/exercises/2/sets/4");

#[tokio::test]
async fn of_a_plan_only_what_was_changed_is_saved() {
    let (site, cookie, inputs) = site().await;
    let linear = |step: f64| {
        let linear = json!({ "step": step, "unit": "KG", "deloadAfter": 2, "deloadPercent": 15.0 });
        json!({ "progression": { "linear": linear } })
    };
    for (changed, sent) in [
        (&[("notes", "Fast")][..], json!({ "notes": "Fast" })),
        (&[("notes", "")], json!({ "notes": null })),
        (&[("superset_group", "1")], json!({ "supersetGroup": 1 })),
        (&[("step", "5")], linear(5.0)),
        (&[("progression", "")], json!({ "progression": null })),
    ] {
        let answer = site.send_form(PLAN, &cookie, changed).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{changed:?}");
        let mut input = inputs.lock().unwrap().pop().unwrap();
        let input = input.as_object_mut().unwrap();
        input.retain(|name, _| !name.ends_with("Id"));
        assert_eq!(json!(input), sent, "{changed:?}");
    }
}

#[tokio::test]
async fn of_a_planned_set_only_what_was_changed_is_saved() {
    let (site, cookie, inputs) = site().await;
    for (changed, sent) in [
        (("reps", "6"), json!({ "reps": 6, "type": "WEIGHT" })),
        (
            ("rest", "90"),
            json!({ "restSeconds": 90, "type": "WEIGHT" }),
        ),
        (
            ("weight", "100"),
            json!({ "weightKg": 45.359_237, "type": "WEIGHT" }),
        ),
    ] {
        let answer = site.send_form(SET, &cookie, &[changed]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{changed:?}");
        let mut input = inputs.lock().unwrap().pop().unwrap();
        let input = input.as_object_mut().unwrap();
        input.retain(|name, _| !name.ends_with("Id"));
        assert_eq!(json!(input), sent, "{changed:?}");
    }
}

#[tokio::test]
async fn waves_that_are_none_come_back_with_what_to_do() {
    let (site, cookie, inputs) = site().await;
    for weeks in ["nanx5", "65x5 1e999x5"] {
        let changed = [
            ("progression", "waves"),
            ("weeks", weeks),
            ("notes", "Kept <here>"),
        ];
        let page = site.send_form(PLAN, &cookie, &changed).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{weeks}");
        for kept in [
            weeks,
            "Kept &lt;here&gt;",
            "id=\"plan-2-weeks-error\"",
            "65x5 75x5 85x5",
        ] {
            assert!(page.html.contains(kept), "{kept} is not in {}", page.html);
        }
        assert!(inputs.lock().unwrap().is_empty());
    }
}

#[tokio::test]
async fn an_exercise_joins_the_superset_above_it_and_leaves_it() {
    let mut routine = routine();
    let instance = |id: &str, group: Option<i16>| {
        let mut instance = routine["exerciseInstances"][0].clone();
        instance["id"] = id.into();
        instance["supersetGroup"] = group.into();
        instance
    };
    let instances = [
        instance("2", None),
        instance("3", None),
        instance("5", Some(1)),
        instance("6", Some(1)),
    ];
    routine["exerciseInstances"] = json!(instances);
    let (site, inputs) = Site::that_changes(json!({ "routine": routine })).await;
    let cookie = site.signed_in(&session(TimeDelta::minutes(15)));
    let page = site.get("/routines/1", &[(header::COOKIE, &cookie)]).await;
    for framed in [
        "in-superset is-first\" id=\"instance-5\"",
        "in-superset is-last\" id=\"instance-6\"",
    ] {
        assert!(page.html.contains(framed), "{}", page.html);
    }
    assert!(
        !page.html.contains("id=\"superset-2\""),
        "there is none above it"
    );
    for (id, sent) in [
        ("3", [("2", json!(2)), ("3", json!(2))]),
        ("6", [("5", Value::Null), ("6", Value::Null)]),
    ] {
        let action = format!("/routines/1/exercises/{id}/superset");
        let turn = if id == "3" { "above" } else { "alone" };
        let form = ("/routines/1", format!("superset-{id}"), action);
        let form = (form.0, form.1.as_str(), form.2.as_str());
        let answer = site.send_form(form, &cookie, &[("turn", turn)]).await;
        assert_eq!(answer.location(), format!("/routines/1#instance-{id}"));
        let inputs: Vec<_> = inputs.lock().unwrap().drain(..).collect();
        let expected = sent.map(|(id, group)| {
            json!({ "routineId": "1", "exerciseInstanceId": id, "supersetGroup": group })
        });
        assert_eq!(inputs, expected);
    }
}
