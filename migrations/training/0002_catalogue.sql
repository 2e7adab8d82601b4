-- The exercises that people choose from: the catalogue (user_id is null), loaded from the files of the subgraph, and each person's own.
-- They are read by everyone and seldom change, so these tables would be replicated to every shard, not distributed by user.
-- Names sort and fold as Unicode says, whatever the locale of the database.
CREATE TABLE training.muscle_group (
    id uuid PRIMARY KEY,
    slug text NOT NULL UNIQUE,
    name_en text NOT NULL,
    name_ru text NOT NULL,
    position integer NOT NULL
);

CREATE TABLE training.exercise (
    id uuid PRIMARY KEY,
    user_id uuid,
    name_en text COLLATE "und-x-icu" NOT NULL,
    name_ru text COLLATE "und-x-icu" NOT NULL,
    description_en text NOT NULL,
    description_ru text NOT NULL,
    video_url text,
    equipment text NOT NULL CHECK (equipment IN (
        'barbell', 'dumbbell', 'kettlebell', 'machine', 'cable', 'bodyweight', 'band', 'plate', 'smith_machine',
        'trap_bar', 'ez_bar', 'medicine_ball', 'cardio_machine', 'other'
    )),
    measurement text NOT NULL CHECK (measurement IN ('reps_weight', 'bodyweight_reps', 'time', 'distance')),
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT exercise_name_length CHECK (
        char_length(name_en) BETWEEN 1 AND 200 AND char_length(name_ru) BETWEEN 1 AND 200
    )
);

-- NULLs count as equal here, so the catalogue is one run of the index and each person's own exercises another.
CREATE INDEX exercise_owner ON training.exercise (user_id);

CREATE TABLE training.exercise_muscle_group (
    exercise_id uuid NOT NULL REFERENCES training.exercise (id) ON DELETE CASCADE,
    muscle_group_id uuid NOT NULL REFERENCES training.muscle_group (id),
    is_primary boolean NOT NULL,
    position integer NOT NULL,
    PRIMARY KEY (exercise_id, muscle_group_id)
);

CREATE INDEX exercise_muscle_group_group ON training.exercise_muscle_group (muscle_group_id, exercise_id);

-- Which catalogue is loaded: an unchanged one is not loaded again at the next start.
CREATE TABLE training.loaded_catalogue (
    only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    fingerprint text NOT NULL
);
