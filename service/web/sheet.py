"""A quarter put together for the eye: lines > activities > tasks with what there is to warn about, and whose turn it is."""

from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, Any

import msgspec

from service import people
from service.aggregates.quarter import (
    OVER,
    ApproveCorrection,
    CloseQuarter,
    ObserveQuarter,
    RequestCorrection,
    ScoreQuarter,
    SubmitQuarter,
    ValidateQuarter,
    percent,
    round2,
)
from service.projections import board, followup_page, quarter_page
from service.web.words import porciento

if TYPE_CHECKING:
    from psycopg import Connection

    from service.web.page import Moment
    from service.web.session import Session

PER_PAGE = 40


class TaskRow(msgspec.Struct, frozen=True):
    """A task's row: figures, share of the target, the corrections that changed it and the one that waits, warnings."""

    task: quarter_page.Task
    percent: Decimal | None
    changes: tuple[quarter_page.Correction, ...]
    waiting: quarter_page.Correction | None
    warnings: tuple[str, ...]


class ActivityRow(msgspec.Struct, frozen=True):
    """An activity with its tasks; `official` when percentage and light come from the score that stands."""

    activity: int
    name: str
    percent: Decimal | None
    light: str
    official: bool
    tasks: tuple[TaskRow, ...]


class LineRow(msgspec.Struct, frozen=True):
    """A line of action with its activities."""

    code: str
    name: str
    kind: str
    activities: tuple[ActivityRow, ...]


class Sheet(msgspec.Struct, frozen=True):
    """All of a quarter at a moment."""

    place: quarter_page.Place
    number: int
    quarter: quarter_page.Quarter | None
    cells: tuple[board.Cell, ...]
    lines: tuple[LineRow, ...]
    corrections: list[quarter_page.Correction]
    deeds: dict[str, quarter_page.Deed]
    alerts: list[followup_page.Alert]
    findings: list[followup_page.Finding]
    commitments: list[followup_page.Commitment]
    names: dict[str, str]

    @property
    def cell(self) -> board.Cell:
        return self.cells[self.number - 1]

    @property
    def status(self) -> str:
        return self.cell.state

    @property
    def rows(self) -> list[TaskRow]:
        return [task for line in self.lines for activity in line.activities for task in activity.tasks]

    @property
    def missing(self) -> list[TaskRow]:
        """The programmed tasks without a figure."""
        return [row for row in self.rows if row.task.executed is None]

    @property
    def warned(self) -> int:
        return sum(bool(row.warnings) for row in self.rows)

    @property
    def pending(self) -> list[quarter_page.Correction]:
        return [each for each in self.corrections if each.status == "requested"]

    @property
    def submitter(self) -> str:
        deed = self.deeds.get("quarter-submitted")
        return deed.person if deed else ""


def read(connection: "Connection[Any]", at: int, place: quarter_page.Place, number: int) -> Sheet:
    """Read a quarter at a position."""
    stream, scale = place.stream, board.scale(connection, at)
    shares = board.shares(connection, at, [stream])
    official = {each.quarter: each for each in board.officials(connection, at, [stream])}
    quarter = quarter_page.quarter(connection, at, stream, number)
    corrections = quarter_page.corrections(connection, at, stream, number)
    deeds = quarter_page.deeds(connection, at, stream, number)
    mine = {share.activity: share for share in shares if share.quarter == number}
    tasks = quarter_page.tasks(connection, at, stream, number)
    ids = {deed.person for deed in deeds.values()} | {each.requester for each in corrections}
    return Sheet(
        place,
        number,
        quarter,
        tuple(board.cell(n, official.get(n), [s for s in shares if s.quarter == n], scale) for n in range(1, 5)),
        tuple(_lines(tasks, mine, quarter, scale, corrections)),
        corrections,
        deeds,
        followup_page.alerts(connection, at, stream, number),
        followup_page.findings(connection, at, stream, number),
        [
            each
            for each in followup_page.commitments(connection, at, place.code, place.year)
            if each.quarter == number and each.root == stream
        ],
        people.names(connection, ids),
    )


def _lines(
    tasks: list[quarter_page.Task],
    shares: dict[int, board.Share],
    quarter: quarter_page.Quarter | None,
    scale: board.Scale,
    corrections: list[quarter_page.Correction],
) -> list[LineRow]:
    made = list[LineRow]()
    for code, of_line in groupby(tasks, key=lambda task: task.line):
        activities, last = list[ActivityRow](), None
        for number, of_activity in groupby(of_line, key=lambda task: task.activity):
            rows = tuple(_row(task, corrections) for task in of_activity)
            last = rows[0].task
            frozen, share = quarter.line(number) if quarter and quarter.scored else None, shares.get(number)
            reached = (
                frozen.percent if frozen and frozen.reported else round2(share.percent) if share and share.reported else None
            )
            light = frozen.light if frozen else scale.light(reached)
            activities.append(ActivityRow(number, last.activity_name, reached, light, frozen is not None, rows))
        if last:
            made.append(LineRow(code, last.line_name, last.line_kind, tuple(activities)))
    return made


def _row(task: quarter_page.Task, corrections: list[quarter_page.Correction]) -> TaskRow:
    mine = [each for each in corrections if each.task == task.task]
    reached = None if task.executed is None or not task.programmed else round2(percent(task.executed, task.programmed))
    waiting = next((each for each in mine if each.status == "requested"), None)
    return TaskRow(task, reached, tuple(c for c in mine if c.status == "approved"), waiting, tuple(_warnings(task)))


