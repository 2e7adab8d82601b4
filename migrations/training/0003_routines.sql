-- Routines: what a person plans to do. A routine holds exercise instances in order, an instance holds sets in order.
-- Keys and foreign keys lead with user_id, so that one person's rows can live together on one shard.
CREATE TABLE training.routine (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL CONSTRAINT routine_name_length CHECK (char_length(name) BETWEEN 1 AND 200),
    description text NOT NULL CONSTRAINT routine_description_length CHECK (char_length(description) <= 5000),
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (user_id, id)
);

CREATE INDEX routine_newest_first ON training.routine (user_id, created_at DESC, id DESC);

-- Positions are checked at the end of each statement, so that one UPDATE can reorder a whole routine.
CREATE TABLE training.exercise_instance (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    routine_id uuid NOT NULL,
    exercise_id uuid NOT NULL REFERENCES training.exercise (id),
    position integer NOT NULL CHECK (position > 0),
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (user_id, id),
    FOREIGN KEY (user_id, routine_id) REFERENCES training.routine (user_id, id) ON DELETE CASCADE,
    CONSTRAINT exercise_instance_position UNIQUE (user_id, routine_id, position) DEFERRABLE INITIALLY IMMEDIATE
);

CREATE TABLE training.routine_set (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    exercise_instance_id uuid NOT NULL,
    position integer NOT NULL CHECK (position > 0),
    type text NOT NULL CHECK (type IN ('reps', 'weight', 'time')),
    reps integer CHECK (reps > 0),
    weight_kg numeric CHECK (weight_kg >= 0),
    time_seconds numeric CHECK (time_seconds > 0),
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (user_id, id),
    FOREIGN KEY (user_id, exercise_instance_id) REFERENCES training.exercise_instance (user_id, id) ON DELETE CASCADE,
    CONSTRAINT routine_set_position UNIQUE (user_id, exercise_instance_id, position)
);
