"""Evidence and the sheet of a quarter, in front of the browser: a file goes up, is reviewed, and figures are pasted, typed and sent late."""

import io
import re
from urllib.parse import parse_qs

import openpyxl
import psycopg
import pytest
from playwright.sync_api import FilePayload, Route, expect

from tests.browsing import Site
from tests.papers import PDF, png

pytestmark = pytest.mark.browser

QUARTER = "/ugel/120005/2026/t4"
SHEET = f"{QUARTER}/avance"
PASTE = """([element, text]) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", text);
  element.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
}"""


def paper(name: str, content: bytes) -> FilePayload:
    """A file as a person chooses it."""
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


def test_a_file_goes_up_and_is_reviewed(site: Site) -> None:
    """From the row to its evidence, with htmx; what is no evidence comes back beside the field; the DRE asks for another and gets it."""
    ugel = site.visitor("ugel.especialista", at=f"{QUARTER}")
    ugel.page.get_by_role("link", name=re.compile("^Adjuntar de")).first.click()
    form = ugel.unfold("Adjuntar evidencia")
    form.get_by_label("Archivo").set_input_files(paper("acta.pdf", b"<html><script>alert(1)</script>"))
    form.get_by_label("Número de expediente").fill("SGD 77-2026")
    ugel.press("Adjuntar evidencia", form)
    expect(ugel.page.locator(".q-error")).to_contain_text("Ese tipo de archivo no se acepta")
    form = ugel.unfold("Adjuntar evidencia")
    expect(form.get_by_label("Número de expediente")).to_have_value("SGD 77-2026")
    form.get_by_label("Archivo").set_input_files(paper("pagina.html", PDF))
    ugel.press("Adjuntar evidencia", form)
    expect(ugel.notice()).to_contain_text("La evidencia quedó adjunta")
    card = ugel.page.locator("section.q-card", has_text="SGD 77-2026")
    expect(card).to_contain_text("Por revisar")
    with ugel.page.expect_download() as saved:
        card.get_by_role("link", name=re.compile("Descargar PDF")).click()
    assert saved.value.path().read_bytes() == PDF
    assert re.fullmatch(r"evidencia-120005-2026-\d+\.pdf", saved.value.suggested_filename)
    ugel.check()


@pytest.mark.long
def test_without_javascript_a_file_goes_up_all_the_same(site: Site) -> None:
    """A plain form; what is beyond the limit is said in a sentence."""
    ugel = site.visitor("ugel.especialista", at=f"{QUARTER}/evidencias/2", java_script_enabled=False)
    form = ugel.unfold("Adjuntar evidencia")
    form.get_by_label("Archivo").set_input_files(paper("foto.png", png(7)))
    ugel.press("Adjuntar evidencia", form)
    expect(ugel.main()).to_contain_text("Descargar PNG")
    form = ugel.unfold("Adjuntar evidencia")
    form.get_by_label("Archivo").set_input_files(paper("grande.pdf", PDF + bytes(10_000_001)))
    ugel.press("Adjuntar evidencia", form)
    expect(ugel.main()).to_contain_text("El archivo pesa más de 10 MB")
    assert ["413" in each for each in ugel.told()] == [True]


@pytest.mark.long
def test_the_sheet_is_filled_from_excel_and_by_keyboard(site: Site) -> None:
    """A block from Excel lies over the months, the rest is computed while typing, Enter goes down, and all is sent together."""
    ugel = site.visitor("ugel.especialista", at=SHEET)
    page = ugel.page
    first, second = page.locator("tr[data-row]").nth(6), page.locator("tr[data-row]").nth(7)
    first.locator("[data-cell=months-0]").focus()
    page.evaluate(PASTE, [first.locator("[data-cell=months-0]").element_handle(), "1\t0,5\t0\t2\tInforme 7\n1\t\t\n"])
    expect(first.locator("[data-cell=executed]")).to_have_value("1,5")
    expect(first.locator("[data-cell=executed]")).not_to_be_editable()
    expect(first.locator("[data-cell=evidence]")).to_have_value("Informe 7")
    expect(second.locator("[data-cell=executed]")).to_have_value("1")
    expect(ugel.notice()).to_contain_text("Una celda del bloque no entró")
    page.keyboard.press("Enter")
    expect(second.locator("[data-cell=months-0]")).to_be_focused()
    page.keyboard.type("2")
    expect(second.locator("[data-cell=executed]")).to_have_value("2")
    for each in (first, second):
        each.locator("[data-cell=reason]").fill("Se adelantó.")
    ugel.press("Registrar avances")
    expect(ugel.notice()).to_contain_text("2 filas quedaron registradas")
    expect(first.locator("[data-cell=months-1]")).to_have_value("0,5")
    ugel.check()


