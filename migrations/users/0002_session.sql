-- Sessions and every refresh token that was ever handed out in them. Used
-- tokens stay until the session ends: a used one that comes back is how a
-- stolen token is noticed. Only SHA-256 digests are kept.
CREATE TABLE users.session (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users.account ON DELETE CASCADE,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);

CREATE INDEX session_user_id_idx ON users.session (user_id);
CREATE INDEX session_expires_at_idx ON users.session (expires_at);

CREATE TABLE users.refresh_token (
    hash bytea PRIMARY KEY CHECK (octet_length(hash) = 32),
    session_id uuid NOT NULL REFERENCES users.session ON DELETE CASCADE,
    issued_at timestamptz NOT NULL,
    used_at timestamptz
);

CREATE INDEX refresh_token_session_id_idx ON users.refresh_token (session_id, used_at);
