-- The training schema and its outbox: events are written in the transaction that causes them, and relayed to Kafka after it.
CREATE SCHEMA IF NOT EXISTS training;

CREATE TABLE training.outbox (
    sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id uuid NOT NULL UNIQUE,
    topic text NOT NULL,
    key text NOT NULL,
    payload jsonb NOT NULL,
    traceparent text,
    created_at timestamptz NOT NULL DEFAULT now()
);
