"""The DRE's catalogue in its standing stream: each publication is a version; what was published never changes.

A version is recorded as its difference to the one before. Scale, formula and alert rules have numbers of their own, because
scores and alerts name them.
"""

from datetime import date
from decimal import Decimal
from typing import Annotated

import msgspec
from msgspec import Meta

from service.aggregates import By, Command, Event, Fact, Line1, Paragraph, need
from service.aggregates.alert_rules import DEFAULTS, AlertRules, Rule, with_low
from service.aggregates.catalogue_check import problems, rule_problems
from service.aggregates.catalogue_content import (
    KINDS,
    Area,
    Content,
    Deadline,
    Difference,
    Instrument,
    Line,
    Measure,
    Objective,
    Retired,
    Scale,
    Weights,
    applied,
    difference,
    ordered,
)
from service.aggregates.quorum_rules import Quorums
from service.aggregates.score import Light
from service.aggregates.signing_kinds import SigningKinds

Percent = Annotated[Decimal, Meta(ge=0, le=100, extra={"error": "Escriba un porcentaje entre 0 y 100."})]


class PublishObjective(Command, frozen=True):
    """An objective alone, before the first version of the catalogue."""

    instrument: Line1
    code: Line1
    text: Line1


class PublishScale(Command, frozen=True):
    fulfilled: Percent
    in_progress: Percent
    label: Line1


class PublishAlertRules(Command, frozen=True):
    rules: tuple[Rule, ...] = DEFAULTS


class PublishCatalogue(Command, frozen=True):
    """The whole catalogue as it shall be from now on; `base` is the version it was made from."""

    base: int
    reason: Paragraph
    content: Content


class ObjectivePublished(Event, frozen=True, tag="objective-published"):
    instrument: str
    code: str
    text: str


class ScalePublished(Event, frozen=True, tag="scale-published"):
    version: int
    fulfilled: Decimal
    in_progress: Decimal
    label: str


class FormulaPublished(Event, frozen=True, tag="formula-published"):
    """How much an activity counts in a score, by the type of its line of action."""

    version: int
    strategic: Decimal
    missional: Decimal
    support: Decimal


class FirstAlertRulesPublished(Event, frozen=True, tag="alert-rules-published"):
    """The one threshold that there was in the first releases; nobody writes it any more."""

    version: int
    low: Decimal


class AlertRulesPublished(Event, frozen=True, tag="alert-rules-published.2"):
    version: int
    rules: tuple[Rule, ...]


