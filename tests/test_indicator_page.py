"""The pages of indicators: declared and measured by the unit, reviewed by the DRE, worked out in words, read as of any fact."""

import io
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction

import openpyxl
import pytest

from service.aggregates import indicator_proposal as p
from service.aggregates import quarter as q
from service.aggregates import unit_year
from service.aggregates.plan import ChangeActivity
from service.aggregates.plan_versions import ApprovePlan
from service.projections import LATEST, indicator_page
from tests.conftest import TestDatabase
from tests.house import House, open_house
from tests.lived import Cycle

APPROVE = ApprovePlan(resolution="RD 001", resolution_date=date(2026, 1, 15))
UNIT = "/ugel/120005/2026"
PAGE = f"{UNIT}/indicadores"
POSTS = {
    "about": "actividad-1",
    "name": "Plazas docentes adjudicadas",
    "direction": "creciente",
    "formula": "Plazas adjudicadas ÷ plazas vacantes × 100",
    "source": "Acta de adjudicación",
    "unit": "%",
    "baseline": "90",
    "baseline_from": "Acta de 2025",
    "targets-0": "98",
    "targets-1": "98,5",
}
LATE = {**POSTS, "about": "linea-M1", "name": "Días de retraso", "direction": "decreciente", "unit": "días", "baseline": "20"}
LATE |= {"targets-0": "10", "targets-1": "5"}
NEAR = {**POSTS, "name": "Docentes por visita", "direction": "neutral", "unit": "docentes", "tolerance": "2", "targets-0": "10"}
CARE = {
    **{name: POSTS[name] for name in ("about", "formula", "source")},
    "name": "Calidad de la atención",
    "direction": "rúbrica",
    "levels-0-text": "Sin protocolo",
    "levels-0-percent": "0",
    "levels-1-text": "Con protocolo",
    "levels-1-percent": "50",
    "levels-2-text": "Con protocolo y seguimiento",
    "levels-2-percent": "100",
}


def row(n: int, number: int, value: str, version: int = 0, **more: str) -> dict[str, str]:
    """The inputs of one indicator on the sheet of a quarter."""
    told = {"indicator": str(number), "version": str(version), "value": value, "evidence": "Informe 7", **more}
    return {f"entries-{n}-{name}": each for name, each in told.items()}


@pytest.fixture
def house(house_database: TestDatabase) -> Iterator[House]:
    """A house in which UGEL Jauja declares four indicators while it drafts its plan, which is then approved."""
    with open_house(house_database.service_url) as opened:
        year = Cycle(opened).drafted()
        rosa = opened.browser("ugel.especialista")
        for each in (POSTS, LATE, NEAR, CARE):
            assert rosa.post(PAGE, each).status_code == 303
        year.submitted()
        year.do("dre.director", APPROVE)
        yield opened


def test_indicators_are_declared_measured_and_worked_out(house: House) -> None:
    """Each by its direction: the words of its formula with its inputs, the light, the fact that says each figure."""
    rosa = house.browser("ugel.especialista")
    values = row(0, 1, "96") | row(1, 2, "12") | row(2, 3, "11,5") | row(3, 4, "2")
    assert rosa.post(f"{UNIT}/t1/indicadores", values).status_code == 303
    table = rosa.get(PAGE).text
    for words in ("↗</span> Creciente", "↘</span> Decreciente", "↔</span> Neutral", "☰</span> Rúbrica", "Línea de base"):
        assert words in table
    worked = {1: "(96 − 90) ÷ (98 − 90) × 100 = 75,00\u00a0%", 2: "(12 − 20) ÷ (10 − 20) × 100 = 80,00\u00a0%"}
    worked |= {3: "|11,5 − 10| ≤ 2 = 100,00\u00a0%", 4: "Nivel 2 = 50,00\u00a0%"}
    for number, words in worked.items():
        assert words in rosa.get(f"{PAGE}/{number}").text
    best = 'data-label="Meta">Nivel 3: Con protocolo y seguimiento</td>'
    assert best in rosa.get(f"{PAGE}/4").text
    assert best in rosa.get(f"{UNIT}/t1/indicadores").text
    one = rosa.get(f"{PAGE}/1").text
    assert "registró el indicador 1, primer trimestre (sustento: Informe 7)" in one
    assert "declaró el indicador 1 (creciente)" in one
    for page in (f"{UNIT}/actividades/1?t=1", f"{UNIT}/t1"):
        assert "Plazas docentes adjudicadas" in rosa.get(page).text


