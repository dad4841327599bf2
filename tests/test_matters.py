"""What a session has to speak of, and what Inicio reminds of."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from service.aggregates.alert import SilenceAlert
from service.aggregates.alert_watch import RunRule
from service.aggregates.discussion import RaiseFlag
from service.projections import LATEST
from service.projections.matters import Matters, matters
from tests.conftest import TestDatabase
from tests.first_quarter import YEAR, today
from tests.house import JAUJA, House, open_house
from tests.lived import Cycle

TODAY = today()


@pytest.fixture
def year(house_database: TestDatabase) -> Iterator[Cycle]:
    """Last year of UGEL Jauja: a low activity, a commitment that falls due in five days, an activity that is followed up."""
    with open_house(house_database.service_url) as opened:
        made = Cycle(opened, JAUJA, YEAR)
        made.approved().scored(1, visits=3)
        made.committed(1, due=TODAY + timedelta(days=5))
        made.do("dre.especialista", RaiseFlag(activity=1, reason="Se mira cada semana."))
        yield made


def found(house: House, year: Cycle, at: int = LATEST) -> Matters:
    """What is pending in the unit's year."""
    with house.app.state.database.snapshot() as connection:
        return matters(connection, at, TODAY, [year.stream])


def test_matters_are_what_is_pending_at_a_position(year: Cycle) -> None:
    """Alerts, commitments that fall due, what is followed up; a silenced alert is left out, and the past stays as it was."""
    before = found(year.house, year)
    assert [each.rule for each in before.alerts] == ["avance-bajo"]
    assert [(each.stream, each.commitment) for each in before.commitments] == [(year.stream, 1)]
    assert [(each.kind, each.number) for each in before.flags] == [("activity", 1)]
    assert before.quarters == []
    position = year.position
    year.do("dre.especialista", SilenceAlert(alert=1, until=TODAY + timedelta(days=9), reason="Huelga"))
    assert found(year.house, year).alerts == []
    assert found(year.house, year, position) == before


def test_inicio_reminds_who_answers_and_the_own_unit(year: Cycle) -> None:
    """Once the clock has given the reminder; the neighbours are not told."""
    browser = year.house.browser("ugel.jefe")
    assert "Recordatorio" not in browser.get("/?parte=alertas").text
    year.do("sistema", RunRule(rule="compromiso-por-vencer"))
    assert "Recordatorio: quedan 5 días" in browser.get("/?parte=alertas").text.replace("\u00a0", " ")
    assert "Recordatorio" not in year.house.browser("satipo.director").get("/?parte=alertas").text
