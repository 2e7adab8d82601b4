use proptest::{prelude::*, strategy::ValueTree as _, test_runner::TestRunner};
use serde_json::{Value, json};
use sqlx::PgPool;

use crate::testing::{Person, text};

/// What a person does to the order of a routine; the numbers choose among what is there.
#[derive(Debug, Clone)]
enum Move {
    Add,
    Remove(usize),
    Swap(usize, usize),
    Rotate(usize),
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let one = prop_oneof![
        2 => Just(Move::Add),
        1 => any::<usize>().prop_map(Move::Remove),
        2 => (any::<usize>(), any::<usize>()).prop_map(|(a, b)| Move::Swap(a, b)),
        2 => any::<usize>().prop_map(Move::Rotate),
    ];
    prop::collection::vec(one, 1..12)
}

async fn order(person: &Person, routine: &str) -> Vec<(String, i64)> {
    let query = "query($id: ID!) { routine(id: $id) { exerciseInstances { id position } } }";
    let data = person.ask(query, json!({ "id": routine })).await;
    let instances = data["routine"]["exerciseInstances"].as_array().unwrap();
    instances
        .iter()
        .map(|instance| {
            (
                text(&instance["id"]),
                instance["position"].as_i64().unwrap(),
            )
        })
        .collect()
}

async fn reorder(person: &Person, routine: &str, order: &[String]) {
    let input = json!({ "routineId": routine, "exerciseInstanceIds": order });
    let payload: Value = person.succeed("reorderRoutine", input, "").await;
    drop(payload);
}

/// Does the moves in a routine and in a list, which must stay the same.
async fn follow(person: &Person, exercise: &str, moves: &[Move]) {
    let routine = person.routine("Any").await;
    let mut expected = Vec::new();
    for one in moves {
        let count = expected.len();
        match one {
            Move::Remove(_) | Move::Swap(..) | Move::Rotate(_) if count == 0 => {}
            Move::Add => expected.push(person.add_exercise(&routine, exercise).await),
            Move::Remove(at) => {
                let instance = expected.remove(at % count);
                let input = json!({ "routineId": routine, "exerciseInstanceId": instance });
                person.succeed("removeExerciseFromRoutine", input, "").await;
            }
            Move::Swap(a, b) => {
                expected.swap(a % count, b % count);
                reorder(person, &routine, &expected).await;
            }
            Move::Rotate(by) => {
                expected.rotate_left(by % count);
                reorder(person, &routine, &expected).await;
            }
        }
        let found = order(person, &routine).await;
        let ids: Vec<_> = found.iter().map(|(id, _)| id.clone()).collect();
        assert_eq!(ids, expected, "after {one:?} of {moves:?}");
        let rises = found.windows(2).all(|pair| pair[0].1 < pair[1].1);
        assert!(rises && found.iter().all(|(_, position)| *position > 0));
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn the_order_stays_a_permutation_under_any_moves(pool: PgPool) {
    let person = Person::new(&pool);
    let exercise = person.exercises(1).await.remove(0);
    let mut runner = TestRunner::default();
    for _ in 0..12 {
        let moves = moves().new_tree(&mut runner).unwrap().current();
        follow(&person, &exercise, &moves).await;
    }
}
