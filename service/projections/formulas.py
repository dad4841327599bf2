"""The weights of the DRE's formula to read: those in force at a moment, and those that an official score names."""

from decimal import Decimal
from typing import Any

import msgspec
from psycopg import Connection

from service.aggregates.catalogue_content import Weights
from service.projections.reading import STANDING, rows


class Formulas(msgspec.Struct, frozen=True):
    """The weights in force with their version (0: nobody published any), and all that were ever published, by a score's name."""

    current: Weights = Weights()
    version: int = 0
    known: dict[str, Weights] = {}

    @property
    def name(self) -> str:
        """How a score given at the moment names its formula."""
        return self.current.name(self.version)

    def of(self, name: str) -> Weights:
        """The weights that a score names; all equal in a plain mean."""
        return self.known.get(name, Weights())


class _Version(msgspec.Struct, frozen=True):
    version: int
    strategic: str
    missional: str
    support: str
    holds: bool


def formulas(connection: Connection[Any], at: int) -> Formulas:
    """The weights at the moment."""
    query = """select version, settings ->> 'strategic' as strategic, settings ->> 'missional' as missional,
      settings ->> 'support' as support, from_pos <= %(at)s and to_pos > %(at)s as holds
      from read.rule where stream = %(stream)s and rule = 'formula' and from_pos <= %(at)s order by version"""
    current, version, known = Weights(), 0, dict[str, Weights]()
    for each in rows(connection, _Version, query, stream=STANDING, at=at):
        weights = Weights(Decimal(each.strategic), Decimal(each.missional), Decimal(each.support))
        known[weights.name(each.version)] = weights
        if each.holds:
            current, version = weights, each.version
    return Formulas(current, version, known)
