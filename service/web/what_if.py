"""What the draft of the catalogue would change in the figures before it is published: open quarters only, by unit and quarter."""

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency

from service import catalogue_draft as drafts
from service import people
from service.aggregates import DRE, ROMAN
from service.aggregates.catalogue_content import Content
from service.aggregates.plan import AddLine
from service.projections import LATEST, board, catalogue_page, scales
from service.projections.formulas import formulas
from service.web.board import years
from service.web.board_files import both, table_file
from service.web.board_filters import asked_year
from service.web.catalogue import PREPARES
from service.web.catalogue_words import compared
from service.web.page import Moment, Req, page
from service.web.session import Session
from service.web.words import LIGHTS, STATES
from service.workbook.table import Cell, Table

SIDES = tuple(f"{name}, {side}" for side in ("hoy", "con el borrador") for name in ("Avance %", "Semáforo", "Cumplidas"))
HEADS = ("Código", "Unidad", "Trimestre", "Estado", *SIDES, "Actividades", "Cambia")


class Effect(msgspec.Struct, frozen=True):
    """A quarter as it stands, and as it would be read under the draft."""

    now: board.Cell
    then: board.Cell

    @property
    def changes(self) -> bool:
        return (self.now.percent, self.now.light, self.now.fulfilled) != (self.then.percent, self.then.light, self.then.fulfilled)


class Row(msgspec.Struct, frozen=True):
    unit: board.Unit
    effects: tuple[Effect, ...]


class Found(msgspec.Struct, frozen=True):
    """What the draft would change in a year: the rules as they stand, those of the draft, and every quarter under both."""

    current: Content
    wanted: Content
    rows: list[Row]
    years: list[int]


def read(request: Req, session: Session, year: int) -> Found:
    """Read it, for whoever prepares the catalogue."""
    if not any(session.may(command, DRE) for command in PREPARES):
        people.choose(session.charges, AddLine, DRE)
    with request.app.state.database.snapshot() as connection:
        current = catalogue_page.content(connection, LATEST)
        draft = drafts.read(connection, current)
        wanted, numbers = draft.content, catalogue_page.numbers(connection, LATEST)
        formed = msgspec.structs.replace(formulas(connection, LATEST), current=wanted.weights, version=numbers["formula"] + 1)
        scaled = scales.Scale(wanted.scale.fulfilled, wanted.scale.in_progress, wanted.scale.label, numbers["scale"] + 1)
        now, then = board.board(connection, LATEST, year), board.board(connection, LATEST, year, scaled, formed)
        known = years(connection, LATEST, year)
    rows = [Row(a.unit, tuple(map(Effect, a.cells, b.cells))) for a, b in zip(now, then, strict=True)]
    return Found(current, wanted, rows, known)


@get("/catalogo/borrador/efecto", sync_to_thread=True)
def show(request: Req, session: NamedDependency[Session]) -> Response[str]:
    """Show what the draft's scale and formula would change."""
    year = asked_year(request)
    found = read(request, session, year)
    effects = [effect for row in found.rows for effect in row.effects]
    rules = msgspec.structs.replace(found.current, scale=found.wanted.scale, weights=found.wanted.weights)
    return page(
        request,
        "catalogo_efecto.html",
        year=year,
        years=found.years,
        rows=found.rows,
        groups=compared(found.current, rules),
        changed=sum(effect.changes for effect in effects),
        open=sum(not effect.now.official and effect.now.percent is not None for effect in effects),
        fixed=sum(effect.now.official for effect in effects),
    )


def export(request: Req, session: NamedDependency[Session]) -> Response[bytes]:
    """The same as a file, a row for each unit and quarter."""
    year = asked_year(request)
    rows: list[tuple[Cell, ...]] = [
        (
            row.unit.code,
            row.unit.name,
            ROMAN[each.now.quarter],
            STATES["quarter"][each.now.word].word,
            *_figures(each.now),
            *_figures(each.then),
            each.now.activities,
            "sí" if each.changes else "no",
        )
        for row in read(request, session, year).rows
        for each in row.effects
    ]
    table = Table(f"Qué cambiaría en {year}", HEADS, rows, ["Con la escala y la fórmula del borrador del catálogo, sin publicar"])
    return table_file(
        request, session, Moment(), table, f"que-cambiaria-{year}", f"qué cambiaría el borrador del catálogo en {year}"
    )


def _figures(cell: board.Cell) -> tuple[Cell, ...]:
    return cell.percent, LIGHTS[cell.light].word if cell.light else "", cell.fulfilled


ROUTES = (show, *both("/catalogo/borrador/efecto", export))
