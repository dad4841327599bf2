"""What waits for the reader: tasks, signatures and alerts, derived from the states of the record and the charges held."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import msgspec
from psycopg import Connection

from service.aggregates import ROMAN, Command
from service.aggregates.balance import ApproveBalance, CloseBalance, DisposeItem, SubmitBalance
from service.aggregates.commitment import ProposeCommitment
from service.aggregates.plan import AddActivity
from service.aggregates.plan_versions import ApproveAmendment, ApprovePlan, ObservePlan, OpenYear, SubmitPlan
from service.aggregates.quarter import CloseQuarter, ScoreQuarter, SubmitQuarter, ValidateQuarter
from service.aggregates.quarter_corrections import ApproveCorrection
from service.aggregates.quarter_progress import RecordProgress
from service.projections import agenda
from service.projections.shares import Share, shares
from service.web.scope import scope
from service.web.session import Session
from service.web.task import Todo
from service.web.todo_alerts import alerts
from service.web.todo_commitments import commitments, signatures
from service.web.todo_evidence import evidence
from service.web.todo_indicators import indicators
from service.web.todo_sessions import sessions
from service.web.todo_support import diagnoses, support
from service.web.words import fecha, plural


def listed(connection: Connection[Any], at: int, session: Session, today: date, name: str) -> list[Todo]:
    """One of a reader's lists at a moment, as of its day; what is late goes first."""
    return sorted(LISTS[name](connection, at, session, today), key=lambda todo: not todo.late)


class Desk(msgspec.Struct, frozen=True):
    """What the tasks of one unit's year are derived from."""

    session: Session
    year: agenda.UnitYear
    quarters: dict[int, agenda.Quarter]
    shares: list[Share]
    today: date

    @property
    def href(self) -> str:
        return f"/ugel/{self.year.code}/{self.year.year}"

    @property
    def whose(self) -> str:
        """The unit's name where it is not the reader's own."""
        return f"{self.year.name} · {self.year.year}"

    def may(self, command: type[Command]) -> bool:
        return self.session.may(command, self.year.code)

    def own(self, command: type[Command]) -> bool:
        """Whether the reader may do this as somebody of the unit itself."""
        return self.may(command) and any(charge.unit == self.year.code for charge in self.session.charges)


def tasks(connection: Connection[Any], at: int, session: Session, today: date) -> Iterator[Todo]:
    """Everything the reader may do now, what others wait for first."""
    streams = scope(session, today)
    found = agenda.quarters(connection, at, streams)
    years = {year.stream: year for year in agenda.years(connection, at, streams)}
    reached = shares(connection, at, [s for s, year in years.items() if session.may(RecordProgress, year.code)])
    desks = {
        stream: Desk(
            session,
            year,
            {each.quarter: each for each in found if each.stream == stream},
            [share for share in reached if share.stream == stream],
            today,
        )
        for stream, year in years.items()
    }
    yield from commitments(connection, at, session, today)
    for desk in desks.values():
        yield from _plan(desk)
        yield from _quarters(desk)
        yield from _balance(desk)
    yield from _requests(connection, at, desks)
    yield from evidence(connection, at, desks)
    yield from indicators(connection, at, desks, session.id)
    yield from diagnoses(connection, at, session, list(years.values()))
    yield from sessions(connection, at, session, streams, today)
    yield from support(connection, at, session, today)
    yield from _knots(connection, at, desks)


def _plan(desk: Desk) -> Iterator[Todo]:
    year, href, whose = desk.year, desk.href, desk.whose
    if year.pending and desk.own(DisposeItem) and year.plan_status in {"draft", "observed"}:
        items = plural(year.pending, "pendiente", "pendientes")
        yield Todo(
            f"{href}/pendientes", f"Decidir sobre {items} del balance {year.year - 1}", f"{whose} · sin ello no se envía el plan"
        )
    match year.plan_status:
        case "" if desk.own(OpenYear) and year.year == desk.today.year:
            yield Todo(href, f"Abrir el año {year.year} o importar su plan", year.name)
        case "draft" if desk.own(SubmitPlan):
            yield Todo(href, f"Completar y enviar el plan {year.year}", year.name)
        case "observed" if desk.own(AddActivity):
            said = f" · «{year.observation}»" if year.observation else ""
            yield Todo(f"{href}/revision", "Corregir el plan observado", f"{whose}{said}", late=True)
        case "submitted" if desk.may(ApprovePlan):
            yield Todo(f"{href}/revision", f"Aprobar u observar el plan de {year.name}", f"Año {year.year}")
        case "submitted" if desk.may(ObservePlan):
            yield Todo(f"{href}/revision", f"Revisar el plan de {year.name}", f"Año {year.year}")


