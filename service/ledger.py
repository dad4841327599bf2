"""THE DOOR: the only way a change enters the record, and the only room that knows the event store.

The first attempt decides on the memo of the stream and sends append and rows in one statement. When somebody was faster,
the next one waits in the stream's queue for those who also write it, and reads what they left. When that is not enough, or
the memo may be stale in another way, the last word is decided under the append lock.
"""

import base64
import hashlib
import re
import secrets
import threading
import unicodedata
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

import msgspec
import psycopg
from psycopg import Connection
from psycopg.pq import TransactionStatus

from service.aggregates import DRE, By, Command, Fact, Refused, dre, need, streams, unit_year
from service.aggregates.balance import DisposeItem
from service.aggregates.plan_versions import SubmitPlan
from service.database import Database
from service.permits import Forbidden, authorize
from service.projections import rooms
from service.projections.rebuild import GUARD
from service.projections.writing import write
from service.record import APPEND_LOCK, Recorded, decode, encode, tag
from service.recorder import APPEND, Recorder, appending
from service.settings import LIMA

__all__ = ["Done", "Forbidden", "Ledger", "Refused", "region_of", "stream_of"]

STANDING = f"dre/{DRE}"
MEMOS = 200
PATIENCE = 0.25
_ESCAPED = re.compile(r"(?<!\\)(?:\\\\)*\\(?:u00|b|f)")
UNSEEN = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}
_ATTEMPTS = 4
QUEUE = 7_128


class Done(msgspec.Struct, frozen=True):
    """What a command led to: its first and last position, its facts; `repeated` when it had been carried out before."""

    first: int
    last: int
    facts: tuple[Recorded, ...] = ()
    repeated: bool = False


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


class _Moved(Exception):
    """The stream, or one the decision leans on, moved meanwhile."""


class _Repeated(Exception):
    """The command id is already in the record."""


def stream_of(unit: str, year: int) -> str:
    """The stream of a unit's year."""
    return f"unit/{unit}/{year}"


def region_of(year: int) -> str:
    """The stream of the region's year."""
    return f"region/{DRE}/{year}"


def is_demo(database: Database) -> bool:
    """Whether the database was made as a demo; only its owner can mark it, and never unmark it."""
    with database.connection() as connection:
        return connection.execute("select from ledger.demo").fetchone() is not None


class Ledger:
    """Carries commands out and reads the record back."""

    def __init__(
        self,
        database: Database,
        *,
        clock: Callable[[], datetime] | None = None,
        salt: Callable[[], bytes] | None = None,
    ) -> None:
        if (clock or salt) and not is_demo(database):
            message = "only a database marked as demo may be written with an injected clock or salts"
            raise PermissionError(message)
        self.database = database
        self.recorder = Recorder(database)
        self.clock = clock or (lambda: datetime.now(UTC))
        self.salt = salt or (lambda: secrets.token_bytes(16))
        self._memos: OrderedDict[str, Memo] = OrderedDict()
        self._memos_lock = threading.Lock()
        self._standing: dre.Dre | None = None

    def carry_out(
        self,
        person: str,
        stream: str,
        command: Command,
        *,
        command_id: str,
        on: date | None = None,
        charge: str | None = None,
    ) -> Done:
        """Decide a command and record what follows, whole or not at all; the same `command_id` is done once.

        Raises:
            Refused: a rule says no (409).
            Forbidden: this person may not do this in this unit (403).

        """
        readable(command)
        digest = hashlib.sha256(msgspec.json.encode([person, stream, type(command).__name__, command, on])).digest()
        attempt = Attempt(self, person, stream, command, command_id, digest, on, charge)
        memo = self.memo(stream)
        with memo.lock:
            ways = (attempt.quick, attempt.queued, attempt.locked)
            way = int(memo.crowded) if memo.loaded else len(ways) - 1
            number = 0
            while True:
                number += 1
                final = way == len(ways) - 1
                try:
                    done = ways[way](memo)
                    return done if done.facts else self._repeated(command_id, digest) or done
                except _Moved:
                    if final:
                        memo.reset()
                    if number == _ATTEMPTS:
                        raise
                    memo.crowded, way = True, way + (not final)
                except (_Repeated, Refused, Forbidden, psycopg.OperationalError) as reason:
                    if isinstance(reason, _Repeated | psycopg.OperationalError):
                        memo.reset()
                    before = self._repeated(command_id, digest)
                    if before:
                        return before
                    if (final and isinstance(reason, Refused | Forbidden)) or number == _ATTEMPTS:
                        raise
                    way = len(ways) - 1

    def standing(self) -> dre.Dre:
        """The DRE's standing state, brought forward to now: a copy, since others go on writing.

        While a writer holds the memo and waits for the append lock, pages are shown with the last copy; the door looks again.
        """
        memo = self.memo(STANDING)
        if not memo.lock.acquire(timeout=PATIENCE if self._standing else -1):
            assert self._standing  # noqa: S101 — without one the lock was waited for
            return self._standing
        try:
            with self.database.connection() as connection:
                self.bring_forward(connection, memo)
            state: dre.Dre = memo.state
            self._standing = msgspec.structs.replace(
                state, units=dict(state.units), charges=dict(state.charges), holders={h: [*n] for h, n in state.holders.items()}
            )
            return self._standing
        finally:
            memo.lock.release()

    def facts(self, stream: str, *, after: int = 0, upto: int | None = None) -> Iterator[Recorded]:
        """The facts of a stream in order, `after` an ordinal, `upto` a global position."""
        with self.database.connection() as connection:
            yield from _select(connection, stream, after, upto)

    def bring_forward(self, connection: Connection[Any], memo: Memo) -> None:
        """Apply what the record has and the memo has not."""
        for recorded in _select(connection, memo.stream, memo.version, None):
            memo.take(recorded)
        memo.loaded = True

    def memo(self, stream: str) -> Memo:
        """The stream's memo in this process."""
        with self._memos_lock:
            memo = self._memos.get(stream) or self._memos.setdefault(stream, Memo(stream))
            self._memos.move_to_end(stream)
            while len(self._memos) > MEMOS:
                self._memos.popitem(last=False)
            return memo

    def last_year(self, connection: Connection[Any], unit: str, year: int) -> tuple[unit_year.LastYear | None, dict[str, int]]:
        """What the year before left open, once its balance is closed, and the version it was read at."""
        memo = Memo(stream_of(unit, year - 1))
        self.bring_forward(connection, memo)
        state: unit_year.UnitYear = memo.state
        if state.balance.status != "closed":
            return None, {memo.stream: memo.version}
        last = unit_year.LastYear(year - 1, state.balance.open_items, state.commitments.by_number)
        return last, {memo.stream: memo.version}

    def _repeated(self, command_id: str, digest: bytes) -> Done | None:
        with self.database.connection() as connection:
            row = connection.execute(
                "select stream, first, last, digest from ledger.command where id = %s", [command_id]
            ).fetchone()
            if row is None:
                return None
            stream, first, last, known = row
            need(bytes(known) == digest, "Este formulario ya se envió con otros datos: vuelva a abrir la página.")
            facts = tuple(r for r in _select(connection, stream, 0, last) if r.position >= first)
            return Done(first, last, facts, repeated=True)


