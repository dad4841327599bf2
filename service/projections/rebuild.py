"""Make the read tables again from the events, beside the live ones; compare; swap."""

import hashlib
import time
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
from psycopg import Connection, sql
from psycopg.errors import DeadlockDetected, LockNotAvailable

from service.projections import END, Row, Table, definition, indexing, rooms
from service.record import APPEND_LOCK, Recorded, decode

Version = tuple[Any, ...]
BATCH = 2_000
ATTEMPTS, PATIENCE = 200, 0.05
GUARD = "read.history"  # the table that every snapshot and every writer locks first, and the swap of the read tables too


class Fold:
    """The rows of one stream, every version of them, built from its events with the projections of the write path."""

    def __init__(self) -> None:
        self._now: dict[tuple[str, tuple[Any, ...]], list[Any]] = {}
        self.versions: dict[str, list[Version]] = {table.name: [] for table in rooms.TABLES}
        self._places = {t.name: {column: n for n, column in enumerate(t.names)} for t in rooms.TABLES}
        self._blank = {t.name: [default for _, default in t.columns.values()] for t in rooms.TABLES}

    def take(self, recorded: Recorded) -> None:
        """Apply one event's rows."""
        for row in rooms.project(recorded):
            self._apply(row, recorded.position)

    def _apply(self, row: Row, position: int) -> None:
        table, patch = row.table, row.patch
        name = table.name
        if table.log and patch is not None:
            self.versions[name].append((*row.key, *patch.values(), position, END))
            return
        old = None if row.fresh else self._now.pop((name, row.key), None)
        if old is not None:
            self.versions[name].append((*old, position))
        if patch is None:
            return
        values = old[:-1] if old else [*row.key, *self._blank[name]]
        places = self._places[name]
        for column, value in patch.items():
            values[places[column]] = list(value) if isinstance(value, tuple) else value
        values.append(position)
        self._now[name, row.key] = values

    def finish(self) -> dict[str, list[Version]]:
        """All versions, the standing ones last: columns in order, then from and to."""
        for (name, _), values in self._now.items():
            self.versions[name].append((*values, END))
        self._now.clear()
        return self.versions


def fingerprint() -> str:
    """A digest of the tables' definitions: when it changes, the read tables must be made again."""
    text = "".join(definition(table, "read") + indexing(table, "read") for table in rooms.TABLES)
    return hashlib.sha256(text.encode()).hexdigest()


def outdated(connection: Connection[Any]) -> bool:
    """Whether the live read tables are missing or of another shape."""
    row = connection.execute("select obj_description(to_regnamespace('read'), 'pg_namespace')").fetchone()
    return row is None or row[0] != fingerprint()


def _run(connection: Connection[Any], statement: str) -> None:
    connection.execute(statement)


def streams(connection: Connection[Any]) -> list[tuple[str, int]]:
    """Every stream and how many events it has."""
    return connection.execute("select originator_id, max(originator_version) from ledger.event group by 1 order by 1").fetchall()


def events(connection: Connection[Any], stream: str, upto: int) -> Iterator[Recorded]:
    """The events of a stream up to a global position, read in batches."""
    version = 0
    while True:
        rows = connection.execute(
            """select notification_id, originator_version, state from ledger.event
            where originator_id = %s and originator_version > %s and notification_id <= %s
            order by originator_version limit %s""",
            [stream, version, upto, BATCH],
            prepare=True,
            binary=True,
        ).fetchall()
        if not rows:
            return
        for position, version, state in rows:
            yield Recorded(position, stream, version, decode(state))


def head(connection: Connection[Any]) -> int:
    """The last position of the record, 0 when it is empty."""
    row = connection.execute("select coalesce(max(notification_id), 0) from ledger.event").fetchone()
    return int(row[0]) if row else 0


class Rebuilt(msgspec.Struct, frozen=True):
    """What a rebuild did: up to which position, from how many events, and how many rows the live tables had differently."""

    position: int
    events: int
    differences: dict[str, int]


def _copy(connection: Connection[Any], table: Table, rows: list[Version]) -> None:
    documents = {n for n, column in enumerate(table.names) if table.type_of(column) == "jsonb"}
    columns = ", ".join([*table.names, "from_pos", "to_pos"])
    for part, chosen in (("now", [r for r in rows if r[-1] == END]), ("past", [r for r in rows if r[-1] != END])):
        if not chosen:
            continue
        with connection.cursor() as cursor, cursor.copy(f"copy read_new.{table.name}_{part} ({columns}) from stdin") as copy:
            for row in chosen:
                copy.write_row(_travelling(row, documents) if documents else row)


