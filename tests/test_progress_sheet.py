"""The quarter's own workbook: downloaded, filled, laid over the sheet, and recorded only when it is sent."""

import io
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from httpx import Response
from msgspec.structs import replace

from service.aggregates import catalogue_content as cc
from service.aggregates.catalogue import PublishCatalogue
from service.aggregates.quarter import ObserveQuarter, SubmitQuarter
from service.aggregates.quarter_progress import Entry, ProgressRecorded, RecordProgress
from service.ledger import STANDING
from tests.conftest import TestDatabase
from tests.first_quarter import PLACE, STREAM, YEAR, live
from tests.house import Browser, House, open_house
from tests.test_progress_page import SHEET, figures


@pytest.fixture
def house(house_database: TestDatabase) -> Iterator[House]:
    """The running service with its staff and a quarter with some figures."""
    with open_house(house_database.service_url) as opened:
        live(opened, "reported")
        yield opened


def downloaded(browser: Browser, address: str = f"{SHEET}.xlsx") -> tuple[Any, Any, int]:
    """The workbook, its sheet, and the row of its headers."""
    answer = browser.get(address)
    assert answer.status_code == 200
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    sheet = book.worksheets[0]
    return book, sheet, next(row[0].row for row in sheet.iter_rows() if row[0].value == "N.º de tarea")


def sent(browser: Browser, book: Any) -> Response:
    """The workbook sent back."""
    made = io.BytesIO()
    book.save(made)
    return browser.post(f"{SHEET}/hoja", files={"archivo": ("avances.xlsx", made.getvalue(), "application/octet-stream")})


def typed(text: str) -> dict[str, str]:
    """The form of a page, as a browser would send it."""
    form = re.search(r'<form id="avance-forma".*?</form>', text, re.DOTALL)
    assert form
    inputs = re.findall(r"<input[^>]*>", form[0])
    pairs = [(re.search(r'name="([^"]*)"', each), re.search(r'value="([^"]*)"', each)) for each in inputs]
    return {name[1]: value[1] for name, value in pairs if name and value and name[1] not in {"_csrf_token", "command_id"}}


def test_a_filled_workbook_is_recorded_when_it_is_confirmed(house: House) -> None:
    """Months or totals, evidence and reasons; empty cells leave what stands; before the confirmation nothing is written."""
    ugel = house.browser("ugel.especialista")
    book, sheet, top = downloaded(ugel)
    assert [cell.value for cell in sheet[top]][7:] == [
        "Enero",
        "Febrero",
        "Marzo",
        "Ejecutado",
        "Evidencia o expediente",
        "Motivo",
        "Días de retraso",
    ]
    for column, value in ((8, 2), (9, 1.5), (10, 3)):
        sheet.cell(top + 1, column, value)
    sheet.cell(top + 4, 11, 90)
    sheet.cell(top + 4, 12, "Reporte 4")
    page = sent(ugel, book)
    assert page.status_code == 200
    assert "Todavía no se registró nada" in page.text
    assert figures(house)[4].executed is None
    assert ugel.post(f"{SHEET}?todo=1", typed(page.text)).status_code == 303
    found = figures(house)
    assert (found[1].executed, found[1].months) == (Decimal("6.5"), (Decimal(2), Decimal("1.5"), Decimal(3)))
    assert (found[4].executed, found[4].evidence) == (Decimal(90), "Reporte 4")
    assert (found[3].executed, found[3].evidence) == (Decimal(30), "Acta 2")
    events = [r.fact.event for r in house.ledger.facts(STREAM) if isinstance(r.fact.event, ProgressRecorded)]
    assert [event.task for event in events[3:]] == [1, 4]


def test_the_workbook_as_downloaded_changes_nothing(house: House) -> None:
    """Sent back as it is, it leads to no fact."""
    ugel = house.browser("ugel.especialista")
    before = house.ledger.memo(STREAM).position
    page = sent(ugel, downloaded(ugel)[0])
    ugel.post(f"{SHEET}?todo=1", typed(page.text))
    assert house.ledger.memo(STREAM).position == before


