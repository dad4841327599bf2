"""kill -9, of the service between statements and of PostgreSQL mid-write: what was acknowledged stands, whole or not at all."""

import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import psycopg
import pytest

from service import database, embedded
from service.projections import rebuild, verified
from service.record import decode
from tests.door import STREAM, contiguous, door
from tests.stories import DIRECTOR, SPECIALIST
from tests.writers import Writer

T = TypeVar("T")


class Scene(msgspec.Struct):
    """A durable server and two processes that write the same stream."""

    data: Path
    server: embedded.Server
    writers: list[Writer]

    def url(self) -> str:
        return self.server.url("service")


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    """With fsync, as in earnest."""
    with embedded.running(tmp_path / "durable", fsync=True) as server:
        database.migrate(server.url("owner"), server.url("service"))
        with door(server.url("service")) as ledger:
            ledger.furnish().draft()
        writers = [Writer(server.url("service"), who, STREAM, start=n) for who, n in ((SPECIALIST, 1), (DIRECTOR, 2_000_001))]
        yield Scene(tmp_path / "durable", server, writers)
        for writer in writers:
            writer.end()


def kill_service(scene: Scene, chance: random.Random) -> None:
    """One of the two writers, which starts again and asks again for what it does not know."""
    writer = chance.choice(scene.writers)
    writer.kill()
    writer.start()


def kill_postgres(scene: Scene, chance: random.Random) -> None:
    """The postmaster and all its children, in any order."""
    postmaster = _postmaster(scene)
    victims = [postmaster, *_children(postmaster)]
    chance.shuffle(victims)
    for victim in victims:
        with suppress(ProcessLookupError):
            os.kill(victim, signal.SIGKILL)
    deadline = time.monotonic() + 20
    while not embedded.revive(scene.data):
        assert time.monotonic() < deadline, "the server did not die"
        time.sleep(0.01)


def kill_backend(scene: Scene, chance: random.Random) -> None:
    """One process of the server: PostgreSQL throws all others out and recovers by itself."""
    children = _children(_postmaster(scene))
    with suppress(ProcessLookupError):
        os.kill(chance.choice(children), signal.SIGKILL)


def _postmaster(scene: Scene) -> int:
    def parent() -> int:
        with psycopg.connect(scene.url()) as connection:
            return int(Path(f"/proc/{connection.info.backend_pid}/stat").read_text().rpartition(")")[2].split()[1])

    return again(parent)


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def again(question: Callable[[], T]) -> T:
    """Ask until the database, which may be going down or coming up, has answered."""
    deadline = time.monotonic() + 30
    while True:
        try:
            return question()
        except (psycopg.OperationalError, FileNotFoundError):
            assert time.monotonic() < deadline, "the server does not come back"
            time.sleep(0.02)


def look(scene: Scene) -> tuple[list[Any], list[Any], list[verified.Difference]]:
    """One snapshot of events, commands, and what the rows say otherwise."""
    with psycopg.connect(scene.url(), options="-c timezone=UTC") as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        events = connection.execute("select notification_id, state from ledger.event order by 1").fetchall()
        commands = connection.execute("select id, first, last from ledger.command").fetchall()
        head, streams = rebuild.head(connection), rebuild.streams(connection)
        return events, commands, [each for stream, _ in streams for each in verified.compare(connection, stream, head)]


def check(scene: Scene) -> int:
    """Every acknowledged command, each whole and once, with its rows; no gaps. Returns how many events."""
    acknowledged = scene.writers[0].acknowledged | scene.writers[1].acknowledged
    events, commands, differences = again(lambda: look(scene))
    assert differences == []
    assert contiguous([position for position, _ in events])
    told: dict[str, list[int]] = {}
    for position, state in events:
        told.setdefault(decode(state).command, []).append(position)
    assert told == {command: list(range(first, last + 1)) for command, first, last in commands}
    assert {command: told[command][-1] for command in acknowledged} == acknowledged
    return len(events)


def survive(scene: Scene, seed: int, kills: int) -> None:
    """Kill this many times at random moments, never two of the same kind forgotten."""
    chance, counted = random.Random(seed), 0
    ways = [kill_service, kill_postgres, kill_backend]
    for number in range(kills):
        for writer in scene.writers:
            writer.wait(1)
        time.sleep(chance.random() * 0.05)
        ways[number % len(ways)](scene, chance)
        for writer in scene.writers:
            writer.process.send_signal(signal.SIGSTOP)
        events = check(scene)
        for writer in scene.writers:
            writer.process.send_signal(signal.SIGCONT)
        assert events > counted, "nothing was written between two kills"
        counted = events


def test_twenty_kills_lose_nothing(scene: Scene) -> None:
    """Service, server and single backends are killed in turn while two processes write."""
    survive(scene, seed=20, kills=20)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(10))
def test_two_hundred_kills_lose_nothing(scene: Scene, seed: int) -> None:
    """The same, ten times with other moments."""
    survive(scene, seed=seed, kills=20)
