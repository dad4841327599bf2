"""The improvement plan of a year: born from a closed quarter, it answers findings with measures; commitments carry these out.

A measure may answer several findings, of any quarter of the year; what it has come to is told by its commitments, never stored.
"""

from collections.abc import Container
from typing import Annotated

import msgspec
from msgspec import Meta

from service.aggregates import By, Command, Event, Fact, Note, Number, Paragraph, QuarterNumber, need
from service.aggregates.finding import Findings
from service.aggregates.quarter import Quarters

Answered = Annotated[tuple[Number, ...], Meta(min_length=1, extra={"error": "Elija al menos un hallazgo."})]


class OpenImprovement(Command, frozen=True):
    quarter: QuarterNumber
    aim: Paragraph


class AddMeasure(Command, frozen=True):
    text: Paragraph
    findings: Answered


class ChangeMeasure(Command, frozen=True):
    measure: Number
    text: Paragraph
    findings: Answered
    reason: Note = ""


class DropMeasure(Command, frozen=True):
    measure: Number
    reason: Paragraph


class ImprovementOpened(Event, frozen=True, tag="improvement-opened"):
    quarter: int
    aim: str


class MeasureAdded(Event, frozen=True, tag="improvement-measure-added"):
    measure: int
    text: str
    findings: tuple[int, ...]


class MeasureChanged(Event, frozen=True, tag="improvement-measure-changed"):
    """What the measure says now and what it said."""

    measure: int
    text: str
    findings: tuple[int, ...]
    was: str
    was_findings: tuple[int, ...]
    reason: str = ""


class MeasureDropped(Event, frozen=True, tag="improvement-measure-dropped"):
    measure: int
    reason: str


class Measure(msgspec.Struct):
    """A measure as it stands."""

    text: str
    findings: tuple[int, ...]
    dropped: bool = False


class Improvement(msgspec.Struct):
    """The plan of the year; `quarter` is the one it was born from, 0 while there is none."""

    quarter: int = 0
    measures: dict[int, Measure] = {}

    @property
    def standing(self) -> set[int]:
        """The measures that a commitment may carry out."""
        return {number for number, each in self.measures.items() if not each.dropped}


def decide(
    plan: Improvement, findings: Findings, quarters: Quarters, live: Container[int], command: Command, by: By
) -> list[Event]:
    """The rules of an improvement plan; `live` are the measures that a commitment still carries out."""
    if isinstance(command, OpenImprovement):
        need(not plan.quarter, "El plan de mejora de este año ya está abierto: agregue medidas.")
        quarter = quarters.by_number.get(command.quarter)
        closed = quarter and quarter.standing(by.today) == "closed"
        need(closed, "El plan de mejora nace de un trimestre cerrado: ese todavía no lo está.")
        need(_answerable(findings), "No hay hallazgos que responder: un logro no necesita una medida.")
        return [ImprovementOpened(quarter=command.quarter, aim=command.aim)]
    need(plan.quarter, "Abra primero el plan de mejora.")
    match command:
        case AddMeasure():
            answered = _answered(findings, command.findings)
            return [MeasureAdded(measure=len(plan.measures) + 1, text=command.text, findings=answered)]
        case ChangeMeasure():
            it, answered = standing(plan, command.measure), _answered(findings, command.findings)
            need((command.text, answered) != (it.text, it.findings), "La medida ya dice eso: no hay nada que cambiar.")
            return [
                MeasureChanged(
                    measure=command.measure,
                    text=command.text,
                    findings=answered,
                    was=it.text,
                    was_findings=it.findings,
                    reason=command.reason,
                )
            ]
        case DropMeasure():
            standing(plan, command.measure)
            need(command.measure not in live, "Esa medida tiene compromisos vivos: retírelos o espere a que se verifiquen.")
            return [MeasureDropped(measure=command.measure, reason=command.reason)]
        case _:
            msg = f"improvement cannot decide {type(command).__name__}"
            raise TypeError(msg)


def standing(plan: Improvement, measure: int) -> Measure:
    """The measure, if it is there and was not dropped.

    Raises:
        Refused: it is not.

    """
    it = plan.measures.get(measure)
    need(it, "Esa medida no está en el plan de mejora.")
    assert it  # noqa: S101 — needed above
    need(not it.dropped, "Esa medida se dejó sin efecto: proponga otra.")
    return it


def _answerable(findings: Findings) -> set[int]:
    return {number for number, each in findings.by_number.items() if each.kind != "logro"}


def _answered(findings: Findings, named: tuple[int, ...]) -> tuple[int, ...]:
    """The findings that a measure answers, each once and in their order."""
    need(set(named) <= findings.by_number.keys(), "Ese hallazgo no existe.")
    need(set(named) <= _answerable(findings), "Un logro no necesita una medida.")
    return tuple(sorted(set(named)))


def evolve(plan: Improvement, fact: Fact) -> None:
    """Apply one fact to the plan."""
    match event := fact.event:
        case ImprovementOpened():
            plan.quarter = event.quarter
        case MeasureAdded():
            plan.measures[event.measure] = Measure(event.text, event.findings)
        case MeasureChanged():
            it = plan.measures[event.measure]
            it.text, it.findings = event.text, event.findings
        case MeasureDropped():
            plan.measures[event.measure].dropped = True
