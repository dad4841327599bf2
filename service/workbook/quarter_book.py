"""The progress of a quarter as a workbook to fill, and what a filled one says; read by a process of its own."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

import msgspec

from service.workbook import bounded
from service.workbook.columns import letter, plain
from service.workbook.opening import Sheet, opened
from service.workbook.shapes import WorkbookError
from service.workbook.table import Cell, Table, table_book

TASK, EXECUTED, EVIDENCE, REASON = "N.º de tarea", "Ejecutado", "Evidencia o expediente", "Motivo"
LATE = "Días de retraso"
YEAR: tuple[str, ...] = ("enero", "febrero", "marzo", "abril", "mayo", "junio")
YEAR += ("julio", "agosto", "setiembre", "octubre", "noviembre", "diciembre")
FIXED = (TASK, "Línea", "Actividad", "Tarea", "Unidad de medida", "Meta", "Antes")
CUTOFF = re.compile(r"hecho n\.º (\d{1,18})")
BELONGS = re.compile(r"Hoja de avances (\S{1,40}-\d{4}-t[1-4]): ([^\n]{1,120}?)\. ")
LOOKED_AT = 20
UNKNOWN = "El archivo no es la hoja de avances de un trimestre. Descárguela de esta página, llénela y vuelva a subirla."
OTHER_MONTHS = "La hoja tiene los meses {}, y este trimestre es de {}. Descargue la hoja de esta página."
TOO_MUCH = "El archivo es demasiado grande o complejo para revisarlo. Deje solo la hoja de avances y vuelva a subirlo."


class Line(msgspec.Struct, frozen=True):
    """A filled row: where it stands, its task, and its cells by the names of the form's inputs."""

    row: int
    task: int
    cells: dict[str, str]


class Filled(msgspec.Struct, frozen=True):
    """What a workbook says: the fact it was downloaded at, its rows, what is wrong in which cell, and whose sheet it is.

    `belongs` and `named` are the mark and the words of the quarter it was downloaded for; empty in one typed by hand.
    """

    base: int
    lines: tuple[Line, ...]
    problems: tuple[str, ...] = ()
    belongs: str = ""
    named: str = ""


class Asked(msgspec.Struct, frozen=True, array_like=True):
    """A file to read, and the months of the quarter it is for."""

    content: bytes
    months: tuple[str, ...]


def mark(code: str, year: int, quarter: int) -> str:
    """What tells the sheet of one quarter of one unit from any other."""
    return f"{code}-{year}-t{quarter}"


def write(title: str, months: Sequence[str], rows: Sequence[Sequence[Cell]], note: str, whose: tuple[str, str]) -> bytes:
    """The workbook; `note` says at which fact it was made, `whose` is its mark and the words for it."""
    headers = (*FIXED, *months, EXECUTED, EVIDENCE, REASON, LATE)
    fill = "Llene los meses o lo ejecutado; una celda vacía deja el dato como está. No cambie los números de tarea."
    belongs = f"Hoja de avances {whose[0]}: {whose[1]}. No cambie esta línea."
    return table_book(title, [Table(title, headers, rows, (note, belongs, fill))])


def read(content: bytes, months: Sequence[str]) -> Filled:
    """What a filled workbook says of a quarter of these months, read apart.

    Raises:
        WorkbookError: it is no workbook, not this one, of the months of another quarter, or too large.

    """
    return bounded.ask(__name__, Asked(content, tuple(months)), Filled, TOO_MUCH)


def work(asked: Asked) -> Filled:
    """Answer one request."""
    for sheet in opened(asked.content).sheets:
        for place, (_, cells) in enumerate(sheet.rows[:LOOKED_AT]):
            names = [plain(str(cell or "")) for cell in cells]
            if plain(TASK) in names and plain(EXECUTED) in names:
                return _filled(sheet, place, names, asked.months)
    raise WorkbookError(UNKNOWN, kind="unrecognised")


def _filled(sheet: Sheet, place: int, names: list[str], months: tuple[str, ...]) -> Filled:
    above = "\n".join(f"{cell} " for _, cells in sheet.rows[:place] for cell in cells if cell)
    found, belongs = CUTOFF.search(above), BELONGS.search(above)
    known = [name.replace("septiembre", "setiembre") for name in names]
    headers = {f"months-{n}": month for n, month in enumerate(months)}
    headers |= {"executed": EXECUTED, "evidence": EVIDENCE, "reason": REASON}
    columns = {name: known.index(plain(header)) for name, header in headers.items() if plain(header) in known}
    others = [month for month in YEAR if month in known]
    if others and not any(name.startswith("months") for name in columns):
        raise WorkbookError(OTHER_MONTHS.format(", ".join(others), ", ".join(months)), kind="unrecognised")
    gone = [f"Falta la columna «{header}»: lo suyo queda como está." for name, header in headers.items() if name not in columns]
    lines, problems, seen = list[Line](), gone, set[int]()
    for number, cells in sheet.rows[place + 1 :]:
        task = _text(cells, names.index(plain(TASK)))
        if not task.isdecimal() or len(task) > 9 or int(task) in seen:  # noqa: PLR2004 — no plan has a thousand million tasks
            problems.append(f"Fila {number}, columna A: el número de tarea falta, se repite o no es un número.")
            continue
        seen.add(int(task))
        lines.append(Line(number, int(task), {name: _text(cells, columns[name]) if name in columns else "" for name in headers}))
        problems += _wrong(lines[-1], columns)
    whose = (belongs[1], belongs[2]) if belongs else ("", "")
    return Filled(int(found[1]) if found else 0, tuple(lines), tuple(problems), *whose)


def _wrong(line: Line, columns: dict[str, int]) -> Iterator[str]:
    for name, text in line.cells.items():
        if name in {"evidence", "reason"}:
            continue
        if text and not re.fullmatch(r"\d{1,15}([.,]\d{1,10})?", text, re.ASCII):
            yield f"Fila {line.row}, columna {letter(columns[name])}: «{text[:40]}» no es un número mayor o igual a 0."


def _text(cells: Sequence[Any], column: int) -> str:
    value = cells[column] if column < len(cells) else None
    if isinstance(value, float):
        return format(Decimal(repr(value)).normalize(), "f")
    return "" if value is None else str(value).strip()


if __name__ == "__main__":
    bounded.answer(Asked, work)
