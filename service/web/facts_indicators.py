"""The facts of indicators in words."""

from collections.abc import Callable
from typing import Any

from service.aggregates import Event, quarter
from service.aggregates import indicator as i
from service.aggregates import indicator_measure as m
from service.aggregates import indicator_proposal as p
from service.web.indicator_words import differences
from service.web.saying import Words, said
from service.web.words import plural


def _t(number: int) -> str:
    return f"{quarter.ORDINAL[number]} trimestre"


def _declared(e: i.IndicatorDeclared) -> Words:
    return Words(f"declaró el indicador {e.indicator} ({e.definition.direction}): {e.definition.name}", reason=e.reason)


def _changed(e: i.IndicatorChanged) -> Words:
    return Words(f"cambió el indicador {e.indicator}", differences(e.was, e.definition), e.reason)


def _dropped(e: i.IndicatorDropped) -> Words:
    return Words(f"retiró el indicador {e.indicator}", reason=e.reason)


def _measured(e: m.MeasureRecorded) -> Words:
    proof = f" (sustento: {e.evidence})" if e.evidence else ""
    late = f", con {plural(e.late, 'día', 'días')} de retraso" if e.late else ""
    change = ("valor", said(e.was), said(e.value))
    return Words(f"registró el indicador {e.indicator}, {_t(e.quarter)}{proof}{late}", [change], e.reason)


def wanted(change: p.Change) -> Words:
    """What somebody asks for, with the change it would make."""
    match change:
        case i.IndicatorDeclared():
            it = change.definition
            blank = i.Definition(name="", direction=it.direction, formula="", source="")
            return Words(f"propuso declarar el indicador {change.indicator} ({it.direction})", differences(blank, it))
        case i.IndicatorChanged():
            return Words(f"propuso cambiar el indicador {change.indicator}", differences(change.was, change.definition))
        case i.IndicatorDropped():
            return Words(f"propuso retirar el indicador {change.indicator}")
        case m.MeasureRecorded():
            figures = [("valor", said(change.was), said(change.value))]
            return Words(f"pidió rectificar el indicador {change.indicator}, {_t(change.quarter)}", figures)


def _proposed(e: p.IndicatorProposed) -> Words:
    words = wanted(e.change)
    return Words(words.text, words.changes, e.reason)


SAYINGS: dict[type[Event], Callable[[Any], Words]] = {
    i.IndicatorDeclared: _declared,
    i.IndicatorChanged: _changed,
    i.IndicatorDropped: _dropped,
    m.MeasureRecorded: _measured,
    m.MeasureObserved: lambda e: Words(f"observó el indicador {e.indicator} del {_t(e.quarter)}", reason=e.text),
    p.IndicatorProposed: _proposed,
    p.IndicatorApproved: lambda e: Words(f"aprobó el cambio n.º {e.proposal}, del indicador {e.indicator}"),
    p.IndicatorRejected: lambda e: Words(f"rechazó el cambio n.º {e.proposal}, del indicador {e.indicator}", reason=e.reason),
}
