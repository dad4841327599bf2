"""The commitment's story: proposed, signed by each on the same text, renegotiated in a new version while the old one rules."""

import hashlib
import json
from datetime import UTC, date, datetime
from typing import Any

import msgspec
import pytest

from service.aggregates import commitment as c
from service.aggregates import commitment_review as r
from service.aggregates import commitment_signing as s
from service.aggregates import commitment_terms as t
from service.aggregates.finding import FindingRecorded
from service.aggregates.signing_key import SigningKey
from service.demo.soft_key import SoftKey
from tests.stories import APPROVED, DAY, DIRECTOR, DRE_DIRECTOR, DRE_SPECIALIST, HEAD, SPECIALIST, Person, Story, given, refused

STREAM = "unit/120005/2026"
KNOT = FindingRecorded(finding=1, quarter=1, kind="nudo crítico", text="Pocas visitas", cause="Sin movilidad", activity=1)
WANTED: dict[str, Any] = {
    "findings": (1,),
    "action": "Contratar movilidad",
    "responsible": HEAD.charge,
    "due": date(2026, 12, 15),
    "indicator": "Visitas",
    "target": "30",
    "verification": "Informe",
    "signatories": (HEAD.charge, DIRECTOR.charge),
}
REST: dict[str, Any] = {"kind": "gestion", "measure": 0, "budget": "", "ordered": False, "figures": ()}
PROPOSE = c.ProposeCommitment(**WANTED)
TERMS = t.Terms(**WANTED | REST)
TEXT = t.document(STREAM, 1, 1, TERMS)
HASH = t.digest(TEXT)
SIGN = s.SignCommitment(commitment=1, version=1, document=HASH)
DECLINE = s.DeclineCommitment(commitment=1, version=1, reason="No")
WITHDRAW = c.WithdrawCommitment(commitment=1, reason="Error")

LONGER = WANTED | {"target": "40", "due": date(2027, 2, 1)}
REVISE = c.ReviseCommitment(commitment=1, reason="Se contrató tarde", **LONGER)
SECOND = t.document(STREAM, 1, 2, t.Terms(**LONGER | REST))
SIGN_SECOND = s.SignCommitment(commitment=1, version=2, document=t.digest(SECOND))


def found() -> Story:
    """A year with one critical knot."""
    return given(*APPROVED, DRE_SPECIALIST.did(KNOT))


def proposed() -> Story:
    """A commitment that waits for two signatures."""
    return found().after(PROPOSE, by=DRE_SPECIALIST)


def signed() -> Story:
    """The same in execution."""
    return proposed().after(SIGN, by=HEAD).after(SIGN, by=DIRECTOR)


def signature(by: Person, *, complete: bool = False, version: int = 1) -> s.CommitmentSigned:
    """The event of a signature on one of the two texts."""
    text = {1: TEXT, 2: SECOND}[version]
    seen = {"document": t.digest(text), "canonical": text.decode(), "method": "clave y código"}
    return s.CommitmentSigned(commitment=1, version=version, charge=by.charge, complete=complete, **seen)  # type: ignore[arg-type]


def test_a_commitment_is_proposed_from_a_finding() -> None:
    """The event carries the terms, the canonical text that will be signed, and its hash."""
    event = c.CommitmentProposed(commitment=1, document=HASH, canonical=TEXT.decode(), terms=TERMS)
    found().when(PROPOSE, by=DRE_SPECIALIST).then(event)


def test_what_is_signed_is_the_canonical_document() -> None:
    """Anybody can make the hash again: sorted keys, no spaces, UTF-8, SHA-256."""
    said = {"v": 2, "stream": STREAM, "commitment": 1, "version": 1, "terms": msgspec.to_builtins(TERMS)}
    by_hand = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    assert by_hand == TEXT
    assert hashlib.sha256(by_hand).hexdigest() == HASH


