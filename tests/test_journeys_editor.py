"""A plan written like a spreadsheet: keys, a block from Excel, undo, moves, last year's activities; on a telephone a row at a time."""

import re
from decimal import Decimal
from itertools import count

import pytest
from playwright.sync_api import Locator, Page, expect

from service.aggregates.plan import AddActivity, AddLine, NewTask
from service.aggregates.plan_versions import OpenYear
from tests.browsing import NARROW, Site, Visitor

pytestmark = pytest.mark.browser

PASTE = """text => {
  const data = new DataTransfer();
  data.setData('text/plain', text);
  document.activeElement.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true}));
}"""
COPIED = """() => {
  const data = new DataTransfer();
  document.activeElement.dispatchEvent(new ClipboardEvent('copy', {clipboardData: data, bubbles: true, cancelable: true}));
  return data.getData('text/plain');
}"""


YEARS = count(2030)


class Planned(Site):
    """The site, and the plan that a test has for itself."""

    path: str = ""


@pytest.fixture
def plan(site: Site) -> Planned:
    """A year of its own for each test, opened: two lines, three activities with two tasks each."""
    year = next(YEARS)
    tasks = tuple(NewTask(name=f"Tarea {n}", unit="Informe", months=(Decimal(5),) * 12) for n in (1, 2))
    activities = [AddActivity(line=line, name=f"Actividad {n}", tasks=tasks) for n, line in ((1, "E1"), (2, "E1"), (3, "E2"))]
    lines = [AddLine(code=code, kind="estratégico", name=f"Línea {code}") for code in ("E1", "E2")]
    site.do("ugel.especialista", f"unit/120005/{year}", OpenYear(year=year), *lines, *activities)
    return Planned(site.address, site.database, site.browser, site.visitors, f"/ugel/120005/{year}/plan")


def written(site: Planned) -> Visitor:
    """A specialist before the grid, with the script at work."""
    visitor = site.visitor("ugel.especialista", at=site.path)
    expect(visitor.page.get_by_role("grid")).to_be_visible()
    return visitor


def cell(page: Page, row: str, field: str) -> Locator:
    """A cell of the grid."""
    return page.locator(f'tr[data-row="{row}"] > [data-f="{field}"]')


def state(page: Page) -> Locator:
    """The word on what is saved."""
    return page.locator(".r-state[data-state]")


def names(page: Page, activity: int) -> list[str]:
    """The tasks of an activity as the grid shows them."""
    return [each.strip() for each in page.locator(f"#a-{activity} tr:not(.r-activity) > th").all_inner_texts()]


@pytest.mark.long
def test_activities_of_this_year_are_brought_into_the_next(site: Site) -> None:
    """What is chosen of this year's plan stands in the next one's, each with the link to where it comes from."""
    site.do("ugel.especialista", "unit/120005/2027", OpenYear(year=2027))
    visitor = site.visitor("ugel.especialista", at="/ugel/120005/2027/plan/anterior")
    page = visitor.page
    expect(page.get_by_text("El balance 2026 no está cerrado todavía")).to_be_visible()
    for box in page.get_by_role("checkbox").all()[:3]:
        box.check()
    page.get_by_label("Las mismas del plan 2026").check()
    visitor.press("Traer lo elegido")
    expect(visitor.notice()).to_have_text("Las 3 actividades quedaron en el plan.")
    expect(page.get_by_role("link", name="actividad n.º 1 de 2026")).to_be_visible()
    visitor.check()


def test_ten_tasks_are_written_with_the_keyboard_alone(plan: Planned) -> None:
    """Name, Tab, unit, Tab, months, Enter: the next row is ready; sums follow, and all of it stands after opening again."""
    visitor = written(plan)
    page, keys = visitor.page, visitor.page.keyboard
    last = page.locator("#a-3 tr").last
    last.locator("[data-f=name]").click(position={"x": 200, "y": 5})
    keys.press("Control+Enter")
    for n in range(10):
        keys.type(f"Taller {n + 1}")
        keys.press("Tab")
        if n == 0:
            keys.type("Taller")
        keys.press("Tab")
        keys.type("1,5")
        keys.press("Tab")
        keys.type(str(n))
        keys.press("Enter")
    keys.press("Escape")
    keys.press("ArrowUp")
    expect(state(page)).to_have_text("Guardado")
    expect(page.locator("#a-3 tr.r-new")).to_have_count(0)
    assert names(page, 3)[-10:] == [f"Taller {n + 1}" for n in range(10)]
    visitor.open(plan.path)
    assert names(page, 3)[-10:] == [f"Taller {n + 1}" for n in range(10)]
    row = page.locator("#a-3 tr").last
    assert row.locator("td").all_inner_texts() == ["Taller", "1,5", "9", *["0"] * 10, "10,5", "0", "0", "0", "10,5"]
    visitor.check()


