-- Records and progress. What an exercise came to in a workout is kept beside its log, by the transaction that changes its sets:
-- history, charts and weekly sums read one row per exercise log, however many sets there are.
ALTER TABLE training.exercise_log
    ADD COLUMN work_sets integer NOT NULL DEFAULT 0,
    ADD COLUMN work_reps integer NOT NULL DEFAULT 0,
    ADD COLUMN work_seconds double precision NOT NULL DEFAULT 0,
    ADD COLUMN work_meters double precision NOT NULL DEFAULT 0,
    ADD COLUMN volume_kg double precision NOT NULL DEFAULT 0,
    ADD COLUMN heaviest_kg double precision,
    ADD COLUMN epley_kg double precision,
    ADD COLUMN brzycki_kg double precision,
    ADD COLUMN best_set_id uuid;

CREATE INDEX exercise_log_by_time ON training.exercise_log (user_id, started_at);
CREATE INDEX workout_finished ON training.workout (user_id, started_at DESC, id DESC) WHERE finished_at IS NOT NULL;

-- The sets that count for records and progress: this is the one place that says which.
CREATE VIEW training.work_set AS
SELECT user_id, id, exercise_log_id, position, reps, weight, weight_unit, weight_kg, time_seconds, distance_meters
  FROM training.set_log;

-- The sets that were the best so far when they were done, of which kinds (bits, as in record/kind.rs), and of which kinds they beat
-- an earlier set. Few sets are: an exercise's records are a short run of the index.
CREATE TABLE training.personal_record (
    user_id uuid NOT NULL,
    set_log_id uuid NOT NULL,
    exercise_id uuid NOT NULL,
    exercise_log_id uuid NOT NULL,
    started_at timestamptz NOT NULL,
    best smallint NOT NULL CHECK (best > 0),
    broken smallint NOT NULL CHECK (broken & best = broken),
    PRIMARY KEY (user_id, set_log_id),
    FOREIGN KEY (user_id, set_log_id) REFERENCES training.set_log (user_id, id) ON DELETE CASCADE
);

CREATE INDEX personal_record_of_exercise ON training.personal_record (user_id, exercise_id, started_at);
