"""Passkeys of the record: who enrols, who confirms, who revokes, and when a key may sign."""

from datetime import date
from typing import Any

import pytest

from service.aggregates import Refused
from service.aggregates import signing_key as k
from service.aggregates.receipt import code, grouped, typed
from service.demo.soft_key import SoftKey
from tests.stories import DIRECTOR, DRE_DIRECTOR, SPECIALIST, UNIT, Person, Story, given_standing, refused, rolled

ADMIN = Person("noe", "admin/120000")
SOFT = SoftKey("rosa")
ENROLLED: dict[str, Any] = {
    "key": 1,
    "holder": SPECIALIST.id,
    "credential": SOFT.credential,
    "public_key": SOFT.public_key,
    "label": "computadora",
    "site": "localhost",
}
RECEIPT = k.SigningKey(**ENROLLED).receipt
CONFIRM = k.ConfirmKey(key=1, unit=UNIT, receipt=grouped(RECEIPT).lower())
SAID: dict[str, Any] = {
    "document": "ab" * 32,
    "signatory": SPECIALIST.id,
    "charge": SPECIALIST.charge,
    "stream": f"unit/{UNIT}/2026",
    "commitment": 1,
    "version": 1,
}


def enrolled(*past: Any) -> Story:
    """The specialist's key, waiting to be confirmed."""
    return given_standing(SPECIALIST.did(k.KeyEnrolled(**ENROLLED)), *past)


def test_a_person_enrols_the_own_key_once() -> None:
    """The holder is who gives the command; a credential is enrolled once, by whomever; ten keys are enough."""
    story = given_standing().when(SOFT.enrolment(), by=SPECIALIST).then(k.KeyEnrolled(**ENROLLED))
    for person in (SPECIALIST, DIRECTOR):
        story.when(SOFT.enrolment(), by=person).then(refused("ya está registrada"))
    for number in range(2, 11):
        story.after(SoftKey(f"rosa {number}").enrolment(), by=SPECIALIST)
    story.when(SoftKey("rosa 11").enrolment(), by=SPECIALIST).then(refused("ya tiene 10 llaves"))
    story.after(k.RevokeKey(key=1, unit=UNIT, reason="Cambié de equipo."), by=SPECIALIST)
    story.after(SoftKey("rosa 11").enrolment(), by=SPECIALIST)


def test_another_person_confirms_with_the_code_of_the_receipt() -> None:
    """Nobody confirms the own key; the code is the one the holder reads aloud; the holder belongs to the unit today."""
    enrolled().when(CONFIRM, by=DIRECTOR).then(k.KeyConfirmed(key=1))
    enrolled().when(CONFIRM, by=SPECIALIST).then(refused("Nadie confirma su propia llave"))
    wrong = k.ConfirmKey(key=1, unit=UNIT, receipt=code(b"otra llave"))
    enrolled().when(wrong, by=DIRECTOR).then(refused("no es el código del recibo"))
    elsewhere = k.ConfirmKey(key=1, unit="120007", receipt=RECEIPT)
    enrolled().when(elsewhere, by=DRE_DIRECTOR).then(refused("no tiene un cargo vigente en esa unidad"))
    enrolled().when(CONFIRM, by=DIRECTOR, today=date(2019, 1, 1)).then(refused("no tiene un cargo vigente"))
    enrolled().when(k.ConfirmKey(key=2, unit=UNIT, receipt=RECEIPT), by=DIRECTOR).then(refused("no existe"))
    enrolled(DIRECTOR.did(k.KeyConfirmed(key=1))).when(CONFIRM, by=DRE_DIRECTOR).then(refused("ya está confirmada"))


def test_a_key_is_revoked_by_its_holder_or_by_who_answers_for_it() -> None:
    """The direction or the administrator, of the holder's unit; a revoked key is never confirmed again."""
    revoke = k.RevokeKey(key=1, unit=UNIT, reason="Se perdió el equipo.")
    for person in (SPECIALIST, DIRECTOR, DRE_DIRECTOR, ADMIN):
        enrolled().when(revoke, by=person).then(k.KeyRevoked(key=1, reason="Se perdió el equipo."))
    enrolled().when(revoke, by=Person("luis", f"jefe-area/{UNIT}/AGP")).then(refused("Solo revocan una llave"))
    away = k.RevokeKey(key=1, unit="120007", reason="-")
    enrolled().when(away, by=Person("miguel", "director-ugel/120007")).then(refused("no es de esa unidad"))
    story = enrolled(DIRECTOR.did(k.KeyRevoked(key=1, reason="-")))
    story.when(revoke, by=SPECIALIST).then(refused("ya está revocada"))
    story.when(CONFIRM, by=DIRECTOR).then(refused("ya está revocada"))


def test_a_key_signs_once_it_is_confirmed_and_until_it_is_revoked() -> None:
    """It signs for its holder alone, and only as it was enrolled."""
    proof = SOFT.answer(1, "bm9uY2U", **SAID)
    waiting, confirmed = enrolled(), enrolled(DIRECTOR.did(k.KeyConfirmed(key=1)))
    k.may_sign(confirmed.state.keys, proof, SPECIALIST.id)
    other = SoftKey("otra").answer(1, "bm9uY2U", **SAID)
    revoked = enrolled(DIRECTOR.did(k.KeyConfirmed(key=1)), DIRECTOR.did(k.KeyRevoked(key=1, reason="-")))
    for story, given, person, words in (
        (waiting, proof, SPECIALIST.id, "debe confirmar"),
        (confirmed, proof, DIRECTOR.id, "no está registrada a su nombre"),
        (confirmed, other, SPECIALIST.id, "no es la que usted registró"),
        (revoked, proof, SPECIALIST.id, "está revocada"),
        (given_standing(), proof, SPECIALIST.id, "no está registrada a su nombre"),
    ):
        with pytest.raises(Refused, match=words):
            k.may_sign(story.state.keys, given, person)
    with pytest.raises(Refused, match="no está registrada"):
        k.may_sign(None, proof, SPECIALIST.id)


def test_a_code_is_typed_in_any_way_people_do() -> None:
    """Small letters, spaces, groups or none; what looks like a letter is that letter; anything else is no code."""
    plain = code(b"texto")
    assert len(plain) == 16
    assert {typed(plain), typed(grouped(plain)), typed(f" {grouped(plain).lower()} ".replace("-", " "))} == {plain}
    assert typed("O1IBO8IBOOOOIIII".replace("O", "0")) == "OIIBOBIBOOOOIIII"
    assert [typed(text) for text in ("", plain[:-1], plain + "A", "Ñ" * 16, "9" * 16, "A" * 15 + "٢")] == [""] * 6


def test_the_roll_knows_the_people_of_these_stories() -> None:
    """The premise: the holder has a charge in the unit since 2020, and only there."""
    held = [(each.unit, each.since) for each in rolled(SPECIALIST).values()]
    assert held == [(UNIT, date(2020, 1, 1))]
