"""The columns of the two workbooks we know, and which sheet, row and columns of a file hold them."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from service.workbook.opening import Sheet
from service.workbook.shapes import MONTHS, Layout, WorkbookError

HEADERS = {
    "kind": "Tipo de línea (E/M/S)",
    "line": "Código de línea",
    "line_name": "Línea de acción",
    "activity_code": "Código de actividad",
    "activity": "Actividad",
    "area": "Área responsable",
    "objectives": "Objetivos (códigos separados por ;)",
    "indicator": "Indicador",
    "verification": "Medio de verificación",
    "task_code": "Código de tarea",
    "task": "Tarea",
    "unit": "Unidad de medida",
    **{month: month for month in MONTHS},
    "total": "TOTAL",
    "note": "Observación",
    "activity_key": "Id. actividad",
    "task_key": "Id. tarea",
}
CEPLAN = {
    "centre": "Centro Costo ID",
    "area": "Centro de Costo",
    "oei": "OEI",
    "aei": "AEI",
    "activity_id": "Actividad Operativa ID_CEPLAN",
    "line": "Actividad Operativa ID_SIGESP",
    "activity": "ACTIVIDAD OPERATIVA",
    "task_code": "COD_TAREA_V",
    "task": "TAREAS_V",
    "unit": "UM_TAREA",
    **{month: month for month in MONTHS},
    "total": "TOTAL",
    "note": "OBSERVACIÓN",
}
OPTIONAL: dict[Layout, frozenset[str]] = {
    "quipu": frozenset(("indicator", "verification", "total", "note", "activity_key", "task_key")),
    "ceplan": frozenset(("centre", "note")),
}
_MONTH_NAMES = {
    **{name: name[:3] for name in ("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto")},
    **{name: name[:3] for name in ("octubre", "noviembre", "diciembre")},
    **dict.fromkeys(("sep", "setiembre", "septiembre"), "set"),
}
_HEADER_WITHIN = 30
_TILDE = "\u0303"
LONGEST_HEADER = 300


class Found(NamedTuple):
    """Where a plan stands: the header's position in `sheet.rows`, and for each field its column's index and header."""

    layout: Layout
    sheet: Sheet
    header: int
    columns: Mapping[str, tuple[int, str]]
    repeated: tuple[tuple[int, str], ...]


def plain(text: object) -> str:
    """Words to compare: without case, accents, line breaks or double spaces; ñ stays another letter than n."""
    letters = unicodedata.normalize("NFKD", str(text)).casefold()
    bare = "".join(each for each in letters if each == _TILDE or not unicodedata.combining(each))
    return " ".join(bare.split())


def _visible(text: str) -> str:
    """A name from the file, without signs that would disturb the sentence around it."""
    return "".join(each for each in text if each.isprintable())


def _header(text: object) -> str:
    return plain(re.sub(r"\(.*?\)", " ", str(text)[:LONGEST_HEADER], flags=re.DOTALL))


def letter(index: int) -> str:
    """0 → A, 46 → AU."""
    name = ""
    while index >= 0:
        name = chr(65 + index % 26) + name
        index = index // 26 - 1
    return name


_KNOWN: dict[Layout, dict[str, str]] = {
    "ceplan": {_header(header): field for field, header in CEPLAN.items()},
    "quipu": {_header(header): field for field, header in HEADERS.items()},
}


def recognise(sheets: Iterable[Sheet]) -> Found:
    """The first sheet with all the columns of one of our layouts.

    Raises:
        WorkbookError: unrecognised, with the columns that are missing where the sheet looks like a plan.

    """
    nearest: tuple[int, str] = (0, "")
    empty = True
    for sheet in sheets:
        for header, (_, cells) in enumerate(sheet.rows[:_HEADER_WITHIN]):
            empty = False
            for layout, known in _KNOWN.items():
                found = _match(layout, sheet, header, cells)
                missing = set(known.values()) - set(found.columns) - OPTIONAL[layout]
                if not missing:
                    return found
                present = len(found.columns)
                if present > nearest[0]:
                    names = CEPLAN if layout == "ceplan" else HEADERS
                    listed = ", ".join(f"«{name}»" for field, name in names.items() if field in missing)
                    nearest = (
                        present,
                        f"A la hoja «{_visible(sheet.name)}» le faltan estas columnas: {listed}. Agréguelas y vuelva a subirlo.",
                    )
    if empty:
        message = "El libro no tiene datos. Descargue la plantilla, llénela y vuelva a subirla."
        raise WorkbookError(message, kind="unrecognised")
    if nearest[0] >= len(MONTHS):
        raise WorkbookError(nearest[1], kind="unrecognised")
    message = "Ninguna hoja tiene las columnas de un plan. Descargue la plantilla, copie en ella su plan y vuelva a subirla."
    raise WorkbookError(message, kind="unrecognised")


def _match(layout: Layout, sheet: Sheet, header: int, cells: list[Any]) -> Found:
    columns: dict[str, tuple[int, str]] = {}
    versions: dict[str, int] = {}
    repeated: list[tuple[int, str]] = []
    for index, cell in enumerate(cells):
        name = _header(cell)
        name, version = _version(name) if layout == "ceplan" else (name, 0)
        field = _KNOWN[layout].get(_MONTH_NAMES.get(name, name))
        if field is None or version < versions.get(field, 0):
            continue
        shown = _visible(" ".join(str(cell).split()))
        if field in columns and version == versions[field]:
            repeated.append((index, shown))
            continue
        columns[field], versions[field] = (index, shown), version
    return Found(layout, sheet, header, columns, tuple(repeated))


def _version(name: str) -> tuple[str, int]:
    """A real plan keeps each version of its tasks in a column of its own, `TAREAS_V1`, `TAREAS_V2`: the newest one counts."""
    match = re.fullmatch(r"(cod_tarea_v|tareas_v)(\d{1,3})", name)
    return (match[1], int(match[2])) if match else (name, 0)
