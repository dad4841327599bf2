"""A commitment in execution: reports, more time granted by another person, declaration, verification by another."""

from datetime import date

import msgspec

from service.aggregates import commitment_life as life
from tests.stories import DAY, DIRECTOR, DRE_DIRECTOR, DRE_OTHER, DRE_SPECIALIST, HEAD, SPECIALIST, Person, Story, refused
from tests.test_commitment import REVISE, WANTED, found, proposed, signed

DECLARE = life.DeclareCommitment(commitment=1, fulfilled=True, text="Hecho", evidence="Informe 9")
VERIFY = life.VerifyCommitment(commitment=1, accepted=True)
REPORT = life.ReportCommitment(commitment=1, text="En trámite")
LATER = date(2027, 1, 15)
ASK = life.RequestExtension(commitment=1, due=LATER, reason="Lluvias")
GRANT = life.GrantExtension(commitment=1, extension=1)
REJECT = life.RejectExtension(commitment=1, extension=1, reason="Hay tiempo")


def declared() -> Story:
    """A signed commitment, declared as fulfilled."""
    return signed().after(DECLARE, by=HEAD)


def test_report_declare_verify() -> None:
    """Progress is told, the responsible declares with evidence, another person of the DRE verifies."""
    story = signed().when(REPORT, by=HEAD).then(life.CommitmentReported(commitment=1, text="En trámite"))
    story.when(DECLARE, by=HEAD).then(life.CommitmentDeclared(commitment=1, fulfilled=True, text="Hecho", evidence="Informe 9"))
    story.when(DECLARE, by=HEAD).then(refused("firmado y en ejecución"))
    story.when(VERIFY, by=DRE_OTHER).then(life.CommitmentVerified(commitment=1, accepted=True, fulfilled=True))
    story.when(VERIFY, by=DRE_OTHER).then(refused("todavía no declara"))


def test_who_verifies_does_not_report() -> None:
    """Anybody of the unit tells how it goes; the DRE looks at it, and tells of a commitment only where it answers for it."""
    for by in (SPECIALIST, DIRECTOR):
        signed().when(REPORT, by=by).then(life.CommitmentReported(commitment=1, text="En trámite"))
    signed().when(REPORT, by=DRE_SPECIALIST).then(refused("la DRE lo verifica"))


def test_nothing_is_reported_before_all_have_signed() -> None:
    """A proposal is not in execution."""
    for step in (REPORT, DECLARE, ASK):
        proposed().when(step, by=HEAD).then(refused("firmado y en ejecución"))


def test_only_the_responsible_declares_and_fulfilment_needs_its_proof() -> None:
    """A failure is declared without evidence, a success never: a document is named or a file attached."""
    signed().when(DECLARE, by=DIRECTOR).then(refused("Solo el cargo responsable"))
    bare = life.DeclareCommitment(commitment=1, fulfilled=True, text="Hecho")
    signed().when(bare, by=HEAD).then(refused("medio de verificación"))
    filed = msgspec.structs.replace(bare, digest="a" * 64, media="application/pdf", size=9)
    told = life.CommitmentDeclared(**msgspec.structs.asdict(filed))
    signed().when(filed, by=HEAD).then(told)
    failed = life.DeclareCommitment(commitment=1, fulfilled=False, text="No se pudo")
    signed().when(failed, by=HEAD).then(life.CommitmentDeclared(commitment=1, fulfilled=False, text="No se pudo"))


def test_who_is_responsible_does_not_verify() -> None:
    """Neither the person who declared, in any charge, nor anybody in the responsible charge."""
    declared().when(VERIFY, by=Person(HEAD.id, DRE_SPECIALIST.charge)).then(refused("Quien es responsable no puede verificar"))
    declared().when(VERIFY, by=Person("otro", HEAD.charge)).then(refused("Quien es responsable no puede verificar"))


def test_what_is_not_accepted_goes_on() -> None:
    """A refusal by the verifier needs its reason, and the responsible declares again."""
    no = life.VerifyCommitment(commitment=1, accepted=False)
    declared().when(no, by=DRE_OTHER).then(refused("Explique por qué"))
    story = declared().after(life.VerifyCommitment(commitment=1, accepted=False, text="Falta el informe"), by=DRE_OTHER)
    story.after(DECLARE, by=HEAD).after(VERIFY, by=DRE_DIRECTOR)
    assert story.state.commitments.by_number[1].status == "verified"


def test_more_time_is_asked_for_with_a_reason_and_granted_by_another() -> None:
    """The day moves, the one first agreed stays known, extensions are counted."""
    story = signed().when(ASK, by=HEAD)
    story.then(life.ExtensionRequested(commitment=1, extension=1, due=LATER, reason="Lluvias"))
    story.when(GRANT, by=Person(HEAD.id, DRE_SPECIALIST.charge)).then(refused("Quien pide la prórroga no la resuelve"))
    story.when(GRANT, by=DRE_OTHER).then(life.ExtensionGranted(commitment=1, extension=1, was=WANTED["due"], due=LATER))
    it = story.state.commitments.by_number[1]
    assert (it.due, it.original, it.terms.due, it.extensions) == (LATER, WANTED["due"], WANTED["due"], 1)
    story.when(GRANT, by=DRE_OTHER).then(refused("no está por resolver"))
    again = life.RequestExtension(commitment=1, due=date(2027, 2, 1), reason="Más lluvias")
    story.after(again, by=HEAD).when(GRANT, by=DRE_OTHER).then(refused("no está por resolver"))


def test_a_rejected_extension_leaves_the_day() -> None:
    """With its reason; another one may be asked for."""
    story = signed().after(ASK, by=HEAD).when(REJECT, by=DRE_OTHER)
    story.then(life.ExtensionRejected(commitment=1, extension=1, reason="Hay tiempo"))
    assert story.state.commitments.by_number[1].due == WANTED["due"]
    story.when(ASK, by=HEAD).then(life.ExtensionRequested(commitment=1, extension=2, due=LATER, reason="Lluvias"))


def test_an_extension_has_its_conditions() -> None:
    """Asked by who answers or the director of the UGEL, one at a time, for a later day, not beside a renegotiation; answered while it makes sense."""
    signed().when(ASK, by=SPECIALIST).then(refused("Solo el cargo responsable o la dirección"))
    signed().when(ASK, by=DIRECTOR).then(life.ExtensionRequested(commitment=1, extension=1, due=LATER, reason="Lluvias"))
    signed().after(ASK, by=HEAD).when(ASK, by=HEAD).then(refused("Ya hay una prórroga"))
    sooner = life.RequestExtension(commitment=1, due=WANTED["due"], reason="-")
    signed().when(sooner, by=HEAD).then(refused("posterior a hoy y a la vigente"))
    signed().after(REVISE, by=DRE_SPECIALIST).when(ASK, by=HEAD).then(refused("Hay una renegociación"))
    signed().after(ASK, by=HEAD).when(REVISE, by=DRE_SPECIALIST).then(refused("Hay una prórroga por resolver"))
    signed().after(ASK, by=HEAD).when(GRANT, by=DRE_OTHER, today=LATER).then(refused("La fecha pedida ya pasó"))
    signed().after(ASK, by=HEAD).after(DECLARE, by=HEAD).when(GRANT, by=DRE_OTHER).then(refused("ya no está en ejecución"))
    assert LATER > DAY


def test_an_unknown_commitment_is_refused() -> None:
    """Every step needs a commitment that exists."""
    for step in (REPORT, ASK, GRANT, REJECT, DECLARE, VERIFY):
        found().when(step, by=HEAD).then(refused("Ese compromiso no existe"))
