"""The event store, judged by the `eventsourcing` library's own test cases for recorders of applications.

Its other cases do not apply, each for a reason of ours:

- `AggregateRecorderTestCase` expects `insert_events` to return nothing; ours returns positions, as that of every application
  does, so it runs on a recorder that keeps them to itself.
- `TrackingRecorderTestCase`, `ProcessRecorderTestCase`: nobody tracks or processes; read tables share the event's transaction.
- `InfrastructureFactoryTestCase`, the mapper, transcoder, cipher and compressor cases: the recorder is made by hand and the
  bytes are made by `service.record`.
- `test_performance` and `test_concurrent_throughput` print figures and judge nothing; `bench/` measures.
- originator ids are text, so the cases' UUIDs are given as text.
"""

import sys
import unittest
from collections.abc import Iterator, Sequence
from types import ModuleType
from typing import Any
from uuid import uuid4

import pytest
from eventsourcing.persistence import IntegrityError, StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder

from service.database import Database
from service.recorder import Recorder
from tests.conftest import TestDatabase

# Their module imports a cipher for the cases we leave out, and the cipher a package that we would need for nothing else.
sys.modules["eventsourcing.cipher"] = ModuleType("eventsourcing.cipher")
sys.modules["eventsourcing.cipher"].AESCipher = None  # type: ignore[attr-defined]
from eventsourcing.tests import persistence as theirs  # noqa: E402 — after the stand-in

del sys.modules["eventsourcing.cipher"]


class _Ours(unittest.TestCase):
    """Gives each case a recorder on a database of its own."""

    database: Database

    @pytest.fixture(autouse=True)
    def _own_database(self, new_database: TestDatabase) -> Iterator[None]:
        self.database = Database(new_database.service_url)
        self.database.open()
        yield
        self.database.close()

    def new_originator_id(self) -> str:
        return str(uuid4())

    def create_recorder(self) -> Recorder:
        return Recorder(self.database)


class Silent(Recorder):
    """Keeps the positions to itself, as a recorder of aggregates does."""

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> None:
        super().insert_events(stored_events, **kwargs)


class TestAsAggregateRecorder(_Ours, theirs.AggregateRecorderTestCase):
    """Insert and select by stream; a conflict is an IntegrityError and leaves nothing behind."""

    test_performance = None  # type: ignore[assignment]  # prints figures

    def create_recorder(self) -> Recorder:
        return Silent(self.database)


class TestAsApplicationRecorder(_Ours, theirs.ApplicationRecorderTestCase[PostgresApplicationRecorder]):
    """Insert, select, notifications by position, topics and limits; ten writers and two readers at once."""

    test_performance = None  # type: ignore[assignment]  # prints figures
    test_concurrent_throughput = None  # type: ignore[assignment]  # prints figures


class TestNoInterleaving(_Ours, theirs.NonInterleavingNotificationIDsBaseCase):
    """Two appends at once never mix their positions."""

    insert_num = 200


def test_a_subscription_follows_the_record(new_database: TestDatabase) -> None:
    """Whoever subscribes through the library hears each event once, in the order of positions."""
    database = Database(new_database.service_url)
    database.open()
    recorder = Recorder(database)
    before = [StoredEvent("s", version, "topic", b"state") for version in (1, 2)]
    recorder.insert_events(before)
    with recorder.subscribe() as subscription:
        assert [next(subscription).id for _ in before] == [1, 2]
        recorder.insert_events([StoredEvent("s", 3, "topic", b"state")])
        assert next(subscription).id == 3
    database.close()


def test_a_refused_append_takes_no_position(new_database: TestDatabase) -> None:
    """After a conflict the next event gets the next number: positions have no gaps."""
    database = Database(new_database.service_url)
    database.open()
    recorder = Recorder(database)
    event = StoredEvent("s", 1, "topic", b"state")
    assert recorder.insert_events([event]) == [1]
    for _ in range(3):
        with pytest.raises(IntegrityError):
            recorder.insert_events([StoredEvent("t", 1, "topic", b"state"), event])
    assert recorder.insert_events([StoredEvent("t", 1, "topic", b"state")]) == [2]
    assert recorder.insert_events([]) == []
    database.close()
