"""The annual balance: the region's year by unit, one unit's balance with its steps, both as workbooks."""

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from service import people
from service.aggregates import Command
from service.aggregates.balance import ApproveBalance, CloseBalance, SubmitBalance
from service.ledger import stream_of
from service.projections import history
from service.web import balance_paper, balance_sheets
from service.web.balance_reading import read_paper, read_region
from service.web.download import cutoff, workbook
from service.web.form import Form, Raw
from service.web.home import day_of
from service.web.page import Invalid, Moment, Req, page, redirect, send
from service.web.session import Session

PLACE = "/balance/{year:int}/{code:str}"


@get("/balance/{year:int}", sync_to_thread=True)
def show_region(request: Req, moment: NamedDependency[Moment], year: FromPath[int]) -> Response[str]:
    """Show the region's year in numbers."""
    with request.app.state.database.snapshot() as connection:
        found = read_region(connection, moment.position, year, day_of(moment))
    return page(request, "balance.html", part="_balance.html", moment=moment, region=found)


@get(PLACE, sync_to_thread=True)
def show(request: Req, moment: NamedDependency[Moment], year: FromPath[int], code: FromPath[str]) -> Response[str]:
    """Show a unit's balance, with the forms of its next step."""
    return draw(request, code, year, moment)


def draw(request: Req, code: str, year: int, moment: Moment | None = None, form: Form[Any] | None = None) -> Response[str]:
    """Draw a unit's balance, with what became of a form where there is one."""
    at = moment or Moment()
    with request.app.state.database.snapshot() as connection:
        paper = read_paper(connection, at.position, code, year, day_of(at))
    typed = {name: getattr(paper.balance, name) for name in SubmitBalance.__struct_fields__}
    return page(
        request,
        "balance_ugel.html",
        part="_balance_ugel.html",
        status=form.status if form else 200,
        moment=at,
        paper=paper,
        form=form or Form.fresh(**typed),
    )


def _step(kind: type[Command], noun: str, notice: str) -> Any:
    """A changing route of the balance: the noun is its address."""

    @post(f"{PLACE}/{noun}", opt={"command": kind}, sync_to_thread=True, name=f"balance-{noun}")
    def carry(request: Req, raw: NamedDependency[Raw], year: FromPath[int], code: FromPath[str]) -> Response[str]:
        form = send(request, raw, kind, stream_of(code, year))
        return redirect(request, f"/balance/{year}/{code}", notice) if form.done else draw(request, code, year, form=form)

    return carry


@post(f"{PLACE}/cierre", opt={"command": CloseBalance}, sync_to_thread=True)
def close(request: Req, raw: NamedDependency[Raw], year: FromPath[int], code: FromPath[str]) -> Response[str]:
    """Close a balance with the cut-off that the page was read at; it cannot lie ahead of the record."""
    asked = next(iter(raw.get("cutoff", ())), "")
    with request.app.state.database.snapshot() as connection:
        head = history.head(connection, Moment().position).position
    if not (asked.isascii() and asked.isdecimal() and len(asked) < 18 and int(asked) <= head):  # noqa: PLR2004 — a bigint
        message = "El corte debe ser un hecho ya registrado: abra de nuevo el balance y ciérrelo desde ahí."
        raise Invalid(message)
    form = send(request, raw, CloseBalance, stream_of(code, year))
    if form.done:
        return redirect(request, f"/balance/{year}/{code}", "El balance quedó cerrado: sus cifras ya no cambian.")
    return draw(request, code, year, form=form)


@get("/balance/{year:int}/exportar.xlsx", sync_to_thread=True)
def export_region(
    request: Req, session: NamedDependency[Session], moment: NamedDependency[Moment], year: FromPath[int]
) -> Response[bytes]:
    """The region's year as a workbook."""
    with request.app.state.database.snapshot() as connection:
        found = read_region(connection, moment.position, year, day_of(moment))
    _note(request, session, f"exportó el balance regional {year}, corte n.º {found.head.position}")
    title = f"Balance {year} de la región"
    return workbook(title, balance_sheets.of_region(found, cutoff(found.head.position, found.head.at)), f"balance-{year}.xlsx")


@get(f"{PLACE}/exportar.xlsx", sync_to_thread=True)
def export(
    request: Req,
    session: NamedDependency[Session],
    moment: NamedDependency[Moment],
    year: FromPath[int],
    code: FromPath[str],
) -> Response[bytes]:
    """A unit's balance as a workbook; once closed, the same bytes always."""
    with request.app.state.database.snapshot() as connection:
        paper = read_paper(connection, moment.position, code, year, day_of(moment))
    _note(request, session, f"exportó el balance {year} de {code}, corte n.º {paper.head.position}")
    title = f"Balance {year} de {paper.place.name}"
    sheets = balance_sheets.of_unit(paper, cutoff(paper.head.position, paper.head.at))
    return workbook(title, sheets, f"balance-{code}-{year}.xlsx")


def _note(request: Req, session: Session, what: str) -> None:
    with request.app.state.database.connection() as connection:
        people.note_access(connection, session.id, what)


ROUTES = (
    show_region,
    show,
    export_region,
    export,
    balance_paper.route(read_paper),
    close,
    _step(SubmitBalance, "envio", "El balance quedó enviado."),
    _step(ApproveBalance, "aprobacion", "El balance quedó aprobado: la DRE ya puede cerrarlo."),
)
