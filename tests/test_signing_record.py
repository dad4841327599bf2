"""`quipu verify` looks at every passkey's signature again: what holds is counted, what does not is named."""

from typing import Any

import pytest
from msgspec.structs import replace

from service.aggregates import Event, Fact
from service.aggregates.commitment_signing import CommitmentSigned
from service.aggregates.commitment_terms import digest
from service.aggregates.signing_key import KeyConfirmed, KeyEnrolled, KeyRevoked
from service.demo.soft_key import PRESENT, SoftKey
from service.record import Recorded
from service.signing.record import check
from tests.stories import DAY, DIRECTOR, DRE_DIRECTOR, NOON, UNIT, Person

STREAM, STANDING = f"unit/{UNIT}/2026", "dre/120000"
SOFT, TEXT = SoftKey("ana"), '{"v":2}'
SAID: dict[str, Any] = {"charge": DIRECTOR.charge, "stream": STREAM, "commitment": 1, "version": 1}


def recorded(position: int, stream: str, by: Person, event: Event) -> Recorded:
    """A fact in its place."""
    fact = Fact(at=NOON, on=DAY, person=by.id, charge=by.charge, command=f"c{position}", salt="", event=event)
    return Recorded(position, stream, position, fact)


def signed(**changed: Any) -> CommitmentSigned:
    """The director's signature; what is changed is changed in the event alone."""
    proof = SOFT.answer(1, "bm9uY2U", document=digest(TEXT.encode()), signatory=DIRECTOR.id, **SAID)
    known: dict[str, Any] = {"commitment": 1, "version": 1, "charge": DIRECTOR.charge, "document": digest(TEXT.encode())}
    return CommitmentSigned(**known | {"canonical": TEXT, "method": "llave de acceso", "proof": proof} | changed)


ENROLLED = KeyEnrolled(
    key=1,
    holder=DIRECTOR.id,
    credential=SOFT.credential,
    public_key=SOFT.public_key,
    label="computadora",
    site=SOFT.site,
)
KEYS = [recorded(1, STANDING, DIRECTOR, ENROLLED), recorded(2, STANDING, DRE_DIRECTOR, KeyConfirmed(key=1))]


def verdict(event: CommitmentSigned, *later: Recorded, keys: list[Recorded] = KEYS, by: Person = DIRECTOR) -> tuple[int, str]:
    """How many hold, and the first complaint."""
    made = check([*keys, *later], [recorded(5, STREAM, by, event)])
    return made.good, next(iter(made.faults), "")


def test_a_signature_that_holds_is_counted() -> None:
    """Also when its key was revoked afterwards; signatures of other kinds are not counted."""
    revoked = recorded(9, STANDING, DIRECTOR, KeyRevoked(key=1, reason="Cambié de equipo."))
    assert verdict(signed()) == verdict(signed(), revoked) == (1, "")
    assert verdict(signed(method="clave y código", proof=None)) == (0, "")


WEAK = SOFT.answer(1, "bm9uY2U", flags=PRESENT, document=digest(TEXT.encode()), signatory=DIRECTOR.id, **SAID)
ALTERED: dict[str, tuple[dict[str, Any], str]] = {
    "another text": ({"canonical": '{"v":3}'}, "el texto no es el de su huella"),
    "another text with its hash": ({"canonical": "{}", "document": digest(b"{}")}, "no es de este texto"),
    "another charge": ({"charge": "jefe-area/120005/AGP"}, "no es de este texto"),
    "another commitment": ({"commitment": 2}, "no es de este texto"),
    "another version": ({"version": 2}, "no es de este texto"),
    "holder not verified": ({"proof": WEAK}, "no comprobó que fuera usted"),
    "another key": ({"proof": SoftKey("otra").answer(1, "bg", document="", signatory="", **SAID)}, "no era una llave confirmada"),
    "another number": ({"proof": replace(WEAK, key=2)}, "no era una llave confirmada"),
}


@pytest.mark.parametrize("how", ALTERED)
def test_an_altered_fact_is_named_with_its_place(how: str) -> None:
    """Whoever rewrites a signature in the database cannot make it hold."""
    change, words = ALTERED[how]
    good, fault = verdict(signed(**change))
    assert good == 0
    assert fault.startswith(f"hecho n.º 5, {STREAM}, compromiso {change.get('commitment', 1)}: ")
    assert words in fault


def test_a_signature_of_another_person_or_of_a_key_not_confirmed_by_then_is_named() -> None:
    """The keys are taken as they stood at the signature's place in the record."""
    late = [KEYS[0], recorded(6, STANDING, DRE_DIRECTOR, KeyConfirmed(key=1))]
    gone = [*KEYS, recorded(4, STANDING, DIRECTOR, KeyRevoked(key=1, reason="-"))]
    for good, fault in (verdict(signed(), by=DRE_DIRECTOR), verdict(signed(), keys=late), verdict(signed(), keys=gone)):
        assert good == 0
        assert "no era una llave confirmada de quien firmó" in fault
