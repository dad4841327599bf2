"""Spreadsheets in and out of the plan: checked first, written once confirmed, and back again as «0 cambios»."""

import os
import re
from pathlib import Path

import pytest

from service import workbook
from tests import workbooks
from tests.first_quarter import PLACE, STREAM, YEAR, approve_plan
from tests.house import Browser, House

NEXT = f"/ugel/120005/{YEAR + 1}"
REAL = Path(__file__).parents[2] / "shared" / "data" / "poi-2026-real.xlsx"


def send(browser: Browser, content: bytes, place: str = NEXT, name: str = "plan.xlsx") -> tuple[int, str, str]:
    """Send a file to be checked: status, page, and the address that confirms it, if any."""
    answer = browser.post(f"{place}/importar", files={"archivo": (name, content)})
    found = re.search(r'action="([^"]+/confirmacion)"', answer.text)
    return answer.status_code, answer.text, found[1] if found else ""


def test_a_file_is_checked_then_written_once(house: House) -> None:
    """The dry run writes nothing; the confirmation writes all of it, twice pressed is once written."""
    rosa = house.browser("ugel.especialista")
    status, text, confirm = send(rosa, workbooks.ceplan())
    assert status == 200
    assert "Filas omitidas" in text
    assert not list(house.ledger.facts(f"unit/120005/{YEAR + 1}"))
    assert rosa.post(confirm, {"command_id": "once"}).status_code == 303
    first = len(list(house.ledger.facts(f"unit/120005/{YEAR + 1}")))
    assert first > 10
    assert rosa.post(confirm, {"command_id": "once"}).status_code == 303
    assert rosa.post(confirm).status_code == 303
    assert len(list(house.ledger.facts(f"unit/120005/{YEAR + 1}"))) == first


def test_the_exported_plan_comes_back_as_no_change(house: House) -> None:
    """Export → import writes nothing; one changed figure becomes exactly one change."""
    rosa = house.browser("ugel.especialista")
    rosa.post(send(rosa, workbooks.ceplan())[2])
    stream = f"unit/120005/{YEAR + 1}"
    before = len(list(house.ledger.facts(stream)))
    exported = rosa.get(f"{NEXT}/plan.xlsx").content
    answer = rosa.post(send(rosa, exported)[2])
    assert answer.status_code == 303
    assert len(list(house.ledger.facts(stream))) == before
    dry = workbook.check(exported, "plan.xlsx")
    first, *rest = dry.tasks
    changed = type(first)(**{f: getattr(first, f) for f in first.__struct_fields__} | {"name": "Otro nombre"})
    again = workbook.export_plan(dry.lines, dry.activities, [changed, *rest])
    rosa.post(send(rosa, again)[2])
    new = [type(r.fact.event).__name__ for r in house.ledger.facts(stream)][before:]
    assert new == ["PlanImported", "TaskChanged"]


def test_into_an_approved_plan_it_becomes_a_proposal(house: House) -> None:
    """The plan stays as it is until the DRE approves."""
    approve_plan(house)
    rosa = house.browser("ugel.especialista")
    _, text, confirm = send(rosa, workbooks.ceplan(), PLACE)
    assert "quedará propuesto como modificación" in text
    assert rosa.post(confirm).status_code == 303
    kinds = [type(r.fact.event).__name__ for r in house.ledger.facts(STREAM)]
    assert kinds[-1] == "AmendmentProposed"
    assert "Propuesta" in rosa.get(PLACE).text


@pytest.mark.parametrize(
    ("content", "status", "sentence"),
    [
        (b"", 422, "El archivo está vacío"),
        (b"no es un excel", 422, "Ninguna hoja tiene las columnas"),
        (b"PK\x03\x04" + b"x" * 100, 422, ""),
        (b"x" * (10 * 1024 * 1024 + 1), 413, ""),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_words(house: House, content: bytes, status: int, sentence: str) -> None:
    """Status, a sentence beside the field, and no way to confirm."""
    answered, text, confirm = send(house.browser("ugel.especialista"), content)
    assert answered == status
    assert sentence in text
    assert not confirm


def test_errors_are_told_by_cell_and_nothing_can_be_confirmed(house: House) -> None:
    """A month that is text, and a total that does not add up, each by its cell."""
    spoilt = workbooks.ceplan(changes={(3, "ENE "): "doce", (4, "TOTAL "): 999})
    status, text, confirm = send(house.browser("ugel.especialista"), spoilt)
    assert status == 422
    assert "AI3" in text
    assert "AU4" in text
    assert not confirm


def test_somebody_elses_upload_cannot_be_confirmed(house: House) -> None:
    """The file waits for who sent it, in the unit it was sent for."""
    confirm = send(house.browser("ugel.especialista"), workbooks.ceplan())[2]
    assert house.browser("ugel.director").post(confirm).status_code == 404
    assert house.browser("satipo.director").post(confirm).status_code == 403


def test_the_real_plan_enters_whole(house: House) -> None:
    """1,701 rows: 1,545 tasks written, 156 skipped with their reason, in one command."""
    if not REAL.exists():
        assert os.environ.get("CI") != "true", "../shared/data is needed in CI"
        pytest.skip("the real workbook is not beside this checkout")
    rosa = house.browser("ugel.especialista")
    status, text, confirm = send(rosa, REAL.read_bytes())
    assert status == 200
    assert "1\u00a0545" in text
    assert rosa.post(confirm).status_code == 303
    kinds = [type(r.fact.event).__name__ for r in house.ledger.facts(f"unit/120005/{YEAR + 1}")]
    assert kinds.count("TaskAdded") == 1545
    assert rosa.get(NEXT).status_code == 200
