"""From somebody else's workbook to the plan, and from an old export to a decision, through the pages."""

import io
import re
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import FilePayload, expect

from service.aggregates.plan import ChangeTask
from service.workbook import check
from service.workbook.shapes import MONTHS
from tests.browsing import Site, Visitor
from tests.test_workbook_foreign import xlsx

pytestmark = pytest.mark.browser

NEXT, STREAM = "/ugel/120005/2027", "unit/120005/2027"
HEADS = ("Eje", "Qué haremos", "Tareas", "U.M.", "I Trim", "II Trim", "III Trim", "IV Trim")


def send(visitor: Visitor, name: str, content: bytes) -> None:
    """Choose a file and send it to be checked."""
    visitor.open(f"{NEXT}/importar")
    payload = FilePayload(name=name, mimeType="application/octet-stream", buffer=content)
    visitor.page.set_input_files("[name=archivo]", payload)
    visitor.press("Revisar archivo")


def download(visitor: Visitor, link: str) -> openpyxl.Workbook:
    """The workbook behind a link of the page."""
    with visitor.page.expect_download() as started:
        visitor.main().get_by_role("link", name=link).click()
    return openpyxl.load_workbook(io.BytesIO(Path(started.value.path()).read_bytes()))


@pytest.mark.long
def test_a_workbook_of_ones_own_becomes_the_plan(site: Site) -> None:
    """A column is chosen, the wrong cell comes back marked, the corrected file is recognised by its header and imported."""
    rosa = site.visitor("ugel.especialista", at="/salir")
    rows = [("PLAN DE LA UGEL",), HEADS, ("Gestión", "Monitorear", "Visitar aulas", "Visita", 10, "dos", 0, 1)]
    send(rosa, "plan propio.xlsx", xlsx(rows))
    expect(rosa.main()).to_contain_text("Elija la columna de «Actividad».")
    rosa.check()
    chosen = rosa.page.get_by_label("Actividad", exact=True)
    rosa.tab_to(chosen)
    rosa.page.keyboard.type("B · Qué")
    expect(chosen).to_have_value("1")
    rosa.page.get_by_label("Tipo de línea, si el archivo no lo dice").select_option("M")
    rosa.press("Leer con estas columnas")
    expect(rosa.main()).to_contain_text("se reparte en partes iguales")
    expect(rosa.main().get_by_role("row", name=re.compile("^F3 "))).to_contain_text("debe ser un número")
    expect(rosa.main().get_by_role("button", name=re.compile("^Importar"))).to_have_count(0)
    rosa.check()
    comment = download(rosa, "Descargar el libro con las celdas marcadas")["Cuadro"]["F3"].comment
    assert comment
    assert "debe ser un número" in comment.text
    rows[2] = (*rows[2][:5], 2, *rows[2][6:])
    send(rosa, "plan propio.xlsx", xlsx(rows))
    expect(rosa.main()).to_contain_text("Se usaron las columnas que guardó")
    rosa.check()
    rosa.press("Importar 1\u00a0tarea")
    expect(rosa.notice()).to_contain_text("El archivo quedó importado: 1\u00a0tarea.")
    expect(rosa.main()).to_contain_text("Monitorear")


def test_an_old_export_is_decided_cell_by_cell(site: Site) -> None:
    """Somebody else changed the same cell since: base, own and current value are seen, one is taken by keyboard, the rest arrives."""
    rosa = site.visitor("ugel.especialista", at="/salir")
    rows = [HEADS, *(("M1 Gestión", "Acompañar", f"Tarea {n}", "Acta", n, n, n, n) for n in (3, 6))]
    send(
        rosa,
        "base.xlsx",
        xlsx(
            [
                (cells[0], "", *cells[1:]) if n else ("Línea", "Código de actividad", "Actividad", *cells[2:])
                for n, cells in enumerate(rows)
            ]
        ),
    )
    rosa.press("Importar 2\u00a0tareas")
    rosa.open(NEXT)
    book = download(rosa, "Descargar el plan (XLSX)")
    sheet = book["PAT"]
    heads = {str(cell.value): number for number, cell in enumerate(sheet[1], start=1)}
    names = [str(sheet.cell(number, heads["Tarea"]).value) for number in range(1, sheet.max_row + 1)]
    for name in ("Tarea 3", "Tarea 6"):
        sheet.cell(names.index(name) + 1, heads["ENE"], 50)
    for number in range(2, sheet.max_row + 1):
        sheet.cell(number, heads["TOTAL"]).value = None
    edited = io.BytesIO()
    book.save(edited)
    dry = check(edited.getvalue(), "plan.xlsx")
    task = next(each for each in dry.tasks if each.name == "Tarea 3")
    months = (Decimal(7), *task.months[1:])
    change = ChangeTask(task=int(task.key.rpartition("-")[2]), name=task.name, unit=task.unit, months=months, code=task.code)  # type: ignore[arg-type]  # twelve
    site.do("ugel.jefe", STREAM, change)
    send(rosa, "plan viejo.xlsx", edited.getvalue())
    row = rosa.main().get_by_role("row").filter(has_text="Usar lo mío")
    expect(row).to_have_count(1)
    for said in ("Enero", "Tarea 3", "50", "7"):
        expect(row).to_contain_text(said)
    rosa.check()
    rosa.tab_to(row.get_by_label("Conservar lo vigente"))
    rosa.page.keyboard.press("ArrowDown")
    expect(row.get_by_label("Usar lo mío")).to_be_checked()
    rosa.press(f"Importar {len(dry.tasks)}\u00a0tareas")
    expect(rosa.notice()).to_contain_text("quedó importado")
    rosa.open(NEXT)
    again = download(rosa, "Descargar el plan (XLSX)")["PAT"]
    january = {str(row[heads["Tarea"] - 1].value): row[heads[MONTHS[0]] - 1].value for row in again.iter_rows(min_row=2)}
    assert (january["Tarea 3"], january["Tarea 6"]) == (50, 50)
