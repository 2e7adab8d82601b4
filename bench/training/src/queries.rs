//! What a person looks at.

const PAGE: &str = "{ workouts(first: 20) { nodes { id startedAt exerciseLogs { exercise { name } setLogs { reps weight records { kind } } previousSetLogs { reps weight } } } } }";

/// A name for the table and the query. `$exercise`, `$workout` and `$log` are the person's.
pub(crate) const QUERIES: [(&str, &str); 21] = [
    // no set was read since PostgreSQL started: much of what this takes is the disk's
    ("what the next one asks, read from the disk", PAGE),
    (
        "workouts: a page of 20 with exercises, sets, last time, records",
        PAGE,
    ),
    (
        "workouts: a page of 20",
        "{ workouts(first: 20) { nodes { id startedAt finishedAt rating } pageInfo { hasNextPage endCursor } } }",
    ),
    ("activeWorkouts", "{ activeWorkouts { id startedAt } }"),
    (
        "workout with expected sets and last time",
        "query($workout: ID!) { workout(id: $workout) { startedAt exerciseLogs { exercise { name muscleGroups { name } } setLogs { reps weight } expectedSets { reps weight } previousSetLogs { reps weight } } } }",
    ),
    (
        "workout report with records",
        "query($workout: ID!) { workout(id: $workout) { report { totalSets totalReps totalVolumeKg durationSeconds records { kind value } } } }",
    ),
    (
        "exerciseLog",
        "query($log: ID!) { exerciseLog(id: $log) { notes setLogs { reps weight records { kind value } } previousSetLogs { reps weight } } }",
    ),
    (
        "exercise records",
        "query($exercise: ID!) { exercise(id: $exercise) { name records { heaviestWeight { value achievedAt } epleyOneRepMax { value } brzyckiOneRepMax { value } sessionVolume { value } mostReps { weight reps } } } }",
    ),
    (
        "exercise history: a page of 20",
        "query($exercise: ID!) { exercise(id: $exercise) { history(first: 20) { nodes { workout { startedAt } setLogs { reps weight } } } } }",
    ),
    (
        "exercise sessions: a page of 20 with best sets",
        "query($exercise: ID!) { exercise(id: $exercise) { sessions(first: 20) { nodes { startedAt sets volumeKg epleyOneRepMaxKg bestSet { reps weight } } } } }",
    ),
    (
        "exercise progress: all years as 100 points",
        "query($exercise: ID!) { exercise(id: $exercise) { progress(points: 100) { startedAt volumeKg heaviestKg epleyOneRepMaxKg brzyckiOneRepMaxKg } } }",
    ),
    (
        "trainingWeeks: 12 weeks with muscle groups",
        "{ trainingWeeks(weeks: 12, until: \"2026-11-20\", timeZone: \"Europe/Berlin\") { startsOn workouts sets volumeKg muscleGroups { muscleGroup { name } sets } } }",
    ),
    (
        "trainingWeeks: 53 weeks with muscle groups",
        "{ trainingWeeks(weeks: 53, until: \"2026-11-20\", timeZone: \"Europe/Berlin\") { startsOn workouts sets volumeKg muscleGroups { muscleGroup { name } sets } } }",
    ),
    (
        "trainingStreak",
        "{ trainingStreak(timeZone: \"Europe/Berlin\") { currentWeeks longestWeeks trainedThisWeek } }",
    ),
    (
        "trainingDays: a month",
        "{ trainingDays(month: \"2026-10-01\", timeZone: \"Europe/Berlin\") { date workouts { id } } }",
    ),
    (
        "bodyMeasurements: a page of 20",
        "{ bodyMeasurements(first: 20) { nodes { kind value unit measuredAt } } }",
    ),
    (
        "bodyMeasurements: 100 of one kind",
        "{ bodyMeasurements(kind: BODY_WEIGHT, first: 100) { nodes { value unit measuredAt } } }",
    ),
    (
        "latestBodyMeasurements",
        "{ latestBodyMeasurements { kind value unit measuredAt } }",
    ),
    (
        "exercises: a page of 20 with history and records",
        "{ exercises(first: 20) { nodes { name history(first: 1) { nodes { startedAt: createdAt } } records { heaviestWeight { value } } } } }",
    ),
    (
        "exercises: search with a typing error",
        "{ exercises(filter: { search: \"bnech pres\" }, first: 20) { nodes { name equipment muscleGroups { name } } } }",
    ),
    (
        "alternatives of an exercise",
        "query($exercise: ID!) { exercise(id: $exercise) { alternatives(first: 20) { name } } }",
    ),
];
