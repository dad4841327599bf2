"""How an official score was made: its figures and its scale as they stood at its own event, worked out term by term."""

from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, Any

import msgspec

from service import people
from service.aggregates.score import WEIGHTED, percent
from service.projections import catalogue_page, quarter_page, quarter_rows, scales
from service.web.sheet import TaskRow, row

if TYPE_CHECKING:
    from psycopg import Connection


class Term(msgspec.Struct, frozen=True):
    """An activity of the score worked out: the share of each of its tasks, and their mean, rounded nowhere before the end."""

    line: quarter_page.Mark
    name: str
    tasks: tuple[TaskRow, ...]
    shares: tuple[Decimal, ...]
    weight: Decimal = Decimal(1)

    @property
    def mean(self) -> Decimal:
        return sum(self.shares, Decimal(0)) / len(self.shares)


class Explained(msgspec.Struct, frozen=True):
    """The official score with all it was made from: the figures and the scale as they stood at its event."""

    quarter: quarter_page.Quarter
    scale: scales.Scale
    event: quarter_page.Deed
    person: str
    terms: tuple[Term, ...]

    @property
    def total(self) -> Decimal:
        return sum((term.mean * term.weight for term in self.terms), Decimal(0))

    @property
    def weights(self) -> Decimal:
        """What the total is divided by: the sum of the weights, one each in a plain mean."""
        return sum((term.weight for term in self.terms), Decimal(0))

    @property
    def weighted(self) -> bool:
        """Whether activities count by the type of their line."""
        return self.quarter.formula.startswith(WEIGHTED)


def explain(connection: "Connection[Any]", at: int, place: quarter_page.Place, number: int) -> Explained | None:
    """The score that stands at a position, or None when there is none."""
    quarter = quarter_page.quarter(connection, at, place.stream, number)
    scored = quarter_page.deeds(connection, at, place.stream, number).get("quarter-scored")
    if quarter is None or scored is None or not quarter.scored:
        return None
    then = scored.from_pos
    tasks = [task for task in quarter_rows.tasks(connection, then, place.stream, number) if task.programmed > 0]
    terms, weights = list[Term](), catalogue_page.content(connection, then).weights
    for activity, group in groupby(tasks, key=lambda task: task.activity):
        rows, line = tuple(row(task, [], []) for task in group), quarter.line(activity)
        shares = tuple(percent(row.task.executed or Decimal(0), row.task.programmed) for row in rows)
        if line:
            weight = weights.of(rows[0].task.line_kind) if quarter.formula.startswith(WEIGHTED) else Decimal(1)
            terms.append(Term(line, rows[0].task.activity_name, rows, shares, weight))
    if not any(term.weight for term in terms):
        terms = [msgspec.structs.replace(term, weight=Decimal(1)) for term in terms]
    scale = scales.scale(connection, then)
    return Explained(quarter, scale, scored, people.names(connection, [scored.person])[scored.person], tuple(terms))
