"""Support sessions: sensibilización and asistencia técnica, convened by the DRE; who came, what each UGEL took on, whether it did."""

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from psycopg import Connection

from service import people
from service.aggregates import Command
from service.aggregates.support import (
    Attendee,
    CancelSupport,
    ChangeSupport,
    ConveneSupport,
    RecordAttendance,
    ReportUndertaking,
    TakeOn,
    VerifyUndertaking,
)
from service.ledger import region_of
from service.projections import support_page as read
from service.web.board import years
from service.web.board_filters import asked_year
from service.web.corner import circumstances, day_of, forms, invited
from service.web.form import Form, Raw
from service.web.form import read as read_form
from service.web.page import Moment, Req, page, redirect, send

YEAR = "/apoyo/{year:int}"
ONE = f"{YEAR}/{{support:int}}"
KINDS = (("sensibilización", "Sensibilización institucional"), ("asistencia técnica", "Asistencia técnica especializada"))


@get("/apoyo", sync_to_thread=True)
def show_all(request: Req, moment: NamedDependency[Moment]) -> Response[str]:
    """Show the sessions of a year, with how many came and what is still to be done."""
    year, at = asked_year(request), moment.position
    with request.app.state.database.snapshot() as connection:
        found = read.supports(connection, at, region_of(year))
        taken = read.undertakings(connection, at, [region_of(year)])
        known = years(connection, at, year, day_of(request, moment).year)
    around = circumstances(request, moment)
    return page(
        request, "apoyos.html", part="_apoyos.html", moment=moment, year=year, years=known, supports=found, taken=taken, **around
    )


def _ugels(request: Req) -> dict[str, str]:
    return {code: unit.name for code, unit in sorted(request.user.dre.units.items()) if unit.kind == "ugel"}


def draw_form(request: Req, year: int, form: Form[Any], support: int = 0) -> Response[str]:
    """Draw the form of a session, a new one or one that is changed."""
    around = circumstances(request, Moment())
    return page(
        request,
        "apoyo_forma.html",
        status=form.status,
        year=year,
        support=support,
        form=form,
        ugels=_ugels(request),
        kinds=KINDS,
        **around,
    )


@get(f"{YEAR}/nueva", sync_to_thread=True)
def write(request: Req, year: FromPath[int]) -> Response[str]:
    """Show the form of a new session."""
    return draw_form(request, year, Form.fresh(units=list(_ugels(request))))


@get(f"{ONE}/cambiar", sync_to_thread=True)
def rewrite(request: Req, year: FromPath[int], support: FromPath[int]) -> Response[str]:
    """Show the form filled with what stands."""
    with request.app.state.database.snapshot() as connection:
        it = _one(connection, Moment(), year, support)
    typed: dict[str, str | list[str]] = {"kind": it.kind, "title": it.title, "day": it.day.isoformat(), "place": it.place}
    typed |= {"virtual": "1" if it.virtual else "", "units": it.units, "agenda": it.agenda}
    for number, (title, reference) in enumerate(it.handouts):
        typed |= {f"materials-{number}-title": title, f"materials-{number}-reference": reference}
    return draw_form(request, year, Form.fresh(**typed), support)


def _sent(request: Req, raw: Raw, kind: type[Any], year: int, **fixed: Any) -> Form[Any]:
    """Send the form of a session; only UGEL of the list may be invited."""
    if set(raw.get("units", ())) - set(_ugels(request)):
        form: Form[Any] = read_form(kind, raw, **fixed)
        form.errors["units"], form.status = "Elija las UGEL de la lista.", 422
        return form
    return send(request, raw, kind, region_of(year), **fixed)


@post(YEAR, opt={"command": ConveneSupport}, sync_to_thread=True)
def convene(request: Req, raw: NamedDependency[Raw], year: FromPath[int]) -> Response[str]:
    """Convene a session."""
    form = _sent(request, raw, ConveneSupport, year)
    if not form.done:
        return draw_form(request, year, form)
    return redirect(request, f"/apoyo/{year}/{form.done.facts[0].fact.event.support}", "La jornada quedó convocada.")


@post(f"{ONE}/cambiar", opt={"command": ChangeSupport}, sync_to_thread=True)
def change(request: Req, raw: NamedDependency[Raw], year: FromPath[int], support: FromPath[int]) -> Response[str]:
    """Change a session that was not held yet."""
    form = _sent(request, raw, ChangeSupport, year, support=support)
    if not form.done:
        return draw_form(request, year, form, support)
    return redirect(request, f"/apoyo/{year}/{support}", "La jornada quedó cambiada.")


