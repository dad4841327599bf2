"""Aligning by search, several activities at once, and the coverage of a unit and of the region: what nobody serves in plain sight."""

import csv
import io
import re
from collections.abc import Iterator
from urllib.parse import unquote

import pytest
from python_calamine import CalamineWorkbook

from service.aggregates.catalogue import PublishObjective
from service.aggregates.plan import AddActivity, AddLine
from service.aggregates.plan_versions import SubmitPlan
from service.ledger import STANDING
from tests.conftest import TestDatabase
from tests.house import SATIPO, House, open_house
from tests.lived import Cycle

UNIT = "/ugel/120005/2026"
ONE, MANY = f"{UNIT}/actividades/1/alineamiento", f"{UNIT}/alineamiento"
PART = {"hx-request": "true"}


@pytest.fixture
def house(new_database: TestDatabase) -> Iterator[House]:
    """UGEL Jauja with two aligned activities and one that is not; UGEL Satipo without a plan; an objective nobody serves."""
    with open_house(new_database.service_url) as opened:
        published = PublishObjective(instrument="PEN", code="PEN-9", text="Gestión ética y participación")
        opened.do("sistema", STANDING, published)
        year = Cycle(opened).drafted()
        year.do("ugel.especialista", AddActivity(line="M1", name="Pintar el local"))
        yield opened


def shown(text: str) -> tuple[list[str], list[str]]:
    """The codes chosen and those found."""
    chosen, _, found = text.partition("q-chips-found")
    codes = (re.findall(r"<span><strong>([^<]+)</strong>", part) for part in (chosen, found))
    return next(codes), next(codes)


def test_objectives_are_found_without_accents_and_chosen_by_links(house: House) -> None:
    """Every step is an address: it works without JavaScript, and htmx gets only the part."""
    rosa = house.browser("ugel.especialista")
    assert shown(rosa.get(ONE).text) == (["ON1"], ["ON2", "PEN-9"])
    found = rosa.get(f"{ONE}?buscar=etica+GESTION&objectives=ON1").text
    assert shown(found) == (["ON1"], ["PEN-9"])
    href = re.search(r'href="([^"]+)"[^>]*><span aria-hidden="true">\+', found)
    assert href
    added = rosa.get(href[1].replace("&amp;", "&"), headers=PART).text
    assert "<html" not in added
    assert shown(added)[0] == ["ON1", "PEN-9"]
    assert "2\u00a0objetivos elegidos" in added
    assert shown(rosa.get(f"{ONE}?buscar=&objectives=PEN-9").text)[0] == ["PEN-9"], "ON1 was taken away"
    assert "Ningún objetivo más coincide" in rosa.get(f"{ONE}?buscar=zzz&objectives=ON1").text
    assert rosa.post(ONE, {"objectives": ["ON1", "PEN-9"]}).status_code == 303
    assert shown(rosa.get(ONE).text)[0] == ["ON1", "PEN-9"]


def test_two_people_who_align_one_activity_lose_nothing(house: House) -> None:
    """The second one is told before and after saving what the first one changed; a search keeps what was seen."""
    rosa, juan = house.browser("ugel.especialista"), house.browser("ugel.jefe")
    first = rosa.get(ONE).text
    base = re.search(r'name="base" value="(\d+)"', first)
    assert base
    assert juan.post(ONE, {"objectives": ["ON2"], "base": base[1]}).status_code == 303
    searched = rosa.get(f"{ONE}?buscar=etica&objectives=ON1&objectives=PEN-9&elegido=1&base={base[1]}").text
    assert "otra persona agregó ON2 y quitó ON1: se conserva" in searched
    assert f'name="base" value="{base[1]}"' in searched
    answer = rosa.post(ONE, {"objectives": ["ON1", "PEN-9"], "base": base[1]})
    assert answer.status_code == 303
    assert "otra persona agregó ON2 y quitó ON1: se conserva" in unquote(answer.headers["set-cookie"])
    assert shown(rosa.get(ONE).text)[0] == ["PEN-9", "ON2"]
    assert "otra persona" not in rosa.get(ONE).text.partition("<main")[2]


def test_several_activities_are_aligned_at_once(house: House) -> None:
    """Marked and chosen; without either a sentence, and the marks are still there."""
    rosa = house.browser("ugel.especialista")
    lacking = rosa.post(MANY, {"activities": ["3"], "objectives": []})
    assert lacking.status_code == 422
    assert "Elija al menos un objetivo." in lacking.text
    assert 'value="3" checked' in lacking.text
    assert "Marque al menos una actividad." in rosa.post(MANY, {"objectives": ["ON2"]}).text
    assert "1\u00a0actividad de 3 sin alinear" in rosa.get(MANY).text
    assert rosa.post(MANY, {"activities": ["1", "3"], "objectives": ["ON2", "PEN-9"]}).status_code == 303
    assert "Todas las actividades atienden algún objetivo." in rosa.get(MANY).text
    assert shown(rosa.get(ONE).text)[0] == ["ON1", "ON2", "PEN-9"]


def test_the_matrix_says_in_words_what_nobody_serves(house: House) -> None:
    """Objective by line and by UGEL; blank rows and columns are named, each cell leads to its activities."""
    text = house.browser("auditor").get("/alineamiento?anio=2026").text
    assert "2\u00a0objetivos que nadie atiende:" in text
    assert "ON2, PEN-9" in text
    assert "1\u00a0UGEL sin actividades alineadas:" in text
    assert "Satipo · sin actividades" in text
    assert text.count("Nadie lo atiende") == 4, "two objectives in two matrices"
    assert "<strong>0</strong> de 2" in text
    cell = re.search(r'href="(/alineamiento/actividades[^"]+linea=M1[^"]*)"[^>]*>2</a>', text)
    assert cell
    behind = house.browser("auditor").get(cell[1].replace("&amp;", "&")).text
    assert "Visitar aulas" in behind
    assert "Distribuir cuadernos" in behind
    assert "Pintar el local" not in behind
    house.browser("ugel.especialista").post(MANY, {"activities": ["3"], "objectives": ["ON1"]})
    assert "<strong>1</strong> de 2" in house.browser("auditor").get("/alineamiento?anio=2026").text


