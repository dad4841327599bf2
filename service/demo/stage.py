"""The stage: stories of several offices, played through the ledger in the order of their dates, each command once."""

import hashlib
import heapq
import uuid
from collections.abc import Callable, Generator, Sequence
from datetime import UTC, date, datetime
from typing import Any

import msgspec
from psycopg import Connection

from service.aggregates import Command
from service.database import Database
from service.ledger import Ledger
from service.record import Recorded

NAMESPACE = uuid.UUID("5f1d0d52-6a7e-5c0b-9a56-2f7f6a1c9e10")
Facts = tuple[Recorded, ...]
Tell = Callable[[date, float], None]
Asked = Callable[[Connection[Any]], Command]
"""A command that depends on what the record says at that moment, as on a page that was just read."""


class Step(msgspec.Struct, frozen=True):
    """One command of a story and the moment it is recorded; `on` when it happened on an earlier day."""

    at: datetime
    person: str
    stream: str
    command: Command | Asked
    on: date | None = None


Scene = Generator[Step, Facts, None]


class Stage:
    """Carries the steps out with a clock, ids and salts that depend on nothing but the seed."""

    def __init__(self, database: Database, seed: str) -> None:
        self.seed = seed
        self.facts = 0
        self._moment, self._id, self._salted = datetime.min.replace(tzinfo=UTC), "", 0
        self.ledger = Ledger(database, clock=lambda: self._moment, salt=self._salt)
        with database.connection() as connection:
            rows = connection.execute("select id, first, last from ledger.command").fetchall()
        self._known: dict[str, tuple[int, int]] = {name: (first, last) for name, first, last in rows}
        self._read: dict[str, dict[int, Recorded]] = {}

    def play(self, stories: Sequence[Scene], until: datetime, tell: Tell) -> None:
        """Play all stories up to a moment; of equal moments the story named first goes first."""
        waiting = [(step.at, order, step) for order, story in enumerate(stories) for step in [next(story)]]
        heapq.heapify(waiting)
        played = [0] * len(stories)
        begin = waiting[0][0]
        while waiting and waiting[0][0] < until:
            at, order, step = waiting[0]
            facts = self._carry_out(step, f"{order}/{played[order]}")
            played[order] += 1
            try:
                following = stories[order].send(facts)
            except StopIteration:
                heapq.heappop(waiting)
            else:
                heapq.heapreplace(waiting, (following.at, order, following))
            tell(at.date(), (at - begin) / (until - begin))

    def _carry_out(self, step: Step, place: str) -> Facts:
        """Carry a step out, or read what it led to when an earlier start had come this far."""
        self._moment, self._id, self._salted = step.at.astimezone(UTC), str(uuid.uuid5(NAMESPACE, f"{self.seed}/{place}")), 0
        if self._id in self._known:
            return self._remember(step.stream, *self._known[self._id])
        command = step.command if isinstance(step.command, Command) else self._ask(step.command)
        done = self.ledger.carry_out(step.person, step.stream, command, command_id=self._id, on=step.on)
        self.facts += len(done.facts)
        return done.facts

    def _ask(self, asked: Asked) -> Command:
        with self.ledger.database.snapshot() as connection:
            return asked(connection)

    def _remember(self, stream: str, first: int, last: int) -> Facts:
        if stream not in self._read:
            self._read[stream] = {recorded.position: recorded for recorded in self.ledger.facts(stream)}
        return tuple(self._read[stream][position] for position in range(first, last + 1))

    def _salt(self) -> bytes:
        self._salted += 1
        return hashlib.sha256(f"{self.seed}/{self._id}/{self._salted}".encode()).digest()[:16]
