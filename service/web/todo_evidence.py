"""What waits from the evidence of a quarter: what the DRE has to review, what a unit has to correct."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from psycopg import Connection

from service.aggregates import ROMAN
from service.aggregates.evidence import AttachEvidence, ReviewEvidence
from service.projections import evidence_page
from service.web.task import Todo
from service.web.words import plural

if TYPE_CHECKING:
    from service.web.todo import Desk


def evidence(connection: Connection[Any], at: int, desks: "dict[str, Desk]") -> Iterator[Todo]:
    """By unit and quarter, while the quarter was sent and is not closed."""
    for each in evidence_page.open_work(connection, at, list(desks)):
        desk, href = desks[each.stream], f"/t{each.quarter}/evidencias?ver="
        whose = f"{desk.year.name} · {ROMAN[each.quarter]} trimestre {desk.year.year}"
        if each.waiting and desk.may(ReviewEvidence):
            yield Todo(f"{desk.href}{href}pending", f"Revisar {plural(each.waiting, 'evidencia', 'evidencias')}", whose)
        for verdict, count in (("observed", each.observed), ("correction", each.correction)):
            if count and desk.own(AttachEvidence):
                text = f"Reemplazar {plural(count, 'evidencia observada', 'evidencias observadas')}"
                yield Todo(f"{desk.href}{href}{verdict}", text, whose)
