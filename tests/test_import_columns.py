"""The columns of somebody else's workbook: proposed, chosen on screen, remembered for the unit, named on the command line."""

import io
import re
import time

import openpyxl
import pytest

from service import uploads
from service.web.import_problems import by_kind
from service.workbook import Mapping, Problem
from tests.first_quarter import YEAR
from tests.house import Browser, House
from tests.test_workbook_foreign import xlsx
from tests.workbooks import ceplan

NEXT = f"/ugel/120005/{YEAR + 1}"
STRANGE = (
    ("Qué haremos", "Cómo", "Medida en", "Inicio", "Final"),
    ("Monitorear", "Visitar", "Acta", 3, 1),
    ("Monitorear", "Ir", "Acta", 0, 2),
)
CHOSEN = {"campo-activity": "0", "campo-task": "1", "campo-unit": "2", "campo-T1": "3", "campo-T4": "4", "recordar": "1"}


def upload(browser: Browser, content: bytes, place: str = NEXT) -> str:
    """Send a file whose columns are not recognised: the address of its columns."""
    answer = browser.post(f"{place}/importar", files={"archivo": ("cuadro.xlsx", content)})
    assert answer.status_code == 303
    return str(answer.headers["location"])


def test_columns_are_chosen_and_remembered_for_the_unit(house: House) -> None:
    """The sender chooses; the next file with this header, from anybody of the unit, is read the same way, and says so."""
    rosa, juan = house.browser("ugel.especialista"), house.browser("ugel.jefe")
    columns = upload(rosa, xlsx(STRANGE))
    page = rosa.get(columns).text
    assert "Elija la columna de «Actividad»" in page
    assert "C · Medida en (Acta; Acta)" in page
    answer = rosa.post(columns, CHOSEN)
    assert (answer.status_code, answer.headers["location"]) == (303, columns.removesuffix("/columnas"))
    shown = rosa.get(answer.headers["location"]).text
    assert "columnas elegidas por usted" in shown
    assert "se reparte en partes iguales entre sus tres meses" in shown
    assert "2\u00a0tareas nuevas" in shown
    again = juan.post(f"{NEXT}/importar", files={"archivo": ("otro.xlsx", xlsx([("Plan",), *STRANGE]))})
    assert again.status_code == 200
    assert "Se usaron las columnas que guardó Rosa Quispe" in again.text
    other = house.browser("satipo.especialista")
    upload(other, xlsx(STRANGE), f"/ugel/120007/{YEAR + 1}")


def test_what_is_not_to_be_remembered_is_forgotten(house: House) -> None:
    """Without the mark the file is read once, and what was kept of its header goes."""
    rosa = house.browser("ugel.especialista")
    columns = upload(rosa, xlsx(STRANGE))
    rosa.post(columns, CHOSEN)
    with house.app.state.database.connection() as connection:
        assert len(uploads.remembered(connection, "120005")) == 1
    rosa.post(columns, CHOSEN | {"recordar": ""})
    with house.app.state.database.connection() as connection:
        assert uploads.remembered(connection, "120005") == {}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"campo-unit": ""}, "Elija la columna de «Unidad de medida»"),
        ({"campo-T1": "", "campo-T4": ""}, "Elija las columnas de los meses o de los trimestres"),
        ({"campo-T4": "3"}, "La columna D ya está elegida en «Meta del I trimestre»"),
        ({"campo-unit": "3"}, "La columna D ya está elegida en «Unidad de medida»"),
    ],
)
def test_a_wrong_choice_comes_back_with_a_sentence(house: House, change: dict[str, str], sentence: str) -> None:
    """What was chosen stays, what is wrong is said beside its field, nothing is remembered."""
    rosa = house.browser("ugel.especialista")
    columns = upload(rosa, xlsx(STRANGE))
    answer = rosa.post(columns, CHOSEN | change)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert '<option value="1" selected>B' in answer.text
    with house.app.state.database.connection() as connection:
        assert uploads.remembered(connection, "120005") == {}


