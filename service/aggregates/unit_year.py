"""The year of one unit: diagnosis, plan, quarters, alerts, findings, commitments and balance on one stream, so rules may cross them."""

import typing
from collections.abc import Callable, Container

import msgspec

from service.aggregates import (
    By,
    Command,
    Event,
    Fact,
    alert,
    alert_cause,
    alert_first,
    alert_scored,
    alert_watch,
    balance,
    closed_quarters,
    commitment,
    commitment_first,
    commitment_life,
    commitment_review,
    commitment_signing,
    diagnosis,
    discussion,
    evidence,
    finding,
    improvement,
    indicator_year,
    need,
    plan,
    plan_alignment,
    plan_changes,
    plan_copies,
    plan_editing,
    plan_import,
    plan_places,
    plan_review,
    plan_undo,
    plan_versions,
    quarter,
    quarter_corrections,
    quarter_progress,
    quarter_reopening,
    quarter_score,
    session,
    session_year,
)
from service.aggregates.classes import classes
from service.aggregates.commitment_terms import Scope


class UnitYear(msgspec.Struct):
    """Everything the rules of one unit's year look at."""

    unit: str
    year: int
    plan: plan.Plan
    quarters: quarter.Quarters
    alerts: alert.Alerts
    watch: alert_watch.Watch
    findings: finding.Findings
    commitments: commitment.Commitments
    improvement: improvement.Improvement
    balance: balance.Balance
    diagnosis: diagnosis.Diagnosis
    discussion: discussion.Discussion
    sessions: session.Sessions
    indicators: indicator_year.Indicators

    @property
    def stream(self) -> str:
        return f"unit/{self.unit}/{self.year}"


def new(unit: str, year: int) -> UnitYear:
    """A year in which nothing has happened."""
    commitments = commitment.Commitments(f"unit/{unit}/{year}")
    measured = quarter.Quarters(), alert.Alerts(), alert_watch.Watch(), finding.Findings(), commitments
    spoken = improvement.Improvement(), balance.Balance(), diagnosis.Diagnosis(), discussion.Discussion(), session.Sessions()
    return UnitYear(unit, year, plan.Plan(unit=unit), *measured, *spoken, indicator_year.Indicators())


def open_items(year: UnitYear) -> tuple[str, ...]:
    """What a closing balance hands to the next year: `compromiso/3`, `alerta/12`, `hallazgo/2`.

    An alert or a finding that this year went on with stays open under its own year, `alerta/12/2025`, until it is closed or dropped.
    """
    own = [c for c in year.commitments.by_number.values() if not c.carried and c.status not in {"withdrawn", "declined"}]
    committed = {number for c in own for number in c.terms.findings}
    continued = [
        i for i, decision in year.balance.disposed.items() if decision == "continuar" and not i.startswith("compromiso/")
    ]
    return (
        *(f"compromiso/{n}" for n, c in year.commitments.by_number.items() if c.alive),
        *(f"alerta/{n}" for n, a in year.alerts.by_number.items() if a.status != "closed"),
        *(f"hallazgo/{n}" for n, f in year.findings.by_number.items() if f.kind == "nudo crítico" and n not in committed),
        *(item if item.count("/") > 1 else f"{item}/{year.year - 1}" for item in continued),
    )


class LastYear(msgspec.Struct, frozen=True):
    """What this year may need to know of the one before: whether it closed, what it left open, and the live commitments."""

    year: int
    open_items: tuple[str, ...]
    commitments: dict[int, commitment.Commitment]


def decide(year: UnitYear, command: Command, by: By) -> list[Event]:
    """Decide one command on the whole year.

    Raises:
        Refused: a rule says no.

    """
    if isinstance(command, alert_watch.RunRule):
        return alert_watch.decide(year, command, by)
    need(year.balance.status != "closed", "El año está cerrado con su balance: ya no admite cambios.")
    named = command.year if isinstance(command, plan_versions.OpenYear | plan.ImportPlan) else year.year
    need(named == year.year, f"Aquí se trabaja el año {year.year}: revise el año indicado.")
    kind = type(command)
    if kind in PLAN:
        planned = _planned(year, command, by)
        closed_quarters.untouched(year.plan, year.quarters, planned)
        return planned
    if kind in ALERT:
        return alert.decide(year.alerts, year.unit, command, by)
    need(year.plan.open, "El año no está abierto todavía.")
    if kind in QUARTER:
        events: list[Event] = QUARTER[kind].decide(year.quarters, year.plan, command, by)
        indicator_year.weighed(year.indicators, year.plan, command, by)
        return events + _alerts(year, events, by)
    if kind in indicator_year.COMMANDS:
        return indicator_year.decide(year.indicators, year.plan, year.quarters, command, by)
    if kind in DIAGNOSIS:
        return diagnosis.decide(year.diagnosis, year.plan, command, by)
    if kind is finding.RecordFinding:
        return finding.decide(year.findings, year.plan, year.quarters, year.alerts, command, by)
    if kind in IMPROVEMENT:
        live = {each.terms.measure for each in year.commitments.by_number.values() if each.alive and not each.carried}
        return improvement.decide(year.improvement, year.findings, year.quarters, live, command, by)
    if kind in COMMITMENT:
        scope = Scope(year.stream, year.findings.by_number, year.improvement.standing)
        agreed: list[Event] = COMMITMENT[kind].decide(year.commitments, scope, command, by)
        return agreed
    if kind in DISCUSSION:
        return discussion.decide(year.discussion, _subjects(year), command, by)
    if kind in session_year.COMMANDS:
        known: dict[typing.Any, Container[int]] = {**_subjects(year), "alert": year.alerts.by_number, "quarter": range(1, 5)}
        return session_year.decide(year.sessions, session.Scope(year.unit, year.year, known=known), command, by)
    if isinstance(command, balance.DisposeItem):
        return _dispose(year, command, by)
    return balance.decide(year.balance, year.quarters, open_items(year), command, by)


