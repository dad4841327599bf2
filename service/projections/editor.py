"""A plan to edit: its activities in order without their history, and what changed since a moment of its stream."""

from typing import Any

import msgspec
from psycopg import Connection

from service.projections import LATEST, history
from service.projections.reading import HOLDS, rows
from service.projections.unit import Task
from service.record import Recorded

MOST = 300


class Activity(msgspec.Struct, frozen=True):
    """An activity as the editor shows it; `origin` and `item` say where it was brought from and what it answers."""

    activity: int
    line: str
    code: str
    name: str
    area: str
    indicator: str
    verification: str
    objectives: list[str]
    origin: str
    item: str
    previous: int


def activities(connection: Connection[Any], at: int, stream: str, only: list[int] | None = None) -> list[Activity]:
    """The plan's activities (or some of them), line by line in their order, each with the one before it in its line."""
    query = f"""select * from (
        select activity, line, code, name, area, indicator, verification, objectives, origin, item,
          coalesce(lag(activity) over (partition by line order by coalesce(place, activity), activity), 0) as previous
        from read.activity where stream = %(stream)s and {HOLDS} order by line, coalesce(place, activity), activity
      ) a where %(only)s::int[] is null or activity = any(%(only)s)"""
    return rows(connection, Activity, query, stream=stream, at=at, only=only)


def tasks(connection: Connection[Any], at: int, stream: str, only: list[int] | None = None) -> list[Task]:
    """The tasks of the plan (or of some activities) in their order."""
    query = f"""select task, activity, code, name, unit, months, original, programmed, note, from_pos as position from read.task
      where stream = %(stream)s and {HOLDS} and (%(only)s::int[] is null or activity = any(%(only)s))
      order by activity, coalesce(place, task), task"""
    return rows(connection, Task, query, stream=stream, at=at, only=only)


def version(connection: Connection[Any], at: int, stream: str) -> int:
    """The ordinal of the stream's last fact at the moment."""
    query = "select coalesce(max(version), 0) from read.history where stream = %s and from_pos <= %s"
    row = connection.execute(query, [stream, at]).fetchone()
    return int(row[0]) if row else 0


class Touched(msgspec.Struct, frozen=True):
    """The activities that some facts changed; `all` when more than rows changed, or too much to tell."""

    activities: frozenset[int]
    all: bool = False


def touched(events: list[Any]) -> Touched:
    """What these facts changed, by activity: a moved task changed two."""
    found = {number for event in events for name in ("activity", "was_activity") if (number := getattr(event, name, 0))}
    kinds = {str(event.__struct_config__.tag) for event in events}
    return Touched(frozenset(found), bool(kinds & WHOLE))


WHOLE = {"line-added", "line-removed", "plan-submitted", "plan-observed", "plan-approved", "amendment-approved", "plan-imported"}


def since(connection: Connection[Any], stream: str, after: int) -> Touched:
    """What changed after an ordinal of the stream."""
    deeds = history.find(connection, LATEST, stream, history.Wanted(after=max(after, 1)), MOST)
    found = touched([deed.event for deed in deeds])
    return msgspec.structs.replace(found, all=found.all or len(deeds) == MOST)


def of(facts: tuple[Recorded, ...]) -> Touched:
    """What a command changed."""
    return touched([recorded.fact.event for recorded in facts])
