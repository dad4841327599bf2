"""A change of an indicator that waits until somebody else agrees: its definition, or a value of a quarter already validated."""

from collections.abc import Sequence

import msgspec

from service.aggregates import Command, Event, Number, Paragraph, need
from service.aggregates.indicator import IndicatorChanged, IndicatorDeclared, IndicatorDropped
from service.aggregates.indicator_measure import MeasureRecorded

Change = IndicatorDeclared | IndicatorChanged | IndicatorDropped | MeasureRecorded


class ApproveIndicator(Command, frozen=True):
    proposal: Number


class RejectIndicator(Command, frozen=True):
    proposal: Number
    reason: Paragraph


class IndicatorProposed(Event, frozen=True, tag="indicator-proposed"):
    """What is asked for: the fact that will happen when somebody else agrees."""

    proposal: int
    indicator: int
    reason: str
    change: IndicatorDeclared | IndicatorChanged | IndicatorDropped | MeasureRecorded


class IndicatorApproved(Event, frozen=True, tag="indicator-approved"):
    proposal: int
    indicator: int


class IndicatorRejected(Event, frozen=True, tag="indicator-rejected"):
    proposal: int
    indicator: int
    reason: str


class Waiting(msgspec.Struct, frozen=True):
    """A change that waits, and who asked for it."""

    proposer: str
    change: Change


def asked(waiting: dict[int, Waiting], last: int, found: Sequence[Change]) -> list[Event]:
    """The requests for these changes, numbered after the `last` one."""
    events = list[Event]()
    for number, change in enumerate(found, start=last + 1):
        twice = any(_subject(each.change) == _subject(change) for each in waiting.values())
        need(not twice, "Ya hay un cambio de ese indicador por resolver.")
        need(change.reason.strip(), "Escriba el motivo: otra persona debe aprobar el cambio.")
        events.append(
            IndicatorProposed(
                proposal=number,
                indicator=change.indicator,
                reason=change.reason,
                change=msgspec.structs.replace(change, proposal=number),
            )
        )
    return events


def _subject(change: Change) -> tuple[int, int]:
    """What a change is of: an indicator, and the quarter in which it was measured."""
    return change.indicator, change.quarter if isinstance(change, MeasureRecorded) else 0
