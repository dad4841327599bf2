"""The sessions of a year, the region's and each unit's: the list, their agreements as a file, and the form to convene one."""

import csv
import io
from collections.abc import Callable, Sequence
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency

from service import people
from service.aggregates import DRE, ROMAN, Command
from service.aggregates.session import ChangeSession, ConveneSession
from service.ledger import region_of, stream_of
from service.projections import history
from service.projections import session_page as read
from service.web import matters
from service.web.agreements import OUTCOMES
from service.web.board import years
from service.web.board_filters import asked_year
from service.web.corner import circumstances, day_of, find_place, office
from service.web.download import cutoff, workbook
from service.web.form import Form, Raw
from service.web.form import read as read_form
from service.web.history_file import safe
from service.web.page import Invalid, Moment, Req, page, redirect, send
from service.web.sitting import ONE, both, find, where
from service.web.words import STATES
from service.workbook.table import Cell, Table

KINDS = (("ordinaria", "Ordinaria"), ("extraordinaria", "Extraordinaria"))
ABOUT = ("Sesión", "Unidad", "Trimestre", "Fecha", "Estado", "Acuerdo", "Texto", "Decide sobre", "Responsable", "Plazo")
HEADS = (*ABOUT, "Resultado", "A favor", "En contra", "Abstenciones", "Hecho n.º")


def streams(request: Req, year: int) -> list[str]:
    """The region's year and those of every unit."""
    return [region_of(year), *(stream_of(code, year) for code in sorted(request.user.dre.units))]


@get("/sesiones", sync_to_thread=True)
def show_all(request: Req, moment: NamedDependency[Moment]) -> Response[str]:
    """Show the sessions of a year, with how many came and what was agreed."""
    year, at = asked_year(request), moment.position
    with request.app.state.database.snapshot() as connection:
        found = read.sessions(connection, at, streams(request, year))
        came = read.attendance(connection, at, streams(request, year))
        agreed = read.agreements(connection, at, streams(request, year))
        known = years(connection, at, year, day_of(request, moment).year)
    counts: dict[tuple[str, int], int] = {}
    for each in agreed:
        counts[each.stream, each.session] = counts.get((each.stream, each.session), 0) + (not each.withdrawn)
    around = circumstances(request, moment)
    values: dict[str, Any] = {
        "sessions": found,
        "came": came,
        "counts": counts,
        "year": year,
        "years": known,
        "own": _own(request),
    }
    return page(request, "sesiones.html", part="_sesiones.html", moment=moment, **values, **around)


def _own(request: Req) -> list[str]:
    """The units in which this reader may convene: the own one, and for the office all of them; the region's is the DRE's."""
    return [code for code in sorted(request.user.dre.units) if request.user.may(ConveneSession, code)]


@get("/sesiones/acuerdos", sync_to_thread=True)
def export(request: Req, moment: NamedDependency[Moment]) -> Response[bytes]:
    """The agreements of a year, or of one unit's sessions (`ugel`), as `formato` asks: a workbook or a text table."""
    year, kind, code = asked_year(request), request.query_params.get("formato", "xlsx"), request.query_params.get("ugel", "")
    if kind not in {"xlsx", "csv"}:
        message = f"«formato» debe ser xlsx o csv; dice «{kind[:40]}»."
        raise Invalid(message)
    wanted = [each for each in streams(request, year) if not code or each == stream_of(code, year)]
    with request.app.state.database.snapshot() as connection:
        found = {(each.stream, each.session): each for each in read.sessions(connection, moment.position, wanted)}
        agreed = read.agreements(connection, moment.position, wanted)
        head = history.head(connection, moment.position)
    with request.app.state.database.connection() as connection:
        people.note_access(connection, request.user.id, f"exportó los acuerdos {year}, corte n.º {head.position}")
    rows = [_row(request, found[each.stream, each.session], each) for each in agreed]
    name = f"acuerdos-{code if code in request.user.dre.units else 'region'}-{year}"
    if kind == "xlsx":
        title = f"Acuerdos de sesiones {year}"
        return workbook(title, [Table(title, HEADS, rows, (cutoff(head.position, head.at),))], f"{name}.xlsx")
    headers = {"content-disposition": f'attachment; filename="{name}.csv"'}
    return Response(_csv(rows), media_type="text/csv; charset=utf-8", headers=headers)


