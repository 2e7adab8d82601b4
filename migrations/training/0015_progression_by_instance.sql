-- Which exercise of a routine an exercise log was expected by: progression goes on from what was done for that one, and not from
-- another of the same exercise with other sets. Nothing refers to it: a log outlives the plan. Old logs and those that were added by
-- hand have none.
ALTER TABLE training.exercise_log ADD COLUMN exercise_instance_id uuid;
