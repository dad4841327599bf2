"""The facts of a quarter's evidence in words."""

from collections.abc import Callable
from typing import Any

from service.aggregates import Event, evidence
from service.web.saying import Words

VERDICTS = {"approved": "aprobó", "observed": "observó", "correction": "pidió corregir"}


def _attached(e: evidence.EvidenceAttached) -> Words:
    what = "archivo" * bool(e.digest) + " y " * bool(e.digest and e.reference) + "expediente" * bool(e.reference)
    place = f" en lugar de la {e.replaces}" if e.replaces else ""
    return Words(f"adjuntó la evidencia {e.evidence} de la tarea {e.task}{place} ({what})")


SAYINGS: dict[type[Event], Callable[[Any], Words]] = {
    evidence.EvidenceAttached: _attached,
    evidence.EvidenceReviewed: lambda e: Words(
        f"{VERDICTS[e.verdict]} la evidencia {e.evidence} de la tarea {e.task}", reason=e.reason
    ),
}
