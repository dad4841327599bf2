"""The sheet of a quarter: every task at once, month by month or as a total; nothing half written, nothing overwritten unseen."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from service.aggregates import quarter as q
from service.aggregates.quarter_progress import Entry, ProgressRecorded, RecordProgress
from service.projections import LATEST, quarter_rows
from tests.conftest import TestDatabase
from tests.first_quarter import PLACE, STREAM, live
from tests.house import House, open_house

SHEET = f"{PLACE}/t1/avance"


@pytest.fixture
def house(house_database: TestDatabase) -> Iterator[House]:
    """The running service with its staff and a quarter with some figures."""
    with open_house(house_database.service_url) as opened:
        live(opened, "reported")
        yield opened


def row(n: int, task: int, **fields: str) -> dict[str, str]:
    """The inputs of one row of the sheet."""
    named = {name.replace("m", "months-") if name in {"m0", "m1", "m2"} else name: value for name, value in fields.items()}
    return {f"entries-{n}-task": str(task)} | {f"entries-{n}-{name}": value for name, value in named.items()}


def figures(house: House) -> dict[int, Any]:
    """What the quarter says of each task."""
    with house.app.state.database.snapshot() as connection:
        return {each.task: each for each in quarter_rows.tasks(connection, LATEST, STREAM, 1)}


def test_the_sheet_has_every_task_with_what_is_known(house: House) -> None:
    """Target, earlier quarters, months, total, percentage, cumulative, difference, evidence and reason, by line and activity."""
    text = house.browser("ugel.especialista").get(SHEET).text
    for words in ("Monitoreo pedagógico", "Expedientes atendidos", "Antes", "Enero", "Acumulado", "Diferencia", 'value="Acta 1"'):
        assert words in text
    assert text.count("data-row") == 4
    assert 'data-cell="months-2"' in text


def test_rows_of_several_activities_go_together(house: House) -> None:
    """Months make the total; unchanged rows make no fact; an empty row is left alone."""
    form = (
        row(0, 1, m0="2", m1="1,5", m2="3", executed="5", evidence="Acta 1", reason="")
        | row(1, 2, m0="", m1="", m2="", executed="2", evidence="", reason="El acta llega en abril")
        | row(2, 3, m0="", m1="", m2="", executed="30", evidence="Acta 2")
        | row(3, 4, m0="", m1="", m2="", executed="", evidence="", reason="")
    )
    sent = house.browser("ugel.especialista").post(SHEET, form)
    assert (sent.status_code, sent.headers["location"]) == (303, SHEET)
    found = figures(house)
    assert (found[1].executed, found[1].months) == (Decimal("6.5"), (Decimal(2), Decimal("1.5"), Decimal(3)))
    assert found[2].reason == "El acta llega en abril"
    assert found[4].executed is None
    recorded = [r.fact.event for r in house.ledger.facts(STREAM) if isinstance(r.fact.event, ProgressRecorded)]
    assert [event.task for event in recorded[-2:]] == [1, 2]
    assert len(recorded) == 5


def test_what_cannot_be_read_comes_back_beside_its_cell(house: House) -> None:
    """422, everything typed stays, nothing is recorded of the other rows either."""
    form = row(0, 1, executed="doce", evidence="Acta 7") | row(3, 4, executed="90")
    answer = house.browser("ugel.especialista").post(SHEET, form)
    assert answer.status_code == 422
    for words in ('id="av-entries-0-executed-error"', 'value="doce"', 'value="Acta 7"', 'value="90"'):
        assert words in answer.text
    assert figures(house)[4].executed is None
    wrong = house.browser("ugel.especialista").post(SHEET, row(3, 4, executed="90") | {"on": "ayer"})
    assert wrong.status_code == 422
    assert "Escriba la fecha" in wrong.text


def test_over_execution_is_refused_with_its_row_until_it_has_a_reason(house: House) -> None:
    """409 in words; the reason of the row lets it pass and is stored."""
    ugel = house.browser("ugel.especialista")
    answer = ugel.post(SHEET, row(0, 1, executed="50"))
    assert answer.status_code == 409
    assert "Explique el motivo" in answer.text
    assert ugel.post(SHEET, row(0, 1, executed="50", reason="Campaña de marzo")).status_code == 303
    assert figures(house)[1].reason == "Campaña de marzo"


def test_two_people_on_the_sheet_lose_nothing(house: House) -> None:
    """The second one sees the other's figure beside hers; rows that only she touched are hers."""
    base = max(r.position for r in house.ledger.facts(STREAM))
    entry = Entry(task=1, executed=Decimal(7), evidence="Acta 1")
    house.do("ugel.jefe", STREAM, RecordProgress(quarter=1, entries=(entry,)))
    form = row(0, 1, executed="9", evidence="Acta 1") | row(3, 4, executed="90") | {"base": str(base)}
    answer = house.browser("ugel.especialista").post(SHEET, form)
    assert answer.status_code == 409
    assert "Otra persona cambió lo mismo" in answer.text
    assert figures(house)[4].executed is None
    assert house.browser("ugel.especialista").post(SHEET, row(3, 4, executed="90") | {"base": str(base)}).status_code == 303
    assert (figures(house)[1].executed, figures(house)[4].executed) == (Decimal(7), Decimal(90))


def test_who_only_reads_sees_the_sheet_without_a_form_and_at_any_moment(house: House) -> None:
    """A neighbour, an auditor, or anybody in the past: the figures as they stood, no input, and links that keep the moment."""
    before = max(r.position for r in house.ledger.facts(STREAM))
    entry = Entry(task=4, executed=Decimal(90), evidence="Acta 4")
    house.do("ugel.jefe", STREAM, RecordProgress(quarter=1, entries=(entry,)))
    for usuario, query in (("satipo.director", ""), ("auditor", ""), ("ugel.especialista", f"?hasta={before}")):
        answer = house.browser(usuario).get(f"{SHEET}{query}")
        assert answer.status_code == 200
        main = answer.text.partition("<main")[2]
        assert ("<form" in main, "<input" in main) == (False, False), usuario
        assert ("Acta 4" in main) == (not query)
        assert f'href="{PLACE}/t1{query}"' in main


def test_there_is_no_sheet_once_the_quarter_was_sent(house: House) -> None:
    """A sent quarter is corrected, not written."""
    assert f'href="{SHEET}"' in house.browser("ugel.especialista").get(f"{PLACE}/t1").text
    assert f'href="{SHEET}"' not in house.browser("auditor").get(f"{PLACE}/t1").text
    house.do("ugel.director", STREAM, q.SubmitQuarter(quarter=1, reason="Falta mesa de partes."))
    late = house.browser("ugel.especialista").post(SHEET, row(3, 4, executed="90"))
    assert (late.status_code, "ya fue enviado: pida una rectificación" in late.text) == (409, True)
    assert 'value="90"' in late.text
    assert house.browser("ugel.especialista").get(SHEET).status_code == 404
    assert f'href="{SHEET}"' not in house.browser("ugel.especialista").get(f"{PLACE}/t1").text