def test_a_wrong_form_comes_back_with_what_was_typed(house: House) -> None:
    """422 beside the field, 409 for a rule of the record; the neighbour gets 403, an indicator that is none 404."""
    rosa = house.browser("ugel.especialista")
    answer = rosa.post(PAGE, POSTS | {"name": "", "targets-0": "muchas"})
    assert answer.status_code == 422
    assert 'value="muchas"' in answer.text
    assert "Escriba un número" in answer.text
    refused = rosa.post(PAGE, POSTS | {"reason": "Hace falta"})
    assert refused.status_code == 409
    assert "Ya hay un indicador con ese nombre" in refused.text
    wrong = rosa.post(f"{UNIT}/t1/indicadores", row(0, 1, "noventa") | row(1, 4, "7"))
    assert wrong.status_code == 422
    assert 'value="noventa"' in wrong.text
    assert house.browser("satipo.director").post(PAGE, POSTS).status_code == 403
    assert rosa.get(f"{PAGE}/9").status_code == 404


def test_a_change_in_an_approved_plan_waits_for_the_dre(house: House) -> None:
    """Before → after with its reason; who is responsible sees no buttons; approved, the old quarter is not comparable any more."""
    year, rosa, carmen = Cycle(house), house.browser("ugel.especialista"), house.browser("dre.especialista")
    rosa.post(f"{UNIT}/t1/indicadores", row(0, 1, "96"))
    year.closed(1)
    assert rosa.post(f"{PAGE}/1/cambio", POSTS | {"source": "Sistema Ñ", "version": "1"}).status_code == 409
    answer = rosa.post(f"{PAGE}/1/cambio", POSTS | {"source": "Sistema Ñ", "version": "1", "reason": "Cambió la fuente"})
    assert answer.status_code == 303
    assert "Aprobar cambio" not in rosa.get(f"{PAGE}/1").text
    shown = carmen.get(PAGE).text
    assert "Cambio por resolver" in shown
    assert "«Cambió la fuente»" in shown
    assert re.search(r"Fuente: .*Acta de adjudicación.*Sistema Ñ", shown)
    assert carmen.post(f"{PAGE}/cambios/1/rechazo", {"reason": ""}).status_code == 422
    assert carmen.post(f"{PAGE}/cambios/1/aprobacion").status_code == 303
    one = rosa.get(f"{PAGE}/1").text
    assert "≠ No comparable con el trimestre anterior" in one
    assert "Con la definición del hecho" in one
    assert "= 75,00\u00a0%" in one
    with house.app.state.database.snapshot() as connection:
        (found,) = indicator_page.breaks(connection, LATEST, [year.stream])
    assert (found.indicator, found.line, found.quarter, found.fields) == (1, "M1", 2, ("source",))
    dropped = {"reason": "Ya no se mide"}
    assert rosa.post(f"{PAGE}/2/retiro", dropped).status_code == 303
    assert carmen.post(f"{PAGE}/cambios/2/aprobacion").status_code == 303
    assert "«Ya no se mide»" in rosa.get(PAGE).text


