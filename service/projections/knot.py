"""Regional knots to read: each knot, and in which one a unit's finding is."""

from service.aggregates import knot as k
from service.projections import INT, MOMENT, TEXT, Projection, Row, Table
from service.record import Recorded

KNOT = Table("knot", {"stream": "text", "knot": "int"}, {"text": TEXT, "reason": TEXT, "person": TEXT, "at": MOMENT})
MEMBER = Table("knot_finding", {"stream": "text", "unit": "text", "finding": "int"}, {"knot": INT})
TABLES = (KNOT, MEMBER)


def _members(r: Recorded, knot: int | None) -> list[Row]:
    """The findings that an event names, in the knot or in none."""
    patch = {"knot": knot} if knot else None
    return [Row(MEMBER, (r.stream, each.unit, each.finding), patch) for each in r.fact.event.findings]


def _grouped(r: Recorded) -> list[Row]:
    e: k.KnotGrouped = r.fact.event
    values = {"text": e.text, "reason": e.reason, "person": r.fact.person, "at": r.fact.at}
    return [Row(KNOT, (r.stream, e.knot), values, fresh=True), *_members(r, e.knot)]


PROJECTORS: dict[type, Projection] = {
    k.KnotGrouped: _grouped,
    k.KnotJoined: lambda r: _members(r, r.fact.event.knot),
    k.KnotUngrouped: lambda r: _members(r, None),
}
