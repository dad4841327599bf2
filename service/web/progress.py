"""The progress of a whole quarter on one sheet: every task of the unit, month by month or as a total, sent together."""

from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from service import people
from service.aggregates import ROMAN
from service.aggregates.quarter_progress import MONTHS, RecordProgress
from service.ledger import stream_of
from service.projections import quarter_rows
from service.projections.quarter_page import Place
from service.web import conflict, sheet, since
from service.web import import_desk as desk
from service.web.corner import circumstances, find_place, whole
from service.web.download import cutoff
from service.web.form import Form, Raw, first
from service.web.incoming import LARGEST_BODY
from service.web.page import LAST_DAY, Moment, Req, last_of, page, redirect
from service.web.quarter import four, number_of
from service.web.session import Session
from service.web.typed import day, number
from service.web.words import LONG_MONTHS, exacto, numero, plural
from service.workbook import WorkbookError, quarter_book

EVERYTHING = 1_000_000
OTHER_SHEET = "La hoja es de otro trimestre o unidad: {}. Esta página es de: {}. Descargue la hoja de esta página y llene esa."
EDITABLE = {"none", "draft", "observed"}


def draw(
    request: Req,
    code: str,
    year: int,
    form: Form[Any] | None = None,
    filled: quarter_book.Filled | None = None,
    moment: Moment | None = None,
) -> Response[str]:
    """Draw the sheet of the quarter, with what became of it where it was sent, or with what a workbook says."""
    quarter, moment = number_of(request), moment or Moment()
    with request.app.state.database.snapshot() as connection:
        place = find_place(connection, moment, code, year)
        shown = sheet.read(connection, moment.position, place, quarter)
        changed = since.read(connection, moment.position, shown)
        clash = conflict.lay_out(connection, place.stream, form) if form and form.clash else []
    if not place.plan_version or (shown.status not in EDITABLE and form is None and filled is None):
        raise NotFoundException
    all_rows = filled is not None or "todo" in request.query_params
    view = sheet.view(shown, "", whole(request.query_params.get("pagina")), EVERYTHING if all_rows else sheet.PER_PAGE)
    rows = [row for line in view.lines for activity in line.activities for row in activity.tasks]
    if filled is not None:
        form = _carried(filled, rows)
    return page(
        request,
        "avance.html",
        part="_avance.html",
        status=form.status if form else 200,
        moment=moment,
        sheet=shown,
        since=changed,
        view=view,
        place_of={row.task.task: n for n, row in enumerate(rows)},
        base=max((row.task.from_pos or 0 for row in rows), default=0),
        form=form or Form.fresh(),
        sent=form is not None,
        clash=clash,
        filled=filled,
        whole_sheet=all_rows,
        months=months_of(quarter),
        **circumstances(request, moment) | {"writes": not moment.past and request.user.may(RecordProgress, code)},
    )


def _carried(filled: quarter_book.Filled, rows: list[sheet.TaskRow]) -> Form[RecordProgress]:
    """The sheet as the workbook fills it; where a cell is empty, as it stands. Nothing is recorded until it is sent."""
    form, given = Form[RecordProgress].fresh(base=str(filled.base)), {line.task: line for line in filled.lines}
    for n, row in enumerate(rows):
        task, line = row.task, given.pop(row.task.task, None)
        stands = {f"months-{place}": exacto(month) for place, month in enumerate(task.months)}
        stands |= {"executed": "" if task.executed is None else exacto(task.executed), "evidence": task.evidence}
        cells = line.cells if line else {}
        total = cells.get("executed") and not any(cells.get(f"months-{place}") for place in range(MONTHS))
        for name in (*(f"months-{place}" for place in range(MONTHS)), "executed", "evidence", "reason"):
            kept = "" if total and name.startswith("months") else stands.get(name, task.reason if name == "reason" else "")
            form.typed[f"entries-{n}-{name}"] = cells.get(name) or kept
    unsummed = tuple(_unsummed(filled, {row.task.task: row.task.executed for row in rows}))
    strange = tuple(f"Fila {line.row}, columna A: la tarea {line.task} no está en este trimestre." for line in given.values())
    form.items = (*filled.problems, *unsummed, *strange)
    form.status = 422 if form.items else 200
    return form