def test_the_dre_observes_a_row_and_a_validated_value_is_corrected(house: House) -> None:
    """The quarter goes back with the words in its row; once validated the value changes with a second person, struck in the history."""
    year, rosa, carmen = Cycle(house), house.browser("ugel.especialista"), house.browser("dre.especialista")
    sheet = f"{UNIT}/t1/indicadores"
    rosa.post(sheet, row(0, 1, "96"))
    year.progress(1, 30, 30)
    director = house.browser("ugel.director")
    assert "Hay indicadores sin dato" in director.post(f"{UNIT}/t1/envio").text
    year.sent(1)
    assert "Registrar indicadores" not in rosa.get(sheet).text
    assert carmen.post(f"{sheet}/observacion", {"indicator": "1", "text": "Falta el acta"}).status_code == 303
    assert "«Falta el acta»" in rosa.get(sheet).text
    assert "Indicador «Plazas docentes adjudicadas»: Falta el acta" in rosa.get(f"{UNIT}/t1").text
    assert rosa.post(sheet, row(0, 1, "97", version=1)).status_code == 303
    assert "«Falta el acta»" in rosa.get(sheet).text, "what was asked for goes away with the answer"
    year.sent(1)
    back = carmen.get(sheet).text
    assert "«Falta el acta»" in back
    assert re.search("Desde la observación: .*?96.*?97", back, re.DOTALL)
    assert f'href="{UNIT}/t1/indicadores#indicador-1"' in carmen.get(f"{UNIT}/t1").text
    year.do("dre.especialista", q.ValidateQuarter(quarter=1))
    assert "Desde la observación" not in carmen.get(sheet).text
    assert "Falta el acta" not in carmen.get(sheet).text
    assert "Pedir rectificación" in rosa.get(sheet).text
    assert rosa.post(sheet, row(0, 1, "98", version=2)).status_code == 409
    assert rosa.post(sheet, row(0, 1, "98", version=2, reason="Faltó una plaza")).status_code == 303
    assert "«Faltó una plaza»" in rosa.get(sheet).text
    house.browser("dre.jefe").post(f"{PAGE}/cambios/1/aprobacion")
    one = rosa.get(f"{PAGE}/1").text
    assert "(98 − 90) ÷ (98 − 90) × 100 = 100,00\u00a0%" in one
    assert "· rectificado" in one
    assert "pidió rectificar el indicador 1, primer trimestre" in one


def test_a_closed_quarter_is_opened_again_for_some_indicators(house: House) -> None:
    """The director chooses them beside the tasks; only their rows may be written, and the quarter says which they are."""
    year, rosa, boss = Cycle(house), house.browser("ugel.especialista"), house.browser("dre.director")
    sheet, quarter = f"{UNIT}/t1/indicadores", f"{UNIT}/t1"
    rosa.post(sheet, row(0, 1, "96") | row(1, 2, "11"))
    year.progress(1, 30, 30)
    year.sent(1)
    for usuario, step in (("especialista", q.ValidateQuarter), ("especialista", q.ScoreQuarter), ("director", q.CloseQuarter)):
        year.do(f"dre.{usuario}", step(quarter=1))
    assert "Indicadores que se reabren" in boss.get(quarter).text
    assert "entries-" not in rosa.get(sheet).text
    asked = {"indicators": "2", "until": house.ledger.clock().date().isoformat(), "reason": "Se contó mal"}
    assert boss.post(f"{quarter}/reapertura", asked).status_code == 303
    assert f'Se abre para el indicador: <a href="{sheet}#indicador-2">' in rosa.get(quarter).text
    assert "para 1\u00a0indicador" in boss.get(f"{UNIT}/historial").text
    written = rosa.get(sheet).text
    assert "entries-1-value" in written
    assert "entries-0-value" not in written
    assert "La reapertura no incluye el indicador" in rosa.post(sheet, row(0, 1, "99", version=1, reason="-")).text
    assert rosa.post(sheet, row(1, 2, "9", version=1, reason="Se contó mal")).status_code == 303
    house.browser("dre.jefe").post(f"{PAGE}/cambios/1/aprobacion")
    assert "· rectificado" in rosa.get(f"{PAGE}/2").text


def test_indicators_are_read_as_of_any_fact_and_taken_along(house: House) -> None:
    """Before the value there is none, and no form; the workbook has numbers as numbers, the CSV the same rows."""
    year, rosa = Cycle(house), house.browser("ugel.especialista")
    before = year.position
    rosa.post(f"{UNIT}/t1/indicadores", row(0, 1, "96"))
    for page in (PAGE, f"{PAGE}/1", f"{UNIT}/t1/indicadores"):
        past = rosa.get(f"{page}?hasta={before}").text.partition("<main")[2]
        assert "75,00" not in past
        assert "<form method" not in past
        assert "75,00" in rosa.get(page).text
    assert rosa.get(f"{PAGE}?hasta=3").status_code == 200
    book = openpyxl.load_workbook(io.BytesIO(rosa.get(f"{PAGE}/exportar/indicadores.xlsx").content)).active
    assert book
    cells = [[cell.value for cell in line] for line in book.iter_rows()]
    assert any(line[1] == "Plazas docentes adjudicadas" and line[7:12:2] == [1, 96, 75] for line in cells)
    text = rosa.get(f"{PAGE}/exportar/indicadores.csv?hasta={before}").content.decode("utf-8-sig")
    assert "Días de retraso;Monitoreo pedagógico;Decreciente;días" in text
    assert "todavía no hay un valor registrado" in text
    assert rosa.get(f"{PAGE}/exportar/otro.pdf").status_code == 422
    compared = house.browser("auditor").get(f"/reproducir/120005/2026?hasta={before}&comparar=hoy").text
    assert "indicador 1, I trimestre, valor" in compared
    assert "registró el indicador 1" in rosa.get(f"{UNIT}/historial?tipo=indicadores").text