class Attempt(msgspec.Struct, frozen=True):
    """One command on its way: who, where, what."""

    ledger: Ledger
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
            if self._gated():
                by, leaning = self._with_last_year(connection, memo, by, leaning)
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
                self.ledger.bring_forward(connection, memo)
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
                ledger.bring_forward(connection, standing)
                ledger.bring_forward(connection, memo)
            return self._decided(connection, memo, *self._by(memo))

    def _decided(self, connection: Connection[Any], memo: Memo, by: By, leaning: dict[str, int]) -> Done:
        """Decide inside the open transaction, on the stream as it stands there, and commit what follows."""
        by = msgspec.structs.replace(by, position=memo.position)
        if self._gated():
            by, leaning = self._with_last_year(connection, memo, by, leaning)
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
        all_held = tuple(assigned.charge for assigned in held)
        if self.charge is not None:
            held = [assigned for assigned in held if assigned.charge == self.charge]
        charge = authorize(self.person, held, type(self.command), unit)
        known: dict[str, Any] = {"rules": rules, "roll": roll, "position": memo.position, "held": all_held}
        by = By(person=self.person, charge=charge, today=today, **known)
        return by, {} if memo is standing else {STANDING: version}

    def _gated(self) -> bool:
        return isinstance(self.command, SubmitPlan | DisposeItem)

    def _with_last_year(
        self, connection: Connection[Any], memo: Memo, by: By, leaning: dict[str, int]
    ) -> tuple[By, dict[str, int]]:
        state: unit_year.UnitYear = memo.state
        last, version = self.ledger.last_year(connection, state.unit, state.year)
        return msgspec.structs.replace(by, last_year=last), leaning | version

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


def readable(command: Command) -> None:
    """Refuse text that a screen would not show as it is stored: control, bidirectional and invisible characters."""
    try:
        text = msgspec.json.encode(command).decode()
    except UnicodeEncodeError:
        text = "\0"
    hidden = not text.isprintable() and any(unicodedata.category(letter) in UNSEEN for letter in set(text))
    need(not hidden and not _ESCAPED.search(text), "El texto tiene caracteres invisibles o de control: escríbalo de nuevo.")
    need(unicodedata.is_normalized("NFC", text), "El texto tiene letras compuestas de forma inusual: escríbalo de nuevo.")


def _select(connection: Connection[Any], stream: str, after: int, upto: int | None) -> Iterator[Recorded]:
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


@contextmanager
def _conflicts(connection: Connection[Any]) -> Iterator[None]:
    """Tell apart somebody faster from a command that had been carried out; never leave a failed transaction open."""
    try:
        yield
    except psycopg.errors.UniqueViolation as error:
        raise (_Repeated if error.diag.constraint_name == "command_pkey" else _Moved) from error
    except (psycopg.errors.SerializationFailure, psycopg.errors.InvalidParameterValue) as error:  # the other: a memo ahead
        raise _Moved from error
    finally:
        if not connection.closed and connection.info.transaction_status != TransactionStatus.IDLE:
            connection.rollback()


def _first(cursor: psycopg.Cursor[Any]) -> int:
    row = cursor.fetchone()
    assert row is not None  # noqa: S101 — a function call returns one row
    return int(row[0])
