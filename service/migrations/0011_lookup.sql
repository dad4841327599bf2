-- Codes that led nowhere, by address: who only guesses is asked to wait. Nothing is kept of who looks up a code that exists.
create table people.lookup (
  id bigint generated always as identity primary key,
  address text not null,
  at timestamptz not null default clock_timestamp()
);
create index on people.lookup (address, at);
