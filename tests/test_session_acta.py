"""What a session agrees and votes, and its acta: draft, proposed changes, closed; then only errata."""

from datetime import date

from service.aggregates import session as s
from service.aggregates import session_agenda as g
from service.aggregates import session_agreements as a
from service.aggregates import session_minutes as m
from service.aggregates.session_attendance import MarkAttendance
from service.aggregates.session_matter import Matter
from tests.sitting import AGREED, CONVENED, OPEN, OPENED, OVER, REGIONAL, SCORE, came, given_region
from tests.stories import (
    APPROVED,
    DIRECTOR,
    DRE_DIRECTOR,
    DRE_OTHER,
    DRE_SPECIALIST,
    HEAD,
    SPECIALIST,
    Person,
    given,
    refused,
    rolled,
)
from tests.stories import UNIT as JAUJA

SATIPO = "120007"
NEIGHBOUR = Person("miguel", f"director-ugel/{SATIPO}")
WRITE = a.WriteAgreement(session=1, item=1, text="Reprogramar las visitas", matters=(SCORE,))
DUE = date(2026, 12, 15)


def vote(choice: s.Choice, reason: str = "", unit: str = JAUJA) -> a.CastVote:
    """A vote on the first agreement."""
    return a.CastVote(agreement=1, choice=choice, reason=reason, unit=unit)


def cast(by: Person, choice: s.Choice, reason: str = "") -> a.VoteCast:
    """The fact of a vote on it."""
    return a.VoteCast(agreement=1, session=1, charge=by.charge, choice=choice, reason=reason)


def test_an_agreement_decides_on_something_of_the_year() -> None:
    """Written while the session is open, with a charge that somebody holds and a day after it; linked to what exists."""
    given(*OPEN).when(WRITE, SPECIALIST).then(AGREED)
    given(*APPROVED, CONVENED).when(WRITE, SPECIALIST).then(refused("mientras la sesión está abierta"))
    given(*OVER).when(WRITE, SPECIALIST).then(refused("mientras la sesión está abierta"))
    story = given(*OPEN)
    story.when(a.WriteAgreement(session=1, text="-", item=9), SPECIALIST).then(refused("no está en la agenda"))
    early = a.WriteAgreement(session=1, text="-", due=date(2026, 11, 17))
    story.when(early, SPECIALIST).then(refused("anterior a la sesión"))
    story.when(a.WriteAgreement(session=1, text="-", responsible="jefe-area/120005/AGI"), SPECIALIST).then(
        refused("un cargo vigente")
    )
    other = Matter(unit=JAUJA, kind="alert", number=3)
    story.when(a.WriteAgreement(session=1, text="-", matters=(other,)), SPECIALIST).then(refused("Esa alerta no existe"))
    full = a.WriteAgreement(session=1, text="-", responsible=HEAD.charge, due=DUE)
    story.after(full, SPECIALIST)


def test_an_agreement_changes_field_by_field_until_it_is_voted() -> None:
    """One changes the text, another the day, and both stand; the same field is a clash; a vote fixes it."""
    story = given(*OPEN, AGREED)
    seen = {"text": AGREED.text, "responsible": "", "due": None}
    text = a.ChangeAgreement(agreement=1, text="Reprogramar ya", matters=(SCORE,), seen=seen)
    changed = a.AgreementChanged(agreement=1, session=1, was={"text": AGREED.text}, text="Reprogramar ya", matters=(SCORE,))
    story.when(text, SPECIALIST).then(changed)
    day = a.ChangeAgreement(agreement=1, text=AGREED.text, due=DUE, matters=(SCORE,), seen=seen)
    both = a.AgreementChanged(agreement=1, session=1, was={"due": ""}, text="Reprogramar ya", due=DUE, matters=(SCORE,))
    story.when(day, HEAD).then(both).when(day, HEAD).then()
    clash = a.ChangeAgreement(agreement=1, text="No reprogramar", matters=(SCORE,), seen=seen)
    story.when(clash, HEAD).then(refused("otra persona cambió lo mismo"))
    story.given(DIRECTOR.did(cast(DIRECTOR, "a favor"))).when(text, SPECIALIST).then(refused("ya tiene votos: su texto"))
    story.when(a.WithdrawAgreement(agreement=1, reason="-"), SPECIALIST).then(refused("ya tiene votos: no se retira"))


