"""Indicators: what may be declared, who decides a change, what is measured when; and how an achievement is worked out."""

from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
from hypothesis import given as having
from hypothesis import strategies as st

from service.aggregates import indicator as i
from service.aggregates import indicator_measure as m
from service.aggregates import indicator_proposal as p
from service.aggregates import quarter as q
from service.aggregates.achievement import achieved
from service.aggregates.plan import ActivityRemoved
from service.aggregates.quarter_progress import ProgressRecorded
from service.aggregates.quarter_reopening import QuarterReopened, ReopenQuarter
from service.aggregates.quarter_score import QuarterScored
from tests.stories import (
    APPROVED,
    DIRECTOR,
    DRAFT,
    DRE_DIRECTOR,
    DRE_OTHER,
    DRE_SPECIALIST,
    SPECIALIST,
    SUBMITTED,
    Person,
    given,
    refused,
)

D = Decimal
WORDS: dict[str, Any] = {"formula": "Adjudicadas ÷ vacantes × 100", "source": "Acta", "activity": 1}
UP: dict[str, Any] = WORDS | {"name": "Plazas adjudicadas", "direction": "creciente", "unit": "%", "baseline": D(90)}
UP |= {"baseline_from": "Acta de 2025", "targets": (D(98), D(99), None, None)}
DOWN = UP | {"name": "Días de retraso", "direction": "decreciente", "baseline": D(20), "targets": (D(10), D(5), D(5), D(0))}
LEVELS = (i.NewLevel("Nada", D(0)), i.NewLevel("Algo", D(50)), i.NewLevel("Todo", D(100)))
RUBRIC = WORDS | {"name": "Trato", "direction": "rúbrica", "levels": LEVELS}
RISING = i.Definition(**UP)
FALLING = i.Definition(**DOWN)
CARE = i.Definition(**WORDS, name="Trato", direction="rúbrica", levels=tuple(i.Level(e.text, e.percent) for e in LEVELS))
FIRST = i.IndicatorDeclared(indicator=1, definition=RISING)
SECOND = i.IndicatorDeclared(indicator=2, definition=CARE)
KNOWN = (*APPROVED, FIRST, SECOND)
DONE = ProgressRecorded(quarter=1, activity=1, task=1, executed=D(30), evidence="Acta 1")
SENT = (*KNOWN, DONE, DIRECTOR.did(q.QuarterSubmitted(quarter=1)))
VALID = (*SENT, DRE_SPECIALIST.did(q.QuarterValidated(quarter=1)))
SCORED = QuarterScored(
    quarter=1, percent=D(100), light="fulfilled", fulfilled=1, activities=1, formula="promedio-1", scale=0, lines=()
)
SHUT = (*VALID, DRE_SPECIALIST.did(SCORED), DRE_DIRECTOR.did(q.QuarterClosed(quarter=1)))
VALUE = m.MeasureRecorded(quarter=1, indicator=1, value=D(96), evidence="Informe 7")


def declare(**more: Any) -> i.DeclareIndicator:
    """The rising one, with something else."""
    return i.DeclareIndicator(**UP | more)


def change(**more: Any) -> i.ChangeIndicator:
    """The rising one written anew."""
    return i.ChangeIndicator(indicator=1, **UP | more)


def measure(value: Decimal | str | None = "96", indicator: int = 1, quarter: int = 1, **more: Any) -> m.RecordMeasures:
    """One value, proven."""
    figure = None if value is None else D(value)
    entry = m.Measure(indicator=indicator, value=figure, **{"evidence": "Informe 7"} | more)
    return m.RecordMeasures(quarter=quarter, entries=(entry,))


def test_an_indicator_is_declared_while_the_plan_is_written() -> None:
    """At once, with a number that is never given twice; what its direction has no use for is left out."""
    story = given(*DRAFT).when(declare()).then(FIRST)
    story.when(i.DeclareIndicator(**RUBRIC, unit="%", targets=(D(1),) * 4)).then(SECOND)
    story.when(i.DropIndicator(indicator=2, reason="Se repite")).then(i.IndicatorDropped(indicator=2, reason="Se repite"))
    again = i.IndicatorDeclared(indicator=3, definition=CARE)
    story.when(i.DeclareIndicator(**RUBRIC)).then(again)


