"""The scales of the DRE: the one in force, and those of the past, which what was scored with them keeps."""

from decimal import Decimal
from typing import Any

import msgspec
from psycopg import Connection

from service.projections.reading import STANDING, one, rows


class Scale(msgspec.Struct, frozen=True):
    """The traffic-light scale in force at the moment."""

    fulfilled: Decimal = Decimal(90)
    in_progress: Decimal = Decimal(70)
    label: str = "escala de ejemplo, ajústela"
    version: int = 0

    def light(self, percent: Decimal | None) -> str:
        """The light of a percentage; none without data."""
        if percent is None:
            return "no-data"
        if percent >= self.fulfilled:
            return "fulfilled"
        return "in-progress" if percent >= self.in_progress else "at-risk"


def scale(connection: Connection[Any], at: int) -> Scale:
    """The scale in force at the moment."""
    query = """select (settings ->> 'fulfilled')::numeric as fulfilled, (settings ->> 'in_progress')::numeric as in_progress,
      settings ->> 'label' as label, version
      from read.rule where stream = %(stream)s and rule = 'scale' and from_pos <= %(at)s and to_pos > %(at)s"""
    return one(connection, Scale, query, stream=STANDING, at=at) or Scale()


def scale_of(connection: Connection[Any], version: int) -> Scale:
    """The scale that an official score names; 0 is the example that stands until the DRE publishes one."""
    query = """select (settings ->> 'fulfilled')::numeric as fulfilled, (settings ->> 'in_progress')::numeric as in_progress,
      settings ->> 'label' as label, version
      from read.rule where stream = %(stream)s and rule = 'scale' and version = %(version)s"""
    return one(connection, Scale, query, stream=STANDING, version=version) or Scale()


def published(connection: Connection[Any]) -> dict[int, Scale]:
    """Every scale ever published, by its version; 0 is the example."""
    query = """select distinct on (version) (settings ->> 'fulfilled')::numeric as fulfilled,
      (settings ->> 'in_progress')::numeric as in_progress, settings ->> 'label' as label, version
      from read.rule where stream = %(stream)s and rule = 'scale'"""
    return {0: Scale()} | {each.version: each for each in rows(connection, Scale, query, stream=STANDING)}
