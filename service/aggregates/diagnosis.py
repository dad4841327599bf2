"""The participatory diagnosis: territory, languages, who took part, prioritised problems; and the activities that answer them."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from service.aggregates import By, Command, Event, Fact, Note, Number, Paragraph, Word, need
from service.aggregates.plan import Plan

Territory = Literal["urbano", "andino comunal", "selva central"]
ActorKind = Literal[
    "directivos",
    "docentes",
    "estudiantes",
    "familias",
    "autoridades locales",
    "autoridades comunales",
    "organizaciones",
    "personal de la unidad",
    "otros",
]
People = Annotated[int, Meta(ge=1, le=100_000, extra={"error": "Escriba cuántas personas participaron, de 1 a 100 000."})]


class Actor(msgspec.Struct, frozen=True, kw_only=True):
    """Those of one kind who took part: how many, and in which role; never a name."""

    kind: ActorKind
    number: People
    role: Word = ""


class WriteDiagnosis(Command, frozen=True):
    """All but the problems; writing again replaces it."""

    territory: Annotated[tuple[Territory, ...], Meta(min_length=1, extra={"error": "Elija al menos un tipo de territorio."})]
    languages: tuple[Word, ...] = ()
    actors: tuple[Actor, ...] = ()
    method: Note = ""


class AddProblem(Command, frozen=True):
    text: Paragraph
    evidence: Word = ""


class ChangeProblem(Command, frozen=True):
    problem: Number
    text: Paragraph
    evidence: Word = ""


class RankProblem(Command, frozen=True):
    """Move a problem to a place in the order of priority, counted from 1."""

    problem: Number
    place: Number


class RemoveProblem(Command, frozen=True):
    problem: Number
    reason: Paragraph


class AnswerProblems(Command, frozen=True):
    """Say which problems an activity answers: all of them, none to take it back."""

    activity: Number
    problems: tuple[Number, ...] = ()


class DiagnosisWritten(Event, frozen=True, tag="diagnosis-written"):
    territory: tuple[Territory, ...]
    languages: tuple[str, ...]
    actors: tuple[Actor, ...]
    method: str = ""


class ProblemAdded(Event, frozen=True, tag="problem-added"):
    problem: int
    place: int
    text: str
    evidence: str = ""


class ProblemChanged(Event, frozen=True, tag="problem-changed"):
    """The problem as it stands now; `was` holds what changed, as it stood before."""

    problem: int
    was: dict[str, str]
    text: str
    evidence: str = ""


class ProblemsRanked(Event, frozen=True, tag="problems-ranked"):
    """The problem that moved, and all of them in their new order."""

    problem: int
    order: tuple[int, ...]


class ProblemRemoved(Event, frozen=True, tag="problem-removed"):
    problem: int
    reason: str


class ProblemsAnswered(Event, frozen=True, tag="problems-answered"):
    activity: int
    was: tuple[int, ...]
    problems: tuple[int, ...]


class Problem(msgspec.Struct, frozen=True):
    text: str
    evidence: str


class Diagnosis(msgspec.Struct):
    """The diagnosis of a unit's year; `problems` in their order, `answers` by activity."""

    written: DiagnosisWritten | None = None
    problems: dict[int, Problem] = {}
    answers: dict[int, tuple[int, ...]] = {}
    last_problem: int = 0


def decide(diagnosis: Diagnosis, plan: Plan, command: Command, by: By) -> list[Event]:  # noqa: ARG001 — the signature is that of every decider
    """The diagnosis's rules."""
    need(plan.status != "submitted", "El plan está enviado a la DRE: espere su respuesta.")
    match command:
        case WriteDiagnosis():
            written = DiagnosisWritten(
                territory=tuple(dict.fromkeys(command.territory)),
                languages=tuple(dict.fromkeys(command.languages)),
                actors=command.actors,
                method=command.method,
            )
            return [] if written == diagnosis.written else [written]
        case AddProblem():
            number, place = diagnosis.last_problem + 1, len(diagnosis.problems) + 1
            return [ProblemAdded(problem=number, place=place, text=command.text, evidence=command.evidence)]
        case AnswerProblems():
            return _answer(diagnosis, plan, command)
        case ChangeProblem() | RankProblem() | RemoveProblem():
            need(command.problem in diagnosis.problems, "Ese problema no está en el diagnóstico.")
    match command:
        case ChangeProblem():
            before = diagnosis.problems[command.problem]
            was = {f: getattr(before, f) for f in ("text", "evidence") if getattr(command, f) != getattr(before, f)}
            changed = ProblemChanged(problem=command.problem, was=was, text=command.text, evidence=command.evidence)
            return [changed] if was else []
        case RankProblem():
            order = [number for number in diagnosis.problems if number != command.problem]
            need(command.place <= len(order) + 1, f"La prioridad va de 1 a {len(order) + 1}.")
            order.insert(command.place - 1, command.problem)
            same = order == list(diagnosis.problems)
            return [] if same else [ProblemsRanked(problem=command.problem, order=tuple(order))]
        case RemoveProblem():
            return [ProblemRemoved(problem=command.problem, reason=command.reason)]
        case _:
            msg = f"diagnosis cannot decide {type(command).__name__}"
            raise TypeError(msg)


def _answer(diagnosis: Diagnosis, plan: Plan, command: AnswerProblems) -> list[Event]:
    need(command.activity in plan.activities, "Esa actividad no está en el plan.")
    unknown = tuple(f"Problema {number}" for number in command.problems if number not in diagnosis.problems)
    need(not unknown, "Estos problemas no están en el diagnóstico:", unknown)
    before, problems = diagnosis.answers.get(command.activity, ()), tuple(sorted(set(command.problems)))
    return [] if problems == before else [ProblemsAnswered(activity=command.activity, was=before, problems=problems)]


def evolve(diagnosis: Diagnosis, fact: Fact) -> None:
    """Apply one fact to the diagnosis."""
    match event := fact.event:
        case DiagnosisWritten():
            diagnosis.written = event
        case ProblemAdded():
            diagnosis.problems[event.problem] = Problem(event.text, event.evidence)
            diagnosis.last_problem = event.problem
        case ProblemChanged():
            diagnosis.problems[event.problem] = Problem(event.text, event.evidence)
        case ProblemsRanked():
            diagnosis.problems = {number: diagnosis.problems[number] for number in event.order}
        case ProblemRemoved():
            del diagnosis.problems[event.problem]
            for activity, problems in diagnosis.answers.items():
                diagnosis.answers[activity] = tuple(number for number in problems if number != event.problem)
        case ProblemsAnswered():
            diagnosis.answers[event.activity] = event.problems
