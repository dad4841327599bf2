"""A stream as this process knows it, and how it is read."""

import threading
from collections.abc import Iterator
from typing import Any

from psycopg import Connection

from service.aggregates import DRE, streams
from service.record import Recorded, decode

STANDING = f"dre/{DRE}"


def stream_of(unit: str, year: int) -> str:
    """The stream of a unit's year."""
    return f"unit/{unit}/{year}"


def region_of(year: int) -> str:
    """The stream of the region's year."""
    return f"region/{DRE}/{year}"


class Memo:
    """A stream's state as this process last saw it."""

    def __init__(self, stream: str) -> None:
        self.stream = stream
        self.lock = threading.RLock()
        self.reset()

    def reset(self) -> None:
        """Forget everything; the next use reads the stream again."""
        self.kind = streams.kind_of(self.stream)
        self.state: Any = streams.begun(self.stream)
        self.version = 0
        self.position = 0
        self.loaded = False
        self.crowded = False

    def take(self, recorded: Recorded) -> None:
        self.kind.evolve(self.state, recorded.fact)
        self.version, self.position = recorded.version, recorded.position

    def bring_forward(self, connection: Connection[Any]) -> None:
        """Apply what the record has and the memo has not."""
        for recorded in select(connection, self.stream, self.version, None):
            self.take(recorded)
        self.loaded = True


def select(connection: Connection[Any], stream: str, after: int, upto: int | None) -> Iterator[Recorded]:
    """The facts of a stream in order, `after` an ordinal, `upto` a global position."""
    rows = connection.execute(
        """select notification_id, originator_version, state from ledger.event
        where originator_id = %s and originator_version > %s and notification_id <= coalesce(%s, notification_id)
        order by originator_version""",
        [stream, after, upto],
        prepare=True,
        binary=True,
    ).fetchall()
    for position, version, state in rows:
        yield Recorded(position, stream, version, decode(state))
