"""The annual balance: submitted, approved, closed; a closed year refuses everything; the next one decides on what stayed open."""

from datetime import date
from decimal import Decimal
from typing import Any

import msgspec

from service.aggregates import alert, commitment, finding, plan, plan_versions
from service.aggregates import balance as b
from service.aggregates import commitment_life as life
from service.aggregates import commitment_signing as signing
from service.aggregates import quarter as q
from service.aggregates import quarter_corrections as corrections
from service.aggregates.quarter_progress import Entry, RecordProgress
from service.aggregates.quarter_score import QuarterScored
from service.aggregates.unit_year import COMMANDS, LastYear, open_items
from tests.stories import (
    APPROVED,
    DIRECTOR,
    DRAFT,
    DRE_DIRECTOR,
    DRE_OTHER,
    DRE_SPECIALIST,
    HEAD,
    SPECIALIST,
    Person,
    Story,
    given,
    months,
    refused,
)
from tests.test_commitment import HASH, KNOT, PROPOSE, REVISE, SECOND, SIGN, TERMS, TEXT
from tests.test_commitment import signed as in_execution

WORDS: dict[str, Any] = {"achievements": "Cuadernos a tiempo", "difficulties": "Sin movilidad", "recommendations": "Contratar"}
SUBMIT, APPROVE, CLOSE = b.SubmitBalance(**WORDS), b.ApproveBalance(), b.CloseBalance(cutoff=900)
SCORE: dict[str, Any] = {
    "percent": Decimal(95),
    "light": "fulfilled",
    "fulfilled": 2,
    "activities": 2,
    "formula": "promedio-1",
    "scale": 1,
}
RAISED = alert.AlertRaised(alert=1, rule="avance-bajo", rules=1, quarter=1, activity=1, inputs={})


def closed_quarter(number: int) -> tuple[Any, ...]:
    """A quarter that was submitted, validated, scored and closed."""
    scored = QuarterScored(quarter=number, lines=(), **SCORE)
    return (
        DIRECTOR.did(q.QuarterSubmitted(quarter=number)),
        q.QuarterValidated(quarter=number),
        scored,
        q.QuarterClosed(quarter=number),
    )


QUARTERS = tuple(event for number in (1, 2, 3, 4) for event in closed_quarter(number))


def evaluated(*more: Any) -> Story:
    """An approved plan with its four quarters closed, and more."""
    return given(*APPROVED, *QUARTERS, *more)


def closed(*more: Any) -> Story:
    """The same year, closed with its balance."""
    return evaluated(*more).after(SUBMIT).after(APPROVE, by=DIRECTOR).after(CLOSE, by=DRE_DIRECTOR)


def test_what_a_closed_quarter_programmed_does_not_change() -> None:
    """An amendment changes the quarters to come; one that waited while a quarter closed must be proposed anew."""
    year = given(*APPROVED, *closed_quarter(1))

    def change(january: int, december: int) -> plan_versions.ProposeAmendment:
        figures = months(january, *[10] * 10, december)
        return plan_versions.ProposeAmendment(
            changes=(plan.ChangeTask(task=1, months=figures, name="Visitar aulas", unit="Visita"),), reason="Menos movilidad"
        )

    no = refused("un trimestre cerrado ya no cambia", ("Tarea 1: Visitar aulas, trimestre 1",))
    year.when(change(9, 10)).then(no)
    year.when(plan_versions.ProposeAmendment(changes=(plan.RemoveTask(task=1, reason="-"),), reason="-")).then(no)
    year.after(change(10, 5))
    late = given(*APPROVED).after(change(9, 10)).given(*closed_quarter(1))
    approve = plan_versions.ApproveAmendment(amendment=1, resolution="RD 2", resolution_date=date(2026, 5, 2))
    late.when(approve, by=DRE_DIRECTOR).then(no)


def test_submit_approve_close() -> None:
    """Three persons: one submits, the unit's director approves, the DRE's closes with the cut-off seen."""
    story = evaluated().when(SUBMIT).then(b.BalanceSubmitted(**WORDS)).when(APPROVE, by=DIRECTOR).then(b.BalanceApproved())
    story.when(CLOSE, by=DRE_DIRECTOR).then(b.BalanceClosed(cutoff=900, open_items=()))


