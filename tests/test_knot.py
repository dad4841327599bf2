"""Regional knots: what the DRE may group, take out again, and why not."""

import re
from collections.abc import Iterator

import pytest

from service.aggregates import finding as f
from service.aggregates import knot as k
from service.aggregates import region_year
from service.ledger import region_of
from tests.conftest import TestDatabase
from tests.first_quarter import PLACE, YEAR, live
from tests.house import JAUJA, SATIPO, House, open_house
from tests.lived import Cycle
from tests.stories import DRE_SPECIALIST, Story, refused

WORDS = {"text": "Falta movilidad", "reason": "La misma causa"}
GROUP = k.GroupFindings(**WORDS, findings=("120005/1", "120007/2"))
GROUPED = k.KnotGrouped(knot=1, **WORDS, findings=(k.Member("120005", 1), k.Member("120007", 2)))


def region(*past: k.KnotGrouped | k.KnotJoined | k.KnotUngrouped) -> Story:
    """The region's year in which this happened."""
    return Story(region_year.RegionYear(2026), region_year.decide, region_year.evolve).given(*past)


def test_a_knot_gathers_findings_of_several_units() -> None:
    """With its words and reason; each finding once, and of at least two UGEL."""
    story = region().when(GROUP, by=DRE_SPECIALIST).then(GROUPED)
    again = k.GroupFindings(**WORDS, findings=("120007/2", "120008/1"))
    story.when(again, by=DRE_SPECIALIST).then(refused("ya están en un nudo regional", ("Hallazgo 2 de 120007: nudo 1",)))
    alone = k.GroupFindings(**WORDS, findings=("120005/3", "120005/4"))
    story.when(alone, by=DRE_SPECIALIST).then(refused("de al menos dos UGEL"))
    odd = k.GroupFindings(**WORDS, findings=("jauja/1", "120007/2"))
    story.when(odd, by=DRE_SPECIALIST).then(refused("se nombra con su UGEL y número"))


def test_findings_join_a_knot_and_leave_it_with_a_reason() -> None:
    """What left may be grouped again; a knot that nobody is in takes nobody."""
    story = region(GROUPED)
    join = k.JoinKnot(knot=1, reason="También", findings=("120008/1",))
    story.when(join, by=DRE_SPECIALIST).then(k.KnotJoined(knot=1, reason="También", findings=(k.Member("120008", 1),)))
    story.when(k.JoinKnot(knot=2, reason="-", findings=("120009/1",)), by=DRE_SPECIALIST).then(refused("no existe"))
    leave = k.UngroupFindings(knot=1, reason="Otra causa", findings=("120008/1", "120005/1", "120007/2"))
    story.when(k.UngroupFindings(knot=1, reason="-", findings=("120009/1",)), by=DRE_SPECIALIST).then(refused("no está en este"))
    story.after(leave, by=DRE_SPECIALIST)
    story.when(join, by=DRE_SPECIALIST).then(refused("ya no tiene hallazgos"))
    story.when(GROUP, by=DRE_SPECIALIST)
    assert [type(each) for each in story.last] == [k.KnotGrouped]


@pytest.fixture
def house(house_database: TestDatabase) -> Iterator[House]:
    """The running service, in which UGEL Jauja has a critical knot, and UGEL Satipo one too."""
    with open_house(house_database.service_url) as opened:
        live(opened, "found")
        other = Cycle(opened, SATIPO, YEAR)
        other.approved().scored(1, visits=3)
        knot = f.RecordFinding(quarter=1, kind="nudo crítico", text="Lanchas sin combustible.", cause="Sin contrato.", activity=1)
        other.do("dre.especialista", knot)
        yield opened


def test_the_dre_groups_knots_and_links_lead_both_ways(house: House) -> None:
    """Ticked on a page, with words and reason; the knot names the UGEL, each finding names the knot, and it can be undone."""
    dre = house.browser("dre.especialista")
    shown = dre.get(f"/nudos?anio={YEAR}").text
    assert "Todavía no hay nudos regionales" in shown
    names = re.findall(r'name="findings" value="([^"]+)"', shown)
    assert names == [f"{JAUJA}/1", f"{SATIPO}/1"]
    typed = {**WORDS, "findings": names}
    assert house.browser("ugel.director").post(f"/nudos/{YEAR}", typed).status_code == 403
    blank = dre.post(f"/nudos/{YEAR}", typed | {"reason": ""})
    assert (blank.status_code, blank.text.count("checked")) == (422, 2)
    strange = dre.post(f"/nudos/{YEAR}", typed | {"findings": [names[0], f"{SATIPO}/9"]})
    assert (strange.status_code, "Elija hallazgos de la lista" in strange.text) == (422, True)
    assert dre.post(f"/nudos/{YEAR}", typed | {"findings": names[:1]}).status_code == 409
    assert dre.post(f"/nudos/{YEAR}", typed).headers["location"] == f"/nudos/{YEAR}/1"
    before = max(each.position for each in house.ledger.facts(region_of(YEAR)))
    text = house.browser("auditor").get(f"/nudos/{YEAR}/1").text
    for words in ("Falta movilidad", "UGEL Jauja", "UGEL Satipo", "Lanchas sin combustible.", "formó el nudo regional 1"):
        assert words in text
    assert f'href="/nudos/{YEAR}/1"' in dre.get(f"{PLACE}/hallazgos/1").text
    assert "2 hallazgos de UGEL Jauja y UGEL Satipo" in dre.get(f"/nudos?anio={YEAR}").text.replace("\u00a0", " ")
    file = dre.get(f"/nudos/exportar.csv?anio={YEAR}").text
    assert ("1;Falta movilidad" in file, "Lanchas sin combustible." in file, file.count("\r\n")) == (True, True, 3)
    assert dre.get(f"/nudos/exportar.xlsx?anio={YEAR}&hasta={before}").content[:2] == b"PK"
    leave = {"findings": [f"{SATIPO}/1"], "reason": "Otra causa"}
    assert dre.post(f"/nudos/{YEAR}/1/retiro", leave | {"reason": ""}).status_code == 422
    assert dre.post(f"/nudos/{YEAR}/1/retiro", leave).status_code == 303
    assert "Lanchas sin combustible." not in dre.get(f"/nudos/{YEAR}/1").text.split("Agregar hallazgos")[0]
    assert "Lanchas sin combustible." in dre.get(f"/nudos/{YEAR}/1?hasta={before}").text
    assert dre.post(f"/nudos/{YEAR}/1/adicion", leave).status_code == 303
    assert "agregó hallazgos al nudo regional 1: hallazgo n.º 1 de UGEL Satipo" in dre.get(f"/nudos/{YEAR}/1").text
    assert dre.get(f"/nudos/{YEAR}/2").status_code == 404
