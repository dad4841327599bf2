"""The progress of a quarter as a workbook to fill, and what a filled one says; read by a process of its own."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

import msgspec

from service.workbook import bounded
from service.workbook.columns import plain
from service.workbook.opening import Sheet, opened
from service.workbook.shapes import WorkbookError
from service.workbook.table import Cell, Table, table_book

TASK, EXECUTED, EVIDENCE, REASON = "N.º de tarea", "Ejecutado", "Evidencia o expediente", "Motivo"
FIXED = (TASK, "Línea", "Actividad", "Tarea", "Unidad de medida", "Meta", "Antes")
CUTOFF = re.compile(r"hecho n\.º (\d{1,18})")
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
LOOKED_AT = 20
UNKNOWN = "El archivo no es la hoja de avances de un trimestre. Descárguela de esta página, llénela y vuelva a subirla."
TOO_MUCH = "El archivo es demasiado grande o complejo para revisarlo. Deje solo la hoja de avances y vuelva a subirlo."


class Line(msgspec.Struct, frozen=True):
    """A filled row: where it stands, its task, and its cells by the names of the form's inputs."""

    row: int
    task: int
    cells: dict[str, str]


class Filled(msgspec.Struct, frozen=True):
    """What a workbook says: the fact it was downloaded at, its rows, and what is wrong in which cell."""

    base: int
    lines: tuple[Line, ...]
    problems: tuple[str, ...] = ()


class Asked(msgspec.Struct, frozen=True, array_like=True):
    """A file to read."""

    content: bytes


def write(title: str, months: Sequence[str], rows: Sequence[Sequence[Cell]], note: str) -> bytes:
    """The workbook; `note` says at which fact it was made."""
    headers = (*FIXED, *months, EXECUTED, EVIDENCE, REASON)
    fill = "Llene los meses o lo ejecutado; una celda vacía deja el dato como está. No cambie los números de tarea."
    return table_book(title, [Table(title, headers, rows, (note, fill))])


def read(content: bytes) -> Filled:
    """What a filled workbook says, read apart.

    Raises:
        WorkbookError: it is no workbook, not this one, or too large.

    """
    return bounded.ask(__name__, Asked(content), Filled, TOO_MUCH)


def work(asked: Asked) -> Filled:
    """Answer one request."""
    for sheet in opened(asked.content).sheets:
        for place, (_, cells) in enumerate(sheet.rows[:LOOKED_AT]):
            names = [plain(str(cell or "")) for cell in cells]
            if plain(TASK) in names and plain(EXECUTED) in names:
                return _filled(sheet, place, names)
    raise WorkbookError(UNKNOWN, kind="unrecognised")


def _filled(sheet: Sheet, place: int, names: list[str]) -> Filled:
    above = " ".join(str(cell) for _, cells in sheet.rows[:place] for cell in cells if cell)
    found = CUTOFF.search(above)
    executed = names.index(plain(EXECUTED))
    columns = {f"months-{n}": executed - 3 + n for n in range(3)} | {
        "executed": executed,
        "evidence": executed + 1,
        "reason": executed + 2,
    }
    lines, problems, seen = list[Line](), list[str](), set[int]()
    for number, cells in sheet.rows[place + 1 :]:
        known = _text(cells, names.index(plain(TASK)))
        if not known.isdecimal() or len(known) > 9 or int(known) in seen:  # noqa: PLR2004 — no plan has a thousand million tasks
            problems.append(f"Fila {number}, columna A: el número de tarea falta, se repite o no es un número.")
            continue
        seen.add(int(known))
        lines.append(Line(number, int(known), {name: _text(cells, column) for name, column in columns.items()}))
        problems += _wrong(lines[-1], columns)
    return Filled(int(found[1]) if found else 0, tuple(lines), tuple(problems))


def _wrong(line: Line, columns: dict[str, int]) -> Iterator[str]:
    for name, text in line.cells.items():
        if name in {"evidence", "reason"}:
            continue
        if text and not re.fullmatch(r"\d{1,15}([.,]\d{1,10})?", text, re.ASCII):
            yield f"Fila {line.row}, columna {LETTERS[columns[name]]}: «{text[:40]}» no es un número mayor o igual a 0."


def _text(cells: Sequence[Any], column: int) -> str:
    value = cells[column] if column < len(cells) else None
    if isinstance(value, float):
        return format(Decimal(repr(value)).normalize(), "f")
    return "" if value is None else str(value).strip()


if __name__ == "__main__":
    bounded.answer(Asked, work)
