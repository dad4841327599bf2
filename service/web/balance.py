"""The annual balance: the region's year by unit, one unit's balance with its steps, both as workbooks."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from psycopg import Connection

from service import people
from service.aggregates import Command
from service.aggregates.balance import ApproveBalance, CloseBalance, SubmitBalance
from service.aggregates.score import mean
from service.ledger import stream_of
from service.projections import balance_page as read
from service.projections import board, commitment_page, followup_page, history, scales, summary
from service.projections.quarter_page import Place, place
from service.settings import LIMA
from service.web import balance_paper, balance_sheets
from service.web.board import Total, against, region, years
from service.web.download import cutoff, workbook
from service.web.form import Form, Raw
from service.web.home import day_of
from service.web.page import Invalid, Moment, Req, page, redirect, send
from service.web.session import Session

PLACE = "/balance/{year:int}/{code:str}"


class Row(msgspec.Struct, frozen=True):
    """A unit's year in the region's balance: its quarters, the mean of the official ones, its commitments, its balance."""

    line: board.Line
    mean: Decimal | None
    light: str
    commitments: read.Tally
    balance: read.Balance
    original: Decimal | None = None


class Region(msgspec.Struct, frozen=True):
    """The region's year in numbers."""

    year: int
    rows: list[Row]
    totals: list[Total]
    commitments: read.Tally
    alerts: int
    head: history.Head
    years: list[int]

    @property
    def ugels(self) -> list[Row]:
        return [row for row in self.rows if row.line.unit.kind == "ugel"]

    @property
    def closed(self) -> int:
        """How many UGEL closed their balance."""
        return sum(row.balance.status == "closed" for row in self.ugels)


class Paper(msgspec.Struct, frozen=True):
    """A unit's balance and all it rests on, read at its cut-off once closed."""

    place: Place
    balance: read.Balance
    summary: summary.Summary
    findings: list[followup_page.Finding]
    alerts: list[followup_page.Alert]
    commitments: list[commitment_page.Commitment]
    tally: read.Tally
    items: list[read.Item]
    deeds: list[read.Deed]
    names: dict[str, str]
    head: history.Head
    day: date

    @property
    def counted(self) -> dict[int, Decimal]:
        return counted(self.summary.cells)

    @property
    def mean(self) -> Decimal | None:
        return mean(self.counted.values())

    @property
    def knots(self) -> list[followup_page.Finding]:
        return [finding for finding in self.findings if finding.kind == "nudo crítico"]


def counted(cells: Sequence[board.Cell]) -> dict[int, Decimal]:
    """The percentages of the quarters with an official score, by quarter; their mean is the year's."""
    return {cell.quarter: cell.percent for cell in cells if cell.official and cell.percent is not None}


def read_region(connection: Connection[Any], at: int, year: int, day: date) -> Region:
    """Read the region's year at a moment."""
    lines, scale, known_scales = board.board(connection, at, year), scales.scale(connection, at), scales.published(connection)
    balances = read.balances(connection, at, [stream_of(line.unit.code, year) for line in lines])
    commitments = commitment_page.commitments(connection, at, year=year)
    rows = list[Row]()
    for line in lines:
        stream = stream_of(line.unit.code, year)
        average = mean(counted(line.cells).values())
        official = [cell for cell in line.cells if cell.official]
        moved = any(cell.original is not None for cell in official)
        original = mean([each for cell in official if (each := against(cell)) is not None]) if moved else None
        mine = read.tally((each for each in commitments if each.stream == stream), day)
        light = board.then(line.cells, scale, known_scales).light(average)
        rows.append(Row(line, average, light, mine, balances.get(stream, read.Balance(stream)), original))
    ugels = [row for row in rows if row.line.unit.kind == "ugel"]
    totals = read.Tally(*(sum(getattr(row.commitments, name) for row in ugels) for name in read.Tally.__struct_fields__))
    alerts = sum(row.line.alerts for row in ugels)
    known_years = years(connection, at, year)
    return Region(year, rows, region(lines, scale, known_scales), totals, alerts, history.head(connection, at), known_years)


def read_paper(connection: Connection[Any], at: int, code: str, year: int, day: date) -> Paper:
    """Read a unit's balance at a moment.

    Raises:
        NotFoundException: there is no such unit.

    """
    where = place(connection, at, code, year)
    if where is None:
        raise NotFoundException
    balance = read.balance(connection, at, where.stream)
    figures, head = at, history.head(connection, at)
    if balance.cutoff:
        figures = balance.cutoff
        head = history.Head(balance.cutoff, read.recorded_at(connection, balance.cutoff))
        day = head.at.astimezone(LIMA).date() if head.at else day
    deeds = read.deeds(connection, at, where.stream)
    commitments = commitment_page.commitments(connection, figures, code, year)
    return Paper(
        where,
        balance,
        summary.summary(connection, figures, where.stream),
        followup_page.findings(connection, figures, where.stream),
        followup_page.alerts(connection, figures, where.stream),
        commitments,
        read.tally(commitments, day),
        read.items(connection, at, code, year, balance.open_items or read.open_now(connection, figures, where.stream)),
        deeds,
        people.names(connection, (deed.person for deed in deeds)),
        head,
        day,
    )


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