def _warnings(task: quarter_page.Task) -> list[str]:
    if task.executed is None:
        return ["Sin dato"]
    found = list[str]()
    if not task.programmed:
        found.append("Sin programación en el trimestre")
    elif task.executed > task.programmed * OVER:
        found.append(f"Supera la meta: {porciento(task.executed / task.programmed * 100, 0)}")
    if task.executed > 0 and not task.evidence:
        found.append("Sin evidencia")
    return found


class View(msgspec.Struct, frozen=True):
    """What of the sheet is on screen: filtered lines, one page of activities."""

    lines: tuple[LineRow, ...]
    filter: str
    page: int
    pages: int
    first: int
    last: int
    total: int


def view(sheet: Sheet, chosen: str, asked: int) -> View:
    """One page of the activities that a filter leaves."""
    keep = [(line, activity) for line in sheet.lines for activity in line.activities if _fits(activity, chosen)]
    pages = max(1, -(-len(keep) // PER_PAGE))
    number = min(max(1, asked), pages)
    start = (number - 1) * PER_PAGE
    shown = keep[start : start + PER_PAGE]
    lines = tuple(
        msgspec.structs.replace(line, activities=tuple(activity for _, activity in group))
        for line, group in groupby(shown, key=lambda pair: pair[0])
    )
    return View(lines, chosen, number, pages, start + 1, start + len(shown), len(keep))


def _fits(activity: ActivityRow, chosen: str) -> bool:
    match chosen:
        case "avisos":
            return any(row.warnings for row in activity.tasks)
        case "rectificadas":
            return any(row.changes or row.waiting for row in activity.tasks)
        case "fulfilled" | "in-progress" | "at-risk" | "no-data":
            return activity.light == chosen
        case _:
            return True


class Turn(msgspec.Struct, frozen=True):
    """What this reader may do now: the main step, the other ones, corrections to resolve; else who is waited for."""

    main: str = ""
    others: tuple[str, ...] = ()
    resolve: tuple[quarter_page.Correction, ...] = ()
    waiting: str = ""

    @property
    def steps(self) -> list[str]:
        """Every step that is open to the reader, the main one first."""
        return [step for step in (self.main, *self.others) if step]


WAITING = {
    "none": "La unidad todavía no registra avances de este trimestre.",
    "draft": "La dirección de la unidad debe enviar el trimestre a la DRE.",
    "submitted": "La DRE debe validar u observar el trimestre.",
    "observed": "La unidad debe corregir lo observado y volver a enviar.",
    "validated": "La DRE debe calificar el trimestre.",
    "scored": "La dirección de la DRE debe cerrar el trimestre.",
    "closed": "El trimestre está cerrado: sus cifras y su calificación ya no cambian.",
}


def turn(sheet: Sheet, session: "Session", moment: "Moment") -> Turn:
    """Whose turn it is; on a past moment nobody's."""
    if moment.past or not sheet.place.plan_version:
        return Turn()
    status, code, pending = sheet.status, sheet.place.code, sheet.pending
    other = session.id != sheet.submitter
    steps = {
        "validacion": status == "submitted" and other and session.may(ValidateQuarter, code),
        "observacion": status == "submitted" and other and session.may(ObserveQuarter, code),
        "calificacion": status == "validated" and not pending and session.may(ScoreQuarter, code),
        "cierre": status == "scored" and not pending and session.may(CloseQuarter, code),
        "envio": status in {"draft", "observed"} and session.may(SubmitQuarter, code),
        "rectificaciones": status in {"validated", "scored"} and session.may(RequestCorrection, code),
    }
    able = [name for name, can in steps.items() if can]
    resolve = tuple(c for c in pending if c.requester != session.id and session.may(ApproveCorrection, code))
    main = "" if resolve else next((name for name in able if name != "rectificaciones"), "")
    waiting = "" if main or resolve else "Hay rectificaciones por resolver." if pending else WAITING[status]
    return Turn(main, tuple(name for name in able if name != main), resolve, waiting)


class Term(msgspec.Struct, frozen=True):
    """An activity of the score worked out: the share of each of its tasks, and their mean, rounded nowhere before the end."""

    line: quarter_page.Mark
    name: str
    tasks: tuple[TaskRow, ...]
    shares: tuple[Decimal, ...]

    @property
    def mean(self) -> Decimal:
        return sum(self.shares, Decimal(0)) / len(self.shares)


class Explained(msgspec.Struct, frozen=True):
    """The official score with all it was made from: the figures and the scale as they stood at its event."""

    quarter: quarter_page.Quarter
    scale: board.Scale
    event: quarter_page.Deed
    person: str
    terms: tuple[Term, ...]

    @property
    def total(self) -> Decimal:
        return sum((term.mean for term in self.terms), Decimal(0))


def explain(connection: "Connection[Any]", at: int, place: quarter_page.Place, number: int) -> Explained | None:
    """The score that stands at a position, or None when there is none."""
    quarter = quarter_page.quarter(connection, at, place.stream, number)
    scored = quarter_page.deeds(connection, at, place.stream, number).get("quarter-scored")
    if quarter is None or scored is None or not quarter.scored:
        return None
    then = scored.from_pos
    tasks = [task for task in quarter_page.tasks(connection, then, place.stream, number) if task.programmed > 0]
    terms = []
    for activity, group in groupby(tasks, key=lambda task: task.activity):
        rows, line = tuple(_row(task, []) for task in group), quarter.line(activity)
        shares = tuple(percent(row.task.executed or Decimal(0), row.task.programmed) for row in rows)
        if line:
            terms.append(Term(line, rows[0].task.activity_name, rows, shares))
    scale = board.scale(connection, then)
    return Explained(quarter, scale, scored, people.names(connection, [scored.person])[scored.person], tuple(terms))
