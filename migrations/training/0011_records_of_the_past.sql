-- Fills what 0010 keeps, for the sets that are there already, by the rules of record/reckoning.rs. It can run again.
WITH estimated AS (
    SELECT s.*,
           s.reps * s.weight_kg AS lifted_kg,
           CASE WHEN s.weight_kg > 0 AND s.reps BETWEEN 1 AND 10
                THEN CASE s.reps WHEN 1 THEN s.weight_kg ELSE s.weight_kg * (1 + s.reps / 30.0) END END AS epley_kg,
           CASE WHEN s.weight_kg > 0 AND s.reps BETWEEN 1 AND 10 THEN s.weight_kg * 36.0 / (37 - s.reps) END AS brzycki_kg
      FROM training.work_set s
), summary AS (
    SELECT user_id, exercise_log_id,
           count(*) AS work_sets, coalesce(sum(reps), 0) AS work_reps,
           coalesce(sum(time_seconds), 0) AS work_seconds, coalesce(sum(distance_meters), 0) AS work_meters,
           coalesce(sum(lifted_kg), 0) AS volume_kg,
           max(weight_kg) FILTER (WHERE weight_kg > 0) AS heaviest_kg, max(epley_kg) AS epley_kg, max(brzycki_kg) AS brzycki_kg,
           (array_agg(id ORDER BY epley_kg DESC NULLS LAST, nullif(weight_kg, 0) DESC NULLS LAST, reps DESC NULLS LAST,
                                  time_seconds DESC NULLS LAST, distance_meters DESC NULLS LAST, position))[1] AS best_set_id
      FROM estimated
     GROUP BY user_id, exercise_log_id
)
UPDATE training.exercise_log l
   SET work_sets = s.work_sets, work_reps = s.work_reps, work_seconds = s.work_seconds, work_meters = s.work_meters,
       volume_kg = s.volume_kg, heaviest_kg = s.heaviest_kg, epley_kg = s.epley_kg, brzycki_kg = s.brzycki_kg,
       best_set_id = s.best_set_id
  FROM summary s
 WHERE l.user_id = s.user_id AND l.id = s.exercise_log_id;

WITH done AS (
    SELECT l.user_id, l.exercise_id, l.id AS exercise_log_id, l.workout_id, l.started_at, l.position AS log_position,
           s.id AS set_log_id, s.position,
           CASE WHEN s.weight_kg > 0 THEN s.weight_kg END AS heaviest,
           CASE WHEN s.weight_kg > 0 AND s.reps BETWEEN 1 AND 10
                THEN CASE s.reps WHEN 1 THEN s.weight_kg ELSE s.weight_kg * (1 + s.reps / 30.0) END END AS epley,
           CASE WHEN s.weight_kg > 0 AND s.reps BETWEEN 1 AND 10 THEN s.weight_kg * 36.0 / (37 - s.reps) END AS brzycki,
           s.reps, coalesce(s.weight_kg, 0) AS at_kg,
           coalesce(s.reps * s.weight_kg, 0) AS lifted_kg
      FROM training.exercise_log l
      JOIN training.work_set s ON s.user_id = l.user_id AND s.exercise_log_id = l.id
), log_volume AS (
    SELECT user_id, id AS exercise_log_id,
           max(volume_kg) OVER (PARTITION BY user_id, exercise_id ORDER BY started_at, workout_id, position
                                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS best_before
      FROM training.exercise_log
     WHERE work_sets > 0
), ran AS (
    SELECT d.*,
           max(heaviest) OVER before AS heaviest_before, max(epley) OVER before AS epley_before,
           max(brzycki) OVER before AS brzycki_before,
           max(reps) OVER (PARTITION BY d.user_id, exercise_id, at_kg ORDER BY started_at, workout_id, log_position, d.position
                           ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS reps_before,
           sum(lifted_kg) OVER (PARTITION BY d.user_id, d.exercise_log_id ORDER BY d.position)::float8 AS volume,
           nullif(v.best_before, 0) AS volume_before
      FROM done d
      JOIN log_volume v ON v.user_id = d.user_id AND v.exercise_log_id = d.exercise_log_id
    WINDOW before AS (PARTITION BY d.user_id, exercise_id ORDER BY started_at, workout_id, log_position, d.position
                      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
), marked AS (
    SELECT *,
           (CASE WHEN heaviest > coalesce(heaviest_before, 0) * (1 + 1e-9) THEN 1 ELSE 0 END)
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
 WHERE best > 0
ON CONFLICT (user_id, set_log_id) DO UPDATE SET best = EXCLUDED.best, broken = EXCLUDED.broken;
