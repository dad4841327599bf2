"""What the draft of the catalogue would change in the figures before it is published: open quarters only, by unit and quarter."""

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency

from service import catalogue_draft as drafts
from service import people
from service.aggregates import DRE
from service.aggregates.catalogue import PublishCatalogue
from service.projections import LATEST, board, catalogue_page, scales
from service.projections.formulas import formulas
from service.web.board import years
from service.web.board_filters import asked_year
from service.web.catalogue import PREPARES
from service.web.catalogue_words import compared
from service.web.page import Req, page
from service.web.session import Session


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


@get("/catalogo/borrador/efecto", sync_to_thread=True)
def show(request: Req, session: NamedDependency[Session]) -> Response[str]:
    """Show, to whoever prepares it, what the draft's scale and formula would change."""
    if not any(session.may(command, DRE) for command in PREPARES):
        people.choose(session.charges, PublishCatalogue, DRE)
    year = asked_year(request)
    with request.app.state.database.snapshot() as connection:
        current = catalogue_page.content(connection, LATEST)
        draft = drafts.read(connection, current)
        wanted, numbers = draft.content, catalogue_page.numbers(connection, LATEST)
        formed = msgspec.structs.replace(formulas(connection, LATEST), current=wanted.weights, version=numbers["formula"] + 1)
        scaled = scales.Scale(wanted.scale.fulfilled, wanted.scale.in_progress, wanted.scale.label, numbers["scale"] + 1)
        now, then = board.board(connection, LATEST, year), board.board(connection, LATEST, year, scaled, formed)
        known = years(connection, LATEST, year)
    rows = [Row(a.unit, tuple(map(Effect, a.cells, b.cells))) for a, b in zip(now, then, strict=True)]
    effects = [effect for row in rows for effect in row.effects]
    rules = msgspec.structs.replace(current, scale=wanted.scale, weights=wanted.weights)
    return page(
        request,
        "catalogo_efecto.html",
        year=year,
        years=known,
        rows=rows,
        groups=compared(current, rules),
        changed=sum(effect.changes for effect in effects),
        open=sum(not effect.now.official and effect.now.percent is not None for effect in effects),
        fixed=sum(effect.now.official for effect in effects),
    )


ROUTES = (show,)
