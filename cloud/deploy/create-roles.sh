#!/usr/bin/env bash
# Runs once, when the database container is first created: the role that owns the tables, and the
# runtime role that neither owns them nor passes row-level security.
set -euo pipefail
psql -v ON_ERROR_STOP=1 --username postgres \
  -v owner_password="$TAGTRAIL_OWNER_PASSWORD" -v app_password="$TAGTRAIL_APP_PASSWORD" <<'SQL'
CREATE ROLE tagtrail_owner LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD :'owner_password';
CREATE ROLE tagtrail_app LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD :'app_password';
CREATE DATABASE tagtrail OWNER tagtrail_owner;
SQL
