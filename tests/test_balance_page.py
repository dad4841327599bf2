"""The annual balance on screen: its steps, its figures, its files, and what the next year decides."""

import re
from io import BytesIO
from typing import Any

import pytest
from httpx import Response
from python_calamine import CalamineWorkbook

from service.aggregates import plan_versions as v
from service.aggregates.unit_year import open_items
from service.ledger import stream_of
from service.projections import LATEST
from service.projections.balance_page import open_now
from tests.house import JAUJA, House
from tests.lived import Cycle

PAGE = f"/balance/2025/{JAUJA}"
PENDING = f"/ugel/{JAUJA}/2026/pendientes"
PART = {"hx-request": "true"}
WORDS = {"achievements": "Más aulas visitadas.", "difficulties": "Lluvias.", "recommendations": "Contratar antes."}


@pytest.fixture
def year(house: House) -> Cycle:
    """UGEL Jauja's 2025 with its four quarters closed, a commitment under way and alerts open."""
    lived = Cycle(house, year=2025).approved()
    for number in range(1, 5):
        lived.closed(number, 30, 12 if number == 2 else 30)
    lived.committed(4)
    return lived


def words(answer: Response) -> str:
    """What a page says."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


def cutoff(answer: Response) -> str:
    """The cut-off that the form would send."""
    found = re.search(r'name="cutoff" value="(\d+)"', answer.text)
    assert found
    return found[1]


def test_the_three_steps_by_three_persons(house: House, year: Cycle) -> None:
    """The specialist writes, the director approves, the DRE closes; each sees only the own step."""
    specialist, director, dre = (house.browser(who) for who in ("ugel.especialista", "ugel.director", "dre.director"))
    assert "Escribir y enviar el balance" in specialist.get(PAGE).text
    assert "Enviar balance" not in house.browser("satipo.director").get(PAGE).text
    assert specialist.post(f"{PAGE}/envio", WORDS).status_code == 303
    assert "Aprobar balance" not in specialist.get(PAGE).text
    assert director.post(f"{PAGE}/aprobacion").status_code == 303
    before = dre.get(PAGE)
    assert dre.post(f"{PAGE}/cierre", {"cutoff": cutoff(before)}).status_code == 303
    closed = words(dre.get(PAGE))
    assert f"Corte: hecho n.º {year.position - 1}" in closed
    for said in ("Más aulas visitadas.", "Lluvias.", "Contratar antes.", "Cerrado", "Ana Cárdenas, Director(a) de la DRE"):
        assert said in closed


def test_refusals_keep_what_was_typed(house: House, year: Cycle) -> None:
    """An empty text is 422 beside its field; who submits does not approve, a step out of turn and a stale cut-off are 409."""
    director, dre = house.browser("ugel.director"), house.browser("dre.director")
    answer = director.post(f"{PAGE}/envio", WORDS | {"difficulties": " "})
    assert answer.status_code == 422
    assert "Más aulas visitadas." in answer.text
    assert "Escriba un texto de 1 a 4000 caracteres." in answer.text
    assert director.post(f"{PAGE}/aprobacion").status_code == 409
    assert director.post(f"{PAGE}/envio", WORDS).status_code == 303
    answer = director.post(f"{PAGE}/aprobacion")
    assert answer.status_code == 409
    assert "Quien envía el balance no puede aprobarlo." in answer.text
    assert "debe aprobarlo otra persona" in director.get(PAGE).text
    year.balanced("submitted", "approved")
    stale = dre.post(f"{PAGE}/cierre", {"cutoff": year.position - 1})
    assert stale.status_code == 409
    assert "revise las cifras" in stale.text
    for wrong in (10**9, "", "x", "-1"):
        assert dre.post(f"{PAGE}/cierre", {"cutoff": wrong}).status_code == 422


def test_an_open_year_cannot_be_submitted(house: House) -> None:
    """Before the four quarters are closed there is no form, and the refusal lists what is missing."""
    Cycle(house, year=2025).approved().closed(1)
    director = house.browser("ugel.director")
    assert "cuando los cuatro trimestres estén cerrados" in director.get(PAGE).text
    answer = director.post(f"{PAGE}/envio", WORDS)
    assert answer.status_code == 409
    assert "Trimestre 2" in answer.text


@pytest.mark.parametrize(
    ("usuario", "step"),
    [
        ("satipo.director", "envio"),
        ("satipo.director", "aprobacion"),
        ("ugel.director", "cierre"),
        ("dre.especialista", "cierre"),
        ("auditor", "envio"),
        ("admin", "cierre"),
    ],
)
def test_others_are_refused(house: House, usuario: str, step: str) -> None:
    """Another unit's person, an auditor or an administrator takes no step; unknown units are 404."""
    browser = house.browser(usuario)
    assert browser.post(f"{PAGE}/{step}", WORDS | {"cutoff": 1}).status_code == 403
    assert browser.get("/balance/2025/120013").status_code == 404