def test_the_figures_are_those_that_the_record_says() -> None:
    """They come with the facts that say them, never from who writes the text, and are part of what is signed."""
    figure = t.Figure("I trimestre, calificación de la actividad 1", "62,50 %", 214)
    story = found().after(PROPOSE, by=DRE_SPECIALIST, figures=(figure,))
    event = story.last[0]
    assert isinstance(event, c.CommitmentProposed)
    assert event.terms.figures == (figure,)
    assert '"fact":214' in event.canonical
    assert event.document != HASH


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"findings": (9,)}, "Ese hallazgo no existe"),
        ({"findings": (1, 1)}, "hallazgo está repetido"),
        ({"measure": 4}, "Esa medida de mejora no existe"),
        ({"kind": "otro"}, "no está en el catálogo"),
        ({"due": DAY}, "posterior a hoy"),
        ({"signatories": ("auditor/120000", DIRECTOR.charge)}, "órgano de control no firma"),
        ({"responsible": "auditor/120000"}, "órgano de control no firma"),
        ({"signatories": (HEAD.charge, HEAD.charge)}, "está repetido"),
        ({"signatories": ("director-ugel/120007",)}, "son cargos de la unidad o de la DRE"),
        ({"signatories": ("Rosa Quispe",)}, "son cargos de la unidad o de la DRE"),
        ({"responsible": "Rosa Quispe"}, "son cargos de la unidad o de la DRE"),
    ],
)
def test_a_proposal_must_be_possible(change: dict[str, Any], words: str) -> None:
    """A finding, a known kind, a date to come, signatories once each, charges of the unit or the DRE, no auditor among them."""
    found().when(c.ProposeCommitment(**WANTED | change), by=DRE_SPECIALIST).then(refused(words))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Pagar \u202e0001", "invisibles"),
        ("Pa\u200bgar", "invisibles"),
        ("Pagar\x07", "invisibles"),
        ("Pagar \u0378", "invisibles"),
        ("Pagar \u3164", "invisibles"),
        ("Contratacio\u0301n", "inusual"),
        ("Pagar 👍", "emojis"),
    ],
)
def test_a_text_to_be_signed_shows_all_that_it_holds(text: str, words: str) -> None:
    """Bidirectional marks, zero width, control, unassigned, composed in two ways, pictures: refused at the proposal."""
    for field in ("action", "indicator", "target", "verification", "budget"):
        found().when(c.ProposeCommitment(**WANTED | {field: text}), by=DRE_SPECIALIST).then(refused(words))


def test_the_languages_of_the_region_may_be_signed() -> None:
    """Quechua and Asháninka, accents and line breaks pass."""
    text = "Ñuqanchik yachaywasikunata watukusun\nAnkantearo opaita «pashini» – 100 %"
    found().after(c.ProposeCommitment(**WANTED | {"action": text}), by=DRE_SPECIALIST)


def test_each_signatory_signs_once_and_the_last_completes() -> None:
    """Signatures come in any order unless one was agreed; the last one puts the commitment into execution."""
    story = proposed().when(SIGN, by=DIRECTOR).then(signature(DIRECTOR))
    story.when(SIGN, by=DIRECTOR).then(refused("Su cargo ya firmó"))
    story.when(SIGN, by=HEAD).then(signature(HEAD, complete=True))
    story.when(SIGN, by=HEAD).then(refused("Todos firmaron ya"))


def test_two_signatories_at_once_both_sign() -> None:
    """Whoever comes second is decided on the state that the first one left: the last of both completes."""
    first, second = proposed().after(SIGN, by=HEAD), proposed().after(SIGN, by=DIRECTOR)
    first.when(SIGN, by=DIRECTOR).then(signature(DIRECTOR, complete=True))
    second.when(SIGN, by=HEAD).then(signature(HEAD, complete=True))


def test_an_agreed_order_is_kept() -> None:
    """Who comes later waits for those before, and is told whom."""
    terms = TERMS.__class__(**WANTED | REST | {"ordered": True})
    seen = t.digest(t.document(STREAM, 1, 1, terms))
    sign = s.SignCommitment(commitment=1, version=1, document=seen)
    story = found().after(c.ProposeCommitment(**WANTED, ordered=True), by=DRE_SPECIALIST)
    story.when(sign, by=DIRECTOR).then(refused("se firma en orden", (HEAD.charge,)))
    story.after(sign, by=HEAD).after(sign, by=DIRECTOR)
    assert story.state.commitments.by_number[1].status == "signed"


def test_only_signatories_sign_each_with_one_charge() -> None:
    """A charge that is not named, or a person who has signed in another charge, is refused."""
    proposed().when(SIGN, by=SPECIALIST).then(refused("Su cargo no figura"))
    both = Person(DIRECTOR.id, HEAD.charge)
    proposed().after(SIGN, by=DIRECTOR).when(SIGN, by=both).then(refused("con otro cargo"))


