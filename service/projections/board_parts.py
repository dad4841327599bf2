"""Which lines of action and areas there are in plans: what the parts of a board can be."""

from typing import Any

import msgspec
from psycopg import Connection

from service.projections.reading import HOLDS, rows


class Part(msgspec.Struct, frozen=True):
    """A line of action, or an area, by its code; the name that a plan gives a line."""

    code: str
    name: str = ""


def lines(connection: Connection[Any], at: int, streams: list[str]) -> list[Part]:
    """The lines of action of these plans, kind by kind, as the last of the streams that has one names it."""
    query = f"""select code, name from (select distinct on (code) code, name, kind from read.line
      where stream = any(%(streams)s) and {HOLDS} order by code, array_position(%(streams)s::text[], stream) desc) l
      order by kind, code"""
    return rows(connection, Part, query, at=at, streams=streams)


def areas(connection: Connection[Any], at: int, streams: list[str]) -> list[Part]:
    """The areas that answer for an activity of these plans."""
    query = (
        f"select distinct area as code from read.activity where stream = any(%(streams)s) and area <> '' and {HOLDS} order by 1"
    )
    return rows(connection, Part, query, at=at, streams=streams)
