"""Signing with a passkey, question and answer, as a browser sends them; and every answer that was not given to this question."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import msgspec
import psycopg
import pytest
from httpx import Response

from service.aggregates.assertion import Assertion, challenge, encoded, statement
from service.aggregates.commitment_signing import CommitmentSigned
from service.aggregates.dre import EndCharge
from service.aggregates.signing_key import ConfirmKey, RevokeKey
from service.cli import run_command
from service.demo.soft_key import PRESENT, SoftKey
from service.ledger import STANDING
from service.signing.proof import verify
from tests.conftest import TestDatabase
from tests.first_quarter import DIRECTOR, STREAM, Lived, live, today
from tests.house import JAUJA, Browser, House, open_house
from tests.soft import answered

SITE = "quipu.test"
ELENA, JUAN = SoftKey("elena", SITE), SoftKey("juan", SITE)
DAY = timedelta(days=1)


@pytest.fixture
def house(house_database: TestDatabase) -> Iterator[House]:
    """The director's key is confirmed, the head's waits; a commitment waits for both."""
    with open_house(house_database.service_url) as made:
        made.do("ugel.director", STANDING, ELENA.enrolment())
        made.do("ugel.jefe", STANDING, JUAN.enrolment())
        made.do("dre.director", STANDING, ConfirmKey(key=1, unit=JAUJA, receipt=ELENA.receipt))
        yield made


@pytest.fixture
def lived(house: House) -> Lived:
    """The commitment."""
    return live(house, "proposed")


def said(house: House, lived: Lived, **changed: Any) -> dict[str, Any]:
    """What the director's signature says."""
    told = {"document": lived.document, "signatory": house.ids["ugel.director"], "charge": DIRECTOR}
    return told | {"stream": STREAM, "commitment": 1, "version": 1} | changed


def seen(lived: Lived) -> dict[str, str]:
    """The text on screen, as its form carries it."""
    return {"version": "1", "document": lived.document}


def ask(browser: Browser, lived: Lived) -> dict[str, Any]:
    """The question put for what stands on the page."""
    told: dict[str, Any] = browser.post(f"{lived.href}/firma/pregunta", seen(lived)).json()
    return told


def send(browser: Browser, lived: Lived, given: Assertion) -> Response:
    """Send an answer as the page does."""
    return browser.post(f"{lived.href}/firma", seen(lived) | {"nonce": given.nonce, "respuesta": answered(given)})


def written(house: House) -> list[Any]:
    """The signatures in the record."""
    return [r.fact.event for r in house.ledger.facts(STREAM) if isinstance(r.fact.event, CommitmentSigned)]


def test_a_passkey_signs_the_text_on_screen_and_the_proof_stands_in_the_record(house: House, lived: Lived) -> None:
    """The question holds the challenge of this very statement; whoever has the event verifies it alone."""
    elena = house.browser("ugel.director")
    page = elena.get(lived.href).text
    assert "Firmar con mi llave" in page
    asked = ask(elena, lived)
    told = said(house, lived)
    assert asked["options"]["challenge"] == encoded(challenge(statement(**told, nonce=asked["nonce"])))
    assert asked["options"]["userVerification"] == "required"
    assert [each["id"] for each in asked["options"]["allowCredentials"]] == [ELENA.credential]
    given = ELENA.answer(1, asked["nonce"], **told)
    assert send(elena, lived, given).status_code == 303
    (event,) = written(house)
    assert (event.method, event.charge, event.proof) == ("llave de acceso", DIRECTOR, given)
    verify(event.proof, SITE)
    assert send(elena, lived, given).status_code == 303, "the same form again is answered, not signed again"
    assert len(written(house)) == 1


