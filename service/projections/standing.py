"""The DRE's standing things to read: units, charges, objectives, rules."""

from service.aggregates import dre as d
from service.projections import BOOL, DATE, INT, JSON, TEXT, TEXTS, Projection, Row, Table
from service.record import Recorded

UNIT = Table(
    "unit",
    {"stream": "text", "code": "text"},
    {"name": TEXT, "kind": TEXT, "province": TEXT, "ubigeo": TEXT, "aliases": TEXTS},
)
CHARGE = Table(
    "charge",
    {"stream": "text", "assignment": "int"},
    {
        "charge": TEXT,
        "holder": TEXT,
        "role": TEXT,
        "unit": TEXT,
        "area": TEXT,
        "since": DATE,
        "until": DATE,
        "resolution": TEXT,
        "acting": BOOL,
    },
)
OBJECTIVE = Table("objective", {"stream": "text", "code": "text"}, {"instrument": TEXT, "text": TEXT})
RULE = Table("rule", {"stream": "text", "rule": "text"}, {"version": INT, "settings": JSON})
TABLES = (UNIT, CHARGE, OBJECTIVE, RULE)


def _unit(r: Recorded) -> list[Row]:
    e: d.UnitRegistered = r.fact.event
    return [Row(UNIT, (r.stream, e.code), {name: getattr(e, name) for name in UNIT.columns}, fresh=True)]


def _charge(r: Recorded) -> list[Row]:
    e: d.ChargeAssigned = r.fact.event
    return [Row(CHARGE, (r.stream, e.assignment), {name: getattr(e, name) for name in CHARGE.columns}, fresh=True)]


def _rule(r: Recorded, rule: str, **values: str) -> list[Row]:
    return [Row(RULE, (r.stream, rule), {"version": r.fact.event.version, "settings": values})]


def _scale(r: Recorded) -> list[Row]:
    e: d.ScalePublished = r.fact.event
    return _rule(r, "scale", fulfilled=str(e.fulfilled), in_progress=str(e.in_progress), label=e.label)


PROJECTORS: dict[type, Projection] = {
    d.UnitRegistered: _unit,
    d.ChargeAssigned: _charge,
    d.ChargeEnded: lambda r: [Row(CHARGE, (r.stream, r.fact.event.assignment), {"until": r.fact.event.until})],
    d.ObjectivePublished: lambda r: [
        Row(
            OBJECTIVE,
            (r.stream, r.fact.event.code),
            {"instrument": r.fact.event.instrument, "text": r.fact.event.text},
            fresh=True,
        )
    ],
    d.ScalePublished: _scale,
    d.AlertRulesPublished: lambda r: _rule(r, "alerts", low=str(r.fact.event.low)),
}
