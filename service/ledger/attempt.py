"""One command on its way through the door.

The first attempt decides on the memo of the stream and sends append and rows in one statement. When somebody was faster,
the next one waits in the stream's queue for those who also write it, and reads what they left. When that is not enough, or
the memo may be stale in another way, the last word is decided under the append lock.
"""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Any

import msgspec
import psycopg
from psycopg import Connection
from psycopg.pq import TransactionStatus

from service.aggregates import By, Command, Fact, dre, need, streams, unit_year
from service.aggregates.balance import DisposeItem
from service.aggregates.commitment_terms import Wording
from service.aggregates.plan_versions import SubmitPlan
from service.ledger.memo import STANDING, Memo
from service.permits import authorize
from service.projections import figures, rooms
from service.projections.rebuild import GUARD
from service.projections.writing import write
from service.record import APPEND_LOCK, Recorded, encode, tag
from service.recorder import APPEND, appending
from service.settings import LIMA

if TYPE_CHECKING:
    from service.ledger import Ledger

QUEUE = 7_128


class Done(msgspec.Struct, frozen=True):
    """What a command led to: its first and last position, its facts; `repeated` when it had been carried out before."""

    first: int
    last: int
    facts: tuple[Recorded, ...] = ()
    repeated: bool = False


class Moved(Exception):
    """The stream, or one the decision leans on, moved meanwhile."""


class Repeated(Exception):
    """The command id is already in the record."""


