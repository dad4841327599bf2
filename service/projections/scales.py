"""The scales of the past: what was scored with one keeps it."""

from collections.abc import Iterable, Mapping
from typing import Any

from psycopg import Connection

from service.projections import board
from service.projections.reading import rows


def published(connection: Connection[Any]) -> dict[int, board.Scale]:
    """Every scale ever published, by its version; 0 is the example."""
    query = """select distinct on (version) (settings ->> 'fulfilled')::numeric as fulfilled,
      (settings ->> 'in_progress')::numeric as in_progress, settings ->> 'label' as label, version
      from read.rule where stream = %(stream)s and rule = 'scale'"""
    return {0: board.Scale()} | {each.version: each for each in rows(connection, board.Scale, query, stream=board.STANDING)}


def then(cells: Iterable[board.Cell], current: board.Scale, known: Mapping[int, board.Scale]) -> board.Scale:
    """The scale for figures made of these cells: the newest that they were scored with, the current one while any is open."""
    made = [cell for cell in cells if cell.percent is not None]
    if not made or not all(cell.official for cell in made):
        return current
    return known.get(max(cell.scale for cell in made), current)
