"""Makes workbooks with the columns, shape and mess of a real operational plan, whole or spoilt on purpose."""

import io
import zipfile
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import xlsxwriter

MONTHS = ("ENE ", "FEB ", "MAR ", "ABR ", "MAY ", "JUN ", "JUL ", "AGO ", "SET ", "OCT ", "NOV ", "DIC ")
# fmt: off
BEFORE = (
    "NRO", "CC_resp", "CC Responsable", "Centro Costo ID", "Centro de Costo", "cc_abreviatura", "tipo_cc", "OEI",
    "Objetivo Estrategico Institucional", "AEI", "Acción Estratégica Institucional", "ID_PROGRAMA", "PROGRAMA",
    "ID_PRODUCTO", "PRODUCTO", "ID_ACTIVIDAD", "ACTIVIDAD", "Nro Registro POI", "Actividad Operativa ID_CEPLAN",
    "Actividad Operativa ID_SIGESP", "ACTIVIDAD OPERATIVA", "ID_UM_AO", "UM_AO", "SEC_FUNC",
    "PIA 2026\n(toda fuente y generica)", "COD_TAREA_V0", "COD_TAREA_V1", "COD_TAREA_V2", "TAREAS_V1", "TAREAS_V2",
    "UM_TAREA", "FUENTE PREVALECE", "ARCHIVO", "OBSERVACIÓN",
)
# fmt: on
HEADERS = (*BEFORE, *MONTHS, "TOTAL ")
UNITS = ("Informe ", "Informe ", "Informe", "Acción", "Reporte", "informe", "Persona capacitada", "Persona Capacitada ")
NOTES = ("", "", "NO ENVIARON MATRIZ", "NUEVA TAREA / CAMBIAR\nDENOMINACIÓN", "")
TASKS_PER_ACTIVITY = 5
ACTIVITIES_PER_CENTRE = 6
# In eleven rows of the real plan one is retired; a quarter of those says ELIMINAR. One in fifty has no programming.
RETIRED_EVERY, MARKED_EVERY, UNPROGRAMMED_EVERY = 11, 44, 50

Changes = Mapping[tuple[int, str], Any]


def bomb() -> bytes:
    """A small archive that would fill 300 MB."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("xl/workbook.xml", b"<workbook/>")
        target.writestr("xl/media/a.xml", b"\0" * 300_000_000)
    return content.getvalue()


def retired(index: int) -> bool:
    """Whether task `index` is one of those that the plan no longer holds."""
    return index % RETIRED_EVERY == RETIRED_EVERY - 1


def row(index: int) -> dict[str, Any]:
    """The cells of task `index`, counted from 0; sheet row `index + 2`."""
    activity, task = divmod(index, TASKS_PER_ACTIVITY)
    centre = activity // ACTIVITIES_PER_CENTRE
    kind = "EMMMS"[activity % 5]
    register = f"{kind}1.{activity % 4 + 1:02}.{activity % 3 + 1:02}"
    amounts = [0.0 if index % UNPROGRAMMED_EVERY == 0 else float((index + month) % 4) for month in range(12)]
    cells: dict[str, Any] = dict.fromkeys(HEADERS, "")
    cells |= {
        "NRO": float(index + 1),
        "Centro Costo ID": f"'{centre:02}.01",
        "Centro de Costo": f"ÓRGANO  DESCONCENTRADO\u00a0N.º {centre}",
        "OEI": f"OEI.{activity % 4 + 1:02}",
        "AEI": f"AEI.{activity % 4 + 1:02}.01",
        "PROGRAMA": "PREVENCIÓN\u00a0Y CONTROL",
        "Nro Registro POI": f"'2026001091{activity:04}",
        "Actividad Operativa ID_CEPLAN": f"AOI001091{activity:05}",
        "Actividad Operativa ID_SIGESP": register,
        "ACTIVIDAD OPERATIVA": f"CONDUCCIÓN DEL PROCESO {register}",
        "COD_TAREA_V1": f"AO.{register}({'abcde'[task]})",
        "COD_TAREA_V2": f"{register}.{task + 1:02}",
        "TAREAS_V1": f"Tarea anterior {task}",
        "TAREAS_V2": f"Elaborar el documento {task + 1} de «{register}»",
        "UM_TAREA": UNITS[index % len(UNITS)],
        "OBSERVACIÓN": NOTES[index % len(NOTES)],
        "TOTAL ": sum(amounts),
    }
    cells |= dict(zip(MONTHS, amounts, strict=True))
    if retired(index):
        cells |= {"TAREAS_V2": "", "UM_TAREA": ""}
        cells["COD_TAREA_V2"] = "ELIMINAR" if index % MARKED_EVERY == RETIRED_EVERY - 1 else 1.0
    return cells


def ceplan(rows: int = 55, changes: Changes | None = None, *, sheet: str = "Hoja1", without: tuple[str, ...] = ()) -> bytes:
    """The workbook; `changes` puts other values at (sheet row, header), `without` leaves columns out."""
    headers = [header for header in HEADERS if header not in without]
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    page = book.add_worksheet(sheet)
    page.write_row(0, 0, headers)
    for index in range(rows):
        cells = row(index) | {header: value for (number, header), value in (changes or {}).items() if number == index + 2}
        for column, header in enumerate(headers):
            write(page, index + 1, column, cells[header], total=header == "TOTAL ")
    book.close()
    return content.getvalue()


@cache
def whole() -> bytes:
    """A workbook as long as the real one."""
    return ceplan(1701)


def write(page: Any, line: int, column: int, value: Any, *, total: bool = False) -> None:
    """Write a cell as spreadsheets do: totals as formulas, failed formulas with their error."""
    if isinstance(value, str):
        formula_error = value.startswith("#") and value.endswith(("!", "?", "/A"))
        if formula_error:
            page.write_formula(line, column, "=1/0", None, value)
        else:
            page.write_string(line, column, value)
    elif total and isinstance(value, float):
        page.write_formula(line, column, f"=SUM(AI{line + 1}:AT{line + 1})", None, value)
    else:
        page.write(line, column, value)


def matrix(rows: list[dict[str, Any]], headers: tuple[str, ...], *, sheet: str = "PAT") -> bytes:
    """A sheet with these headers and, under each, what the rows say there."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True, "default_date_format": "dd/mm/yyyy"})
    page = book.add_worksheet(sheet)
    page.write_row(0, 0, headers)
    for line, cells in enumerate(rows, start=1):
        for column, header in enumerate(headers):
            write(page, line, column, cells.get(header, ""))
    book.close()
    return content.getvalue()


def patched(content: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """The same archive with one part rewritten."""
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            body = source.read(name)
            target.writestr(name, change(body) if name == part else body)
    return result.getvalue()


def replaced(content: bytes, part: str, old: bytes, new: bytes) -> bytes:
    """The same archive with other bytes in one part, which must hold the old ones."""

    def change(body: bytes) -> bytes:
        assert old in body, f"{old!r} is not in {part}"
        return body.replace(old, new)

    return patched(content, part, change)
