"""The tables of Seguimiento as files: the same rows that the filter shows, with their cut-off; each export is noted."""

from collections.abc import Callable

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler
from msgspec import structs

from service import people
from service.projections import history
from service.web.coverage_files import separated
from service.web.download import cutoff, workbook
from service.web.page import Moment, Req
from service.web.session import Session
from service.workbook.table import Table


def table_file(
    request: Req, session: Session, moment: Moment, table: Table, name: str, what: str, *more: Table
) -> Response[bytes]:
    """The table as the address asks for it: a workbook, with `more` tables on sheets of their own, or a CSV of it alone."""
    with request.app.state.database.snapshot() as connection:
        head = history.head(connection, moment.position)
    with request.app.state.database.connection() as connection:
        people.note_access(connection, session.id, f"exportó {what}, corte n.º {head.position}")
    if request.url.path.endswith(".csv"):
        return separated(table, f"{name}.csv")
    noted = [structs.replace(each, notes=(cutoff(head.position, head.at), *each.notes)) for each in (table, *more)]
    return workbook(table.title, noted, f"{name}.xlsx")


def both(path: str, export: Callable[..., Response[bytes]]) -> list[HTTPRouteHandler]:
    """The routes of an export: as a workbook and as a CSV, beside each other."""
    return [get(f"{path}.{kind}", sync_to_thread=True)(export) for kind in ("xlsx", "csv")]
