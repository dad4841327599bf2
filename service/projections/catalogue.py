"""The DRE's catalogue to read: its items, each with the version that retired it (0 while it is offered), rules, versions."""

from typing import Any

import msgspec

from service.aggregates import catalogue as c
from service.aggregates import quorum_rules, signing_kinds
from service.aggregates.alert_rules import DEFAULTS, Rule, with_low
from service.projections import DATE, INT, JSON, MOMENT, TEXT, TEXTS, Projection, Row, Table
from service.record import Recorded

INSTRUMENT = Table(
    "instrument", {"stream": "text", "instrument": "text"}, {"norm": TEXT, "levels": TEXTS, "place": INT, "retired": INT}
)
OBJECTIVE = Table(
    "objective",
    {"stream": "text", "code": "text"},
    {"instrument": TEXT, "text": TEXT, "level": ("int", 1), "parent": TEXT, "retired": INT},
)
LINE = Table("catalogue_line", {"stream": "text", "code": "text"}, {"kind": TEXT, "name": TEXT, "retired": INT})
AREA = Table("area", {"stream": "text", "code": "text"}, {"name": TEXT, "retired": INT})
MEASURE = Table("measure", {"stream": "text", "name": "text"}, {"aliases": TEXTS, "retired": INT})
DEADLINE = Table(
    "deadline",
    {"stream": "text", "deadline": "text"},
    {"year": INT, "step": TEXT, "quarter": INT, "day": DATE, "retired": INT},
    ("year",),
)
RULE = Table("rule", {"stream": "text", "rule": "text"}, {"version": INT, "settings": JSON})
EDITION = Table(
    "edition", {"stream": "text", "edition": "int"}, {"reason": TEXT, "person": TEXT, "at": MOMENT, "items": INT}, log=True
)
TABLES = (INSTRUMENT, OBJECTIVE, LINE, AREA, MEASURE, DEADLINE, RULE, EDITION)
BY_KIND = {
    "instruments": INSTRUMENT,
    "objectives": OBJECTIVE,
    "lines": LINE,
    "areas": AREA,
    "measures": MEASURE,
    "deadlines": DEADLINE,
}


def _item(r: Recorded, table: Table, item: Any) -> Row:
    values = {column: getattr(item, column) for column in table.columns if column != "retired"}
    return Row(table, (r.stream, item.key), {**values, "retired": 0})


def _version(r: Recorded) -> list[Row]:
    e: c.CataloguePublished = r.fact.event
    put = {(kind, item.key): _item(r, BY_KIND[kind], item) for kind, items in e.change.put.items() for item in items}
    gone = {
        (kind, key): Row(table, (r.stream, key), {"retired": e.version})
        for kind, table in BY_KIND.items()
        for key in getattr(e.retired, kind)
    }
    rows = (put | gone).values()
    values = {"reason": e.reason, "person": r.fact.person, "at": r.fact.at, "items": len(rows)}
    return [*rows, Row(EDITION, (r.stream, e.version), values, fresh=True)]


def _objective(r: Recorded) -> list[Row]:
    e: c.ObjectivePublished = r.fact.event
    values = {"instrument": e.instrument, "text": e.text}
    return [Row(OBJECTIVE, (r.stream, e.code), values, fresh=True), Row(INSTRUMENT, (r.stream, e.instrument), {})]


def _rule(rule: str, *settings: str) -> Projection:
    def rows(r: Recorded) -> list[Row]:
        e = r.fact.event
        return [Row(RULE, (r.stream, rule), {"version": e.version, "settings": {n: str(getattr(e, n)) for n in settings}})]

    return rows


def _alert_rules(r: Recorded, rules: tuple[Rule, ...]) -> list[Row]:
    values = {"version": r.fact.event.version, "settings": {rule.code: msgspec.to_builtins(rule) for rule in rules}}
    return [Row(RULE, (r.stream, "alerts"), values)]


def _quorum(r: Recorded) -> list[Row]:
    e: quorum_rules.QuorumPublished = r.fact.event
    name = f"quorum/{e.place}/{e.kind}"
    return [Row(RULE, (r.stream, name), {"version": e.version, "settings": msgspec.to_builtins(e.quorum)})]


def _signing(r: Recorded) -> list[Row]:
    e: signing_kinds.SigningKindPublished = r.fact.event
    settings = msgspec.to_builtins(e.kind)
    return [Row(RULE, (r.stream, f"signing/{e.kind.code}"), {"version": e.version, "settings": settings})]


PROJECTORS: dict[type, Projection] = {
    c.CataloguePublished: _version,
    c.ObjectivePublished: _objective,
    c.ScalePublished: _rule("scale", "fulfilled", "in_progress", "label"),
    c.FormulaPublished: _rule("formula", "strategic", "missional", "support"),
    quorum_rules.QuorumPublished: _quorum,
    signing_kinds.SigningKindPublished: _signing,
    c.FirstAlertRulesPublished: lambda r: _alert_rules(r, with_low(DEFAULTS, r.fact.event.low)),
    c.AlertRulesPublished: lambda r: _alert_rules(r, r.fact.event.rules),
}
