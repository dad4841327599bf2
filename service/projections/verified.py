"""Whether the live read tables say what the events say: each stream folded again, row against row."""

from decimal import Decimal
from typing import Any

import msgspec
from psycopg import Connection, sql

from service.projections import rooms
from service.projections.rebuild import Fold, Version, events


class Difference(msgspec.Struct, frozen=True):
    """A row that is only in the live table (`live`) or only in what the events say."""

    table: str
    side: str
    row: Version


def fold(connection: Connection[Any], stream: str, upto: int) -> dict[str, list[Version]]:
    """What the read tables must hold of a stream."""
    made = Fold()
    for recorded in events(connection, stream, upto):
        made.take(recorded)
    return made.finish()


def same(row: Version) -> bytes:
    """One text for equal rows, however a number is written and whatever the order of a document's keys."""
    return msgspec.json.encode([_plain(value) for value in row], order="deterministic")


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return format(value or value.copy_abs(), "f")
    return [_plain(each) for each in value] if isinstance(value, list) else value


def compare(connection: Connection[Any], stream: str, upto: int) -> list[Difference]:
    """How the live read tables of a stream differ from what its events say; `connection` holds one snapshot."""
    said = fold(connection, stream, upto)
    found = list[Difference]()
    for table in rooms.TABLES:
        columns = sql.SQL(", ").join(map(sql.Identifier, [*table.names, "from_pos", "to_pos"]))
        key = sql.Identifier(next(iter(table.key)))
        query = sql.SQL("select {} from read.{} where {} = %s").format(columns, sql.Identifier(table.name), key)
        live = {same(row): row for row in connection.execute(query, [stream])}
        true = {same(row): row for row in said[table.name]}
        found += [Difference(table.name, "live", live[k]) for k in live.keys() - true.keys()]
        found += [Difference(table.name, "events", true[k]) for k in true.keys() - live.keys()]
    return found
