"""A sheet that somebody else designed: its header in one or two rows, and which of our fields each column seems to hold."""

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from service.workbook.columns import MONTH_NAMES, plain
from service.workbook.opening import Sheet
from service.workbook.shapes import MONTHS, QUARTERS

HEADER_WITHIN = 30
_WORDS = {
    "kind": "tipo|tipo de linea|tipo de linea de accion|tipo linea",
    "line": "codigo de linea|cod linea|codigo linea|codigo de linea de accion|cod linea de accion",
    "line_name": "linea de accion|lineas de accion|linea|linea estrategica|linea de intervencion|eje|eje estrategico",
    "activity_code": "codigo de actividad|cod actividad|codigo actividad|cod act|codigo de la actividad|codigo ao",
    "activity": "actividad|actividades|actividad operativa|actividades operativas|nombre de la actividad|actividad del pat"
    "|denominacion de la actividad|descripcion de la actividad|actividad principal|actividad / accion",
    "area": "area|area responsable|responsable|responsables|organo responsable|unidad organica|centro de costo|oficina"
    "|area o equipo|equipo responsable|organo|dependencia|unidad responsable",
    "objectives": "objetivo|objetivos|objetivo estrategico|oei|aei|objetivo estrategico institucional|objetivo alineado"
    "|codigo de objetivo|objetivos alineados|accion estrategica institucional",
    "indicator": "indicador|indicadores|indicador de desempeno|indicador de producto",
    "verification": "medio de verificacion|medios de verificacion|fuente de verificacion|medio verificacion|evidencia|evidencias",
    "task_code": "codigo de tarea|cod tarea|codigo tarea|codigo de la tarea",
    "task": "tarea|tareas|sub actividad|subactividad|sub actividades|accion|acciones|tareas / acciones|acciones / tareas"
    "|nombre de la tarea|denominacion de la tarea|descripcion de la tarea|tareas o acciones",
    "unit": "unidad de medida|u m|um|u medida|unidad medida|und medida|unid medida|und de medida|unid de medida|u de m",
    "total": "total|total anual|meta anual|meta fisica anual|meta total|programacion anual|meta fisica total|anual|total general",
    "note": "observacion|observaciones|comentario|comentarios|nota|notas",
    "activity_key": "id actividad",
    "task_key": "id tarea",
}
_FIELDS = {words: field for field, listed in _WORDS.items() for words in listed.split("|")}
_TARGET = frozenset(
    ("programado", "prog", "programacion", "p", "meta", "meta fisica", "fisica", "fisico", "cantidad", "cant", "fis")
)
_DONE = re.compile(r"(?:ejecu|ejec\b|e$|avance|logr|monto|costo|s/|%|.*(?:presupuest|financ))")
_ORDINALS = {
    "i": 1,
    "ii": 2,
    "iii": 3,
    "iv": 4,
    "primer": 1,
    "segundo": 2,
    "tercer": 3,
    "cuarto": 4,
    "1": 1,
    "2": 2,
    "3": 3,
    "4": 4,
}
_QUARTER = re.compile(
    r"(?:(?:meta|prog|programado|programacion|total|sub total|subtotal) )?(?:(?:del )?(iv|i{1,3}|[1-4]|primer|segundo|tercer|cuarto)"
    r"(?:er|ro|do|to|o)? ?(?:t|tri|trim|trimestre)|(?:t|tri|trim|trimestre) ?(?:n )?(iv|i{1,3}|[1-4]))(?: (?:20)?\d\d)?"
)
_MONTH = re.compile(r"(?:(?:meta|prog|programado|mes|mes de) )?([a-z]+)(?:[ '/-]*(?:20)?\d\d)?")
_SUMS = frozenset(("total", "sub total", "subtotal", "suma", "tot", "trim", "trimestre"))


class Guess(NamedTuple):
    """A header and what its columns seem to hold: field → column from 0, with columns of the same field left out."""

    sheet: Sheet
    position: int
    rows: int
    columns: dict[str, int]

    @property
    def missing(self) -> tuple[str, ...]:
        """The fields without which no task can be read."""
        absent = tuple(field for field in ("activity", "unit") if field not in self.columns)
        timed = any(field in self.columns for field in (*MONTHS, *QUARTERS))
        return absent if timed else (*absent, "months")