def test_figures_by_line_and_what_the_next_year_must_decide(house: House, year: Cycle) -> None:
    """Line and unit by quarter, knots, commitments with their state, and each open item."""
    said = words(house.browser("auditor").get(PAGE))
    assert (
        "Monitoreo pedagógico misional · M1 100,00 % ▲ Cumplido 70,00 % ◆ En proceso 100,00 % ▲ Cumplido 100,00 % ▲ Cumplido"
        in said
    )
    assert "Hallazgo 1 , IV trimestre: Faltó movilidad. Causa: Sin contrato. · 1 compromiso" in said
    assert "0 cumplidos, 0 incumplidos, 0 vencidos, 1 en curso." in said
    assert "Lo que 2026 debe decidir Compromiso 1 : Contratar la movilidad Alerta 1 : Distribuir cuadernos" in said
    year.balanced()
    assert "Sin decidir" in words(house.browser("auditor").get(PAGE))


def test_a_closed_balance_stays_as_it_was_cut(house: House, year: Cycle) -> None:
    """What another year adds later changes nothing above the decisions; its file keeps its bytes."""
    year.balanced()
    browser = house.browser("auditor")

    def figures() -> str:
        text = browser.get(PAGE, headers=PART).text
        return text[: text.index("Lo que 2026 debe decidir")]

    before, file = figures(), browser.get(f"{PAGE}/exportar.xlsx").content
    paper = browser.get(f"{PAGE}/balance.pdf").content
    assert paper.startswith(b"%PDF-")
    Cycle(house, year=2026).drafted()
    assert figures() == before
    assert browser.get(f"{PAGE}/exportar.xlsx").content == file
    assert browser.get(f"{PAGE}/balance.pdf").content == paper


def test_as_of_a_moment_without_forms(house: House, year: Cycle) -> None:
    """At a past moment the balance reads as it did then, without any form."""
    then = year.position
    browser, past = house.browser("ugel.especialista"), f"{PAGE}?hasta={then}"
    before = browser.get(past, headers=PART).text
    year.balanced()
    assert browser.get(past, headers=PART).text == before
    assert "<form" not in before
    assert "Todavía no se escriben." in before
    region = browser.get(f"/balance/2025?hasta={then}")
    assert "No iniciado" in region.text
    assert "Está viendo el estado" in region.text


def test_the_region_in_numbers(house: House, year: Cycle) -> None:
    """A row for each unit with quarters, mean, commitments and balance; the region below."""
    year.balanced()
    said = words(house.browser("dre.director").get("/balance/2025"))
    jauja = "UGEL Jauja 100,00 % ▲ Cumplido 70,00 % ◆ En proceso 100,00 % ▲ Cumplido 100,00 % ▲ Cumplido 92,50 % ▲ Cumplido 0 0 0 1 1 Cerrado"
    assert jauja in said.replace("\xa0", " ")
    assert "1 de 2 balances cerrados" in said
    own = words(house.browser("dre.director").get("/balance/2025/120005")).replace("\xa0", " ")
    assert "Promedio oficial del año: ( 100,00 % + 70,00 % + 100,00 % + 100,00 % ) ÷ 4 = 92,50 % ." in own


