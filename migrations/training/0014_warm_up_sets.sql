-- Warm-up sets count neither for records nor for what an exercise comes to. There are none yet that could have been counted.
CREATE OR REPLACE VIEW training.work_set AS
SELECT user_id, id, exercise_log_id, position, reps, weight, weight_unit, weight_kg, time_seconds, distance_meters
  FROM training.set_log
 WHERE kind <> 'warm_up';
