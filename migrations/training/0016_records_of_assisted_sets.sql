-- Assistance was counted as if it had been lifted, and an exercise that is in a workout twice as two sessions. What 0010 keeps is
-- filled anew for such exercises, by the rules of record/reckoning.rs. It can run again. What is reckoned with
-- lies in tables of this schema meanwhile: the role need not be allowed temporary ones.
WITH best AS (
    SELECT l.user_id, l.id,
           (array_agg(s.id ORDER BY coalesce(s.weight_kg, 0), s.reps DESC NULLS LAST, s.time_seconds DESC NULLS LAST,
                                    s.distance_meters DESC NULLS LAST, s.position) FILTER (WHERE s.id IS NOT NULL))[1] AS set_id
      FROM training.exercise e
      JOIN training.exercise_log l ON l.exercise_id = e.id
      LEFT JOIN training.work_set s ON s.user_id = l.user_id AND s.exercise_log_id = l.id
     WHERE e.measurement = 'assisted'
     GROUP BY l.user_id, l.id
)
UPDATE training.exercise_log l
   SET volume_kg = 0, heaviest_kg = NULL, epley_kg = NULL, brzycki_kg = NULL, best_set_id = best.set_id
  FROM best
 WHERE l.user_id = best.user_id AND l.id = best.id;

CREATE UNLOGGED TABLE training.reckoned_anew AS
SELECT l.user_id, l.exercise_id, bool_or(e.measurement = 'assisted') AS is_assisted
  FROM (SELECT user_id, exercise_id, count(*) > 1 AS is_twice
          FROM training.exercise_log GROUP BY user_id, exercise_id, workout_id) AS l
  JOIN training.exercise e ON e.id = l.exercise_id
 WHERE l.is_twice OR e.measurement = 'assisted'
 GROUP BY l.user_id, l.exercise_id;

DELETE FROM training.personal_record p
 USING training.reckoned_anew anew
 WHERE p.user_id = anew.user_id AND p.exercise_id = anew.exercise_id;

CREATE UNLOGGED TABLE training.reckoned_set AS
SELECT l.user_id, l.exercise_id, l.id AS exercise_log_id, l.workout_id, l.started_at, anew.is_assisted,
       s.id AS set_log_id, s.reps, coalesce(s.weight_kg, 0) AS at_kg,
       CASE WHEN s.weight_kg > 0 AND NOT anew.is_assisted THEN s.weight_kg END AS load_kg,
       row_number() OVER (PARTITION BY l.user_id, l.exercise_id
                          ORDER BY l.started_at, l.workout_id, l.position, s.position) AS place
  FROM training.reckoned_anew anew
  JOIN training.exercise_log l ON l.user_id = anew.user_id AND l.exercise_id = anew.exercise_id
  JOIN training.work_set s ON s.user_id = l.user_id AND s.exercise_log_id = l.id;

CREATE INDEX ON training.reckoned_set (user_id, exercise_id, place);
ANALYZE training.reckoned_set;

WITH estimated AS (
    SELECT *,
           CASE WHEN reps BETWEEN 1 AND 10
                THEN CASE reps WHEN 1 THEN load_kg ELSE load_kg * (1 + reps / 30.0) END END AS epley,
           CASE WHEN reps BETWEEN 1 AND 10 THEN load_kg * 36.0 / (37 - reps) END AS brzycki,
           coalesce(reps * load_kg, 0) AS lifted_kg
      FROM training.reckoned_set
), session AS (
    SELECT user_id, exercise_id, workout_id,
           max(sum(lifted_kg)) OVER (PARTITION BY user_id, exercise_id ORDER BY min(place)
                                     ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)::float8 AS best_before
      FROM estimated
     GROUP BY user_id, exercise_id, workout_id
), ran AS (
    SELECT d.*,
           max(load_kg) OVER before AS heaviest_before, max(epley) OVER before AS epley_before,
           max(brzycki) OVER before AS brzycki_before,
           CASE WHEN is_assisted
                THEN (SELECT max(o.reps) FROM training.reckoned_set o
                       WHERE o.user_id = d.user_id AND o.exercise_id = d.exercise_id
                         AND o.place < d.place AND o.at_kg <= d.at_kg)
                ELSE max(reps) OVER (PARTITION BY d.user_id, d.exercise_id, at_kg ORDER BY place
                                     ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) END AS reps_before,
           sum(lifted_kg) OVER (PARTITION BY d.user_id, d.exercise_id, d.workout_id ORDER BY place)::float8 AS volume,
           nullif(v.best_before, 0) AS volume_before
      FROM estimated d
      JOIN session v ON v.user_id = d.user_id AND v.exercise_id = d.exercise_id AND v.workout_id = d.workout_id
    WINDOW before AS (PARTITION BY d.user_id, d.exercise_id ORDER BY place
                      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
), marked AS (
    SELECT *,
           (CASE WHEN load_kg > coalesce(heaviest_before, 0) * (1 + 1e-9) THEN 1 ELSE 0 END)
         | (CASE WHEN epley > coalesce(epley_before, 0) * (1 + 1e-9) THEN 2 ELSE 0 END)
         | (CASE WHEN brzycki > coalesce(brzycki_before, 0) * (1 + 1e-9) THEN 4 ELSE 0 END)
         | (CASE WHEN reps > coalesce(reps_before, 0) THEN 8 ELSE 0 END)
         | (CASE WHEN volume > coalesce(volume_before, 0) * (1 + 1e-9)
                  AND volume - lifted_kg::float8 <= coalesce(volume_before, 0) * (1 + 1e-9) THEN 16 ELSE 0 END) AS best,
           (CASE WHEN heaviest_before IS NULL THEN 0 ELSE 1 END) | (CASE WHEN epley_before IS NULL THEN 0 ELSE 2 END)
         | (CASE WHEN brzycki_before IS NULL THEN 0 ELSE 4 END) | (CASE WHEN reps_before IS NULL THEN 0 ELSE 8 END)
         | (CASE WHEN volume_before IS NULL THEN 0 ELSE 16 END) AS had
      FROM ran
)
INSERT INTO training.personal_record (user_id, set_log_id, exercise_id, exercise_log_id, started_at, best, broken)
SELECT user_id, set_log_id, exercise_id, exercise_log_id, started_at, best, best & had
  FROM marked
 WHERE best > 0;

DROP TABLE training.reckoned_set;
DROP TABLE training.reckoned_anew;