def _row(request: Req, it: read.Session, each: read.Agreement) -> tuple[Cell, ...]:
    units = {code: unit.name for code, unit in request.user.dre.units.items()}
    about = "; ".join(matters.link(key, it.year, units).text for key in each.matters)
    return (
        it.session,
        "Región" if it.regional else units.get(it.code, it.code),
        ROMAN[it.quarter],
        it.day,
        STATES["session"][it.status].word,
        each.agreement,
        each.text,
        about,
        office(request.user.dre, each.responsible) if each.responsible else "",
        each.due,
        "Retirado" if each.withdrawn else OUTCOMES[each.outcome],
        *(each.count(choice) for choice in ("a favor", "en contra", "abstención")),
        each.position,
    )


def _csv(rows: Sequence[Sequence[Cell]]) -> bytes:
    """With the mark by which spreadsheets know UTF-8; no text is taken for a formula."""
    file = io.StringIO()
    out = csv.writer(file)
    out.writerow(HEADS)
    for row in rows:
        out.writerow([safe(value) if isinstance(value, str) else value for value in row])
    return file.getvalue().encode("utf-8-sig")


def draw_form(request: Req, form: Form[Any]) -> Response[str]:
    """Draw the form of a session, a new one or one that is changed."""
    at, number = where(request), request.path_params.get("number", 0)
    if not at.regional:
        with request.app.state.database.snapshot() as connection:
            find_place(connection, Moment(), at.code, at.year)
    ugels = {code: unit.name for code, unit in sorted(request.user.dre.units.items()) if unit.kind == "ugel"}
    around = circumstances(request, Moment())
    values = {"at": at, "number": number, "form": form, "ugels": ugels, "kinds": KINDS}
    return page(request, "sesion_forma.html", status=form.status, **values, **around)


def write(request: Req) -> Response[str]:
    """Show the form of a new session; a regional one calls every UGEL."""
    ugels = [code for code, unit in request.user.dre.units.items() if unit.kind == "ugel"]
    return draw_form(request, Form.fresh(units=sorted(ugels) if where(request).regional else []))


def rewrite(request: Req) -> Response[str]:
    """Show the form filled with what stands."""
    at = where(request)
    with request.app.state.database.snapshot() as connection:
        it = find(connection, Moment(), at, request.path_params["number"]).it
    typed: dict[str, str | list[str]] = {name: str(getattr(it, name)) for name in ("kind", "quarter", "place", "hour")}
    units = it.units if at.regional else []
    return draw_form(request, Form.fresh(**typed, day=it.day.isoformat(), virtual="1" if it.virtual else "", units=units))


def _sent(request: Req, raw: Raw, kind: type[Any], wrap: Callable[[Any], Command] | None = None, **fixed: Any) -> Form[Any]:
    """Send the form of a session; only UGEL of the list may be called."""
    if any(code not in request.user.dre.units or code == DRE for code in raw.get("units", ())):
        form: Form[Any] = read_form(kind, raw, **fixed)
        form.errors["units"], form.status = "Elija las UGEL de la lista.", 422
        return form
    return send(request, raw, kind, where(request).stream, wrap=wrap, **fixed)


def convene(request: Req, raw: NamedDependency[Raw]) -> Response[str]:
    """Convene a session."""
    at = where(request)
    form = _sent(request, raw, ConveneSession, wrap=lambda call: _prepared(request, call))
    if not form.done:
        return draw_form(request, form)
    number = form.done.facts[0].fact.event.session
    return redirect(
        request,
        f"{at.href}/{number}",
        "La sesión quedó convocada, con lo pendiente en su agenda: ordénela, agregue o retire puntos.",
    )


def _prepared(request: Req, call: ConveneSession) -> ConveneSession:
    """With what waits for a decision on the agenda; the page says what of it is left."""
    units = {code: unit.name for code, unit in request.user.dre.units.items()}
    with request.app.state.database.snapshot() as connection:
        return matters.prepared(connection, where(request).stream, call, units)


def change(request: Req, raw: NamedDependency[Raw]) -> Response[str]:
    """Change a session that did not begin."""
    at, number = where(request), request.path_params["number"]
    form = _sent(request, raw, ChangeSession, session=number)
    if not form.done:
        return draw_form(request, form)
    return redirect(request, f"{at.href}/{number}", "La convocatoria quedó cambiada.")


ROUTES = [
    show_all,
    export,
    *both(get, "/nueva", write),
    *both(get, f"{ONE}/cambiar", rewrite),
    *both(post, "", convene, opt={"command": ConveneSession}),
    *both(post, f"{ONE}/cambiar", change, opt={"command": ChangeSession}),
]