def test_a_signature_is_on_the_text_that_was_seen() -> None:
    """Another hash means another text: read it again."""
    proposed().when(msgspec.structs.replace(SIGN, document="0" * 64), by=HEAD).then(refused("no es el vigente"))


def test_an_answer_of_a_passkey_serves_once() -> None:
    """Not for another commitment of the same words, not with its nonce in an answer of its own, not for another version."""
    soft, nonce = SoftKey("juan"), "bm9uY2UtMTIz"
    key = SigningKey(1, HEAD.id, soft.credential, soft.public_key, "celular o tableta", "localhost", "confirmed")
    twin = t.digest(t.document(STREAM, 2, 1, TERMS))
    said: dict[str, Any] = {
        "document": HASH,
        "signatory": HEAD.id,
        "charge": HEAD.charge,
        "stream": STREAM,
        "commitment": 1,
        "version": 1,
    }
    other = said | {"document": twin, "commitment": 2}
    first = soft.answer(1, nonce, **said)
    sign = msgspec.structs.replace(SIGN, method="llave de acceso", proof=first)
    second = msgspec.structs.replace(sign, commitment=2, document=twin)
    story = proposed().after(PROPOSE, by=DRE_SPECIALIST).after(sign, by=HEAD, keys={1: key})
    story.when(second, by=HEAD, keys={1: key}).then(refused("no es de este texto"))
    again = msgspec.structs.replace(second, proof=soft.answer(1, nonce, **other))
    story.when(again, by=HEAD, keys={1: key}).then(refused("ya sirvió para una firma"))
    fresh = msgspec.structs.replace(second, proof=soft.answer(1, "b3Rybw", **other))
    story.after(fresh, by=HEAD, keys={1: key})
    story.after(REVISE, by=DRE_SPECIALIST)
    later = msgspec.structs.replace(sign, version=2, document=t.digest(SECOND))
    story.when(later, by=HEAD, keys={1: key}).then(refused("no es de este texto"))


def test_a_signatory_may_decline_before_signing() -> None:
    """Declining ends the proposal with its reason; others no longer sign; another text may be offered."""
    proposed().when(DECLINE, by=SPECIALIST).then(refused("no figura entre los firmantes"))
    proposed().after(SIGN, by=HEAD).when(DECLINE, by=HEAD).then(refused("ya firmó"))
    story = proposed().when(DECLINE, by=HEAD).then(s.CommitmentDeclined(commitment=1, charge=HEAD.charge, reason="No"))
    story.when(SIGN, by=DIRECTOR).then(refused("rechazó este compromiso")).when(DECLINE, by=DIRECTOR).then(refused("rechazó"))
    story.after(REVISE, by=DRE_SPECIALIST).when(SIGN_SECOND, by=HEAD).then(signature(HEAD, version=2))


def test_a_proposal_without_signatures_may_be_withdrawn() -> None:
    """After the first signature it may not, whatever became of the text that was signed."""
    proposed().when(WITHDRAW, by=DRE_SPECIALIST).then(c.CommitmentWithdrawn(commitment=1, reason="Error"))
    touched = proposed().after(SIGN, by=HEAD)
    touched.when(WITHDRAW, by=DRE_SPECIALIST).then(refused("Ya tiene una firma"))
    touched.after(REVISE, by=DRE_SPECIALIST).when(WITHDRAW, by=DRE_SPECIALIST).then(refused("Ya tiene una firma"))
    signed().when(WITHDRAW, by=DRE_SPECIALIST).then(refused("ya no se puede retirar"))
    proposed().after(WITHDRAW, by=DRE_SPECIALIST).when(SIGN, by=HEAD).then(refused("fue retirado"))


def test_a_proposal_may_be_worded_anew() -> None:
    """The new text needs new signatures: those of the old one do not count, and the old one is no longer signed."""
    story = proposed().after(SIGN, by=HEAD).when(REVISE, by=DRE_SPECIALIST)
    seen = {"document": t.digest(SECOND), "canonical": SECOND.decode(), "terms": t.Terms(**LONGER | REST)}
    story.then(c.CommitmentRevised(commitment=1, version=2, reason="Se contrató tarde", **seen))  # type: ignore[arg-type]
    story.when(SIGN, by=DIRECTOR).then(refused("La versión 1 ya no se firma: hay una nueva, la 2"))
    story.when(msgspec.structs.replace(SIGN, version=3), by=DIRECTOR).then(refused("no existe"))
    story.after(SIGN_SECOND, by=HEAD).after(SIGN_SECOND, by=DIRECTOR)
    it = story.state.commitments.by_number[1]
    assert (it.status, it.current.number, it.due, it.original) == ("signed", 2, date(2027, 2, 1), date(2027, 2, 1))


