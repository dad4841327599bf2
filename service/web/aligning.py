"""Aligning: one activity or several to objectives found by a few letters, accents forgiven; and the coverage of one unit's plan."""

from collections.abc import Collection
from typing import Any
from urllib.parse import urlencode

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from psycopg import Connection

from service.aggregates.catalogue_check import folded
from service.aggregates.plan_alignment import AlignActivities, AlignActivity
from service.ledger import stream_of
from service.projections import LATEST, alignment, seen, unit
from service.web.conflict import BASE, base_of
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
    base: int = 0

    def address(self, *, add: str = "", drop: str = "") -> str:
        """The same search with one objective more, or one less."""
        codes = [o.code for o in self.chosen if o.code != drop] + ([add] if add else [])
        return f"{self.here}?{urlencode([('buscar', self.typed), *(('objectives', code) for code in codes), ('elegido', '1'), ('base', self.base)])}"


def picker(connection: Connection[Any], request: Req, here: str, standing: list[str], base: int = 0) -> Picker:
    """What is chosen: the address says it once a search was made, before that what stands, which `base` is the position of."""
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
    return Picker(here, typed, chosen, rest[:MOST], len(rest) - MOST, "elegido" in query, base)


def told(seen: Collection[str], stands: Collection[str]) -> str:
    """What somebody else changed of an alignment meanwhile, in words; nothing where it is the same."""
    added, gone = [code for code in stands if code not in seen], [code for code in seen if code not in stands]
    said = [f"agregó {', '.join(added)}"] if added else []
    said += [f"quitó {', '.join(gone)}"] if gone else []
    return f"Mientras usted elegía, otra persona {' y '.join(said)}: se conserva." if said else ""


def seen_at(connection: Connection[Any], base: int, stream: str, activity: int) -> tuple[tuple[str, ...] | None, int]:
    """The objectives of an activity at a position, and since which position they stand; None where it was not in the plan."""
    values, position = seen.values(connection, base, stream, "alignment", activity)
    return (values["objectives"] if values else None), position


def draw_one(request: Req, code: str, year: int, number: int, form: Form[Any] | None = None) -> Response[str]:
    """Draw the page that aligns one activity; after a refusal with what was chosen."""
    query, typed = request.query_params, form.typed if form else {}
    with request.app.state.database.snapshot() as connection:
        place = find_place(connection, Moment(), code, year)
        found = unit.activities(connection, Moment().position, place.stream, number)
        if not found or not number:
            raise NotFoundException
        sent = form["objectives"] if form else found[0].objectives
        base = base_of({BASE: [str(typed.get(BASE) or query.get(BASE, ""))]})
        here = f"{place.href}/actividades/{number}/alineamiento"
        stands, position = seen_at(connection, LATEST, place.stream, number)
        was, _ = seen_at(connection, base or LATEST, place.stream, number)
        made = picker(connection, request, here, [sent] if isinstance(sent, str) else sent, base or position)
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
        meanwhile=told(was or (), stands or ()),
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
    stream, base = stream_of(code, year), base_of(raw)
    with request.app.state.database.snapshot() as connection:
        was = seen_at(connection, base, stream, activity)[0] if base else None
    form = send(request, raw, AlignActivity, stream, activity=activity, seen=was)
    if form.done:
        events = [recorded.fact.event for recorded in form.done.facts]
        meanwhile = told(was, events[0].was) if was is not None and events else ""
        notice = f"El alineamiento quedó registrado. {meanwhile}".strip()
        return redirect(request, f"/ugel/{code}/{year}/actividades/{activity}", notice)
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
