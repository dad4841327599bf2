"""An export that comes back after others changed the plan: what collides is shown with who and when, and decided cell by cell."""

import io
import re
from collections.abc import Iterator
from decimal import Decimal

import openpyxl
import pytest

from service.aggregates import plan as p
from service.aggregates.plan_alignment import AlignActivity
from tests.conftest import TestDatabase
from tests.first_quarter import YEAR
from tests.house import House, open_house
from tests.test_import_page import send
from tests.workbooks import ceplan

NEXT, STREAM = f"/ugel/120005/{YEAR + 1}", f"unit/120005/{YEAR + 1}"


@pytest.fixture
def house(house_database: TestDatabase) -> Iterator[House]:
    """The service with its staff, and a plan imported by Rosa."""
    with open_house(house_database.service_url) as opened:
        rosa = opened.browser("ugel.especialista")
        assert rosa.post(send(rosa, ceplan(10), NEXT)[2]).status_code == 303
        yield opened


def task(house: House, number: int) -> p.TaskAdded | p.TaskChanged:
    """What the record last said of a task."""
    events = [r.fact.event for r in house.ledger.facts(STREAM)]
    return next(e for e in reversed(events) if isinstance(e, p.TaskAdded | p.TaskChanged) and e.task == number)


def change(house: House, number: int, name: str = "", **months: int) -> None:
    """Juan changes a task meanwhile."""
    now = task(house, number)
    amounts = list(now.months)
    for month, amount in months.items():
        amounts[int(month[1:]) - 1] = Decimal(amount)
    command = p.ChangeTask(task=number, name=name or now.name, unit=now.unit, months=tuple(amounts), code=now.code)  # type: ignore[arg-type]  # twelve
    house.do("ugel.jefe", STREAM, command)


def exported(house: House) -> openpyxl.Workbook:
    """The plan as Rosa downloads it."""
    return openpyxl.load_workbook(io.BytesIO(house.browser("ugel.especialista").get(f"{NEXT}/plan.xlsx").content))


def write(book: openpyxl.Workbook, row: int, header: str, value: int | str) -> str:
    """Rosa types into a cell; its place."""
    sheet = book["PAT"]
    column = next(cell.column for cell in sheet[1] if cell.value == header)
    sheet.cell(row, column, value)
    return sheet.cell(row, column).coordinate


def content(book: openpyxl.Workbook) -> bytes:
    """The file Rosa saves: a spreadsheet program computes the totals, here they are taken away."""
    sheet = book["PAT"]
    total = next(cell.column for cell in sheet[1] if cell.value == "TOTAL")
    for number in range(2, sheet.max_row + 1):
        sheet.cell(number, total).value = None
    done = io.BytesIO()
    book.save(done)
    return done.getvalue()


def test_an_export_says_what_it_was_exported_from(house: House) -> None:
    """Each row's id carries the last fact of the plan, and a sheet says it in words."""
    book = exported(house)
    last = list(house.ledger.facts(STREAM))[-1].position
    said = {str(row[0].value): str(row[1].value) for row in book["Versión"].iter_rows(min_row=2)}
    assert said["Hasta el hecho n.º"] == str(last)
    keys = [cell.value for cell in next(iter(book["PAT"].iter_rows(min_row=2, max_row=2)))]
    assert f"120005-{YEAR + 1}-1@{last}" in keys


def test_what_others_changed_stays_and_what_the_sender_changed_arrives(house: House) -> None:
    """Different cells merge without a word; the untouched export is 0 changes although the plan went on."""
    book = exported(house)
    untouched = content(book)
    change(house, 1, "Otro nombre", m1=77)
    rosa = house.browser("ugel.especialista")
    _, text, confirm = send(rosa, untouched, NEXT)
    assert "0 cambios" in text
    assert "2\u00a0celdas cambiaron en el plan" in text
    before = len(list(house.ledger.facts(STREAM)))
    assert rosa.post(confirm).status_code == 303
    assert len(list(house.ledger.facts(STREAM))) == before
    write(book, 2, "FEB", 55)
    _, text, confirm = send(rosa, content(book), NEXT)
    assert "1\u00a0tarea cambiada" in text
    assert rosa.post(confirm).status_code == 303
    now = task(house, 1)
    assert (now.name, [int(month) for month in now.months[:2]]) == ("Otro nombre", [77, 55])


