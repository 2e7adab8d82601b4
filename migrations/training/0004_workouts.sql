-- Workouts: what a person did. A workout holds exercise logs in order; a log holds the sets that were expected and the sets that were done.
-- A routine may go while the workouts that came from it stay: only routine_id is set to null then, never user_id.
CREATE TABLE training.workout (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    routine_id uuid,
    weight_unit text NOT NULL CHECK (weight_unit IN ('kg', 'lb')),
    started_at timestamptz NOT NULL,
    finished_at timestamptz,
    comment text CONSTRAINT workout_comment_length CHECK (char_length(comment) <= 5000),
    rating smallint CONSTRAINT workout_rating_range CHECK (rating BETWEEN 0 AND 5),
    is_generated boolean NOT NULL DEFAULT false,
    reasoning text,
    generation_status text CHECK (generation_status IN ('running', 'failed', 'completed')),
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (user_id, id),
    FOREIGN KEY (user_id, routine_id) REFERENCES training.routine (user_id, id) ON DELETE SET NULL (routine_id),
    CONSTRAINT workout_ends_after_start CHECK (finished_at >= started_at),
    CONSTRAINT workout_judged_when_finished CHECK (finished_at IS NOT NULL OR (rating IS NULL AND comment IS NULL)),
    CONSTRAINT workout_generation_known CHECK (is_generated = (generation_status IS NOT NULL))
);

CREATE INDEX workout_newest_first ON training.workout (user_id, started_at DESC, id DESC);
CREATE INDEX workout_active ON training.workout (user_id, started_at DESC, id DESC) WHERE finished_at IS NULL;
CREATE INDEX workout_routine ON training.workout (user_id, routine_id) WHERE routine_id IS NOT NULL;

-- started_at is the workout's: it never changes, and here it lets an index order the history of an exercise.
CREATE TABLE training.exercise_log (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    workout_id uuid NOT NULL,
    exercise_id uuid NOT NULL REFERENCES training.exercise (id),
    position integer NOT NULL CHECK (position > 0),
    started_at timestamptz NOT NULL,
    notes text CONSTRAINT exercise_log_notes_length CHECK (char_length(notes) <= 5000),
    power_rating smallint CONSTRAINT exercise_log_power_rating_range CHECK (power_rating BETWEEN 0 AND 10),
    weight_unit text NOT NULL CHECK (weight_unit IN ('kg', 'lb')),
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (user_id, id),
    FOREIGN KEY (user_id, workout_id) REFERENCES training.workout (user_id, id) ON DELETE CASCADE,
    CONSTRAINT exercise_log_position UNIQUE (user_id, workout_id, position)
);

CREATE INDEX exercise_log_history ON training.exercise_log (user_id, exercise_id, started_at DESC, id DESC);

CREATE TABLE training.expected_set (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    exercise_log_id uuid NOT NULL,
    position integer NOT NULL CHECK (position > 0),
    type text NOT NULL CHECK (type IN ('reps', 'weight', 'time')),
    reps integer CHECK (reps > 0),
    weight_kg numeric CHECK (weight_kg >= 0),
    time_seconds numeric CHECK (time_seconds > 0),
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (user_id, id),
    FOREIGN KEY (user_id, exercise_log_id) REFERENCES training.exercise_log (user_id, id) ON DELETE CASCADE,
    CONSTRAINT expected_set_position UNIQUE (user_id, exercise_log_id, position)
);

-- A weight is kept as it was entered, in its unit; the kilograms follow from it exactly (the international pound, 1959).
CREATE TABLE training.set_log (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    exercise_log_id uuid NOT NULL,
    position integer NOT NULL CHECK (position > 0),
    type text NOT NULL CHECK (type IN ('reps', 'weight', 'time')),
    reps integer CHECK (reps > 0),
    weight numeric CHECK (weight >= 0),
    weight_unit text CHECK (weight_unit IN ('kg', 'lb')),
    weight_kg numeric GENERATED ALWAYS AS (CASE weight_unit WHEN 'lb' THEN weight * 0.45359237 ELSE weight END) STORED,
    time_seconds numeric CHECK (time_seconds > 0),
    distance_meters numeric CHECK (distance_meters > 0),
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (user_id, id),
    FOREIGN KEY (user_id, exercise_log_id) REFERENCES training.exercise_log (user_id, id) ON DELETE CASCADE,
    CONSTRAINT set_log_position UNIQUE (user_id, exercise_log_id, position),
    CONSTRAINT set_log_measures_something CHECK (num_nonnulls(reps, weight, time_seconds, distance_meters) > 0),
    CONSTRAINT set_log_weight_has_unit CHECK ((weight IS NULL) = (weight_unit IS NULL))
);
