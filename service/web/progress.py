"""The progress of a whole quarter on one sheet: every task of the unit, month by month or as a total, sent together."""

from contextlib import suppress
from decimal import Decimal
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from service.aggregates.quarter import MONTHS, RecordProgress
from service.ledger import stream_of
from service.projections import LATEST
from service.web import conflict, sheet
from service.web.corner import circumstances, find_place, whole
from service.web.form import Form, Raw, day, first, number
from service.web.page import Moment, Req, page, redirect
from service.web.quarter import four, number_of
from service.web.words import LONG_MONTHS, numero, plural

EDITABLE = {"none", "draft", "observed"}


def draw(request: Req, code: str, year: int, form: Form[Any] | None = None) -> Response[str]:
    """Draw the sheet of the quarter, with what became of it where it was sent."""
    quarter = number_of(request)
    with request.app.state.database.snapshot() as connection:
        place = find_place(connection, Moment(), code, year)
        shown = sheet.read(connection, LATEST, place, quarter)
        clash = conflict.lay_out(connection, place.stream, form) if form and form.clash else []
    if not place.plan_version or shown.status not in EDITABLE:
        raise NotFoundException
    view = sheet.view(shown, "", whole(request.query_params.get("pagina")))
    rows = [row for line in view.lines for activity in line.activities for row in activity.tasks]
    return page(
        request,
        "avance.html",
        part="_avance.html",
        status=form.status if form else 200,
        sheet=shown,
        view=view,
        place_of={row.task.task: n for n, row in enumerate(rows)},
        base=max((row.task.from_pos or 0 for row in rows), default=0),
        form=form or Form.fresh(),
        sent=form is not None,
        clash=clash,
        months=LONG_MONTHS[MONTHS * (quarter - 1) : MONTHS * quarter],
        **circumstances(request, Moment()),
    )


def show(request: Req, code: FromPath[str], year: FromPath[int]) -> Response[str]:
    """Show the sheet to fill."""
    return draw(request, code, year)


def record(request: Req, raw: NamedDependency[Raw], code: FromPath[str], year: FromPath[int]) -> Response[Any]:
    """Record what changed in the sheet, whole or not at all."""
    quarter = number_of(request)
    summed, on = added_up(raw), None
    try:
        on = day(first(raw, "on")) if first(raw, "on") else None
    except ValueError:
        form = Form[RecordProgress](typed={n: v[0] for n, v in raw.items()}, command_id=first(raw, "command_id"), status=422)
        form.errors["on"] = "Escriba la fecha como 30/09/2026."
        return draw(request, code, year, form)
    form = conflict.send(request, summed, RecordProgress, stream_of(code, year), on=on, quarter=quarter, activity=0)
    if not form.done:
        return draw(request, code, year, form)
    count = len(form.done.facts)
    said = (
        f"{plural(count, 'fila quedó registrada', 'filas quedaron registradas')}."
        if count
        else "No había nada nuevo que registrar."
    )
    at = f"?pagina={whole(request.query_params.get('pagina'))}" if request.query_params.get("pagina") else ""
    return redirect(request, f"/ugel/{code}/{year}/t{quarter}/avance{at}", said)


def added_up(raw: Raw) -> Raw:
    """The form with the total of each row whose months were written; rows without any have none."""
    made = dict(raw)
    for row in conflict.rows_of(raw).values():
        names = [f"entries-{row}-months-{place}" for place in range(MONTHS)]
        written = [first(raw, name) for name in names]
        if not any(written):
            for name in names:
                made.pop(name, None)
            continue
        with suppress(ValueError):
            total = sum((number(text) for text in written if text), Decimal(0))
            made[f"entries-{row}-executed"] = [numero(total, 10)]
    return made


ROUTES = [*four(get, "/avance", show), *four(post, "/avance", record, opt={"command": RecordProgress})]