def test_a_withdrawn_agreement_stays_withdrawn() -> None:
    """With its reason; nobody votes it, and its item may leave the agenda's links."""
    story = given(*OPEN, AGREED).when(a.WithdrawAgreement(agreement=1, reason="Repetido"), SPECIALIST)
    story.then(a.AgreementWithdrawn(agreement=1, session=1, reason="Repetido"))
    story.when(vote("a favor"), DIRECTOR).then(refused("se retiró"))
    story.when(a.CastVote(agreement=5, choice="a favor", unit=JAUJA), DIRECTOR).then(refused("no existe"))
    linked = g.AgendaItemAdded(item=3, session=1, place=3, title="Otro")
    agreed = a.AgreementWritten(agreement=2, session=1, item=3, text="-")
    story.given(linked, agreed).when(g.RemoveItem(item=3, reason="-"), SPECIALIST).then(refused("tiene acuerdos"))


def test_one_vote_each_in_the_charge_one_attends_in() -> None:
    """Who attends votes once, while holding that charge; who does not favour says why; some charges attend without a vote."""
    story = given(*OPEN, AGREED)
    story.when(vote("en contra"), DIRECTOR).then(refused("Escriba el motivo"))
    story.when(vote("en contra", "Falta presupuesto"), DIRECTOR).then(cast(DIRECTOR, "en contra", "Falta presupuesto"))
    story.when(vote("a favor"), DIRECTOR).then(refused("ya votó"))
    story.when(vote("abstención", "Recién asumo"), HEAD).then(cast(HEAD, "abstención", "Recién asumo"))
    story.when(vote("a favor"), DRE_SPECIALIST).then(refused("asiste sin voto"))
    story.when(vote("a favor"), SPECIALIST).then(refused("no figura entre los asistentes"))
    story.given(*came(DRE_DIRECTOR)).when(vote("a favor", unit=SATIPO), DRE_DIRECTOR).then(refused("corresponde a la unidad"))
    other = Person(DRE_DIRECTOR.id, f"jefe-dre/{DRE_DIRECTOR.charge[-6:]}")
    story.when(vote("a favor"), other).then(refused("ya no tiene el cargo"))
    story.when(vote("a favor"), other, held=(DRE_DIRECTOR.charge,)).then(cast(DRE_DIRECTOR, "a favor"))
    gone = s.SessionEnded(session=1)
    given(*OPEN, AGREED, gone).when(vote("a favor"), DIRECTOR).then(refused("mientras la sesión está abierta"))


def test_a_vote_is_not_taken_back_by_marking_somebody_absent() -> None:
    """Who voted was there."""
    absent = MarkAttendance(session=1, person=DIRECTOR.id, charge=DIRECTOR.charge, present=False)
    given(*OPEN, AGREED, DIRECTOR.did(cast(DIRECTOR, "a favor"))).when(absent, SPECIALIST).then(refused("ya votó"))


def test_in_the_region_each_votes_for_the_own_unit() -> None:
    """A director votes in the own unit, not in another's name."""
    past = (
        REGIONAL,
        *came(DIRECTOR, NEIGHBOUR, DRE_DIRECTOR),
        OPENED,
        a.AgreementWritten(agreement=1, session=1, item=0, text="-"),
    )
    story = given_region(*past)
    story.when(vote("a favor"), NEIGHBOUR, roll=rolled(NEIGHBOUR)).then(refused("corresponde a la unidad"))
    story.when(vote("a favor", unit=SATIPO), NEIGHBOUR).then(cast(NEIGHBOUR, "a favor"))


def test_what_votes_lead_to() -> None:
    """More for than against; a tie is no approval; nobody voted: by consensus."""
    assert a.outcome(()) == "consensus"
    assert a.outcome(("a favor", "en contra", "a favor", "abstención")) == "approved"
    assert a.outcome(("a favor", "en contra")) == "rejected"


PARTS = {"introduction": "A las 09:30", "development": "", "remarks": ""}


def test_the_draft_of_the_acta_is_written_by_two() -> None:
    """Part by part, each keeps what the other wrote; the same part is a clash; not before the session opens."""
    write = m.WriteMinutes(session=1, introduction="A las 09:30", seen=dict.fromkeys(m.PARTS, ""))
    given(*APPROVED, CONVENED).when(write, SPECIALIST).then(refused("desde que la sesión se abre"))
    story = given(*OPEN).when(write, SPECIALIST)
    story.then(m.MinutesWritten(session=1, was={"introduction": ""}, **PARTS)).when(write, SPECIALIST).then()
    other = m.WriteMinutes(session=1, remarks="A las 12:00", seen=dict.fromkeys(m.PARTS, ""))
    story.when(other, HEAD).then(m.MinutesWritten(session=1, was={"remarks": ""}, **PARTS | {"remarks": "A las 12:00"}))
    clash = m.WriteMinutes(session=1, introduction="A las 10:00", seen=dict.fromkeys(m.PARTS, ""))
    story.when(clash, HEAD).then(refused("otra persona cambió lo mismo"))


