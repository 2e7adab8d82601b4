-- What a person has at hand: generated workouts keep to it. Empty: everything.
ALTER TABLE training.generation_settings ADD COLUMN equipment text[] NOT NULL DEFAULT '{}';
