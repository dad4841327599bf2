"""The plan's editor without its script: the grid drawn by the server, a form for each row, and what the grid's parts answer."""

import re

import pytest

from tests.first_quarter import PLACE, YEAR, approve_plan
from tests.house import Browser, House

NEXT = f"/ugel/120005/{YEAR + 1}"
PLAN = f"{NEXT}/plan"
PART = {"hx-request": "true"}


@pytest.fixture
def rosa(house: House) -> Browser:
    """A specialist with a line, an activity and two tasks in next year's plan."""
    browser = house.browser("ugel.especialista")
    browser.post(f"{NEXT}/apertura")
    browser.post(f"{PLAN}/lineas", {"code": "M1", "kind": "misional", "name": "Monitoreo"})
    browser.post(f"{PLAN}/actividades", {"line": "M1", "name": "Acompañar", "area": "AGP"})
    for name in ("Visitar aulas", "Realizar talleres"):
        form = {"name": name, "unit": "Visita", "months-0": "1 234,5", "months-11": "2"}
        assert browser.post(f"{PLAN}/actividades/1/tareas", form).status_code == 303
    return browser


def cells(text: str, row: str) -> list[str]:
    """The texts of a row's cells."""
    found = re.search(rf'<tr id="{row}".*?</tr>', text, re.DOTALL)
    assert found, f"{row} is not on the page"
    return [re.sub(r"<[^>]+>|\s+", " ", each).strip() for each in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", found[0], re.DOTALL)]


def test_a_plan_is_shown_by_line_activity_and_task_with_its_sums(rosa: Browser) -> None:
    """Twelve months, four quarters and the year, in Peruvian figures; the activity sums where units are the same."""
    text = rosa.get(PLAN).text
    assert "Escribir el plan" in text
    assert cells(text, "t-1") == [
        "Visitar aulas",
        "Visita",
        "1 234,5",
        *["0"] * 10,
        "2",
        "1 234,5",
        "0",
        "0",
        "2",
        "1 236,5",
    ]
    assert "2\u00a0473" in text


def test_a_cell_is_saved_alone_and_answered_with_its_activity(rosa: Browser) -> None:
    """What the form leaves out stays as it is; the answer is the activity as it stands, not the page."""
    answer = rosa.post(f"{PLAN}/tareas/1", {"campo": "months-1", "antes": "0", "months-1": "3,25"}, headers=PART)
    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert cells(answer.text, "t-1")[2:5] == ["1 234,5", "3,25", "0"]
    assert cells(rosa.get(PLAN).text, "t-1")[3] == "3,25"


def test_a_cell_that_makes_no_sense_is_a_sentence(rosa: Browser) -> None:
    """422 with the sentence for that cell; nothing is written; a plain form comes back with what was typed."""
    answer = rosa.post(f"{PLAN}/tareas/1", {"campo": "months-1", "antes": "0", "months-1": "doce"}, headers=PART)
    assert answer.status_code == 422
    assert '<p data-field="months-1">Escriba un número mayor o igual a 0' in answer.text
    plain = rosa.post(f"{PLAN}/tareas/1", {"name": "", "unit": "Visita", "months-1": "doce"})
    assert plain.status_code == 422
    assert 'value="doce"' in plain.text
    assert 'id="name-error"' in plain.text
    assert cells(rosa.get(PLAN).text, "t-1")[3] == "0"


def test_a_cell_somebody_else_changed_meanwhile_is_not_overwritten(house: House, rosa: Browser) -> None:
    """409 tells what it says now; a cell beside it, or the same figure written otherwise, is no conflict."""
    house.browser("ugel.jefe").post(f"{PLAN}/tareas/1", {"months-1": "7"})
    answer = rosa.post(f"{PLAN}/tareas/1", {"campo": "months-1", "antes": "0", "months-1": "5"}, headers=PART)
    assert answer.status_code == 409
    assert "ahora dice «7»" in answer.text
    assert (
        rosa.post(f"{PLAN}/tareas/1", {"campo": "months-0", "antes": "1 234,50", "months-0": "1"}, headers=PART).status_code
        == 200
    )


def test_a_pasted_block_is_written_whole_or_not_at_all(rosa: Browser) -> None:
    """Each wrong cell has its sentence under its own name; corrected, the rows change and a new one is added."""
    block = {"tarea-1-months-0": "1.234,5", "tarea-2-months-0": "x", "tarea-2-unit": "", "nueva-1-activity": "1"}
    block |= {"nueva-1-name": "Pegada", "nueva-1-unit": "Acta"}
    answer = rosa.post(f"{PLAN}/bloque", block, headers=PART)
    assert answer.status_code == 422
    assert 'data-field="tarea-2-months-0"' in answer.text
    assert 'data-field="tarea-2-unit"' in answer.text
    assert "Pegada" not in rosa.get(PLAN).text
    answer = rosa.post(f"{PLAN}/bloque", block | {"tarea-2-months-0": "4", "tarea-2-unit": "Taller"}, headers=PART)
    assert answer.status_code == 200
    assert cells(answer.text, "t-2")[1:3] == ["Taller", "4"]
    assert cells(answer.text, "t-3")[:2] == ["Pegada", "Acta"]


def test_rows_move_are_copied_and_leave_with_plain_forms(rosa: Browser) -> None:
    """Up and down, a copy below, a removal with its reason; undo brings it back, redo takes it away again."""
    assert rosa.post(f"{PLAN}/tareas/2/lugar", {"activity": "1", "after": "0"}).status_code == 303
    text = rosa.get(PLAN).text
    assert text.index('id="t-2"') < text.index('id="t-1"')
    assert rosa.post(f"{PLAN}/actividades/1/copia").status_code == 303
    assert "Acompañar (copia)" in rosa.get(PLAN).text
    assert rosa.post(f"{PLAN}/tareas/1/retiro", {"reason": ""}).status_code == 422
    assert rosa.post(f"{PLAN}/tareas/1/retiro", {"reason": "Repetida"}).status_code == 303
    assert 'id="t-1"' not in rosa.get(PLAN).text
    assert rosa.post(f"{PLAN}/deshecho").status_code == 303
    text = rosa.get(PLAN).text
    assert text.index('id="t-2"') < text.index('id="t-1"')
    assert rosa.post(f"{PLAN}/rehecho").status_code == 303
    assert rosa.post(f"{PLAN}/rehecho").status_code == 409


def test_chosen_rows_change_together(rosa: Browser) -> None:
    """One reason for all; without one the form comes back with its sentence."""
    form = {"tasks": ["1", "2"], "operation": "multiply", "factor": "2", "unit": "", "area": "", "line": "", "shift": ""}
    assert rosa.post(f"{PLAN}/seleccion", form | {"reason": ""}).status_code == 422
    assert rosa.post(f"{PLAN}/seleccion", form | {"reason": "Se duplica"}).status_code == 303
    assert [cells(rosa.get(PLAN).text, row)[2] for row in ("t-1", "t-2")] == ["2 469", "2 469"]


def test_an_approved_plan_is_changed_by_proposing(house: House) -> None:
    """The basket of changed cells becomes one modification with one reason; the plan stays as it is until it is approved."""
    approve_plan(house)
    rosa = house.browser("ugel.especialista")
    place = f"{PLACE}/plan"
    assert "Modificar el plan" in rosa.get(place).text
    assert "Deshacer" not in rosa.get(place).text
    before = cells(rosa.get(place).text, "t-1")
    assert rosa.post(f"{place}/bloque", {"tarea-1-months-11": "99"}).status_code == 409
    assert rosa.post(f"{place}/bloque", {"tarea-1-months-11": "99", "reason": "Más escuelas"}).status_code == 303
    assert cells(rosa.get(place).text, "t-1") == before
    assert "Más escuelas" in house.browser("dre.director").get(f"{PLACE}/modificaciones/1").text
    assert rosa.post(f"{place}/tareas/1", {"months-11": "98", "reason": "Otra"}).status_code == 303
    assert "Otra" in rosa.get(f"{PLACE}/modificaciones/2").text


def test_a_basket_proposes_cells_new_rows_places_and_removals_as_one_modification(house: House) -> None:
    """One reason for all of it; the paper of the modification says each of them, and the approved plan shows them."""
    approve_plan(house)
    rosa, place = house.browser("ugel.especialista"), f"{PLACE}/plan"
    sent = {"tarea-1-months-11": "99", "lugar-tarea-2-activity": "1", "lugar-tarea-2-after": "0"}
    sent |= {"nueva-1-activity": "1", "nueva-1-name": "Preparar", "nueva-1-unit": "Acta", "nueva-1-after": "2"}
    sent |= {"alta-2-line": "M1", "alta-2-name": "Informar", "alta-2-tasks-0-name": "Redactar", "alta-2-tasks-0-unit": "Informe"}
    sent |= {"alta-2-tasks-0-months-3": "1", "retiro-tarea-3-si": "1"}
    loose = rosa.post(f"{place}/bloque", sent | {"reason": "Todo junto"}, headers=PART)
    assert loose.status_code == 409
    assert "no puede quedar sin objetivo. Actividad nueva: Informar" in loose.text
    sent |= {"objectives": "ON1"}
    answer = rosa.post(f"{place}/bloque", sent, headers=PART)
    assert 'data-field="reason"' in answer.text
    wrong = sent | {"nueva-1-unit": "", "alta-2-tasks-0-months-3": "x", "reason": "Todo junto"}
    answer = rosa.post(f"{place}/bloque", wrong, headers=PART)
    assert answer.status_code == 422
    assert all(f'data-field="{name}"' in answer.text for name in ("nueva-1-unit", "alta-2-tasks-0-months-3"))
    assert rosa.post(f"{place}/bloque", sent | {"reason": "Todo junto"}, headers=PART).status_code == 200
    text = house.browser("dre.director").get(f"{PLACE}/modificaciones/1").text
    assert "pasó del lugar 2 al 1" in text
    for said in ("Se agrega la tarea 5 «Preparar»", "Se agrega la actividad 4 «Informar»", "Se retira la tarea 3"):
        assert said in text
    form = {"resolution": "RD 2", "resolution_date": "2026-02-02"}
    assert house.browser("dre.director").post(f"{PLACE}/modificaciones/1/aprobacion", form).status_code == 303
    text = rosa.get(place).text
    assert text.index('id="t-2"') < text.index('id="t-5"') < text.index('id="t-1"')
    assert "Informar" in text
    assert 'id="t-3"' not in text


def test_a_place_of_an_approved_plan_is_proposed_with_a_plain_form(house: House) -> None:
    """Without its reason the form comes back with a sentence; a new activity is proposed the same way, with its objective."""
    approve_plan(house)
    rosa, place = house.browser("ugel.especialista"), f"{PLACE}/plan"
    assert "Proponer lugar" in rosa.get(f"{place}/tareas/2").text
    assert rosa.post(f"{place}/tareas/2/lugar", {"activity": "1", "after": "0", "reason": ""}).status_code == 409
    assert rosa.post(f"{place}/tareas/2/lugar", {"activity": "1", "after": "0", "reason": "Va primero"}).status_code == 303
    assert "pasó del lugar 2 al 1" in rosa.get(f"{PLACE}/modificaciones/1").text
    new = {"line": "M1", "name": "Informar", "reason": "Falta", "objectives": ""}
    loose = rosa.post(f"{place}/actividades", new)
    assert (loose.status_code, "Actividad nueva: Informar" in loose.text) == (409, True)
    assert rosa.post(f"{place}/actividades", new | {"objectives": "ON1"}).status_code == 303
    assert "Se agrega la actividad 4 «Informar»" in rosa.get(f"{PLACE}/modificaciones/2").text


def test_who_may_not_write_reads(house: House, rosa: Browser) -> None:
    """Another unit, the DRE and a past moment see the grid without a form or a script."""
    house.browser("ugel.director")
    last = list(house.ledger.facts(f"unit/120005/{YEAR + 1}"))[-1].position
    for text in (house.browser("satipo.especialista").get(PLAN).text, rosa.get(f"{PLAN}?hasta={last}").text):
        assert "Visitar aulas" in text
        assert "Deshacer" not in text
        assert 'name="tasks"' not in text
    assert "Guardar tarea" not in house.browser("dre.especialista").get(f"{PLAN}/tareas/1").text
    assert house.browser("dre.especialista").get(f"{PLAN}/tareas/99").status_code == 404
    assert "Realizar talleres" not in rosa.get(f"{PLAN}?hasta={last - 1}").text


def test_what_others_changed_comes_as_their_activities(house: House, rosa: Browser) -> None:
    """A page that shows a version asks for what came after it: changed activities whole, removed ones by name."""
    version = re.search(r'data-version="(\d+)"', rosa.get(PLAN).text)
    assert version
    luis = house.browser("ugel.jefe")
    luis.post(f"{PLAN}/actividades", {"line": "M1", "name": "Distribuir"})
    luis.post(f"{PLAN}/actividades/1/retiro", {"reason": "Se fusiona"})
    answer = rosa.get(f"{PLAN}/cambios?desde={version[1]}", headers=PART).text
    assert 'data-gone="1"' in answer
    assert 'id="a-2"' in answer
    assert "data-whole" not in answer
    luis.post(f"{PLAN}/lineas", {"code": "S1", "kind": "soporte", "name": "Soporte"})
    assert "data-whole" in rosa.get(f"{PLAN}/cambios?desde={version[1]}", headers=PART).text


def test_a_long_plan_is_drawn_in_parts(rosa: Browser) -> None:
    """What does not fit at once is a link that works without scripts, and a part that goes as far as it is asked to."""
    block = {f"nueva-{n}-{field}": value for n in range(130) for field, value in NEW.items()}
    assert rosa.post(f"{PLAN}/bloque", block).status_code == 303
    for name in ("Segunda", "Tercera"):
        rosa.post(f"{PLAN}/actividades", {"line": "M1", "name": name})
    text = rosa.get(PLAN).text
    assert 'id="a-1"' in text
    assert 'id="a-2"' not in text
    more = re.search(r'href="([^"]+)">Mostrar 2 actividades más', text.replace("\u00a0", " "))
    assert more
    assert 'id="a-3"' in rosa.get(more[1].replace("&amp;", "&")).text
    part = rosa.get(f"{PLAN}/filas?linea=M1&desde=1&con=3", headers=PART).text
    assert re.findall(r'id="(a-\d)"', part) == ["a-2", "a-3"]
    assert rosa.get(f"{PLAN}/filas?linea=X9", headers=PART).status_code == 404


NEW = {"activity": "1", "name": "Otra tarea", "unit": "Acción"}
