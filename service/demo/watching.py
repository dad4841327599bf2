"""The clock of 2026 and what people made of it: cases of every rule of the day, a silence, escalations; and a regional knot.

It only writes in streams whose year goes on, and no desk needs to know of it.
"""

from collections import Counter
from collections.abc import Generator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from service.aggregates import DRE
from service.aggregates import alert as a
from service.aggregates import knot as k
from service.aggregates.alert_watch import Run, RunRule
from service.demo import words
from service.demo.cast import Cast
from service.demo.desk import Desk
from service.demo.stage import Facts, Scene, Step
from service.ledger import region_of, stream_of
from service.permits import SYSTEM
from service.settings import LIMA

YEAR = 2026
DAY = timedelta(days=1)
SLOW, SLOWER, OBSERVED, FORGOTTEN, FORGETFUL = "120014", "120012", "120008", "120011", "120005"
REMINDERS = ((FORGOTTEN, date(YEAR, 9, 30)), (FORGETFUL, date(YEAR, 10, 30)), ("120001", date(YEAR, 11, 6)))
CLOSING = date(YEAR, 11, 16)


def stories(cast: Cast, desks: Sequence[Desk]) -> list[Scene]:
    """Scenes that the stage puts in the order of their days; who attends a case and who closes it are never the same."""
    quarters = ((1, date(YEAR, 4, 16)), (2, date(YEAR, 7, 16)), (3, date(YEAR, 10, 16)))
    reminders = [(unit, due - before * DAY) for unit, due in REMINDERS for before in (10, 5, 1)]
    return [
        _late_plan(cast),
        *(_unsent(cast, unit, day, number) for number, day in quarters for unit in (SLOWER, SLOW)),
        *(_run(unit, day, "compromiso-por-vencer") for unit, day in reminders),
        _overdue(cast, FORGOTTEN, date(YEAR, 10, 1), silent=True),
        _run(OBSERVED, date(YEAR, 10, 19), "observacion-sin-responder"),
        _overdue(cast, FORGETFUL, date(YEAR, 10, 31)),
        _closing(cast, desks),
    ]


def _run(unit: str, day: date, rule: Run) -> Generator[Step, Facts, None]:
    yield _ran(unit, day, rule)


def _ran(unit: str, day: date, rule: Run) -> Step:
    """The clock runs early in the morning, the units one after the other."""
    at = datetime.combine(day, time(5), LIMA) + timedelta(seconds=int(unit) - int(DRE))
    return Step(at, SYSTEM.holder, stream_of(unit, YEAR), RunRule(rule=rule))


def _step(day: date, hour: int, person: str, stream: str, command: Any) -> Step:
    return Step(datetime.combine(day, time(hour, 25), LIMA), person, stream, command)


def _late_plan(cast: Cast) -> Generator[Step, Facts, None]:
    """The plan of a UGEL was not approved by the calendar's day: received at once, answered later."""
    facts = yield _ran(SLOWER, date(YEAR, 2, 16), "plan-sin-aprobar")
    crew, stream = cast.crew(SLOWER), stream_of(SLOWER, YEAR)
    for recorded in facts:
        received = a.AcknowledgeAlert(alert=recorded.fact.event.alert, note="Se espera el cierre del balance anterior.")
        yield _step(date(YEAR, 2, 16), 10, crew.director.id, stream, received)


def _unsent(cast: Cast, unit: str, day: date, number: int) -> Generator[Step, Facts, None]:
    """A quarter that is sent late; the last one of the slowest UGEL nobody attends."""
    facts = yield _ran(unit, day, "trimestre-sin-enviar")
    crew, stream = cast.crew(unit), stream_of(unit, YEAR)
    for recorded in facts:
        if unit == SLOWER and number == 3:  # noqa: PLR2004 — the third quarter is under way
            continue
        case = recorded.fact.event.alert
        measure = a.TakeMeasure(alert=case, measure=words.SENDING, responsible=crew.director.charge, due=day + 60 * DAY)
        yield _step(day, 11 + (unit == SLOWER), crew.director.id, stream, measure)
        if number < 3:  # noqa: PLR2004 — the same
            proof = f"Informe N.º {number:04}-{YEAR}/DGI (demostración)"
            closing = a.CloseAlert(alert=case, text=words.SENT, evidence=proof)
            yield _step(day, 17 + (unit == SLOWER), crew.overseer.id, stream, closing)


def _overdue(cast: Cast, unit: str, day: date, *, silent: bool = False) -> Generator[Step, Facts, None]:
    """A commitment whose day passed without a word; one of them the DRE silences for a while."""
    facts = yield _ran(unit, day, "compromiso-vencido")
    for recorded in facts if silent else ():
        silence = a.SilenceAlert(alert=recorded.fact.event.alert, until=date(YEAR, 12, 15), reason=words.SILENCE)
        yield _step(day, 12, cast.crew(unit).overseer.id, stream_of(unit, YEAR), silence)


def _closing(cast: Cast, desks: Sequence[Desk]) -> Generator[Step, Facts, None]:
    """The clock notes the causes that are gone and escalates what is late; then the DRE groups the critical knots, as they stand on that day."""
    for desk in desks:
        yield _ran(desk.unit, CLOSING, "causas")
        yield _ran(desk.unit, CLOSING, "escalamiento")
    yield from _knot(cast, desks)


def _knot(cast: Cast, desks: Sequence[Desk]) -> Generator[Step, Facts, None]:
    """The critical knots of the year that share a line of action in most UGEL become one; one of them is taken out again."""
    found = [
        (desk.year.plan.activities[each.activity].line, f"{desk.unit}/{number}")
        for desk in desks
        if desk.unit != DRE and desk.year.year == YEAR
        for number, each in desk.year.findings.by_number.items()
        if each.kind == "nudo crítico" and each.activity in desk.year.plan.activities
    ]
    lines = Counter(line for line, _ in {(line, name[:6]) for line, name in found})
    line, units = max(lines.items(), key=lambda each: (each[1], each[0]), default=("", 0))
    if units < 3:  # noqa: PLR2004 — two must stay
        return
    names, office, stream = tuple(name for of, name in found if of == line), cast.members["dre.especialista"].id, region_of(YEAR)
    group = k.GroupFindings(text=words.TROUBLES[line].cause, reason=words.GROUPING, findings=names)
    yield _step(CLOSING, 15, office, stream, group)
    yield _step(CLOSING, 16, office, stream, k.UngroupFindings(knot=1, reason=words.UNGROUPING, findings=names[-1:]))
