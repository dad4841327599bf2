"""What waits about indicators: the changes that somebody asked for and another person decides."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from psycopg import Connection

from service.aggregates.indicator_proposal import ApproveIndicator
from service.projections import indicator_page
from service.web.task import Todo
from service.web.words import plural

if TYPE_CHECKING:
    from service.web.todo import Desk


def indicators(connection: Connection[Any], at: int, desks: "dict[str, Desk]", person: str) -> Iterator[Todo]:
    """The changes of indicators that the reader may decide, those he asked for himself apart."""
    able = {stream: desk for stream, desk in desks.items() if desk.may(ApproveIndicator)}
    for stream, count in indicator_page.waiting(connection, at, list(able), person).items():
        desk = able[stream]
        yield Todo(f"{desk.href}/indicadores", f"Resolver {plural(count, 'cambio', 'cambios')} de indicadores", desk.whose)
