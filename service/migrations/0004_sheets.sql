-- What a unit said the columns of its workbooks mean, by the fingerprint of their header; and what was read of a file sent.
create table people.import_mapping (
  unit text not null,
  fingerprint text collate "C" not null,
  mapping jsonb not null,
  person text references people.person on delete set null,
  saved_at timestamptz not null default now(),
  primary key (unit, fingerprint)
);

alter table people.upload add column reading bytea, add column confirmed_at timestamptz;