def test_what_others_changed_since_the_download_is_decided_cell_by_cell(house: House) -> None:
    """The workbook knows the fact it came from: only what both changed, to different figures, is asked about."""
    ugel = house.browser("ugel.especialista")
    book, sheet, top = downloaded(ugel)
    entries = (Entry(task=1, executed=Decimal(7), evidence="Acta 1"), Entry(task=3, executed=Decimal(28), evidence="Acta 2"))
    house.do("ugel.jefe", STREAM, RecordProgress(quarter=1, entries=entries))
    sheet.cell(top + 1, 11, 9)
    sheet.cell(top + 4, 11, 90)
    form = typed(sent(ugel, book).text)
    answer = ugel.post(f"{SHEET}?todo=1", form)
    assert answer.status_code == 409
    assert answer.text.count('<legend class="q-label">Ejecutado</legend>') == 1
    kept = typed(answer.text) | {"elegir-entries-0-executed": "conservar"}
    assert ugel.post(f"{SHEET}?todo=1", kept).status_code == 303
    found = figures(house)
    assert [found[n].executed for n in (1, 3, 4)] == [Decimal(7), Decimal(28), Decimal(90)]


def test_wrong_cells_are_named_by_row_and_column(house: House) -> None:
    """422, with what was read laid out all the same, and nothing recorded."""
    ugel = house.browser("ugel.especialista")
    book, sheet, top = downloaded(ugel)
    sheet.cell(top + 1, 11, "doce")
    sheet.cell(top + 2, 1, "x")
    sheet.cell(top + 3, 1, 99)
    sheet.cell(top + 4, 8, -3)
    page = sent(ugel, book)
    assert page.status_code == 422
    for words in (
        f"Fila {top + 1}, columna K: «doce» no es un número",
        f"Fila {top + 2}, columna A: el número de tarea falta",
        f"Fila {top + 3}, columna A: la tarea 99 no está en este trimestre",
        f"Fila {top + 4}, columna H: «-3» no es un número",
        'value="doce"',
    ):
        assert words in page.text
    assert ugel.post(f"{SHEET}?todo=1", typed(page.text)).status_code == 422
    assert figures(house)[4].executed is None


@pytest.mark.parametrize("content", [b"", b"hola", b"PK\x03\x04roto"])
def test_another_file_is_refused_in_words(house: House, content: bytes) -> None:
    """422 beside the field."""
    answer = house.browser("ugel.especialista").post(f"{SHEET}/hoja", files={"archivo": ("x.xlsx", content, "text/plain")})
    assert answer.status_code == 422
    assert 'id="av-archivo-error"' in answer.text


def test_a_past_sheet_downloads_as_it_stood(house: House) -> None:
    """The workbook of a past fact has the figures of then and says so."""
    position = house.ledger.memo(STREAM).position
    house.do("ugel.jefe", STREAM, RecordProgress(quarter=1, entries=(Entry(task=1, executed=Decimal(9)),)))
    _, sheet, top = downloaded(house.browser("auditor"), f"{PLACE}/t1/avance.xlsx?hasta={position}")
    assert sheet.cell(top + 1, 11).value == 5
    assert f"hecho n.º {position}" in str(sheet.cell(2, 1).value)


def test_a_total_that_is_not_the_sum_of_its_months_is_asked_about(house: House) -> None:
    """Whoever writes the total anew beside months that stand is not overruled in silence; without those months it is taken."""
    ugel = house.browser("ugel.especialista")
    command = RecordProgress(quarter=1, activity=1, entries=(Entry(task=1, executed=Decimal(6), months=(Decimal(2),) * 3),))
    house.do("ugel.especialista", STREAM, command)
    book, sheet, top = downloaded(ugel)
    row = next(n for n in range(top + 1, top + 5) if sheet.cell(n, 1).value == 1)
    sheet.cell(row, 11, 9)
    page = sent(ugel, book)
    assert page.status_code == 422
    assert f"Fila {row}: sus meses suman 6 y Ejecutado dice 9. Corrija uno." in page.text
    for month in (8, 9, 10):
        sheet.cell(row, month).value = None
    answer = ugel.post(f"{SHEET}?todo=1", typed(sent(ugel, book).text))
    assert answer.status_code == 303
    assert figures(house)[1].executed == Decimal(9)


