-- The record: events, the commands that made them, and the one function that may add to it.
create schema ledger;
create schema people;

create table ledger.migration (
  name text primary key,
  applied_at timestamptz not null default now()
);

create table ledger.event (
  originator_id text collate "C" not null check (originator_id ~ '^[0-9a-z/-]+$'),
  originator_version bigint not null,
  topic text not null,
  state bytea not null,
  notification_id bigint not null,
  primary key (originator_id, originator_version)
) with (
  autovacuum_vacuum_threshold = 100000000,
  autovacuum_vacuum_scale_factor = 0.5,
  autovacuum_analyze_threshold = 1000,
  autovacuum_analyze_scale_factor = 0.01
);
create unique index event_notification_id_idx on ledger.event (notification_id);

create table ledger.command (
  id text collate "C" primary key,
  digest bytea not null,
  stream text not null,
  first bigint not null,
  last bigint not null
);

-- Holds one row when the database was made as a demo: only then may the clock, ids and salts be injected.
create table ledger.demo (
  seed text primary key
);

create function ledger.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'The record is never changed: % on % is refused', tg_op, tg_table_name
    using errcode = 'restrict_violation';
end $$;

create trigger event_is_immutable before update or delete on ledger.event
  for each row execute function ledger.refuse_change();
create trigger event_is_kept before truncate on ledger.event
  for each statement execute function ledger.refuse_change();
alter table ledger.event enable always trigger event_is_immutable;
alter table ledger.event enable always trigger event_is_kept;
create trigger command_is_immutable before update or delete on ledger.command
  for each row execute function ledger.refuse_change();
create trigger command_is_kept before truncate on ledger.command
  for each statement execute function ledger.refuse_change();
alter table ledger.command enable always trigger command_is_immutable;
alter table ledger.command enable always trigger command_is_kept;
create trigger demo_is_immutable before update or delete on ledger.demo
  for each row execute function ledger.refuse_change();
create trigger demo_is_kept before truncate on ledger.demo
  for each statement execute function ledger.refuse_change();
alter table ledger.demo enable always trigger demo_is_immutable;
alter table ledger.demo enable always trigger demo_is_kept;

-- Takes the append lock before any row lock, so commit order = position order and positions have no gaps.
-- Events of one stream, the first one's version given. The stream goes on without a gap, from 1 (or 0); a version at or before its
-- head is left to the primary key, which tells a conflict. `leaning`: other streams, which must still stand at these versions.
create function ledger.append(
  stream text, version bigint, topics text[], states bytea[], command text, digest bytea, leaning json
) returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  head bigint;
  stands bigint;
  moved boolean;
begin
  if coalesce(cardinality(topics), 0) = 0 or cardinality(topics) is distinct from cardinality(states) then
    raise exception 'an append needs events, each with topic and state' using errcode = 'invalid_parameter_value';
  end if;
  perform pg_advisory_xact_lock(7128002);
  select
    coalesce((select max(e.notification_id) from ledger.event e), 0),
    (select max(e.originator_version) from ledger.event e where e.originator_id = stream),
    exists (
      select from json_each_text(leaning) as lean (stream, version)
      where lean.version::bigint is distinct from coalesce((
        select max(e.originator_version) from ledger.event e where e.originator_id = lean.stream
      ), 0)
    )
  into head, stands, moved;
  if moved then
    raise exception 'a stream this decision leans on has moved' using errcode = 'serialization_failure';
  end if;
  if (version between (stands is not null)::int and coalesce(stands, 0) + 1) is not true then
    raise exception 'a stream would have a gap' using errcode = 'invalid_parameter_value';
  end if;
  insert into ledger.event (originator_id, originator_version, topic, state, notification_id)
  select stream, version + n - 1, topic, state, head + n
  from unnest(topics, states) with ordinality as e (topic, state, n);
  if command is not null then
    insert into ledger.command (id, digest, stream, first, last)
    values (command, digest, stream, head + 1, head + cardinality(topics));
  end if;
  perform set_config('quipu.position', (head + 1)::text, true);
  perform pg_notify('quipu', (head + cardinality(topics))::text || ' ' || stream);
  return head + 1;
end $$;
revoke all on function ledger.append from public;

grant usage on schema ledger, people to quipu_service;
grant select on ledger.event, ledger.command, ledger.demo, ledger.migration to quipu_service;
grant execute on function ledger.append to quipu_service;
alter default privileges in schema people grant select, insert, update, delete on tables to quipu_service;
alter default privileges in schema people grant usage on sequences to quipu_service;
