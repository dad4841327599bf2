"""A quarter put together for the eye: lines > activities > tasks, and what there is to warn about."""

from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, Any

import msgspec

from service import people
from service.aggregates.quarter_checks import OVER, said
from service.aggregates.score import percent, round2
from service.projections import (
    board,
    catalogue_page,
    commitment_page,
    evidence_page,
    followup_page,
    quarter_page,
    quarter_rows,
    scales,
)
from service.projections.evidence_page import Evidence
from service.projections.shares import Share
from service.web.words import porciento

if TYPE_CHECKING:
    from psycopg import Connection

PER_PAGE = 40


class TaskRow(msgspec.Struct, frozen=True):
    """A task's row: figures, share of the target, the corrections that changed it and the one that waits, evidence, warnings."""

    task: quarter_rows.Task
    percent: Decimal | None
    original: Decimal | None
    changes: tuple[quarter_page.Correction, ...]
    waiting: quarter_page.Correction | None
    proofs: tuple[Evidence, ...]
    warnings: tuple[str, ...]
    doubts: tuple[str, ...]


class ActivityRow(msgspec.Struct, frozen=True):
    """An activity with its tasks; `official` when percentage and light come from the score that stands."""

    activity: int
    name: str
    percent: Decimal | None
    original: Decimal | None
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
    """All of a quarter at a moment; `due` is the last day to send it, by the calendar it is judged by."""

    place: quarter_page.Place
    number: int
    quarter: quarter_page.Quarter | None
    cells: tuple[board.Cell, ...]
    lines: tuple[LineRow, ...]
    corrections: list[quarter_page.Correction]
    deeds: dict[str, quarter_page.Deed]
    alerts: list[followup_page.Alert]
    findings: list[followup_page.Finding]
    commitments: list[commitment_page.Commitment]
    names: dict[str, str]
    aligned: dict[str, int]
    named: dict[str, catalogue_page.Named]
    due: date | None

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
    def doubts(self) -> int:
        """The rows with a doubt that nobody explained in the row itself."""
        return sum(bool(row.doubts) and not row.task.reason for row in self.rows)

    @property
    def pending(self) -> list[quarter_page.Correction]:
        return [each for each in self.corrections if each.status == "requested"]

    @property
    def submitter(self) -> str:
        deed = self.deeds.get("quarter-submitted")
        return deed.person if deed else ""


def read(connection: "Connection[Any]", at: int, place: quarter_page.Place, number: int) -> Sheet:
    """Read a quarter at a position."""
    stream, figures = place.stream, board.figures(connection, at, place.stream)
    quarter = quarter_page.quarter(connection, at, stream, number)
    corrections = quarter_page.corrections(connection, at, stream, number)
    deeds = quarter_page.deeds(connection, at, stream, number)
    mine = {share.activity: share for share in figures.shares if share.quarter == number}
    first = {share.activity: round2(share.percent) for share in figures.original if share.quarter == number and share.reported}
    tasks = quarter_rows.tasks(connection, at, stream, number)
    proofs = evidence_page.of_quarter(connection, at, stream, number)
    ids = {deed.person for deed in deeds.values()} | {each.requester for each in corrections}
    words = catalogue_page.words_at(connection, at, stream, number)
    aligned = catalogue_page.aligned(connection, words, stream)
    return Sheet(
        place,
        number,
        quarter,
        figures.cells,
        tuple(_lines(tasks, mine, first, quarter, figures.scale, corrections, proofs)),
        corrections,
        deeds,
        followup_page.alerts(connection, at, stream, number),
        followup_page.findings(connection, at, stream, number),
        [
            each
            for each in commitment_page.commitments(connection, at, place.code, place.year)
            if each.quarter == number and each.root == stream
        ],
        people.names(connection, ids),
        aligned,
        catalogue_page.objectives(connection, words, aligned),
        catalogue_page.Dues(connection, at, place.year).of(number, words),
    )


def _lines(
    tasks: list[quarter_rows.Task],
    shares: dict[int, Share],
    original: dict[int, Decimal],
    quarter: quarter_page.Quarter | None,
    scale: scales.Scale,
    corrections: list[quarter_page.Correction],
    proofs: list[Evidence],
) -> list[LineRow]:
    made, writing = list[LineRow](), quarter is None or quarter.status == "draft"
    for code, of_line in groupby(tasks, key=lambda task: task.line):
        activities, last = list[ActivityRow](), None
        for number, of_activity in groupby(of_line, key=lambda task: task.activity):
            rows = tuple(row(task, corrections, proofs) for task in of_activity)
            last = rows[0].task
            frozen, share = quarter.line(number) if quarter and quarter.scored else None, shares.get(number)
            reached = (
                frozen.percent if frozen and frozen.reported else round2(share.percent) if share and share.reported else None
            )
            light = frozen.light if frozen else "" if writing and reached is not None else scale.light(reached)
            activities.append(
                ActivityRow(number, last.activity_name, reached, original.get(number), light, frozen is not None, rows)
            )
        if last:
            made.append(LineRow(code, last.line_name, last.line_kind, tuple(activities)))
    return made


def row(task: quarter_rows.Task, corrections: list[quarter_page.Correction], proofs: list[Evidence]) -> TaskRow:
    """Make a task's row, with those of the corrections and of the evidence that are its own."""
    mine = [each for each in corrections if each.task == task.task]
    reached = None if task.executed is None or not task.programmed else round2(percent(task.executed, task.programmed))
    moved = task.original and task.original != task.programmed
    first = round2(percent(task.executed, task.original)) if moved and task.executed is not None else None
    waiting = next((each for each in mine if each.status == "requested"), None)
    changes = tuple(c for c in mine if c.status == "approved")
    standing = tuple(each for each in proofs if each.task == task.task and not each.successor)
    proven = bool(task.evidence) or any(each.verdict in {"", "approved"} for each in standing)
    doubts = () if task.executed is None else tuple(said(task.executed, task.programmed, task.last, proven=proven))
    warnings = tuple(_warnings(task, doubts, proven=proven))
    return TaskRow(task, reached, first, changes, waiting, standing, warnings, doubts)


def _warnings(task: quarter_rows.Task, doubts: tuple[str, ...], *, proven: bool) -> list[str]:
    if task.executed is None:
        return ["Sin dato"]
    found = list[str]()
    if not task.programmed:
        found.append("Sin programación en el trimestre")
    elif task.executed > task.programmed * OVER:
        found.append(f"Supera la meta: {porciento(task.executed / task.programmed * 100, 0)}")
    if task.executed > 0 and not proven:
        found.append("Sin evidencia")
    return found + [each.capitalize() for each in doubts if each.startswith("cae")]


class View(msgspec.Struct, frozen=True):
    """What of the sheet is on screen: filtered lines, one page of activities."""

    lines: tuple[LineRow, ...]
    filter: str
    page: int
    pages: int
    first: int
    last: int
    total: int


def view(sheet: Sheet, chosen: str, asked: int, size: int = PER_PAGE) -> View:
    """One page of the activities that a filter leaves."""
    keep = [(line, activity) for line in sheet.lines for activity in line.activities if _fits(activity, chosen)]
    pages = max(1, -(-len(keep) // size))
    number = min(max(1, asked), pages)
    start = (number - 1) * size
    shown = keep[start : start + size]
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
