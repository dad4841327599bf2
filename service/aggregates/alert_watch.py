"""The rules that only the passing of days breaks: run by `sistema` once a day on each unit's year, decided on its state and the day.

What follows depends on the record and the day alone, never on when a rule ran before: each case begins on the day its condition
came true, so thirty daily runs and one run at their end find the same.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal, get_args

import msgspec

from service.aggregates import (
    By,
    Command,
    Event,
    Fact,
    alert_cause,
    commitment,
    commitment_first,
    commitment_review,
    commitment_signing,
    plan_versions,
    quarter,
)
from service.aggregates.alert import AlertEscalated, AlertRaised, Case, Key
from service.aggregates.alert_rules import REMINDING, AlertRules, Rule, Timed
from service.aggregates.catalogue_content import Deadline, Step

if TYPE_CHECKING:
    from service.aggregates.unit_year import UnitYear

Run = Literal[Timed, "causas", "escalamiento", "firma-en-espera"]
RUNS: tuple[Run, ...] = get_args(Run)


class RunRule(Command, frozen=True):
    """Look at the year with one rule of the clock, at the causes of its cases, or escalate those whose deadline has passed."""

    rule: Run


class ReminderGiven(Event, frozen=True, tag="reminder-given"):
    """A commitment falls due in so many days; given once for each of the rule's days."""

    commitment: int
    days: int
    due: date
    rules: int


class SignatureReminded(Event, frozen=True, tag="signature-reminded"):
    """A version has waited so many days for these charges, since it was offered or last signed; said once for each of the days."""

    commitment: int
    version: int
    days: int
    since: date
    charges: tuple[str, ...]


UNSIGNED = (3, 7)
"""After how many days without a signature it is said again: an example, as no rule of the DRE is known."""


class Watch(msgspec.Struct):
    """Since when things are as they are, and the reminders given: ("quarter", 2) → day, 0 for the plan; (commitment, 10, due).

    ("signing", 3) is the day on which the text of a commitment was offered or last signed; `awaited` what was said of it.
    """

    since: dict[tuple[str, int], date] = {}
    reminded: set[tuple[int, int, date]] = set()
    awaited: set[tuple[int, int, int, date]] = set()


class _Due(msgspec.Struct, frozen=True):
    """A case that a rule calls for, and the day its condition came true."""

    begun: date
    inputs: dict[str, str]
    quarter: int = 0
    commitment: int = 0


def decide(year: "UnitYear", command: RunRule, by: By) -> list[Event]:
    """What a rule finds on the day; nothing in a year that its balance has closed."""
    if year.balance.status == "closed":
        return []
    if command.rule == "escalamiento":
        return list(_escalated(year, by.today))
    if command.rule == "causas":
        return list(alert_cause.noted(year, _called(year, by), by))
    if command.rule == "firma-en-espera":
        return list(_unsigned(year, by.today))
    rules: AlertRules = by.rules.alerts
    rule = rules.of(command.rule)
    if rule is None:
        return []
    if rule.code == REMINDING:
        return list(_reminders(year, rule, rules.version, by.today))
    found = [due for due in _FIND[command.rule](year, rule, by.rules.deadlines) if due.begun <= by.today]
    fresh = list[AlertRaised]()
    for due in sorted(found, key=lambda each: (each.begun, each.quarter, each.commitment)):
        case = AlertRaised(
            alert=len(year.alerts.by_number) + len(fresh) + 1,
            rule=rule.code,
            rules=rules.version,
            inputs=due.inputs,
            deadline=due.begun + timedelta(days=rule.answer),
            quarter=due.quarter,
            commitment=due.commitment,
        )
        fresh += [case] if case.key not in year.alerts.standing else []
    return list(fresh)


def _called(year: "UnitYear", by: By) -> set[Key]:
    """The cases that the rules of the clock would raise today."""
    known = ((find, by.rules.alerts.of(code)) for code, find in _FIND.items())
    due = ((rule, each) for find, rule in known if rule for each in find(year, rule, by.rules.deadlines))
    return {(rule.code, each.quarter, 0, each.commitment) for rule, each in due if each.begun <= by.today}


def _escalated(year: "UnitYear", today: date) -> Iterator[AlertEscalated]:
    for each in year.alerts.by_number.values():
        deadline = each.deadline
        if each.status != "closed" and not each.escalated and deadline and deadline < today and not each.silenced(today):
            yield AlertEscalated(**{name: getattr(each.raised, name) for name in Case.__struct_fields__}, deadline=deadline)


def _alive(year: "UnitYear") -> Iterator[tuple[int, commitment.Commitment]]:
    """The commitments that still have to be kept."""
    return ((n, each) for n, each in year.commitments.by_number.items() if each.status in {"proposed", "signed"})


