"""Who may do what in the database itself: the service appends through one function, and nobody changes the record."""

from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from psycopg import Connection, errors, sql

from service.database import Database
from service.recorder import Recorder
from tests.conftest import TestDatabase

CHANGES = (
    "update ledger.event set state = '\\x00'",
    "update ledger.event set notification_id = notification_id + 1000",
    "delete from ledger.event",
    "truncate ledger.event",
    "truncate ledger.event cascade",
    "update ledger.command set first = 0",
    "delete from ledger.command",
    "truncate ledger.command",
    "merge into ledger.event e using (select 1) s on true when matched then delete",
)
INSERTS = (
    "insert into ledger.event values ('s', 1, 't', '\\x00', 1000)",
    "insert into ledger.command values ('c', '\\x00', 's', 1, 1)",
    "insert into ledger.demo values ('semilla')",
    "insert into ledger.migration values ('9999')",
    "copy ledger.event from stdin",
)
TABLES = ("event", "command", "demo", "migration")
TRIGGERS = [f"{table}_is_{how}" for table in ("event", "command", "demo") for how in ("immutable", "kept")]


@pytest.fixture(scope="module")
def filled(make_database: Callable[[str], TestDatabase], _staffed: str) -> TestDatabase:
    """A database with a few events, for all that is refused."""
    return make_database(_staffed)


@pytest.fixture
def service(filled: TestDatabase) -> Iterator[Connection[Any]]:
    """A connection of the service's role."""
    with psycopg.connect(filled.service_url, autocommit=True) as connection:
        yield connection


@pytest.mark.parametrize("statement", [*CHANGES, *INSERTS])
def test_the_service_cannot_touch_the_record(service: Connection[Any], statement: str) -> None:
    """Neither change nor removal nor a direct insert: the role lacks the right."""
    with pytest.raises(errors.InsufficientPrivilege):
        service.execute(statement)


@pytest.mark.parametrize("table", TABLES)
def test_the_service_cannot_disarm_the_record(service: Connection[Any], table: str) -> None:
    """It cannot disable triggers, drop or lock the table, take it over, or write rules and functions beside it."""
    name = sql.Identifier("ledger", table)
    for statement in (
        "alter table {} disable trigger all",
        "drop table {}",
        "alter table {} owner to current_user",
        "create index on {} ((1))",
        "create rule r as on insert to {} do instead nothing",
    ):
        with pytest.raises(errors.InsufficientPrivilege):
            service.execute(sql.SQL(statement).format(name))


def test_the_service_makes_nothing_of_its_own(service: Connection[Any]) -> None:
    """No schema, no table in any of ours, no role; and triggers fire for it always."""
    for statement in (
        "create schema mine",
        "create table ledger.mine (n int)",
        "create table read.mine (n int)",
        "create table people.mine (n int)",
        "create table public.mine (n int)",
        "create function ledger.append(int) returns int language sql as 'select 1'",
        "create role mine",
        "set role quipu_owner",
        "set session_replication_role = replica",
        "drop function ledger.append",
        "comment on schema read is 'otra'",
    ):
        with pytest.raises((errors.InsufficientPrivilege, errors.InvalidParameterValue)):
            service.execute(statement)


def test_the_service_may_execute_append_and_nothing_else_of_the_ledger(service: Connection[Any]) -> None:
    """One function runs with the owner's rights, with a search path of its own, and only the service may call it."""
    rows = service.execute(
        """select proname, prosecdef, proconfig, has_function_privilege('public', oid, 'execute'),
                  has_function_privilege(current_user, oid, 'execute')
           from pg_proc where pronamespace = 'ledger'::regnamespace and prorettype <> 'trigger'::regtype"""
    ).fetchall()
    assert rows == [("append", True, ["search_path=pg_catalog, pg_temp"], False, True)]