def test_workbooks_hold_the_figures_and_their_cut_off(house: House, year: Cycle) -> None:
    """Both files open with their tables and notes, at any moment, and each reading is noted."""
    then = year.position
    year.balanced()
    browser = house.browser("auditor")

    def sheets(address: str) -> dict[str, list[list[Any]]]:
        book = CalamineWorkbook.from_filelike(BytesIO(browser.get(address).content))
        return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}

    unit = sheets(f"{PAGE}/exportar.xlsx")
    assert list(unit) == ["Balance", "Avance por línea", "Hallazgos", "Compromisos", "Para decidir en 2026"]
    assert unit["Balance"][2][0].startswith(f"Corte: hecho n.º {year.position - 1}, registrado el ")
    assert ["M1", "Monitoreo pedagógico", 100, 70, 100, 100, 100, 70, 100, 100] in unit["Avance por línea"]
    assert unit["Compromisos"][-1][:2] == [f"{JAUJA}-2025-1", "Contratar la movilidad"]
    region = sheets("/balance/2025/exportar.xlsx")["Balance 2025"]
    assert [row[1] for row in region[-4:]] == ["UGEL Jauja", "UGEL Satipo", "DRE Junín", "Región (2 UGEL)"]
    past = sheets(f"{PAGE}/exportar.xlsx?hasta={then}")["Balance"]
    assert past[2][0].startswith(f"Corte: hecho n.º {then},")
    assert past[3][0] == "Estado: No iniciado"
    with house.app.state.database.connection() as connection:
        noted = [what for (what,) in connection.execute("select what from people.access_log order by id")]
    assert len([what for what in noted if what.startswith("exportó")]) == 3


def test_the_next_year_decides_each_open_item(house: House, year: Cycle) -> None:
    """Continue, close or drop; the last two need a reason; a decision is made once, and then the plan may be sent."""
    year.balanced()
    director = house.browser("ugel.director")
    assert "todavía no está abierto" in director.get(PENDING).text
    now = Cycle(house, year=2026).drafted()
    text = director.get(PENDING).text
    assert text.count("Registrar decisión") == 2
    assert "Contratar la movilidad" in text
    decide = f"{PENDING}/decisiones"
    assert director.post(decide, {"item": "alerta/1"}).status_code == 422
    answer = director.post(decide, {"item": "alerta/1", "decision": "descartar"})
    assert answer.status_code == 409
    assert "Escriba el motivo." in answer.text
    kept = director.post(decide, {"item": "alerta/1", "decision": "borrar", "reason": "Un motivo largo."})
    assert kept.status_code == 422
    assert "Un motivo largo." in kept.text
    assert director.post(decide, {"item": "alerta/1", "decision": "descartar", "reason": "Ya se repartió."}).status_code == 303
    assert director.post(decide, {"item": "alerta/1", "decision": "continuar"}).status_code == 409
    assert director.post(decide, {"item": "alerta/9", "decision": "continuar"}).status_code == 409
    assert director.post(decide, {"item": "compromiso/1", "decision": "continuar"}).status_code == 303
    said = words(director.get(PENDING))
    assert "2 de 2 decididos." in said
    assert "«Ya se repartió.»" in said
    assert "Registrar decisión" not in said
    assert "Se descartó «Ya se repartió.»" in words(director.get(PAGE))
    now.do("ugel.director", v.SubmitPlan())


def test_what_goes_on_is_open_again_in_the_next_balance(house: House, year: Cycle) -> None:
    """A continued alert shows in the new year's balance, under the year it comes from."""
    year.balanced()
    Cycle(house, year=2026).drafted()
    director = house.browser("ugel.director")
    assert director.post(f"{PENDING}/decisiones", {"item": "alerta/1", "decision": "continuar"}).status_code == 303
    page = director.get(f"/balance/2026/{JAUJA}").text
    assert f"/ugel/{JAUJA}/2025/alertas/1" in page
    with house.app.state.database.snapshot() as connection:
        shown = open_now(connection, LATEST, stream_of(JAUJA, 2026))
    assert shown == list(open_items(house.ledger.memo(stream_of(JAUJA, 2026)).state)) == ["alerta/1/2025"]


@pytest.mark.parametrize("usuario", ["satipo.director", "ugel.especialista", "auditor"])
def test_only_the_units_director_decides(house: House, usuario: str) -> None:
    """Others are refused, another unit's director too."""
    assert house.browser(usuario).post(f"{PENDING}/decisiones", {"item": "alerta/1"}).status_code == 403


def test_without_a_closed_balance_nothing_is_pending(house: House) -> None:
    """The page says so; unknown units are 404."""
    browser = house.browser("ugel.director")
    assert "El balance 2025 no está cerrado" in browser.get(PENDING).text
    assert browser.get("/ugel/120013/2026/pendientes").status_code == 404