PROPOSE = m.ProposeWording(unit=JAUJA, session=1, part="item", item=1, text="Se revisó con actas", reason="Faltaba")
PROPOSED = m.WordingProposed(wording=1, session=1, part="item", item=1, text="Se revisó con actas", reason="Faltaba")


def test_changes_of_the_draft_are_proposed_and_resolved_by_another() -> None:
    """By who attended, once the session ended, on one part; accepted by another person, or rejected with a reason, once."""
    given(*OPEN).when(PROPOSE, HEAD).then(refused("todavía no se levanta"))
    story = given(*OVER)
    story.when(PROPOSE, SPECIALIST).then(refused("quien asistió"))
    story.when(m.ProposeWording(unit=SATIPO, session=1, part="item", item=1, text="-", reason="-"), HEAD).then(
        refused("corresponde a la unidad")
    )
    story.when(m.ProposeWording(unit=JAUJA, session=1, part="item", text="-", reason="-"), HEAD).then(refused("una sola parte"))
    untaken = m.ProposeWording(unit=JAUJA, session=1, part="item", item=2, text="-", reason="-")
    story.when(untaken, HEAD).then(refused("no se trató"))
    story.when(PROPOSE, HEAD).then(PROPOSED)
    story.when(m.AcceptWording(wording=1), HEAD).then(refused("no lo acepta"))
    story.when(m.CloseMinutes(session=1), DRE_DIRECTOR).then(refused("por resolver", ("Cambio propuesto n.º 1",)))
    accepted = m.WordingAccepted(wording=1, session=1, part="item", item=1, was="", text="Se revisó con actas")
    story.when(m.AcceptWording(wording=1), DIRECTOR).then(accepted)
    story.when(m.AcceptWording(wording=1), DIRECTOR).then(refused("ya se resolvió"))
    story.when(m.RejectWording(wording=7, reason="-"), DIRECTOR).then(refused("no existe"))
    rest = m.ProposeWording(unit=JAUJA, session=1, part="remarks", text="Fin", reason="-")
    story.after(rest, HEAD).when(m.RejectWording(wording=2, reason="Ya consta"), DIRECTOR)
    story.then(m.WordingRejected(wording=2, session=1, reason="Ya consta"))
    assert story.state.sessions.items[1].note == "Se revisó con actas"


def test_a_proposal_does_not_undo_what_was_written_after_it() -> None:
    """Notes written after the proposal, or another proposal accepted first, stand: the older one can only be rejected."""
    note = g.NoteItem(item=1, note="Se revisó y se anotaron los plazos", seen={"note": ""})
    story = given(*OVER).after(PROPOSE, HEAD).after(PROPOSE, DRE_SPECIALIST).after(note, DIRECTOR)
    story.when(m.AcceptWording(wording=1), DIRECTOR).then(refused("El borrador cambió desde esa propuesta"))
    story.after(PROPOSE, HEAD).after(m.AcceptWording(wording=3), DIRECTOR)
    story.when(m.AcceptWording(wording=2), DIRECTOR).then(refused("El borrador cambió desde esa propuesta"))
    story.after(m.RejectWording(wording=2, reason="Ya se cambió"), DIRECTOR)


def test_a_closed_acta_never_changes() -> None:
    """Closed once ended and with its quorum; then every command is refused, and an erratum by another person is a new fact."""
    close = m.CloseMinutes(session=1)
    given(*OPEN).when(close, DRE_DIRECTOR).then(refused("todavía no se levanta"))
    few = given(*APPROVED, CONVENED, *came(DIRECTOR), OPENED, s.SessionEnded(session=1))
    few.when(close, DRE_DIRECTOR).then(refused("No hay quórum para cerrar el acta"))
    story = given(*OVER).when(close, DRE_DIRECTOR).then(m.MinutesClosed(session=1))
    for command in (WRITE, PROPOSE, close, m.WriteMinutes(session=1, introduction="-"), g.NoteItem(item=1, note="-")):
        story.when(command, DIRECTOR).then(refused("El acta está cerrada"))
    erratum = m.RecordErratum(session=1, says="09:30", should_say="10:30", reason="Error de tipeo")
    given(*OVER).when(erratum, DRE_OTHER).then(refused("no está cerrada"))
    story.when(erratum, DRE_DIRECTOR).then(refused("Quien cerró el acta"))
    recorded = m.ErratumRecorded(session=1, erratum=1, says="09:30", should_say="10:30", reason="Error de tipeo")
    story.when(erratum, DRE_OTHER).then(recorded)
    same = m.RecordErratum(session=1, says="x", should_say="x ", reason="-")
    story.when(same, DRE_OTHER).then(refused("es igual a lo que dice"))
