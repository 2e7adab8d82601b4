-- Whom the load asks for: each person with an exercise that the person did most, the latest workout with it and its log there.
SELECT often.user_id, often.exercise_id, l.workout_id, l.id
  FROM (SELECT DISTINCT ON (user_id) user_id, exercise_id
          FROM (SELECT user_id, exercise_id, count(*) AS logs FROM training.exercise_log GROUP BY user_id, exercise_id) AS counted
         ORDER BY user_id, logs DESC, exercise_id) AS often
 CROSS JOIN LATERAL (
       SELECT id, workout_id FROM training.exercise_log
        WHERE user_id = often.user_id AND exercise_id = often.exercise_id ORDER BY started_at DESC LIMIT 1) AS l
 ORDER BY often.user_id;
