"""The facts of a quarter's rows in words: observed, reopened, proven."""

from collections.abc import Callable
from typing import Any

from service.aggregates import Event, evidence, quarter, quarter_reopening
from service.web.saying import Words
from service.web.words import fecha, plural

VERDICTS = {"approved": "aprobó", "observed": "observó", "correction": "pidió corregir"}


def _attached(e: evidence.EvidenceAttached) -> Words:
    what = "archivo" * bool(e.digest) + " y " * bool(e.digest and e.reference) + "expediente" * bool(e.reference)
    place = f" en lugar de la {e.replaces}" if e.replaces else ""
    return Words(f"adjuntó la evidencia {e.evidence} de la tarea {e.task}{place} ({what})")


def _reviewed(e: evidence.EvidenceReviewed) -> Words:
    """Without the reason: the history is everybody's, an evidence under review is not; its own page tells it to who may read it."""
    return Words(f"{VERDICTS[e.verdict]} la evidencia {e.evidence} de la tarea {e.task}")


def _reopened(e: quarter_reopening.QuarterReopened) -> Words:
    indicators = plural(len(e.indicators), "indicador", "indicadores") if e.indicators else ""
    rows = " y ".join(filter(None, (plural(len(e.tasks), "tarea", "tareas") if e.tasks else "", indicators)))
    return Words(f"reabrió el {quarter.ORDINAL[e.quarter]} trimestre hasta el {fecha(e.until)}, para {rows}", reason=e.reason)


SAYINGS: dict[type[Event], Callable[[Any], Words]] = {
    evidence.EvidenceAttached: _attached,
    quarter.QuarterRowObserved: lambda e: Words(
        f"observó la tarea {e.task} del {quarter.ORDINAL[e.quarter]} trimestre", reason=e.text
    ),
    quarter_reopening.QuarterReopened: _reopened,
    evidence.EvidenceReviewed: _reviewed,
}
