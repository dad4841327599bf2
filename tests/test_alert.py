"""Early alerts as cases: raised when a quarter is scored, acknowledged with a measure, closed by somebody else."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import msgspec

from service.aggregates import DRE, catalogue
from service.aggregates import alert as a
from service.aggregates import quarter as q
from service.aggregates.alert_first import FirstAlertAcknowledged, FirstAlertRaised
from service.aggregates.alert_rules import DEFAULTS, AlertRules, Rule, with_low
from service.aggregates.quarter_progress import Entry, RecordProgress
from tests.stories import APPROVED, DAY, DIRECTOR, DRE_SPECIALIST, HEAD, ROLL, RULES, UNIT, Person, Story, given, refused

D = Decimal
SCORE = q.ScoreQuarter(quarter=1)
SOON = DAY + timedelta(days=20)
TAKE = a.TakeMeasure(alert=1, measure="Reprogramar las visitas", responsible=HEAD.charge, due=SOON)
CLOSE = a.CloseAlert(alert=1, text="Visitas hechas", evidence="Informe 7")
RAISED = a.AlertRaised(
    alert=1,
    rule="avance-bajo",
    rules=0,
    quarter=1,
    activity=1,
    inputs={"percent": "41.67", "tasks": "2", "reported": "2", "threshold": "70"},
    deadline=DAY + timedelta(days=15),
)


def validated(visits: str, workshops: str, books: str = "", proof: str = "Acta 1") -> Story:
    """The first quarter with these figures, validated."""
    story = given(*APPROVED)
    for task, value in ((1, visits), (2, workshops), (3, books)):
        if value:
            entry = Entry(task=task, executed=D(value), evidence=proof)
            story.after(RecordProgress(quarter=1, activity=task // 3 + 1, entries=(entry,)))
    story.after(q.SubmitQuarter(quarter=1, reason="Huelga"), by=DIRECTOR)
    return story.after(q.ValidateQuarter(quarter=1), by=DRE_SPECIALIST)


def raised(story: Story) -> list[a.AlertRaised]:
    """The alerts that scoring raises now."""
    return [event for event in story.when(SCORE, by=DRE_SPECIALIST).last if isinstance(event, a.AlertRaised)]


def opened() -> Story:
    """A year with one open alert."""
    return validated("10", "1", "100").after(SCORE, by=DRE_SPECIALIST)


def test_a_low_score_raises_an_alert_that_names_rule_version_and_inputs() -> None:
    """An activity under the threshold is a case, with the figures the rule looked at."""
    assert raised(validated("10", "1", "100")) == [RAISED]


def test_no_report_and_no_evidence_are_cases_of_their_own() -> None:
    """No data at all, and full execution without evidence, each raise their own alert, numbered on."""
    found = raised(validated("30", "2", proof=""))
    assert [(each.alert, each.rule, each.activity) for each in found] == [(1, "sin-evidencia", 1), (2, "sin-reporte", 2)]


def test_a_good_quarter_raises_nothing() -> None:
    """Figures in order, with evidence, call for nothing."""
    assert raised(validated("30", "2", "100")) == []


def test_the_threshold_is_the_rules_version_in_force() -> None:
    """With the DRE's later rules the same figures raise nothing, and the alert names the version that did."""
    lenient = catalogue.Rules(objectives=RULES.objectives, alerts=AlertRules(3, with_low(DEFAULTS, D(40))))
    story = validated("10", "1", "100")
    assert len(story.when(SCORE, by=DRE_SPECIALIST, rules=lenient).last) == 1
    strict = catalogue.Rules(objectives=RULES.objectives, alerts=AlertRules(4, with_low(DEFAULTS, D(50))))
    assert [
        each.rules for each in story.when(SCORE, by=DRE_SPECIALIST, rules=strict).last if isinstance(each, a.AlertRaised)
    ] == [4]


def test_one_open_alert_per_rule_activity_and_quarter() -> None:
    """However often the quarter is scored, the standing case is not doubled; a closed one may come again."""
    story = opened()
    assert raised(story) == []
    story.after(TAKE, by=HEAD).after(CLOSE, by=DRE_SPECIALIST)
    assert [each.alert for each in raised(story)] == [2]


