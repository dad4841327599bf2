"""A session that was convened, attended, opened: the past that stories of sessions begin with, of a unit and of the region."""

from datetime import date
from typing import Any

from service.aggregates import Event, region_year
from service.aggregates import session as s
from service.aggregates import session_agenda as g
from service.aggregates import session_agreements as a
from service.aggregates import session_attendance as t
from service.aggregates.session_matter import Matter
from service.aggregates.session_quorum import REGION, UNIT
from tests.stories import APPROVED, DIRECTOR, DRE_SPECIALIST, HEAD, YEAR, Past, Person, Story
from tests.stories import UNIT as JAUJA

DAY = date(YEAR, 11, 18)
CALL: dict[str, Any] = {"kind": "ordinaria", "quarter": 3, "day": DAY, "place": "Sala de la UGEL", "hour": "09:30"}
CONVENED = s.SessionConvened(session=1, units=(JAUJA,), quorum=UNIT["ordinaria"], **CALL)
SCORE = Matter(unit=JAUJA, kind="quarter", number=3)
FIRST = g.AgendaItemAdded(item=1, session=1, place=1, title="Resultado del III trimestre", matter=SCORE)
SECOND = g.AgendaItemAdded(item=2, session=1, place=2, title="Varios")
OPENED = s.SessionOpened(session=1)
TAKEN = g.AgendaItemTakenUp(item=1, session=1, position=40)
AGREED = a.AgreementWritten(agreement=1, session=1, item=1, text="Reprogramar las visitas", matters=(SCORE,))
ENDED = s.SessionEnded(session=1, reason="Se acabó el tiempo")


def came(*people: Person) -> tuple[t.AttendanceMarked, ...]:
    """Each of them attends in the charge it acts in."""
    return tuple(t.AttendanceMarked(session=1, person=each.id, charge=each.charge, present=True) for each in people)


PRESENT = came(DIRECTOR, HEAD, DRE_SPECIALIST)
OPEN: tuple[Event | Past, ...] = (*APPROVED, CONVENED, FIRST, SECOND, *PRESENT, OPENED)
OVER: tuple[Event | Past, ...] = (*OPEN, TAKEN, AGREED, ENDED)

REGIONAL = s.SessionConvened(session=1, units=(JAUJA, "120007"), quorum=REGION["ordinaria"], **CALL)


def given_region(*past: Any) -> Story:
    """The region's year in which this happened."""
    return Story(region_year.RegionYear(YEAR), region_year.decide, region_year.evolve).given(*past)
