"""What waits for a signature: on Inicio in the order due, and one after the other in a sitting; a refusal reaches who proposed."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial

import msgspec
import pytest

from service import people
from service.aggregates import commitment as c
from service.aggregates import commitment_signing as s
from service.aggregates.commitment_life import RequestExtension
from service.web import home
from tests.conftest import TestDatabase
from tests.first_quarter import DIRECTOR, HEAD, SOON, STREAM, live, today
from tests.house import House, open_house

PASSWORD = "una clave de prueba"
SECOND = c.ProposeCommitment(
    findings=(1,),
    action="Repartir los cuadernos",
    responsible=HEAD,
    due=SOON - timedelta(days=9),
    indicator="Cuadernos",
    target="100",
    verification="Actas",
    signatories=(HEAD, DIRECTOR),
    ordered=True,
)


@pytest.fixture
def house(house_database: TestDatabase) -> Iterator[House]:
    """The running service; the director has a password."""
    with open_house(house_database.service_url) as opened:
        with opened.app.state.database.connection() as connection:
            people.set_password(connection, opened.ids["ugel.director"], PASSWORD)
        yield opened


def listed(page: str) -> list[str]:
    """The commitments that a part of Inicio or the sitting leads to."""
    return re.findall(r'<li><a href="(/compromisos/[^"?]+)', page)


def test_one_sitting_leads_through_what_waits(house: House) -> None:
    """The nearest day first; out of turn nothing waits; after each signature the next one opens, each with its own proof."""
    first = live(house, "proposed").href
    second = first[:-1] + "2"
    made = house.do("ugel.jefe", STREAM, SECOND).facts[0].fact.event
    director = house.browser("ugel.director")
    assert listed(director.get("/?parte=por-firmar").text) == [first], "the second one waits for the head first"
    house.do("ugel.jefe", STREAM, s.SignCommitment(commitment=2, version=1, document=made.document))
    inicio = director.get("/?parte=por-firmar").text
    assert listed(inicio) == [second, first]
    assert "espera su firma desde hoy" in inicio
    assert 'href="/por-firmar"' in inicio
    sitting = director.get("/por-firmar").text
    assert listed(sitting) == [second, first]
    code = house.code("ugel.director")
    opened = director.get(f"{second}?sentada=1").text
    assert 'name="sentada"' in opened
    form = {"version": "1", "document": made.document, "clave": PASSWORD, "codigo": code, "sentada": "1"}
    wrong = director.post(f"{second}/firma", form | {"clave": "otra"})
    assert wrong.status_code == 422
    assert 'name="sentada"' in wrong.text
    assert director.post(f"{second}/firma", form).headers["location"] == f"{first}?sentada=1"
    house.do("ugel.director", STREAM, s.DeclineCommitment(commitment=1, version=1, reason="El plazo es corto."))
    assert "Nada por firmar" in director.get("/por-firmar").text
    told = house.browser("ugel.jefe").get("/?parte=por-hacer").text
    assert "Responder al rechazo del compromiso 1" in told
    assert "El plazo es corto." in told
    assert "Responder al rechazo" not in director.get("/?parte=por-hacer").text
    house.do("ugel.jefe", STREAM, c.WithdrawCommitment(commitment=1, reason="Se propondrá otro"))
    assert "Responder al rechazo" not in house.browser("ugel.jefe").get("/?parte=por-hacer").text


def test_a_renegotiation_and_an_extension_wait_for_somebody(house: House) -> None:
    """Who signs sees the new version, who proposed it learns that it was declined, who may resolve an extension sees it."""
    lived = live(house, "signed")
    terms = msgspec.to_builtins(house.ledger.memo(STREAM).state.commitments.by_number[1].terms)
    terms.pop("figures")
    words = msgspec.convert(terms | {"target": "12 de 12", "commitment": 1, "reason": "Más aulas"}, c.ReviseCommitment)
    house.do("ugel.jefe", STREAM, words)
    inicio = house.browser("ugel.director").get("/?parte=por-firmar").text
    assert "Firmar la renegociación" in inicio
    assert "versión 2" in inicio
    assert "Declarar el resultado" in house.browser("ugel.jefe").get("/?parte=por-hacer").text, "version 1 is in force"
    house.do("ugel.director", STREAM, s.DeclineCommitment(commitment=1, version=2, reason="Bastan diez"))
    assert "Bastan diez" in house.browser("ugel.jefe").get("/?parte=por-hacer").text
    house.do("ugel.jefe", STREAM, RequestExtension(commitment=1, due=SOON + timedelta(days=30), reason="Lluvias"))
    assert "Resolver la prórroga del compromiso 1" in house.browser("dre.especialista").get("/?parte=por-hacer").text
    assert "Resolver la prórroga" not in house.browser("ugel.jefe").get("/?parte=por-hacer").text
    assert listed(house.browser("ugel.director").get("/por-firmar").text) == []
    assert lived.href in house.browser("dre.especialista").get("/?parte=por-hacer").text


def test_inicio_says_how_many_days_a_signature_waits(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted to the day the reader stands on; from the seventh day on it stands as late, whatever its due day."""
    live(house, "proposed")
    director = house.browser("ugel.director")
    for days, said, late in ((1, "hace 1 día ", False), (6, "hace 6 días", False), (7, "hace 7 días", True)):
        monkeypatch.setattr(home, "day_of", partial(later, days))
        part = director.get("/?parte=por-firmar").text.partition("/compromisos/")[2].partition("</li>")[0].replace("\xa0", " ")
        assert f"espera su firma desde {said}" in part
        assert ("q-late" in part) is late


def later(days: int, _: object) -> date:
    """The day of a reader so many days from now."""
    return today() + timedelta(days=days)
