"""The commitment's story: proposed, signed by each on the same text, executed, declared, verified by somebody else."""

import hashlib
import json
from datetime import date
from typing import Any

import msgspec

from service.aggregates import commitment as c
from service.aggregates.finding import FindingRecorded
from tests.stories import (
    APPROVED,
    DAY,
    DIRECTOR,
    DRE_DIRECTOR,
    DRE_OTHER,
    DRE_SPECIALIST,
    HEAD,
    SPECIALIST,
    Person,
    Story,
    given,
    refused,
)

KNOT = FindingRecorded(finding=1, quarter=1, kind="nudo crítico", text="Pocas visitas", cause="Sin movilidad", activity=1)
WANTED: dict[str, Any] = {
    "finding": 1,
    "action": "Contratar movilidad",
    "responsible": HEAD.charge,
    "due": date(2026, 12, 15),
    "indicator": "Visitas",
    "target": "30",
    "verification": "Informe",
    "signatories": (HEAD.charge, DIRECTOR.charge),
}
PROPOSE = c.ProposeCommitment(**WANTED)
TERMS = c.Terms(**WANTED)
HASH = c.digest(c.document("unit/120005/2026", 1, TERMS))
SIGN = c.SignCommitment(commitment=1, document=HASH)
DECLARE = c.DeclareCommitment(commitment=1, fulfilled=True, text="Hecho", evidence="Informe 9")
VERIFY = c.VerifyCommitment(commitment=1, accepted=True)
DECLINE, WITHDRAW = c.DeclineCommitment(commitment=1, reason="No"), c.WithdrawCommitment(commitment=1, reason="Error")
REPORT = c.ReportCommitment(commitment=1, text="En trámite")


def found() -> Story:
    """A year with one critical knot."""
    return given(*APPROVED, DRE_SPECIALIST.did(KNOT))


def proposed() -> Story:
    """A commitment that waits for two signatures."""
    return found().after(PROPOSE, by=DRE_SPECIALIST)


def signed() -> Story:
    """The same in execution."""
    return proposed().after(SIGN, by=HEAD).after(SIGN, by=DIRECTOR)


def declared() -> Story:
    """The same, declared as fulfilled."""
    return signed().after(DECLARE, by=HEAD)


def test_a_commitment_is_proposed_from_a_finding() -> None:
    """The event carries the terms and the hash of the canonical text that will be signed."""
    found().when(PROPOSE, by=DRE_SPECIALIST).then(c.CommitmentProposed(commitment=1, document=HASH, terms=TERMS))


def test_what_is_signed_is_the_canonical_document() -> None:
    """Anybody can make the hash again: sorted keys, no spaces, UTF-8, SHA-256."""
    said = {"v": 1, "stream": "unit/120005/2026", "commitment": 1, "terms": msgspec.to_builtins(TERMS)}
    by_hand = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    assert c.document("unit/120005/2026", 1, TERMS) == by_hand
    assert hashlib.sha256(by_hand).hexdigest() == HASH


def test_a_proposal_must_be_possible() -> None:
    """A finding, a date to come, signatories once each, charges of the unit or the DRE, no auditor among them."""
    for change, words in (
        ({"finding": 9}, "Ese hallazgo no existe"),
        ({"due": DAY}, "posterior a hoy"),
        ({"signatories": ("auditor/120000", DIRECTOR.charge)}, "órgano de control no firma"),
        ({"responsible": "auditor/120000"}, "órgano de control no firma"),
        ({"signatories": (HEAD.charge, HEAD.charge)}, "está repetido"),
        ({"signatories": ("director-ugel/120007",)}, "son cargos de la unidad o de la DRE"),
        ({"signatories": ("Rosa Quispe",)}, "son cargos de la unidad o de la DRE"),
        ({"responsible": "Rosa Quispe"}, "son cargos de la unidad o de la DRE"),
    ):
        found().when(c.ProposeCommitment(**WANTED | change), by=DRE_SPECIALIST).then(refused(words))


def test_each_signatory_signs_once_and_the_last_completes() -> None:
    """Signatures come in any order; the last one puts the commitment into execution."""
    story = proposed().when(SIGN, by=DIRECTOR)
    story.then(c.CommitmentSigned(commitment=1, charge=DIRECTOR.charge, document=HASH, method="contraseña"))
    story.when(SIGN, by=DIRECTOR).then(refused("Su cargo ya firmó"))
    story.when(REPORT, by=HEAD).then(refused("firmado y en ejecución"))
    story.when(SIGN, by=HEAD).then(
        c.CommitmentSigned(commitment=1, charge=HEAD.charge, document=HASH, method="contraseña", complete=True)
    )
    story.when(SIGN, by=HEAD).then(refused("ya no se puede firmar"))


