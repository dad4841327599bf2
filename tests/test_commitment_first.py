"""What the first releases recorded of commitments stays readable, verifiable and signable for ever."""

from datetime import date
from pathlib import Path

import msgspec

from service.aggregates import commitment as c
from service.aggregates import commitment_first as before
from service.aggregates import commitment_life as life
from service.aggregates import commitment_signing as s
from service.aggregates import commitment_terms as t
from tests.stories import APPROVED, DIRECTOR, HEAD, given, refused
from tests.test_commitment import KNOT, TERMS

DATA = Path(__file__).with_name("data")
FIRST = before.FirstTerms(
    finding=1,
    action="Contratar la movilidad «ahora»\ny en enero",
    responsible=HEAD.charge,
    due=date(2026, 12, 15),
    indicator="Aulas visitadas",
    target="30 de 30",
    verification="Informe N.º 9 – Ñahui",
    signatories=(HEAD.charge, DIRECTOR.charge),
)
FIGURES = (t.Figure("II trimestre, calificación de la actividad 4", "62,50 %", 214),)
SECOND = msgspec.structs.replace(before.today_terms(FIRST), kind="mejora", budget="S/ 1 200,00", ordered=True, figures=FIGURES)


def test_the_bytes_that_are_signed_never_change() -> None:
    """Golden files: the canonical documents of both forms, byte for byte, whatever becomes of the code."""
    assert before.first_document("unit/120005/2026", 3, FIRST) == (DATA / "commitment-v1.json").read_bytes()
    assert t.document("unit/120005/2026", 3, 2, SECOND) == (DATA / "commitment-v2.json").read_bytes()


def test_a_document_is_read_back_from_its_bytes_alone() -> None:
    """The old form as what it means today, the new one as it is."""
    assert before.said((DATA / "commitment-v1.json").read_text()) == before.Document(
        "unit/120005/2026", 3, before.today_terms(FIRST)
    )
    assert before.said((DATA / "commitment-v2.json").read_text()) == before.Document("unit/120005/2026", 3, SECOND, 2)


def proposed(number: int = 1) -> before.FirstCommitmentProposed:
    """A proposal as it was recorded."""
    text = before.first_document("unit/120005/2026", number, FIRST)
    return before.FirstCommitmentProposed(commitment=number, document=t.digest(text), terms=FIRST)


def test_an_old_commitment_goes_on_under_the_rules_of_today() -> None:
    """Half signed with a password, it is signed by the other on the same old bytes, extended and declared."""
    event = proposed()
    old = before.FirstCommitmentSigned(commitment=1, charge=HEAD.charge, document=event.document, method="contraseña")
    story = given(*APPROVED, KNOT, event, HEAD.did(old))
    sign = s.SignCommitment(commitment=1, version=1, document=event.document)
    story.after(sign, by=DIRECTOR)
    last = story.last[0]
    assert isinstance(last, s.CommitmentSigned)
    assert (t.digest(last.canonical.encode()), last.complete) == (event.document, True)
    story.after(life.RequestExtension(commitment=1, due=date(2027, 1, 1), reason="Lluvias"), by=HEAD)
    story.after(life.DeclareCommitment(commitment=1, fulfilled=False, text="No se pudo"), by=HEAD)
    assert story.state.commitments.by_number[1].original == FIRST.due


def carried(origin: str, document: str, **values: object) -> before.FirstCommitmentCarried:
    """A commitment that went on in a new year, as it was recorded."""
    signed = {HEAD.charge: HEAD.id, DIRECTOR.charge: DIRECTOR.id}
    return msgspec.convert(
        {"type": "commitment-carried", "commitment": 1, "origin": origin, "document": document, "terms": FIRST, "signed": signed}
        | values,
        before.FirstCommitmentCarried,
        from_attributes=True,
    )


def test_what_was_carried_from_year_to_year_is_what_it_was() -> None:
    """Its text is made again from its origin; what was carried twice is read in the year where it was signed."""
    once = before.first_document("unit/120005/2025", 4, FIRST)
    it = given(*APPROVED, carried("120005-2025-4", t.digest(once))).state.commitments.by_number[1]
    assert (it.status, it.current.canonical, it.carried) == ("signed", once.decode(), True)
    declared = carried("120005-2025-4", t.digest(once), declarer=HEAD.id, fulfilled=True)
    assert given(*APPROVED, declared).state.commitments.by_number[1].status == "declared"
    twice = given(*APPROVED, carried("120005-2025-4", "0" * 64)).state.commitments.by_number[1]
    assert twice.current.canonical == ""
    half = given(*APPROVED, carried("120005-2025-4", "0" * 64, signed={HEAD.charge: HEAD.id}))
    sign = s.SignCommitment(commitment=1, version=1, document="0" * 64)
    half.when(sign, by=DIRECTOR).then(refused("quedó en su año de origen"))


def test_old_and_new_commitments_stand_side_by_side() -> None:
    """The numbers go on."""
    story = given(*APPROVED, KNOT, proposed())
    terms = {name: getattr(TERMS, name) for name in TERMS.__struct_fields__ if name != "figures"}
    story.after(c.ProposeCommitment(**terms), by=HEAD)
    assert list(story.state.commitments.by_number) == [1, 2]
