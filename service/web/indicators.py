"""The indicators of a unit's year: all of them in a table, and each with its definition, its quarters and its history."""

from collections.abc import Callable
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from psycopg import Connection

from service import people
from service.aggregates import Command
from service.aggregates.indicator import MOST, ChangeIndicator, DeclareIndicator, Definition, DropIndicator
from service.aggregates.indicator_proposal import ApproveIndicator, RejectIndicator
from service.aggregates.indicator_year import MODULES
from service.aggregates.unit_year import EVENTS
from service.ledger import stream_of
from service.projections import history, unit
from service.projections import indicator_page as read
from service.projections.quarter_page import Place
from service.web import facts_indicators, story
from service.web.corner import circumstances, find_place, forms, whole
from service.web.form import Form, Raw, first
from service.web.indicator_words import FIELDS
from service.web.page import Moment, Req, page, redirect, send
from service.web.words import exacto

PLACE = "/ugel/{code:str}/{year:int}/indicadores"
ONE = PLACE + "/{indicator:int}"
SUBJECTLESS = "Elija de qué es el indicador."
TYPES = tuple(str(kind.__struct_config__.tag) for kind in EVENTS if kind.__module__ in {module.__name__ for module in MODULES})
RESOLUTIONS = ("aprobacion", "rechazo")


def _shared(
    request: Req, connection: Connection[Any], moment: Moment, place: Place, sent: str, form: Form[Any] | None, *names: str
) -> dict[str, Any]:
    """What both pages are given: the unit, what there is to be an indicator of, the changes that wait, and their forms."""
    asked = read.proposals(connection, moment.position, place.stream)
    waiting = [each for each in asked if each.status == "proposed"]
    answers = (f"{noun}-{each.proposal}" for each in waiting for noun in RESOLUTIONS)
    return {
        "place": place,
        "waiting": waiting,
        "names": people.names(connection, {each.proposer for each in asked}),
        "activities": {each.activity: each for each in unit.activities(connection, moment.position, place.stream)},
        "lines": unit.lines(connection, moment.position, place.stream),
        "forms": forms(sent, form, *names, *answers),
        "typed": sent,
        "most": MOST,
        "said": facts_indicators.wanted,
        **circumstances(request, moment),
    }


def draw(
    request: Req, code: str, year: int, moment: Moment | None = None, *, form: Form[Any] | None = None, sent: str = ""
) -> Response[str]:
    """Draw the table, with what became of the form `sent` where there is one."""
    moment = moment or Moment()
    with request.app.state.database.snapshot() as connection:
        place = find_place(connection, moment, code, year)
        found = read.indicators(connection, moment.position, place.stream)
        shared = _shared(request, connection, moment, place, sent, form, "declaracion")
    told = {each.definition.activity for each in found if not each.dropped}
    loose = [each for each in shared["activities"].values() if each.indicator and each.activity not in told]
    picked = shared["activities"].get(whole(request.query_params.get("declarar")))
    if picked and not sent:
        shared["forms"]["declaracion"] = Form.fresh(
            about=f"actividad-{picked.activity}", name=picked.indicator, source=picked.verification
        )
    return page(
        request,
        "indicadores.html",
        part="_indicadores.html",
        status=form.status if form else 200,
        moment=moment,
        found=found,
        loose=loose,
        picked=picked,
        **shared,
    )


def draw_one(
    request: Req, code: str, year: int, number: int, moment: Moment | None = None, form: Form[Any] | None = None, sent: str = ""
) -> Response[str]:
    """Draw one indicator, with what became of the form `sent` where there is one.

    Raises:
        NotFoundException: there was no such indicator.

    """
    moment = moment or Moment()
    with request.app.state.database.snapshot() as connection:
        place = find_place(connection, moment, code, year)
        all_of_them = read.indicators(connection, moment.position, place.stream)
        it = next((each for each in all_of_them if each.indicator == number), None)
        if it is None:
            raise NotFoundException
        both = read.breaks(connection, moment.position, [stream_of(code, year - 1), place.stream])
        shared = _shared(request, connection, moment, place, sent, form, "cambio", "retiro")
        facts = history.find(connection, moment.position, place.stream, history.Wanted(types=TYPES), story.LONGEST_STORY)
        past = story.tell(connection, [deed for deed in facts if deed.event.indicator == number])
    shared["waiting"] = [each for each in shared["waiting"] if each.indicator == number]
    if sent != "cambio":
        shared["forms"]["cambio"].typed = written(it.definition) | {"version": str(it.version)}
    apart = [each for each in both if (each.stream, each.indicator, each.quarter) == (place.stream, number, 1)]
    return page(
        request,
        "indicador.html",
        part="_indicador.html",
        status=form.status if form else 200,
        moment=moment,
        it=it,
        apart=[FIELDS[name] for each in apart for name in each.fields],
        history=past,
        **shared,
    )


