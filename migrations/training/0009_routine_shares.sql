-- Links by which others see and copy a routine. The token is 128 random bits. It is kept as it is, not hashed: its owner
-- sees the link again on every visit, and all it opens is a plan to read, until the owner takes it back.
CREATE TABLE training.routine_share (
    token text PRIMARY KEY CHECK (char_length(token) = 32),
    user_id uuid NOT NULL,
    routine_id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    UNIQUE (user_id, routine_id),
    FOREIGN KEY (user_id, routine_id) REFERENCES training.routine (user_id, id) ON DELETE CASCADE
);
