"""Aligning: one activity or several to objectives found by a few letters, accents forgiven; and the coverage of one unit's plan."""

from typing import Any
from urllib.parse import urlencode

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from psycopg import Connection

from service.aggregates.catalogue_check import folded
from service.aggregates.plan import AlignActivity
from service.aggregates.plan_alignment import AlignActivities
from service.ledger import stream_of
from service.projections import alignment, unit
from service.web.corner import circumstances, find_place, keep
from service.web.coverage import Filters, coverage
from service.web.form import Form, Raw
from service.web.page import Moment, Req, page, redirect, send

PLACE = "/ugel/{code:str}/{year:int}/alineamiento"
ONE = "/ugel/{code:str}/{year:int}/actividades/{activity:int}/alineamiento"
MOST = 40


class Picker(msgspec.Struct, frozen=True):
    """Objectives chosen so far, and those that the letters typed find; each step is an address, so that it works as a plain page."""

    here: str
    typed: str
    chosen: list[unit.Objective]
    found: list[unit.Objective]
    more: int
    moved: bool

    def address(self, *, add: str = "", drop: str = "") -> str:
        """The same search with one objective more, or one less."""
        codes = [o.code for o in self.chosen if o.code != drop] + ([add] if add else [])
        return f"{self.here}?{urlencode([('buscar', self.typed), *(('objectives', code) for code in codes), ('elegido', '1')])}"


def picker(connection: Connection[Any], request: Req, here: str, standing: list[str]) -> Picker:
    """What is chosen: the address says it once a search was made, before that what stands."""
    query = request.query_params
    typed = query.get("buscar", "")
    codes = query.getall("objectives", []) if "buscar" in query else standing
    offered = unit.objectives(connection, Moment().position)
    known = {o.code: o for o in offered}
    chosen = [known.get(code) or unit.Objective(code, "fuera del catálogo vigente", "", "") for code in dict.fromkeys(codes)]
    words = folded(typed).split()
    rest = [
        o
        for o in offered
        if o.code not in codes and all(w in folded(f"{o.code} {o.instrument} {o.level} {o.text}") for w in words)
    ]
    return Picker(here, typed, chosen, rest[:MOST], len(rest) - MOST, "elegido" in query)


def draw_one(request: Req, code: str, year: int, number: int, form: Form[Any] | None = None) -> Response[str]:
    """Draw the page that aligns one activity; after a refusal with what was chosen."""
    with request.app.state.database.snapshot() as connection:
        place = find_place(connection, Moment(), code, year)
        found = unit.activities(connection, Moment().position, place.stream, number)
        if not found or not number:
            raise NotFoundException
        sent = form["objectives"] if form else found[0].objectives
        made = picker(
            connection, request, f"{place.href}/actividades/{number}/alineamiento", [sent] if isinstance(sent, str) else sent
        )
    form = form or Form.fresh()
    around = circumstances(request, Moment())
    return page(
        request,
        "alinear.html",
        part="_objetivos.html",
        status=form.status,
        place=place,
        it=found[0],
        picker=made,
        form=form,
        **around,
    )


@get(ONE, sync_to_thread=True)
def choose(request: Req, code: FromPath[str], year: FromPath[int], activity: FromPath[int]) -> Response[str]:
    """Show what an activity is aligned to, and search for more."""
    return draw_one(request, code, year, activity)


@post(ONE, opt={"command": AlignActivity}, sync_to_thread=True)
def align(
    request: Req, raw: NamedDependency[Raw], code: FromPath[str], year: FromPath[int], activity: FromPath[int]
) -> Response[str]:
    """Record what one activity is aligned to."""
    form = send(request, raw, AlignActivity, stream_of(code, year), activity=activity)
    if form.done:
        return redirect(request, f"/ugel/{code}/{year}/actividades/{activity}", "El alineamiento quedó registrado.")
    return draw_one(request, code, year, activity, form)


def draw(request: Req, code: str, year: int, moment: Moment | None = None, form: Form[Any] | None = None) -> Response[str]:
    """Draw the coverage of a unit's plan, and the form that aligns several activities at once."""
    moment = moment or Moment()
    with request.app.state.database.snapshot() as connection:
        place = find_place(connection, moment, code, year)
        found = coverage(connection, moment.position, year, [code])
        activities = alignment.activities(connection, moment.position, [place.stream])
        sent = form["objectives"] if form else []
        made = picker(connection, request, f"{place.href}/alineamiento", [sent] if isinstance(sent, str) and sent else list(sent))
    form = form or Form.fresh()
    return page(
        request,
        "alineamiento_ugel.html",
        part="_objetivos.html",
        status=form.status,
        moment=moment,
        place=place,
        found=found,
        activities=activities,
        picker=made,
        form=form,
        asked=Filters(year, unit=code, moment=keep(moment).removeprefix("?")),
        **circumstances(request, moment),
    )


@get(PLACE, sync_to_thread=True)
def show(request: Req, moment: NamedDependency[Moment], code: FromPath[str], year: FromPath[int]) -> Response[str]:
    """Show the coverage of a unit's plan."""
    return draw(request, code, year, moment)


@post(PLACE, opt={"command": AlignActivities}, sync_to_thread=True)
def align_many(request: Req, raw: NamedDependency[Raw], code: FromPath[str], year: FromPath[int]) -> Response[str]:
    """Align the marked activities to the chosen objectives too."""
    form = send(request, raw, AlignActivities, stream_of(code, year))
    if not form.done:
        return draw(request, code, year, form=form)
    notice = "Las actividades quedaron alineadas." if form.done.facts else "Ya estaban alineadas a esos objetivos."
    return redirect(request, f"/ugel/{code}/{year}/alineamiento", notice)


ROUTES = (choose, align, show, align_many)
