-- What lifters plan and note beyond repetitions and weight: kinds of sets, ranges, effort, rest, supersets, progression; and
-- routines that are put away. New columns are null or have constant defaults, so that no table is written anew.
ALTER TABLE training.routine ADD COLUMN archived_at timestamptz;

DROP INDEX training.routine_newest_first;
CREATE INDEX routine_newest_first ON training.routine (user_id, (archived_at IS NOT NULL), created_at DESC, id DESC);

-- Exercises of a routine with the same superset_group are done in turn. training_max_kg is what percentages are of.
-- progression_since is when the progression was set: percentage waves count the workouts since.
ALTER TABLE training.exercise_instance
    ADD COLUMN superset_group smallint CHECK (superset_group BETWEEN 1 AND 100),
    ADD COLUMN notes text CONSTRAINT exercise_instance_notes_length CHECK (char_length(notes) <= 5000),
    ADD COLUMN training_max_kg numeric CHECK (training_max_kg > 0),
    ADD COLUMN progression jsonb,
    ADD COLUMN progression_since timestamptz,
    ADD CONSTRAINT exercise_instance_progression_since CHECK ((progression IS NULL) = (progression_since IS NULL));

-- rpe is the rating of perceived exertion: 10 less the repetitions left in reserve, in halves.
ALTER TABLE training.routine_set
    ADD COLUMN kind text NOT NULL DEFAULT 'normal'
        CHECK (kind IN ('normal', 'warm_up', 'drop', 'to_failure', 'timed')),
    ADD COLUMN max_reps integer CHECK (max_reps >= reps),
    ADD COLUMN percent_of_max numeric CHECK (percent_of_max > 0 AND percent_of_max <= 200),
    ADD COLUMN rpe numeric CHECK (rpe BETWEEN 1 AND 10 AND mod(rpe * 2, 1) = 0),
    ADD COLUMN rest_seconds integer CHECK (rest_seconds BETWEEN 0 AND 3600);

ALTER TABLE training.expected_set
    ADD COLUMN kind text NOT NULL DEFAULT 'normal'
        CHECK (kind IN ('normal', 'warm_up', 'drop', 'to_failure', 'timed')),
    ADD COLUMN max_reps integer CHECK (max_reps >= reps),
    ADD COLUMN percent_of_max numeric CHECK (percent_of_max > 0 AND percent_of_max <= 200),
    ADD COLUMN rpe numeric CHECK (rpe BETWEEN 1 AND 10 AND mod(rpe * 2, 1) = 0),
    ADD COLUMN rest_seconds integer CHECK (rest_seconds BETWEEN 0 AND 3600);

-- progression_reason is why the expected sets are what they are: the facts, put into words when they are read.
ALTER TABLE training.exercise_log
    ADD COLUMN superset_group smallint CHECK (superset_group BETWEEN 1 AND 100),
    ADD COLUMN progression_reason jsonb;

-- A set was done when it was logged, unless performed_at says when.
ALTER TABLE training.set_log
    ADD COLUMN kind text NOT NULL DEFAULT 'normal'
        CHECK (kind IN ('normal', 'warm_up', 'drop', 'to_failure', 'timed')),
    ADD COLUMN rpe numeric CHECK (rpe BETWEEN 1 AND 10 AND mod(rpe * 2, 1) = 0),
    ADD COLUMN performed_at timestamptz;

-- A workout that is reopened keeps its rating and its comment.
ALTER TABLE training.workout DROP CONSTRAINT workout_judged_when_finished;
