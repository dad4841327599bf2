"""The coverage of the objectives as tables to take along."""

import csv
import io
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from litestar import Response

from service.web.coverage_matrix import Matrix
from service.web.history_file import safe
from service.workbook.table import Cell, Table

if TYPE_CHECKING:
    from service.web.coverage import Coverage


def detail(found: "Coverage", notes: Sequence[str]) -> Table:
    """A row for each objective, line and UGEL that serves it; the objectives that nobody serves with a zero."""
    names = {each.unit: each.name for each in found.standings}
    rows = list[Sequence[Cell]]()
    for o in found.objectives:
        mine = [each for each in found.served if each.objective == o.code]
        rows += [(o.instrument, o.code, o.text, s.line, s.unit, names[s.unit], s.activities) for s in mine]
        rows += [] if mine else [(o.instrument, o.code, o.text, "", "", "Nadie lo atiende", 0)]
    return Table("Detalle", ("Instrumento", "Objetivo", "Texto", "Línea", "Código UGEL", "UGEL", "Actividades"), rows, notes)


def cube(found: "Coverage", notes: Sequence[str]) -> Table:
    """A row for each objective and line, blank ones too, with a column for each UGEL."""
    heads = ("Instrumento", "Objetivo", "Texto", "Línea", "Tipo", *(c.head for c in found.by_unit.columns), "Total")
    rows: list[Sequence[Cell]] = []
    for block in found.blocks:
        o = block.row.objective
        rows += [(o.instrument, o.code, o.text, x.line.code, x.line.kind, *x.cells, x.total) for x in block.layers]
    return Table("Objetivo, línea y UGEL", heads, rows, notes)


def _table(title: str, made: Matrix, notes: Sequence[str]) -> Table:
    heads = ("Instrumento", "Objetivo", "Texto", *(column.head for column in made.columns), "Total")
    rows: list[Sequence[Cell]] = [
        (row.objective.instrument, row.objective.code, row.objective.text, *row.cells, row.total) for row in made.rows
    ]
    totals: tuple[Cell, ...] = ("", "Total", "", *(column.total for column in made.columns), sum(c.total for c in made.columns))
    return Table(title, heads, [*rows, totals], notes)


def tables(found: "Coverage", notes: Sequence[str]) -> list[Table]:
    """All of it, a sheet for each."""
    flat = (("Objetivo por línea", found.by_line), ("Objetivo por UGEL", found.by_unit))
    return [*(_table(title, made, notes) for title, made in flat), cube(found, notes), detail(found, notes)]


def separated(table: Table, file: str) -> Response[bytes]:
    """A table as a CSV that a Spanish spreadsheet opens."""
    text = io.StringIO()
    told = [[safe(each) if isinstance(each, str) else each for each in row] for row in table.rows]
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerows([table.headers, *told])
    headers = {"content-disposition": f'attachment; filename="{file}"'}
    return Response(text.getvalue().encode("utf-8-sig"), media_type="text/csv; charset=utf-8", headers=headers)


PARTS: dict[str, Callable[["Coverage", Sequence[str]], Table]] = {"exportar.csv": detail, "matriz.csv": cube}
