#!/bin/bash
# Runs once, when the database folder is new: one role per subgraph. Each may
# create its own schema, and sees nothing of the others'.
set -euo pipefail

: "${POSTGRES_USER:=postgres}" "${POSTGRES_DB:=setwise}"
: "${USERS_PASSWORD:?}" "${TRAINING_PASSWORD:?}" "${FILES_PASSWORD:?}"

psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
\getenv database POSTGRES_DB
\getenv users_password USERS_PASSWORD
\getenv training_password TRAINING_PASSWORD
\getenv files_password FILES_PASSWORD
BEGIN;
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
CREATE ROLE users LOGIN PASSWORD :'users_password';
CREATE ROLE training LOGIN PASSWORD :'training_password';
CREATE ROLE files LOGIN PASSWORD :'files_password';
GRANT CONNECT, CREATE ON DATABASE :"database" TO users, training, files;
COMMIT;
SQL