@pytest.mark.parametrize(("choice", "amount"), [({}, 77), ({"mio": "vigente"}, 77), ({"mio": "mio"}, 99)])
def test_a_stale_cell_is_decided_by_the_sender(house: House, choice: dict[str, str], amount: int) -> None:
    """Base, own and current value with who and when; by default what stands is kept, and the rest of the file is imported."""
    book = exported(house)
    was = task(house, 1).months[0]
    place = write(book, 2, "ENE", 99)
    write(book, 3, "ENE", 44)
    change(house, 1, m1=77)
    rosa = house.browser("ugel.especialista")
    status, text, confirm = send(rosa, content(book), NEXT)
    assert status == 200
    row = re.search(rf'<th scope="row">{place}</th>.*?</tr>', text, re.DOTALL)
    assert row
    assert [f">{value}" in row[0] for value in (was, 99, 77)] == [True, True, True]
    assert "Juan Huamán" in row[0]
    key = re.search(r'name="(celda-[^"]+)" value="mio"', row[0])
    assert key
    assert rosa.post(confirm, {key[1]: choice.get("mio", "vigente")}).status_code == 303
    assert [int(task(house, number).months[0]) for number in (1, 2)] == [amount, 44]


def test_what_collides_after_the_page_was_shown_is_shown_first(house: House) -> None:
    """A change between the page and the confirmation is never overwritten: the page comes back with it, and what was chosen."""
    book = exported(house)
    write(book, 2, "ENE", 99)
    rosa = house.browser("ugel.especialista")
    _, _, confirm = send(rosa, content(book), NEXT)
    change(house, 1, m1=77)
    answer = rosa.post(confirm)
    assert answer.status_code == 409
    assert "El plan cambió mientras usted revisaba" in answer.text
    assert "celda-task-1-ENE" in answer.text
    assert task(house, 1).months[0] == 77
    assert rosa.post(confirm, {"celda-task-1-ENE": "mio"}).status_code == 303
    assert task(house, 1).months[0] == 99


def test_a_change_elsewhere_does_not_send_the_sender_back(house: House) -> None:
    """What happens to other cells between the page and the confirmation merges without a word."""
    book = exported(house)
    write(book, 2, "ENE", 99)
    rosa = house.browser("ugel.especialista")
    confirm = send(rosa, content(book), NEXT)[2]
    change(house, 2, m1=77)
    assert rosa.post(confirm).status_code == 303
    assert [int(task(house, number).months[0]) for number in (1, 2)] == [99, 77]


def test_a_row_that_was_taken_out_comes_back_only_when_asked_for(house: House) -> None:
    """Untouched it stays out; changed by the sender it is a collision like any other."""
    book = exported(house)
    house.do("ugel.jefe", STREAM, p.RemoveTask(task=1, reason="Ya no corresponde"))
    rosa = house.browser("ugel.especialista")
    assert "0 cambios" in send(rosa, content(book), NEXT)[1]
    write(book, 2, "ENE", 99)
    _, text, confirm = send(rosa, content(book), NEXT)
    assert "Fila retirada del plan" in text
    assert "Juan Huamán" in text
    assert rosa.post(confirm, {"celda-task-1-removed": "mio"}).status_code == 303
    event = list(house.ledger.facts(STREAM))[-1].fact.event
    assert isinstance(event, p.TaskAdded)
    assert event.months[0] == 99


