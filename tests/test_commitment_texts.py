"""The texts of a commitment on the pages: worded by kind, offered anew, compared, each signature with what its signatory saw."""

import hashlib
import re

import pytest

from service.aggregates import commitment_signing as s
from service.aggregates.dre import EndCharge
from service.aggregates.signing_kinds import SetSigningKind
from service.ledger import STANDING
from service.permits import Forbidden
from tests.first_quarter import DIRECTOR, HEAD, PLACE, SOON, STREAM, live
from tests.house import House

FORM = f"{PLACE}/hallazgos/1/compromisos/nuevo"
WORDS = {
    "kind": "mejora",
    "action": "Contratar la movilidad en enero.\nY en febrero.",
    "responsible": HEAD,
    "due": SOON.isoformat(),
    "indicator": "Aulas visitadas",
    "target": "10 de 10",
    "verification": "Actas de visita",
    "budget": "Con el saldo de la actividad",
    "signatories": [HEAD, "", DIRECTOR],
    "ordered": "1",
}


def text(page: str) -> str:
    """What a page says, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_a_kind_of_commitment_brings_its_signatories(house: House) -> None:
    """The form names the roles of the kind as charges held today, in order; that they are an example is said."""
    live(house, "found")
    head = house.browser("ugel.jefe")
    form = head.get(f"{FORM}?tipo=mejora").text
    chosen = re.findall(r'<option value="([^"]+)" selected>', form.partition("Firmantes")[2])
    assert chosen == [HEAD, DIRECTOR, "director-dre/120000"]
    assert "ejemplo, ajústelo" in form
    assert re.search(r'id="ordered"[^>]+checked', form)
    assert "ordered" not in re.findall(r'id="(\w+)"[^>]+checked', head.get(FORM).text)
    assert "los proponen la jefatura" in house.browser("auditor").get(FORM).text


def test_the_page_shows_every_word_of_the_document(house: House) -> None:
    """What is hashed is what is read: each value of the canonical text stands on the page, with the figures and their facts."""
    live(house, "found")
    head = house.browser("ugel.jefe")
    made = head.post(f"{PLACE}/hallazgos/1/compromisos", WORDS)
    assert made.status_code == 303
    href = made.headers["location"]
    page = head.get(href).text
    shown = text(page.partition('class="q-document"')[2].partition("</section>")[0])
    document = head.get(f"{href}/versiones/1/documento")
    terms = document.json()["terms"]
    assert terms["signatories"] == [HEAD, DIRECTOR]
    for name in ("kind", "action", "responsible", "indicator", "target", "verification", "budget"):
        assert re.sub(r"\s+", " ", terms[name]) in shown, name
    for charge in terms["signatories"]:
        assert charge in shown
    score = next(r.position for r in house.ledger.facts(STREAM) if type(r.fact.event).__name__ == "QuarterScored")
    assert {each["fact"] for each in terms["figures"]} == {score}
    assert len(terms["figures"]) == 2
    for each in terms["figures"]:
        assert each["label"] in shown
        assert each["value"] in shown
    assert hashlib.sha256(document.content).hexdigest() in shown


def test_what_a_signatory_saw_keeps_the_name_of_its_kind(house: House) -> None:
    """A kind that is renamed later does not change what was read and signed before."""
    live(house, "found")
    href = house.browser("ugel.jefe").post(f"{PLACE}/hallazgos/1/compromisos", WORDS).headers["location"]
    version = f"{href}/versiones/1"
    reader = house.browser("auditor")
    before = text(reader.get(version).text)
    assert "Compromiso de mejora" in before
    renamed = SetSigningKind(base=0, code="mejora", name="Acuerdo renombrado", roles=("director-ugel",), reason="Acta 3")
    house.do("dre.director", STANDING, renamed)
    assert "Acuerdo renombrado" not in text(reader.get(version).text)


def test_a_text_is_renegotiated_and_the_one_before_stays_readable(house: House) -> None:
    """The new version is compared with the old one, signed by all, and the old one keeps its signatures and its bytes."""
    lived = live(house, "signed")
    head = house.browser("ugel.jefe")
    form = head.get(f"{lived.href}/revision").text
    assert "Contratar la movilidad en enero." in form
    unchanged = WORDS | {"kind": "gestion", "budget": "", "ordered": ""}
    empty = head.post(f"{lived.href}/revision", unchanged)
    assert empty.status_code == 422
    assert 'href="#reason"' in empty.text
    made = head.post(f"{lived.href}/revision", unchanged | {"reason": "La ruta es más larga.", "target": "12 de 12"})
    assert made.status_code == 303, made.text
    page = text(head.get(lived.href).text)
    for words in ("Renegociación por firmar", "La ruta es más larga.", "antes 10 de 10", "después 12 de 12", "versión 1"):
        assert words in page, words
    new = head.get(f"{lived.href}/documento").content
    sign = s.SignCommitment(commitment=1, version=2, document=hashlib.sha256(new).hexdigest())
    for usuario in ("ugel.jefe", "ugel.director"):
        house.do(usuario, STREAM, sign)
    life = text(head.get(lived.href).text).partition("Qué pasó con este compromiso")[2]
    assert life.index("antes 10 de 10") < life.index("después 12 de 12"), "the timeline says what the new text changed"
    first = text(head.get(f"{lived.href}/versiones/1").text)
    assert "estuvo vigente, con sus firmas" in first
    assert first.count("Firmado el") == 2
    fact = re.search(r"/firmas/(\d+)", head.get(f"{lived.href}/versiones/1").text)
    assert fact
    assert "PDF que firmó" not in head.get(f"{lived.href}{fact[0]}").text, "it was signed in Quipu"
    assert head.get(f"{lived.href}{fact[0]}/documento.pdf").status_code == 404
    second = text(head.get(f"{lived.href}/versiones/2").text)
    assert "Versión 2: vigente" in second
    assert "antes 10 de 10" in second
    assert head.get(f"{lived.href}/versiones/3").status_code == 404
    assert hashlib.sha256(head.get(f"{lived.href}/versiones/1/documento").content).hexdigest() == lived.document
    for version, document in ((1, lived.document), (2, sign.document)):
        links = re.findall(rf"{lived.href}/firmas/\d+", head.get(f"{lived.href}/versiones/{version}").text)
        assert len(links) == 2
        page = head.get(links[0]).text
        assert "La huella del texto guardado es la que consta en la firma." in page
        assert hashlib.sha256(head.get(f"{links[0]}/documento").content).hexdigest() == document
    assert head.get(f"{lived.href}/firmas/1").status_code == 404


def test_more_time_is_asked_for_and_granted_on_the_page(house: House) -> None:
    """The responsible asks, another person of the DRE decides; the day first agreed stays in sight."""
    href = live(house, "signed").href
    later = SOON.replace(year=SOON.year + 1).isoformat()
    head, dre = house.browser("ugel.jefe"), house.browser("dre.especialista")
    assert head.post(f"{href}/prorroga", {"due": later, "reason": ""}).status_code == 422
    assert head.post(f"{href}/prorroga", {"due": later, "reason": "Lluvias"}).status_code == 303
    assert head.post(f"{href}/concesion", {"extension": "1"}).status_code == 403
    assert "«Lluvias»" in dre.get(href).text
    assert dre.post(f"{href}/denegacion", {"extension": "1", "reason": "Hay tiempo todavía."}).status_code == 303
    assert head.post(f"{href}/prorroga", {"due": later, "reason": "Más lluvias"}).status_code == 303
    assert dre.post(f"{href}/concesion", {"extension": "2"}).status_code == 303
    assert f'value="{later}"' in head.get(f"{href}/revision").text, "a renegotiation starts from the day that was granted"
    page = text(house.browser("auditor").get(href).text)
    for words in ("fecha original", "2\xa0prórrogas pedidas", "Hay tiempo todavía.", "concedida"):
        assert words.replace("\xa0", " ") in page, words


def test_a_charge_that_ended_no_longer_signs(house: House) -> None:
    """Who is named as a charge signs while the charge is held, not by having held it."""
    lived = live(house, "proposed")
    held = next(n for n, each in house.ledger.standing().charges.items() if each.charge == DIRECTOR)
    yesterday = house.ledger.clock().date().replace(month=1, day=1)
    house.do("admin", STANDING, EndCharge(assignment=held, until=yesterday, reason="Cesó"))
    sign = s.SignCommitment(commitment=1, version=1, document=lived.document)
    with pytest.raises(Forbidden, match="no tiene un cargo vigente"):
        house.do("ugel.director", STREAM, sign)