def _quarters(desk: Desk) -> Iterator[Todo]:
    if not desk.year.plan_version:
        return
    for number in range(1, 5):
        if desk.today >= date(desk.year.year, 3 * number - 2, 1):
            yield from _quarter(desk, number)


def _quarter(desk: Desk, number: int) -> Iterator[Todo]:
    known, name = desk.quarters.get(number), f"{ROMAN[number]} trimestre"
    href, whose = f"{desk.href}/t{number}", desk.whose
    match known.status if known else "":
        case "":
            yield from _report(desk, number)
        case "observed" if known and desk.own(RecordProgress):
            yield Todo(href, f"Responder la observación del {name}", f"{whose} · «{known.observation}»", late=True)
        case "submitted" if desk.may(ValidateQuarter):
            yield Todo(href, f"Validar u observar el {name} de {desk.year.name}", f"Año {desk.year.year}")
        case "validated" if known and not known.corrections and desk.may(ScoreQuarter):
            yield Todo(href, f"Calificar el {name} de {desk.year.name}", f"Año {desk.year.year}")
        case "scored" if known and not known.corrections and not known.untouched and desk.may(CloseQuarter):
            yield Todo(href, f"Cerrar el {name} de {desk.year.name}", f"Año {desk.year.year}")


def _report(desk: Desk, number: int) -> Iterator[Todo]:
    """Record until every programmed task has data; send when all have, or the quarter is over."""
    found = [share for share in desk.shares if share.quarter == number]
    wanted, reported = sum(share.tasks for share in found), sum(share.reported for share in found)
    ended = date(desk.year.year + number // 4, 3 * number % 12 + 1, 1) - timedelta(days=1)
    over = desk.today > ended
    when = f"terminó el {fecha(ended)}" if over else f"termina el {fecha(ended)}"
    href, note = f"{desk.href}/t{number}", f"{desk.whose} · {reported} de {wanted} tareas con dato · {when}"
    if reported < wanted and desk.own(RecordProgress):
        yield Todo(href, f"Registrar avance del {ROMAN[number]} trimestre", note, late=over)
    if reported and (over or reported == wanted) and desk.own(SubmitQuarter):
        yield Todo(href, f"Enviar el {ROMAN[number]} trimestre", note, late=over)


def _balance(desk: Desk) -> Iterator[Todo]:
    year, href = desk.year, f"/balance/{desk.year.year}/{desk.year.code}"
    closed = all(desk.quarters.get(n) and desk.quarters[n].status == "closed" for n in range(1, 5))
    match year.balance:
        case "none" if closed and desk.own(SubmitBalance):
            yield Todo(href, f"Redactar y enviar el balance {year.year}", year.name)
        case "submitted" if desk.own(ApproveBalance):
            yield Todo(href, f"Aprobar el balance {year.year}", year.name)
        case "approved" if desk.may(CloseBalance):
            yield Todo(href, f"Cerrar el balance de {year.name}", f"Año {year.year}")


def _requests(connection: Connection[Any], at: int, desks: dict[str, Desk]) -> Iterator[Todo]:
    """Corrections and amendments that somebody else asked for."""
    for each in agenda.corrections(connection, at, list(desks)):
        desk = desks[each.stream]
        if desk.may(ApproveCorrection) and each.asker != desk.session.id:
            text = f"Resolver la rectificación {each.number} de {desk.year.name}"
            yield Todo(f"{desk.href}/t{each.quarter}", text, f"{ROMAN[each.quarter]} trimestre · «{each.reason}»")
    for each in agenda.amendments(connection, at, list(desks)):
        desk = desks[each.stream]
        if desk.may(ApproveAmendment) and each.asker != desk.session.id:
            yield Todo(
                f"{desk.href}/modificaciones/{each.number}",
                f"Resolver la modificación {each.number} del plan de {desk.year.name}",
                f"«{each.reason}»",
            )


def _knots(connection: Connection[Any], at: int, desks: dict[str, Desk]) -> Iterator[Todo]:
    for knot in agenda.knots(connection, at, list(desks)):
        desk = desks[knot.stream]
        if desk.may(ProposeCommitment):
            href = f"{desk.href}/hallazgos/{knot.finding}"
            yield Todo(href, f"Proponer un compromiso para el nudo crítico {knot.finding}", f"{desk.whose} · {knot.text}")


LISTS: dict[str, Callable[[Connection[Any], int, Session, date], Iterator[Todo]]] = {
    "por-hacer": tasks,
    "por-firmar": signatures,
    "alertas": alerts,
}