def test_quipu_verify_finds_a_signature_that_was_altered_in_the_database(
    house: House,
    lived: Lived,
    house_database: TestDatabase,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The command counts what holds; when the database's owner lifts its guard and writes other bytes, it names the fact and ends with 1."""
    elena = house.browser("ugel.director")
    given = ELENA.answer(1, ask(elena, lived)["nonce"], **said(house, lived))
    assert send(elena, lived, given).status_code == 303
    monkeypatch.setenv("QUIPU_DATABASE_URL", house_database.service_url)
    monkeypatch.setenv("COLUMNS", "250")
    assert run_command(("verify",)) == 0
    assert "Firmas con llave de acceso: 1," in capsys.readouterr().out
    position = list(house.ledger.facts(STREAM))[-1].position
    other = ELENA.answer(1, "otra", **said(house, lived)).signature
    change = """update ledger.event set state = convert_to(replace(convert_from(state, 'UTF8'), %s, %s), 'UTF8')
      where notification_id = %s"""
    with psycopg.connect(house_database.owner_url) as owner:
        owner.execute("alter table ledger.event disable trigger event_is_immutable")
        owner.execute(change, [given.signature, other, position])
    assert run_command(("verify",)) == 1
    told = capsys.readouterr()
    assert f"hecho n.º {position}, {STREAM}, compromiso 1: " in told.out
    assert "Firmas con llave de acceso que no se sostienen: 1." in told.err


WRONG: dict[str, tuple[dict[str, Any], int]] = {
    "another text": ({"document": "0" * 64}, 409),
    "another person": ({"signatory": "otra"}, 409),
    "another charge": ({"charge": f"jefe-area/{JAUJA}/AGP"}, 409),
    "another unit": ({"stream": "unit/120007/2025"}, 409),
    "another commitment": ({"commitment": 2}, 409),
    "another version": ({"version": 2}, 409),
}


@pytest.mark.parametrize("how", WRONG)
def test_an_answer_given_to_another_statement_signs_nothing(house: House, lived: Lived, how: str) -> None:
    """The key really signed, but something else: the record says so in words."""
    change, status = WRONG[how]
    elena = house.browser("ugel.director")
    given = ELENA.answer(1, ask(elena, lived)["nonce"], **said(house, lived, **change))
    answer = send(elena, lived, given)
    assert answer.status_code == status
    assert "no es de este texto, este cargo y esta versión" in answer.text
    assert written(house) == []


def test_a_question_serves_once_and_in_time(house: House, lived: Lived) -> None:
    """A nonce of nobody, of somebody else, too old, or used by a failed try: nothing is signed."""
    elena, told = house.browser("ugel.director"), said(house, lived)
    first = ask(elena, lived)["nonce"]
    assert send(elena, lived, ELENA.answer(1, first, flags=PRESENT, **told)).status_code == 422
    again = send(elena, lived, ELENA.answer(1, first, **told))
    late = ask(elena, lived)["nonce"]
    with house.app.state.database.connection() as connection:
        connection.execute("update people.challenge set expires_at = now()")
    for answer in (again, *(send(elena, lived, ELENA.answer(1, nonce, **told)) for nonce in (late, "bmFkaWU"))):
        assert answer.status_code == 422
        assert "ya se respondió o venció" in answer.text
    assert written(house) == []


def test_an_answer_that_does_not_verify_signs_nothing(house: House, lived: Lived) -> None:
    """Another key, another site, no verification of the holder, a broken answer: each with its sentence."""
    elena, told = house.browser("ugel.director"), said(house, lived)
    foreign = msgspec.structs.replace(SoftKey("otra", SITE).answer(1, "bg", **told), credential=ELENA.credential)
    cases: list[tuple[Any, str]] = [
        (lambda nonce: ELENA.answer(1, nonce, flags=PRESENT, **told), "no comprobó que fuera usted"),
        (lambda nonce: SoftKey("elena", "malo.pe").answer(1, nonce, **told), "otra página"),
        (lambda nonce: msgspec.structs.replace(foreign, nonce=nonce), "no corresponde a la llave"),
        (lambda nonce: SoftKey("otra", SITE).answer(1, nonce, **told), "no está registrada a su nombre"),
        (lambda nonce: JUAN.answer(2, nonce, **told), "no está registrada a su nombre"),
    ]
    for given, words in cases:
        answer = send(elena, lived, given(ask(elena, lived)["nonce"]))
        assert answer.status_code == 422
        assert words in answer.text
    for broken in ("", "{}", "[", '{"id": "a", "response": {"signature": "%"}}', "\ud800"):
        sent = seen(lived) | {"nonce": ask(elena, lived)["nonce"], "respuesta": broken.encode("utf-8", "replace").decode()}
        assert elena.post(f"{lived.href}/firma", sent).status_code == 422
    assert written(house) == []


def test_an_answer_meant_for_one_commitment_does_not_sign_another(house: House, lived: Lived) -> None:
    """Even with the same words: the question was put for the first one."""
    elena, told = house.browser("ugel.director"), said(house, lived)
    nonce = ask(elena, lived)["nonce"]
    other = msgspec.structs.replace(lived, commitment=2)
    assert send(elena, other, ELENA.answer(1, nonce, **told)).status_code in {404, 409}
    assert written(house) == []


def test_a_key_that_waits_or_is_revoked_is_not_asked(house: House, lived: Lived) -> None:
    """The head is told what is missing; the director's revoked key signs no more, not even an answer on its way."""
    juan = house.browser("ugel.jefe")
    assert "espera a que otra persona la confirme" in juan.get(lived.href).text
    assert juan.post(f"{lived.href}/firma/pregunta", seen(lived)).status_code == 409
    elena = house.browser("ugel.director")
    nonce = ask(elena, lived)["nonce"]
    house.do("dre.director", STANDING, RevokeKey(key=1, unit=JAUJA, reason="Se perdió el equipo."))
    answer = send(elena, lived, ELENA.answer(1, nonce, **said(house, lived)))
    assert answer.status_code == 422
    assert "está revocada" in answer.text
    assert written(house) == []


def test_who_no_longer_holds_the_charge_does_not_sign(house: House, lived: Lived) -> None:
    """The charge ended after the question was put: 403 or a sentence, and nothing written."""
    elena = house.browser("ugel.director")
    nonce = ask(elena, lived)["nonce"]
    number = next(n for n, each in house.ledger.standing().charges.items() if each.charge == DIRECTOR)
    house.do("admin", STANDING, EndCharge(assignment=number, until=today() - DAY))
    answer = send(elena, lived, ELENA.answer(1, nonce, **said(house, lived)))
    assert answer.status_code == 403
    assert "no tiene un cargo vigente" in answer.text
    assert written(house) == []


def test_who_is_no_signatory_gets_no_question(house: House, lived: Lived) -> None:
    """409 for a colleague, 403 for a neighbour; a text that is not a version gets none either."""
    assert house.browser("dre.director").post(f"{lived.href}/firma/pregunta", seen(lived)).status_code == 409
    assert house.browser("satipo.director").post(f"{lived.href}/firma/pregunta", seen(lived)).status_code == 403
    assert house.browser("ugel.director").post(f"{lived.href}/firma/pregunta", {"version": "x"}).status_code == 409
