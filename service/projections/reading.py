"""Reading at a moment: every query names its streams and takes one position, `at`; a row holds while from_pos <= at < to_pos."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any, LiteralString, TypeVar

import msgspec
from psycopg import Connection
from psycopg.rows import class_row

from service.projections import LATEST
from service.settings import LIMA

T = TypeVar("T", bound=msgspec.Struct)


class Moment(msgspec.Struct, frozen=True):
    """The position a page is read at, the last one there is, and, for the past, when it was recorded."""

    at: int
    head: int
    recorded: datetime | None = None
    day: date | None = None

    @property
    def live(self) -> bool:
        return self.at == LATEST

    @property
    def position(self) -> int:
        """The last fact that the page includes."""
        return min(self.at, self.head)


class NoSuchMoment(Exception):
    """`hasta` or `al` does not name a moment; `sentence` is Spanish."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def moment(connection: Connection[Any], hasta: str | None = None, al: str | None = None) -> Moment:
    """The moment asked for: up to fact `hasta`, or at the end of the day `al` in Lima; live when neither is given.

    `al` means the first position recorded at or after the next Lima midnight, minus one.

    Raises:
        NoSuchMoment: the text is not a number or a date.

    """
    row = connection.execute("select coalesce(max(notification_id), 0) from ledger.event").fetchone()
    head = int(row[0]) if row else 0
    if hasta:
        if not hasta.isdecimal() or not 0 < int(hasta) <= LATEST:
            message = "El número de hecho no es válido: escriba un número entero mayor que 0."
            raise NoSuchMoment(message)
        return _past(connection, min(int(hasta), head), head, None)
    if al:
        try:
            day = date.fromisoformat(al)
            midnight = datetime.combine(day + timedelta(days=1), time(), LIMA).astimezone(UTC)
        except (ValueError, OverflowError) as error:
            message = "La fecha no es válida: escríbala como 2026-09-30."
            raise NoSuchMoment(message) from error
        row = connection.execute("select min(from_pos) - 1 from read.history where at >= %s", [midnight]).fetchone()
        return _past(connection, head if row is None or row[0] is None else row[0], head, day)
    return Moment(LATEST, head)


def _past(connection: Connection[Any], at: int, head: int, day: date | None) -> Moment:
    row = connection.execute("select at from read.history where from_pos = %s", [at]).fetchone()
    return Moment(at, head, row[0] if row else None, day)


def rows(connection: Connection[Any], kind: type[T], query: LiteralString, **values: Any) -> list[T]:
    """Every row of a query as `kind`; the columns are its fields."""
    with connection.cursor(row_factory=class_row(kind)) as cursor:
        return cursor.execute(query, values, prepare=True).fetchall()


def one(connection: Connection[Any], kind: type[T], query: LiteralString, **values: Any) -> T | None:
    """The first row of a query, or None."""
    return next(iter(rows(connection, kind, query, **values)), None)