def test_a_fall_against_the_last_quarter_is_a_case() -> None:
    """An activity that lost more points than the rule allows, and is not low already, says from where it fell."""
    story = validated("30", "2", "100").after(SCORE, by=DRE_SPECIALIST)
    for task, value in ((1, "24"), (2, "1.2")):
        entry = Entry(task=task, executed=D(value), evidence="Acta 2")
        story.after(RecordProgress(quarter=2, activity=1, entries=(entry,)))
    story.after(q.SubmitQuarter(quarter=2, reason="Lluvias"), by=DIRECTOR).after(q.ValidateQuarter(quarter=2), by=DRE_SPECIALIST)
    (case,) = (e for e in story.when(q.ScoreQuarter(quarter=2), by=DRE_SPECIALIST).last if isinstance(e, a.AlertRaised))
    assert (case.rule, case.inputs["before"], case.inputs["percent"], case.inputs["threshold"]) == (
        "caida",
        "100.00",
        "70.00",
        "20",
    )


def test_more_than_the_rule_allows_is_a_case_of_its_own() -> None:
    """The task that exceeds its target most is named, whatever the activity's percentage is."""
    story = given(*APPROVED)
    entry = Entry(task=1, executed=D(45), evidence="Acta 1")
    story.after(RecordProgress(quarter=1, activity=1, entries=(entry,), reason="Hubo más demanda"))
    story.after(q.SubmitQuarter(quarter=1, reason="Huelga"), by=DIRECTOR).after(q.ValidateQuarter(quarter=1), by=DRE_SPECIALIST)
    found = {each.rule: each for each in raised(story)}
    assert set(found) == {"avance-bajo", "sobre-ejecucion", "sin-reporte"}
    assert found["sobre-ejecucion"].inputs == {
        "task": "1",
        "executed": "45",
        "programmed": "30",
        "share": "150.00",
        "threshold": "120",
    }


def test_a_rule_that_is_switched_off_raises_nothing() -> None:
    """Whatever the figures are."""
    off = AlertRules(5, tuple(Rule(code=rule.code, on=False, limit=rule.limit, days=rule.days) for rule in DEFAULTS))
    story = validated("10", "1")
    assert len(raised(story)) == 2, "the premise"
    silent = catalogue.Rules(objectives=RULES.objectives, alerts=off)
    assert len(story.when(SCORE, by=DRE_SPECIALIST, rules=silent).last) == 1


def test_received_then_a_measure_then_closed_with_evidence() -> None:
    """The case goes from open to received to measured to closed, and no other way; it may be measured at once."""
    story = opened().when(CLOSE, by=DRE_SPECIALIST).then(refused("no tiene todavía una medida"))
    about: dict[str, Any] = {"alert": 1, "activity": 1, "quarter": 1}
    story.when(a.AcknowledgeAlert(alert=1), by=HEAD).then(a.AlertAcknowledged(**about))
    story.when(a.AcknowledgeAlert(alert=1), by=HEAD).then(refused("ya fue recibida"))
    story.when(TAKE, by=HEAD).then(a.MeasureTaken(**about, measure="Reprogramar las visitas", responsible=HEAD.charge, due=SOON))
    story.when(TAKE, by=DIRECTOR).then(refused("ya tiene una medida"))
    story.when(a.CloseAlert(alert=1, text="Visitas hechas"), by=DRE_SPECIALIST).then(refused("Indique la evidencia"))
    story.when(CLOSE, by=DRE_SPECIALIST).then(a.AlertClosed(alert=1, activity=1, text="Visitas hechas", evidence="Informe 7"))
    for command in (TAKE, CLOSE, a.AcknowledgeAlert(alert=1)):
        story.when(command, by=DRE_SPECIALIST).then(refused("La alerta ya está cerrada"))