def _one(connection: Connection[Any], moment: Moment, year: int, support: int) -> read.Support:
    """One session.

    Raises:
        NotFoundException: it did not exist then.

    """
    found = read.supports(connection, moment.position, region_of(year), support)
    if not found or not support:
        raise NotFoundException
    return found[0]


def draw(request: Req, moment: Moment | None = None, *, form: Form[Any] | None = None, sent: str = "") -> Response[str]:
    """Draw the session of the address, with what became of the form `sent` where there is one."""
    year, number = request.path_params["year"], request.path_params["support"]
    moment = moment or Moment()
    with request.app.state.database.snapshot() as connection:
        it = _one(connection, moment, year, number)
        taken = read.undertakings(connection, moment.position, [region_of(year)], support=number)
        able = invited(request.user.dre, it.day, it.units)
        ids = {person for group in able.values() for person, _ in group} | set(it.persons) | {u.reporter for u in taken}
        names = people.names(connection, ids - {""})
    nouns = (f"{noun}-{u.undertaking}" for u in taken for noun in ("informe", "verificacion"))
    return page(
        request,
        "apoyo.html",
        part="_apoyo.html",
        status=form.status if form else 200,
        moment=moment,
        year=year,
        it=it,
        stream=region_of(year),
        here=f"/apoyo/{year}/{number}",
        taken=taken,
        able=able,
        names=names,
        kinds=dict(KINDS),
        forms=forms(sent, form, "asistencia", "cancelacion", *(f"asumidos-{code}" for code in it.units), *nouns),
        **circumstances(request, moment),
    )


@get(ONE, sync_to_thread=True)
def show(request: Req, moment: NamedDependency[Moment], year: FromPath[int], support: FromPath[int]) -> Response[str]:
    """Show one session."""
    return draw(request, moment)


@post(f"{ONE}/asistencia", opt={"command": RecordAttendance}, sync_to_thread=True)
def attend(request: Req, raw: NamedDependency[Raw], year: FromPath[int], support: FromPath[int]) -> Response[str]:
    """Record everybody who came, each in the charge held that day."""
    with request.app.state.database.snapshot() as connection:
        it = _one(connection, Moment(), year, support)
    able = invited(request.user.dre, it.day, it.units)
    known = {f"{person} {charge}": Attendee(person=person, charge=charge) for g in able.values() for person, charge in g}
    marked = [known.get(text) for text in raw.get("attendees", ())]
    attendees = tuple(each for each in marked if each)
    if not attendees or None in marked:
        form = Form[Any](command_id=Form.fresh().command_id, status=422)
        form.errors["attendees"] = "Marque a quienes asistieron, de la lista."
        return draw(request, form=form, sent="asistencia")
    form = send(request, raw, RecordAttendance, region_of(year), support=support, attendees=attendees)
    if not form.done:
        return draw(request, form=form, sent="asistencia")
    return redirect(request, f"/apoyo/{year}/{support}", "La asistencia quedó registrada.")


def _step(kind: type[Command], address: str, noun: str, notice: str) -> Any:
    """A changing route of a session; what the command names comes from the address: session, unit, undertaking."""

    @post(f"{ONE}/{address}", opt={"command": kind}, sync_to_thread=True, name=f"support-{noun}")
    def carry(request: Req, raw: NamedDependency[Raw], year: FromPath[int], support: FromPath[int]) -> Response[str]:
        values: dict[str, Any] = dict(request.path_params)
        fixed = {"unit" if name == "code" else name: value for name, value in values.items()}
        form = send(request, raw, kind, region_of(year), **{n: fixed[n] for n in kind.__struct_fields__ if n in fixed})
        if form.done:
            return redirect(request, f"/apoyo/{year}/{support}", notice)
        which = values.get("undertaking", values.get("code", ""))
        return draw(request, form=form, sent=f"{noun}-{which}".rstrip("-"))

    return carry


TAKEN = "asumidos/{code:str}"
ROUTES = (
    show_all,
    write,
    rewrite,
    convene,
    change,
    show,
    attend,
    _step(CancelSupport, "cancelacion", "cancelacion", "La jornada quedó cancelada."),
    _step(TakeOn, TAKEN, "asumidos", "Lo asumido quedó registrado."),
    _step(ReportUndertaking, TAKEN + "/{undertaking:int}/informe", "informe", "Quedó informado: la DRE lo verificará."),
    _step(VerifyUndertaking, TAKEN + "/{undertaking:int}/verificacion", "verificacion", "La verificación quedó registrada."),
)
