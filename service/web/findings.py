"""Findings: what went well, the critical knot, the room for improvement."""

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from service.aggregates.finding import RecordFinding
from service.ledger import region_of, stream_of
from service.projections import board, commitment_page, improvement_page, knot_page, unit
from service.projections import followup_page as read
from service.web import agreements, conversation
from service.web.corner import circumstances, find_place, whole
from service.web.form import Form, Raw
from service.web.page import Moment, Req, page, redirect, send

PLACE = "/ugel/{code:str}/{year:int}/hallazgos"
ONE = f"{PLACE}/{{finding:int}}"


@get(PLACE, sync_to_thread=True)
def show_all(request: Req, moment: NamedDependency[Moment], code: FromPath[str], year: FromPath[int]) -> Response[str]:
    """Show every finding of the unit's year."""
    with request.app.state.database.snapshot() as connection:
        place = find_place(connection, moment, code, year)
        found = read.findings(connection, moment.position, place.stream)
    around = circumstances(request, moment)
    return page(request, "hallazgos.html", part="_hallazgos.html", moment=moment, place=place, findings=found, **around)


def draw_new(request: Req, code: str, year: int, form: Form[RecordFinding]) -> Response[str]:
    """Draw the form of a new finding; what it may rest on is listed."""
    moment = Moment()
    with request.app.state.database.snapshot() as connection:
        place = find_place(connection, moment, code, year)
        official = board.officials(connection, moment.position, [place.stream])
        activities = unit.activities(connection, moment.position, place.stream)
        alerts = read.alerts(connection, moment.position, place.stream)
    return page(
        request,
        "hallazgo_nuevo.html",
        status=form.status,
        place=place,
        quarters=sorted(each.quarter for each in official if each.percent is not None),
        activities=activities,
        alerts=alerts,
        form=form,
        **circumstances(request, moment),
    )


@get(f"{PLACE}/nuevo", sync_to_thread=True)
def write(request: Req, code: FromPath[str], year: FromPath[int]) -> Response[str]:
    """Show the form, filled with the quarter, activity or alert one came from."""
    query = request.query_params
    asked = {"quarter": "trimestre", "activity": "actividad", "alert": "alerta"}
    typed: dict[str, str | list[str]] = {field: str(whole(query.get(name)) or "") for field, name in asked.items()}
    return draw_new(request, code, year, Form.fresh(**typed))


@post(PLACE, opt={"command": RecordFinding}, sync_to_thread=True)
def record(request: Req, raw: NamedDependency[Raw], code: FromPath[str], year: FromPath[int]) -> Response[Any]:
    """Record a finding."""
    form = send(request, raw, RecordFinding, stream_of(code, year))
    if not form.done:
        return draw_new(request, code, year, form)
    number = form.done.facts[0].fact.event.finding
    return redirect(request, f"/ugel/{code}/{year}/hallazgos/{number}", "El hallazgo quedó registrado.")


@get(ONE, sync_to_thread=True)
def show(
    request: Req, moment: NamedDependency[Moment], code: FromPath[str], year: FromPath[int], finding: FromPath[int]
) -> Response[str]:
    """Show one finding, what it rests on, its commitments."""
    with request.app.state.database.snapshot() as connection:
        place = find_place(connection, moment, code, year)
        found = read.finding(connection, moment.position, place.stream, finding)
        if found is None:
            raise NotFoundException
        alert = read.alert(connection, moment.position, place.stream, found.alert) if found.alert else None
        commitments = commitment_page.commitments(connection, moment.position, code, year)
        agreed = agreements.about(connection, moment.position, code, year, "finding", finding)
        knot = knot_page.of(connection, moment.position, region_of(year), code, finding)
        talk = conversation.read(request, connection, moment, place.stream, "finding", finding)
        answered = improvement_page.measures(connection, moment.position, place.stream)
    return page(
        request,
        "hallazgo.html",
        part="_hallazgo.html",
        moment=moment,
        place=place,
        it=found,
        agreed=agreed,
        alert=alert,
        knot=knot,
        talk=talk,
        measures=[each for each in answered if finding in each.findings and not each.dropped],
        commitments=[each for each in commitments if finding in each.findings and not each.origin],
        **circumstances(request, moment),
    )


ROUTES = [show_all, write, record, show]