def test_a_definition_by_which_nothing_could_be_measured_is_refused() -> None:
    """Each with the sentence that says what is missing."""
    story = given(*DRAFT, FIRST)
    new = {"name": "Otro"}
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"activity": 0}, "de una actividad o de una línea"),
        ({"line": "M1"}, "de una actividad o de una línea"),
        ({"activity": 9}, "no está en el plan"),
        ({"activity": 0, "line": "X9"}, "no está en el plan"),
        ({"name": "PLAZAS adjudicadas"}, "Ya hay un indicador con ese nombre"),
        ({"unit": " "}, "unidad de medida"),
        ({"targets": (None,) * 4}, "al menos un trimestre"),
        ({"direction": "neutral"}, "Escriba la tolerancia"),
        ({"direction": "decreciente", "baseline": None}, "necesita su línea de base"),
        ({"baseline_from": ""}, "de qué fecha o documento"),
        ({"baseline": D(99)}, "no puede ser menor"),
        ({"direction": "decreciente"}, "no puede ser mayor"),
        ({"direction": "rúbrica"}, "de 2 a 5 niveles"),
        ({"direction": "rúbrica", "levels": LEVELS[::-1]}, "de menor a mayor"),
    ]
    for each, words in wrong:
        story.when(declare(**new | each)).then(refused(words))
    given(*DRAFT[:1]).when(i.DropIndicator(indicator=1, reason="x")).then(refused("no está declarado"))
    given(*SUBMITTED).when(declare()).then(refused("espere su respuesta"))
    given().when(declare()).then(refused("no está abierto"))


def test_a_change_says_what_it_was_and_two_people_do_not_overwrite_each_other() -> None:
    """The same again is no change; who wrote on an older version is told so."""
    story = given(*DRAFT, FIRST).when(change()).then()
    after = msgspec.structs.replace(RISING, source="Sistema")
    story.when(change(source="Sistema", version=1)).then(i.IndicatorChanged(indicator=1, was=RISING, definition=after))
    story.when(change(source="Otro", version=1)).then(refused("Otra persona cambió este indicador"))


def test_in_an_approved_plan_somebody_else_decides() -> None:
    """The change waits with its reason, its proposer cannot decide it, approved it happens, rejected all stays."""
    story = given(*APPROVED).when(declare()).then(refused("Escriba el motivo"))
    waits = msgspec.structs.replace(FIRST, reason="Faltaba", proposal=1)
    asked = p.IndicatorProposed(proposal=1, indicator=1, reason="Faltaba", change=waits)
    story.when(declare(reason="Faltaba")).then(asked)
    other = msgspec.structs.replace(asked, proposal=2, indicator=2)
    wanted = msgspec.structs.replace(waits, indicator=2, proposal=2, definition=msgspec.structs.replace(RISING, name="B"))
    story.when(declare(reason="Faltaba", name="B")).then(msgspec.structs.replace(other, change=wanted))
    story.when(p.ApproveIndicator(proposal=1), SPECIALIST).then(refused("Quien propone el cambio no puede resolverlo"))
    story.when(p.ApproveIndicator(proposal=1), DRE_OTHER).then(p.IndicatorApproved(proposal=1, indicator=1), waits)
    story.when(p.RejectIndicator(proposal=2, reason="No"), DRE_OTHER).then(
        p.IndicatorRejected(proposal=2, indicator=2, reason="No")
    )
    story.when(p.ApproveIndicator(proposal=2), DRE_OTHER).then(refused("ya no está por resolver"))


def test_one_change_of_an_indicator_waits_at_a_time() -> None:
    """A second one is refused until the first is decided; what it would change must still be as it was asked for."""
    story = given(*KNOWN).after(change(source="Sistema", reason="Cambió"))
    story.when(change(source="Otra", reason="Cambió")).then(refused("por resolver"))
    story.when(i.DropIndicator(indicator=1, reason="Sobra")).then(refused("por resolver"))
    moved = i.IndicatorChanged(indicator=1, was=RISING, definition=msgspec.structs.replace(RISING, unit="plazas"))
    story.given(moved).when(p.ApproveIndicator(proposal=1), DRE_OTHER).then(refused("Otra persona cambió este indicador"))


def test_a_closed_quarter_keeps_its_target() -> None:
    """Neither asked for nor approved: the targets to come may change."""
    given(*SHUT).when(change(targets=(D(95), D(99), None, None), reason="x")).then(
        refused("cerrado ya no cambia", ("Trimestre 1",))
    )
    story = given(*VALID).after(change(targets=(D(95), D(99), None, None), reason="x"))
    story.given(DRE_SPECIALIST.did(SCORED), DRE_DIRECTOR.did(q.QuarterClosed(quarter=1)))
    story.when(p.ApproveIndicator(proposal=1), DRE_OTHER).then(refused("cerrado ya no cambia"))
    given(*SHUT).after(change(targets=(D(98), D(100), None, None), reason="x"))


