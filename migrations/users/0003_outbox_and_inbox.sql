-- The outbox carries e-mail messages to the broker from the transaction that
-- caused them; the inbox remembers which training events were taken, so that
-- one that is delivered twice leads to one mail.
CREATE TABLE users.outbox (
    sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id uuid NOT NULL UNIQUE,
    topic text NOT NULL,
    key text NOT NULL,
    payload jsonb NOT NULL,
    traceparent text,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE users.inbox (
    event_id uuid PRIMARY KEY,
    received_at timestamptz NOT NULL
);

CREATE INDEX inbox_received_at_idx ON users.inbox (received_at);
