"""«Cómo firmo»: a passkey from its registration to its revocation, and the app of codes, page by page."""

import re
from typing import Any

import pyotp
import pytest

from service import people
from service.aggregates.receipt import grouped
from service.demo.soft_key import SoftKey
from service.ledger import STANDING
from service.signing import codes
from tests.house import JAUJA, SATIPO, Browser, House
from tests.soft import created

HOME = "/cuenta/firma"
SITE = "quipu.test"
LONG = "una clave larga"


def ask(browser: Browser) -> dict[str, Any]:
    """The question a browser fetches before it turns to the device."""
    told: dict[str, Any] = browser.post(f"{HOME}/llaves/pregunta").json()
    return told


def enrol(browser: Browser, soft: SoftKey, **changed: str) -> Any:
    """A key is registered, as the browser does it."""
    nonce = ask(browser)["nonce"]
    sent = {"label": "computadora", "nonce": nonce, "respuesta": created(soft, nonce)} | changed
    return browser.post(f"{HOME}/llaves", sent)


def state(house: House, key: int = 1) -> str:
    """How the record knows a key."""
    return house.ledger.standing().keys[key].status


def test_a_key_is_registered_confirmed_by_another_and_revoked(house: House) -> None:
    """The holder gets a receipt; the director writes its code; the holder revokes it, saying why."""
    soft, rosa, elena = SoftKey("rosa", SITE), house.browser("ugel.especialista"), house.browser("ugel.director")
    answer = enrol(rosa, soft)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{HOME}/llaves/1")
    code = grouped(house.ledger.standing().keys[1].receipt)
    paper = rosa.get(f"{HOME}/llaves/1").text
    assert code in paper
    assert "Falta confirmar" in paper
    assert code not in elena.get(HOME).text, "who confirms does not see what the holder has to tell"
    place = f"/ugel/{JAUJA}/llaves/1"
    wrong = elena.post(f"{place}/confirmacion", {"receipt": "AAAA-AAAA-AAAA-AAAA"})
    assert wrong.status_code == 409
    assert "no es el código del recibo" in wrong.text
    assert elena.post(f"{place}/confirmacion", {"receipt": code.lower()}).status_code == 303
    assert state(house) == "confirmed"
    assert "por Elena Ñahui" in elena.get(HOME).text
    assert "Confirmada" in rosa.get(HOME).text
    assert rosa.post(f"{place}/revocacion", {"reason": ""}).status_code == 422
    assert rosa.post(f"{place}/revocacion", {"reason": "Cambié de equipo."}).status_code == 303
    assert state(house) == "revoked"
    assert "Cambié de equipo." in rosa.get(f"{HOME}/llaves/1").text


def test_nobody_confirms_the_own_key_nor_one_of_another_unit(house: House) -> None:
    """409 for the holder; 403 for the director of another UGEL; the DRE may, for everybody; a specialist for nobody."""
    soft = SoftKey("elena", SITE)
    enrol(house.browser("ugel.director"), soft)
    sent = {"receipt": house.ledger.standing().keys[1].receipt}
    place = f"/ugel/{JAUJA}/llaves/1/confirmacion"
    own = house.browser("ugel.director").post(place, sent)
    assert own.status_code == 409
    assert "Nadie confirma su propia llave" in own.text
    assert house.browser("satipo.director").post(place, sent).status_code == 403
    assert house.browser("ugel.especialista").post(place, sent).status_code == 403
    elsewhere = house.browser("satipo.director").post(f"/ugel/{SATIPO}/llaves/1/confirmacion", sent)
    assert elsewhere.status_code == 409
    assert "no tiene un cargo vigente en esa unidad" in elsewhere.text
    assert "Elena" not in house.browser("satipo.director").get(HOME).text
    assert house.browser("satipo.director").get(f"{HOME}/llaves/1").status_code == 404
    assert house.browser("admin").post(place, sent).status_code == 303


@pytest.mark.parametrize("changed", [{"nonce": "b3Ryby1ub25jZQ"}, {"respuesta": ""}, {"respuesta": "{}"}, {"nonce": ""}])
def test_what_is_no_answer_registers_nothing(house: House, changed: dict[str, str]) -> None:
    """422 with a sentence; the label stays chosen."""
    answer = enrol(house.browser("ugel.jefe"), SoftKey("juan", SITE), **changed, label="celular o tableta")
    assert answer.status_code == 422
    assert re.search(r'value="celular o tableta" selected', answer.text)
    assert "No se registró nada" in answer.text
    assert house.ledger.standing().keys == {}


