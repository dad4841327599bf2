"""The indicators to read: each as it stands, its value in each quarter, what was objected to, and the changes that wait."""

import msgspec

from service.aggregates import indicator as i
from service.aggregates import indicator_measure as m
from service.aggregates import indicator_proposal as p
from service.projections import INT, JSON, NUMBER, TEXT, Projection, Row, Table
from service.record import Recorded

INDICATOR = Table(
    "indicator",
    {"stream": "text", "indicator": "int"},
    {"activity": INT, "line": TEXT, "name": TEXT, "definition": JSON, "dropped": TEXT},
)
MEASURE = Table(
    "indicator_value",
    {"stream": "text", "quarter": "int", "indicator": "int"},
    {"value": NUMBER, "evidence": TEXT, "reason": TEXT, "late": INT, "proposal": INT},
)
OBSERVED = Table("indicator_observed", {"stream": "text", "quarter": "int", "indicator": "int"}, {"text": TEXT})
PROPOSAL = Table(
    "indicator_proposal",
    {"stream": "text", "proposal": "int"},
    {"indicator": INT, "reason": TEXT, "change": JSON, "proposer": TEXT, "status": TEXT, "answer": TEXT},
)
TABLES = (INDICATOR, MEASURE, OBSERVED, PROPOSAL)


def _written(r: Recorded) -> list[Row]:
    e: i.IndicatorDeclared | i.IndicatorChanged = r.fact.event
    it = e.definition
    values = {"activity": it.activity, "line": it.line, "name": it.name, "definition": msgspec.to_builtins(it)}
    return [Row(INDICATOR, (r.stream, e.indicator), values)]


def _measured(r: Recorded) -> list[Row]:
    e: m.MeasureRecorded = r.fact.event
    values = {name: getattr(e, name) for name in MEASURE.columns}
    return [Row(MEASURE, (r.stream, e.quarter, e.indicator), values)]


def _proposed(r: Recorded) -> list[Row]:
    e: p.IndicatorProposed = r.fact.event
    change = msgspec.to_builtins(e.change)
    values = {"indicator": e.indicator, "reason": e.reason, "change": change, "proposer": r.fact.person, "status": "proposed"}
    return [Row(PROPOSAL, (r.stream, e.proposal), values, fresh=True)]


PROJECTORS: dict[type, Projection] = {
    i.IndicatorDeclared: _written,
    i.IndicatorChanged: _written,
    i.IndicatorDropped: lambda r: [Row(INDICATOR, (r.stream, r.fact.event.indicator), {"dropped": r.fact.event.reason})],
    m.MeasureRecorded: _measured,
    m.MeasureObserved: lambda r: [
        Row(OBSERVED, (r.stream, r.fact.event.quarter, r.fact.event.indicator), {"text": r.fact.event.text})
    ],
    p.IndicatorProposed: _proposed,
    p.IndicatorApproved: lambda r: [Row(PROPOSAL, (r.stream, r.fact.event.proposal), {"status": "approved"})],
    p.IndicatorRejected: lambda r: [
        Row(PROPOSAL, (r.stream, r.fact.event.proposal), {"status": "rejected", "answer": r.fact.event.reason})
    ],
}
