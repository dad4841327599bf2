"""What differs in the indicators between two moments, in words."""

from collections.abc import Callable, Iterator

import msgspec

from service.aggregates.indicator import Definition
from service.projections.compare import Difference
from service.web.differences_quarter import QUARTERS
from service.web.indicator_words import differences
from service.web.sentences import Names, Sentence, Value, columns, text, whole
from service.web.words import NOTHING, numero

ASKED = {"proposed": "Por resolver", "approved": "Aprobado", "rejected": "Rechazado"}
MEASURE: dict[str, tuple[str, Value]] = {
    "value": ("valor", lambda value: "sin dato" if value is None else numero(value)),
    "evidence": ("sustento", text),
}


def _indicator(d: Difference, _: Names) -> Iterator[Sentence]:
    name = (d.after or d.before or {})["name"]
    if d.before is None or d.after is None:
        yield whole(d, "Indicadores", f"indicador {d.key['indicator']}", name)
        return
    subject = f"Indicador {d.key['indicator']}: {name}"
    was, now = (msgspec.convert(each["definition"], Definition, strict=False) for each in (d.before, d.after))
    yield from (Sentence(subject, *change) for change in differences(was, now))
    yield from columns(d, subject, "", {"dropped": ("retirado", text)})


def _measure(d: Difference, _: Names) -> Iterator[Sentence]:
    yield from columns(d, "Indicadores", f"indicador {d.key['indicator']}, {QUARTERS[d.key['quarter']]},", MEASURE)


def _observed(d: Difference, _: Names) -> Iterator[Sentence]:
    label = f"indicador {d.key['indicator']}, {QUARTERS[d.key['quarter']]},"
    yield from columns(d, "Indicadores", label, {"text": ("observación", text)})


def _proposal(d: Difference, _: Names) -> Iterator[Sentence]:
    values = d.after or d.before or {}
    label = f"cambio n.º {d.key['proposal']}, del indicador {values['indicator']}:"
    yield from columns(d, "Indicadores", label, {"status": ("estado", lambda code: ASKED.get(code, NOTHING))})


SAYINGS: dict[str, Callable[[Difference, Names], Iterator[Sentence]]] = {
    "indicator": _indicator,
    "indicator_value": _measure,
    "indicator_observed": _observed,
    "indicator_proposal": _proposal,
}
