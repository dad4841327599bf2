-- The next version of the catalogue while the DRE writes it: one for all who prepare it, as its difference to the one in force.
create table people.catalogue_draft (
  sole boolean primary key default true check (sole),
  change jsonb not null,
  person text not null,
  changed_at timestamptz not null default now()
);

-- A catalogue's file between its dry run and its confirmation, the last one of each person.
create table people.catalogue_upload (
  person text primary key references people.person on delete cascade,
  filename text not null,
  change jsonb not null,
  created_at timestamptz not null default now()
);
