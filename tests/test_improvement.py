"""An improvement plan is born from a closed quarter; its measures answer findings, and each commitment counts once."""

from typing import Any

from service.aggregates import finding as f
from service.aggregates import improvement as i
from service.aggregates import quarter as q
from tests.stories import DIRECTOR, DRE_DIRECTOR, DRE_SPECIALIST, HEAD, Story, refused
from tests.test_alert import opened

KNOT: dict[str, Any] = {"quarter": 1, "kind": "nudo crítico", "text": "Pocas visitas", "cause": "Sin movilidad", "activity": 1}
OPENED = i.ImprovementOpened(quarter=1, aim="Llegar a todas las aulas")
FIRST = i.MeasureAdded(measure=1, text="Contratar movilidad", findings=(1, 2))


def found(*kinds: f.Kind) -> Story:
    """A scored first quarter with findings of these kinds."""
    story = opened()
    for kind in kinds:
        story.after(f.RecordFinding(**KNOT | {"kind": kind}), by=DRE_SPECIALIST)
    return story


def closed(*kinds: f.Kind) -> Story:
    """The same, and the quarter closed."""
    return found(*kinds).after(q.CloseQuarter(quarter=1), by=DRE_DIRECTOR)


def planned() -> Story:
    """A plan with one measure for two findings; a third one is an achievement."""
    story = closed("nudo crítico", "oportunidad de mejora", "logro")
    return story.given(DIRECTOR.did(OPENED), HEAD.did(FIRST))


def test_a_plan_is_born_from_a_closed_quarter() -> None:
    """Once a year, with its aim, and only where there is something to answer."""
    wanted = i.OpenImprovement(quarter=1, aim="Llegar a todas las aulas")
    found("nudo crítico").when(wanted, DIRECTOR).then(refused("todavía no lo está"))
    closed("logro").when(wanted, DIRECTOR).then(refused("No hay hallazgos que responder"))
    story = closed("nudo crítico").when(wanted, DIRECTOR).then(OPENED)
    story.when(wanted, HEAD).then(refused("ya está abierto"))
    closed("nudo crítico").when(i.OpenImprovement(quarter=2, aim="-"), DIRECTOR).then(refused("todavía no lo está"))


def test_a_measure_answers_findings_of_the_year() -> None:
    """Several, each once and in their order; never an achievement, never one that does not exist."""
    early = i.AddMeasure(text="Contratar movilidad", findings=(1,))
    closed("nudo crítico").when(early, HEAD).then(refused("Abra primero"))
    story = closed("nudo crítico", "oportunidad de mejora", "logro").given(DIRECTOR.did(OPENED))
    story.when(i.AddMeasure(text="Contratar movilidad", findings=(2, 1, 2)), HEAD).then(FIRST)
    story.when(i.AddMeasure(text="-", findings=(1, 9)), HEAD).then(refused("no existe"))
    story.when(i.AddMeasure(text="-", findings=(3,)), HEAD).then(refused("Un logro no necesita una medida"))


def test_a_change_keeps_what_the_measure_said() -> None:
    """Words and findings, before and after; what changes nothing is refused."""
    story = planned()
    story.when(i.ChangeMeasure(measure=1, text="Contratar movilidad", findings=(2, 1)), HEAD).then(refused("ya dice eso"))
    story.when(i.ChangeMeasure(measure=1, text="Alquilar dos camionetas", findings=(1,), reason="Hay presupuesto"), HEAD).then(
        i.MeasureChanged(
            measure=1,
            text="Alquilar dos camionetas",
            findings=(1,),
            was="Contratar movilidad",
            was_findings=(1, 2),
            reason="Hay presupuesto",
        )
    )
    story.when(i.ChangeMeasure(measure=4, text="-", findings=(1,)), HEAD).then(refused("no está en el plan"))


def test_a_measure_is_dropped_with_its_reason() -> None:
    """Afterwards it neither changes nor is dropped again; its number is not given to another."""
    story = planned().when(i.DropMeasure(measure=1, reason="La DRE presta la movilidad"), DIRECTOR)
    story.then(i.MeasureDropped(measure=1, reason="La DRE presta la movilidad"))
    story.when(i.DropMeasure(measure=1, reason="-"), HEAD).then(refused("se dejó sin efecto"))
    story.when(i.ChangeMeasure(measure=1, text="-", findings=(1,)), HEAD).then(refused("se dejó sin efecto"))
    story.when(i.AddMeasure(text="Otra", findings=(1,)), HEAD).then(i.MeasureAdded(measure=2, text="Otra", findings=(1,)))
