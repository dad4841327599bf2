"""Read tables: functions of the events, versioned by position, split into now and past.

A projection yields `Row`s: unnamed columns keep their old value, `patch=None` ends the row, one Row per key per event.
`writing` turns Rows into SQL; `rebuild` applies the same Rows to dictionaries. Reading takes one position for every
query (`from_pos <= at and to_pos > at`): at `LATEST` only the partition of now is touched.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec

from service.record import Recorded

END = 9_223_372_036_854_775_807
LATEST = END - 1

Value = Any
TEXT, INT, BIGINT, BOOL = ("text", ""), ("int", 0), ("bigint", 0), ("boolean", False)
TEXTS: tuple[str, list[Value]] = ("text[]", [])
NUMBERS: tuple[str, list[Value]] = ("numeric[]", [])
COUNTS: tuple[str, list[Value]] = ("int[]", [])
DATE, MOMENT, NUMBER, JSON = ("date", None), ("timestamptz", None), ("numeric", None), ("jsonb", None)


class Table(msgspec.Struct, frozen=True, eq=False):
    """A read table: key columns, then columns with their SQL type and default; `indexes` are column lists.

    The rows of a `log` are only ever added, each with all its columns.
    """

    name: str
    key: Mapping[str, str]
    columns: Mapping[str, tuple[str, Value]]
    indexes: tuple[str, ...] = ()
    log: bool = False

    @property
    def names(self) -> list[str]:
        return [*self.key, *self.columns]

    def type_of(self, column: str) -> str:
        """The SQL type of a column."""
        return self.key.get(column) or self.columns[column][0]


class Row(msgspec.Struct, frozen=True, gc=False):
    """A change of one row by one event; `fresh` promises that the key is new."""

    table: Table
    key: tuple[Value, ...]
    patch: Mapping[str, Value] | None
    fresh: bool = False


Projection = Callable[[Recorded], Iterable[Row]]


def _literal(value: Value) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case int():
            return str(value)
        case str():
            return "''"
        case _:
            return "'{}'"


def definition(table: Table, schema: str) -> str:
    """The DDL of a table with its two partitions, without what makes it fast."""
    name = f"{schema}.{table.name}"
    key = ", ".join(
        f'{column} {kind} collate "C"' if kind == "text" else f"{column} {kind}" for column, kind in table.key.items()
    )
    columns = "".join(f", {c} {kind} default {_literal(default)}" for c, (kind, default) in table.columns.items())
    return f"""
create table {name} ({key}{columns}, from_pos bigint not null, to_pos bigint not null) partition by range (to_pos);
create table {name}_now partition of {name} for values from ({LATEST}) to (maxvalue) with (fillfactor = 80);
create table {name}_past partition of {name} for values from (minvalue) to ({LATEST});"""


def indexing(table: Table, schema: str) -> str:
    """The DDL of its keys and indexes, for after the rows are in."""
    name, keys = f"{schema}.{table.name}", ", ".join(table.key)
    indexes = "".join(f"create index on {name}_now ({columns});\n" for columns in table.indexes)
    return f"""
alter table {name}_now add unique ({keys});
alter table {name}_past add unique ({keys}, from_pos);
create index on {name}_past ({next(iter(table.key))}, to_pos);
{indexes}"""
