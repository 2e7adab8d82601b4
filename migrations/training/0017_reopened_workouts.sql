-- A workout that was finished before and reopened is not announced a second time: whoever is told by mail is told once.
ALTER TABLE training.workout ADD COLUMN reopened_at timestamptz;
