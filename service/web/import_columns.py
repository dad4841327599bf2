"""The columns of a sent workbook: what was proposed for each of our fields, changed by hand, remembered for the unit."""

from collections.abc import Mapping as Table
from typing import Any, get_args

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from service import uploads, workbook
from service.aggregates.plan import ImportPlan
from service.web import import_desk as desk
from service.web.corner import whole
from service.web.form import Form, Raw, first
from service.web.page import Req, page, redirect
from service.web.session import Session
from service.workbook.columns import letter
from service.workbook.locating import REQUIRED
from service.workbook.shapes import MONTHS, QUARTERS, Layout, Mapping, Reading, View

UPLOAD = desk.PLACE + "/importar/{upload:str}"
SAMPLES = 3
LABELS = {
    "kind": "Tipo de línea (E/M/S)",
    "line": "Código de línea",
    "line_name": "Línea de acción",
    "activity_code": "Código de actividad",
    "activity": "Actividad",
    "area": "Área responsable",
    "objectives": "Objetivos",
    "indicator": "Indicador",
    "verification": "Medio de verificación",
    "task_code": "Código de tarea",
    "task": "Tarea",
    "unit": "Unidad de medida",
    **dict(zip(MONTHS, ("Enero", "Febrero", "Marzo", "Abril", "Mayo", "Junio", "Julio", "Agosto"), strict=False)),
    **dict(zip(MONTHS[8:], ("Setiembre", "Octubre", "Noviembre", "Diciembre"), strict=True)),
    **{quarter: f"Meta del {ordinal} trimestre" for quarter, ordinal in zip(QUARTERS, ("I", "II", "III", "IV"), strict=True)},
    "total": "Total anual",
    "note": "Observación",
    "activity_key": "Id. de la actividad (exportado)",
    "task_key": "Id. de la tarea (exportado)",
    "centre": "Código del centro de costo",
    "oei": "Objetivo estratégico (OEI)",
    "aei": "Acción estratégica (AEI)",
    "activity_id": "Código CEPLAN de la actividad",
}
SEVERAL = frozenset(("activity", "task", "line", "line_name", "activity_code", "task_code", "oei", "aei", "objectives"))
MISSING = {"months": "Elija las columnas de los meses o de los trimestres."}


class Column(msgspec.Struct, frozen=True):
    """A column of the sheet to choose: its letter and header, and the first values below."""

    index: int
    name: str
    samples: tuple[str, ...]


def columns(view: View, header: int, rows: int) -> list[Column]:
    """The columns of a sheet below a header."""
    above = [cells for number, cells in view.rows if header - rows < number <= header]
    below = [cells for number, cells in view.rows if number > header]
    found = list[Column]()
    for index in range(max((len(cells) for cells in above + below), default=0)):
        words = dict.fromkeys(cells[index] for cells in above if index < len(cells) and cells[index])
        samples = [cells[index] for cells in below if index < len(cells) and cells[index]][:SAMPLES]
        if words or samples:
            found.append(Column(index, f"{letter(index)} · {' · '.join(words) or 'sin encabezado'}", tuple(samples)))
    return found


def _shape(sent: Table[str, str], reading: Reading) -> Mapping:
    """Sheet, header and layout as the address or the form says them, what was read where it does not."""
    known = reading.mapping
    views = {view.name: view for view in reading.views}
    name = sent.get("hoja", "") if sent.get("hoja", "") in views else known.sheet
    layout: Layout = next((each for each in get_args(Layout) if each == sent.get("forma") and each != "quipu"), known.layout)
    numbers = [number for number, _ in views[name].rows] if name in views else []
    header = whole(sent.get("fila")) or (known.header if name == known.sheet else 0)
    header = header if header in numbers else next(iter(numbers), 1)
    rows = whole(sent.get("filas")) or known.rows
    return msgspec.structs.replace(known, layout=layout, sheet=name, header=header, rows=2 if rows > 1 else 1)