def labels(sheet: Sheet, position: int, rows: int) -> list[tuple[Any, Any]]:
    """The upper and the lower text of each column of a header; merged cells say the same in each of their columns."""
    lower = filled(sheet, position)
    upper = filled(sheet, position - 1) if rows > 1 and position else []
    if upper and not sheet.merged:
        # Without merged cells a heading over several columns stands only in the first of them.
        kept: Any = ""
        for column, text in enumerate(upper):
            kept = text if str(text).strip() else kept
            upper[column] = kept if column < len(lower) and str(lower[column]).strip() else text
    width = max(len(upper), len(lower))
    upper, lower = upper + [""] * (width - len(upper)), lower + [""] * (width - len(lower))
    return list(zip(upper, lower, strict=True))


def filled(sheet: Sheet, position: int) -> list[Any]:
    """The cells of a row, merged ones filled with what the first of them says."""
    number, cells = sheet.rows[position]
    values = list(cells)
    rows: dict[int, list[Any]] = {}
    for (top, left), (bottom, right) in sheet.merged:
        if top <= number - 1 <= bottom and right < len(values) + 200:
            rows = rows or dict(sheet.rows[: position + 1][-HEADER_WITHIN:])
            origin = rows.get(top + 1, [])
            text = origin[left] if left < len(origin) else ""
            values += [""] * (right + 1 - len(values))
            values[left : right + 1] = [text] * (right + 1 - left)
    return values


def guess(sheet: Sheet) -> Guess | None:
    """The header with which most fields are found, complete ones first, then the one with fewer rows."""
    best: tuple[tuple[bool, int, int, int], Guess] | None = None
    for position in range(min(len(sheet.rows), HEADER_WITHIN)):
        for rows in (1, 2) if position and sheet.rows[position][0] == sheet.rows[position - 1][0] + 1 else (1,):
            texts = labels(sheet, position, rows)
            found = Guess(sheet, position, rows, _columns(texts))
            told = sum(_said(lower) in _TARGET | _SUMS and bool(_named(upper)) for upper, lower in texts) if rows > 1 else 0
            rank = (not found.missing, len(found.columns), told, -rows)
            if found.columns and (best is None or rank > best[0]):
                best = rank, found
    return best[1] if best else None


def _columns(texts: list[tuple[Any, Any]]) -> dict[str, int]:
    columns: dict[str, int] = {}
    for index, (upper, lower) in enumerate(texts):
        field = _field(upper, lower)
        if field:
            columns.setdefault(field, index)
    return columns


def _field(upper: Any, lower: Any) -> str:
    above, below = _said(upper), _said(lower)
    if _DONE.match(above) or _DONE.match(below):
        return ""
    if below in _SUMS and _quarter(above):
        return _quarter(above)
    if not below or below in _TARGET or below == above:
        return _named(upper) or _named(lower)
    return _named(lower) or _named(f"{above} {below}")


def _named(text: Any) -> str:
    if isinstance(text, dt.date):
        return MONTHS[text.month - 1]
    said = _said(text)
    month = _MONTH.fullmatch(said)
    name = MONTH_NAMES.get(month[1], month[1]).upper() if month else ""
    return name if name in MONTHS else _quarter(said) or _FIELDS.get(said, "")


def _quarter(said: str) -> str:
    match = _QUARTER.fullmatch(said)
    return QUARTERS[_ORDINALS[match[1] or match[2]] - 1] if match else ""


def _said(text: Any) -> str:
    """The words of a header without what stands in brackets and without dots."""
    return " ".join(re.sub(r"\(.*?\)|[.:*°º#]", " ", plain(str(text)[:300])).split())


def title(sheet: Sheet) -> Iterator[int]:
    """The numbers of rows that are one merged cell: headings between the rows of the table."""
    for (top, left), (bottom, right) in sheet.merged:
        if top == bottom and right - left >= 4:  # noqa: PLR2004 — wider than any cell of a task
            yield top + 1
