-- Generated workouts: what a person wants from them, and the jobs that make them.
CREATE TABLE training.generation_settings (
    user_id uuid PRIMARY KEY,
    base_prompt text NOT NULL DEFAULT '' CHECK (char_length(base_prompt) <= 2000),
    variety_level smallint NOT NULL DEFAULT 2
        CONSTRAINT generation_settings_variety_range CHECK (variety_level BETWEEN 1 AND 3),
    primary_goal text NOT NULL DEFAULT 'muscle_gain'
        CHECK (primary_goal IN ('muscle_gain', 'weight_loss', 'strength', 'endurance', 'flexibility')),
    secondary_goals text[] NOT NULL DEFAULT '{}',
    experience_level text NOT NULL DEFAULT 'beginner'
        CHECK (experience_level IN ('beginner', 'intermediate', 'advanced')),
    days_per_week smallint NOT NULL DEFAULT 3
        CONSTRAINT generation_settings_days_range CHECK (days_per_week BETWEEN 1 AND 7),
    session_duration_minutes smallint NOT NULL DEFAULT 60
        CONSTRAINT generation_settings_minutes_range CHECK (session_duration_minutes BETWEEN 10 AND 240),
    injuries text NOT NULL DEFAULT '' CHECK (char_length(injuries) <= 2000),
    priority_muscle_group_ids uuid[] NOT NULL DEFAULT '{}',
    workout_plan_type text NOT NULL DEFAULT 'full_body'
        CHECK (workout_plan_type IN ('full_body', 'split', 'upper_lower', 'push_pull_legs')),
    updated_at timestamptz NOT NULL
);

-- A worker takes a job until lease_until; when it dies, another takes the job then. attempts fences off the one that came back late.
-- A job outlives its workout, so that deleting workouts does not win back the day's allowance.
CREATE TABLE training.generation_job (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    workout_id uuid,
    prompt text NOT NULL CHECK (char_length(prompt) <= 2000),
    locale text NOT NULL CHECK (locale IN ('en', 'ru')),
    status text NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'done', 'failed')),
    attempts integer NOT NULL DEFAULT 0,
    lease_until timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    ended_at timestamptz,
    PRIMARY KEY (user_id, id),
    FOREIGN KEY (user_id, workout_id) REFERENCES training.workout (user_id, id) ON DELETE SET NULL (workout_id)
);

CREATE INDEX generation_job_day ON training.generation_job (user_id, created_at);
CREATE INDEX generation_job_workout ON training.generation_job (user_id, workout_id) WHERE workout_id IS NOT NULL;
CREATE INDEX generation_job_waiting ON training.generation_job (lease_until) WHERE status = 'waiting';