@pytest.mark.long
def test_a_cell_tells_how_it_stands(plan: Planned) -> None:
    """What makes no sense stays with its sentence; Escape leaves the cell as it was; corrected, it is saved."""
    visitor = written(plan)
    page, keys = visitor.page, visitor.page.keyboard
    january = cell(page, "tareas/1", "months-0")
    january.click()
    before = january.inner_text()
    quarter = 77 + sum(int(cell(page, "tareas/1", f"months-{month}").inner_text()) for month in (1, 2))
    keys.type("77")
    expect(page.locator('tr[data-row="tareas/1"] > .r-sum').first).to_have_text(str(quarter))
    keys.press("Escape")
    expect(january).to_have_text(before)
    keys.type("doce")
    keys.press("Enter")
    keys.press("ArrowUp")
    expect(january).to_have_attribute("aria-invalid", "true")
    expect(january).to_have_text("doce")
    expect(page.get_by_role("alert")).to_contain_text("Escriba un número mayor o igual a 0")
    expect(state(page)).to_have_text("1 con error")
    visitor.check()
    january.click()
    keys.type("1234.5")
    keys.press("Enter")
    expect(january).to_have_text("1\u00a0234,5")
    expect(january).not_to_have_attribute("aria-invalid", "true")
    expect(state(page)).to_have_text("Guardado")


def test_a_block_from_excel_is_pasted_previewed_and_taken_back(plan: Planned) -> None:
    """Decimal commas and thousands are read; what is not understood is shown before anything is written; one undo for all."""
    visitor = written(plan)
    page, keys = visitor.page, visitor.page.keyboard
    cell(page, "tareas/3", "months-0").click()
    before = page.locator("#a-2").inner_text()
    page.evaluate(PASTE, "1.234,5\t2\t3\r\n4\t5\t6,25\r\n")
    expect(cell(page, "tareas/3", "months-0")).to_have_text("1\u00a0234,5")
    expect(cell(page, "tareas/4", "months-2")).to_have_text("6,25")
    expect(state(page)).to_have_text("6 celdas pegadas")
    keys.press("Shift+ArrowRight")
    keys.press("Shift+ArrowDown")
    assert page.evaluate(COPIED) == "1234,5\t2\n4\t5"
    keys.press("Escape")
    page.evaluate(PASTE, "1\tdos\n")
    expect(page.get_by_role("dialog")).to_contain_text("1 celda no se entiende")
    expect(page.get_by_role("dialog")).to_contain_text("dos")
    visitor.press("No pegar", page.get_by_role("dialog"))
    page.evaluate(PASTE, "1,234\t5\n")
    expect(page.get_by_role("dialog")).to_contain_text("¿Qué es «1,234»?")
    visitor.press("El punto separa decimales", page.get_by_role("dialog"))
    visitor.press("Pegar lo que se entiende", page.get_by_role("dialog"))
    expect(cell(page, "tareas/3", "months-0")).to_have_text("1\u00a0234")
    expect(state(page)).to_have_text("2 celdas pegadas")
    cell(page, "tareas/3", "months-0").click()
    keys.press("Control+z")
    expect(cell(page, "tareas/3", "months-0")).to_have_text("1\u00a0234,5")
    keys.press("Control+z")
    expect(page.locator("#a-2")).to_have_text(before, use_inner_text=True)
    keys.press("Control+y")
    expect(cell(page, "tareas/4", "months-2")).to_have_text("6,25")


@pytest.mark.long
def test_rows_move_and_are_copied_where_the_caret_is(plan: Planned) -> None:
    """Alt and arrows move a task, the button copies the activity below itself; the outline leads to a row."""
    visitor = written(plan)
    page, keys = visitor.page, visitor.page.keyboard
    first, second = names(page, 1)[:2]
    cell(page, "tareas/2", "unit").click()
    keys.press("Alt+ArrowUp")
    expect(state(page)).to_have_text("Movida")
    assert names(page, 1)[:2] == [second, first]
    expect(cell(page, "tareas/2", "unit")).to_be_focused()
    page.get_by_role("button", name="Copiar actividad").click()
    expect(page.locator(".r-activity", has_text="(copia)")).to_have_count(1)
    keys.press("F6")
    expect(page.locator("#esquema summary").first).to_be_focused()
    keys.press("ArrowDown")
    keys.press("ArrowDown")
    keys.press("ArrowDown")
    keys.press("Enter")
    expect(page.locator("#rejilla :focus")).to_have_attribute("data-f", "name")


