"""The story of the region: two support sessions a year, who came, what each UGEL took on, and what became of it."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

import msgspec

from service.aggregates import support as s
from service.demo.cast import PLACES, Cast, Member
from service.demo.desk import working
from service.demo.stage import Scene, Step
from service.ledger import region_of
from service.settings import LIMA

DAY = timedelta(days=1)
UNITS = tuple(PLACES)
LATE = 13  # the hour after which an answer comes on the day of the report at the earliest


class Plot(msgspec.Struct, frozen=True):
    """One session: when it was convened and held, its programme, and what the units took on, until when."""

    convened: date
    held: date
    programme: dict[str, Any]
    takes: tuple[str, ...]
    due: date


def _plots(year: int, awareness: date, technical: date) -> tuple[Plot, Plot]:
    return (
        Plot(
            awareness - 8 * DAY,
            awareness,
            {
                "kind": "sensibilización",
                "title": f"Por qué un PAT alineado: jornada de inicio {year}",
                "place": "Auditorio de la DRE (demostración)",
                "agenda": (
                    "Resultados del año anterior y lecciones de las UGEL",
                    "Instrumentos a los que se alinea el plan",
                    "Diagnóstico participativo: con quiénes y cómo",
                ),
                "materials": (s.Material(title="Guía para formular el PAT", reference=f"Expediente 010-{year} (demostración)"),),
            },
            ("Devolver a las redes educativas los resultados del diagnóstico participativo.",),
            date(year, 2, 28),
        ),
        Plot(
            technical - 10 * DAY,
            technical,
            {
                "kind": "asistencia técnica",
                "title": "Metas, indicadores y medios de verificación del PAT",
                "place": "Sala virtual de la DRE (demostración)",
                "virtual": True,
                "agenda": ("Errores frecuentes en los planes enviados", "Taller por UGEL", "Acuerdos y plazos"),
                "materials": (s.Material(title="Lista de cotejo del PAT", reference=f"Expediente 011-{year} (demostración)"),),
            },
            (
                "Precisar los indicadores que no dicen qué se cuenta ni con qué fuente.",
                "Completar el medio de verificación de las actividades de soporte.",
                "Revisar la programación mensual con las áreas responsables.",
            ),
            technical + 28 * DAY,
        ),
    )


PLOTS = (*_plots(2025, date(2025, 1, 16), date(2025, 7, 10)), *_plots(2026, date(2026, 1, 22), date(2026, 10, 16)))


def story(cast: Cast, seed: str) -> Scene:
    """Every session in its order; the last one is still being followed."""
    chance, counted = Random(f"{seed}/apoyo"), dict.fromkeys((2025, 2026), 0)  # noqa: S311 — a demo's chance
    for plot in PLOTS:
        year = plot.due.year
        number = sum(each.due.year == year for each in PLOTS[: PLOTS.index(plot) + 1])
        yield from _session(cast, chance, plot, number)
        steps = list(_taken(cast, chance, plot, number, counted[year]))
        counted[year] += len(UNITS)
        for step in sorted(steps, key=lambda each: each.at):  # noqa: UP028 — the stage sends facts, which a list cannot take
            yield step


def _session(cast: Cast, chance: Random, plot: Plot, number: int) -> Scene:
    office, stream = cast.members["dre.especialista"], region_of(plot.due.year)
    programme = s.ConveneSupport(**plot.programme, day=plot.held, units=UNITS)
    yield _step(chance, plot.convened, office, stream, programme)
    came = [_attendee(office)]
    for unit in UNITS:
        crew = cast.crew(unit)
        came += [_attendee(each) for each in (crew.director, crew.chief, crew.specialist) if chance.random() < 0.7]  # noqa: PLR2004 — most come
    attended = s.RecordAttendance(support=number, attendees=tuple(came))
    yield _step(chance, plot.held, office, stream, attended, hour=17)


def _taken(cast: Cast, chance: Random, plot: Plot, number: int, counted: int) -> Iterator[Step]:
    """What each UGEL took on; most did it in time, some not yet, one had to do it again."""
    stream = region_of(plot.due.year)
    for place, unit in enumerate(UNITS):
        crew, undertaking = cast.crew(unit), counted + place + 1
        text = plot.takes[place % len(plot.takes)]
        take = s.TakeOn(unit=unit, support=number, text=text, due=plot.due)
        yield _step(chance, plot.held + 2 * DAY, crew.chief, stream, take, place)
        if plot is PLOTS[-1] and place % 4 == 0:
            continue
        done = plot.due - chance.randrange(6, 14) * DAY
        proof = f"Informe N.º {chance.randrange(20, 99):04}-{plot.due.year}/AGP (demostración)"
        report = s.ReportUndertaking(unit=unit, undertaking=undertaking, evidence=proof)
        yield _step(chance, done, crew.chief, stream, report, place)
        if plot is PLOTS[-1] and place % 4 == 1:
            continue
        again = place == 5  # noqa: PLR2004 — one of them
        if again:
            lacking = "Falta una de las actividades: revise el informe."
            verdict = s.VerifyUndertaking(unit=unit, undertaking=undertaking, accepted=False, text=lacking)
            yield _step(chance, done + DAY, crew.overseer, stream, verdict, place, LATE)
            yield _step(chance, done + 5 * DAY, crew.chief, stream, report, place)
        accepted = s.VerifyUndertaking(unit=unit, undertaking=undertaking, accepted=True)
        yield _step(chance, done + (6 if again else 1) * DAY, crew.overseer, stream, accepted, place, LATE)


def _attendee(member: Member) -> s.Attendee:
    return s.Attendee(person=member.id, charge=member.charge)


def _step(chance: Random, day: date, member: Member, stream: str, command: Any, place: int = 0, hour: int = 8) -> Step:
    """A command on a working day, the units one after the other."""
    at = datetime.combine(working(day), time(hour), LIMA) + timedelta(minutes=20 * place, seconds=chance.randrange(1100))
    return Step(at, member.id, stream, command)
