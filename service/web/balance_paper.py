"""The annual balance of a unit on paper: the same words and tables as its page, up to its cut-off."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from service import papers, people
from service.web.balance_sheets import of_unit
from service.web.corner import day_of
from service.web.page import Moment, Req
from service.web.paper import PDF, headed
from service.web.words import NOTHING, STATES, fecha, numero

if TYPE_CHECKING:
    from service.settings import Settings
    from service.workbook.table import Table

SIGNATORIES = ("Director(a) de la unidad", "Director(a) de la DRE")
WORDY = 30


def route(read: Callable[..., Any]) -> HTTPRouteHandler:
    """The address of the paper; `read` reads everything there is of a balance."""

    @get("/balance/{year:int}/{code:str}/balance.pdf", sync_to_thread=True)
    def paper(request: Req, moment: NamedDependency[Moment], year: FromPath[int], code: FromPath[str]) -> Response[bytes]:
        """A unit's balance as PDF/A; once closed, the same bytes always."""
        state = request.app.state
        with state.database.snapshot() as connection:
            found = read(connection, moment.position, code, year, day_of(request, moment))
        at = found.head.at or state.ledger.clock()
        data = filled(found, state.settings, (found.head.position, at), demo=state.demo)
        made, name = papers.typeset("balance", data, at), f"balance-{code}-{year}"
        with state.database.connection() as connection:
            people.note_access(connection, request.user.id, f"descargó {name}, corte n.º {found.head.position}")
        return Response(made, media_type=PDF, headers={"content-disposition": f'attachment; filename="{name}.pdf"'})

    return paper


def filled(paper: Any, settings: "Settings", cut: tuple[int, datetime], *, demo: bool) -> dict[str, Any]:
    """The data of the paper; a balance that is not closed says so on every sheet."""
    place, state = paper.place, paper.balance.status
    title, draft = f"Balance anual {place.year}", "" if state == "closed" else "PRELIMINAR: el balance no está cerrado."
    words, *tables = of_unit(paper, "")
    return {
        **headed(settings, title, f"{place.name} · {place.year}", cut, demo=demo, draft=draft),
        "facts": [["Unidad", place.name], ["Estado", STATES["balance"][state].word]],
        "parts": [[name, text or "Todavía no se ha escrito."] for name, text in words.rows],
        "tables": [set_out(each) for each in tables],
        "signatories": SIGNATORIES,
    }


def set_out(table: "Table") -> dict[str, Any]:
    """A table as text; a column with long words takes its share of the sheet, one with short ones what it needs."""
    rows = [[_shown(cell) for cell in row] for row in table.rows]
    longest = [max((len(row[n]) for row in rows), default=0) for n in range(len(table.headers))]
    return {
        "title": table.title,
        "heads": list(table.headers),
        "rows": rows,
        "widths": [0 if longest[n] <= WORDY else min(4, 1 + longest[n] // 60) for n in range(len(longest))],
        "numeric": [_numeric([row[n] for row in table.rows]) for n in range(len(longest))],
    }


def _shown(cell: Any) -> str:
    match cell:
        case None | "":
            return NOTHING
        case date():
            return fecha(cell)
        case int() | Decimal():
            return numero(cell)
        case _:
            return str(cell)


def _numeric(cells: Sequence[Any]) -> bool:
    return any(isinstance(each, int | Decimal) for each in cells)
