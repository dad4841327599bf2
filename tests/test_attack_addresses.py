"""Addresses and headers that no page ever made: a sentence and the right status, never a 500."""

from collections.abc import Iterator

import pytest

from service.web.errors import HEADERS
from tests.conftest import TestDatabase
from tests.house import DRE, JAUJA, House, open_house
from tests.lived import Cycle

HUGE, LONG = "9" * 30, "1" + "9" * 5000
UNIT = f"/ugel/{JAUJA}/2026"
UNKNOWN = (
    "/ugel/%00/2026",
    "/ugel/%FF/2026",
    f"/ugel/{JAUJA}/0",
    f"/ugel/{JAUJA}/-1",
    f"/ugel/{JAUJA}/1999",
    f"/ugel/{JAUJA}/2101/t1",
    f"/ugel/{JAUJA}/10000/t1",
    f"/ugel/{JAUJA}/{HUGE}/t4",
    f"/ugel/{JAUJA}/{LONG}",
    f"/reproducir/{JAUJA}/{HUGE}",
    "/reproducir/%00/2026",
    f"{UNIT}/actividades/0",
    f"{UNIT}/actividades/{HUGE}",
    f"{UNIT}/actividades/4294967297",
    f"{UNIT}/alertas/{HUGE}",
    f"{UNIT}/hallazgos/{HUGE}",
    f"{UNIT}/modificaciones/{HUGE}",
    f"/reproducir/{JAUJA}/2026/hecho/{HUGE}.json",
    f"/reproducir/{JAUJA}/2026/hecho/%00.json",
    "/compromisos/%00",
    f"/compromisos/{JAUJA}-2026-1%0A",
    f"/compromisos/{JAUJA}-0000-1",
    "/estatico/../page.py",
    "/estatico/%2e%2e/page.py",
)
SENSELESS = (
    "/compromisos?estado=x",
    f"{UNIT}/historial?persona=%00",
    f"{UNIT}/historial?cargo=a%00b",
    f"{UNIT}/historial?desde=01/01/0001",
    f"{UNIT}/historial?actividad=%D9%A3",
    "/seguimiento?provincia=%00",
    f"/seguimiento?anio=002026{HUGE}",
    f"/seguimiento?anio={LONG}",
    f"/seguimiento?anio=002026{LONG}",
    f"/seguimiento?hasta={HUGE}",
    f"/seguimiento?hasta={LONG}",
    "/seguimiento?hasta=-1",
    "/seguimiento?hasta=%D9%A3",
    "/seguimiento?hasta=1e3",
    "/seguimiento?al=%00",
    f"/reproducir/{JAUJA}/2026?paso={'0' * 17}1{HUGE}",
    f"/reproducir/{JAUJA}/2026?paso={'0' * 17}{LONG}",
    f"/reproducir/{JAUJA}/2026?comparar={LONG}",
    f"/reproducir/{JAUJA}/2026?comparar=31/12/9999",
)
SHOWN = (
    "/seguimiento?al=9999-12-31",
    "/seguimiento?al=0001-01-01",
    f"{UNIT}?al=9999-12-31",
    f"{UNIT}/plan.xlsx?al=9999-12-31",
    f"{UNIT}/historial?antes=999999999&despues=1",
    f"{UNIT}/t1?pagina={HUGE}&observar={HUGE}&rectificar=-1&ver=x",
    f"/compromisos?ugel=x&anio={HUGE}&pagina={HUGE}",
    "/salir?x=%FF",
)


@pytest.fixture
def house(house_database: TestDatabase) -> Iterator[House]:
    """The house, with an approved plan."""
    with open_house(house_database.service_url) as made:
        Cycle(made).approved()
        yield made


def test_addresses_and_queries_that_make_no_sense(house: House) -> None:
    """What the record could never hold is unknown (404) or said to be wrong (422); far days are only far."""
    browser = house.browser("auditor")
    wrong = [
        (path[:80], status)
        for paths, wanted in ((UNKNOWN, 404), (SENSELESS, 422), (SHOWN, 200))
        for path in paths
        if (status := browser.get(path).status_code) != wanted
    ]
    assert wrong == []


