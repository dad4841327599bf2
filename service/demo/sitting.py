"""The sessions of the demo: those some UGEL held after a score, the region's of the second quarter, and what is convened now.

Their agendas are not invented: they begin and open with what the pages of the product would put on them at that moment.
"""

from collections.abc import Generator
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from psycopg import Connection

from service import bootstrap
from service.aggregates import Command
from service.aggregates import session as s
from service.aggregates import session_agenda as g
from service.aggregates import session_agreements as a
from service.aggregates import session_attendance as t
from service.aggregates import session_minutes as m
from service.aggregates.session_matter import Matter, NewItem
from service.demo.cast import PLACES, Cast, Member
from service.demo.desk import Desk, working
from service.demo.stage import Asked, Facts, Scene, Step
from service.ledger import region_of
from service.projections import LATEST, history, session_page
from service.settings import LIMA

DAY = timedelta(days=1)
HELD = {("120005", 2025, 4), ("120005", 2026, 1), ("120005", 2026, 2), ("120007", 2026, 2), ("120001", 2026, 2)}
ROOM = "Sala de reuniones de la UGEL (demostración)"
NOTE = "Se revisó el avance por línea. Las áreas explicaron qué falta y en qué fecha lo presentan."
PLAN = "Reprogramar lo pendiente del trimestre y presentar el nuevo cronograma a la Dirección."
REPORT = "Informar el avance de las actividades en riesgo cada quincena, con sus medios de verificación."
LATER = "Pide más plazo: parte del personal sale de vacaciones."


def held(desk: Desk, number: int, day: date, *, over: bool = True) -> Scene:
    """A session of one unit: convened, attended, its points taken up, agreed and voted; `over` up to the closed acta."""
    chance, desk.chance = desk.chance, Random(f"{desk.unit}/{desk.year.year}/{number}")  # noqa: S311 — told apart
    crew, year, score = desk.crew, desk.year, Matter(unit=desk.unit, kind="quarter", number=number)
    call = s.ConveneSession(kind="ordinaria", quarter=number, day=working(day + 3 * DAY), place=ROOM, hour="09:00")
    yield from desk.act(day, crew.director.id, _prepared(year.stream, call))
    session = len(year.sessions.by_number)
    last = NewItem(title="Acuerdos para el trimestre que sigue")
    yield from desk.act(day, crew.specialist.id, g.AddItems(session=session, items=(last,)))
    for member in (crew.director, crew.chief, crew.specialist, crew.overseer):
        mark = t.MarkAttendance(session=session, person=member.id, charge=member.charge, present=True)
        yield from desk.act(day + 3 * DAY, crew.specialist.id, mark)
    yield from desk.act(day + 3 * DAY, crew.director.id, _opened(year.stream, session))
    agenda = list(year.sessions.by_number[session].items)
    for item in agenda if over else agenda[:1]:
        yield from desk.act(day, crew.overseer.id, _taken_up(item))
    yield from desk.act(day, crew.specialist.id, g.NoteItem(item=agenda[0], note=NOTE))
    content: dict[str, Any] = {"responsible": crew.chief.charge, "due": day + 30 * DAY, "matters": (score,)}
    yield from desk.act(day, crew.specialist.id, a.WriteAgreement(session=session, item=agenda[0], text=PLAN, **content))
    agreement = max(year.sessions.agreements)
    yield from desk.act(day, crew.director.id, a.CastVote(unit=desk.unit, agreement=agreement, choice="a favor"))
    if over:
        yield from _written(desk, day, session, agreement, agenda[-1])
    desk.chance = chance


def _written(desk: Desk, day: date, session: int, agreement: int, item: int) -> Scene:
    """The head abstains, a second point is agreed by consensus, the session ends, its acta is amended and closed."""
    crew = desk.crew
    vote = a.CastVote(unit=desk.unit, agreement=agreement, choice="abstención", reason=LATER)
    yield from desk.act(day, crew.chief.id, vote)
    yield from desk.act(day, crew.specialist.id, a.WriteAgreement(session=session, item=item, text=REPORT))
    yield from desk.act(day, crew.director.id, s.EndSession(session=session))
    draft: dict[str, Any] = {
        "introduction": "La Dirección abrió la sesión y leyó la agenda.",
        "remarks": "Se leyó lo acordado y se dio por conforme.",
    }
    yield from desk.act(
        day, crew.specialist.id, m.WriteMinutes(session=session, development="Se trató punto por punto.", **draft)
    )
    text = "Se trató punto por punto, con las cifras que figuran en la agenda."
    change = {"part": "development", "text": text, "reason": "Falta decir con qué cifras."}
    yield from desk.act(day + DAY, crew.chief.id, m.ProposeWording(unit=desk.unit, session=session, **change))  # type: ignore[arg-type]  # a part
    wording = max(desk.year.sessions.wordings)
    yield from desk.act(day + DAY, crew.director.id, m.AcceptWording(wording=wording))
    yield from desk.act(day + DAY, crew.authority.id, m.CloseMinutes(session=session))