def test_a_submitted_balance_may_be_submitted_again_until_approved() -> None:
    """A better text replaces it; after approval it is fixed."""
    story = evaluated().after(SUBMIT).when(SUBMIT).then(b.BalanceSubmitted(**WORDS)).after(APPROVE, by=DIRECTOR)
    story.when(SUBMIT).then(refused("ya está aprobado"))


def test_the_balance_waits_for_the_four_quarters() -> None:
    """The quarters that are not closed are named."""
    given(*APPROVED, *closed_quarter(1)).when(SUBMIT).then(
        refused("cuatro trimestres", ("Trimestre 2", "Trimestre 3", "Trimestre 4"))
    )


def test_who_submits_the_balance_neither_approves_nor_closes_it() -> None:
    """The second and third person are others, also at the DRE, whose director may act in each step."""
    evaluated().after(SUBMIT, by=DIRECTOR).when(APPROVE, by=DIRECTOR).then(refused("no puede aprobarlo"))
    story = evaluated().after(SUBMIT, by=DRE_DIRECTOR).after(APPROVE, by=DIRECTOR)
    story.when(CLOSE, by=DRE_DIRECTOR).then(refused("no puede cerrarlo"))


def test_the_balance_moves_only_along_its_arrows() -> None:
    """Nothing is approved before it is submitted, nor closed before it is approved."""
    evaluated().when(APPROVE, by=DIRECTOR).then(refused("no está enviado"))
    evaluated().when(CLOSE, by=DRE_DIRECTOR).then(refused("no está aprobado"))
    story = evaluated().after(SUBMIT).when(CLOSE, by=DRE_DIRECTOR).then(refused("no está aprobado"))
    story.after(APPROVE, by=DIRECTOR).when(APPROVE, by=DIRECTOR).then(refused("no está enviado"))


def test_the_cutoff_is_what_the_director_saw() -> None:
    """When something was recorded after the page was opened, the figures must be looked at again."""
    story = evaluated().after(SUBMIT).after(APPROVE, by=DIRECTOR)
    story.when(CLOSE, by=DRE_DIRECTOR, position=901).then(refused("El registro cambió"))
    story.when(CLOSE, by=DRE_DIRECTOR, position=900).then(b.BalanceClosed(cutoff=900, open_items=()))


def test_closing_hands_over_what_is_open() -> None:
    """Live commitments, alerts not closed, and critical knots nobody has committed to."""
    proposed = commitment.CommitmentProposed(commitment=1, document=HASH, canonical=TEXT.decode(), terms=TERMS)
    alone = finding.FindingRecorded(finding=2, quarter=1, kind="nudo crítico", text="-", cause="-", activity=2)
    good = finding.FindingRecorded(finding=3, quarter=1, kind="logro", text="-", activity=2)
    story = closed(KNOT, alone, good, RAISED, proposed)
    assert story.state.balance.open_items == ("compromiso/1", "alerta/1", "hallazgo/2")


def test_what_is_finished_is_not_handed_over() -> None:
    """A closed alert and a withdrawn commitment are over; the knot behind the withdrawn one is open again."""
    ended = alert.AlertClosed(alert=1, activity=1, text="-"), commitment.CommitmentWithdrawn(commitment=1, reason="-")
    proposed = commitment.CommitmentProposed(commitment=1, document=HASH, canonical=TEXT.decode(), terms=TERMS)
    assert open_items(evaluated(KNOT, RAISED, proposed, *ended).state) == ("hallazgo/1",)


def test_a_closed_year_refuses_everything() -> None:
    """The stream of a closed year receives nothing more, whatever the command."""
    story = closed()
    tried = [
        plan_versions.OpenYear(year=2026),
        plan.AddLine(code="S1", kind="soporte", name="-"),
        plan.RemoveTask(task=1, reason="-"),
        plan_versions.SubmitPlan(),
        RecordProgress(quarter=4, activity=1, entries=(Entry(task=1, executed=Decimal(1)),)),
        corrections.ApproveCorrection(correction=1),
        alert.TakeMeasure(alert=1, measure="-", responsible=HEAD.charge, due=date(2099, 1, 1)),
        finding.RecordFinding(quarter=1, kind="logro", text="-", activity=1),
        PROPOSE,
        SIGN,
        b.DisposeItem(item="alerta/1", decision="continuar"),
        SUBMIT,
        APPROVE,
        CLOSE,
    ]
    assert {type(command) for command in tried} <= COMMANDS
    for command in tried:
        story.when(command, by=DRE_OTHER).then(refused("El año está cerrado con su balance"))


