"""The sessions of the demo: those some UGEL held after a score, the region's of the second quarter, and what is convened now."""

from collections.abc import Generator, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from service import bootstrap
from service.aggregates import ROMAN
from service.aggregates import session as s
from service.aggregates import session_agenda as g
from service.aggregates import session_agreements as a
from service.aggregates import session_attendance as t
from service.aggregates import session_minutes as m
from service.aggregates.session_matter import Matter, NewItem
from service.demo.cast import PLACES, Cast, Member
from service.demo.desk import Desk, working
from service.demo.stage import Facts, Scene, Step
from service.ledger import region_of
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
    yield from desk.act(day, crew.director.id, call)
    session = len(year.sessions.by_number)
    items = [NewItem(title=f"Resultado del {ROMAN[number]} trimestre", matter=score)]
    cases = [n for n, case in year.alerts.by_number.items() if case.raised.quarter == number and case.status != "closed"]
    for n in cases[:2]:
        about = year.plan.activities.get(year.alerts.by_number[n].raised.activity)
        title = f"Alerta {n}: {about.name}" if about else f"Alerta {n}"
        items.append(NewItem(title=title, matter=Matter(unit=desk.unit, kind="alert", number=n)))
    items.append(NewItem(title="Acuerdos para el trimestre que sigue"))
    yield from desk.act(day, crew.specialist.id, g.AddItems(session=session, items=tuple(items)))
    for member in (crew.director, crew.chief, crew.specialist, crew.overseer):
        mark = t.MarkAttendance(session=session, person=member.id, charge=member.charge, present=True)
        yield from desk.act(day + 3 * DAY, crew.specialist.id, mark)
    yield from desk.act(day + 3 * DAY, crew.director.id, s.OpenSession(session=session))
    agenda = list(year.sessions.by_number[session].items)
    for item in agenda if over else agenda[:1]:
        yield from desk.act(day, crew.overseer.id, g.TakeUpItem(item=item, position=desk.position))
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


def region(cast: Cast, seed: str, desks: Sequence[Desk]) -> Scene:
    """The region's session of the second quarter with its closed acta and an erratum; that of the third is convened."""
    clock, office = Clock(Random(f"{seed}/sesiones"), region_of(2026)), cast.members["dre.especialista"]  # noqa: S311 — a demo's chance
    boss, directors = cast.members["dre.director"], [cast.crew(unit).director for unit in PLACES]
    place = "Auditorio de la DRE (demostración)"
    call: dict[str, Any] = {"kind": "ordinaria", "place": place, "hour": "09:00", "units": tuple(PLACES)}
    day = date(2026, 8, 20)
    yield from clock.act(day - 8 * DAY, office, s.ConveneSession(**call, quarter=2, day=day, items=_agenda(2)))
    for member in (boss, office, *directors):
        mark = t.MarkAttendance(session=1, person=member.id, charge=member.charge, present=True)
        yield from clock.act(day, office, mark)
    yield from clock.act(day, boss, s.OpenSession(session=1))
    for item in range(1, len(PLACES) + 1):
        yield from clock.act(day, office, g.TakeUpItem(item=item, position=clock.position))
    yield from clock.act(day, office, g.NoteItem(item=5, note=NOTE))
    shared = "Compartir entre las UGEL de selva las rutas y los transportistas contratados para el reparto de materiales."
    matters = tuple(Matter(unit=unit, kind="quarter", number=2) for unit in ("120007", "120010"))
    yield from clock.act(day, office, a.WriteAgreement(session=1, item=7, text=shared, matters=matters, due=date(2026, 9, 30)))
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
    yield from clock.act(day - 11 * DAY, office, s.ConveneSession(**call, quarter=3, day=day, items=_agenda(3)))
    pressing = tuple(_pressing(desks, day - 10 * DAY, day + 10 * DAY))
    if pressing:
        yield from clock.act(day - 10 * DAY, office, g.AddItems(session=2, items=pressing))


def _agenda(quarter: int) -> tuple[NewItem, ...]:
    """The result of each UGEL."""
    names = {unit.code: unit.name for unit in bootstrap.units()}
    matters = (Matter(unit=unit, kind="quarter", number=quarter) for unit in PLACES)
    return tuple(
        NewItem(title=f"{names[matter.unit]}: resultado del {ROMAN[quarter]} trimestre", matter=matter) for matter in matters
    )


def _pressing(desks: Sequence[Desk], today: date, until: date) -> Iterator[NewItem]:
    """The alerts whose time to be attended has passed and the commitments that fall due by a day, as the desks stand."""
    names = {unit.code: unit.name for unit in bootstrap.units()}
    for desk in desks:
        if desk.unit not in PLACES or desk.year.year != until.year:
            continue
        for n, case in desk.year.alerts.by_number.items():
            if case.status != "closed" and case.deadline and case.deadline < today and not case.silenced(today):
                about = desk.year.plan.activities.get(case.raised.activity)
                title = f"{names[desk.unit]}: alerta {n} (elevada a sesión){f', «{about.name}»' if about else ''}"
                yield NewItem(title=title, matter=Matter(unit=desk.unit, kind="alert", number=n))
        for n, promise in desk.year.commitments.by_number.items():
            if promise.status in {"proposed", "signed"} and promise.due <= until:
                title = f"{names[desk.unit]}: compromiso {n}, vence el {promise.due:%d/%m/%Y}: {promise.terms.action}"
                yield NewItem(title=title[:300], matter=Matter(unit=desk.unit, kind="commitment", number=n))


class Clock:
    """The region's desk: each act some minutes after the one before, on the day or later; it knows the last position."""

    def __init__(self, chance: Random, stream: str) -> None:
        self.chance, self.stream, self.position = chance, stream, 1
        self._at = datetime.min.replace(tzinfo=LIMA)

    def act(self, day: date, member: Member, command: Any) -> Generator[Step, Facts, None]:
        """Have a member give a command."""
        begin = datetime.combine(working(day), time(9), LIMA)
        self._at = max(begin, self._at) + timedelta(seconds=self.chance.randrange(20, 300))
        facts = yield Step(self._at, member.id, self.stream, command)
        self.position = facts[-1].position