def _unsummed(filled: quarter_book.Filled, stands: dict[int, Decimal | None]) -> Iterator[str]:
    """The rows whose total was written anew and is not the sum of the months beside it: one of the two is not meant."""
    for line in filled.lines:
        texts = [line.cells[f"months-{place}"] for place in range(MONTHS)]
        if not line.cells["executed"] or not any(texts) or line.task not in stands:
            continue
        try:
            total, summed = number(line.cells["executed"]), sum((number(text) for text in texts if text), Decimal(0))
        except ValueError:
            continue  # the cell is told by itself
        if total not in {summed, stands[line.task]}:
            yield f"Fila {line.row}: sus meses suman {numero(summed, 10)} y Ejecutado dice {numero(total, 10)}. Corrija uno."


def months_of(quarter: int) -> tuple[str, ...]:
    """The names of the three months of a quarter."""
    return LONG_MONTHS[MONTHS * (quarter - 1) : MONTHS * quarter]


def show(request: Req, moment: NamedDependency[Moment], code: FromPath[str], year: FromPath[int]) -> Response[str]:
    """Show the sheet, to fill for who may."""
    return draw(request, code, year, moment=moment)


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
    shown = whole(request.query_params.get("pagina"))
    at = f"?pagina={shown}" if shown else ""
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


def export(
    request: Req, session: NamedDependency[Session], moment: NamedDependency[Moment], code: FromPath[str], year: FromPath[int]
) -> Response[bytes]:
    """The sheet at the moment as a workbook: to fill and send back."""
    quarter = number_of(request)
    with request.app.state.database.snapshot() as connection:
        place = find_place(connection, moment, code, year)
        tasks = quarter_rows.tasks(connection, moment.position, place.stream, quarter)
        position = moment.position if moment.past else last_of(connection, LAST_DAY)
    with request.app.state.database.connection() as connection:
        people.note_access(connection, session.id, f"exportó {request.url.path}?{request.url.query}")
    rows = [
        (
            t.task,
            t.line_name,
            t.activity_name,
            t.name,
            t.unit,
            t.programmed,
            t.earlier,
            *(t.months or (None,) * MONTHS),
            t.executed,
            t.evidence or None,
            t.reason or None,
            t.late or None,
        )
        for t in tasks
    ]
    months = [month.capitalize() for month in months_of(quarter)]
    title = f"Avances {place.name} {year}-{quarter}"
    content = quarter_book.write(title[:31], months, rows, cutoff(position, None), _whose(place, quarter))
    return desk.sheet(content, f"avance-{code}-{year}-t{quarter}.xlsx")


def _whose(place: Place, quarter: int) -> tuple[str, str]:
    """The mark of the quarter in its sheet, and the words for it."""
    return quarter_book.mark(place.code, place.year, quarter), f"{ROMAN[quarter]} trimestre {place.year}, {place.name}"


def upload(request: Req, archivo: NamedDependency[tuple[str, bytes]], code: FromPath[str], year: FromPath[int]) -> Response[str]:
    """Lay a filled workbook over the sheet, with what is wrong by row and column; nothing is recorded.

    The sheet of another unit, year or quarter has the same task numbers, and is refused.
    """
    quarter = number_of(request)
    with request.app.state.database.snapshot() as connection:
        mark, here = _whose(find_place(connection, Moment(), code, year), quarter)
    form = Form[RecordProgress].fresh()
    try:
        with desk.turn():
            filled = quarter_book.read(archivo[1], months_of(quarter))
    except WorkbookError as error:
        form.errors["archivo"], form.status = error.message, 413 if error.kind == "too-large" else 422
        return draw(request, code, year, form)
    if filled.belongs in {"", mark}:
        return draw(request, code, year, filled=filled)
    form.errors["archivo"], form.status = OTHER_SHEET.format(filled.named, here), 422
    return draw(request, code, year, form)


ROUTES = [
    *four(get, "/avance", show),
    *four(post, "/avance", record, opt={"command": RecordProgress}),
    *four(get, "/avance.xlsx", export),
    *four(post, "/avance/hoja", upload, opt={"command": RecordProgress}, request_max_body_size=LARGEST_BODY),
]
