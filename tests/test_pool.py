"""The pool of connections: dead ones are never handed out, whatever happened to the server or to this process."""

import resource
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing

import psycopg
import pytest
from psycopg_pool import PoolTimeout

from service.database import Database
from tests.conftest import TestDatabase
from tests.wire import wire


@pytest.fixture
def pool(new_database: TestDatabase) -> Iterator[Database]:
    """A pool of three connections."""
    with closing(Database(new_database.service_url, size=3)) as database:
        database.open()
        yield database


def test_a_connection_that_the_server_closed_is_replaced(pool: Database, new_database: TestDatabase) -> None:
    """After a restart of the server every waiting connection is dead; the next caller notices nothing."""
    with ExitStack() as stack:
        for _ in range(3):
            stack.enter_context(pool.connection())
    with psycopg.connect(new_database.admin_url, autocommit=True) as admin:
        query = "select pg_terminate_backend(pid, 5000) from pg_stat_activity where usename = 'quipu_service' and datname = current_database()"
        assert len(admin.execute(query).fetchall()) == 3
    for _ in range(4):
        with pool.connection() as connection:
            assert connection.execute("select 1").fetchone() == (1,)


@pytest.mark.long
def test_after_an_outage_of_any_length_the_next_calls_get_through(new_database: TestDatabase) -> None:
    """While the server is away each caller waits its five seconds; when it is back nobody waits for an old pause to end."""
    with wire(new_database.service_url) as (cutting, url), closing(Database(url, size=3)) as database:
        database.open()
        cutting.away = True
        cutting.lose("asked")
        with pytest.raises(psycopg.OperationalError), database.connection() as connection:
            connection.execute("select 1")
        for _ in range(3):
            with pytest.raises(PoolTimeout), database.connection():
                pass
        cutting.away = False
        back = time.monotonic()
        with database.connection() as connection:
            connection.execute("select 1")
        assert time.monotonic() - back < 4


def test_a_process_with_many_open_files_still_reaches_its_database(pool: Database) -> None:
    """Many people watching live pages are many sockets: beyond 1,024 of them connections go on working."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < 1500:
        pytest.skip("this machine does not allow 1,500 open files")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 1500), hard))
    try:
        with ExitStack() as stack:
            for _ in range(1100):
                stack.enter_context(socket.socket())
            for _ in range(3):
                with pool.connection() as one, pool.connection() as other:
                    assert max(one.fileno(), other.fileno()) > 1024
                    assert other.execute("select 1").fetchone() == (1,)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_a_snapshot_sees_one_moment(pool: Database) -> None:
    """What others commit meanwhile is not seen, and a snapshot writes nothing."""
    with pool.snapshot() as snapshot:
        count = "select count(*) from people.access_log"
        before = snapshot.execute(count).fetchone()
        with pool.connection() as other:
            other.execute("insert into people.access_log (person, what) values ('sistema', 'prueba')")
        assert snapshot.execute(count).fetchone() == before
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            snapshot.execute("delete from people.access_log")
    with pool.snapshot() as later:
        assert later.execute(count).fetchone() != before
