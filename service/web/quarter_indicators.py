"""The indicators of a quarter: their values, written together; what the DRE objects to; and the same as a file."""

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from service import people
from service.aggregates.indicator_measure import ObserveMeasure, RecordMeasures
from service.ledger import stream_of
from service.projections import history, quarter_page
from service.projections import indicator_page as read
from service.web import since
from service.web.corner import circumstances, find_place, forms
from service.web.coverage_files import separated
from service.web.download import cutoff, workbook
from service.web.form import Form, Raw
from service.web.indicator_words import SENSES, valor, working
from service.web.page import Invalid, Moment, Req, page, redirect, send
from service.web.quarter import four, number_of
from service.web.session import Session
from service.web.words import LIGHTS
from service.workbook.table import Cell, Table


def draw(
    request: Req, code: str, year: int, moment: Moment | None = None, *, form: Form[Any] | None = None, sent: str = ""
) -> Response[str]:
    """Draw the indicators of the quarter, with what became of the form `sent` where there is one."""
    moment, number = moment or Moment(), number_of(request)
    with request.app.state.database.snapshot() as connection:
        place = find_place(connection, moment, code, year)
        found = read.indicators(connection, moment.position, place.stream)
        quarter = quarter_page.quarter(connection, moment.position, place.stream, number)
        asked = read.proposals(connection, moment.position, place.stream)
        status = quarter.status if quarter else "draft"
        rows = [each for each in found if each.looked_at(number)]
        changed = since.measured(connection, moment.position, place.stream, number, status, rows)
    corrected = status in {"validated", "scored"}
    writes = not moment.past and bool(place.plan_version) and request.user.may(RecordMeasures, code)
    observes = not moment.past and status in {"submitted", "observed"} and request.user.may(ObserveMeasure, code)
    again = quarter is not None and quarter.reopened_until is not None
    open_rows = {each.indicator for each in rows if not again or (quarter and each.indicator in quarter.reopened_indicators)}
    return page(
        request,
        "trimestre_indicadores.html",
        part="_trimestre_indicadores.html",
        status=form.status if form else 200,
        moment=moment,
        place=place,
        number=number,
        rows=rows,
        since=changed,
        state=quarter.word if quarter else status,
        fills=writes and bool(open_rows) and (status in {"draft", "observed"} or corrected),
        open_rows=open_rows,
        corrects=corrected,
        observes=observes and bool(rows),
        waiting=[each.change for each in asked if each.status == "proposed" and getattr(each.change, "quarter", 0) == number],
        forms=forms(sent, form, "valores", "observacion"),
        typed=sent,
        **circumstances(request, moment),
    )


def show(request: Req, moment: NamedDependency[Moment], code: FromPath[str], year: FromPath[int]) -> Response[str]:
    """Show the indicators of the quarter."""
    return draw(request, code, year, moment)


def record(request: Req, raw: NamedDependency[Raw], code: FromPath[str], year: FromPath[int]) -> Response[Any]:
    """Record the values that changed, all or none; once the quarter is validated they are asked for."""
    number = number_of(request)
    form = send(request, raw, RecordMeasures, stream_of(code, year), quarter=number)
    if not form.done:
        return draw(request, code, year, form=form, sent="valores")
    facts = [recorded.fact.event.__struct_config__.tag for recorded in form.done.facts]
    notice = "Los valores quedaron registrados." if facts else "No había nada nuevo que registrar."
    if "indicator-proposed" in facts:
        notice = "La rectificación quedó pedida: otra persona de la DRE debe aprobarla."
    return redirect(request, f"/ugel/{code}/{year}/t{number}/indicadores", notice)


def observe(request: Req, raw: NamedDependency[Raw], code: FromPath[str], year: FromPath[int]) -> Response[Any]:
    """Object to the value of an indicator; a quarter that was sent goes back to its unit."""
    number = number_of(request)
    form = send(request, raw, ObserveMeasure, stream_of(code, year), quarter=number)
    if not form.done:
        return draw(request, code, year, form=form, sent="observacion")
    notice = "La observación quedó registrada: la unidad puede corregir y volver a enviar."
    return redirect(request, f"/ugel/{code}/{year}/t{number}/indicadores", notice)


HEADS = (
    *("N.º", "Indicador", "Actividad o línea", "Sentido", "Unidad", "Línea de base", "Fuente", "Trimestre", "Meta", "Valor"),
    *("Valor en palabras", "Logro %", "Semáforo", "Cómo se calcula", "Sustento", "Comparable con el anterior", "Hecho del valor"),
)


def table(found: list[read.Indicator], title: str, notes: tuple[str, ...]) -> Table:
    """A row for each indicator and quarter; numbers as numbers."""
    rows = list[tuple[Cell, ...]]()
    for each in found:
        for cell in each.cells:
            it, value = cell.definition, cell.measure
            figures = (cell.quarter, it.target(cell.quarter), value.value if value else None)
            worked = (
                valor(value.value if value else None, it),
                cell.percent,
                LIGHTS[cell.light].word,
                working(cell.achievement, it),
            )
            proof = (value.evidence if value else "", "Sí" if cell.comparable else "No", value.from_pos if value else None)
            head = (each.indicator, it.name, each.subject, SENSES[it.direction].word, it.unit, it.baseline, it.source)
            rows.append((*head, *figures, *worked, *proof))
    return Table(title, HEADS, rows, notes)


@get("/ugel/{code:str}/{year:int}/indicadores/exportar/{name:str}", sync_to_thread=True)
def export(
    request: Req,
    session: NamedDependency[Session],
    moment: NamedDependency[Moment],
    code: FromPath[str],
    year: FromPath[int],
    name: FromPath[str],
) -> Response[bytes]:
    """The indicators of the year as `indicadores.xlsx` or `indicadores.csv`.

    Raises:
        Invalid: neither of them.

    """
    if name not in {"indicadores.xlsx", "indicadores.csv"}:
        message = "Se exporta como indicadores.xlsx o indicadores.csv."
        raise Invalid(message)
    with request.app.state.database.snapshot() as connection:
        place = find_place(connection, moment, code, year)
        found = read.indicators(connection, moment.position, place.stream)
        head = history.head(connection, moment.position)
    with request.app.state.database.connection() as connection:
        people.note_access(connection, session.id, f"exportó los indicadores de {code} {year}, corte n.º {head.position}")
    made = table(found, f"Indicadores {place.name} {year}"[:31], (cutoff(head.position, head.at),))
    file = f"indicadores-{code}-{year}"
    return separated(made, f"{file}.csv") if name.endswith(".csv") else workbook(made.title, [made], f"{file}.xlsx")


ROUTES = [
    *four(get, "/indicadores", show),
    *four(post, "/indicadores", record, opt={"command": RecordMeasures}),
    *four(post, "/indicadores/observacion", observe, opt={"command": ObserveMeasure}),
    export,
]