def test_filters_stand_in_the_address(house: House) -> None:
    """By instrument and by UGEL; an unknown UGEL is a sentence."""
    auditor = house.browser("auditor")
    assert "PEN-9" not in auditor.get("/alineamiento?anio=2026&instrumento=PEDN").text.partition("cobertura")[2]
    satipo = auditor.get(f"/alineamiento?anio=2026&ugel={SATIPO}").text.partition("cobertura")[2]
    assert "UGEL Jauja" not in satipo
    assert auditor.get("/alineamiento?anio=2026&ugel=999999").status_code == 422


def test_the_coverage_is_exported_as_its_filter_shows_it(house: House) -> None:
    """A workbook, and a CSV that Spanish Excel opens; what nobody serves has a row of its own."""
    auditor = house.browser("auditor")
    assert auditor.get("/alineamiento/exportar.xlsx?anio=2026").content.startswith(b"PK")
    answer = auditor.get("/alineamiento/exportar.csv?anio=2026")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert rows[1] == ["PEDN", "ON1", "Objetivo ON1", "M1", "120005", "UGEL Jauja", "2"]
    assert ["PEN", "PEN-9", "Gestión ética y participación", "", "", "Nadie lo atiende", "0"] in rows
    assert auditor.get("/alineamiento/otra.cosa?anio=2026").status_code == 422


def test_objective_line_and_unit_stand_in_one_matrix(house: House) -> None:
    """Each objective by UGEL and, below, by line; blank lines in words; the file has the blank rows too, the sheet's are equal."""
    house.do("ugel.especialista", "unit/120005/2026", AddLine(code="S1", kind="soporte", name="Gestión"))
    auditor = house.browser("auditor")
    text = auditor.get("/alineamiento?anio=2026").text
    cube = text[text.index("q-cube") : text.index("Objetivo por línea de acción</span>")]
    assert "Sin actividades en S1" in cube
    assert cube.count("Nadie lo atiende") == 2
    href = re.search(r'href="(/alineamiento/actividades[^"]+objetivo=ON1[^"]+linea=M1)" aria-label="[^"]+UGEL Jauja">2</a>', cube)
    assert href
    behind = auditor.get(href[1].replace("&amp;", "&")).text
    assert "Visitar aulas" in behind
    answer = auditor.get("/alineamiento/matriz.csv?anio=2026")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert rows[0] == ["Instrumento", "Objetivo", "Texto", "Línea", "Tipo", "Jauja", "Satipo", "Total"]
    assert ["PEDN", "ON1", "Objetivo ON1", "M1", "misional", "2", "0", "2"] in rows
    assert ["PEN", "PEN-9", "Gestión ética y participación", "S1", "soporte", "0", "0", "0"] in rows
    book = CalamineWorkbook.from_filelike(io.BytesIO(auditor.get("/alineamiento/exportar.xlsx?anio=2026").content))
    sheet = book.get_sheet_by_name("Objetivo, línea y UGEL").to_python()
    assert sum(row[-1] == 2 for row in sheet) == 1


def test_the_coverage_is_read_as_of_any_fact(house: House) -> None:
    """Before the activities were written nothing was served, and a past page has no forms."""
    first = next(house.ledger.facts("unit/120005/2026")).position
    text = house.browser("ugel.especialista").get(f"/alineamiento?anio=2026&hasta={first}").text
    assert "3\u00a0objetivos que nadie atiende:" in text
    position = Cycle(house).position
    past = house.browser("ugel.especialista").get(f"{MANY}?hasta={position}").text
    assert "Visitar" not in past.partition("<main")[2]
    assert "Alinear seleccionadas" not in past
    assert "Alinear seleccionadas" in house.browser("ugel.especialista").get(MANY).text


def test_the_refusal_of_a_plan_leads_to_where_it_is_mended(house: House) -> None:
    """Each line is a link: to the search of objectives, to the activity."""
    answer = house.browser("ugel.director").post(f"{UNIT}/envio")
    assert answer.status_code == 409
    assert "No se puede enviar el plan: falta lo siguiente." in answer.text
    assert f'<a href="{UNIT}/actividades/3/alineamiento">Actividad 3: Pintar el local. No está alineada' in answer.text
    assert f'<a href="{UNIT}/actividades/3">Actividad 3: Pintar el local. No tiene tareas.</a>' in answer.text


def test_only_the_unit_aligns(house: House) -> None:
    """Others read; while the DRE reviews the plan nobody aligns."""
    for usuario in ("satipo.director", "dre.director", "auditor"):
        assert "Alinear seleccionadas" not in house.browser(usuario).get(MANY).text
        assert house.browser(usuario).post(MANY, {"activities": ["1"], "objectives": ["ON1"]}).status_code == 403
    assert "Las actividades las alinea su propia unidad." in house.browser("dre.director").get(ONE).text
    Cycle(house, SATIPO).drafted().do("satipo.director", SubmitPlan())
    there = house.browser("satipo.especialista").get(f"/ugel/{SATIPO}/2026/actividades/1/alineamiento").text
    assert "El plan está enviado a la DRE" in there
    assert house.browser("auditor").get(f"{UNIT}/actividades/77/alineamiento").status_code == 404
