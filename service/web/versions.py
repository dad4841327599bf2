"""The versions of a plan: each with its resolution and what changed, and any two of them compared, also with a proposal."""

from typing import Any

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from psycopg import Connection

from service import people
from service.projections import unit
from service.projections.quarter_page import Place, place
from service.projections.versions import NOW, REVIEWED, Past, Proposal, Side, Version, past
from service.web import comparing
from service.web.page import Moment, Req, page, redirect
from service.web.words import cargo

PLACE = "/ugel/{code:str}/{year:int}/versiones"


class Row(msgspec.Struct, frozen=True):
    """A version in the list: who proposed and approved it, in words, and what it changed of the one before."""

    version: Version
    position: int
    approver: str
    charge: str
    proposal: Proposal | None
    proposer: str
    changed: comparing.Tally
    activities: int
    tasks: int


class Waiting(msgspec.Struct, frozen=True):
    """A proposal that nobody answered yet."""

    proposal: Proposal
    proposer: str
    charge: str
    changed: comparing.Tally


def rows(connection: Connection[Any], found: Past) -> tuple[list[Row], list[Waiting]]:
    """The versions, the last one first, and the proposals that wait."""
    proposals = found.proposals.values()
    ids = {each.approved.person for each in found.versions} | {each.proposed.person for each in proposals}
    names = people.names(connection, ids)
    made = list[Row]()
    for each in found.versions:
        side, proposal = found.sides[str(each.number)], found.proposals.get(each.amendment)
        before = found.sides[str(each.number - 1)].content if each.number > 1 else {}
        kinds = [kind for kind, _ in side.content]
        made.append(
            Row(
                each,
                side.position,
                names[each.approved.person],
                cargo(each.approved.charge),
                proposal,
                names[proposal.proposed.person] if proposal else "",
                comparing.tally(before, side.content),
                kinds.count("activity"),
                kinds.count("task"),
            )
        )
    waiting = [
        Waiting(each, names[each.proposed.person], cargo(each.proposed.charge), comparing.tally(each.base, each.content))
        for each in proposals
        if each.answered is None
    ]
    return made[::-1], waiting


def label(name: str) -> str:
    """A side in words."""
    if name == NOW:
        return "Vigente"
    if name == REVIEWED:
        return "Lo observado por la DRE"
    return f"Modificación {name[1:]} propuesta" if name.startswith("m") else f"Versión {name}"


def offered(found: Past) -> list[tuple[str, str]]:
    """The sides to choose from, with their words: versions, what stands now, what was reviewed, what waits."""
    waiting = [f"m{each.amendment}" for each in found.proposals.values() if each.answered is None]
    reviewed = [REVIEWED] if REVIEWED in found.sides else []
    names = [*(str(each.number) for each in found.versions), *reviewed, NOW, *waiting]
    return [(name, label(name)) for name in names]


def _order(side: Side) -> tuple[bool, int, bool]:
    """Told from the earlier to the later; a proposal comes after everything that stands."""
    return side.name.startswith("m"), side.position, side.name == NOW


def _known(connection: Connection[Any], at: int, code: str, year: int) -> tuple[Place, Past]:
    where = place(connection, at, code, year)
    if where is None:
        raise NotFoundException
    return where, past(connection, at, where.stream)


@get(PLACE, sync_to_thread=True)
def show(request: Req, moment: NamedDependency[Moment], code: FromPath[str], year: FromPath[int]) -> Response[str]:
    """Show the versions; with `a` and `b` lead to their comparison."""
    query = request.query_params
    if query.get("a") and query.get("b"):
        when = "&".join(f"{name}={query[name]}" for name in ("hasta", "al") if query.get(name))
        return redirect(request, f"/ugel/{code}/{year}/versiones/{query['a']}/{query['b']}" + (f"?{when}" if when else ""))
    with request.app.state.database.snapshot() as connection:
        where, found = _known(connection, moment.position, code, year)
        made, waiting = rows(connection, found)
        head = unit.head(connection, moment.position, where.stream)
    return page(
        request,
        "versiones.html",
        moment=moment,
        place=where,
        head=head,
        versions=made,
        waiting=waiting,
        offered=offered(found),
    )


@get(PLACE + "/{first:str}/{second:str}", sync_to_thread=True)
def compare(
    request: Req,
    moment: NamedDependency[Moment],
    code: FromPath[str],
    year: FromPath[int],
    first: FromPath[str],
    second: FromPath[str],
) -> Response[str]:
    """Compare two sides, told from the earlier to the later."""
    with request.app.state.database.snapshot() as connection:
        where, found = _known(connection, moment.position, code, year)
        if first not in found.sides or second not in found.sides:
            raise NotFoundException
        one, two = sorted((found.sides[first], found.sides[second]), key=_order)
        groups = comparing.groups(connection, one.content, two.content, found.between(one, two))
    known = {str(each.number): each for each in found.versions}
    return page(
        request,
        "comparacion.html",
        moment=moment,
        place=where,
        sides=[(side, label(side.name), known.get(side.name), found.proposals.get(_amendment(side))) for side in (one, two)],
        view=comparing.view(groups, request.query_params.get("pagina", "")),
        tally=comparing.tally(one.content, two.content),
        offered=offered(found),
    )


def _amendment(side: Side) -> int:
    return int(side.name[1:]) if side.name.startswith("m") else 0


ROUTES = (show, compare)
