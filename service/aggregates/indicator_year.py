"""The indicators of a unit's year: what is declared and measured at once, and what waits until somebody of the DRE agrees.

A definition waits once the plan is approved, a value once the quarter is validated. A closed quarter keeps both.
"""

from collections.abc import Sequence

import msgspec

from service.aggregates import By, Command, Event, Fact, need
from service.aggregates import indicator as i
from service.aggregates import indicator_measure as m
from service.aggregates import indicator_proposal as p
from service.aggregates.classes import classes
from service.aggregates.plan import Plan
from service.aggregates.quarter import (
    CloseQuarter,
    ObserveQuarter,
    Quarter,
    QuarterObserved,
    Quarters,
    ScoreQuarter,
    SubmitQuarter,
    ValidateQuarter,
    living,
    outsider,
)
from service.aggregates.quarter_reopening import ReopenQuarter

MODULES = (i, m, p)
COMMANDS: frozenset[type[Command]] = frozenset().union(*(classes(module, Command) for module in MODULES))
JUDGING = (ObserveQuarter, ValidateQuarter, ScoreQuarter, CloseQuarter)


class Indicators(msgspec.Struct):
    """What is declared, what was measured by quarter and indicator, who measured in each quarter, and what waits."""

    declared: dict[int, i.Declared] = {}
    values: m.Values = {}
    authors: dict[int, set[str]] = {}
    waiting: dict[int, p.Waiting] = {}
    last: int = 0
    last_proposal: int = 0


def decide(indicators: Indicators, plan: Plan, quarters: Quarters, command: Command, by: By) -> list[Event]:
    """The rules of indicators."""
    match command:
        case p.ApproveIndicator() | p.RejectIndicator():
            return _resolve(indicators, plan, quarters, command, by)
        case m.RecordMeasures():
            return _record(indicators, plan, quarters, command, by)
        case m.ObserveMeasure():
            return _observe(indicators, plan, quarters, command, by)
        case _:
            found = i.changes(indicators.declared, indicators.last, plan, _closed(quarters), command)
            return _carried(indicators, found, at_once=plan.status != "approved")


def _carried(indicators: Indicators, found: Sequence[p.Change], *, at_once: bool) -> list[Event]:
    """The changes themselves, or the requests for them."""
    return list[Event](found) if at_once else p.asked(indicators.waiting, indicators.last_proposal, found)


def _closed(quarters: Quarters) -> frozenset[int]:
    return frozenset(n for n, each in quarters.by_number.items() if each.status == "closed" or each.reopened)


def _record(indicators: Indicators, plan: Plan, quarters: Quarters, command: m.RecordMeasures, by: By) -> list[Event]:
    quarter, the = living(quarters, plan, command.quarter, by)
    need(quarter.status != "submitted", f"{the} ya fue enviado: espere la respuesta de la DRE.")
    found = m.measures(indicators.declared, indicators.values, plan, command, by)
    for fact in found:
        _covered(indicators, quarter, fact.indicator)
    return _carried(indicators, found, at_once=quarter.status in {"draft", "observed"})


def _observe(indicators: Indicators, plan: Plan, quarters: Quarters, command: m.ObserveMeasure, by: By) -> list[Event]:
    quarter, the = living(quarters, plan, command.quarter, by)
    need(quarter.status in {"submitted", "observed"}, f"{the} no está enviado.")
    outsider(quarter, by, "observarlo")
    apart(indicators, command.quarter, by)
    name = i.there(indicators.declared, command.indicator).definition.name
    noted = m.MeasureObserved(quarter=command.quarter, indicator=command.indicator, text=command.text)
    returned = QuarterObserved(quarter=command.quarter, text=f"Indicador «{name}»: {command.text}")
    return [returned, noted] if quarter.status == "submitted" else [noted]


def _resolve(
    indicators: Indicators, plan: Plan, quarters: Quarters, command: p.ApproveIndicator | p.RejectIndicator, by: By
) -> list[Event]:
    waiting = indicators.waiting.get(command.proposal)
    need(waiting, "Ese cambio ya no está por resolver.")
    assert waiting  # noqa: S101 — narrowed by the line above
    need(by.person != waiting.proposer, "Quien propone el cambio no puede resolverlo.")
    change = waiting.change
    if isinstance(command, p.RejectIndicator):
        return [p.IndicatorRejected(proposal=command.proposal, indicator=change.indicator, reason=command.reason)]
    if isinstance(change, m.MeasureRecorded):
        quarter, _ = living(quarters, plan, change.quarter, by)
        _covered(indicators, quarter, change.indicator)
        m.fitting(i.there(indicators.declared, change.indicator).definition, plan, change)
    else:
        i.sound(indicators.declared, plan, _closed(quarters), change)
    return [p.IndicatorApproved(proposal=command.proposal, indicator=change.indicator), change]


def _covered(indicators: Indicators, quarter: Quarter, number: int) -> None:
    """Refuse what a reopening leaves out."""
    name = i.there(indicators.declared, number).definition.name
    need(quarter.reopened is None or number in quarter.reopened.indicators, f"La reapertura no incluye el indicador «{name}».")


def apart(indicators: Indicators, quarter: int, by: By) -> None:
    """Who measures does not judge, whatever other charge the person holds."""
    need(by.person not in indicators.authors.get(quarter, ()), "Quien registró indicadores del trimestre no puede revisarlo.")


def weighed(indicators: Indicators, plan: Plan, command: Command, by: By) -> None:
    """What the steps of a quarter owe its indicators: who judges did not measure, what is missing is explained, what is named is there."""
    if isinstance(command, JUDGING):
        apart(indicators, command.quarter, by)
    if isinstance(command, ReopenQuarter):
        for number in command.indicators:
            i.there(indicators.declared, number)
    if isinstance(command, SubmitQuarter):
        missing = tuple(unmeasured(indicators, plan, command.quarter))
        need(not missing or command.reason.strip(), "Hay indicadores sin dato: explique por qué.", missing)


def unmeasured(indicators: Indicators, plan: Plan, quarter: int) -> list[str]:
    """The indicators that a quarter asks for and nobody measured."""
    return [
        f"Indicador {n}: {each.definition.name}"
        for n, each in indicators.declared.items()
        if each.definition.expected(quarter) and (quarter, n) not in indicators.values and m.kept(each.definition, plan)
    ]


def evolve(indicators: Indicators, fact: Fact) -> None:
    """Apply one fact to the indicators."""
    match event := fact.event:
        case i.IndicatorDeclared():
            indicators.declared[event.indicator] = i.Declared(event.definition, 1)
            indicators.last = max(indicators.last, event.indicator)
        case i.IndicatorChanged():
            version = indicators.declared[event.indicator].version + 1
            indicators.declared[event.indicator] = i.Declared(event.definition, version)
        case i.IndicatorDropped():
            del indicators.declared[event.indicator]
        case m.MeasureRecorded():
            before = indicators.values.get((event.quarter, event.indicator))
            version = before.version + 1 if before else 1
            indicators.values[event.quarter, event.indicator] = m.Measured(event.value, event.evidence, event.reason, version)
            if not event.proposal:
                indicators.authors.setdefault(event.quarter, set()).add(fact.person)
        case p.IndicatorProposed():
            indicators.waiting[event.proposal] = p.Waiting(fact.person, event.change)
            indicators.last_proposal = event.proposal
            indicators.last = max(indicators.last, event.indicator)
        case p.IndicatorApproved() | p.IndicatorRejected():
            del indicators.waiting[event.proposal]