@pytest.mark.long
def test_what_somebody_else_writes_appears_while_one_writes(plan: Planned) -> None:
    """The other's figure comes by itself, also beside a cell that is being typed; nobody's typing is taken away."""
    rosa, luis = written(plan), plan.visitor("ugel.jefe", at=plan.path)
    cell(rosa.page, "tareas/5", "months-3").click()
    rosa.page.keyboard.type("7")
    cell(luis.page, "tareas/5", "months-4").click()
    luis.page.keyboard.type("41")
    luis.page.keyboard.press("Enter")
    expect(cell(rosa.page, "tareas/5", "months-4")).to_have_text("41")
    rosa.page.keyboard.type("8")
    rosa.page.keyboard.press("Enter")
    expect(cell(luis.page, "tareas/5", "months-3")).to_have_text("78")


def test_a_changed_cell_of_an_approved_plan_waits_in_the_basket(plan: Planned) -> None:
    """Old and new figure stand in the cell; one reason proposes them all; the plan itself stays as it is."""
    visitor = plan.visitor("ugel.especialista", at="/ugel/120005/2026/plan")
    page, keys = visitor.page, visitor.page.keyboard
    december = cell(page, "tareas/1", "months-11")
    december.click()
    before = december.inner_text()
    keys.type("55")
    keys.press("Enter")
    expect(december.locator("del")).to_have_text(before)
    expect(december.locator("ins")).to_have_text("55")
    expect(page.get_by_text("1 celda cambiada")).to_be_visible()
    visitor.check()
    page.get_by_label("Motivo de la modificación").fill("Se suman reuniones de cierre")
    visitor.press("Proponer modificación")
    expect(state(page)).to_contain_text("quedó propuesta")
    expect(december).to_have_text(before)
    visitor.open("/ugel/120005/2026")
    expect(page.get_by_text("Se suman reuniones de cierre")).to_be_visible()


@pytest.mark.long
def test_new_rows_places_and_removals_wait_in_the_basket_too(plan: Planned) -> None:
    """A task between two others, one pasted, an activity with its task, a row moved, one to retire: one reason, one modification."""
    visitor = plan.visitor("ugel.especialista", at="/ugel/120005/2026/plan")
    page, keys = visitor.page, visitor.page.keyboard
    first, second = names(page, 1)[:2]
    cell(page, "tareas/1", "name").click()
    keys.press("Alt+ArrowUp" if page.locator("#a-1 tr").nth(2).get_attribute("data-row") == "tareas/1" else "Alt+ArrowDown")
    expect(page.get_by_text("1 fila cambia de lugar", exact=True)).to_be_visible()
    page.locator("#a-1 tr").nth(1).locator("th").click()
    keys.press("Control+Enter")
    keys.type("Tarea de la cesta")
    keys.press("Tab")
    keys.press("Escape")
    page.get_by_role("button", name="Agregar actividad", exact=True).click()
    keys.type("Actividad de la cesta")
    keys.press("Enter")
    keys.type("Su tarea")
    keys.press("Tab")
    keys.type("Acta")
    keys.press("Enter")
    keys.press("Escape")
    last = page.locator("#a-2 tr").last.locator("th")
    last.click(position={"x": 200, "y": 5})
    page.evaluate(PASTE, f"{last.locator('a').inner_text()}\nTarea pegada\tActa")
    cell(page, "tareas/3", "name").click()
    keys.press("Control+Delete")
    expect(page.locator('tr[data-row="tareas/3"]')).to_contain_text("Por retirar")
    expect(page.get_by_text("1 actividad nueva, 3 tareas nuevas, 1 fila cambia de lugar, 1 fila por retirar")).to_be_visible()
    visitor.check()
    page.set_viewport_size({"width": 1280, "height": 900})
    page.get_by_label("Motivo de la modificación").fill("Todo junto")
    visitor.press("Proponer modificación")
    expect(state(page)).to_contain_text("no puede quedar sin objetivo")
    page.get_by_label("Objetivo que atienden las actividades nuevas").select_option("ON1")
    visitor.press("Proponer modificación")
    expect(state(page)).to_contain_text("trimestre cerrado")
    keys.press("Escape")
    cell(page, "tareas/3", "name").click()
    visitor.press("Retirar")
    visitor.press("Proponer modificación")
    expect(state(page)).to_contain_text("quedó propuesta")
    expect(page.locator(".r-new, tr[data-lugar], tr[data-retiro]")).to_have_count(0)
    assert names(page, 1)[:2] == [first, second], "the plan itself stays as it is"
    visitor.open("/ugel/120005/2026/versiones")
    hrefs = [each.get_attribute("href") or "" for each in page.locator('main a[href*="/modificaciones/"]').all()]
    visitor.open(max(hrefs, key=lambda href: int(href.rpartition("/")[2])))
    expect(page.get_by_text("pasó del lugar").first).to_be_visible()
    for said in ("«Tarea de la cesta»", "«Actividad de la cesta»", "«Su tarea»", "«Tarea pegada»"):
        expect(page.get_by_text(said).first).to_be_visible()
    visitor.check()


