"""How a percentage was made, whichever: its figures and rules as they stood at its moment, worked out term by term."""

from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import msgspec

from service import people
from service.aggregates.catalogue_content import Weights
from service.aggregates.score import WEIGHTED, percent, round2, weighted
from service.projections import formulas, quarter_page, scales, working
from service.projections.shares import first_approved

if TYPE_CHECKING:
    from psycopg import Connection


class Asked(msgspec.Struct, frozen=True):
    """Which percentage of a quarter: of the unit, or of a line, an area, an activity; of the targets approved first where `original`."""

    line: str | None = None
    activity: int = 0
    original: bool = False
    area: str = ""

    @property
    def part(self) -> bool:
        """Whether it is of a line or an area: made from the activities as the official score froze them."""
        return self.line is not None or bool(self.area)

    def address(self, path: str, keep: str = "") -> str:
        """The same percentage on another page, at the same moment."""
        values = {
            "linea": self.line,
            "area": self.area or None,
            "actividad": self.activity or None,
            "meta": "original" if self.original else None,
        }
        asked = urlencode({name: value for name, value in values.items() if value is not None})
        return path + keep + (("&" if keep else "?") + asked if asked else "")


class Term(msgspec.Struct, frozen=True):
    """An activity worked out: the share of each of its tasks, and their mean, rounded nowhere before the end.

    `frozen` is its percentage in the official score, from which that of a line is made.
    """

    activity: int
    name: str
    line: str
    line_name: str
    kind: str
    tasks: tuple[working.Input, ...]
    shares: tuple[Decimal, ...]
    weight: Decimal
    light: str
    frozen: Decimal | None = None

    @property
    def mean(self) -> Decimal:
        return sum(self.shares, Decimal(0)) / len(self.shares)

    @property
    def reported(self) -> int:
        """How many of its tasks have a figure."""
        return sum(task.executed is not None for task in self.tasks)

    @property
    def value(self) -> Decimal:
        """What enters the result."""
        return self.mean if self.frozen is None else self.frozen


class Explained(msgspec.Struct, frozen=True):
    """A percentage with all it was made from, as it stood at `read_at`: the score's own fact, or the moment of the reading."""

    asked: Asked
    name: str
    read_at: int
    official: bool
    shown: Decimal | None
    light: str
    formula: str
    scale: scales.Scale
    rules: dict[str, working.Rule]
    terms: tuple[Term, ...]
    event: quarter_page.Deed | None = None
    person: str = ""

    @property
    def weights(self) -> list[Decimal]:
        """The weight of each term; one each in a plain mean, and where none weighs anything."""
        found = [term.weight for term in self.terms]
        return found if self.weighs and any(found) else [Decimal(1)] * len(found)

    @property
    def total(self) -> Decimal:
        return sum((term.value * weight for term, weight in zip(self.terms, self.weights, strict=True)), Decimal(0))

    @property
    def divisor(self) -> Decimal:
        return sum(self.weights, Decimal(0))

    @property
    def percent(self) -> Decimal | None:
        """What comes out of the inputs; None without any figure."""
        if not any(term.reported for term in self.terms):
            return None
        return round2(weighted([term.value for term in self.terms], [term.weight for term in self.terms]))

    @property
    def weighs(self) -> bool:
        """Whether activities count by the type of their line."""
        return self.formula.startswith(WEIGHTED)

    @property
    def missing(self) -> int:
        """How many tasks count as 0 because nobody reported them."""
        return sum(len(term.tasks) - term.reported for term in self.terms)


def explain(
    connection: "Connection[Any]", at: int, place: quarter_page.Place, number: int, asked: Asked | None = None
) -> Explained | None:
    """A percentage of a quarter at a position, or None when nothing is programmed for it."""
    asked, stream = asked or Asked(), place.stream
    quarter = quarter_page.quarter(connection, at, stream, number)
    scored = quarter_page.deeds(connection, at, stream, number).get("quarter-scored")
    official = quarter is not None and quarter.scored and scored is not None
    then = scored.from_pos if official and scored else at
    formed = formulas.formulas(connection, then)
    name = quarter.formula if official and quarter else formed.name
    first = first_approved(connection, at, [stream]).get(stream, 0)
    if asked.original and not first:
        return None
    found = working.inputs(connection, at if asked.original else then, stream, number, first if asked.original else then)
    scale = scales.scale(connection, then)
    frozen = quarter if official and not asked.original else None
    weights = formed.of(name) if official else formed.current
    terms = tuple(_terms(found, asked, weights, scale, frozen))
    if not terms:
        return None
    made = Explained(asked, _name(terms, asked), then, official, None, "", name, scale, working.rules(connection, then), terms)
    made = msgspec.structs.replace(made, shown=made.percent, light=scale.light(made.percent))
    if frozen and not asked.part and not asked.activity:
        made = msgspec.structs.replace(made, shown=frozen.percent, light=frozen.light)
    if official and scored:
        return msgspec.structs.replace(made, event=scored, person=people.names(connection, [scored.person])[scored.person])
    return made


def _terms(
    found: list[working.Input], asked: Asked, weights: Weights, scale: scales.Scale, quarter: quarter_page.Quarter | None
) -> list[Term]:
    terms = list[Term]()
    for activity, group in groupby(found, key=lambda each: each.activity):
        tasks = tuple(group)
        shares = tuple(percent(each.executed or Decimal(0), each.programmed) for each in tasks)
        head, mark = tasks[0], quarter.line(activity) if quarter else None
        other = (asked.line is not None and head.line != asked.line) or (asked.area and head.area != asked.area)
        if other or (asked.activity and activity != asked.activity):
            continue
        term = Term(
            activity, head.activity_name, head.line, head.line_name, head.kind, tasks, shares, weights.of(head.kind), "no-data"
        )
        light = mark.light if mark else scale.light(round2(term.mean)) if term.reported else "no-data"
        terms.append(msgspec.structs.replace(term, light=light, frozen=mark.percent if mark and asked.part else None))
    return terms


def _name(terms: tuple[Term, ...], asked: Asked) -> str:
    """What the percentage is of, below the unit."""
    if asked.activity:
        return terms[0].name
    line = f"{terms[0].line} · {terms[0].line_name}" if asked.line is not None else ""
    return ", ".join(filter(None, (line, f"área {asked.area}" if asked.area else "")))