def test_a_text_of_the_plan_is_offered_to_be_declared(house_database: TestDatabase) -> None:
    """What the plan brings as words alone comes into the form with its source; declared, it is offered no more."""
    with open_house(house_database.service_url) as house:
        year = Cycle(house).drafted()
        text = ChangeActivity(
            activity=2, line="M1", name="Distribuir", indicator="% de cuadernos a tiempo", verification="PECOSA"
        )
        year.do("ugel.especialista", text)
        rosa = house.browser("ugel.especialista")
        assert "Textos del plan por declarar" in rosa.get(PAGE).text
        form = rosa.get(f"{PAGE}?declarar=2").text
        assert 'value="% de cuadernos a tiempo"' in form
        assert 'value="PECOSA"' in form
        assert rosa.post(PAGE, POSTS | {"about": "actividad-2", "name": "% de cuadernos a tiempo"}).status_code == 303
        assert "Textos del plan por declarar" not in rosa.get(PAGE).text


def test_what_is_read_at_any_moment_is_what_the_facts_say(house: House) -> None:
    """At every position definition, value and achievement are those of the fold; its inputs give the percentage again by hand."""
    year, rosa = Cycle(house), house.browser("ugel.especialista")
    rosa.post(f"{UNIT}/t1/indicadores", row(0, 1, "92,67") | row(1, 2, "11,3") | row(2, 3, "13") | row(3, 4, "3"))
    rosa.post(f"{PAGE}/2/cambio", LATE | {"targets-1": "4", "reason": "Se acordó", "version": "1"})
    rosa.post(f"{UNIT}/t2/indicadores", row(0, 1, "99") | row(1, 2, "7"))
    year.do("dre.jefe", p.ApproveIndicator(proposal=1))
    rosa.post(f"{UNIT}/t2/indicadores", row(0, 1, "97,5", version=1))
    state, checked = unit_year.new("120005", 2026), 0
    for recorded in house.ledger.facts(year.stream):
        unit_year.evolve(state, recorded.fact)
        with house.app.state.database.snapshot() as connection:
            found = indicator_page.indicators(connection, recorded.position, year.stream)
        assert {each.indicator: each.definition for each in found} == {
            n: each.definition for n, each in state.indicators.declared.items()
        }
        for each in found:
            for cell in each.cells:
                value = state.indicators.values.get((cell.quarter, each.indicator))
                assert (cell.measure.value if cell.measure else None) == (value.value if value else None)
                if cell.percent is not None:
                    assert cell.percent == _by_hand(cell)
                    checked += 1
    assert checked > 20, "there must be achievements for this test to mean anything"


def _by_hand(cell: indicator_page.Cell) -> Decimal:
    """The percentage from the inputs that the page shows, by other arithmetic: exact fractions, rounded once."""
    it, value = cell.definition, Fraction(cell.measure.value if cell.measure else 0)
    if it.levels:
        return it.levels[int(value) - 1].percent.quantize(Decimal("0.01"))
    target = Fraction(it.target(cell.quarter) or 0)
    if it.tolerance is not None:
        return Decimal("100.00") if abs(value - target) <= Fraction(it.tolerance) else Decimal("0.00")
    start = Fraction(it.baseline or 0)
    exact = min(Fraction(1), max(Fraction(0), (value - start) / (target - start))) * 10_000
    return Decimal(int(exact + Fraction(1, 2))) / 100
