"""The facts of an improvement plan in words."""

from collections.abc import Callable
from typing import Any

from service.aggregates import Event
from service.aggregates import improvement as i
from service.web.saying import Words
from service.web.words import juntos

ORDINAL = {1: "primer", 2: "segundo", 3: "tercer", 4: "cuarto"}


def _numbers(findings: tuple[int, ...]) -> str:
    return ("al hallazgo " if len(findings) == 1 else "a los hallazgos ") + juntos(findings)


def _changed(e: i.MeasureChanged) -> Words:
    changes = [("texto", e.was, e.text)] if e.was != e.text else []
    if e.was_findings != e.findings:
        changes.append(("responde", _numbers(e.was_findings), _numbers(e.findings)))
    what = "la medida" if e.was != e.text else "a qué responde la medida"
    return Words(f"cambió {what} {e.measure} del plan de mejora", changes, e.reason)


SAYINGS: dict[type[Event], Callable[[Any], Words]] = {
    i.ImprovementOpened: lambda e: Words(f"abrió el plan de mejora desde el {ORDINAL[e.quarter]} trimestre: {e.aim}"),
    i.MeasureAdded: lambda e: Words(f"agregó la medida {e.measure} al plan de mejora, {_numbers(e.findings)}: {e.text}"),
    i.MeasureChanged: _changed,
    i.MeasureDropped: lambda e: Words(f"dejó sin efecto la medida {e.measure} del plan de mejora", reason=e.reason),
}
