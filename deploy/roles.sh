#!/bin/sh
# The two roles and the database; PostgreSQL runs this once, on an empty volume. On a server of your own: see README.md.
set -eu
psql --set ON_ERROR_STOP=1 --username postgres \
  --set owner="$(cat /run/secrets/owner_password)" --set service="$(cat /run/secrets/service_password)" <<'SQL'
create role quipu_owner login password :'owner';
create role quipu_service login password :'service';
create database quipu owner quipu_owner template template0 encoding 'UTF8' locale 'C.UTF-8';
revoke connect on database quipu from public;
grant connect on database quipu to quipu_service;
SQL
