"""What differs between two moments of a year's improvement plan, in words."""

from collections.abc import Callable, Iterator

from service.aggregates import ROMAN
from service.projections.compare import Difference
from service.web.sentences import Names, Sentence, Value, columns, text

SUBJECT = "Plan de mejora"
PLAN: dict[str, tuple[str, Value]] = {
    "quarter": ("nace del trimestre", lambda number: ROMAN.get(number or 0, "—")),
    "aim": ("objetivo", text),
}
MEASURE: dict[str, tuple[str, Value]] = {
    "text": ("texto", text),
    "findings": ("hallazgos a los que responde", text),
    "dropped": ("sin efecto", text),
}
SAYINGS: dict[str, Callable[[Difference, Names], Iterator[Sentence]]] = {
    "improvement": lambda d, _: columns(d, SUBJECT, "", PLAN),
    "improvement_measure": lambda d, _: columns(d, SUBJECT, f"medida {d.key['measure']}:", MEASURE),
}
