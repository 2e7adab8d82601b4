-- Mutations that make something and came with a key of the client's: what each made, so that one that is sent again is applied once.
-- A row is written in the transaction of the change. The answer is not kept: the made thing is read anew.
CREATE TABLE training.applied_mutation (
    user_id uuid NOT NULL,
    key text NOT NULL CHECK (char_length(key) BETWEEN 1 AND 255),
    operation text NOT NULL,
    input_hash bytea NOT NULL CHECK (octet_length(input_hash) = 32),
    made_id uuid NOT NULL,
    applied_at timestamptz NOT NULL,
    PRIMARY KEY (user_id, key)
);

-- Old rows are forgotten by age.
CREATE INDEX applied_mutation_age ON training.applied_mutation (applied_at);
