"""A unit's diagnosis at a moment: what was written, the problems, and the activities that answer each."""

from typing import Any

import msgspec
from psycopg import Connection

from service.projections.reading import HOLDS, one, rows


class Diagnosis(msgspec.Struct, frozen=True):
    """What was written; who took part as three columns of equal length."""

    territory: list[str] = []
    languages: list[str] = []
    method: str = ""
    actors: list[str] = []
    numbers: list[int] = []
    parts: list[str] = []

    @property
    def participants(self) -> list[tuple[str, int, str]]:
        """Each kind of actor, how many, in which role."""
        return list(zip(self.actors, self.numbers, self.parts, strict=True))


class Problem(msgspec.Struct, frozen=True):
    """A problem and the activities of the plan that answer it, by number and name."""

    problem: int
    text: str
    evidence: str
    activities: list[int]
    names: list[str]

    @property
    def answers(self) -> list[tuple[int, str]]:
        return list(zip(self.activities, self.names, strict=True))


def diagnosis(connection: Connection[Any], at: int, stream: str) -> Diagnosis | None:
    """What was written by the moment, if anything."""
    query = f"""select territory, languages, method, actors, numbers, parts from read.diagnosis
      where stream = %(stream)s and {HOLDS}"""
    return one(connection, Diagnosis, query, at=at, stream=stream)


def problems(connection: Connection[Any], at: int, stream: str) -> list[Problem]:
    """The problems in their order of priority, each with what answers it."""
    query = """select p.problem, p.text, p.evidence,
        coalesce(array_agg(c.activity order by c.activity) filter (where c.activity is not null), '{}') as activities,
        coalesce(array_agg(c.name order by c.activity) filter (where c.activity is not null), '{}') as names
      from read.problem p
      left join read.answer a on a.stream = p.stream and p.problem = any(a.problems) and a.from_pos <= %(at)s and a.to_pos > %(at)s
      left join read.activity c on c.stream = a.stream and c.activity = a.activity and c.from_pos <= %(at)s and c.to_pos > %(at)s
      where p.stream = %(stream)s and p.from_pos <= %(at)s and p.to_pos > %(at)s
      group by p.problem, p.text, p.evidence, p.place order by p.place, p.problem"""
    return rows(connection, Problem, query, at=at, stream=stream)
