"""The quarter: submit → observe → resubmit → validate → score → close, of the figures that were recorded (`quarter_progress`).

A figure is never edited once validated, only corrected (`quarter_corrections`).
"""

from datetime import date
from decimal import Decimal
from typing import Literal

import msgspec

from service.aggregates import By, Command, Event, Fact, Note, Number, Paragraph, QuarterNumber, need
from service.aggregates.plan import Plan
from service.aggregates.quarter_checks import doubts
from service.aggregates.quarter_score import QuarterScored, score

ORDINAL = {1: "primer", 2: "segundo", 3: "tercer", 4: "cuarto"}


class SubmitQuarter(Command, frozen=True):
    """`reason` is needed when programmed tasks have no data, or a doubt about a figure stands unexplained."""

    quarter: QuarterNumber
    reason: Note = ""


class ObservedTask(msgspec.Struct, frozen=True):
    """What is to be corrected in one row."""

    task: Number
    text: Paragraph


class ObserveQuarter(Command, frozen=True):
    """What is to be corrected: in words for the whole, of one task, or row by row; once observed, only rows are added."""

    quarter: QuarterNumber
    text: Paragraph
    task: int = 0
    rows: tuple[ObservedTask, ...] = ()


class ValidateQuarter(Command, frozen=True):
    quarter: QuarterNumber


class ScoreQuarter(Command, frozen=True):
    quarter: QuarterNumber


class CloseQuarter(Command, frozen=True):
    quarter: QuarterNumber


class QuarterSubmitted(Event, frozen=True, tag="quarter-submitted"):
    """`late` are the days after the calendar's deadline, when it is sent for the first time."""

    quarter: int
    reason: str = ""
    late: int = 0


class QuarterObserved(Event, frozen=True, tag="quarter-observed"):
    quarter: int
    text: str
    task: int = 0


class QuarterRowObserved(Event, frozen=True, tag="quarter-row-observed"):
    quarter: int
    activity: int
    task: int
    text: str


class QuarterValidated(Event, frozen=True, tag="quarter-validated"):
    quarter: int


class QuarterClosed(Event, frozen=True, tag="quarter-closed"):
    quarter: int


class Done(msgspec.Struct, frozen=True, gc=False):
    """What was reported for one task."""

    executed: Decimal
    evidence: str
    months: tuple[Decimal, ...] = ()
    reason: str = ""


class Reopening(msgspec.Struct, frozen=True, gc=False):
    """The rows of a closed quarter that may change until a day."""

    tasks: tuple[int, ...]
    until: date
    indicators: tuple[int, ...] = ()


class Quarter(msgspec.Struct):
    """One quarter of the unit's year; while `reopened` it counts as closed from the day after."""

    status: Literal["draft", "submitted", "observed", "validated", "scored", "closed"] = "draft"
    done: dict[int, Done] = {}
    authors: set[str] = set()
    submitter: str = ""
    score: QuarterScored | None = None
    sent: int = 0
    reopened: Reopening | None = None

    def standing(self, today: date) -> str:
        """The status on a day: what was closed counts as scored while it is open again, and as closed afterwards."""
        if self.reopened is None:
            return self.status
        open_now = today <= self.reopened.until
        return "scored" if open_now and self.status == "closed" else self.status if open_now else "closed"

    def covers(self, task: int) -> bool:
        """Whether a task may change, as far as a reopening has a say."""
        return self.reopened is None or task in self.reopened.tasks


class Waiting(msgspec.Struct, frozen=True, gc=False):
    """A correction that waits for a second person: of what, who asked for it, and the request itself."""

    quarter: int
    task: int
    requester: str
    request: Event


class Proof(msgspec.Struct, frozen=True, gc=False):
    """An evidence: of what, who attached it, its file, what was said of it ("" for nothing yet), whether another took its place."""

    quarter: int
    activity: int
    task: int
    author: str
    digest: str = ""
    verdict: str = ""
    replaced: bool = False


class Quarters(msgspec.Struct):
    """The four quarters, their evidence, and the corrections that wait for a second person; each by its number."""

    by_number: dict[int, Quarter] = {}
    proofs: dict[int, Proof] = {}
    corrections: dict[int, Waiting] = {}
    last_correction: int = 0

    def at(self, number: int) -> Quarter:
        """The quarter, created on first sight."""
        if number not in self.by_number:
            self.by_number[number] = Quarter()
        return self.by_number[number]

    def proven(self, number: int) -> set[int]:
        """The tasks of a quarter with evidence attached to which nobody objected."""
        return {p.task for p in self.proofs.values() if p.quarter == number and not p.replaced and p.verdict in {"", "approved"}}


