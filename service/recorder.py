"""The event store: `eventsourcing`'s PostgreSQL recorder, writing through our one append function."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from eventsourcing.persistence import IntegrityError, StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from psycopg import Connection
from psycopg.rows import dict_row

from service.database import Database

APPEND = """select ledger.append(
  %s::text[], %s::bigint[], %s::text[], %s::bytea[], %s, %s, %s::text[], %s::bigint[])"""


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

    def append(
        self,
        connection: Connection[Any],
        events: Sequence[StoredEvent],
        *,
        command: str | None = None,
        digest: bytes | None = None,
        leaning: dict[str, int] | None = None,
    ) -> psycopg.Cursor[Any]:
        """Append inside the caller's transaction; the cursor holds the first position, once its pipeline is synced."""
        lean = leaning or {}
        parameters = [
            [str(event.originator_id) for event in events],
            [event.originator_version for event in events],
            [event.topic for event in events],
            [event.state for event in events],
            command,
            digest,
            list(lean),
            list(lean.values()),
        ]
        return connection.execute(APPEND, parameters, prepare=True, binary=True)

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        """The library's own way in: one append, one transaction."""
        if not stored_events:
            return []
        with self.datastore.get_connection() as connection:
            row = self.append(connection, stored_events, **kwargs).fetchone()
            assert row is not None  # noqa: S101 — a function call returns one row
            return list(range(row["append"], row["append"] + len(stored_events)))