class CataloguePublished(Event, frozen=True, tag="catalogue-published"):
    """A version: the items that are new or reworded, and what it retires."""

    version: int
    reason: str
    instruments: tuple[Instrument, ...] = ()
    objectives: tuple[Objective, ...] = ()
    lines: tuple[Line, ...] = ()
    areas: tuple[Area, ...] = ()
    measures: tuple[Measure, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    retired: Retired = Retired()

    @property
    def change(self) -> Difference:
        """What it changed among the items."""
        return Difference(**{kind: getattr(self, kind) for kind in KINDS}, retired=self.retired)


class Rules(msgspec.Struct, frozen=True):
    """The DRE's rules in force: the immutable value every decision of a unit receives; `retired` objectives are not offered."""

    objectives: frozenset[str] = frozenset()
    scale: ScalePublished = ScalePublished(
        version=0, fulfilled=Decimal(90), in_progress=Decimal(70), label="escala de ejemplo, ajústela"
    )
    alerts: AlertRules = AlertRules()
    formula: FormulaPublished = FormulaPublished(version=0, strategic=Decimal(1), missional=Decimal(1), support=Decimal(1))
    retired: frozenset[str] = frozenset()
    deadlines: tuple[Deadline, ...] = ()
    signing: SigningKinds = SigningKinds()
    quorums: Quorums = Quorums()

    def late(self, year: int, quarter: int, day: date) -> int:
        """How many days after the last one to report a quarter this is; 0 without a deadline."""
        due = next((d.day for d in self.deadlines if (d.year, d.step, d.quarter) == (year, "quarter-report", quarter)), day)
        return max(0, (day - due).days)

    @property
    def scale_version(self) -> int:
        return self.scale.version

    @property
    def formula_name(self) -> str:
        """The formula as a score names it."""
        return self.weights.name(self.formula.version)

    @property
    def weights(self) -> Weights:
        """How much an activity counts, by the type of its line."""
        return Weights(self.formula.strategic, self.formula.missional, self.formula.support)

    def weight(self, kind: str) -> Decimal:
        """How much an activity of such a line counts in a score."""
        return self.weights.of(kind)

    def light(self, value: Decimal) -> Light:
        """The light of a percentage."""
        if value >= self.scale.fulfilled:
            return "fulfilled"
        return "in-progress" if value >= self.scale.in_progress else "at-risk"


class Catalogue(msgspec.Struct, frozen=True):
    """The version in force and what it holds; a new one replaces it, since pages go on reading the one they hold."""

    version: int = 0
    content: Content = Content()
    rules: Rules = Rules()


def decide(catalogue: Catalogue, command: Command, by: By) -> list[Event]:  # noqa: ARG001 — the same in every aggregate
    """The rules of a publication."""
    content, rules = catalogue.content, catalogue.rules
    match command:
        case PublishObjective():
            need(not catalogue.version, "El catálogo ya tiene versiones: publique el objetivo en la siguiente.")
            need(command.code not in rules.objectives, f"El objetivo {command.code} ya está publicado.")
            return [ObjectivePublished(**msgspec.structs.asdict(command))]
        case PublishScale():
            need(command.fulfilled > command.in_progress, "«Cumplido» debe pedir más que «En proceso».")
            return [ScalePublished(version=rules.scale.version + 1, **msgspec.structs.asdict(command))]
        case PublishAlertRules():
            wrong = tuple(rule_problems(command.rules))
            need(not wrong, "Las reglas de alerta no se pueden publicar:", wrong)
            return [AlertRulesPublished(version=rules.alerts.version + 1, rules=command.rules)]
        case PublishCatalogue():
            current = f"Rige la versión {catalogue.version} del catálogo y estos cambios parten de la {command.base}: revíselos."
            need(command.base == catalogue.version, current)
            wrong = tuple(problems(command.content))
            need(not wrong, "El catálogo no se puede publicar todavía:", wrong)
            found = difference(content, command.content)
            need(found != Difference(), "El catálogo propuesto dice lo mismo que el vigente: no hay nada que publicar.")
            number = catalogue.version + 1
            version = CataloguePublished(version=number, reason=command.reason, retired=found.retired, **found.put)
            return [*(_setting(name, command.content, rules) for name in found.settings), version]
        case _:
            msg = f"catalogue cannot decide {type(command).__name__}"
            raise TypeError(msg)


def _setting(name: str, content: Content, rules: Rules) -> Event:
    """The event of a setting that changes with the version; it goes first, so that the version stands on all of it."""
    if name == "scale":
        return ScalePublished(version=rules.scale.version + 1, **msgspec.structs.asdict(content.scale))
    if name == "weights":
        return FormulaPublished(version=rules.formula.version + 1, **msgspec.structs.asdict(content.weights))
    return AlertRulesPublished(version=rules.alerts.version + 1, rules=content.rules)


def evolve(catalogue: Catalogue, fact: Fact) -> Catalogue:
    """The catalogue after one fact."""
    change = msgspec.structs.replace
    content, rules = catalogue.content, catalogue.rules
    match event := fact.event:
        case CataloguePublished():
            content = applied(content, event.change)
            current = frozenset(each.code for each in content.objectives)
            gone = (rules.retired | frozenset(event.retired.objectives)) - current
            return Catalogue(event.version, content, change(rules, objectives=current, retired=gone, deadlines=content.deadlines))
        case ObjectivePublished():
            known = any(each.name == event.instrument for each in content.instruments)
            instruments = () if known else (Instrument(name=event.instrument),)
            objective = Objective(code=event.code, instrument=event.instrument, text=event.text)
            grown = change(content, instruments=(*content.instruments, *instruments), objectives=(*content.objectives, objective))
            rules = change(rules, objectives=rules.objectives | {event.code})
            return change(catalogue, content=ordered(grown), rules=rules)
        case ScalePublished():
            scale = Scale(fulfilled=event.fulfilled, in_progress=event.in_progress, label=event.label)
            return change(catalogue, content=change(content, scale=scale), rules=change(rules, scale=event))
        case FormulaPublished():
            weights = Weights(strategic=event.strategic, missional=event.missional, support=event.support)
            return change(catalogue, content=change(content, weights=weights), rules=change(rules, formula=event))
        case AlertRulesPublished() | FirstAlertRulesPublished():
            made = event.rules if isinstance(event, AlertRulesPublished) else with_low(DEFAULTS, event.low)
            rules = change(rules, alerts=AlertRules(event.version, made))
            return change(catalogue, content=change(content, rules=made), rules=rules)
        case _:
            return catalogue


COMMANDS: frozenset[type[Command]] = frozenset({PublishObjective, PublishScale, PublishAlertRules, PublishCatalogue})
EVENTS: frozenset[type[Event]] = frozenset(
    {ObjectivePublished, ScalePublished, FormulaPublished, FirstAlertRulesPublished, AlertRulesPublished, CataloguePublished}
)
