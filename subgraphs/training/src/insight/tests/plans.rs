//! Every statement of training that touches a table which grows with training is explained over a table that is large
//! enough to make the planner choose: none may read such a table from end to end. The statements are those that sqlx
//! wrote down, so that a new one cannot be forgotten.

use std::{collections::BTreeSet, fs, path::Path};

use serde_json::Value;
use sqlx::{PgPool, Row as _};

/// The tables that grow with training.
const LOG_TABLES: [&str; 6] = [
    "workout",
    "exercise_log",
    "set_log",
    "expected_set",
    "personal_record",
    "body_measurement",
];

/// The statements of `.sqlx` that name a log table, or the view of its sets that count.
fn statements() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.sqlx");
    let files = fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path());
    let queries = files.map(|file| {
        let json: Value = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
        json["query"].as_str().unwrap().to_owned()
    });
    let names = LOG_TABLES.into_iter().chain(["work_set"]);
    let names: Vec<_> = names.map(|table| format!("training.{table}")).collect();
    queries
        .filter(|query| names.iter().any(|name| query.contains(name)))
        .collect()
}

/// How many parameters a statement has.
fn parameters(statement: &str) -> usize {
    let numbers = statement.split('$').skip(1).map(|rest| {
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        digits.parse().unwrap_or(0)
    });
    numbers.max().unwrap_or(0)
}

/// The tables that a plan reads from end to end.
fn read_whole(plan: &Value, tables: &mut BTreeSet<String>) {
    if plan["Node Type"] == "Seq Scan" {
        tables.insert(plan["Relation Name"].as_str().unwrap().to_owned());
    }
    for below in plan["Plans"].as_array().into_iter().flatten() {
        read_whole(below, tables);
    }
}

/// 150 people with 40 workouts each of 3 exercises of 3 sets, and what belongs to them.
async fn fill(pool: &PgPool) {
    crate::exercise::catalogue::load(pool).await.unwrap();
    let fill = "
        CREATE TEMPORARY TABLE chosen AS
        SELECT id, row_number() OVER (ORDER BY id) AS place FROM training.exercise;
        INSERT INTO training.workout (user_id, id, weight_unit, started_at, finished_at, created_at, updated_at)
        SELECT md5('user' || person)::uuid, md5(person || ' ' || number)::uuid, 'kg', at, at, at, at
          FROM generate_series(1, 150) person, generate_series(1, 40) number,
               LATERAL (SELECT timestamptz '2026-01-01' + number * interval '1 day' AS at) AS time;
        INSERT INTO training.exercise_log
               (user_id, id, workout_id, exercise_id, position, started_at, weight_unit, created_at, updated_at)
        SELECT w.user_id, md5(w.id || ' ' || place)::uuid, w.id, chosen.id, place, w.started_at, 'kg', w.started_at, w.started_at
          FROM training.workout w JOIN chosen ON place <= 3;
        INSERT INTO training.set_log
               (user_id, id, exercise_log_id, position, type, reps, weight, weight_unit, created_at, updated_at)
        SELECT l.user_id, md5(l.id || ' ' || place)::uuid, l.id, place, 'weight', 5, 50 + extract(day FROM l.started_at), 'kg',
               l.started_at, l.started_at
          FROM training.exercise_log l, generate_series(1, 3) place;
        INSERT INTO training.expected_set (user_id, id, exercise_log_id, position, type, reps, created_at, updated_at)
        SELECT user_id, id, exercise_log_id, position, 'reps', 5, created_at, created_at FROM training.set_log;
        INSERT INTO training.body_measurement (user_id, id, kind, value, unit, measured_at, created_at, updated_at)
        SELECT user_id, id, 'body_weight', 80, 'kg', started_at, started_at, started_at FROM training.workout";
    let mut conn = pool.acquire().await.unwrap();
    sqlx::raw_sql(fill).execute(&mut *conn).await.unwrap();
    let records = include_str!("../../../../../migrations/training/0011_records_of_the_past.sql");
    sqlx::raw_sql(records).execute(&mut *conn).await.unwrap();
    sqlx::raw_sql("VACUUM ANALYZE")
        .execute(&mut *conn)
        .await
        .unwrap();
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn no_statement_reads_a_log_table_from_end_to_end(pool: PgPool) {
    fill(&pool).await;
    let statements = statements();
    assert!(statements.len() > 30, "{} statements", statements.len());
    let mut conn = pool.acquire().await.unwrap();
    sqlx::raw_sql("SET plan_cache_mode = force_generic_plan")
        .execute(&mut *conn)
        .await
        .unwrap();
    let mut bad = Vec::new();
    for statement in &statements {
        let values = vec!["NULL"; parameters(statement)].join(", ");
        let prepare = sqlx::AssertSqlSafe(format!("PREPARE explained AS {statement}"));
        sqlx::raw_sql(prepare).execute(&mut *conn).await.unwrap();
        let explain = sqlx::AssertSqlSafe(format!(
            "EXPLAIN (FORMAT JSON) EXECUTE explained ({values})"
        ));
        let row = sqlx::raw_sql(explain).fetch_one(&mut *conn).await.unwrap();
        let plan: Value = row.get(0);
        let mut tables = BTreeSet::new();
        read_whole(&plan[0]["Plan"], &mut tables);
        tables.retain(|table| LOG_TABLES.contains(&table.as_str()));
        if !tables.is_empty() {
            bad.push(format!("{tables:?}: {statement}"));
        }
        sqlx::raw_sql("DEALLOCATE explained")
            .execute(&mut *conn)
            .await
            .unwrap();
    }
    assert!(bad.is_empty(), "{}", bad.join("\n"));
}
