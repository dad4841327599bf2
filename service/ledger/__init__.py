"""THE DOOR: the only way a change enters the record, and the only room that knows the event store."""

import hashlib
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import msgspec
import psycopg
from psycopg import Connection

from service.aggregates import Command, Refused, dre, need, unit_year
from service.database import Database
from service.ledger.attempt import Attempt, Done, Moved, Repeated
from service.ledger.memo import STANDING, Memo, region_of, select, stream_of
from service.ledger.text import readable
from service.permits import Forbidden
from service.record import Recorded
from service.recorder import Recorder

__all__ = ["STANDING", "Done", "Forbidden", "Ledger", "Memo", "Refused", "region_of", "stream_of"]

MEMOS = 200
PATIENCE = 0.25
_ATTEMPTS = 4


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
        digest = hashlib.sha256(msgspec.json.encode([person, stream, type(command).__name__, command.said(), on])).digest()
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
                except Moved:
                    if final:
                        memo.reset()
                    if number == _ATTEMPTS:
                        raise
                    memo.crowded, way = True, way + (not final)
                except (Repeated, Refused, Forbidden, psycopg.OperationalError) as reason:
                    if isinstance(reason, Repeated | psycopg.OperationalError):
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
                memo.bring_forward(connection)
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
            yield from select(connection, stream, after, upto)

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
        memo.bring_forward(connection)
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
            facts = tuple(r for r in select(connection, stream, 0, last) if r.position >= first)
            return Done(first, last, facts, repeated=True)