def test_a_measure_has_a_charge_nearby_and_a_day_to_come() -> None:
    """Who answers is of the unit or of the DRE, and the day is not past."""
    story, replace = opened(), msgspec.structs.replace
    story.when(replace(TAKE, responsible="director-ugel/120007"), by=HEAD).then(refused("es un cargo de la unidad o de la DRE"))
    story.when(replace(TAKE, responsible=f"jefe-area/{UNIT}/AGI"), by=HEAD).then(
        refused("Elija como responsable un cargo vigente")
    )
    later = {1: msgspec.structs.replace(ROLL[2], since=DAY + timedelta(days=1))}
    story.when(TAKE, by=HEAD, roll=later).then(refused("Elija como responsable un cargo vigente"))
    story.when(replace(TAKE, due=DAY - timedelta(days=1)), by=HEAD).then(refused("no puede ser anterior a hoy"))
    story.when(replace(TAKE, due=DAY + timedelta(days=181)), by=HEAD).then(refused("en 180 días como máximo"))
    story.after(replace(TAKE, due=DAY + timedelta(days=180)), by=HEAD)


def test_a_silence_has_an_end_and_the_case_is_open_again_after_it() -> None:
    """Nothing brings it back but the day itself; another silence takes the place of the first."""
    until = DAY + timedelta(days=3)
    story = opened()
    story.when(a.SilenceAlert(alert=1, until=DAY, reason="-"), by=DRE_SPECIALIST).then(refused("elija otra fecha"))
    far = a.SilenceAlert(alert=1, until=DAY + timedelta(days=181), reason="-")
    story.when(far, by=DRE_SPECIALIST).then(refused("calla como máximo 180 días"))
    silence = a.SilenceAlert(alert=1, until=until, reason="Huelga hasta el lunes")
    story.when(silence, by=DRE_SPECIALIST).then(
        a.AlertSilenced(alert=1, activity=1, quarter=1, until=until, reason="Huelga hasta el lunes")
    )
    case = story.state.alerts.by_number[1]
    assert [case.silenced(until + timedelta(days=n)) for n in (-1, 0, 1)] == [True, True, False]
    assert case.status == "open"


def test_who_took_an_alert_does_not_close_it() -> None:
    """Who is responsible does not verify."""
    opened().after(TAKE, by=DRE_SPECIALIST).when(CLOSE, by=DRE_SPECIALIST).then(
        refused("Quien atendió la alerta no puede cerrarla")
    )


def test_who_answers_for_the_measure_does_not_close_it() -> None:
    """Whoever registered it: neither in the responsible charge nor in another one while holding that too."""
    replace, other = msgspec.structs.replace, Person("ines", f"jefe-dre/{DRE}/DGI")
    story = opened().after(replace(TAKE, responsible=DRE_SPECIALIST.charge), by=HEAD)
    story.when(CLOSE, by=DRE_SPECIALIST).then(refused("Quien responde por la medida no la cierra"))
    story.when(CLOSE, by=other, held=(DRE_SPECIALIST.charge,)).then(refused("Quien responde por la medida no la cierra"))
    story.after(CLOSE, by=other)


def test_an_unknown_alert_is_refused() -> None:
    """There is no case to take or to close."""
    for command in (TAKE, CLOSE, a.AcknowledgeAlert(alert=1), a.SilenceAlert(alert=1, until=SOON, reason="-")):
        given(*APPROVED).when(command, by=HEAD).then(refused("Esa alerta no existe"))


def test_cases_of_the_first_releases_go_on() -> None:
    """An alert and a measure recorded in their old shapes are a case of today, that somebody else closes."""
    old = FirstAlertRaised(alert=1, rule="avance-bajo", rules=1, quarter=1, activity=1, inputs={"percent": "41.67"})
    taken = FirstAlertAcknowledged(alert=1, activity=1, measure="Reprogramar")
    story = given(*APPROVED, old, HEAD.did(taken))
    assert story.state.alerts.by_number[1].raised.deadline is None
    story.when(CLOSE, by=HEAD).then(refused("Quien atendió"))
    story.after(CLOSE, by=DRE_SPECIALIST)
    assert story.state.alerts.standing == {}
