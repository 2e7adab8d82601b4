-- Training of :people people over five years, about 5,000 set logs each, the same at every run: whatever looks random is
-- a hash of what it belongs to. Rows come in the order of time, as they would have: a person's lie far apart.
SET session_replication_role = replica;
SET synchronous_commit = off;
SET work_mem = '512MB';
SET jit = off;

-- A number from 0 to 1 that belongs to a thing and a purpose.
CREATE FUNCTION pg_temp.share(thing bigint, purpose bigint) RETURNS double precision
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT (hashint8extended(thing, purpose) & 1048575) / 1048576.0 $$;

-- One person in five trains all the time, the others for two months to two years; on one to four days a week.
CREATE TEMPORARY TABLE person AS
SELECT number, md5('person ' || number)::uuid AS user_id,
       1 + (pg_temp.share(number, 1) * 4)::integer % 4 AS days,
       CASE WHEN pg_temp.share(number, 2) < 0.2 THEN 261 ELSE 8 + (pg_temp.share(number, 3) * 102)::integer END AS weeks,
       0.6 + pg_temp.share(number, 5) AS strength,
       CASE WHEN pg_temp.share(number, 6) < 0.15 THEN 'lb' ELSE 'kg' END AS unit
  FROM generate_series(1, :people::bigint) number;

ALTER TABLE person ADD COLUMN first_week integer;
UPDATE person SET first_week = (pg_temp.share(number, 4) * (261 - weeks))::integer;

CREATE TEMPORARY TABLE exercise AS
SELECT id, measurement, row_number() OVER (ORDER BY id) - 1 AS place
  FROM training.exercise WHERE user_id IS NULL;
CREATE UNIQUE INDEX ON exercise (place);
ANALYZE exercise;

-- Nine of ten workouts that are planned are done.
CREATE TEMPORARY TABLE workout AS
SELECT p.number, p.user_id, p.unit, p.strength, week, day, number * 100000 + (week * 10 + day) AS seed, at.started_at,
       (lpad(to_hex((extract(epoch FROM at.started_at) * 1000)::bigint), 12, '0') || '7' || substr(hash, 1, 3) || '8'
        || substr(hash, 4, 15))::uuid AS id
  FROM person p
 CROSS JOIN LATERAL generate_series(p.first_week, p.first_week + p.weeks - 1) AS week
 CROSS JOIN LATERAL generate_series(0, p.days - 1) AS day
 CROSS JOIN LATERAL (
       SELECT timestamptz '2021-11-22 00:00Z' + make_interval(days => week * 7 + day * 7 / p.days,
                  secs => 6 * 3600 + pg_temp.share(number * 100000 + week * 10 + day, 7) * 14 * 3600) AS started_at) AS at
 CROSS JOIN LATERAL md5(p.number || ' ' || week || ' ' || day) AS hash
 WHERE pg_temp.share(number * 100000 + week * 10 + day, 8) < 0.9;

ANALYZE workout;

INSERT INTO training.workout (user_id, id, weight_unit, started_at, finished_at, rating, created_at, updated_at)
SELECT user_id, id, unit, started_at, started_at + interval '70 minutes', 3 + (seed % 3), started_at, started_at
  FROM workout ORDER BY started_at;

-- Each day of the week has its six exercises: three that stay, three that change every 16 weeks. Some are done by everybody.
CREATE TEMPORARY TABLE exercise_log AS
SELECT w.user_id, w.id AS workout_id, w.started_at, w.unit, w.week, w.strength, position, e.id AS exercise_id, e.measurement,
       w.seed * 10 + position AS seed, w.number * 1000 + e.place AS of_exercise,
       (substr(w.id::text, 1, 13) || '-7' || substr(hash, 1, 3) || '-8' || substr(hash, 4, 3) || '-' || substr(hash, 7, 12))::uuid AS id
  FROM workout w
 CROSS JOIN generate_series(1, 6) AS position
 CROSS JOIN LATERAL (
       SELECT floor(power(pg_temp.share(w.number * 1000 + w.day * 10 + position,
                                        CASE WHEN position <= 3 THEN 9 ELSE 10 + w.week / 16 END), 2)
                    * (SELECT count(*) FROM exercise))::bigint AS place) AS choice
  JOIN exercise e ON e.place = choice.place
 CROSS JOIN LATERAL md5(w.id || ' ' || position) AS hash
 WHERE position < 6 OR w.seed % 2 = 0;

ANALYZE exercise_log;

INSERT INTO training.exercise_log
       (user_id, id, workout_id, exercise_id, position, started_at, weight_unit, created_at, updated_at)
SELECT user_id, id, workout_id, exercise_id, position, started_at, unit, started_at, started_at
  FROM exercise_log ORDER BY started_at, position;

-- Three to five sets; the weight grows with the weeks, ever more slowly, and differs from day to day.
INSERT INTO training.set_log
       (user_id, id, exercise_log_id, position, type, reps, weight, weight_unit, time_seconds, distance_meters, created_at, updated_at)
SELECT l.user_id,
       (substr(l.id::text, 1, 13) || '-7' || substr(hash, 1, 3) || '-8' || substr(hash, 4, 3) || '-' || substr(hash, 7, 12))::uuid,
       l.id, place,
       CASE l.measurement WHEN 'time' THEN 'time' WHEN 'distance' THEN 'time' WHEN 'bodyweight_reps' THEN 'reps' ELSE 'weight' END,
       CASE WHEN l.measurement NOT IN ('time', 'distance') THEN 5 + (l.seed % 4) + (pg_temp.share(l.seed, 12 + place) * 4)::integer END,
       CASE WHEN l.measurement NOT IN ('time', 'distance', 'bodyweight_reps') THEN 2.5 + 2.5 * greatest(0, round((
           (10 + 25 * pg_temp.share(l.of_exercise, 11)) * l.strength * (1 + ln(1 + l.week) / 8)
           - 2 * place + 3 * pg_temp.share(l.seed, 20))::numeric / CASE l.unit WHEN 'lb' THEN 1 ELSE 1.5 END)) END,
       CASE WHEN l.measurement NOT IN ('time', 'distance', 'bodyweight_reps') THEN l.unit END,
       CASE WHEN l.measurement IN ('time', 'distance') THEN 30 + l.seed % 60 END,
       CASE WHEN l.measurement = 'distance' THEN 100 + l.seed % 900 END,
       l.started_at + place * interval '3 minutes', l.started_at + place * interval '3 minutes'
  FROM exercise_log l
 CROSS JOIN LATERAL generate_series(1, 3 + (pg_temp.share(l.seed, 21) < 0.85)::integer + (pg_temp.share(l.seed, 22) < 0.2)::integer) AS place
 CROSS JOIN LATERAL md5(l.id || ' ' || place) AS hash
 ORDER BY l.started_at, l.position, place;

-- Everybody steps on the scales once a week.
INSERT INTO training.body_measurement (user_id, id, kind, value, unit, measured_at, created_at, updated_at)
SELECT user_id, md5(user_id || ' ' || kind || ' ' || week)::uuid, kind, value, measured.unit, at, at, at
  FROM person
 CROSS JOIN LATERAL generate_series(first_week, first_week + weeks - 1) AS week
 CROSS JOIN LATERAL (VALUES ('body_weight', 60 + week % 40, 'kg'), ('waist', 70 + week % 30, 'cm')) AS measured (kind, value, unit)
 CROSS JOIN LATERAL (SELECT timestamptz '2021-11-22 07:00Z' + make_interval(days => week * 7) AS at) AS time
 ORDER BY at;