def test_a_value_is_recorded_with_what_it_rests_on() -> None:
    """What stands is not recorded again; a value that was seen otherwise is not written over; without a value nothing is."""
    story = given(*KNOWN).when(measure()).then(VALUE)
    story.when(measure(version=1)).then()
    story.when(measure("97")).then(refused("Otra persona registró «Plazas adjudicadas»"))
    later = msgspec.structs.replace(VALUE, value=D(97), was=D(96))
    story.when(measure("97", version=1)).then(later)
    story.when(measure(None, version=2)).then(refused("Escriba el valor"))
    story.when(measure(indicator=9)).then(refused("no está declarado"))
    twice = m.Measure(indicator=1, value=D(1), version=2)
    story.when(m.RecordMeasures(quarter=1, entries=(twice, twice))).then(refused("repetido"))
    story.when(measure("1E+12", indicator=1, version=2)).then(refused("números de 0"))


def test_the_level_of_a_rubric_is_one_of_its_own_and_rests_on_something() -> None:
    """Its value is the number of the level."""
    story = given(*KNOWN)
    for wrong in ("0", "4", "1.5"):
        story.when(measure(wrong, 2)).then(refused("del 1 al 3"))
    story.when(measure("2", 2, evidence="")).then(refused("en qué se sustenta"))
    story.when(measure("2", 2)).then(m.MeasureRecorded(quarter=1, indicator=2, value=D(2), evidence="Informe 7"))


def test_nothing_is_measured_of_what_left_the_plan() -> None:
    """Its activity was retired by an amendment: the indicator is to be dropped."""
    past = (*KNOWN, ActivityRemoved(activity=1, reason="x", amendment=1))
    given(*past).when(measure()).then(refused("ya no está en el plan"))


def test_values_follow_the_flow_of_the_quarter() -> None:
    """Not while the DRE looks at them; observed they change; validated somebody else agrees; closed never."""
    given(*DRAFT, FIRST).when(measure()).then(refused("no está aprobado"))
    given(*KNOWN).when(measure(), today=date(2026, 1, 1) - date.resolution).then(refused("todavía no empieza"))
    given(*SENT).when(measure()).then(refused("espere la respuesta"))
    given(*SHUT).when(measure(reason="x")).then(refused("cerrado"))
    story = given(*VALID).when(measure()).then(refused("Escriba el motivo"))
    wanted = msgspec.structs.replace(VALUE, reason="Error", proposal=1)
    story.when(measure(reason="Error")).then(p.IndicatorProposed(proposal=1, indicator=1, reason="Error", change=wanted))
    story.when(p.ApproveIndicator(proposal=1), SPECIALIST).then(refused("Quien propone"))
    story.when(p.ApproveIndicator(proposal=1), DRE_OTHER).then(p.IndicatorApproved(proposal=1, indicator=1), wanted)
    shut = given(*VALID).after(measure(reason="Error"))
    shut.given(DRE_SPECIALIST.did(SCORED), DRE_DIRECTOR.did(q.QuarterClosed(quarter=1)))
    shut.when(p.ApproveIndicator(proposal=1), DRE_OTHER).then(refused("cerrado"))


def test_a_reopening_names_the_indicators_that_may_change() -> None:
    """One that is named changes when somebody else agrees, another one does not, and one that nobody declared is not named."""
    reopen = ReopenQuarter(quarter=1, indicators=(1,), until=date(2099, 1, 1), reason="Error")
    opened = QuarterReopened(quarter=1, tasks=(), until=date(2099, 1, 1), reason="Error", indicators=(1,))
    given(*SHUT).when(reopen, DRE_DIRECTOR).then(opened)
    given(*SHUT).when(msgspec.structs.replace(reopen, indicators=(9,)), DRE_DIRECTOR).then(refused("Ese indicador"))
    given(*SHUT).when(msgspec.structs.replace(reopen, indicators=()), DRE_DIRECTOR).then(refused("Elija al menos una tarea o un"))
    story = given(*SHUT, DRE_DIRECTOR.did(opened))
    wanted = msgspec.structs.replace(VALUE, reason="Error", proposal=1)
    story.when(measure(reason="Error")).then(p.IndicatorProposed(proposal=1, indicator=1, reason="Error", change=wanted))
    story.when(p.ApproveIndicator(proposal=1), DRE_OTHER).then(p.IndicatorApproved(proposal=1, indicator=1), wanted)
    tasks_only = msgspec.structs.replace(opened, tasks=(1,), indicators=())
    given(*SHUT, DRE_DIRECTOR.did(tasks_only)).when(measure(reason="x")).then(refused("La reapertura no incluye el indicador"))


