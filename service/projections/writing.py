"""Rows into the read tables: the statement that appends the events writes all their rows too, however many they are.

Its snapshot is older than the append lock it waits for. But a row belongs to the stream of its event, and the append
goes through only where the stream stands as the writer knew it: what the statement sees of that stream is what stands.
"""

import functools
from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from typing import Any

import msgspec
from psycopg import Connection, Cursor

from service.projections import END, Row, Table, Value

Kind = tuple[Table, tuple[str, ...] | None, bool]
Layer = dict[Kind, list[dict[str, Value]]]
LATER = "current_setting('quipu.position')::bigint"


def write(connection: Connection[Any], append: str, parameters: Sequence[Value], rows: Iterable[tuple[int, Row]]) -> Cursor[Any]:
    """Evaluate `append`, which gives the first position, and write the rows of each event at its offset from there."""
    first, *others = _layers(rows)
    with connection.pipeline() if others else nullcontext():
        cursor = _run(connection, append, parameters, first)
        for layer in others:
            _run(connection, LATER, (), layer)
    return cursor


def _run(connection: Connection[Any], position: str, parameters: Sequence[Value], layer: Layer) -> Cursor[Any]:
    documents = (msgspec.json.encode(rows).decode() for rows in layer.values())
    return connection.execute(_statement(position, tuple(layer)), [*parameters, *documents], prepare=True)


def _layers(rows: Iterable[tuple[int, Row]]) -> list[Layer]:
    """The rows by what is done to which table; one statement changes a row once, so a key that comes again waits for the next."""
    layers: list[Layer] = [{}]
    seen: dict[tuple[Table, tuple[Value, ...]], int] = {}
    for offset, row in rows:
        level = seen.get((row.table, row.key), 0)
        seen[row.table, row.key] = level + 1
        if level == len(layers):
            layers.append({})
        kind = (row.table, None if row.patch is None else tuple(row.patch), row.fresh)
        values = dict(zip(row.table.key, row.key, strict=True), nth=offset, **(row.patch or {}))
        layers[level].setdefault(kind, []).append(values)
    return layers


@functools.cache
def _statement(position: str, kinds: tuple[Kind, ...]) -> str:
    parts = [part for number, kind in enumerate(kinds) for part in _parts(number, *kind)]
    return f"with {', '.join([f'appended as materialized (select {position} as append)', *parts])} select append from appended"


def _parts(number: int, table: Table, patch: tuple[str, ...] | None, fresh: bool) -> Iterable[str]:  # noqa: FBT001 — a kind's third part
    now, columns = f"read.{table.name}_now", [*table.key, *(patch or ())]
    shape = ", ".join(f"{column} {table.type_of(column)}" for column in columns)
    yield f"r{number} as (select * from json_to_recordset(%s::json) as r (nth int, {shape}))"
    given, names, old = ", ".join(columns), ", ".join(table.names), ", ".join(f"o.{column}" for column in table.names)
    same = " and ".join(f"o.{column} = r.{column}" for column in table.key)
    keep = f"insert into read.{table.name}_past ({names}, from_pos, to_pos) select {old}, o.from_pos, append + nth from appended"
    if patch is None:
        yield f"g{number} as (delete from {now} o using r{number} r where {same} returning {old}, o.from_pos, nth)"
        yield f"p{number} as ({keep}, g{number} o)"
        return
    insert = f"insert into {now} ({given}, from_pos, to_pos) select {given}, append + nth, {END} from appended, r{number}"
    if not fresh:
        # `offset 0` has every old version looked up by its key, whatever is known of the table's size
        yield f"p{number} as ({keep}, r{number} r, lateral (select * from {now} o where {same} offset 0) o)"
        changed = ", ".join(f"{column} = excluded.{column}" for column in (*patch, "from_pos"))
        insert += f" on conflict ({', '.join(table.key)}) do update set {changed}"
    yield f"n{number} as ({insert})"
