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
-- `leaning` streams must still stand at the versions the decision was made on. Each stream goes on without a gap, from 1 (or 0);
-- what lies at or before its head is left to the primary key, which tells a conflict.
create function ledger.append(
  streams text[], versions bigint[], topics text[], states bytea[],
  command text, digest bytea, leaning text[], leaning_versions bigint[]
) returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  head bigint;
  first bigint;
  count int := cardinality(streams);
begin
  if coalesce(count, 0) = 0
    or (cardinality(versions), cardinality(topics), cardinality(states)) is distinct from (count, count, count) then
    raise exception 'an append needs events, each with stream, version, topic and state' using errcode = 'invalid_parameter_value';
  end if;
  perform pg_advisory_xact_lock(7128002);
  if exists (
    select from unnest(leaning, leaning_versions) as lean (stream, version)
    where lean.version is distinct from coalesce((
      select max(e.originator_version) from ledger.event e where e.originator_id = lean.stream
    ), 0)
  ) then
    raise exception 'a stream this decision leans on has moved' using errcode = 'serialization_failure';
  end if;
  if exists (
    select from (
      select e.version, lag(e.version) over (partition by e.stream order by e.n) as before,
        (select max(o.originator_version) from ledger.event o where o.originator_id = e.stream) as head
      from unnest(streams, versions) with ordinality as e (stream, version, n)
    ) as e
    where case
      when e.before is not null then e.version not in (e.before, e.before + 1)
      when e.head is not null then e.version not between 1 and e.head + 1
      else e.version not in (0, 1)
    end
  ) then
    raise exception 'a stream would have a gap' using errcode = 'invalid_parameter_value';
  end if;
  select coalesce(max(notification_id), 0) into head from ledger.event;
  first := head + 1;
  insert into ledger.event (originator_id, originator_version, topic, state, notification_id)
  select stream, version, topic, state, head + n
  from unnest(streams, versions, topics, states) with ordinality as e (stream, version, topic, state, n);
  if command is not null then
    insert into ledger.command (id, digest, stream, first, last)
    values (command, digest, streams[1], first, head + count);
  end if;
  perform set_config('quipu.position', first::text, true);
  perform pg_notify('quipu', (head + count)::text || ' ' || streams[1]);
  return first;
end $$;
revoke all on function ledger.append from public;

grant usage on schema ledger, people to quipu_service;
grant select on ledger.event, ledger.command, ledger.demo, ledger.migration to quipu_service;
grant execute on function ledger.append to quipu_service;
alter default privileges in schema people grant select, insert, update, delete on tables to quipu_service;
alter default privileges in schema people grant usage on sequences to quipu_service;
