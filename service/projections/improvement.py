"""The improvement plan of a year, to read: its aim and its measures."""

from service.aggregates import improvement as i
from service.projections import COUNTS, INT, MOMENT, TEXT, Projection, Row, Table
from service.record import Recorded

IMPROVEMENT = Table("improvement", {"stream": "text"}, {"quarter": INT, "aim": TEXT, "person": TEXT, "at": MOMENT})
MEASURE = Table(
    "improvement_measure",
    {"stream": "text", "measure": "int"},
    {"text": TEXT, "findings": COUNTS, "dropped": TEXT, "person": TEXT, "at": MOMENT},
)
TABLES = (IMPROVEMENT, MEASURE)


def _opened(r: Recorded) -> list[Row]:
    e: i.ImprovementOpened = r.fact.event
    values = {"quarter": e.quarter, "aim": e.aim, "person": r.fact.person, "at": r.fact.at}
    return [Row(IMPROVEMENT, (r.stream,), values, fresh=True)]


def _added(r: Recorded) -> list[Row]:
    e: i.MeasureAdded = r.fact.event
    values = {"text": e.text, "findings": e.findings, "dropped": "", "person": r.fact.person, "at": r.fact.at}
    return [Row(MEASURE, (r.stream, e.measure), values, fresh=True)]


def _measure(r: Recorded, **values: object) -> list[Row]:
    return [Row(MEASURE, (r.stream, r.fact.event.measure), values)]


PROJECTORS: dict[type, Projection] = {
    i.ImprovementOpened: _opened,
    i.MeasureAdded: _added,
    i.MeasureChanged: lambda r: _measure(r, text=r.fact.event.text, findings=r.fact.event.findings),
    i.MeasureDropped: lambda r: _measure(r, dropped=r.fact.event.reason),
}