def old(*who: Person, **values: Any) -> commitment.Commitment:
    """Last year's commitment, signed by these."""
    text = commitment.Version(1, TERMS, HASH, TEXT.decode(), "hugo", {each.charge: each.id for each in who})
    return commitment.Commitment(text, TERMS.due, TERMS.due, touched=bool(who), **values)


OLD = old(HEAD)
LAST = LastYear(2025, ("compromiso/4", "alerta/2"), {4: OLD})


def dispose(item: str, decision: Any = "continuar", reason: str = "") -> b.DisposeItem:
    """What somebody decides about an open item."""
    return b.DisposeItem(item=item, decision=decision, reason=reason)


def test_each_open_item_is_disposed_of_once_with_a_reason() -> None:
    """Continuing needs no reason, closing and dropping do; what was not open has nothing to decide."""
    given(*DRAFT).when(dispose("alerta/2", "descartar"), by=DIRECTOR, last_year=LAST).then(refused("Escriba el motivo"))
    dropped = dispose("alerta/2", "descartar", "Ya no aplica")
    story = given(*DRAFT).when(dropped, by=DIRECTOR, last_year=LAST)
    story.then(b.ItemDisposed(item="alerta/2", decision="descartar", reason="Ya no aplica"))
    story.when(dropped, by=DIRECTOR, last_year=LAST).then(refused("Ya se decidió"))
    story.when(dispose("alerta/9"), by=DIRECTOR, last_year=LAST).then(refused("no quedó pendiente"))
    story.when(dispose("alerta/9"), by=DIRECTOR).then(refused("no quedó pendiente"))


def carried() -> Story:
    """A new year that goes on with last year's half-signed commitment."""
    return given(*APPROVED).after(dispose("compromiso/4"), by=DIRECTOR, last_year=LAST)


def test_a_continued_commitment_is_carried_with_its_origin_and_signatures() -> None:
    """It goes on in the new stream, with the text that was signed and who has signed it."""
    story = given(*APPROVED).when(dispose("compromiso/4"), by=DIRECTOR, last_year=LAST)
    story.then(
        b.ItemDisposed(item="compromiso/4", decision="continuar"),
        commitment.CommitmentCarried(
            commitment=1,
            origin="120005-2025-4",
            status="proposed",
            current=OLD.current,
            versions=1,
            due=TERMS.due,
            original=TERMS.due,
        ),
    )
    story.when(SIGN, by=HEAD).then(refused("Su cargo ya firmó"))
    story.when(SIGN, by=DIRECTOR)
    assert isinstance(story.last[0], signing.CommitmentSigned)
    assert story.last[0].complete


def test_who_signed_last_year_does_not_sign_again_in_another_charge() -> None:
    """The persons behind the carried signatures are still known."""
    carried().when(SIGN, by=Person(HEAD.id, DIRECTOR.charge)).then(refused("con otro cargo"))


def test_a_carried_commitment_goes_on_where_it_was() -> None:
    """A fully signed one is in execution; a dropped one is not carried."""
    done = LastYear(2025, ("compromiso/4",), {4: old(HEAD, DIRECTOR, status="signed")})
    story = given(*APPROVED).after(dispose("compromiso/4"), by=DIRECTOR, last_year=done)
    story.after(life.ReportCommitment(commitment=1, text="Sigue"), by=HEAD)
    dropped = given(*APPROVED).after(dispose("compromiso/4", "cerrar", "Cumplido en enero"), by=DIRECTOR, last_year=done)
    assert dropped.state.commitments.by_number == {}