def test_the_dre_objects_to_a_row_and_the_quarter_goes_back() -> None:
    """The first objection returns the quarter, further ones join it; who sent or measured does not judge."""
    noted = m.MeasureObserved(quarter=1, indicator=1, text="Falta el acta")
    observe = m.ObserveMeasure(quarter=1, indicator=1, text="Falta el acta")
    back = q.QuarterObserved(quarter=1, text="Indicador «Plazas adjudicadas»: Falta el acta")
    story = given(*SENT).when(observe, DRE_SPECIALIST).then(back, noted)
    story.when(observe, DRE_SPECIALIST).then(noted)
    story.after(measure())
    given(*KNOWN).when(observe, DRE_SPECIALIST).then(refused("no está enviado"))
    given(*SENT).when(observe, DIRECTOR).then(refused("Quien envía"))
    given(*SENT).when(m.ObserveMeasure(quarter=1, indicator=9, text="x"), DRE_SPECIALIST).then(refused("no está declarado"))


def test_who_measured_does_not_judge_the_quarter() -> None:
    """Observed, validated, scored and closed by others; who only agreed to a correction still may."""
    judge = Person("hugo", "jefe-dre/120000")
    measured = (*KNOWN, DONE, judge.did(VALUE), DIRECTOR.did(q.QuarterSubmitted(quarter=1)))
    for command in (
        q.ObserveQuarter(quarter=1, text="x"),
        q.ValidateQuarter(quarter=1),
        m.ObserveMeasure(quarter=1, indicator=1, text="x"),
    ):
        given(*measured).when(command, judge).then(refused("Quien registró indicadores"))
    given(*measured).after(q.ValidateQuarter(quarter=1), DRE_OTHER)
    agreed = given(*VALID).after(measure(reason="Error")).after(p.ApproveIndicator(proposal=1), DRE_OTHER)
    agreed.after(q.ScoreQuarter(quarter=1), DRE_OTHER)


def test_a_quarter_is_sent_without_an_indicator_only_with_a_reason() -> None:
    """The indicators it asks for are named; one without a target there is not missed."""
    story = given(*APPROVED, FIRST, DONE, ProgressRecorded(quarter=1, activity=1, task=2, executed=D(2), evidence="a"))
    story.given(ProgressRecorded(quarter=1, activity=2, task=3, executed=D(90), evidence="a"))
    story.when(q.SubmitQuarter(quarter=1), DIRECTOR).then(refused("indicadores sin dato", ("Indicador 1: Plazas adjudicadas",)))
    story.after(measure()).after(q.SubmitQuarter(quarter=1), DIRECTOR)


def test_an_achievement_by_hand() -> None:
    """Half of the way up and half of the way down are the same; beyond the target is 100, backwards 0."""
    figures = [(RISING, "94", "50.00"), (FALLING, "15", "50.00"), (FALLING, "4", "100.00"), (RISING, "80", "0.00")]
    figures += [(CARE, "2", "50.00"), (RISING, "92.6667", "33.33")]
    for definition, value, percent in figures:
        assert achieved(definition, 1, D(value)).percent == D(percent)
    plain = msgspec.structs.replace(RISING, baseline=None)
    assert achieved(plain, 1, D(49)).percent == D("50.00")
    near = i.Definition(**WORDS, name="n", direction="neutral", unit="x", targets=(D(10),) * 4, tolerance=D(2))
    assert [achieved(near, 1, D(v)).percent for v in ("8", "12", "12.01")] == [D("100.00"), D("100.00"), D("0.00")]


def test_what_cannot_be_computed_says_why_and_is_never_a_hundred() -> None:
    """No value, no target, nothing to divide by, a level that is none."""
    zero = msgspec.structs.replace(RISING, baseline=None, targets=(D(0),) * 4)
    still = msgspec.structs.replace(FALLING, targets=(D(20),) * 4)
    found = [
        achieved(RISING, 1, None),
        achieved(RISING, 3, D(99)),
        achieved(zero, 1, D(0)),
        achieved(still, 1, D(20)),
        achieved(CARE, 1, D(9)),
    ]
    assert [each.lack for each in found] == ["no-value", "no-target", "zero-target", "no-way", "no-level"]
    assert {each.percent for each in found} == {None}


FIGURE = st.decimals(0, 1000, places=2)


@having(FIGURE, FIGURE, FIGURE)
def test_up_and_down_are_mirror_images(value: Decimal, baseline: Decimal, target: Decimal) -> None:
    """What rises from the baseline to the target by so much achieves what falls by as much; always from 0 to 100."""
    low, high = sorted((baseline, target))
    up = msgspec.structs.replace(RISING, baseline=low, targets=(high,) * 4)
    down = msgspec.structs.replace(FALLING, baseline=1000 - low, targets=(1000 - high,) * 4)
    one, other = achieved(up, 1, value), achieved(down, 1, 1000 - value)
    assert (one.percent, one.lack) == (other.percent, other.lack)
    assert (one.percent is None) == (low == high)
    assert one.percent is None or 0 <= one.percent <= 100