@pytest.mark.parametrize(
    ("mark", "named"),
    [
        (f"120005-{YEAR}-t2", f"II trimestre {YEAR}, UGEL Jauja"),
        (f"120005-{YEAR + 1}-t1", f"I trimestre {YEAR + 1}, UGEL Jauja"),
        (f"120007-{YEAR}-t1", f"I trimestre {YEAR}, UGEL Satipo"),
    ],
)
def test_the_sheet_of_another_quarter_or_unit_is_refused(house: House, mark: str, named: str) -> None:
    """Its task numbers are the same: 422, and the sentence names both."""
    ugel = house.browser("ugel.especialista")
    book, sheet, _ = downloaded(ugel)
    assert sheet.cell(3, 1).value == f"Hoja de avances 120005-{YEAR}-t1: I trimestre {YEAR}, UGEL Jauja. No cambie esta línea."
    sheet.cell(3, 1, f"Hoja de avances {mark}: {named}. No cambie esta línea.")
    page = sent(ugel, book)
    assert page.status_code == 422
    assert f"La hoja es de otro trimestre o unidad: {named}. Esta página es de: I trimestre {YEAR}, UGEL Jauja." in page.text
    assert "El archivo está sobre la hoja" not in page.text


def test_a_sheet_without_mark_is_told_by_its_months(house: House) -> None:
    """An older one is read; one with the months of another quarter is refused and both are named."""
    ugel = house.browser("ugel.especialista")
    book, sheet, top = downloaded(ugel)
    sheet.cell(3, 1).value = None
    sheet.cell(top + 4, 11, 90)
    assert sent(ugel, book).status_code == 200
    for column, month in ((8, "Julio"), (9, "Agosto"), (10, "Septiembre")):
        sheet.cell(top, column, month)
    page = sent(ugel, book)
    assert page.status_code == 422
    assert "La hoja tiene los meses julio, agosto, setiembre, y este trimestre es de enero, febrero, marzo." in page.text


def test_columns_are_found_by_their_header(house: House) -> None:
    """In another order they are read as they are headed; one that is missing is told, and what it holds stays."""
    ugel = house.browser("ugel.especialista")
    book, sheet, top = downloaded(ugel)
    row = next(n for n in range(top + 1, top + 5) if sheet.cell(n, 1).value == 1)
    sheet.cell(row, 11, 8)
    for column, header, value in ((12, "Motivo", "Lluvias"), (13, "Evidencia o expediente", "Acta 9")):
        sheet.cell(top, column, header)
        sheet.cell(row, column, value)
    assert ugel.post(f"{SHEET}?todo=1", typed(sent(ugel, book).text)).status_code == 303
    found = figures(house)[1]
    assert (found.executed, found.evidence, found.reason) == (Decimal(8), "Acta 9", "Lluvias")
    sheet.cell(top, 13, "Otra cosa")
    page = sent(ugel, book)
    assert page.status_code == 422
    assert "Falta la columna «Evidencia o expediente»: lo suyo queda como está." in page.text
    assert 'value="Acta 9"' in page.text


def test_the_sheet_says_what_came_late_and_when_it_was_sent(house: House) -> None:
    """Each late row on the page and in the workbook; once sent, the day."""
    content = house.ledger.standing().catalogue.content
    due = cc.Deadline(year=YEAR, step="quarter-report", quarter=1, day=date(YEAR, 4, 15))
    command = PublishCatalogue(base=0, reason="Calendario", content=replace(content, deadlines=(due,)))
    house.do("dre.director", STANDING, command)
    house.do("ugel.especialista", STREAM, RecordProgress(quarter=1, entries=(Entry(task=1, executed=Decimal(6)),)))
    late, ugel = figures(house)[1].late, house.browser("ugel.especialista")
    assert late > 200
    assert ugel.get(SHEET).text.count("Registrado con ") == 1
    assert "Enviado el" not in ugel.get(SHEET).text
    _, sheet, top = downloaded(ugel)
    row = next(n for n in range(top + 1, top + 5) if sheet.cell(n, 1).value == 1)
    assert (sheet.cell(top, 14).value, sheet.cell(row, 14).value) == ("Días de retraso", late)
    house.do("ugel.director", STREAM, SubmitQuarter(quarter=1, reason="Lo demás no empezó."))
    house.do("dre.especialista", STREAM, ObserveQuarter(quarter=1, text="Falta el acta."))
    assert "Enviado el" in ugel.get(SHEET).text
