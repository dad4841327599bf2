"""The facts of phase I in words: the diagnosis of a unit, and the support sessions of the region."""

from collections.abc import Callable
from typing import Any

from service.aggregates import Event, diagnosis, support
from service.web.saying import Words, said
from service.web.words import fecha, plural


def _written(e: diagnosis.DiagnosisWritten) -> Words:
    people = plural(sum(actor.number for actor in e.actors), "participante", "participantes")
    return Words(f"registró el diagnóstico participativo: territorio {', '.join(e.territory)}; {people}")


def _problem_changed(e: diagnosis.ProblemChanged) -> Words:
    labels = {"text": "problema", "evidence": "evidencia"}
    changes = [(labels[field], said(was), said(getattr(e, field))) for field, was in e.was.items()]
    return Words(f"cambió el problema {e.problem} del diagnóstico", changes)


def _answered(e: diagnosis.ProblemsAnswered) -> Words:
    before, after = (", ".join(map(str, numbers)) or "ninguno" for numbers in (e.was, e.problems))
    return Words(f"indicó qué problemas atiende la actividad {e.activity}", [("problemas", before, after)])


def _undertaking_verified(e: support.UndertakingVerified) -> Words:
    return Words(f"{'dio por cumplido' if e.accepted else 'observó'} lo asumido n.º {e.undertaking} ({e.unit})", reason=e.text)


SAYINGS: dict[type[Event], Callable[[Any], Words]] = {
    support.SupportConvened: lambda e: Words(f"convocó la jornada {e.support} ({e.kind}) para el {fecha(e.day)}: {e.title}"),
    support.SupportChanged: lambda e: Words(f"cambió la jornada {e.support} ({e.kind}), del {fecha(e.day)}: {e.title}"),
    support.SupportCancelled: lambda e: Words(f"canceló la jornada {e.support}", reason=e.reason),
    support.SupportAttended: lambda e: Words(
        f"registró la asistencia a la jornada {e.support}: {plural(len(e.attendees), 'persona', 'personas')}"
    ),
    support.UndertakingAdded: lambda e: Words(
        f"registró lo que {e.unit} asumió en la jornada {e.support}, hasta el {fecha(e.due)}: {e.text}"
    ),
    support.UndertakingReported: lambda e: Words(f"informó que se hizo lo asumido n.º {e.undertaking} ({e.unit}): {e.evidence}"),
    support.UndertakingVerified: _undertaking_verified,
    diagnosis.DiagnosisWritten: _written,
    diagnosis.ProblemAdded: lambda e: Words(f"agregó el problema {e.problem} al diagnóstico: {e.text}"),
    diagnosis.ProblemChanged: _problem_changed,
    diagnosis.ProblemsRanked: lambda e: Words(
        f"puso el problema {e.problem} del diagnóstico como prioridad {e.order.index(e.problem) + 1}"
    ),
    diagnosis.ProblemRemoved: lambda e: Words(f"retiró el problema {e.problem} del diagnóstico", reason=e.reason),
    diagnosis.ProblemsAnswered: _answered,
}
