-- What may be meant: all that a person ($1) made, and what of the catalogue has names that are like one of two forms
-- ($5, $6) or hold the first. A test reads its plan.
SELECT e.id AS "id!: ExerciseId", e.search_text AS "search_text!",
       training.search_form(CASE WHEN $2 THEN e.name_ru ELSE e.name_en END) AS "name!"
  FROM (
       SELECT id, name_en, name_ru, search_text, equipment
         FROM training.exercise
        WHERE user_id = $1 AND $3 AND deleted_at IS NULL
        UNION ALL
       SELECT id, name_en, name_ru, search_text, equipment
         FROM training.exercise
        WHERE user_id IS NULL AND $4
          AND (search_text OPERATOR(training.%>) $5 OR search_text OPERATOR(training.%>) $6
               OR search_text LIKE '%' || regexp_replace($5, '([%_\\])', '\\\1', 'g') || '%')
       ) e
 WHERE true
   AND ($7::uuid[] IS NULL
        OR EXISTS (SELECT FROM training.exercise_muscle_group m
                    WHERE m.exercise_id = e.id AND m.muscle_group_id = ANY($7)))
   AND ($8::uuid[] IS NULL
        OR EXISTS (SELECT FROM training.exercise_muscle_group m
                    WHERE m.exercise_id = e.id AND m.is_primary AND m.muscle_group_id = ANY($8)))
   AND ($9::uuid[] IS NULL
        OR EXISTS (SELECT FROM training.exercise_muscle_group m
                    WHERE m.exercise_id = e.id AND NOT m.is_primary AND m.muscle_group_id = ANY($9)))
   AND e.id <> ALL($10::uuid[])
   AND ($11::text[] IS NULL OR e.equipment = ANY($11))
