"""Reading at a moment: every query names its streams and takes one position, `at`; a row holds while from_pos <= at < to_pos."""

from typing import Any, TypeVar

import msgspec
from psycopg import Connection
from psycopg.rows import class_row

from service.aggregates import DRE

T = TypeVar("T", bound=msgspec.Struct)
STANDING = f"dre/{DRE}"
HOLDS = "from_pos <= %(at)s and to_pos > %(at)s"


class InYear(msgspec.Struct, frozen=True):
    """A row of a stream that belongs to one unit or region and one year."""

    stream: str

    @property
    def code(self) -> str:
        return self.stream.split("/")[1]

    @property
    def year(self) -> int:
        return int(self.stream.split("/")[2])


def rows(connection: Connection[Any], kind: type[T], query: str, **values: Any) -> list[T]:
    """Every row of a query as `kind`; the columns are its fields."""
    with connection.cursor(row_factory=class_row(kind)) as cursor:
        return cursor.execute(query, values, prepare=True).fetchall()


def one(connection: Connection[Any], kind: type[T], query: str, **values: Any) -> T | None:
    """The first row of a query, or None."""
    return next(iter(rows(connection, kind, query, **values)), None)
