"""The DRE's units and charges to read."""

from service.aggregates import dre as d
from service.projections import BOOL, DATE, TEXT, TEXTS, Projection, Row, Table
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
TABLES = (UNIT, CHARGE)


def _unit(r: Recorded) -> list[Row]:
    e: d.UnitRegistered = r.fact.event
    return [Row(UNIT, (r.stream, e.code), {name: getattr(e, name) for name in UNIT.columns}, fresh=True)]


def _charge(r: Recorded) -> list[Row]:
    e: d.ChargeAssigned = r.fact.event
    return [Row(CHARGE, (r.stream, e.assignment), {name: getattr(e, name) for name in CHARGE.columns}, fresh=True)]


PROJECTORS: dict[type, Projection] = {
    d.UnitRegistered: _unit,
    d.ChargeAssigned: _charge,
    d.ChargeEnded: lambda r: [Row(CHARGE, (r.stream, r.fact.event.assignment), {"until": r.fact.event.until})],
}