def test_a_renegotiation_rules_once_all_have_signed_it() -> None:
    """Until then the version before is in force, with its day; the day first agreed stays known."""
    story = signed().after(REVISE, by=DRE_SPECIALIST)
    it = story.state.commitments.by_number[1]
    assert (it.status, it.current.number, it.offer.number, it.due) == ("signed", 1, 2, WANTED["due"])
    story.when(SIGN, by=HEAD).then(refused("La versión 1 ya no se firma"))
    story.when(SIGN_SECOND, by=HEAD).then(signature(HEAD, version=2))
    story.when(SIGN_SECOND, by=DIRECTOR).then(signature(DIRECTOR, version=2, complete=True))
    assert (it.status, it.current.number, it.offer, it.due) == ("signed", 2, None, date(2027, 2, 1))
    assert it.original == WANTED["due"]


def test_declining_a_renegotiation_leaves_the_commitment_as_it_was() -> None:
    """The offer ends with its reason; what was signed before goes on."""
    story = signed().after(REVISE, by=DRE_SPECIALIST)
    decline = msgspec.structs.replace(DECLINE, version=2)
    declined = s.CommitmentDeclined(commitment=1, charge=HEAD.charge, reason="No", version=2, renegotiation=True)
    story.when(decline, by=HEAD).then(declined)
    it = story.state.commitments.by_number[1]
    assert (it.status, it.current.number, it.offer) == ("signed", 1, None)


def test_an_offer_without_signatures_may_be_withdrawn() -> None:
    """A renegotiation that somebody has signed is declined or signed, not taken back."""
    story = signed().after(REVISE, by=DRE_SPECIALIST)
    gone = c.CommitmentWithdrawn(commitment=1, reason="Error", version=2, renegotiation=True)
    story.when(WITHDRAW, by=DRE_SPECIALIST).then(gone)
    story = signed().after(REVISE, by=DRE_SPECIALIST).after(SIGN_SECOND, by=HEAD)
    story.when(WITHDRAW, by=DRE_SPECIALIST).then(refused("ya tiene una firma"))


def test_a_text_that_says_the_same_is_no_revision() -> None:
    """After a refusal it may be offered again as it was, otherwise something has to change."""
    same = c.ReviseCommitment(commitment=1, reason="Otra vez", **WANTED)
    proposed().when(same, by=DRE_SPECIALIST).then(refused("dice lo mismo"))
    signed().when(same, by=DRE_SPECIALIST).then(refused("dice lo mismo"))
    proposed().after(DECLINE, by=HEAD).after(same, by=DRE_SPECIALIST)
    proposed().after(WITHDRAW, by=DRE_SPECIALIST).when(REVISE, by=DRE_SPECIALIST).then(refused("ya no admite otro texto"))


PAPER, ONE, TWO = ("a" * 64, "b" * 64, "c" * 64)
OUTSIDE = s.SignOutside(
    commitment=1, version=1, document=HASH, paper=PAPER, previous=PAPER, file=ONE, signed_at=datetime(2026, 11, 20, 9, tzinfo=UTC)
)


def test_a_pdf_is_signed_outside_by_one_after_the_other() -> None:
    """Each on the file the one before left; a copy taken earlier is refused in words; the last completes."""
    story = proposed().after(OUTSIDE, by=HEAD)
    event = story.last[0]
    assert isinstance(event, s.CommitmentSignedOutside)
    assert (event.file, event.canonical, event.complete) == (ONE, TEXT.decode(), False)
    story.when(msgspec.structs.replace(OUTSIDE, file=TWO), by=DIRECTOR).then(refused("Otra persona firmó el documento"))
    other = msgspec.structs.replace(OUTSIDE, paper=TWO, previous=ONE, file=TWO)
    story.when(other, by=DIRECTOR).then(refused("no es el documento que Quipu preparó"))
    story.after(msgspec.structs.replace(OUTSIDE, previous=ONE, file=TWO), by=DIRECTOR)
    assert story.state.commitments.by_number[1].status == "signed"


