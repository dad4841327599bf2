"""The database: pools for writing and reading, and the numbered migrations that only `quipu migrate` runs."""

import selectors
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from typing import Any

import psycopg
from psycopg import Connection, sql
from psycopg.conninfo import conninfo_to_dict
from psycopg_pool import ConnectionPool

from service.projections import rebuild

MIGRATION_LOCK = 7_128_001
LONGEST_LOCK, LONGEST = 10_000, 60_000  # milliseconds
Row = dict[str, Any]
_Watch = getattr(selectors, "PollSelector", selectors.SelectSelector)  # `select` itself knows only the first 1,024 files


def _configure(connection: Connection[Any]) -> None:
    """Nothing waits for ever: who holds a lock too long, or stops amid a transaction, does not stop the others."""
    limits = f"set lock_timeout = {LONGEST_LOCK}; set statement_timeout = {LONGEST}; set idle_in_transaction_session_timeout = {LONGEST}"
    connection.execute(sql.SQL("set time zone 'UTC'; {}").format(sql.SQL(limits)))
    connection.prepared_max = 500


def _alive(connection: Connection[Any]) -> bool:
    """Whether the server is still there; costs no trip: nobody speaks to an idle connection but to say goodbye."""
    with _Watch() as watch:
        watch.register(connection.fileno(), selectors.EVENT_READ)
        return not watch.select(0)


class Database:
    """Connections of the service's role; each reading is one snapshot, whatever it asks."""

    def __init__(self, url: str, *, size: int = 10) -> None:
        self.url = url
        self.pool: ConnectionPool[Connection[Any]] = ConnectionPool(
            url,
            min_size=1,
            max_size=size,
            open=False,
            timeout=5,
            reconnect_timeout=4,  # longer pauses between attempts would outlast an outage
            kwargs={"autocommit": True},
            configure=_configure,
        )

    def open(self) -> None:
        self.pool.open()

    def close(self) -> None:
        self.pool.close()

    @contextmanager
    def connection(self) -> Iterator[Connection[Any]]:
        """A connection in autocommit mode; dead ones are thrown away at once, as many as there are."""
        connection = self.pool.getconn()
        while not _alive(connection):
            connection.close()
            self.pool.putconn(connection)
            connection = self.pool.getconn()
        try:
            with connection:
                yield connection
        finally:
            self.pool.putconn(connection)

    @contextmanager
    def snapshot(self) -> Iterator[Connection[Any]]:
        """A read-only REPEATABLE READ transaction: every query inside sees one moment.

        The lock comes before the moment: tables swapped in later would look empty from it, so the swap waits.
        """
        with self.connection() as connection:
            connection.execute(
                f"begin isolation level repeatable read read only; lock table only {rebuild.GUARD} in access share mode"
            )
            try:
                yield connection
            finally:
                connection.rollback()


def _migrations() -> list[tuple[str, str]]:
    folder = files("service").joinpath("migrations")
    scripts = sorted((item for item in folder.iterdir() if item.name.endswith(".sql")), key=lambda item: item.name)
    return [(item.name.removesuffix(".sql"), item.read_text(encoding="utf-8")) for item in scripts]


def pending(url: str) -> list[str]:
    """The names of what `migrate` would do to this database, in order; `read` where its read tables are of another shape."""
    from service.projections import rebuild  # noqa: PLC0415 — the shape of the read tables is their own room's

    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute("select to_regclass('ledger.migration')").fetchone()
        done = set()
        if row and row[0]:
            done = {name for (name,) in connection.execute("select name from ledger.migration")}
        return [name for name, _ in _migrations() if name not in done] + ["read"] * rebuild.outdated(connection)


def migrate(owner_url: str, service_url: str) -> list[str]:
    """Bring the schema up to date, one process at a time; returns the names of what was applied.

    In the scripts `quipu_service` stands for the service's role, whatever its name is.
    """
    role = sql.Identifier(str(conninfo_to_dict(service_url).get("user") or "quipu_service"))
    applied = []
    with psycopg.connect(owner_url, autocommit=True) as connection:
        connection.execute("select pg_advisory_lock(%s)", [MIGRATION_LOCK])
        for name, script in _migrations():
            known = connection.execute("select to_regclass('ledger.migration')").fetchone()
            if known and known[0] and connection.execute("select 1 from ledger.migration where name = %s", [name]).fetchone():
                continue
            with connection.transaction():
                statement = script.replace("quipu_service", role.as_string(connection))
                connection.execute(statement)
                connection.execute("insert into ledger.migration (name) values (%s)", [name])
            applied.append(name)
        if rebuild.outdated(connection):
            rebuild.run(connection, role=role)
            applied.append("read")
    return applied