class Attempt(msgspec.Struct, frozen=True):
    """One command on its way: who, where, what."""

    ledger: "Ledger"
    person: str
    stream: str
    command: Command
    command_id: str
    digest: bytes
    on: date | None
    charge: str | None

    def quick(self, memo: Memo) -> Done:
        """Decide on the memo; append, rows and commit are one statement."""
        ledger = self.ledger
        by, leaning = self._by(memo)
        with ledger.database.connection() as connection:
            by, leaning = self._informed(connection, memo, by, leaning)
            facts = self._decide(memo, by)
            if not facts:
                return Done(memo.position, memo.position)
            with _conflicts(connection):
                first = _first(self._append(connection, memo, facts, leaning))
        return self._taken(memo, facts, first)

    def queued(self, memo: Memo) -> Done:
        """Decide when it is this process's turn on the stream: whoever else waits for it does not collide.

        Nobody waits for a memo with a connection in hand: who holds that memo may be waiting for a connection.
        """
        by, leaning = self._by(memo)
        with self.ledger.database.connection() as connection, _conflicts(connection):
            version = memo.version
            with connection.pipeline():
                connection.execute("begin")
                connection.execute("select pg_advisory_xact_lock(%s, hashtext(%s))", [QUEUE, memo.stream], prepare=True)
                memo.bring_forward(connection)
            memo.crowded = memo.version > version
            return self._decided(connection, memo, by, leaning)

    def locked(self, memo: Memo) -> Done:
        """Decide under the append lock, on what the record says at this moment.

        The memos are taken before that lock: whoever holds it waits for nobody in this process; nor for the swap of the
        read tables, since it holds the table that the swap asks for first.
        """
        ledger = self.ledger
        standing = ledger.memo(STANDING)
        with standing.lock, ledger.database.connection() as connection, _conflicts(connection):
            with connection.pipeline():
                connection.execute("begin")
                connection.execute(f"lock table only {GUARD}_now in row exclusive mode")
                connection.execute("select pg_advisory_xact_lock(%s)", [APPEND_LOCK], prepare=True)
                standing.bring_forward(connection)
                memo.bring_forward(connection)
            return self._decided(connection, memo, *self._by(memo))

    def _decided(self, connection: Connection[Any], memo: Memo, by: By, leaning: dict[str, int]) -> Done:
        """Decide inside the open transaction, on the stream as it stands there, and commit what follows."""
        by = msgspec.structs.replace(by, position=memo.position)
        by, leaning = self._informed(connection, memo, by, leaning)
        facts = self._decide(memo, by)
        if not facts:
            return Done(memo.position, memo.position)
        with connection.pipeline():
            cursor = self._append(connection, memo, facts, leaning)
            connection.execute("commit")
        return self._taken(memo, facts, _first(cursor))

    def _by(self, memo: Memo) -> tuple[By, dict[str, int]]:
        """Who acts, in which charge, under which rules; and the standing version all of that was read at."""
        today = self.ledger.clock().astimezone(LIMA).date()
        need(self.on is None or self.on <= today, "La fecha en que ocurrió no puede ser futura.")
        unit = streams.written_in(self.stream, self.command)
        standing = self.ledger.memo(STANDING)
        with standing.lock:
            state: dre.Dre = standing.state
            need(unit in state.units or memo is standing, "Esa unidad no existe.")
            held, rules, roll, version = state.held(self.person, today), state.rules, state.charges, standing.version
            keys = state.keys
        all_held = tuple(assigned.charge for assigned in held)
        if self.charge is not None:
            held = [assigned for assigned in held if assigned.charge == self.charge]
        charge = authorize(self.person, held, type(self.command), unit)
        known: dict[str, Any] = {"rules": rules, "roll": roll, "keys": keys, "position": memo.position, "held": all_held}
        by = By(person=self.person, charge=charge, today=today, **known)
        return by, {} if memo is standing else {STANDING: version}

    def _informed(self, connection: Connection[Any], memo: Memo, by: By, leaning: dict[str, int]) -> tuple[By, dict[str, int]]:
        """What a few commands need besides: what the year before left open, or the figures that a text to be signed rests on."""
        match self.command:
            case SubmitPlan() | DisposeItem():
                state: unit_year.UnitYear = memo.state
                last, version = self.ledger.last_year(connection, state.unit, state.year)
                return msgspec.structs.replace(by, last_year=last), leaning | version
            case Wording():
                found = figures.of(connection, memo.stream, self.command.findings)
                return msgspec.structs.replace(by, figures=found), leaning
            case _:
                return by, leaning

    def _decide(self, memo: Memo, by: By) -> tuple[Fact, ...]:
        now, clock_salt = self.ledger.clock(), self.ledger.salt
        on = self.on or now.astimezone(LIMA).date()
        return tuple(
            Fact(
                at=now,
                on=on,
                person=self.person,
                charge=by.charge,
                command=self.command_id,
                salt=base64.b64encode(clock_salt()).decode(),
                event=event,
            )
            for event in memo.kind.decide(memo.state, self.command, by)
        )

    def _append(
        self, connection: Connection[Any], memo: Memo, facts: tuple[Fact, ...], leaning: dict[str, int]
    ) -> psycopg.Cursor[Any]:
        version = memo.version + 1
        events = [(tag(fact.event), encode(fact)) for fact in facts]
        parameters = appending(self.stream, version, events, command=self.command_id, digest=self.digest, leaning=leaning)
        rows = [
            (offset, row)
            for offset, fact in enumerate(facts)
            for row in rooms.project(Recorded(0, self.stream, version + offset, fact))
        ]
        return write(connection, APPEND, parameters, rows)

    def _taken(self, memo: Memo, facts: tuple[Fact, ...], first: int) -> Done:
        start = memo.version + 1
        recorded = tuple(Recorded(first + n, self.stream, start + n, fact) for n, fact in enumerate(facts))
        for each in recorded:
            memo.take(each)
        return Done(first, recorded[-1].position, recorded)


@contextmanager
def _conflicts(connection: Connection[Any]) -> Iterator[None]:
    """Tell apart somebody faster from a command that had been carried out; never leave a failed transaction open."""
    try:
        yield
    except psycopg.errors.UniqueViolation as error:
        raise (Repeated if error.diag.constraint_name == "command_pkey" else Moved) from error
    except (psycopg.errors.SerializationFailure, psycopg.errors.InvalidParameterValue) as error:  # the other: a memo ahead
        raise Moved from error
    finally:
        if not connection.closed and connection.info.transaction_status != TransactionStatus.IDLE:
            connection.rollback()


def _first(cursor: psycopg.Cursor[Any]) -> int:
    row = cursor.fetchone()
    assert row is not None  # noqa: S101 — a function call returns one row
    return int(row[0])
