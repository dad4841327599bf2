"""The columns of the two workbooks we know, and which sheet, row and columns of a file hold them."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from service.workbook.opening import Sheet
from service.workbook.shapes import MONTHS, Layout

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
OPTIONAL: dict[str, frozenset[str]] = {
    "quipu": frozenset(("indicator", "verification", "total", "note", "activity_key", "task_key")),
    "ceplan": frozenset(("centre", "note")),
}
MONTH_NAMES = {
    **{name: name[:3] for name in ("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto")},
    **{name: name[:3] for name in ("octubre", "noviembre", "diciembre")},
    **dict.fromkeys(("sep", "sept", "setiembre", "septiembre"), "set"),
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
    repeated: tuple[tuple[int, str], ...] = ()
    rows: int = 1
    decimal: str = ""
    kind: str = ""


def plain(text: object) -> str:
    """Words to compare: without case, accents, line breaks or double spaces; ñ stays another letter than n."""
    letters = unicodedata.normalize("NFKD", str(text)).casefold()
    bare = "".join(each for each in letters if each == _TILDE or not unicodedata.combining(each))
    return " ".join(bare.split())


def visible(text: str) -> str:
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


_KNOWN: dict[Literal["ceplan", "quipu"], dict[str, str]] = {
    "ceplan": {_header(header): field for field, header in CEPLAN.items()},
    "quipu": {_header(header): field for field, header in HEADERS.items()},
}


def recognise(sheet: Sheet) -> Found | str:
    """Where the columns of one of our own layouts stand in a sheet, or what is missing of the nearest one ("" when not near)."""
    nearest: tuple[int, str] = (len(MONTHS) - 1, "")
    for header, (_, cells) in enumerate(sheet.rows[:_HEADER_WITHIN]):
        for layout, known in _KNOWN.items():
            found = _match(layout, sheet, header, cells)
            missing = set(known.values()) - set(found.columns) - OPTIONAL[layout]
            if not missing:
                return found
            if len(found.columns) > nearest[0]:
                names = CEPLAN if layout == "ceplan" else HEADERS
                listed = ", ".join(f"«{name}»" for field, name in names.items() if field in missing)
                nearest = (
                    len(found.columns),
                    f"A la hoja «{visible(sheet.name)}» le faltan estas columnas: {listed}. Agréguelas y vuelva a subirlo.",
                )
    return nearest[1]


def _match(layout: Literal["ceplan", "quipu"], sheet: Sheet, header: int, cells: list[Any]) -> Found:
    columns: dict[str, tuple[int, str]] = {}
    versions: dict[str, int] = {}
    repeated: list[tuple[int, str]] = []
    for index, cell in enumerate(cells):
        name = _header(cell)
        name, version = _version(name) if layout == "ceplan" else (name, 0)
        field = _KNOWN[layout].get(MONTH_NAMES.get(name, name))
        if field is None or version < versions.get(field, 0):
            continue
        shown = visible(" ".join(str(cell).split()))
        if field in columns and version == versions[field]:
            repeated.append((index, shown))
            continue
        columns[field], versions[field] = (index, shown), version
    return Found(layout, sheet, header, columns, tuple(repeated))


def _version(name: str) -> tuple[str, int]:
    """A real plan keeps each version of its tasks in a column of its own, `TAREAS_V1`, `TAREAS_V2`: the newest one counts."""
    match = re.fullmatch(r"(cod_tarea_v|tareas_v)(\d{1,3})", name)
    return (match[1], int(match[2])) if match else (name, 0)