def living(quarters: Quarters, plan: Plan, number: int, by: By) -> tuple[Quarter, str]:
    """The quarter and what a sentence calls it, once it has begun and until it is closed."""
    need(plan.version > 0, "El plan de este año todavía no está aprobado.")
    quarter, the = quarters.by_number.get(number, Quarter()), f"El {ORDINAL[number]} trimestre"
    need(by.today >= date(plan.year, 3 * number - 2, 1), f"{the} todavía no empieza.")
    need(quarter.standing(by.today) != "closed", f"{the} ya está cerrado.")
    return quarter, the


def decide(quarters: Quarters, plan: Plan, command: Command, by: By) -> list[Event]:
    """The quarter's rules."""
    number: int = command.quarter  # type: ignore[attr-defined]  # every command of this aggregate names its quarter
    quarter, the = living(quarters, plan, number, by)
    status = quarter.standing(by.today)
    match command:
        case SubmitQuarter():
            need(status in {"draft", "observed"}, f"{the} ya fue enviado.")
            need(quarter.done, f"{the} no tiene ningún avance registrado.")
            missing = tuple(
                f"Tarea {n}: {t.name}" for n, t in plan.tasks.items() if t.programmed(number) > 0 and n not in quarter.done
            )
            need(not missing or command.reason.strip(), "Hay tareas programadas sin dato: explique por qué.", missing)
            unexplained = tuple(doubts(plan, quarter, quarters.by_number.get(number - 1), number, quarters.proven(number)))
            need(not unexplained or command.reason.strip(), "Hay avisos por justificar: escriba el motivo.", unexplained)
            late = 0 if quarter.sent else by.rules.late(plan.year, number, by.today)
            return [QuarterSubmitted(quarter=number, reason=command.reason, late=late)]
        case ObserveQuarter():
            again = status == "observed"
            need(again or status == "submitted", f"{the} no está enviado.")
            outsider(quarter, by, "observarlo")
            need({command.task, *(row.task for row in command.rows)} - {0} <= plan.tasks.keys(), "Esa tarea no está en el plan.")
            need(command.task or not again, f"{the} ya está observado: elija la fila de lo que agrega.")
            rows = (ObservedTask(command.task, command.text), *command.rows) if again else command.rows
            observed = [
                QuarterRowObserved(quarter=number, activity=plan.tasks[row.task].activity, task=row.task, text=row.text)
                for row in rows
            ]
            whole = [] if again else [QuarterObserved(quarter=number, text=command.text, task=command.task)]
            return [*whole, *observed]
        case ValidateQuarter():
            need(status == "submitted", f"{the} no está enviado.")
            outsider(quarter, by, "validarlo")
            return [QuarterValidated(quarter=number)]
        case ScoreQuarter():
            need(status in {"validated", "scored"}, f"{the} no está validado.")
            outsider(quarter, by, "calificarlo")
            settled(quarters, number)
            return [score(plan, quarter, number, by.rules)]
        case CloseQuarter():
            need(status == "scored", f"{the} no está calificado.")
            outsider(quarter, by, "cerrarlo")
            settled(quarters, number)
            return [QuarterClosed(quarter=number)]
        case _:
            msg = f"quarter cannot decide {type(command).__name__}"
            raise TypeError(msg)


def outsider(quarter: Quarter, by: By, what: str) -> None:
    """Who reports does not judge, whatever other charge the person holds."""
    need(by.person != quarter.submitter, f"Quien envía el trimestre no puede {what}.")
    need(by.person not in quarter.authors, f"Quien registró cifras del trimestre no puede {what}.")


def settled(quarters: Quarters, number: int) -> None:
    """Refuse while a correction of the quarter waits."""
    pending = tuple(f"Rectificación {n} (tarea {r.task})" for n, r in quarters.corrections.items() if r.quarter == number)
    need(not pending, "Hay rectificaciones por resolver:", pending)


def evolve(quarters: Quarters, fact: Fact) -> None:
    """Apply one fact to the quarters."""
    match event := fact.event:
        case QuarterSubmitted():
            quarter = quarters.at(event.quarter)
            quarter.status, quarter.submitter, quarter.sent = "submitted", fact.person, quarter.sent + 1
        case QuarterObserved():
            quarters.at(event.quarter).status = "observed"
        case QuarterValidated():
            quarters.at(event.quarter).status = "validated"
        case QuarterScored():
            quarter = quarters.at(event.quarter)
            quarter.status, quarter.score = "scored", event
        case QuarterClosed():
            quarter = quarters.at(event.quarter)
            quarter.status, quarter.reopened = "closed", None
