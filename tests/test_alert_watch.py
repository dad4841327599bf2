"""The rules of the clock: what a day finds in the record of a year, and that it does not matter on which days somebody looked."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given as having
from hypothesis import settings
from hypothesis import strategies as st
from msgspec.structs import replace

from service.aggregates import alert as a
from service.aggregates import alert_watch as w
from service.aggregates import balance as b
from service.aggregates import catalogue
from service.aggregates import commitment as c
from service.aggregates import commitment_life as life
from service.aggregates import commitment_signing as s
from service.aggregates import commitment_terms as t
from service.aggregates import plan_versions as v
from service.aggregates import quarter as q
from service.aggregates.alert_rules import DEFAULTS, AlertRules, Rule
from service.aggregates.catalogue_content import Deadline
from service.aggregates.quarter_progress import Entry, RecordProgress
from tests.stories import APPROVED, DAY, DIRECTOR, DRE_SPECIALIST, HEAD, SUBMITTED, Person, Story, given
from tests.test_commitment import KNOT, REST, WANTED, signature

SYSTEM = Person("sistema", "sistema/120000")
CALENDAR = (
    Deadline(year=2026, step="plan-approval", day=date(2026, 1, 31)),
    Deadline(year=2026, step="quarter-report", quarter=1, day=date(2026, 4, 15)),
    Deadline(year=2026, step="quarter-report", quarter=2, day=date(2026, 7, 15)),
)
RULES = catalogue.Rules(alerts=AlertRules(6), deadlines=CALENDAR)
DUE = DAY + timedelta(days=12)
TERMS = t.Terms(**WANTED | REST | {"due": DUE, "signatories": (HEAD.charge,)})
AGREED = c.CommitmentProposed(commitment=1, document="0", canonical="{}", terms=TERMS)


def look(story: Story, rule: Any, day: date, rules: catalogue.Rules = RULES) -> list[Any]:
    """What the rule finds on the day; it becomes part of the record."""
    story.after(w.RunRule(rule=rule), by=SYSTEM, today=day, rules=rules)
    return story.last


def test_a_plan_that_is_not_approved_by_the_calendar_is_a_case() -> None:
    """From the day after; of a year that nobody has opened too, and never twice."""
    story = given(*SUBMITTED)
    assert look(story, "plan-sin-aprobar", date(2026, 1, 31)) == []
    (case,) = look(story, "plan-sin-aprobar", date(2026, 3, 1))
    assert case == a.AlertRaised(
        alert=1,
        rule="plan-sin-aprobar",
        rules=6,
        inputs={"deadline": "2026-01-31", "days": "0", "state": "submitted"},
        deadline=date(2026, 2, 16),
    )
    assert look(story, "plan-sin-aprobar", date(2026, 3, 2)) == []
    assert [each.inputs["state"] for each in look(given(), "plan-sin-aprobar", date(2026, 2, 1))] == ["none"]
    assert look(given(*APPROVED), "plan-sin-aprobar", date(2026, 3, 1)) == []


def test_a_quarter_that_was_not_sent_by_the_calendar_is_a_case() -> None:
    """Each quarter its own, in the order of their days; a draft is not sent yet, what is sent is none."""
    entry = Entry(task=1, executed=Decimal(3), evidence="Acta")
    story = given(*APPROVED).after(RecordProgress(quarter=1, activity=1, entries=(entry,)))
    assert look(story, "trimestre-sin-enviar", date(2026, 4, 15)) == []
    found = look(story, "trimestre-sin-enviar", date(2026, 7, 16))
    assert [(each.alert, each.quarter, each.deadline) for each in found] == [
        (1, 1, date(2026, 4, 26)),
        (2, 2, date(2026, 7, 26)),
    ]
    assert look(given(*APPROVED, q.QuarterSubmitted(quarter=1)), "trimestre-sin-enviar", date(2026, 5, 1)) == []
    assert look(given(*SUBMITTED), "trimestre-sin-enviar", date(2026, 5, 1)) == [], "without an approved plan there is none"


def test_what_was_observed_must_be_answered_within_days() -> None:
    """The plan and the quarters, counted from the observation; an answer in time calls for nothing."""
    observed = DRE_SPECIALIST.did(v.PlanObserved(text="Precise"))
    story = given(*SUBMITTED, observed)
    assert look(story, "observacion-sin-responder", DAY + timedelta(days=5)) == []
    (case,) = look(story, "observacion-sin-responder", DAY + timedelta(days=6))
    assert (case.quarter, case.inputs) == (0, {"observed": DAY.isoformat(), "days": "5"})
    sent = (q.QuarterSubmitted(quarter=2), q.QuarterObserved(quarter=2, text="Falta"))
    (case,) = look(given(*APPROVED, *sent), "observacion-sin-responder", DAY + timedelta(days=9))
    assert case.quarter == 2
    again = given(*APPROVED, *sent, q.QuarterSubmitted(quarter=2))
    assert look(again, "observacion-sin-responder", DAY + timedelta(days=9)) == []


def test_a_commitment_is_reminded_of_at_each_of_its_days_once() -> None:
    """Ten, five and one day before; who looks late gives those that were missed, and none from before it was proposed."""
    story = given(*APPROVED, AGREED)
    assert [each.days for each in look(story, "compromiso-por-vencer", DUE - timedelta(days=10))] == [10]
    assert look(story, "compromiso-por-vencer", DUE - timedelta(days=9)) == []
    assert [each.days for each in look(story, "compromiso-por-vencer", DUE)] == [5, 1]
    assert look(story, "compromiso-por-vencer", DUE + timedelta(days=9)) == []
    early = catalogue.Rules(alerts=AlertRules(7, tuple(_days(rule, (30, 5)) for rule in DEFAULTS)))
    assert [each.days for each in look(given(*APPROVED, AGREED), "compromiso-por-vencer", DUE, early)] == [5]


def _days(rule: Rule, days: tuple[int, ...]) -> Rule:
    return Rule(code=rule.code, days=days) if rule.code == "compromiso-por-vencer" else rule


def test_a_commitment_past_its_day_is_a_case_until_its_result_is_declared() -> None:
    """Not on the day itself; a declared one is none."""
    story = given(*APPROVED, AGREED)
    assert look(story, "compromiso-vencido", DUE) == []
    (case,) = look(story, "compromiso-vencido", DUE + timedelta(days=1))
    assert (case.commitment, case.inputs) == (1, {"due": DUE.isoformat(), "days": "0"})
    ended = (signature(HEAD, complete=True),)
    declared = life.CommitmentDeclared(commitment=1, fulfilled=False, text="No se pudo")
    assert look(given(*APPROVED, AGREED, *ended, declared), "compromiso-vencido", DUE + timedelta(days=1)) == []


def test_past_its_deadline_an_open_case_is_escalated_once_and_a_silenced_one_after_its_silence() -> None:
    """The day after the deadline; a closed case never."""
    story = given(*APPROVED, AGREED)
    look(story, "compromiso-vencido", DUE + timedelta(days=1))
    deadline, until = DUE + timedelta(days=16), DUE + timedelta(days=40)
    story.after(a.SilenceAlert(alert=1, until=until, reason="Huelga"), by=DRE_SPECIALIST)
    assert look(story, "escalamiento", deadline) == look(story, "escalamiento", until) == []
    assert look(story, "escalamiento", until + timedelta(days=1)) == [a.AlertEscalated(alert=1, commitment=1, deadline=deadline)]
    assert look(story, "escalamiento", until + timedelta(days=2)) == []


def test_a_rule_switched_off_and_a_closed_year_call_for_nothing() -> None:
    """The DRE decides what watches, but for the signatures that wait; a closed year receives nothing more."""
    off = catalogue.Rules(alerts=AlertRules(7, tuple(Rule(code=rule.code, on=False) for rule in DEFAULTS)), deadlines=CALENDAR)
    closed = given(*APPROVED, AGREED, b.BalanceClosed(cutoff=1, open_items=()))
    for rule in w.RUNS:
        assert rule == "firma-en-espera" or look(given(*APPROVED, AGREED), rule, date(2027, 3, 1), off) == []
        assert look(closed, rule, date(2027, 3, 1)) == []


PASTS: tuple[Callable[[], Story], ...] = (
    given,
    lambda: given(*SUBMITTED, DRE_SPECIALIST.did(v.PlanObserved(text="Precise"))),
    lambda: given(*APPROVED, AGREED),
    lambda: given(*APPROVED, q.QuarterSubmitted(quarter=1), q.QuarterObserved(quarter=1, text="Falta"), AGREED),
)


def found(past: Callable[[], Story], days: list[date], rules: catalogue.Rules = RULES) -> set[tuple[a.Key | None, str]]:
    """All that the rules of the clock record when they run on these days, whatever numbers the cases got."""
    story, told = past(), list[Any]()
    for day in days:
        for rule in w.RUNS:
            told += look(story, rule, day, rules)
    raised = [event.key for event in told if isinstance(event, a.AlertRaised)]
    assert len(raised) == len(set(raised)), "one open case of a rule about a thing"
    return {_unnumbered(event, story.state.alerts) for event in told}


def _unnumbered(event: Any, alerts: a.Alerts) -> tuple[a.Key | None, str]:
    if isinstance(event, w.ReminderGiven | w.SignatureReminded):
        return None, str(event)
    return alerts.by_number[event.alert].raised.key, str(replace(event, alert=0))


@settings(max_examples=60, deadline=None)
@having(st.sampled_from(PASTS), st.lists(st.integers(-330, 120), min_size=1, max_size=12), st.integers(0, 60))
def test_days_that_were_missed_or_repeated_change_nothing(past: Callable[[], Story], runs: list[int], more: int) -> None:
    """Where the record is the same, any runs up to a day record what one run on that day does: alerts, reminders, escalations."""
    days = sorted(DAY + timedelta(days=each) for each in runs)
    last = days[-1] + timedelta(days=more)
    assert found(past, [*days, last, last]) == found(past, [last])


def test_thirty_daily_runs_are_one_at_their_end() -> None:
    """The premise of the above is not empty: in thirty days a reminder, a case and an escalation come to pass."""
    days = [DUE - timedelta(days=12) + timedelta(days=n) for n in range(30)]
    daily = found(PASTS[3], days)
    assert daily == found(PASTS[3], days[-1:])
    assert len(daily) > 6


@pytest.mark.parametrize("rule", w.RUNS)
def test_a_second_run_on_the_same_day_finds_nothing_more(rule: Any) -> None:
    """Whatever the first one found."""
    story = PASTS[3]()
    look(story, rule, date(2027, 1, 5))
    assert look(story, rule, date(2027, 1, 5)) == []


def test_a_measure_gives_its_case_until_the_measures_own_day() -> None:
    """A case with a measure under way is not escalated; past the day of the measure it is."""
    story = given(*APPROVED, AGREED)
    look(story, "compromiso-vencido", DUE + timedelta(days=1))
    promised = DUE + timedelta(days=50)
    story.after(a.TakeMeasure(alert=1, measure="Firmar", responsible=HEAD.charge, due=promised), by=HEAD)
    assert look(story, "escalamiento", promised) == []
    assert look(story, "escalamiento", promised + timedelta(days=1)) == [
        a.AlertEscalated(alert=1, commitment=1, deadline=promised)
    ]


def test_a_signature_that_waits_is_said_again() -> None:
    """Three and seven days after the text was offered or last signed, once each, to the charges whose turn it is."""
    wanted = WANTED | {"due": DAY + timedelta(days=60), "ordered": True}
    made = c.ProposeCommitment(**wanted)
    story = given(*APPROVED, DRE_SPECIALIST.did(KNOT)).after(made, by=DRE_SPECIALIST)
    assert look(story, "firma-en-espera", DAY + timedelta(days=2)) == []
    said: dict[str, Any] = {"commitment": 1, "version": 1, "since": DAY, "charges": (HEAD.charge,)}
    assert look(story, "firma-en-espera", DAY + timedelta(days=4)) == [w.SignatureReminded(days=3, **said)]
    assert look(story, "firma-en-espera", DAY + timedelta(days=5)) == []
    assert look(story, "firma-en-espera", DAY + timedelta(days=30)) == [w.SignatureReminded(days=7, **said)]
    story = given(*APPROVED, DRE_SPECIALIST.did(KNOT)).after(made, by=DRE_SPECIALIST)
    document = story.state.commitments.by_number[1].current.document
    story.after(s.SignCommitment(commitment=1, version=1, document=document), by=HEAD)
    (first, second) = look(story, "firma-en-espera", DAY + timedelta(days=30))
    assert (first.days, second.days, first.charges) == (3, 7, (DIRECTOR.charge,))
    story.after(s.DeclineCommitment(commitment=1, version=1, reason="No"), by=DIRECTOR)
    assert look(story, "firma-en-espera", DAY + timedelta(days=60)) == []
