"""Early alerts as cases: raised when a quarter is scored, acknowledged with a measure, closed by somebody else."""

from decimal import Decimal

from service.aggregates import alert as a
from service.aggregates import catalogue
from service.aggregates import quarter as q
from tests.stories import APPROVED, DIRECTOR, DRE_SPECIALIST, HEAD, RULES, Story, given, refused

D = Decimal
SCORE = q.ScoreQuarter(quarter=1)
TAKE = a.AcknowledgeAlert(alert=1, measure="Reprogramar las visitas")
CLOSE = a.CloseAlert(alert=1, text="Visitas hechas", evidence="Informe 7")
RAISED = a.AlertRaised(
    alert=1,
    rule="avance-bajo",
    rules=0,
    quarter=1,
    activity=1,
    inputs={"percent": "41.67", "tasks": "2", "reported": "2", "threshold": "70"},
)


def validated(visits: str, workshops: str, books: str = "", proof: str = "Acta 1") -> Story:
    """The first quarter with these figures, validated."""
    story = given(*APPROVED)
    for task, value in ((1, visits), (2, workshops), (3, books)):
        if value:
            entry = q.Entry(task=task, executed=D(value), evidence=proof)
            story.after(q.RecordProgress(quarter=1, activity=task // 3 + 1, entries=(entry,)))
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
    lenient = catalogue.Rules(objectives=RULES.objectives, alerts=a.AlertRules(3, D(40)))
    story = validated("10", "1", "100")
    assert len(story.when(SCORE, by=DRE_SPECIALIST, rules=lenient).last) == 1
    strict = catalogue.Rules(objectives=RULES.objectives, alerts=a.AlertRules(4, D(50)))
    assert [
        each.rules for each in story.when(SCORE, by=DRE_SPECIALIST, rules=strict).last if isinstance(each, a.AlertRaised)
    ] == [4]


def test_one_open_alert_per_rule_activity_and_quarter() -> None:
    """However often the quarter is scored, the standing case is not doubled; a closed one may come again."""
    story = opened()
    assert raised(story) == []
    story.after(TAKE, by=HEAD).after(CLOSE, by=DRE_SPECIALIST)
    assert [each.alert for each in raised(story)] == [2]


def test_acknowledge_with_a_measure_then_close_with_evidence() -> None:
    """The case goes from open to acknowledged to closed, and no other way."""
    story = opened().when(CLOSE, by=DRE_SPECIALIST).then(refused("no tiene todavía una medida"))
    story.when(TAKE, by=HEAD).then(a.AlertAcknowledged(alert=1, activity=1, measure="Reprogramar las visitas"))
    story.when(TAKE, by=DIRECTOR).then(refused("no está abierta"))
    story.when(CLOSE, by=DRE_SPECIALIST).then(a.AlertClosed(alert=1, activity=1, text="Visitas hechas", evidence="Informe 7"))
    story.when(CLOSE, by=DRE_SPECIALIST).then(refused("La alerta ya está cerrada"))


def test_who_took_an_alert_does_not_close_it() -> None:
    """Who is responsible does not verify."""
    opened().after(TAKE, by=DRE_SPECIALIST).when(CLOSE, by=DRE_SPECIALIST).then(
        refused("Quien atendió la alerta no puede cerrarla")
    )


def test_an_unknown_alert_is_refused() -> None:
    """There is no case to take or to close."""
    given(*APPROVED).when(TAKE, by=HEAD).then(refused("no está abierta"))
    given(*APPROVED).when(CLOSE, by=DRE_SPECIALIST).then(refused("Esa alerta no existe"))
