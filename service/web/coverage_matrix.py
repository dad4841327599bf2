"""Counts of activities in plain sight: objective by line or by UGEL, and objective by line and UGEL at once."""

from collections.abc import Callable, Sequence

import msgspec

from service.projections import alignment as read


class Column(msgspec.Struct, frozen=True):
    """A column of a matrix: its code, what stands over it, its full name, how many alignments stand in it."""

    code: str
    head: str
    name: str
    total: int


class Row(msgspec.Struct, frozen=True):
    """An objective and how many activities serve it in each column."""

    objective: read.Objective
    cells: list[int]

    @property
    def total(self) -> int:
        return sum(self.cells)


class Matrix(msgspec.Struct, frozen=True):
    columns: list[Column]
    rows: list[Row]

    @property
    def unserved(self) -> list[read.Objective]:
        """The objectives that nobody serves."""
        return [row.objective for row in self.rows if not row.total]

    @property
    def blank(self) -> list[Column]:
        """The columns in which nothing is aligned."""
        return [column for column in self.columns if not column.total]


Heads = Sequence[tuple[str, str, str]]


def matrix(
    objectives: list[read.Objective], served: list[read.Served], heads: Heads, place: Callable[[read.Served], str]
) -> Matrix:
    """Count the activities of each objective under each head (code, text, full name)."""
    counts: dict[tuple[str, str], int] = {}
    for each in served:
        key = (each.objective, place(each))
        counts[key] = counts.get(key, 0) + each.activities
    rows = [Row(o, [counts.get((o.code, code), 0) for code, _, _ in heads]) for o in objectives]
    totals = [sum(row.cells[n] for row in rows) for n in range(len(heads))]
    return Matrix([Column(*head, total) for head, total in zip(heads, totals, strict=True)], rows)


class Layer(msgspec.Struct, frozen=True):
    """How many activities of a line serve an objective, by UGEL."""

    line: read.Line
    cells: list[int]

    @property
    def total(self) -> int:
        return sum(self.cells)


class Block(msgspec.Struct, frozen=True):
    """An objective by UGEL, and line by line: `layers` has every line, those that do not serve it too."""

    row: Row
    layers: list[Layer]

    @property
    def served(self) -> list[Layer]:
        """The lines that serve it."""
        return [layer for layer in self.layers if layer.total]

    @property
    def blank(self) -> list[read.Line]:
        """The lines that do not."""
        return [layer.line for layer in self.layers if not layer.total]


def blocks(by_unit: Matrix, served: list[read.Served], lines: list[read.Line]) -> list[Block]:
    """Each objective of a matrix by UGEL, told apart by line of action."""
    counts = {(each.objective, each.line, each.unit): each.activities for each in served}
    units = [column.code for column in by_unit.columns]
    made = list[Block]()
    for row in by_unit.rows:
        code = row.objective.code
        layers = [Layer(line, [counts.get((code, line.code, unit), 0) for unit in units]) for line in lines]
        made.append(Block(row, layers))
    return made