def test_a_declared_commitment_is_carried_as_declared() -> None:
    """What the responsible declared before the year closed waits for its verification, not for a second declaration."""
    waiting = old(HEAD, DIRECTOR, status="declared", fulfilled=True, declarer=HEAD.id)
    story = given(*APPROVED).after(
        dispose("compromiso/4"), by=DIRECTOR, last_year=LastYear(2025, ("compromiso/4",), {4: waiting})
    )
    verify = life.VerifyCommitment(commitment=1, accepted=True)
    story.when(verify, by=Person(HEAD.id, DRE_SPECIALIST.charge)).then(refused("Quien es responsable no puede verificar"))
    story.when(verify, by=DRE_OTHER).then(life.CommitmentVerified(commitment=1, accepted=True, fulfilled=True))


def test_a_carried_commitment_keeps_all_that_it_stood_for() -> None:
    """Its days, its extensions, an extension to be resolved; a renegotiation under way goes on with its signatures."""
    more = commitment.Extension(2, date(2027, 6, 1), "Lluvias", HEAD.id)
    moved = old(HEAD, DIRECTOR, status="signed", extensions=2, extension=more)
    moved.due = date(2027, 3, 1)
    story = given(*APPROVED).after(dispose("compromiso/4"), by=DIRECTOR, last_year=LastYear(2025, ("compromiso/4",), {4: moved}))
    it = story.state.commitments.by_number[1]
    assert (it.due, it.original, it.extensions) == (date(2027, 3, 1), TERMS.due, 2)
    story.after(life.GrantExtension(commitment=1, extension=2), by=DRE_OTHER)
    assert it.due == date(2027, 6, 1)
    offered = in_execution().after(REVISE, by=DRE_OTHER).state.commitments.by_number[1]
    last = LastYear(2025, ("compromiso/4",), {4: offered})
    story = given(*APPROVED).after(dispose("compromiso/4"), by=DIRECTOR, last_year=last)
    sign = signing.SignCommitment(commitment=1, version=2, document=offered.offer.document if offered.offer else "")
    story.after(sign, by=HEAD).after(sign, by=DIRECTOR)
    assert story.state.commitments.by_number[1].current.canonical == SECOND.decode()


def test_a_carried_commitment_is_renegotiated_on_its_own_findings() -> None:
    """A finding of the new year with the same number is another one: the text rests on those it was born from."""
    done = LastYear(2025, ("compromiso/4",), {4: old(HEAD, DIRECTOR, status="signed")})
    story = given(*APPROVED).after(dispose("compromiso/4"), by=DIRECTOR, last_year=done)
    other = msgspec.structs.replace(REVISE, findings=(2,))
    story.given(DRE_OTHER.did(finding.FindingRecorded(finding=2, quarter=1, kind="logro", text="-", activity=1)))
    story.when(other, by=DRE_OTHER).then(refused("Ese hallazgo no existe"))
    story.after(REVISE, by=DRE_OTHER)
    assert '"stream":"unit/120005/2026"' in story.state.commitments.by_number[1].offer.canonical


def test_a_carried_commitment_answers_no_finding_of_the_new_year() -> None:
    """Its finding is last year's: a new critical knot with the same number is still open at the end."""
    story = carried().given(*QUARTERS, DRE_SPECIALIST.did(KNOT))
    assert open_items(story.state) == ("compromiso/1", "hallazgo/1")


def test_what_a_year_goes_on_with_stays_open_under_its_own_year() -> None:
    """A continued alert does not vanish: the next balance hands it on, until it is closed or dropped with a reason."""
    story = given(*APPROVED).after(dispose("alerta/2"), by=DIRECTOR, last_year=LAST)
    assert open_items(story.state) == ("alerta/2/2025",)
    again = LastYear(2026, ("alerta/2/2025", "hallazgo/1/2024"), {})
    later = given(*APPROVED).after(dispose("alerta/2/2025"), by=DIRECTOR, last_year=again)
    later.after(dispose("hallazgo/1/2024", "cerrar", "Se resolvió en marzo"), by=DIRECTOR, last_year=again)
    assert open_items(later.state) == ("alerta/2/2025",)


def test_a_year_needs_opening_before_its_items_are_decided() -> None:
    """Nothing is disposed of in a year that is not open."""
    given().when(dispose("alerta/2"), by=SPECIALIST, last_year=LAST).then(refused("no está abierto"))