def test_objectives_and_notes_of_known_rows_are_imported_too(house: House) -> None:
    """The dry run shows them before and after; codes the catalogue does not know stay foreign; the next export says the same."""
    book = exported(house)
    align(book, "ON1; X-77")
    write(book, 2, "Observación", "Depende del presupuesto")
    rosa = house.browser("ugel.especialista")
    _, text, confirm = send(rosa, content(book), NEXT)
    assert "1\u00a0tarea cambiada, 1\u00a0actividad con otros objetivos" in text
    assert "Depende del presupuesto" in text
    assert "ON1, X-77" in text
    assert rosa.post(confirm).status_code == 303
    events = [each.fact.event for each in house.ledger.facts(STREAM)]
    aligned = [each for each in events if isinstance(each, p.ActivityAligned)][-1]
    changed = [each for each in events if isinstance(each, p.TaskChanged)][-1]
    assert (aligned.objectives, aligned.foreign, changed.note) == (("ON1",), ("X-77",), "Depende del presupuesto")
    assert "0 cambios" in send(rosa, content(exported(house)), NEXT)[1]


def align(book: openpyxl.Workbook, codes: str) -> str:
    """Rosa writes other objectives in every row of the first activity; the first of these cells."""
    sheet = book["PAT"]
    key = next(cell.column for cell in sheet[1] if cell.value == "Id. actividad")
    rows = [row for row in range(2, sheet.max_row + 1) if sheet.cell(row, key).value == sheet.cell(2, key).value]
    written = [write(book, row, "Objetivos (códigos separados por ;)", codes) for row in rows]
    return written[0]


@pytest.mark.parametrize("choice", ["vigente", "mio"])
def test_objectives_and_notes_collide_like_any_other_cell(house: House, choice: str) -> None:
    """Base, own and current; by default what stands is kept."""
    book = exported(house)
    places = (write(book, 2, "Observación", "De Rosa"), align(book, "ON1"))
    house.do("ugel.jefe", STREAM, AlignActivity(activity=1, objectives=("ON2",)))
    now = task(house, 1)
    noted = p.ChangeTask(task=1, name=now.name, unit=now.unit, months=now.months, code=now.code, note="De Juan")  # type: ignore[arg-type]  # twelve
    house.do("ugel.jefe", STREAM, noted)
    rosa = house.browser("ugel.especialista")
    _, text, confirm = send(rosa, content(book), NEXT)
    for place, mine, current in ((places[0], "De Rosa", "De Juan"), (places[1], "ON1", "ON2")):
        shown = re.search(rf'<th scope="row">{place}</th>.*?</tr>', text, re.DOTALL)
        assert shown
        assert f">{mine}" in shown[0]
        assert current in shown[0]
    answers = {f"celda-{name}": choice for name in ("task-1-note", "activity-1-objectives")}
    assert rosa.post(confirm, answers).status_code == 303
    said = [[str(cell.value) for cell in row] for row in exported(house)["PAT"].iter_rows(max_row=2)]
    first = dict(zip(*said, strict=True))
    assert first["Observación"] == {"mio": "De Rosa", "vigente": "De Juan"}[choice]
    assert {"mio": "ON1", "vigente": "ON2"}[choice] in first["Objetivos (códigos separados por ;)"]


def test_a_sheet_without_those_columns_leaves_them_alone(house: House) -> None:
    """Whoever deletes the column of notes does not delete the notes."""
    now = task(house, 1)
    noted = p.ChangeTask(task=1, name=now.name, unit=now.unit, months=now.months, code=now.code, note="De Juan")  # type: ignore[arg-type]  # twelve
    house.do("ugel.jefe", STREAM, noted)
    book = exported(house)
    sheet = book["PAT"]
    sheet.delete_cols(next(cell.column for cell in sheet[1] if cell.value == "Observación"))
    assert "0 cambios" in send(house.browser("ugel.especialista"), content(book), NEXT)[1]
