use std::collections::HashSet;

use serde_json::{Value, json};
use setwise_service::Locale;
use sqlx::{AssertSqlSafe, PgPool, Row as _};
use uuid::Uuid;

use super::{ask_in, listed, muscle_group, person};
use crate::testing::{Person, text};

async fn names(person: &Person, locale: Locale, filter: Value) -> Vec<String> {
    let query = "query($filter: ExerciseFilter) { exercises(filter: $filter, first: 100) { nodes { name } } }";
    let data = ask_in(person, locale, query, json!({ "filter": filter })).await;
    let nodes = data["exercises"]["nodes"].as_array().unwrap();
    nodes.iter().map(|node| text(&node["name"])).collect()
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_was_meant_comes_first(pool: PgPool) {
    let person = person(&pool).await;
    for (search, english, russian) in [
        ("bench press", "Barbell bench press", "Жим штанги лёжа"),
        ("bnech pres", "Barbell bench press", "Жим штанги лёжа"),
        ("жим лежа", "Barbell bench press", "Жим штанги лёжа"),
        ("ЖИМ ЛЁЖА", "Barbell bench press", "Жим штанги лёжа"),
        (";bv kt;f", "Barbell bench press", "Жим штанги лёжа"),
        ("zhim lezha", "Barbell bench press", "Жим штанги лёжа"),
        ("бенч пресс", "Barbell bench press", "Жим штанги лёжа"),
        ("иутср зкуыы", "Barbell bench press", "Жим штанги лёжа"),
        ("deadlift", "Deadlift", "Становая тяга"),
        ("становая тяга", "Deadlift", "Становая тяга"),
        ("cnfyjdfz", "Deadlift", "Становая тяга"),
        ("дедлифт", "Deadlift", "Становая тяга"),
        ("dedlift", "Deadlift", "Становая тяга"),
        ("pullup", "Pull-up", "Подтягивания"),
        ("подтягивания", "Pull-up", "Подтягивания"),
        ("подтягивние", "Pull-up", "Подтягивания"),
        ("gjlnzubdfybz", "Pull-up", "Подтягивания"),
        (
            "подъем на носки стоя",
            "Standing calf raise",
            "Подъём на носки стоя",
        ),
        ("farmers carry", "Farmer's carry", "Прогулка фермера"),
        ("plank", "Plank", "Планка"),
        ("ПЛАНКА", "Plank", "Планка"),
        ("rdl", "Romanian deadlift", "Румынская тяга"),
    ] {
        for (locale, expected) in [(Locale::En, english), (Locale::Ru, russian)] {
            let found = names(&person, locale, json!({ "search": search })).await;
            assert_eq!(
                found.first().map(String::as_str),
                Some(expected),
                "{search}: {found:?}"
            );
        }
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn finds_nothing_else_than_what_was_meant(pool: PgPool) {
    let person = person(&pool).await;
    for search in [
        "приседания",
        "приседаня",
        "ghbctlfybz",
        "ghbctlfyz",
        "prisedaniya",
    ] {
        let found = names(&person, Locale::Ru, json!({ "search": search })).await;
        assert!(found.len() > 10, "{search}: {found:?}");
        for name in found {
            let name = name.to_lowercase();
            assert!(name.contains("приседани"), "{search}: {name}");
        }
    }
    let nothing = [
        "%",
        "_",
        "\\",
        "-",
        "'; DROP TABLE training.exercise; --",
        "qqqq",
        "жжж",
        "zzz zzz",
        "🏋",
    ];
    for search in nothing {
        let found = names(&person, Locale::En, json!({ "search": search })).await;
        assert!(found.is_empty(), "{search}: {found:?}");
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn beginnings_come_before_words_and_words_before_parts(pool: PgPool) {
    let person = person(&pool).await;
    let found = names(&person, Locale::En, json!({ "search": "plank" })).await;
    let place = |name: &str| found.iter().position(|other| other == name);
    assert_eq!(place("Plank"), Some(0));
    assert!(
        place("Plank shoulder tap") < place("Side plank"),
        "{found:?}"
    );
    let is_plank = |name: &String| name.to_lowercase().contains("plank");
    assert!(
        found.iter().all(is_plank),
        "no Russian «в планке»: {found:?}"
    );
    let found = names(&person, Locale::En, json!({ "search": "row" })).await;
    let place = |name: &str| found.iter().position(|other| other == name);
    assert!(place("Barbell row").is_some(), "{found:?}");
    assert!(place("Rowing machine") < place("Barbell row"), "{found:?}");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_search_goes_with_every_filter(pool: PgPool) {
    let person = person(&pool).await;
    let chest = muscle_group(&person, "chest").await;
    let all = listed(&person, json!({ "search": "press" })).await;
    let filter =
        json!({ "search": "press", "equipment": ["DUMBBELL"], "primaryMuscleGroupIds": [chest] });
    let found = listed(&person, filter.clone()).await;
    assert!(!found.is_empty() && found.len() < all.len());
    for exercise in &found {
        assert_eq!(exercise["equipment"], "DUMBBELL");
        assert!(text(&exercise["name"]).to_lowercase().contains("press"));
    }
    let mut without = filter;
    without["excludeIds"] = json!([found[0]["id"]]);
    assert_eq!(listed(&person, without).await.len(), found.len() - 1);
    let own = person.own_exercise().await;
    let found = listed(&person, json!({ "search": "own", "owner": "MINE" })).await;
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["id"], *own);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn pages_of_a_search_hold_every_find_once_in_order(pool: PgPool) {
    let person = person(&pool).await;
    let query = "query($after: String, $first: Int!) { exercises(first: $first, after: $after, filter: { search: \"press\" }) { nodes { id } pageInfo { hasNextPage endCursor } } }";
    let whole = person.ask(query, json!({ "first": 100 })).await;
    let whole: Vec<String> = whole["exercises"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|node| text(&node["id"]))
        .collect();
    assert!(whole.len() > 20);
    let (mut paged, mut after) = (Vec::new(), Value::Null);
    loop {
        let data = person
            .ask(query, json!({ "first": 7, "after": after }))
            .await;
        let page = &data["exercises"];
        paged.extend(
            page["nodes"]
                .as_array()
                .unwrap()
                .iter()
                .map(|node| text(&node["id"])),
        );
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
    assert_eq!(paged, whole);
    assert_eq!(paged.iter().collect::<HashSet<_>>().len(), whole.len());
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn refuses_a_search_longer_than_any_name(pool: PgPool) {
    let person = person(&pool).await;
    let query =
        "query($search: String) { exercises(filter: { search: $search }) { nodes { id } } }";
    let response = person
        .execute(query, json!({ "search": "x".repeat(201) }), Locale::En)
        .await;
    let extensions = response.errors[0].extensions.as_ref().unwrap();
    assert_eq!(extensions.get("code"), Some(&"BAD_USER_INPUT".into()));
}

/// In a large catalogue and among the exercises of many people, the search reads the index and the person's own, and not
/// the table.
#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_search_reads_the_index_of_names(pool: PgPool) {
    person(&pool).await;
    let insert = "INSERT INTO training.exercise (id, user_id, name_en, name_ru, description_en, description_ru, equipment, measurement, created_at, updated_at)
        SELECT gen_random_uuid(), CASE WHEN n % 2 = 0 THEN md5((n % 997)::text)::uuid END, md5(n::text), md5((n + 1)::text), '', '', 'other', 'time', now(), now()
          FROM generate_series(1, 20000) n";
    sqlx::query(insert).execute(&pool).await.unwrap();
    sqlx::query("ANALYZE training.exercise")
        .execute(&pool)
        .await
        .unwrap();
    let mut transaction = pool.begin().await.unwrap();
    let typed = ["bnech pres".to_owned()];
    let forms = crate::exercise::store::search::forms(&mut transaction, &typed)
        .await
        .unwrap();
    let explain = concat!("EXPLAIN ", include_str!("../store/candidates.sql"));
    let rows = sqlx::query(AssertSqlSafe(explain))
        .bind(Uuid::nil())
        .bind(false)
        .bind(true)
        .bind(true)
        .bind(&forms[0])
        .bind("nothing")
        .bind(None::<Vec<Uuid>>)
        .bind(None::<Vec<Uuid>>)
        .bind(None::<Vec<Uuid>>)
        .bind(Vec::<Uuid>::new())
        .bind(None::<Vec<String>>)
        .fetch_all(&mut *transaction)
        .await
        .unwrap();
    let lines: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    let plan = lines.join("\n");
    assert!(plan.contains("exercise_search"), "{plan}");
    assert!(plan.contains("exercise_owner"), "{plan}");
    assert!(!plan.contains("Seq Scan on exercise"), "{plan}");
}