def test_another_sheet_and_header_are_shown_without_javascript(house: House) -> None:
    """The address says sheet, row and number of header rows; nonsense is passed over."""
    rosa = house.browser("ugel.especialista")
    columns = upload(rosa, xlsx([("Plan",), *STRANGE]))
    assert "B · Visitar" in rosa.get(f"{columns}?hoja=Cuadro&fila=3&filas=1").text
    assert "B · Cómo · Visitar" in rosa.get(f"{columns}?hoja=Cuadro&fila=3&filas=2").text
    assert rosa.get(f"{columns}?hoja=nada&fila=99999&filas=x&forma=y").status_code == 200
    assert "Código CEPLAN de la actividad" in rosa.get(f"{columns}?forma=ceplan").text


def test_the_columns_of_a_file_are_its_senders(house: House) -> None:
    """Nobody else sees or changes them, from the own unit or another."""
    columns = upload(house.browser("ugel.especialista"), xlsx(STRANGE))
    for usuario, status in (("ugel.director", 404), ("satipo.director", 403)):
        assert house.browser(usuario).post(columns, CHOSEN).status_code == status
    assert house.browser("ugel.director").get(columns).status_code == 404
    assert house.browser("ugel.director").get(columns.replace("/columnas", "/marcado.xlsx")).status_code == 404


def test_the_marked_workbook_is_downloaded(house: House) -> None:
    """The address on the page of the errors gives the sender's file with the sentence in the cell."""
    rosa = house.browser("ugel.especialista")
    page = rosa.post(f"{NEXT}/importar", files={"archivo": ("plan.xlsx", ceplan(3, {(3, "ENE "): "doce"}))}).text
    found = re.search(r'href="([^"]+/marcado\.xlsx)"', page)
    assert found
    comment = openpyxl.load_workbook(io.BytesIO(rosa.get(found[1]).content))["Hoja1"]["AI3"].comment
    assert comment
    assert "debe ser un número" in comment.text


def test_a_file_full_of_errors_is_still_a_page(house: House) -> None:
    """A thousand wrong cells are folded by what is wrong with them; the page stays small and comes within three seconds."""
    rosa = house.browser("ugel.especialista")
    spoilt = ceplan(1701, {(row, "ENE "): "x" for row in range(2, 900)} | {(row, "UM_TAREA"): " " for row in range(900, 1000)})
    begin = time.process_time()
    page = rosa.post(f"{NEXT}/importar", files={"archivo": ("plan.xlsx", spoilt)})
    assert time.process_time() - begin < 3
    assert page.status_code == 422
    assert page.text.count("<details") <= 5
    assert len(page.text) < 200_000
    assert "celdas</span>" in page.text


def test_problems_are_folded_by_what_they_say() -> None:
    """What is particular to a cell does not make another kind; the most frequent kind comes first."""
    sums = [Problem(n, "AU", "TOTAL", f"Los meses suman {n} y TOTAL dice {n + 1}. Corrija el mes.", "") for n in (2, 3)]
    one = Problem(4, "B", "ENE", "ENE debe ser un número.", "x")
    kinds = by_kind([one, *sums])
    assert [(kind.sentence, len(kind.problems)) for kind in kinds] == [
        ("Los meses suman … y TOTAL dice … Corrija el mes.", 2),
        ("Debe ser un número.", 1),
    ]


def test_a_mapping_of_another_release_is_not_believed(house: House) -> None:
    """What cannot be read any more is as if it had never been kept."""
    with house.app.state.database.connection() as connection:
        uploads.remember(connection, "120005", "abc", Mapping("otro", "Hoja", 1, {"activity": 0}), house.ids["ugel.jefe"])
        assert set(uploads.remembered(connection, "120005")) == {"abc"}
        connection.execute("""update people.import_mapping set mapping = '{"layout": "nada"}'""")
        assert uploads.remembered(connection, "120005") == {}
