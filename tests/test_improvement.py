"""An improvement plan is born from a closed quarter; its measures answer findings, and each commitment counts once."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
from hypothesis import given as having
from hypothesis import settings
from hypothesis import strategies as st

from service.aggregates import commitment as c
from service.aggregates import finding as f
from service.aggregates import improvement as i
from service.aggregates import quarter as q
from service.projections import followup_page
from service.projections.commitment_page import Commitment
from service.projections.improvement_page import Measure
from service.web.improvement_document import GONE, answers, progress
from tests.stories import DAY, DIRECTOR, DRE_DIRECTOR, DRE_SPECIALIST, HEAD, Story, refused
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


def test_a_measure_with_live_commitments_is_not_dropped() -> None:
    """They must be withdrawn or come to their end first."""
    proposal = c.ProposeCommitment(
        findings=(1, 2),
        measure=1,
        action="Contratar movilidad",
        responsible=HEAD.charge,
        due=date(2026, 12, 15),
        indicator="Visitas",
        target="30",
        verification="Informe",
        signatories=(HEAD.charge, DIRECTOR.charge),
    )
    story = planned().when(msgspec.structs.replace(proposal, measure=2), HEAD).then(refused("Esa medida de mejora no existe"))
    story.after(proposal, HEAD).when(i.DropMeasure(measure=1, reason="-"), HEAD).then(refused("tiene compromisos vivos"))
    story.after(c.WithdrawCommitment(commitment=1, reason="Error"), HEAD).after(i.DropMeasure(measure=1, reason="-"), HEAD)
    story.when(proposal, HEAD).then(refused("Esa medida de mejora no existe"))


def agreed(number: int, measure: int, status: str, days: int, *, fulfilled: bool) -> Commitment:
    """A commitment to read, with what its progress goes by."""
    kinds: dict[Any, Any] = {int: 0, str: "", bool: False, list[int]: [1], list[str]: []}
    blank: dict[str, Any] = {field.name: kinds.get(field.type) for field in msgspec.structs.fields(Commitment)}
    due: dict[str, Any] = {"due": DAY + timedelta(days=days), "original": DAY}
    told: dict[str, Any] = {
        "commitment": number,
        "measure": measure,
        "status": status,
        "fulfilled": fulfilled,
        "first": number,
        "root": "unit/1/2026",
    }
    return Commitment(**blank | due | told)


STATUSES = ("proposed", "declined", "withdrawn", "signed", "declared", "verified")
AGREED = st.lists(st.tuples(st.integers(1, 4), st.sampled_from(STATUSES), st.integers(-5, 30), st.booleans()), max_size=12)
ANSWERED = st.lists(st.lists(st.integers(1, 5), min_size=1, max_size=5, unique=True), min_size=4, max_size=4)


@having(AGREED, ANSWERED)
@settings(max_examples=120, deadline=None)
def test_progress_counts_each_commitment_once(drawn: list[tuple[int, str, int, bool]], answered: list[list[int]]) -> None:
    """However many findings a measure answers, it is told once, and its commitments add up to those of the plan."""
    commitments = [agreed(n, m, status, days, fulfilled=ok) for n, (m, status, days, ok) in enumerate(drawn, start=1)]
    measures = [Measure(n, "-", sorted(findings), "", n) for n, findings in enumerate(answered, start=1)]
    recorded = datetime(2026, 7, 1, tzinfo=UTC)
    findings = [followup_page.Finding(n, 1, "nudo crítico", "-", "-", 0, "", 0, "", 0, n, recorded, "-") for n in range(1, 6)]
    told = list(answers(findings, measures, commitments, DAY))
    works = [work for answer in told for work in answer.works]
    assert sorted(work.measure.measure for work in works) == [1, 2, 3, 4]
    counting = [each for each in commitments if each.status not in GONE]
    assert sum(work.progress.all for work in works) == progress(commitments * 2, DAY).all == len(counting)
    named = {
        (answer.finding.finding, m) for answer in told for m in (*(w.measure.measure for w in answer.works), *dict(answer.others))
    }
    assert named == {(finding, each.measure) for each in measures for finding in each.findings}
