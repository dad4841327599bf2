-- The directory: who the opaque ids of the record are, how they sign in, and what they looked at. Mutable, outside the record.
create table people.person (
  id text collate "C" primary key,
  usuario text collate "C" not null unique check (usuario = lower(usuario)),
  name text not null,
  email text,
  active boolean not null default true,
  created_at timestamptz not null default now()
);
insert into people.person (id, usuario, name, active) values ('sistema', 'sistema', 'Sistema', false);

create table people.credential (
  person text primary key references people.person on delete cascade,
  hash text not null,
  changed_at timestamptz not null default now()
);

create table people.sign_in (
  token bytea primary key,
  person text not null references people.person on delete cascade,
  address text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  ended_at timestamptz
);
create index on people.sign_in (person);

create table people.attempt (
  id bigint generated always as identity primary key,
  usuario text not null,
  address text not null,
  at timestamptz not null default clock_timestamp()
);
create index on people.attempt (at);

-- What someone had typed when his sign-in expired: handed back after he signs in again.
create table people.kept_form (
  person text primary key references people.person on delete cascade,
  path text not null,
  fields jsonb not null,
  created_at timestamptz not null default now()
);

create table people.upload (
  id text collate "C" primary key,
  person text not null references people.person on delete cascade,
  unit text not null,
  year int not null,
  filename text not null,
  sha256 text not null,
  bytes bytea not null,
  created_at timestamptz not null default now()
);

create table people.access_log (
  id bigint generated always as identity primary key,
  person text not null,
  at timestamptz not null default now(),
  what text not null
);
create index on people.access_log (at);