def written(it: Definition) -> dict[str, str | list[str]]:
    """A definition as its form shows it."""
    texts = ("name", "direction", "unit", "formula", "source", "baseline_from")
    shown: dict[str, str | list[str]] = {name: getattr(it, name) for name in texts}
    shown["about"] = f"actividad-{it.activity}" if it.activity else f"linea-{it.line}"
    figures = {"baseline": it.baseline, "tolerance": it.tolerance} | {f"targets-{n}": each for n, each in enumerate(it.targets)}
    figures |= {f"levels-{n}-percent": each.percent for n, each in enumerate(it.levels)}
    shown |= {name: "" if value is None else exacto(value) for name, value in figures.items()}
    return shown | {f"levels-{n}-text": each.text for n, each in enumerate(it.levels)}


def told(raw: Raw) -> dict[str, Any]:
    """What the indicator is of, as the list of a form says it: `actividad-12`, `linea-M1`."""
    kind, _, which = first(raw, "about").partition("-")
    return {"activity": whole(which) if kind == "actividad" else 0, "line": which if kind == "linea" else ""}


@get(PLACE, sync_to_thread=True)
def show(request: Req, moment: NamedDependency[Moment], code: FromPath[str], year: FromPath[int]) -> Response[str]:
    """Show the indicators of the year."""
    return draw(request, code, year, moment)


@get(ONE, sync_to_thread=True)
def show_one(
    request: Req, moment: NamedDependency[Moment], code: FromPath[str], year: FromPath[int], indicator: FromPath[int]
) -> Response[str]:
    """Show one indicator."""
    return draw_one(request, code, year, indicator, moment)


@post(PLACE, opt={"command": DeclareIndicator}, sync_to_thread=True)
def declare(request: Req, raw: NamedDependency[Raw], code: FromPath[str], year: FromPath[int]) -> Response[Any]:
    """Declare an indicator, or ask for it once the plan is approved."""
    form = send(request, raw, DeclareIndicator, stream_of(code, year), **told(raw))
    if form.done:
        return redirect(request, f"/ugel/{code}/{year}/indicadores", _notice(form, "El indicador quedó declarado."))
    return draw(request, code, year, form=form, sent="declaracion")


def _notice(form: Form[Any], otherwise: str) -> str:
    """What became of it: nothing new, asked for, or done."""
    if not form.done.facts:
        return "No había nada nuevo que registrar."
    if form.done.facts[0].fact.event.__struct_config__.tag == "indicator-proposed":
        return "El cambio quedó propuesto: otra persona de la DRE debe aprobarlo."
    return otherwise


def _step(noun: str, kind: type[Command], notice: str, more: Callable[[Raw], dict[str, Any]] = lambda _: {}) -> Any:
    """A changing route of one indicator."""

    @post(f"{ONE}/{noun}", opt={"command": kind}, sync_to_thread=True, name=f"indicator-{noun}")
    def carry(
        request: Req, raw: NamedDependency[Raw], code: FromPath[str], year: FromPath[int], indicator: FromPath[int]
    ) -> Response[Any]:
        form = send(request, raw, kind, stream_of(code, year), indicator=indicator, **more(raw))
        if form.done:
            return redirect(request, f"/ugel/{code}/{year}/indicadores/{indicator}", _notice(form, notice))
        return draw_one(request, code, year, indicator, form=form, sent=noun)

    return carry


def _resolution(noun: str, kind: type[Command], notice: str) -> Any:
    """A route that ends a change one way or the other."""

    @post(f"{PLACE}/cambios/{{proposal:int}}/{noun}", opt={"command": kind}, sync_to_thread=True, name=f"indicator-{noun}")
    def resolve(
        request: Req, raw: NamedDependency[Raw], code: FromPath[str], year: FromPath[int], proposal: FromPath[int]
    ) -> Response[Any]:
        form = send(request, raw, kind, stream_of(code, year), proposal=proposal)
        if form.done:
            return redirect(request, f"/ugel/{code}/{year}/indicadores", notice)
        return draw(request, code, year, form=form, sent=f"{noun}-{proposal}")

    return resolve


ROUTES = (
    show,
    show_one,
    declare,
    _step("cambio", ChangeIndicator, "El indicador quedó cambiado.", told),
    _step("retiro", DropIndicator, "El indicador quedó retirado; su historia se conserva."),
    _resolution("aprobacion", ApproveIndicator, "El cambio quedó aprobado y rige desde ahora."),
    _resolution("rechazo", RejectIndicator, "El cambio quedó rechazado: todo sigue como estaba."),
)
