-- Papers with names, made once and kept as they were made: the acta of a closed session. Their data are in the record; the names are not.
create table people.paper (
  name text collate "C" primary key,
  sha256 text not null,
  bytes bytea not null,
  made_at timestamptz not null default now()
);