def region(cast: Cast, seed: str) -> Scene:
    """The region's session of the second quarter with its closed acta and an erratum; that of the third is convened."""
    clock, office = Clock(Random(f"{seed}/sesiones"), region_of(2026)), cast.members["dre.especialista"]  # noqa: S311 — a demo's chance
    boss, directors = cast.members["dre.director"], [cast.crew(unit).director for unit in PLACES]
    place = "Auditorio de la DRE (demostración)"
    call: dict[str, Any] = {"kind": "ordinaria", "place": place, "hour": "09:00", "units": tuple(PLACES)}
    day = date(2026, 8, 20)
    convening = _prepared(clock.stream, s.ConveneSession(**call, quarter=2, day=day))
    facts = yield from clock.act(day - 8 * DAY, office, convening)
    for member in (boss, office, *directors):
        mark = t.MarkAttendance(session=1, person=member.id, charge=member.charge, present=True)
        yield from clock.act(day, office, mark)
    facts += yield from clock.act(day, boss, _opened(clock.stream, 1))
    agenda = {added.matter: added.item for added in (each.fact.event for each in facts) if isinstance(added, g.AgendaItemAdded)}
    jauja, satipo, pangoa = (Matter(unit=unit, kind="quarter", number=2) for unit in ("120005", "120007", "120010"))
    for item in agenda.values():
        yield from clock.act(day, office, _taken_up(item))
    yield from clock.act(day, office, g.NoteItem(item=agenda[jauja], note=NOTE))
    shared = "Compartir entre las UGEL de selva las rutas y los transportistas contratados para el reparto de materiales."
    content: dict[str, Any] = {"text": shared, "matters": (satipo, pangoa), "due": date(2026, 9, 30)}
    yield from clock.act(day, office, a.WriteAgreement(session=1, item=agenda[satipo], **content))
    for member in (*directors, boss):
        against = member.unit == "120009"
        words = "Las rutas de Yauli no se comparten con otra UGEL." if against else ""
        vote = a.CastVote(unit=member.unit, agreement=1, choice="en contra" if against else "a favor", reason=words)
        yield from clock.act(day, member, vote)
    yield from clock.act(day, office, a.WriteAgreement(session=1, text=REPORT, responsible=office.charge))
    yield from clock.act(day, boss, s.EndSession(session=1))
    draft: dict[str, Any] = {
        "introduction": "La Dirección de la DRE abrió la sesión regional.",
        "development": "Cada UGEL expuso sus cifras.",
        "remarks": "Se leyeron los acuerdos y se levantó la sesión.",
    }
    yield from clock.act(day + DAY, office, m.WriteMinutes(session=1, **draft))
    yield from clock.act(day + 4 * DAY, boss, m.CloseMinutes(session=1))
    erratum = m.RecordErratum(
        session=1, says="sus cifras", should_say="sus cifras y sus alertas abiertas", reason="Se omitió al redactar."
    )
    yield from clock.act(day + 6 * DAY, office, erratum)
    day = date(2026, 11, 27)
    convening = _prepared(clock.stream, s.ConveneSession(**call, quarter=3, day=day))
    yield from clock.act(day - 11 * DAY, office, convening)


def _names() -> dict[str, str]:
    return {unit.code: unit.name for unit in bootstrap.units()}


def _prepared(stream: str, call: s.ConveneSession) -> Asked:
    """The convening with what waits for a decision on the agenda."""
    from service.web import matters  # noqa: PLC0415 — takes long to load, and only a demo needs it

    return lambda connection: matters.prepared(connection, stream, call, _names())


def _opened(stream: str, session: int) -> Asked:
    """The opening with what was escalated since."""
    from service.web import matters  # noqa: PLC0415 — takes long to load, and only a demo needs it

    def opened(connection: Connection[Any]) -> s.OpenSession:
        it = session_page.session(connection, LATEST, stream, session)
        assert it is not None  # noqa: S101 — convened some days ago
        return s.OpenSession(session=session, items=matters.coming(connection, it, _names()))

    return opened


def _taken_up(item: int) -> Asked:
    """A point that is spoken of with the figures of that moment."""
    return lambda connection: g.TakeUpItem(item=item, position=history.head(connection, LATEST).position)


class Clock:
    """The region's desk: each act some minutes after the one before, on the day or later."""

    def __init__(self, chance: Random, stream: str) -> None:
        self.chance, self.stream = chance, stream
        self._at = datetime.min.replace(tzinfo=LIMA)

    def act(self, day: date, member: Member, command: Command | Asked) -> Generator[Step, Facts, Facts]:
        """Have a member give a command."""
        begin = datetime.combine(working(day), time(9), LIMA)
        self._at = max(begin, self._at) + timedelta(seconds=self.chance.randrange(20, 300))
        return (yield Step(self._at, member.id, self.stream, command))