def test_headers_that_are_no_addresses(house: House) -> None:
    """A broken referer, origin or current address breaks nothing, for strangers either."""
    for name in ("referer", "origin", "hx-current-url", "sec-fetch-site"):
        for browser in (house.browser(), house.browser("ugel.director")):
            for headers in ({name: "http://["}, {name: "http://[", "hx-request": "true"}):
                assert browser.get("/nada", headers=headers).status_code == 404
                assert browser.post("/salir", headers=headers).status_code < 500
                assert browser.post("/ingresar", {"usuario": "x", "clave": "y"}, headers=headers).status_code < 500


@pytest.mark.parametrize(
    "back",
    ["//evil.test", "/\\evil.test", "\\\\evil.test", "/\t/evil.test", "http://evil.test", "//[", "javascript:alert(1)", "/\x00"],
)
def test_the_way_back_stays_in_the_house(house: House, back: str) -> None:
    """The sign-in leads to no other site, whatever the address asked for."""
    page = house.browser().get("/ingresar", params={"volver": back})
    assert page.status_code in {200, 422}
    assert "evil.test" not in page.text.replace("/%09/evil.test", "")
    assert "javascript:" not in page.text


def test_every_answer_carries_the_security_headers(house: House) -> None:
    """Errors, redirects, files, other methods, bodies beyond the limit: all of them."""
    browser, stranger = house.browser("auditor"), house.browser()
    answers = [
        stranger.get("/salud"),
        stranger.get("/seguimiento"),
        stranger.get("/en-vivo", headers={"accept": "text/event-stream"}),
        stranger.post(
            "/ingresar", content=b"usuario=" + b"x" * 11_000_000, headers={"content-type": "application/x-www-form-urlencoded"}
        ),
        browser.get("/nada"),
        browser.get(f"{UNIT}/plan.xlsx"),
        browser.get(f"{UNIT}/historial?persona=%00"),
        browser.get("/patrones", headers={"hx-request": "true"}),
        browser.get(house.app.state.templates.globals["static"]("quipu.css")),
        browser.get(house.app.state.templates.globals["static"]("../page.py")),
        browser.post(f"{UNIT}/envio"),
        browser.post("/seguimiento"),
        *(browser._ask(method, "/seguimiento") for method in ("PUT", "DELETE", "PATCH", "TRACE", "OPTIONS", "HEAD", "FOO")),
    ]
    for answer in answers:
        missing = {name for name, value in HEADERS.items() if answer.headers.get(name) != value}
        assert not missing, f"{answer.request.method} {answer.request.url}: {answer.status_code}"
        assert answer.status_code < 500


@pytest.mark.parametrize("asked", ["a\r\nX-Evil: 1", "😀", "hoy&hasta=1", "٢٠٢٦-٠١-٠١", "//evil.test"])
def test_what_was_asked_enters_no_header(house: House, asked: str) -> None:
    """An address built of what somebody typed is one address: no second header, no second parameter, no letter a header lacks."""
    browser = house.browser("auditor")
    for headers in ({}, {"hx-request": "true"}):
        answer = browser.get(f"/reproducir/{JAUJA}/2026", params={"paso": "1", "comparar": asked}, headers=headers)
        assert answer.status_code in {200, 303, 422}
        assert "x-evil" not in answer.headers
        told = answer.headers.get("location", "") + answer.headers.get("hx-push-url", "")
        assert told.count("&") == (1 if told else 0)


def test_a_forged_unit_is_not_told_apart_from_an_unknown_one(house: House) -> None:
    """Raw facts are for auditors: neither an administrator nor the DRE's director reads them, nor finds out which exist."""
    for usuario in ("admin", "dre.director", "ugel.director"):
        browser = house.browser(usuario)
        for path in (
            f"/reproducir/{JAUJA}/2026/hecho/20.json",
            f"/reproducir/{JAUJA}/2026/hecho/{HUGE}.json",
            "/dre/historial/hecho/1.json",
        ):
            assert browser.get(path).status_code == 403, path
    auditor = house.browser("auditor")
    assert auditor.get("/dre/historial/hecho/1.json").status_code == 200
    assert auditor.get(f"/reproducir/{JAUJA}/2026/hecho/1.json").status_code == 404, "a fact of another stream"
    assert auditor.get(f"/reproducir/{DRE}/2026/hecho/1.json").status_code == 404
