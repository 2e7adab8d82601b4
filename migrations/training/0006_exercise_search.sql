-- What a person needs to know of an exercise (steps, movement, level, other names), and a search that finds it in spite of
-- typos and in either alphabet: pg_trgm finds what is alike, and search_form writes names without case, accents and Cyrillic.
-- Both extensions are trusted: a role that may create in the database may add them. They lie in this schema, so that the
-- search does not depend on anybody's search_path.
DO $$
DECLARE
    wanted text;
    place text;
    reason text;
BEGIN
    FOREACH wanted IN ARRAY ARRAY['pg_trgm', 'unaccent'] LOOP
        SELECT n.nspname INTO place
          FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
         WHERE e.extname = wanted;
        IF place IS NULL THEN
            BEGIN
                EXECUTE format('CREATE EXTENSION %I WITH SCHEMA training', wanted);
            EXCEPTION WHEN insufficient_privilege OR feature_not_supported OR undefined_file THEN
                GET STACKED DIAGNOSTICS reason = MESSAGE_TEXT;
                RAISE EXCEPTION 'the search for exercises needs the PostgreSQL extension %, which cannot be added (%): install the contrib modules of PostgreSQL, and GRANT CREATE ON DATABASE "%" TO % or run CREATE EXTENSION % WITH SCHEMA training as a superuser; then start again',
                    wanted, reason, current_database(), current_user, wanted;
            END;
        ELSIF place <> 'training' THEN
            RAISE EXCEPTION 'the search for exercises needs the PostgreSQL extension % in the schema training, but it lies in the schema %: run ALTER EXTENSION % SET SCHEMA training as its owner; then start again',
                wanted, place, wanted;
        END IF;
    END LOOP;
END $$;

-- Names as the search compares them. The dictionary is a constant here, so the same text always gives the same form.
CREATE FUNCTION training.search_form(written text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN translate(
    replace(replace(replace(replace(replace(replace(replace(
        training.unaccent('training.unaccent'::regdictionary, lower(written COLLATE "und-x-icu")),
        'щ', 'shch'), 'ш', 'sh'), 'ч', 'ch'), 'ж', 'zh'), 'ц', 'ts'), 'ю', 'yu'), 'я', 'ya'),
    'абвгдезийклмнопрстуфхыэ-–—«»<>"''’.,:;()/ьъ',
    'abvgdeziyklmnoprstufhye                 '
);

-- All names of an exercise, a line each: English, Russian, then what else people call it.
CREATE FUNCTION training.exercise_search_text(name_en text, name_ru text, aliases text[]) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN training.search_form(array_to_string(ARRAY[name_en, name_ru] || aliases, E'\n'));

ALTER TABLE training.exercise
    ADD COLUMN aliases text[] NOT NULL DEFAULT '{}',
    ADD COLUMN instructions_en text[] NOT NULL DEFAULT '{}',
    ADD COLUMN instructions_ru text[] NOT NULL DEFAULT '{}',
    ADD COLUMN movement text,
    ADD COLUMN level text CONSTRAINT exercise_level_known CHECK (level IN ('beginner', 'intermediate', 'advanced')),
    ADD COLUMN is_unilateral boolean NOT NULL DEFAULT false,
    -- A deleted exercise is listed no more, but the workouts and routines that have it keep it.
    ADD COLUMN deleted_at timestamptz,
    ADD CONSTRAINT exercise_movement_known CHECK (movement IN (
        'horizontal_push', 'vertical_push', 'horizontal_pull', 'vertical_pull', 'squat', 'lunge', 'hinge', 'olympic_lift',
        'jump', 'throw', 'chest_fly', 'shoulder_raise', 'shoulder_rotation', 'shrug', 'elbow_flexion', 'elbow_extension',
        'grip', 'neck', 'knee_extension', 'knee_flexion', 'hip_extension', 'hip_flexion', 'hip_abduction', 'hip_adduction',
        'calf_raise', 'shin_raise', 'trunk_flexion', 'trunk_extension', 'trunk_rotation', 'trunk_stability', 'carry',
        'conditioning', 'mobility'
    )),
    ADD CONSTRAINT exercise_only_own_are_deleted CHECK (deleted_at IS NULL OR user_id IS NOT NULL),
    DROP CONSTRAINT exercise_measurement_check,
    ADD CONSTRAINT exercise_measurement_known
        CHECK (measurement IN ('reps_weight', 'bodyweight_reps', 'assisted', 'time', 'distance'));

ALTER TABLE training.exercise
    ADD COLUMN search_text text NOT NULL
        GENERATED ALWAYS AS (training.exercise_search_text(name_en, name_ru, aliases)) STORED;

-- Of the catalogue alone: each person's own exercises are few, and read by exercise_owner. It is seldom written, so writes
-- need no list of pending entries, which every search would read.
CREATE INDEX exercise_search ON training.exercise USING gin (search_text training.gin_trgm_ops)
    WITH (fastupdate = off) WHERE user_id IS NULL;
