-- Accounts with their profile. The address is kept as it was written and is
-- unique without regard to case; "C" folds ASCII alone, the same on every
-- server, whatever its locale.
CREATE TABLE users.account (
    id uuid PRIMARY KEY,
    email text NOT NULL CHECK (char_length(email) <= 254),
    password_hash text NOT NULL,
    first_name text,
    last_name text,
    date_of_birth timestamptz,
    height_cm double precision CHECK (height_cm > 0),
    weight_kg double precision CHECK (weight_kg > 0),
    language text NOT NULL CHECK (language IN ('en', 'ru')),
    weight_unit text NOT NULL CHECK (weight_unit IN ('kg', 'lb')),
    profile_picture_url text,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);

CREATE UNIQUE INDEX account_email_key ON users.account (lower(email COLLATE "C"));
