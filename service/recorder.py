"""The event store: `eventsourcing`'s PostgreSQL recorder, writing through our one append function."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import msgspec
import psycopg
from eventsourcing.persistence import IntegrityError, StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from psycopg import Connection
from psycopg.rows import dict_row

from service.database import Database

APPEND = "ledger.append(%s, %s, %s::text[], %s::bytea[], %s, %s, %s::json)"


def appending(
    stream: str,
    version: int,
    events: Sequence[tuple[str, bytes]],
    *,
    command: str | None = None,
    digest: bytes | None = None,
    leaning: Mapping[str, int] | None = None,
) -> list[Any]:
    """The parameters of `APPEND`: events of one stream, the first one's version, and what their decision leans on.

    The arrays are written out here: psycopg looks at every element several times.
    """
    topics = ",".join('"' + topic.replace("\\", r"\\").replace('"', r"\"") + '"' for topic, _ in events)
    states = ",".join(rf'"\\x{state.hex()}"' for _, state in events)
    lean = msgspec.json.encode(leaning or {}).decode()
    return [stream, version, f"{{{topics}}}", f"{{{states}}}", command, digest, lean]


class Datastore(PostgresDatastore):
    """The library's datastore on our own pool, so that read tables share the transaction of the append."""

    def __init__(self, database: Database) -> None:
        super().__init__("", "", "", "", "", schema="ledger", originator_id_type="text")
        self.database = database

    def register_type_adapters(self) -> None:
        """Nothing to register: the append function takes plain arrays."""

    @contextmanager
    def get_connection(self) -> Iterator[Connection[Any]]:
        with self.database.connection() as connection:
            connection.row_factory = dict_row
            try:
                yield connection
            except psycopg.errors.UniqueViolation as error:
                raise IntegrityError(str(error)) from error
            finally:
                connection.row_factory = psycopg.rows.tuple_row


class Recorder(PostgresApplicationRecorder):
    """The library's recorder, except that it may only append, through `ledger.append`; `quipu migrate` makes the tables."""

    def __init__(self, database: Database) -> None:
        super().__init__(Datastore(database), events_table_name="event")
        self.channel_name = "quipu"

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        """The library's own way in: one transaction, an append for each run of events that go on in one stream."""
        positions = list[int]()
        with self.datastore.get_connection() as connection, connection.transaction():
            for run in _runs(stored_events):
                events = [(event.topic, event.state) for event in run]
                parameters = appending(str(run[0].originator_id), run[0].originator_version, events, **kwargs)
                row = connection.execute(f"select {APPEND}", parameters, prepare=True).fetchone()
                assert row is not None  # noqa: S101 — a function call returns one row
                positions += range(row["append"], row["append"] + len(run))
        return positions


def _runs(events: Sequence[StoredEvent]) -> list[list[StoredEvent]]:
    runs = list[list[StoredEvent]]()
    for event in events:
        last = runs[-1][-1] if runs else None
        if last and (event.originator_id, event.originator_version) == (last.originator_id, last.originator_version + 1):
            runs[-1].append(event)
        else:
            runs.append([event])
    return runs
