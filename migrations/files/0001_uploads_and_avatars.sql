-- The files subgraph keeps what a file is; the bytes are objects in the store,
-- named by an object key. Database and store cannot commit together, so every
-- object is noted in files.doomed_object before it is written, and the
-- transaction that begins to use it takes the note away. What is no longer used
-- gets its note in the transaction that lets go of it. A sweep removes the
-- objects of the notes that are due: a crash at any point leaves no orphan.

-- A file that a person may send, by one PUT to a signed URL, until expires_at.
CREATE TABLE files.upload (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL,
    filename text NOT NULL,
    content_type text NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    -- The three are set together, once, when the whole file has arrived.
    object_key text UNIQUE,
    byte_size bigint CHECK (byte_size > 0),
    uploaded_at timestamptz,
    CONSTRAINT upload_arrives_whole CHECK (num_nulls(object_key, byte_size, uploaded_at) IN (0, 3))
);

-- Counts a person's pending uploads, and finds the abandoned ones.
CREATE INDEX upload_pending ON files.upload (user_id, expires_at) WHERE uploaded_at IS NULL;
CREATE INDEX upload_abandoned ON files.upload (expires_at) WHERE uploaded_at IS NULL;

-- A picture that this service encoded itself, and that never changes.
CREATE TABLE files.image (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL,
    -- What it was made from; it goes when the image goes.
    upload_id uuid REFERENCES files.upload (id) ON DELETE SET NULL,
    object_key text NOT NULL UNIQUE,
    content_type text NOT NULL,
    byte_size bigint NOT NULL CHECK (byte_size > 0),
    width integer NOT NULL CHECK (width > 0),
    height integer NOT NULL CHECK (height > 0),
    created_at timestamptz NOT NULL
);

CREATE INDEX image_upload ON files.image (upload_id);

-- One row per person who ever had an avatar: the row is the lock under which it
-- is replaced.
CREATE TABLE files.avatar (
    user_id uuid PRIMARY KEY,
    image_id uuid UNIQUE REFERENCES files.image (id)
);

CREATE TABLE files.doomed_object (
    object_key text PRIMARY KEY,
    remove_after timestamptz NOT NULL
);

CREATE INDEX doomed_object_due ON files.doomed_object (remove_after);
