"""What differs in a quarter's rows, in words: evidence, corrections, what was observed of a task."""

from collections.abc import Callable, Iterator

from service.projections.compare import Difference
from service.web.sentences import Names, Sentence, columns, text
from service.web.words import NOTHING, STATES

ASKED = {"requested": "Pendiente", "approved": "Aprobada", "rejected": "Rechazada"}
QUARTERS = {1: "I trimestre", 2: "II trimestre", 3: "III trimestre", 4: "IV trimestre"}


def _evidence(d: Difference, names: Names) -> Iterator[Sentence]:
    values = d.after or d.before or {}
    subject, name = names.task(values["task"])
    label = f"{name}, {QUARTERS[values['quarter']]}, evidencia {d.key['evidence']}:"
    was, now = (STATES["evidence"][each["verdict"] or "pending"].word if each else "no existía" for each in (d.before, d.after))
    if was != now:
        yield Sentence(subject, label, was, now)


def _correction(d: Difference, names: Names) -> Iterator[Sentence]:
    values = d.after or d.before or {}
    subject, name = names.task(values["task"])
    label = f"{name}, {QUARTERS[values['quarter']]}, rectificación {d.key['correction']}:"
    yield from columns(d, subject, label, {"status": ("estado", lambda code: ASKED.get(code, NOTHING))})


def _observed(d: Difference, names: Names) -> Iterator[Sentence]:
    subject, name = names.task(d.key["task"])
    yield from columns(d, subject, f"{name}, {QUARTERS[d.key['quarter']]}, observación:", {"text": ("texto", text)})


SAYINGS: dict[str, Callable[[Difference, Names], Iterator[Sentence]]] = {
    "correction": _correction,
    "evidence": _evidence,
    "quarter_row": _observed,
}
