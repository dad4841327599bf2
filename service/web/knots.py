"""Regional knots: the DRE groups critical knots of several UGEL and takes them out again, each time with its reason."""

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from psycopg import Connection

from service import people
from service.aggregates import Command
from service.aggregates.knot import EVENTS, GroupFindings, JoinKnot, UngroupFindings
from service.ledger import region_of, stream_of
from service.projections import history
from service.projections import knot_page as read
from service.web import story
from service.web.board import years
from service.web.board_filters import asked_year
from service.web.corner import circumstances, day_of, forms
from service.web.form import Form, Raw
from service.web.page import Moment, Req, page, redirect, send

ONE = "/nudos/{year:int}/{knot:int}"


def _findings(connection: Connection[Any], request: Req, at: int, year: int) -> list[read.Found]:
    streams = [stream_of(code, year) for code, unit in sorted(request.user.dre.units.items()) if unit.kind == "ugel"]
    return read.findings(connection, at, region_of(year), streams)


def draw_all(request: Req, year: int, moment: Moment | None = None, form: Form[Any] | None = None) -> Response[str]:
    """Draw the regional knots of a year, and the critical knots that are in none."""
    moment = moment or Moment()
    with request.app.state.database.snapshot() as connection:
        knots = read.knots(connection, moment.position, region_of(year))
        found = _findings(connection, request, moment.position, year)
        known = years(connection, moment.position, year, day_of(request, moment).year)
    return page(
        request,
        "nudos.html",
        status=form.status if form else 200,
        moment=moment,
        year=year,
        years=known,
        knots=knots,
        inside={each.knot: [f for f in found if f.knot == each.knot] for each in knots},
        loose=[each for each in found if not each.knot],
        form=form or Form.fresh(),
        **circumstances(request, moment),
    )


@get("/nudos", sync_to_thread=True)
def show_all(request: Req, moment: NamedDependency[Moment]) -> Response[str]:
    """Show the regional knots of the year asked for."""
    return draw_all(request, asked_year(request), moment)


def draw(
    request: Req, year: int, knot: int, moment: Moment | None = None, sent: str = "", form: Form[Any] | None = None
) -> Response[str]:
    """Draw one regional knot with the findings it gathers, and what became of a form where there is one."""
    moment = moment or Moment()
    with request.app.state.database.snapshot() as connection:
        it = next((each for each in read.knots(connection, moment.position, region_of(year)) if each.knot == knot), None)
        if it is None:
            raise NotFoundException
        found = _findings(connection, request, moment.position, year)
        wanted = history.Wanted(types=tuple(sorted(str(kind.__struct_config__.tag) for kind in EVENTS)))
        deeds = history.find(connection, moment.position, region_of(year), wanted, story.LONGEST_STORY)
        told = story.tell(connection, [deed for deed in deeds if deed.event.knot == knot])
        names = people.names(connection, [it.person])
    return page(
        request,
        "nudo.html",
        status=form.status if form else 200,
        moment=moment,
        year=year,
        it=it,
        author=names.get(it.person, ""),
        findings=[each for each in found if each.knot == knot],
        loose=[each for each in found if not each.knot],
        history=told,
        forms=forms(sent, form, "adicion", "retiro"),
        **circumstances(request, moment),
    )


@get(ONE, sync_to_thread=True)
def show(request: Req, moment: NamedDependency[Moment], year: FromPath[int], knot: FromPath[int]) -> Response[str]:
    """Show one regional knot."""
    return draw(request, year, knot, moment)


def _send(request: Req, raw: Raw, kind: type[Command], year: int, **fixed: Any) -> Form[Any]:
    """Carry the form out if it names findings that are there; the region's stream itself does not know them."""
    with request.app.state.database.snapshot() as connection:
        known = {each.name for each in _findings(connection, request, Moment().position, year)}
    if strange := {text for text in raw.get("findings", ()) if text} - known:
        form: Form[Any] = Form.fresh(**{name: values[0] if len(values) == 1 else list(values) for name, values in raw.items()})
        form.errors["findings"] = f"Elija hallazgos de la lista: {', '.join(sorted(strange))[:80]} no está."
        form.status = 422
        return form
    return send(request, raw, kind, region_of(year), **fixed)


@post("/nudos/{year:int}", opt={"command": GroupFindings}, sync_to_thread=True)
def group(request: Req, raw: NamedDependency[Raw], year: FromPath[int]) -> Response[Any]:
    """Make a regional knot of critical knots."""
    form = _send(request, raw, GroupFindings, year)
    if not form.done:
        return draw_all(request, year, form=form)
    return redirect(request, f"/nudos/{year}/{form.done.facts[0].fact.event.knot}", "El nudo regional quedó registrado.")


def _step(noun: str, kind: type[Command], notice: str) -> Any:
    """The changing route of one step; its noun is its address."""

    @post(f"{ONE}/{noun}", opt={"command": kind}, sync_to_thread=True, name=f"knot-{noun}")
    def carry(request: Req, raw: NamedDependency[Raw], year: FromPath[int], knot: FromPath[int]) -> Response[Any]:
        form = _send(request, raw, kind, year, knot=knot)
        if not form.done:
            return draw(request, year, knot, sent=noun, form=form)
        return redirect(request, f"/nudos/{year}/{knot}", notice)

    return carry


ROUTES = (
    show_all,
    show,
    group,
    _step("adicion", JoinKnot, "Los hallazgos quedaron en el nudo regional."),
    _step("retiro", UngroupFindings, "Los hallazgos quedaron fuera del nudo regional."),
)