def test_a_question_serves_once_and_only_whom_it_was_put_to(house: House) -> None:
    """The same answer again, or from another account, registers nothing more."""
    rosa, juan, soft = house.browser("ugel.especialista"), house.browser("ugel.jefe"), SoftKey("rosa", SITE)
    nonce = ask(rosa)["nonce"]
    sent = {"label": "computadora", "nonce": nonce, "respuesta": created(soft, nonce)}
    assert juan.post(f"{HOME}/llaves", sent).status_code == 422
    assert rosa.post(f"{HOME}/llaves", sent).status_code == 303
    assert rosa.post(f"{HOME}/llaves", sent).status_code == 422
    assert [soft.credential] == [each["id"] for each in ask(rosa)["options"]["excludeCredentials"]]
    assert len(house.ledger.standing().keys) == 1


def test_a_key_of_another_site_is_not_registered(house: House) -> None:
    """A page that only looks like ours cannot bring its key here."""
    answer = enrol(house.browser("ugel.jefe"), SoftKey("juan", "malo.pe"))
    assert answer.status_code == 422
    assert house.ledger.standing().keys == {}


def test_an_address_without_a_name_says_why_there_are_no_keys(house: House) -> None:
    """At an IP address browsers make no keys; codes serve there."""
    text = house.browser("ugel.jefe").get(HOME, headers={"host": "10.0.0.7:8000"}).text
    assert "Aquí no se pueden registrar llaves" in text
    assert "Registrar llave" not in text
    assert "Registrar llave" in house.browser("ugel.jefe").get(HOME).text


def test_auditors_need_no_key(house: House) -> None:
    """They sign nothing; what the page does not offer the record refuses too."""
    auditor = house.browser("auditor")
    assert "no firma compromisos" in auditor.get(HOME).text
    assert enrol(auditor, SoftKey("pedro", SITE)).status_code == 403


def test_the_app_of_codes_is_set_up_with_the_password_and_its_first_code(house: House) -> None:
    """The secret stands as a QR and as text; a wrong password or code changes nothing."""
    rosa, person = house.browser("ugel.especialista"), house.ids["ugel.especialista"]
    with house.app.state.database.connection() as connection:
        people.set_password(connection, person, LONG)
    rosa = house.browser("ugel.especialista")
    page = rosa.get(f"{HOME}/codigos").text
    with house.app.state.database.connection() as connection:
        secret = codes.pending(connection, person)
    assert secret in re.sub(r"\s", "", page)
    assert 'src="data:image/svg+xml;base64,' in page
    right = pyotp.TOTP(secret).now()
    for sent, words in (
        ({"clave": "otra clave larga", "codigo": right}, "La clave no es correcta"),
        ({"clave": LONG, "codigo": "12345"}, "no es el que da la aplicación"),
        ({}, "La clave no es correcta"),
    ):
        answer = rosa.post(f"{HOME}/codigos", sent)
        assert answer.status_code == 422
        assert words in answer.text
        assert LONG not in answer.text
    assert "Sin preparar" in rosa.get(HOME).text
    assert rosa.post(f"{HOME}/codigos", {"clave": LONG, "codigo": right}).status_code == 303
    assert "Ya puede firmar con clave y código" in rosa.get(HOME).text
    assert secret not in rosa.get(f"{HOME}/codigos").text.replace(" ", "")


def test_the_record_and_its_tables_agree_about_keys(house: House) -> None:
    """What the page reads is what the events say."""
    from service.projections import rebuild, verified  # noqa: PLC0415 — only here

    enrol(house.browser("ugel.especialista"), SoftKey("rosa", SITE))
    sent = {"receipt": house.ledger.standing().keys[1].receipt}
    assert house.browser("dre.director").post(f"/ugel/{JAUJA}/llaves/1/confirmacion", sent).status_code == 303
    with house.app.state.database.snapshot() as connection:
        assert verified.compare(connection, STANDING, rebuild.head(connection)) == []
        assert connection.execute("select status from read.signing_key where to_pos > 1e18").fetchall() == [("confirmed",)]
