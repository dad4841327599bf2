"""The participatory diagnosis to read: who took part, the problems in their order, and which of them each activity answers."""

from service.aggregates import diagnosis as d
from service.projections import COUNTS, INT, TEXT, TEXTS, Projection, Row, Table
from service.record import Recorded

DIAGNOSIS = Table(
    "diagnosis",
    {"stream": "text"},
    {"territory": TEXTS, "languages": TEXTS, "method": TEXT, "actors": TEXTS, "numbers": COUNTS, "parts": TEXTS},
)
PROBLEM = Table("problem", {"stream": "text", "problem": "int"}, {"place": INT, "text": TEXT, "evidence": TEXT})
ANSWER = Table("answer", {"stream": "text", "activity": "int"}, {"problems": COUNTS})
TABLES = (DIAGNOSIS, PROBLEM, ANSWER)


def _written(r: Recorded) -> list[Row]:
    e: d.DiagnosisWritten = r.fact.event
    values = {
        "territory": e.territory,
        "languages": e.languages,
        "method": e.method,
        "actors": tuple(actor.kind for actor in e.actors),
        "numbers": tuple(actor.number for actor in e.actors),
        "parts": tuple(actor.role for actor in e.actors),
    }
    return [Row(DIAGNOSIS, (r.stream,), values)]


def _added(r: Recorded) -> list[Row]:
    e: d.ProblemAdded = r.fact.event
    return [Row(PROBLEM, (r.stream, e.problem), {"place": e.place, "text": e.text, "evidence": e.evidence}, fresh=True)]


def _ranked(r: Recorded) -> list[Row]:
    e: d.ProblemsRanked = r.fact.event
    return [Row(PROBLEM, (r.stream, number), {"place": place}) for place, number in enumerate(e.order, start=1)]


PROJECTORS: dict[type, Projection] = {
    d.DiagnosisWritten: _written,
    d.ProblemAdded: _added,
    d.ProblemChanged: lambda r: [
        Row(PROBLEM, (r.stream, r.fact.event.problem), {"text": r.fact.event.text, "evidence": r.fact.event.evidence})
    ],
    d.ProblemsRanked: _ranked,
    d.ProblemRemoved: lambda r: [Row(PROBLEM, (r.stream, r.fact.event.problem), None)],
    d.ProblemsAnswered: lambda r: [Row(ANSWER, (r.stream, r.fact.event.activity), {"problems": r.fact.event.problems})],
}