def _chosen(raw: Raw, shape: Mapping, errors: dict[str, str]) -> Mapping:
    """The mapping a form carries; what is missing or said twice is named beside its field."""
    found: dict[str, int] = {}
    for field in workbook.FIELDS[shape.layout]:
        text = first(raw, f"campo-{field}")
        if text.isascii() and text.isdecimal() and len(text) < 4:  # noqa: PLR2004 — no sheet has so many columns
            found[field] = int(text)
    for field in REQUIRED[shape.layout]:
        if field not in found:
            errors[f"campo-{field}"] = f"Elija la columna de «{LABELS[field]}»."
    if not any(field in found for field in (*MONTHS, *QUARTERS)):
        errors["campo-ENE"] = MISSING["months"]
    taken: dict[int, str] = {}
    for field, index in found.items():
        other = taken.setdefault(index, field)
        if other != field and not {field, other} <= SEVERAL:
            errors[f"campo-{field}"] = f"La columna {letter(index)} ya está elegida en «{LABELS[other]}»."
    if "task" not in found and "activity" in found:
        found["task"] = found["activity"]
        errors.pop("campo-task", None)
    signs = {"coma": ",", "punto": "."}
    kind = first(raw, "tipo")
    return msgspec.convert(
        msgspec.to_builtins(shape)
        | {"columns": found, "decimal": signs.get(first(raw, "decimal"), ""), "kind": kind if kind in {"E", "M", "S"} else ""},
        Mapping,
    )


def _draw(
    request: Req, code: str, year: int, upload: str, shape: Mapping, form: Form[ImportPlan] | None = None, sentence: str = ""
) -> Response[str]:
    file, reading = desk.kept(request, code, year, upload)
    view = next((each for each in reading.views if each.name == shape.sheet), reading.views[0])
    listed = columns(view, shape.header, shape.rows)
    same = (shape.sheet, shape.header, shape.rows) == (reading.mapping.sheet, reading.mapping.header, reading.mapping.rows)
    form = form or Form.fresh()
    return page(
        request,
        "importar_columnas.html",
        part="_importar_columnas.html",
        status=form.status,
        unit=desk.place(request, code, year),
        year=year,
        upload=upload,
        file=file,
        reading=reading,
        shape=shape,
        taken=shape.columns if same or form.errors else {},
        columns=listed,
        sheets=[(each.name, each.name) for each in reading.views],
        heads=[(number, f"{number}: {' | '.join(filter(None, cells))[:70]}") for number, cells in view.rows[:30]],
        fields=[(field, LABELS[field], field in REQUIRED[shape.layout]) for field in workbook.FIELDS[shape.layout]],
        missing=[MISSING.get(each) or f"Elija la columna de «{LABELS[each]}»." for each in reading.missing],
        sentence=sentence,
        form=form,
    )


@get(UPLOAD + "/columnas", sync_to_thread=True)
def show(request: Req, code: FromPath[str], year: FromPath[int], upload: FromPath[str]) -> Response[str]:
    """Show which column is read as what."""
    _, reading = desk.kept(request, code, year, upload)
    return _draw(request, code, year, upload, _shape(request.query_params, reading))


@post(UPLOAD + "/columnas", opt={"command": ImportPlan}, sync_to_thread=True)
def choose(
    request: Req,
    session: NamedDependency[Session],
    raw: NamedDependency[Raw],
    code: FromPath[str],
    year: FromPath[int],
    upload: FromPath[str],
) -> Response[Any]:
    """Read the file again by these columns, and remember them for the unit."""
    file, reading = desk.kept(request, code, year, upload)
    form = Form[ImportPlan].fresh()
    shape = _shape({name: first(raw, name) for name in ("hoja", "fila", "filas", "forma")}, reading)
    mapping = _chosen(raw, shape, form.errors)
    if form.errors:
        form.status = 422
        return _draw(request, code, year, upload, mapping, form)
    try:
        again = desk.read(file.content, file.filename, mapping, {})
    except workbook.WorkbookError as error:
        form.errors[""], form.status = error.message, 422
        return _draw(request, code, year, upload, mapping, form)
    desk.note(request, upload, again)
    with request.app.state.database.connection() as connection:
        if first(raw, "recordar"):
            uploads.remember(connection, code, again.fingerprint, again.mapping, session.id)
        else:
            uploads.forget(connection, code, again.fingerprint)
    return redirect(request, f"/ugel/{code}/{year}/importar/{upload}", "El archivo se leyó de nuevo con estas columnas.")


ROUTES = (show, choose)