def _travelling(row: Version, documents: set[int]) -> Version:
    """Documents travel as text."""
    return tuple(msgspec.json.encode(v).decode() if n in documents and v is not None else v for n, v in enumerate(row))


def run(connection: Connection[Any], *, role: sql.Identifier, tell: Callable[[int], None] = lambda _: None) -> Rebuilt:
    """Make the read tables again, compare them with the live ones row by row, swap them in.

    The writers wait only for what came meanwhile. `connection` is the schema owner's, in autocommit mode; `tell` hears
    how many events each stream had.
    """
    _run(connection, "set work_mem = '64MB'; set maintenance_work_mem = '256MB'; set time zone 'UTC'")
    _run(connection, "drop schema if exists read_new cascade; create schema read_new")
    with connection.transaction():
        for table in rooms.TABLES:
            _run(connection, definition(table, "read_new"))
    reached = head(connection)
    done = {stream: _fill(connection, stream, reached, tell) for stream, _ in streams(connection)}
    with connection.transaction():
        for table in rooms.TABLES:
            _run(connection, indexing(table, "read_new"))
    _run(connection, f"analyze {', '.join(f'read_new.{t.name}_now, read_new.{t.name}_past' for t in rooms.TABLES)}")
    differences = {} if outdated(connection) else _differences(connection, reached)
    attempt = 0
    while True:
        attempt += 1
        try:
            final, count = _swap(connection, role, dict(done))
            return Rebuilt(final, count, differences)
        except (LockNotAvailable, DeadlockDetected):
            if attempt == ATTEMPTS:
                raise
            time.sleep(PATIENCE)


def _swap(connection: Connection[Any], role: sql.Identifier, done: dict[str, int]) -> tuple[int, int]:
    """Catch up, and put the new tables in place; gives way to a page that reads, before the server would choose a victim.

    Every writer holds the history before it waits for the append lock, so it is asked for in that order here too.
    """
    with connection.transaction():
        _run(connection, "set local lock_timeout = '300ms'")
        if not outdated(connection):
            _run(connection, f"lock table {GUARD} in access exclusive mode")
        connection.execute("select pg_advisory_xact_lock(%s)", [APPEND_LOCK])
        final = head(connection)
        for stream, last in streams(connection):
            if done.get(stream) != last:
                _empty(connection, stream)
                done[stream] = _fill(connection, stream, final, lambda _: None)
        _run(connection, "drop schema if exists read cascade; alter schema read_new rename to read")
        _run(connection, f"comment on schema read is '{fingerprint()}'")
        connection.execute(sql.SQL("grant usage on schema read to {}").format(role))
        connection.execute(sql.SQL("grant select, insert, update, delete on all tables in schema read to {}").format(role))
    return final, sum(done.values())


def _differences(connection: Connection[Any], reached: int) -> dict[str, int]:
    """How many rows of each table are not the same in both, as of the position the new ones were made at."""
    found = dict[str, int]()
    for table in rooms.TABLES:
        columns = ", ".join([*table.names, "from_pos"])
        query = f"""
          with rows as (
            select {columns}, case when to_pos > %(reached)s then {END} else to_pos end as to_pos, 1 as side
            from read.{table.name} where from_pos <= %(reached)s
            union all select {columns}, to_pos, -1 from read_new.{table.name})
          select coalesce(sum(abs(more)), 0) from (select sum(side) as more from rows group by {columns}, to_pos) each"""
        row = connection.execute(query, {"reached": reached}).fetchone()
        if row and row[0]:
            found[table.name] = int(row[0])
    return found


def _empty(connection: Connection[Any], stream: str) -> None:
    for table in rooms.TABLES:
        connection.execute(f"delete from read_new.{table.name} where {next(iter(table.key))} = %s", [stream])


def _fill(connection: Connection[Any], stream: str, upto: int, tell: Callable[[int], None]) -> int:
    made, count = Fold(), 0
    for recorded in events(connection, stream, upto):
        made.take(recorded)
        count = recorded.version
    rows = made.finish()
    for table in rooms.TABLES:
        _copy(connection, table, rows[table.name])
    tell(count)
    return count
