"""A target that an amendment moved keeps its original: both percentages stand wherever there is one."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from service import exchange, workbook
from service.aggregates import plan as p
from service.aggregates import plan_versions as v
from service.projections import LATEST, board, unit
from service.projections.shares import first_approved, originals
from tests.conftest import TestDatabase
from tests.house import JAUJA, House, open_house
from tests.lived import Cycle

PLACE = f"/ugel/{JAUJA}/2026"
BOTH = "50,00\xa0% de la meta original"


@pytest.fixture
def house(new_database: TestDatabase) -> Iterator[House]:
    """A house of this test alone."""
    with open_house(new_database.service_url) as opened:
        yield opened


def halved(house: House) -> Cycle:
    """Fifteen done of thirty programmed; then the first task asks for half, and the second is retired."""
    year = Cycle(house).approved()
    year.progress(1, 15, 15)
    half = p.ChangeTask(task=1, name="Visitar aulas de primaria", unit="Acción", months=(Decimal(5),) * 12)
    gone = p.RemoveTask(task=2, reason="Sin presupuesto")
    year.do("ugel.jefe", v.ProposeAmendment(changes=(half, gone), reason="Menos movilidad"))
    year.do("dre.director", v.ApproveAmendment(amendment=1, resolution="RD 2", resolution_date=date(2026, 2, 2)))
    return year


@pytest.mark.parametrize(
    "path",
    [PLACE, f"{PLACE}/actividades/1?t=1", f"{PLACE}/t1", "/seguimiento?anio=2026", "/balance/2026", f"/balance/2026/{JAUJA}"],
)
def test_every_page_with_a_percentage_says_both(house: House, path: str) -> None:
    """Unit, activity, quarter, board and balances: against the target in force, and against what was approved first."""
    year = Cycle(house).approved()
    year.progress(1, 15, 15)
    browser = house.browser("auditor")
    assert "de la meta original" not in browser.get(path).text, "while nothing was amended there is one target"
    house.do("ugel.jefe", year.stream, _halve())
    house.do("dre.director", year.stream, v.ApproveAmendment(amendment=1, resolution="RD 2", resolution_date=date(2026, 2, 2)))
    text = browser.get(path).text
    assert BOTH in text
    assert "100,00\xa0%" in text
    before = next(e.position for e in house.ledger.facts(year.stream) if isinstance(e.fact.event, v.AmendmentProposed))
    then = browser.get(path + ("&" if "?" in path else "?") + f"hasta={before}").text
    assert "de la meta original" not in then


def _halve() -> v.ProposeAmendment:
    words: dict[str, Any] = {"unit": "Acción", "months": (Decimal(5),) * 12}
    tasks = (p.ChangeTask(task=1, name="Visitar aulas de primaria", **words), p.ChangeTask(task=2, name="Distribuir", **words))
    return v.ProposeAmendment(changes=tasks, reason="Menos movilidad")


def test_what_was_retired_still_counts_in_the_original(house: House) -> None:
    """The original percentage is of the whole first version: a task cannot be made to disappear from it."""
    year = halved(house)
    with house.app.state.database.snapshot() as connection:
        first = first_approved(connection, LATEST, [year.stream])
        shares: Any = {each.activity: each.percent for each in originals(connection, LATEST, first) if each.quarter == 1}
        targets: Any = {each.activity: (each.original, each.target) for each in unit.activities(connection, LATEST, year.stream)}
        cells = board.board(connection, LATEST, 2026)
    assert shares == {1: 50, 2: 50}
    assert targets == {1: (120, 60), 2: (120, 0)}
    cell = next(line for line in cells if line.unit.code == JAUJA).cells[0]
    assert [cell.percent, cell.original] == [100, 50]


def test_exports_have_both_columns(house: House) -> None:
    """The board's and the balance's workbooks say both, also where they are the same."""
    halved(house)
    browser = house.browser("dre.director")

    def column(address: str, name: str, key: str, sheet: int = 0) -> list[Any]:
        table = CalamineWorkbook.from_filelike(BytesIO(browser.get(address).content)).get_sheet_by_index(sheet).to_python()
        heads = next(row for row in table if name in row)
        return [row[heads.index(name)] for row in table if key in row]

    assert column("/seguimiento/exportar.xlsx?anio=2026", "Avance de la meta original %", "UGEL Jauja")[0] == 50
    assert column("/seguimiento/exportar.xlsx?anio=2026", "Avance %", "UGEL Jauja")[0] == 100
    assert column("/balance/2026/exportar.xlsx", "I trimestre, meta original %", "UGEL Jauja") == [50]
    of_unit = f"/balance/2026/{JAUJA}/exportar.xlsx"
    assert column(of_unit, "I trimestre, meta original %", "Toda la unidad", 1) == [50]
    assert column(of_unit, "I trimestre %", "Toda la unidad", 1) == [100]


def test_the_activity_says_who_moved_its_target_and_why(house: House) -> None:
    """Before → after of the year, the reason, who proposed, who approved by which resolution, the fact; nothing before it."""
    year = Cycle(house).approved()
    before = year.progress(1, 15).last
    house.do("ugel.jefe", year.stream, _halve())
    approval = v.ApproveAmendment(amendment=1, resolution="RD 2", resolution_date=date(2026, 2, 2))
    done = house.do("dre.director", year.stream, approval)
    text = house.browser("auditor").get(f"{PLACE}/actividades/1").text.partition("Por qué la meta")[2].partition("</ul>")[0]
    for words in ("120</del>", "60</ins>", "«Menos movilidad»", "propuso Juan Huamán", "aprobó Ana Cárdenas", "versión 2, RD 2"):
        assert words in text
    assert f"hasta={done.facts[1].position}" in text
    assert "Por qué la meta" not in house.browser("auditor").get(f"{PLACE}/actividades/1?hasta={before}").text
    other = house.browser("auditor").get(f"{PLACE}/actividades/2").text
    assert "Tarea 1 «" not in other.partition("Por qué la meta")[2].partition("</ul>")[0]


def test_the_exported_plan_says_the_original_targets_and_comes_back_as_no_change(house: House) -> None:
    """Beside the current ones; by which modification, who proposed and approved it and why; a retired task is there too."""
    year = halved(house)
    with house.app.state.database.snapshot() as connection:
        content = exchange.plan_workbook(connection, JAUJA, 2026, LATEST)
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    plan = book.get_sheet_by_name("PAT").to_python()
    assert plan[0][-1] == "Meta original del año"
    assert [(row[plan[0].index("TOTAL")], row[-1]) for row in plan[1:2]] == [(60, 120)]
    rows = [
        dict(zip(*pair, strict=True))
        for head, *rest in [book.get_sheet_by_name("Metas originales").to_python()]
        for pair in ((head, row) for row in rest)
    ]
    assert [(row["Id. tarea"], row["ENE original"], row["Meta vigente"]) for row in rows] == [
        (f"{JAUJA}-2026-1", 10, 60),
        (f"{JAUJA}-2026-2", rows[1]["ENE original"], "retirada"),
    ]
    assert all(re.search("Modificación 1, RD 2. Propuso .* Menos movilidad", str(row["Por qué"])) for row in rows)
    dry = workbook.check(content, "pat.xlsx")
    assert dry.importable
    command = exchange.import_command(dry, JAUJA, 2026, {"ON1", "ON2"})
    assert exchange.outcome(house.ledger, "", year.stream, command) == []