def test_a_false_table_in_the_way_does_not_fool_append(filled: TestDatabase) -> None:
    """A temporary table or function of the same name is not what the function uses."""
    database = Database(filled.service_url)
    database.open()
    with database.connection() as connection:
        connection.execute("create temporary table event (like ledger.event)")
        connection.execute("create function pg_temp.pg_notify(text, text) returns void language sql as 'select 1/0'")
        before = connection.execute("select count(*) from ledger.event").fetchone()
        state = psycopg.Binary(b"x")
        connection.execute("select ledger.append('otra', 1, array['t'], array[%s::bytea], null, null, '{}')", [state])
        after = connection.execute("select count(*) from ledger.event").fetchone()
    assert before is not None
    assert (before, after) == ((before[0],), (before[0] + 1,))
    database.close()


def test_a_service_may_read_everything_it_shows(service: Connection[Any]) -> None:
    """Events, commands, read tables and the directory are read; read tables and directory are also written."""
    for statement in (
        "select from ledger.event",
        "select from ledger.command",
        "select from read.history",
        "select from people.person",
    ):
        service.execute(statement)
    for table in ("read.history", "read.history_now", "read.history_past", "people.person", "people.sign_in"):
        rows = service.execute("select has_table_privilege(%s, 'select, insert, update, delete')", [table]).fetchone()
        assert rows == (True,)


@pytest.mark.parametrize("role", ["owner_url", "admin_url"])
@pytest.mark.parametrize("statement", CHANGES)
def test_triggers_refuse_even_the_owner_and_the_superuser(filled: TestDatabase, role: str, statement: str) -> None:
    """What is recorded stays, whoever asks."""
    with psycopg.connect(getattr(filled, role), autocommit=True) as connection:
        with pytest.raises(errors.RestrictViolation, match="The record is never changed"):
            connection.execute(statement)
        assert connection.execute("select count(*) > 10 from ledger.event").fetchone() == (True,)


@pytest.mark.parametrize("statement", CHANGES)
def test_triggers_fire_in_a_replica_session_too(filled: TestDatabase, statement: str) -> None:
    """`session_replication_role` switches ordinary triggers off, not these."""
    with psycopg.connect(filled.admin_url, autocommit=True) as connection:
        connection.execute("set session_replication_role = replica")
        with pytest.raises(errors.RestrictViolation):
            connection.execute(statement)


def test_every_trigger_is_always_on(service: Connection[Any]) -> None:
    """Enabled ALWAYS, on both tables, for rows and for truncation."""
    rows = service.execute(
        "select tgname, tgenabled from pg_trigger where tgname like '%\\_is\\_%' and not tgisinternal order by 1"
    ).fetchall()
    assert rows == [(name, "A") for name in sorted(TRIGGERS)]


def test_a_demo_mark_is_never_taken_away(filled: TestDatabase) -> None:
    """Once a demo, always a demo: not even the owner removes the mark from an invented record."""
    with psycopg.connect(filled.owner_url, autocommit=True) as connection:
        connection.execute("insert into ledger.demo values ('semilla')")
        for statement in ("delete from ledger.demo", "update ledger.demo set seed = 'x'", "truncate ledger.demo"):
            with pytest.raises(errors.RestrictViolation):
                connection.execute(statement)


def test_append_refuses_what_leaves_holes(filled: TestDatabase) -> None:
    """Even the function itself takes only the next version of a stream."""
    from eventsourcing.persistence import StoredEvent  # noqa: PLC0415 — for this story only

    database = Database(filled.service_url)
    database.open()
    recorder = Recorder(database)
    recorder.insert_events([StoredEvent("s", 1, "t", b"x")])
    with pytest.raises(errors.InvalidParameterValue):
        recorder.insert_events([StoredEvent("s", 3, "t", b"x")])
    with pytest.raises(errors.SerializationFailure):
        recorder.insert_events([StoredEvent("s", 2, "t", b"x")], leaning={"t": 1})
    database.close()