def _subjects(year: UnitYear) -> dict[discussion.Kind, Container[int]]:
    """What the year has to speak of; a quarter once it has a score."""
    return {
        "activity": year.plan.activities,
        "finding": year.findings.by_number,
        "commitment": year.commitments.by_number,
        "quarter": {number for number, each in year.quarters.by_number.items() if each.score},
    }


def _planned(year: UnitYear, command: Command, by: By) -> list[Event]:
    if isinstance(command, plan.ImportPlan):
        return plan_import.decide(year.plan, command, by)
    if type(command) in EDITING:
        decided: list[Event] = EDITING[type(command)].decide(year.plan, command, by)
        return decided
    if type(command) in VERSIONS:
        return plan_versions.decide(year.plan, command, _gate(year, by) if isinstance(command, plan_versions.SubmitPlan) else by)
    if isinstance(command, plan_review.AttendObservation):
        return plan_review.decide(year.plan, command, by)
    return plan_changes.decide(year.plan, command, by)


def _alerts(year: UnitYear, events: list[Event], by: By) -> list[Event]:
    scored = [event for event in events if isinstance(event, quarter_score.QuarterScored)]
    quarters = quarter_corrections.corrected(year.quarters, events)
    found = (alert_scored.raised(year.alerts, quarters, each, year.plan.tasks, by.rules.alerts, by.today) for each in scored)
    return [event for events in found for event in events]


def _gate(year: UnitYear, by: By) -> By:
    """The year gate: only the items still to be decided go on as `last_year`."""
    pending = [item for item in by.last_year.open_items if item not in year.balance.disposed] if by.last_year else []
    return msgspec.structs.replace(by, last_year=tuple(pending))


def _dispose(year: UnitYear, command: balance.DisposeItem, by: By) -> list[Event]:
    last: LastYear | None = by.last_year
    need(last and command.item in last.open_items, "Ese asunto no quedó pendiente en el balance anterior.")
    need(command.item not in year.balance.disposed, "Ya se decidió sobre ese asunto.")
    need(command.decision == "continuar" or command.reason.strip(), "Escriba el motivo.")
    disposed = balance.ItemDisposed(item=command.item, decision=command.decision, reason=command.reason)
    kind, number, *_ = command.item.split("/")
    if last is None or kind != "compromiso" or command.decision != "continuar":
        return [disposed]
    old = last.commitments[int(number)]
    here = len(year.commitments.by_number) + 1
    return [disposed, commitment.carried(old, here, f"{year.unit}-{last.year}-{number}")]


CONTENT = (plan, plan_places, plan_undo, plan_copies, plan_alignment, plan_editing)
COMMITMENTS = (commitment, commitment_signing, commitment_review, commitment_life)
QUARTERS = (quarter, quarter_progress, quarter_score, quarter_corrections, quarter_reopening, evidence)
PARTS = {
    **dict.fromkeys(CONTENT, "plan"),
    plan_review: "plan",
    plan_versions: "plan",
    **dict.fromkeys(QUARTERS, "quarters"),
    **dict.fromkeys(indicator_year.MODULES, "indicators"),
    **dict.fromkeys((alert, alert_cause, alert_first), "alerts"),
    alert_watch: "watch",
    finding: "findings",
    improvement: "improvement",
    **dict.fromkeys((*COMMITMENTS, commitment_first), "commitments"),
    balance: "balance",
    diagnosis: "diagnosis",
    discussion: "discussion",
}
VERSIONS, ALERT, DIAGNOSIS = (classes(module, Command) for module in (plan_versions, alert, diagnosis))
COMMITMENT = {kind: module for module in COMMITMENTS for kind in classes(module, Command)}
DISCUSSION, IMPROVEMENT = (classes(module, Command) for module in (discussion, improvement))
QUARTER = {kind: module for module in QUARTERS for kind in classes(module, Command)}
EDITING = {kind: module for module in CONTENT[1:] for kind in classes(module, Command)}
PLAN = classes(plan, Command) | classes(plan_review, Command) | VERSIONS | EDITING.keys()
COMMANDS: frozenset[type[Command]] = session_year.COMMANDS.union(*(classes(module, Command) for module in PARTS))
EVENTS: frozenset[type[Event]] = session_year.EVENTS.union(*(classes(module, Event) for module in PARTS))
PLAN_EVENTS: frozenset[type[Event]] = frozenset().union(
    *(classes(module, Event) for module, part in PARTS.items() if part == "plan")
)
TOGETHER = dict.fromkeys(CONTENT, plan_editing) | dict.fromkeys(indicator_year.MODULES, indicator_year) | {quarter_score: quarter}
_EVOLVE: dict[type, tuple[Callable[[typing.Any, Fact], None], str]] = {
    kind: (TOGETHER.get(module, module).evolve, part) for module, part in PARTS.items() for kind in classes(module, Event)
} | {kind: (module.evolve, "sessions") for kind, module in session_year.EVOLVES.items()}


def evolve(year: UnitYear, fact: Fact) -> None:
    """Apply one fact to the part of the year it belongs to."""
    apply, part = _EVOLVE[type(fact.event)]
    apply(getattr(year, part), fact)
    if type(fact.event) in alert_watch.NOTED and part != "watch":
        alert_watch.evolve(year.watch, fact)