def _reminders(year: "UnitYear", rule: Rule, version: int, today: date) -> Iterator[ReminderGiven]:
    """Every reminder whose day has come since the commitment exists, the earliest first."""
    for number, each in _alive(year):
        for days in sorted(set(rule.days), reverse=True):
            day, since = each.due - timedelta(days=days), year.watch.since.get(("commitment", number), date.min)
            if since <= day <= today and (number, days, each.due) not in year.watch.reminded:
                yield ReminderGiven(commitment=number, days=days, due=each.due, rules=version)


def _unsigned(year: "UnitYear", today: date) -> Iterator[SignatureReminded]:
    """Every text that has waited long enough for the charges whose turn it is."""
    for number, each in year.commitments.by_number.items():
        text, since = each.waiting, year.watch.since.get(("signing", number), date.max)
        turn = text.missing[:1] if text and text.terms.ordered else text.missing if text else ()
        for days in UNSIGNED if turn and text else ():
            due = since < date.max and since + timedelta(days=days) <= today
            if due and text and (number, text.number, days, since) not in year.watch.awaited:
                yield SignatureReminded(commitment=number, version=text.number, days=days, since=since, charges=turn)


def _overdue(year: "UnitYear", rule: Rule, _: tuple[Deadline, ...]) -> Iterator[_Due]:
    for number, each in _alive(year):
        inputs = {"due": each.due.isoformat(), "days": str(rule.wait)}
        yield _Due(_after(each.due, rule), inputs, commitment=number)


def _unanswered(year: "UnitYear", rule: Rule, _: tuple[Deadline, ...]) -> Iterator[_Due]:
    """The plan (quarter 0) and the quarters that were observed and not sent again."""
    waiting = {0: year.plan.status} | {n: each.status for n, each in year.quarters.by_number.items()}
    for number in (n for n, status in waiting.items() if status == "observed"):
        since = year.watch.since["quarter", number]
        yield _Due(_after(since, rule), {"observed": since.isoformat(), "days": str(rule.wait)}, quarter=number)


def _unapproved(year: "UnitYear", rule: Rule, calendar: tuple[Deadline, ...]) -> Iterator[_Due]:
    """The plan that has no approved version on the last day for it."""
    last = _last_day(calendar, year.year, "plan-approval")
    if last and not year.plan.version:
        state = year.plan.status if year.plan.open else "none"
        yield _Due(_after(last, rule), {"deadline": last.isoformat(), "days": str(rule.wait), "state": state})


def _unsent(year: "UnitYear", rule: Rule, calendar: tuple[Deadline, ...]) -> Iterator[_Due]:
    """The quarters of an approved plan that were not sent by the last day for it."""
    for number in (1, 2, 3, 4) if year.plan.version else ():
        last, known = _last_day(calendar, year.year, "quarter-report", number), year.quarters.by_number.get(number)
        if last and (known is None or known.status == "draft"):
            yield _Due(_after(last, rule), {"deadline": last.isoformat(), "days": str(rule.wait)}, quarter=number)


def _after(day: date, rule: Rule) -> date:
    """The first day on which a rule speaks of what was due on `day`."""
    return day + timedelta(days=rule.wait + 1)


def _last_day(calendar: tuple[Deadline, ...], year: int, step: Step, number: int = 0) -> date | None:
    return next((each.day for each in calendar if (each.year, each.step, each.quarter) == (year, step, number)), None)


_FIND = {
    "compromiso-vencido": _overdue,
    "observacion-sin-responder": _unanswered,
    "plan-sin-aprobar": _unapproved,
    "trimestre-sin-enviar": _unsent,
}


AGREED = (
    commitment.CommitmentProposed,
    commitment.CommitmentCarried,
    commitment_first.FirstCommitmentProposed,
    commitment_first.FirstCommitmentCarried,
)
MOVED = (
    commitment.CommitmentRevised,
    commitment_signing.CommitmentSigned,
    commitment_signing.CommitmentSignedOutside,
    commitment_review.OutsideFileAccepted,
    commitment_first.FirstCommitmentSigned,
)
NOTED = {ReminderGiven, SignatureReminded, quarter.QuarterObserved, plan_versions.PlanObserved, *AGREED, *MOVED}


def evolve(watch: Watch, fact: Fact) -> None:
    """Keep a reminder; of every other fact, the day from which on a rule may count."""
    match event := fact.event:
        case ReminderGiven():
            watch.reminded.add((event.commitment, event.days, event.due))
        case quarter.QuarterObserved():
            watch.since["quarter", event.quarter] = fact.on
        case plan_versions.PlanObserved():
            watch.since["quarter", 0] = fact.on
        case SignatureReminded():
            watch.awaited.add((event.commitment, event.version, event.days, event.since))
        case _ if isinstance(event, AGREED):
            watch.since["commitment", event.commitment] = watch.since["signing", event.commitment] = fact.on
        case _ if isinstance(event, MOVED):
            watch.since["signing", event.commitment] = fact.on
