-- What is private to a person: what was typed and not sent yet, and which mentions were read.
create table people.draft (
  person text collate "C" not null references people.person on delete cascade,
  form text collate "C" not null,
  field text collate "C" not null,
  value jsonb not null,
  saved_at timestamptz not null default clock_timestamp(),
  primary key (person, form, field)
);
create index on people.draft (saved_at);

-- What had been kept of a form whose sign-in had expired is a draft like any other.
insert into people.draft (person, form, field, value, saved_at)
select k.person, k.path, f.key, f.value, k.created_at from people.kept_form k, jsonb_each(k.fields) f;
drop table people.kept_form;

create table people.mention_read (
  person text collate "C" not null references people.person on delete cascade,
  stream text collate "C" not null,
  comment int not null,
  read_at timestamptz not null default now(),
  primary key (person, stream, comment)
);

-- Who is writing where, until the next heartbeat is missed: worth nothing after a crash, so it is not logged.
create unlogged table people.presence (
  person text collate "C" not null references people.person on delete cascade,
  stream text collate "C" not null,
  activity int not null,
  charge text not null,
  until timestamptz not null,
  primary key (stream, activity, person)
) with (fillfactor = 50);
