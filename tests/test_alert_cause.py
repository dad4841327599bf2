"""What becomes of a case whose cause is gone: it says so, by which fact, and closes by itself only where its rule does."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from msgspec.structs import replace

from service.aggregates import alert as a
from service.aggregates import alert_watch as w
from service.aggregates import catalogue
from service.aggregates import quarter as q
from service.aggregates import quarter_corrections as corrections
from service.aggregates.alert_cause import ALONE, AlertCauseNoted
from service.aggregates.alert_rules import DEFAULTS, AlertRules
from service.permits import SYSTEM
from service.projections import rebuild, verified
from tests.first_quarter import PLACE, STREAM, live
from tests.house import House
from tests.stories import APPROVED, DRE_OTHER, DRE_SPECIALIST, Story, given
from tests.test_alert import SCORE, opened
from tests.test_alert_watch import RULES, look

LATE = date(2026, 4, 16)
ALONE_RULES = replace(RULES, alerts=AlertRules(7, tuple(replace(rule, closes=True) for rule in DEFAULTS)))
GONE = AlertCauseNoted(alert=1, quarter=1, exists=False)
CLOSED = a.AlertClosed(alert=1, activity=0, text=ALONE)


def unsent() -> Story:
    """A first quarter that was not sent in time, and its case."""
    story = given(*APPROVED)
    assert [case.key for case in look(story, "trimestre-sin-enviar", LATE)] == [("trimestre-sin-enviar", 1, 0, 0)]
    return story


def test_a_cause_that_is_gone_is_noted_once() -> None:
    """The case stays open, whatever day it is looked at again."""
    story = unsent()
    assert look(story, "causas", LATE) == []
    story.given(q.QuarterSubmitted(quarter=1))
    assert look(story, "causas", LATE) == [GONE]
    assert [look(story, "causas", LATE + timedelta(days=n)) for n in (0, 1, 30)] == [[], [], []]
    case = story.state.alerts.by_number[1]
    assert (case.status, case.gone, story.state.alerts.standing) == ("open", True, {case.raised.key: 1})


def test_a_cause_may_come_back() -> None:
    """An observation that is not answered again: the standing case says so, and no second one is raised."""
    story = given(*APPROVED, q.QuarterSubmitted(quarter=1), q.QuarterObserved(quarter=1, text="Falta"))
    since = story.state.watch.since["quarter", 1]
    assert len(look(story, "observacion-sin-responder", since + timedelta(days=6))) == 1
    story.given(q.QuarterSubmitted(quarter=1))
    assert look(story, "causas", since + timedelta(days=7)) == [GONE]
    story.given(q.QuarterObserved(quarter=1, text="Falta todavía"))
    back = since + timedelta(days=6)
    assert look(story, "observacion-sin-responder", back) == []
    assert look(story, "causas", back) == [replace(GONE, exists=True)]


def test_a_rule_may_say_that_its_case_closes_by_itself() -> None:
    """Without measure or evidence, with the reason in words; before it would be escalated, and it may be raised anew later."""
    story, later = unsent().given(q.QuarterSubmitted(quarter=1)), LATE + timedelta(days=60)
    assert look(story, "escalamiento", LATE, ALONE_RULES) == []
    told = [event for rule in w.RUNS for event in look(story, rule, later, ALONE_RULES)]
    assert [event for event in told if getattr(event, "alert", 0) == 1] == [GONE, CLOSED]
    assert 1 not in story.state.alerts.standing.values()


def test_thirty_daily_looks_are_one_at_their_end() -> None:
    """For a record that stays as it is: the same facts, whether the rule closes its cases or not."""
    for rules in (RULES, ALONE_RULES):
        days = [LATE + timedelta(days=n) for n in range(30)]
        daily, once = (unsent().given(q.QuarterSubmitted(quarter=1)) for _ in range(2))
        told = [event for day in days for event in look(daily, "causas", day, rules)]
        assert told == look(once, "causas", days[-1], rules)
        assert told == ([GONE, CLOSED] if rules is ALONE_RULES else [GONE])
        assert daily.state.alerts == once.state.alerts


def corrected() -> Story:
    """A low advance whose figures were corrected; the quarter waits to be scored again."""
    story = opened()
    for number, (task, figure) in enumerate(((1, "30"), (2, "2")), start=1):
        story.after(corrections.RequestCorrection(quarter=1, task=task, executed=Decimal(figure), reason="Acta omitida"))
        story.after(corrections.ApproveCorrection(correction=number), by=DRE_OTHER)
    return story


def test_the_cause_of_a_score_is_gone_with_the_next_score() -> None:
    """Not before: a corrected figure that was not scored yet says nothing; a rule switched off neither."""
    story, noted = corrected(), AlertCauseNoted(alert=1, activity=1, quarter=1, exists=False)
    assert look(story, "causas", LATE) == []
    story.after(SCORE, by=DRE_SPECIALIST)
    off = catalogue.Rules(alerts=AlertRules(8, tuple(replace(rule, on=False) for rule in DEFAULTS)))
    assert look(story, "causas", LATE, off) == []
    assert look(story, "causas", LATE) == [noted]


def test_the_page_of_the_case_says_by_which_fact_its_cause_was_gone(house: House) -> None:
    """With the number of the fact, in its list too, and not before; the read tables say what the events say."""
    live(house, "scored")
    entry: dict[str, Any] = {"quarter": 1, "task": 4, "executed": Decimal(90), "evidence": "Acta 4", "reason": "Se omitió"}
    house.do("ugel.especialista", STREAM, corrections.RequestCorrection(**entry))
    house.do("dre.jefe", STREAM, corrections.ApproveCorrection(correction=1))
    before = house.do("dre.especialista", STREAM, SCORE).last
    assert "La causa ya no existe" not in house.browser("auditor").get(f"{PLACE}/alertas/1").text
    done = house.ledger.carry_out(SYSTEM.holder, STREAM, w.RunRule(rule="causas"), command_id="causas")
    assert [type(each.fact.event) for each in done.facts] == [AlertCauseNoted]
    page = house.browser("auditor").get(f"{PLACE}/alertas/1").text
    assert "La causa ya no existe desde el hecho" in page
    assert f">{done.last}<" in page.replace("n.º\u00a0", "").replace("n.º ", "")
    assert "Causa superada" in house.browser("auditor").get(f"{PLACE}/alertas").text
    assert "constató que la causa de la alerta 1 ya no existe" in page
    assert "La causa ya no existe" not in house.browser("auditor").get(f"{PLACE}/alertas/1?hasta={before}").text
    with house.app.state.database.snapshot() as connection:
        assert verified.compare(connection, STREAM, rebuild.head(connection)) == []
