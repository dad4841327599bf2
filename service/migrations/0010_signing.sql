-- How a person proves at the moment of signing to be that person. The app of codes: `pending` until its first code is given,
-- and the last step that served, since no code serves twice. The questions put to a passkey: each is answered once, and soon.
create table people.totp (
  person text collate "C" primary key references people.person on delete cascade,
  secret text,
  pending text,
  last_step bigint not null default 0,
  changed_at timestamptz not null default now()
);

create table people.challenge (
  nonce text collate "C" primary key,
  person text collate "C" not null references people.person on delete cascade,
  purpose text not null,
  expires_at timestamptz not null
);
create index on people.challenge (expires_at);
