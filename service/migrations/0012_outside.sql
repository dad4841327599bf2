-- The DNI by which a certificate is known to be a person's; and what a check of a file signed elsewhere read in it, for its sender.
alter table people.person add column dni text collate "C" unique check (dni ~ '^[0-9]{8}$');

create table people.outside_check (
  id text collate "C" primary key,
  person text collate "C" not null references people.person on delete cascade,
  commitment text not null,
  file text not null,
  verdict text not null,
  reasons text[] not null,
  subject text not null,
  signed_at timestamptz,
  at timestamptz not null default now()
);
create index on people.outside_check (person, commitment);
