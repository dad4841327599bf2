"""The rows of a plan as a workbook holds them, at a position; and who last changed one of their cells."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

import msgspec
from psycopg import Connection

from service.projections.reading import HOLDS, rows


class Activity(msgspec.Struct, frozen=True):
    activity: int
    line: str
    code: str
    name: str
    area: str
    indicator: str
    verification: str
    objectives: list[str]
    foreign_codes: list[str]


class Task(msgspec.Struct, frozen=True):
    task: int
    activity: int
    code: str
    name: str
    unit: str
    months: list[Decimal]
    note: str


class Version(msgspec.Struct, frozen=True):
    """A row as it stood from one position to another, and the fact that made it so."""

    number: int
    row: dict[str, Any]
    from_pos: int
    to_pos: int
    at: datetime
    person: str
    charge: str


def position(connection: Connection[Any], at: int, stream: str) -> int:
    """The last fact of a stream up to a moment; 0 when there is none."""
    query = "select coalesce(max(from_pos), 0) from read.history where stream = %s and from_pos <= %s"
    found = connection.execute(query, [stream, at]).fetchone()
    return int(found[0]) if found else 0


def activities(connection: Connection[Any], at: int, stream: str) -> dict[int, Activity]:
    """The activities of the plan by number."""
    query = f"""select activity, line, code, name, area, indicator, verification, objectives, foreign_codes
      from read.activity where stream = %(stream)s and {HOLDS}"""
    return {each.activity: each for each in rows(connection, Activity, query, stream=stream, at=at)}


def tasks(connection: Connection[Any], at: int, stream: str) -> dict[int, Task]:
    """The tasks of the plan by number."""
    query = f"""select task, activity, code, name, unit, months, note
      from read.task where stream = %(stream)s and {HOLDS}"""
    return {each.task: each for each in rows(connection, Task, query, stream=stream, at=at)}


class Original(msgspec.Struct, frozen=True):
    """A task with the targets it was approved with; `months` are those in force, `there` whether it is still in the plan."""

    task: int
    name: str
    unit: str
    original: list[Decimal]
    months: list[Decimal]
    there: bool


def originals(connection: Connection[Any], at: int, stream: str, retired: Iterable[int]) -> list[Original]:
    """The tasks whose targets are no longer the original ones, and those `retired`, as they last stood."""
    query = """select * from (
        select distinct on (task) task, name, unit, original, months, to_pos > %(at)s as there
        from read.task where stream = %(stream)s and from_pos <= %(at)s order by task, from_pos desc
      ) last where task = any(%(retired)s) or (there and original <> months) order by task"""
    return rows(connection, Original, query, stream=stream, at=at, retired=list(retired))


def versions(
    connection: Connection[Any], subject: Literal["activity", "task"], stream: str, numbers: Iterable[int]
) -> dict[int, list[Version]]:
    """All that some rows have been, oldest first; of a removed row the last one is followed by who removed it, without a row."""
    query = f"""select s.{subject} as number, to_jsonb(s) as row, s.from_pos, s.to_pos, h.at, h.person, h.charge
      from read.{subject} s join read.history h on h.from_pos = s.from_pos
      where s.stream = %(stream)s and s.{subject} = any(%(numbers)s)
      union all
      select last.number, '{{}}'::jsonb, last.to_pos, last.to_pos, h.at, h.person, h.charge from (
        select {subject} as number, max(to_pos) as to_pos from read.{subject}
        where stream = %(stream)s and {subject} = any(%(numbers)s) group by {subject}
      ) last join read.history h on h.from_pos = last.to_pos
      order by number, from_pos"""
    found: dict[int, list[Version]] = {}
    for each in rows(connection, Version, query, stream=stream, numbers=list(numbers)):
        found.setdefault(each.number, []).append(each)
    return found