def test_what_was_typed_without_a_connection_goes_once_when_it_is_back(site: Site) -> None:
    """The sheet says so, keeps what was typed, and sends it by itself; one fact, however often the line falls."""
    ugel = site.visitor("ugel.especialista", at=SHEET)
    page = ugel.page
    cell = page.locator("tr[data-row]").nth(9).locator("[data-cell=evidence]")
    done = page.locator("tr[data-row]").nth(9).locator("[data-cell=executed]")
    done.fill("1")
    cell.fill("Acta sin línea")
    page.context.set_offline(True)
    page.get_by_role("button", name="Registrar avances").click()
    expect(ugel.notice()).to_contain_text("No hay conexión")
    expect(cell).to_have_value("Acta sin línea")
    page.context.set_offline(False)
    expect(ugel.notice()).to_contain_text("1 fila quedó registrada")
    expect(cell).to_have_value("Acta sin línea")
    ugel.told()


def test_what_the_service_could_not_take_goes_once_when_it_answers_again(site: Site) -> None:
    """Without the browser ever being offline: 503, then a lost answer to what was recorded; one fact, of one command."""
    ugel = site.visitor("ugel.especialista", at=SHEET)
    page, tries = ugel.page, list[str]()

    def late(route: Route) -> None:
        tries.append(parse_qs(route.request.post_data or "")["command_id"][0])
        if len(tries) == 1:
            route.fulfill(status=503, body="")
        elif len(tries) == 2:
            route.fetch(max_redirects=0)
            route.abort()
        else:
            route.continue_()

    row = page.locator("tr[data-row]").nth(8)
    row.locator("[data-cell=executed]").fill("1")
    row.locator("[data-cell=evidence]").fill("Acta tardía")
    page.route(f"**{SHEET}*", lambda route: late(route) if route.request.method == "POST" else route.continue_())
    page.get_by_role("button", name="Registrar avances").click()
    expect(ugel.notice()).to_contain_text("El servicio no responde por ahora. Lo que escribió está guardado")
    expect(ugel.notice()).to_contain_text("1 fila quedó registrada", timeout=15_000)
    assert len(tries) == 3
    assert len(set(tries)) == 1
    expect(row.locator("[data-cell=evidence]")).to_have_value("Acta tardía")
    ugel.told()
    with psycopg.connect(site.database.service_url) as connection:
        (count,) = connection.execute("select count(*) from read.progress where evidence = 'Acta tardía'").fetchone() or (0,)
    assert count == 1


def test_what_is_wrong_in_an_uploaded_sheet_is_seen(site: Site) -> None:
    """The form stands below the sheet; its answer is shown from the top, where the wrong cells are said."""
    ugel = site.visitor("ugel.especialista", at=SHEET)
    book = openpyxl.load_workbook(io.BytesIO(ugel.page.request.get(f"{ugel.address}{SHEET}.xlsx").body()))
    book.worksheets[0]["H7"], saved = "muchos", io.BytesIO()
    book.save(saved)
    ugel.page.get_by_label("Hoja llena").set_input_files(paper("hoja.xlsx", saved.getvalue()))
    ugel.press("Revisar hoja")
    expect(ugel.page.get_by_text("Corrija estas celdas")).to_be_in_viewport()
