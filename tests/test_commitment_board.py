"""The board of commitments: filters in the address, the same for the page and its files, at any moment."""

import csv
import io
from collections.abc import Callable, Iterator
from typing import Any

import openpyxl
import pytest
from msgspec.structs import replace

from service.projections import LATEST
from service.projections.commitment_page import commitments
from service.web import charts
from service.web.commitment_filters import by_state
from tests.conftest import TestDatabase
from tests.first_quarter import SOON, STREAM, live
from tests.house import JAUJA, House, open_house


@pytest.fixture(scope="module")
def house(make_database: Callable[[str], TestDatabase], _furnished: str) -> Iterator[House]:
    """A house with one commitment in execution; nobody changes anything here."""
    with open_house(make_database(_furnished).service_url) as opened:
        live(opened, "signed")
        yield opened


def shown(house: House, query: str) -> bool:
    """Whether the filter leaves the commitment, on the page and in its file alike."""
    reader = house.browser("auditor")
    on_page = "Contratar la movilidad" in reader.get(f"/compromisos?{query}").text
    text = reader.get(f"/compromisos/exportar.csv?{query}").content.decode("utf-8-sig")
    assert on_page == ("Contratar la movilidad" in text)
    return on_page


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ("", True),
        (f"ugel={JAUJA}", True),
        ("ugel=120007", False),
        ("estado=signed", True),
        ("estado=vivos", True),
        ("estado=overdue", False),
        ("semaforo=in-progress", True),
        ("semaforo=fulfilled", False),
        ("cargo=jefe-area/AGP", True),
        ("cargo=director-ugel", False),
        (f"vence_desde={SOON}&vence_hasta={SOON}", True),
        (f"vence_hasta={SOON.replace(year=SOON.year - 1)}", False),
    ],
)
def test_a_filter_leaves_the_same_on_the_page_and_in_the_file(house: House, query: str, left: bool) -> None:  # noqa: FBT001 — a row of the table
    """Unit, year, state, light, charge and dates; each alone."""
    assert shown(house, query) is left


def test_a_filter_that_makes_no_sense_is_said(house: House) -> None:
    """A state, a light or a day that is none: 422 and a sentence."""
    reader = house.browser("auditor")
    for wrong in ("estado=x", "semaforo=x", "vence_desde=ayer", "vence_hasta=31/02/2026"):
        assert reader.get(f"/compromisos?{wrong}").status_code == 422
        assert reader.get(f"/compromisos/exportar.xlsx?{wrong}").status_code == 422


def test_the_filter_stays_in_the_address(house: House) -> None:
    """The form shows what is asked for; the files, the states and the way out keep it and the moment."""
    position = list(house.ledger.facts(STREAM))[-1].position
    text = house.browser("auditor").get(f"/compromisos?semaforo=in-progress&cargo=jefe-area%2FAGP&hasta={position}").text
    assert '<option value="in-progress" selected>' in text
    assert f"/compromisos/exportar.xlsx?semaforo=in-progress&amp;cargo=jefe-area%2FAGP&amp;hasta={position}" in text
    assert f"estado=signed&amp;semaforo=in-progress&amp;cargo=jefe-area%2FAGP&amp;hasta={position}" in text
    assert f'href="/compromisos?hasta={position}"' in text
    assert "Compromisos por estado" in text


def test_the_verified_are_told_apart_by_their_result(house: House) -> None:
    """Fulfilled or not is a state of its own in the numbers, those refused are there, and the bars say the same."""
    with house.app.state.database.snapshot() as connection:
        (it,) = commitments(connection, LATEST)
    ends = [replace(it, status="verified", fulfilled=end) for end in (True, False, False)]
    found = [*ends, replace(it, status="declined"), replace(it, carried_to="2027-1")]
    assert by_state(found, SOON) == [("declined", 1), ("kept", 1), ("broken", 2)]
    assert {bar.count for bar in charts.commitments(found, SOON)} == {0, 1, 2}


def test_the_files_tell_what_they_were_read_at(house: House) -> None:
    """The workbook carries cut-off and filter and has dates as dates; the CSV has the same columns."""
    reader = house.browser("dre.director")
    answer = reader.get("/compromisos/exportar.xlsx?estado=signed")
    sheet: Any = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert "Corte: hecho n.º" in cells[1][0]
    assert cells[2][0] == "Filtro: en ejecución"
    heads = next(row for row in cells if row[0] == "Compromiso")
    row = dict(zip(heads, cells[cells.index(heads) + 1], strict=True))
    assert row["Vence"].date() == row["Fecha original"].date() == SOON
    assert (row["Semáforo"], row["Estado"], row["Firmas"]) == ("En proceso", "En ejecución", "2 de 2")
    told = reader.get("/compromisos/exportar.csv").content.decode("utf-8-sig")
    assert next(iter(csv.reader(io.StringIO(told), delimiter=";"))) == heads


def test_at_a_past_moment_the_board_is_that_of_then(house: House) -> None:
    """Before it was signed the commitment waited for signatures."""
    facts = list(house.ledger.facts(STREAM))
    before = next(each.position for each in facts if type(each.fact.event).__name__ == "CommitmentProposed")
    assert shown(house, f"estado=proposed&hasta={before}")
    assert not shown(house, f"estado=signed&hasta={before}")