def test_only_signatories_sign_each_with_one_charge() -> None:
    """A charge that is not named, or a person who has signed in another charge, is refused."""
    proposed().when(SIGN, by=SPECIALIST).then(refused("Su cargo no figura"))
    both = Person(DIRECTOR.id, HEAD.charge)
    proposed().after(SIGN, by=DIRECTOR).when(SIGN, by=both).then(refused("con otro cargo"))


def test_a_signature_is_on_the_text_that_was_seen() -> None:
    """Another hash means another text: read it again."""
    proposed().when(c.SignCommitment(commitment=1, document="0" * 64), by=HEAD).then(refused("no es el vigente"))


def test_a_signatory_may_decline_before_signing() -> None:
    """Declining ends the proposal with its reason; others no longer sign."""
    proposed().when(DECLINE, by=SPECIALIST).then(refused("no figura entre los firmantes"))
    proposed().after(SIGN, by=HEAD).when(DECLINE, by=HEAD).then(refused("ya firmó"))
    story = proposed().when(DECLINE, by=HEAD).then(c.CommitmentDeclined(commitment=1, charge=HEAD.charge, reason="No"))
    story.when(SIGN, by=DIRECTOR).then(refused("ya no se puede firmar")).when(DECLINE, by=DIRECTOR).then(
        refused("ya no espera firmas")
    )


def test_a_proposal_without_signatures_may_be_withdrawn() -> None:
    """After the first signature it may not."""
    proposed().when(WITHDRAW, by=DRE_SPECIALIST).then(c.CommitmentWithdrawn(commitment=1, reason="Error"))
    proposed().after(SIGN, by=HEAD).when(WITHDRAW, by=DRE_SPECIALIST).then(refused("Ya tiene una firma"))
    signed().when(WITHDRAW, by=DRE_SPECIALIST).then(refused("ya no se puede retirar"))


def test_report_declare_verify() -> None:
    """Progress is told, the responsible declares with evidence, another person of the DRE verifies."""
    story = signed().when(REPORT, by=HEAD).then(c.CommitmentReported(commitment=1, text="En trámite"))
    story.when(DECLARE, by=HEAD).then(c.CommitmentDeclared(commitment=1, fulfilled=True, text="Hecho", evidence="Informe 9"))
    story.when(DECLARE, by=HEAD).then(refused("firmado y en ejecución"))
    story.when(VERIFY, by=DRE_OTHER).then(c.CommitmentVerified(commitment=1, accepted=True, fulfilled=True))
    story.when(VERIFY, by=DRE_OTHER).then(refused("todavía no declara"))


def test_only_the_responsible_declares_and_fulfilment_needs_its_proof() -> None:
    """A failure is declared without evidence, a success never."""
    signed().when(DECLARE, by=DIRECTOR).then(refused("Solo el cargo responsable"))
    bare = c.DeclareCommitment(commitment=1, fulfilled=True, text="Hecho")
    signed().when(bare, by=HEAD).then(refused("medio de verificación"))
    failed = c.DeclareCommitment(commitment=1, fulfilled=False, text="No se pudo")
    signed().when(failed, by=HEAD).then(c.CommitmentDeclared(commitment=1, fulfilled=False, text="No se pudo"))


def test_who_is_responsible_does_not_verify() -> None:
    """Neither the person who declared, in any charge, nor anybody in the responsible charge."""
    declared().when(VERIFY, by=Person(HEAD.id, DRE_SPECIALIST.charge)).then(refused("Quien es responsable no puede verificar"))
    declared().when(VERIFY, by=Person("otro", HEAD.charge)).then(refused("Quien es responsable no puede verificar"))


def test_what_is_not_accepted_goes_on() -> None:
    """A refusal by the verifier needs its reason, and the responsible declares again."""
    no = c.VerifyCommitment(commitment=1, accepted=False)
    declared().when(no, by=DRE_OTHER).then(refused("Explique por qué"))
    story = declared().after(c.VerifyCommitment(commitment=1, accepted=False, text="Falta el informe"), by=DRE_OTHER)
    story.after(DECLARE, by=HEAD).after(VERIFY, by=DRE_DIRECTOR)
    assert story.state.commitments.by_number[1].status == "verified"


def test_an_unknown_commitment_is_refused() -> None:
    """Every step needs a commitment that exists."""
    for step in (SIGN, DECLINE, WITHDRAW, REPORT, DECLARE, VERIFY):
        found().when(step, by=HEAD).then(refused("Ese compromiso no existe"))