def test_a_refused_file_is_kept_in_the_record_and_changes_nothing() -> None:
    """The verdict and its reasons are a fact; the charge may try again."""
    refuse = s.RefuseOutsideFile(commitment=1, version=1, file=ONE, verdict="NO VÁLIDO", reasons=("altered",))
    story = proposed().when(refuse, by=HEAD)
    story.then(
        s.OutsideFileRefused(commitment=1, version=1, charge=HEAD.charge, file=ONE, verdict="NO VÁLIDO", reasons=("altered",))
    )
    story.when(refuse, by=SPECIALIST).then(refused("Su cargo no figura"))
    story.when(SIGN, by=HEAD).then(signature(HEAD))


WRITTEN_AGAIN = s.RefuseOutsideFile(commitment=1, version=1, file=ONE, verdict="INDETERMINADO", reasons=s.REWRITTEN)
ACCEPT = r.AcceptOutsideFile(
    commitment=1, version=1, file=ONE, reason="Validado en el software de la IOFE; el texto es el mismo."
)


def test_another_person_accepts_a_file_that_only_a_person_can_judge() -> None:
    """It counts as a signature of who brought it, with the reason of who accepted it; the next one signs on it outside."""
    story = proposed().after(WRITTEN_AGAIN, by=HEAD).when(ACCEPT, by=DRE_SPECIALIST)
    seen = {"charge": HEAD.charge, "signatory": HEAD.id, "document": HASH, "canonical": TEXT.decode(), "file": ONE}
    story.then(r.OutsideFileAccepted(commitment=1, version=1, reason=ACCEPT.reason, **seen))  # type: ignore[arg-type]
    story.when(SIGN, by=HEAD).then(refused("ya firmó"))
    story.when(ACCEPT, by=DRE_SPECIALIST).then(refused("ya firmó"))
    story.after(msgspec.structs.replace(OUTSIDE, previous=ONE, file=TWO), by=DIRECTOR)
    assert story.state.commitments.by_number[1].status == "signed"


def test_a_file_is_accepted_by_another_person_only_while_it_can_count() -> None:
    """Not by who brought it or signs it too, not with other reasons, not when the charge signed otherwise, somebody else on it, or another text waits."""
    story = proposed().after(WRITTEN_AGAIN, by=HEAD)
    for by in (HEAD, Person(HEAD.id, DRE_SPECIALIST.charge), Person(SPECIALIST.id, HEAD.charge)):
        story.when(ACCEPT, by=by).then(refused("lo hace otra persona"))
    office = msgspec.structs.replace(PROPOSE, signatories=(HEAD.charge, DRE_DIRECTOR.charge))
    shared = found().after(office, by=DRE_SPECIALIST).after(WRITTEN_AGAIN, by=HEAD)
    shared.when(ACCEPT, by=DRE_DIRECTOR).then(refused("Quien firma este compromiso no acepta"))
    story.when(msgspec.structs.replace(ACCEPT, file=TWO), by=DRE_SPECIALIST).then(refused("no espera que lo revise"))
    for reasons in (("rewritten", "no-revocation"), ("no-dni",)):
        unsure = msgspec.structs.replace(WRITTEN_AGAIN, reasons=reasons)
        proposed().after(unsure, by=HEAD).when(ACCEPT, by=DRE_SPECIALIST).then(refused("no espera que lo revise"))
    proposed().after(WRITTEN_AGAIN, by=HEAD).after(SIGN, by=HEAD).when(ACCEPT, by=DRE_SPECIALIST).then(refused("ya firmó"))
    later = proposed().after(WRITTEN_AGAIN, by=HEAD).after(OUTSIDE, by=DIRECTOR)
    later.when(ACCEPT, by=DRE_SPECIALIST).then(refused("un PDF firmado después"))
    anew = proposed().after(WRITTEN_AGAIN, by=HEAD).after(REVISE, by=DRE_SPECIALIST)
    anew.when(ACCEPT, by=DRE_SPECIALIST).then(refused("Esa versión ya no se firma"))


def test_an_unknown_commitment_is_refused() -> None:
    """Every step needs a commitment that exists."""
    for step in (SIGN, DECLINE, WITHDRAW, REVISE, OUTSIDE, ACCEPT):
        found().when(step, by=DRE_DIRECTOR).then(refused("Ese compromiso no existe"))