@pytest.mark.long
def test_lines_and_activities_fold_and_stay_folded_in_the_tab(plan: Planned) -> None:
    """By button and by keyboard; the arrows pass a folded line by its head, and the outline opens what it leads to."""
    visitor = written(plan)
    page, keys = visitor.page, visitor.page.keyboard
    head = page.locator(".r-block tr.r-activity").first
    activity = head.get_attribute("data-row") or ""
    task = page.locator(".r-block").first.locator("tr").nth(1)
    head.locator("th").click()
    keys.press("Alt+Enter")
    expect(task).to_be_hidden()
    expect(head.locator(".r-fold")).to_have_attribute("aria-expanded", "false")
    page.reload()
    expect(task).to_be_hidden()
    head.locator(".r-fold").click()
    expect(task).to_be_visible()
    head.locator("th").click()
    keys.press("Alt+Shift+Enter")
    expect(head).to_be_hidden()
    line = page.locator(".r-line .r-fold").first
    expect(line).to_be_focused()
    visitor.check()
    page.set_viewport_size({"width": 1280, "height": 900})
    line.focus()
    keys.press("ArrowDown")
    keys.press("ArrowUp")
    expect(line).to_be_focused()
    page.locator(f'#esquema a[data-go="a-{activity.split("/")[1]}"]').click()
    expect(head).to_be_visible()


def test_on_a_telephone_a_row_is_a_form(plan: Planned) -> None:
    """The outline is the way; the row's form saves and comes back."""
    visitor = written(plan)
    page = visitor.page
    page.set_viewport_size(NARROW)
    page.locator("#esquema details details summary").first.click()
    page.locator("#esquema details details a").first.click()
    expect(page).to_have_url(re.compile(r"/plan/tareas/\d+$"))
    page.get_by_label("Febrero").fill("2,5")
    visitor.press("Guardar tarea")
    expect(visitor.notice()).to_have_text("La tarea quedó guardada.")
    visitor.check()


@pytest.mark.long
def test_without_javascript_the_plan_is_written_all_the_same(plan: Planned) -> None:
    """A task is added, changed, moved and retired with forms; undo brings it back."""
    visitor = plan.visitor("ugel.especialista", at=f"{plan.path}/actividades/2", java_script_enabled=False)
    page = visitor.page
    form = visitor.unfold("Agregar tarea")
    form.get_by_label("Tarea", exact=True).fill("Visitar sin guiones")
    form.get_by_label("Unidad de medida").fill("Visita")
    form.get_by_label("Enero").fill("3")
    visitor.press("Agregar tarea", form)
    expect(visitor.notice()).to_have_text("La tarea quedó agregada.")
    page.get_by_role("link", name="Visitar sin guiones").click()
    page.get_by_label("Enero").fill("cuatro")
    visitor.press("Guardar tarea")
    expect(page.get_by_label("Enero")).to_have_value("cuatro")
    page.get_by_label("Enero").fill("4")
    visitor.press("Guardar tarea")
    expect(visitor.notice()).to_have_text("La tarea quedó guardada.")
    visitor.press("Subir")
    expect(visitor.notice()).to_have_text("La tarea cambió de lugar.")
    form = visitor.unfold("Retirar")
    form.get_by_label("Motivo").fill("Era una prueba")
    visitor.press("Retirar", form)
    expect(page.get_by_role("link", name="Visitar sin guiones")).to_have_count(0)
    visitor.press("Deshacer")
    expect(visitor.notice()).to_have_text("Su último cambio quedó deshecho.")
    expect(page.get_by_role("link", name="Visitar sin guiones").last).to_be_visible()
