"""What is closed keeps the words and rules of its date: a later publication changes no byte of it; what is open reads the new ones."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from msgspec.structs import replace

from service.aggregates import catalogue_content as cc
from service.aggregates import quarter
from service.aggregates.alert_rules import with_low
from service.aggregates.catalogue import PublishCatalogue
from service.aggregates.quarter_corrections import ApproveCorrection, RequestCorrection
from service.ledger import STANDING
from tests.conftest import TestDatabase
from tests.house import JAUJA, House, open_house
from tests.lived import Cycle

YEAR = f"/ugel/{JAUJA}/2026"
VARYING = re.compile(r'value="[0-9a-f]{32,}"|x-csrftoken[^}]*}|en-vivo\?desde=\d+')
SOON, LATE = date(2026, 1, 2), date(2099, 1, 1)


@pytest.fixture
def house(new_database: TestDatabase) -> Iterator[House]:
    """A house of this test alone."""
    with open_house(new_database.service_url) as opened:
        yield opened


def change_everything(house: House) -> None:
    """Reword and retire objectives, ask more of every light, weigh lines anew, move the deadlines."""
    catalogue = house.ledger.standing().catalogue
    ons = [each for each in catalogue.content.objectives if each.code == "ON1"]
    assert ons, "the objective that the plans are aligned to"
    after = replace(
        catalogue.content,
        instruments=(replace(catalogue.content.instruments[0], levels=("Nivel nuevo",)),),
        objectives=(replace(ons[0], text="Palabras nuevas"),),
        lines=(cc.Line(code="M1", kind="soporte", name="Línea nueva"),),
        deadlines=tuple(cc.Deadline(year=2026, step="quarter-report", quarter=n, day=date(2026, 1, 3)) for n in (1, 2, 3, 4)),
        scale=cc.Scale(fulfilled=Decimal("99.9"), in_progress=Decimal("99.5"), label="Escala nueva"),
        weights=cc.Weights(missional=Decimal(7)),
        rules=with_low(catalogue.content.rules, Decimal(1)),
    )
    command = PublishCatalogue(base=catalogue.version, reason="Directiva nueva", content=after)
    house.do("dre.director", STANDING, command)


def seen(house: House, path: str) -> str:
    """A page without what differs each time it is drawn."""
    answer = house.browser("auditor").get(path)
    assert answer.status_code == 200, path
    return VARYING.sub("", answer.text)


def test_a_closed_quarter_keeps_its_words_and_rules(house: House) -> None:
    """Its page, its score worked out, its activities; the open quarter of the same plan reads the new words."""
    Cycle(house).approved().closed(1, 30, 27).progress(2, 15)
    closed = [f"{YEAR}/t1", f"{YEAR}/t1/calificacion", f"{YEAR}/actividades/1?t=1"]
    before = {path: seen(house, path) for path in closed}
    assert all("Objetivo ON1" in before[path] for path in (closed[0], closed[2]))
    foot = re.search(r'<tr id="region".*?</td>', seen(house, "/seguimiento?anio=2026"), re.DOTALL)
    change_everything(house)
    assert {path: seen(house, path) for path in closed} == before
    again = re.search(r'<tr id="region".*?</td>', seen(house, "/seguimiento?anio=2026"), re.DOTALL)
    assert foot
    assert again
    assert again[0] == foot[0]
    for path in (f"{YEAR}/t2", f"{YEAR}/actividades/1?t=2"):
        assert "Palabras nuevas" in seen(house, path)
        assert "Objetivo ON1" not in seen(house, path)
    told = re.sub(r"\s+", " ", seen(house, f"{YEAR}/t2").partition("Plazo de envío")[2][:400])
    assert "3 ene 2026" in told
    assert "Venció hace" in told
    assert "3\xa0ene\xa02026" not in before[closed[0]]


def test_a_closed_year_keeps_its_words_and_rules(house: House) -> None:
    """The region's balance and board, the unit's balance, its plan and its files stay the same byte for byte."""
    cycle = Cycle(house).approved()
    for number in (1, 2, 3, 4):
        cycle.closed(number, 30, 27)
    cycle.balanced()
    pages = [f"{YEAR}/t4", f"{YEAR}/actividades/2?t=4", YEAR, f"/balance/2026/{JAUJA}", "/seguimiento?anio=2026", "/balance/2026"]
    files = [f"{YEAR}/plan.xlsx", f"/balance/2026/{JAUJA}/exportar.xlsx"]
    # The fact that the region's pages are read at moves with the record, its time with the clock; other units are still open,
    # and a filter offers what the catalogue lists today; all else stays.
    head = re.compile(
        rf'<form class="q-filters.*?</form>|[Cc]orte[^<]*(?:<time[^>]*>[^<]*)?|hecho n\.º[^<]*|n\.º [\d\u00a0]+|<time[^>]*>|<tr id="ugel-(?!{JAUJA}).*?</tr>',
        re.DOTALL,
    )
    before = {path: head.sub("", seen(house, path)) for path in pages}
    written = {path: house.browser("auditor").get(path).content for path in files}
    change_everything(house)
    assert {path: head.sub("", seen(house, path)) for path in pages} == before
    assert {path: house.browser("auditor").get(path).content for path in files} == written


def test_a_retired_objective_is_told_with_its_text(house: House) -> None:
    """An open plan that is aligned to it shows what it said and which version retired it; it stays when others are chosen."""
    Cycle(house).approved()
    catalogue = house.ledger.standing().catalogue
    left = tuple(each for each in catalogue.content.objectives if each.code != "ON1")
    command = PublishCatalogue(base=0, reason="Se retira", content=replace(catalogue.content, objectives=left))
    house.do("dre.director", STANDING, command)
    text = seen(house, f"{YEAR}/actividades/1")
    assert "Objetivo ON1" in text
    assert "retirado en la versión 1 del catálogo" in text


def test_days_late_are_counted_by_the_calendar(house: House) -> None:
    """A quarter sent after its last day says how many days late; a later calendar does not change a closed one."""
    catalogue = house.ledger.standing().catalogue
    due = cc.Deadline(year=2026, step="quarter-report", quarter=1, day=date(2026, 4, 15))
    command = PublishCatalogue(base=0, reason="Calendario", content=replace(catalogue.content, deadlines=(due,)))
    house.do("dre.director", STANDING, command)
    Cycle(house).approved().closed(1, 30, 27).progress(2, 15)
    row = re.search(rf'<tr id="ugel-{JAUJA}".*?</tr>', seen(house, "/seguimiento?anio=2026"), re.DOTALL)
    assert row
    (days,) = re.findall(r"(\d+)\W+días de retraso", row[0])
    assert int(days) > 200
    change_everything(house)
    row = re.search(rf'<tr id="ugel-{JAUJA}".*?</tr>', seen(house, "/seguimiento?anio=2026"), re.DOTALL)
    assert row
    told = re.findall(r"(\d+)\W+días de retraso", row[0])
    assert told[0] == days, "the closed quarter"
    assert len(told) > 1, "the open ones by the new calendar"


def test_a_figure_that_came_late_says_so_for_ever(house: House) -> None:
    """Neither another calendar nor a correction takes the mark from its row."""
    catalogue, told = house.ledger.standing().catalogue, "de retraso"
    cycle, page = Cycle(house).approved(), f"{YEAR}/t1"
    cycle.progress(1, 20)

    def row() -> str:
        return seen(house, page).partition('id="tarea-1"')[2].partition("</tr>")[0]

    def last(*last_days: date) -> None:
        days = tuple(cc.Deadline(year=2026, step="quarter-report", quarter=n, day=day) for day in last_days for n in (1, 2, 3, 4))
        content = replace(catalogue.content, deadlines=days)
        version = house.ledger.standing().catalogue.version
        house.do("dre.director", STANDING, PublishCatalogue(base=version, reason="R.D.", content=content))

    last(SOON)
    cycle.progress(1, 21)
    assert told in row()
    last()
    cycle.progress(1, 22)
    assert told in row()
    cycle.do("ugel.director", quarter.SubmitQuarter(quarter=1, reason="Falta uno"))
    cycle.do("dre.especialista", quarter.ValidateQuarter(quarter=1))
    cycle.do("ugel.especialista", RequestCorrection(quarter=1, task=1, executed=Decimal(23), reason="Acta omitida"))
    cycle.do("dre.director", ApproveCorrection(correction=1))
    assert "23" in row()
    assert told in row()
