"""The rules of quorum as they stood at a moment."""

from typing import Any

import msgspec
from psycopg import Connection

from service.aggregates.quorum_rules import Quorums
from service.aggregates.session_quorum import Quorum
from service.projections.reading import STANDING


def quorums(connection: Connection[Any], at: int) -> Quorums:
    """The rules in force at the moment; the examples where none was published."""
    query = """select rule, version, settings from read.rule where stream = %(stream)s and rule like 'quorum/%%'
      and from_pos <= %(at)s and to_pos > %(at)s"""
    found = connection.execute(query, {"stream": STANDING, "at": at}).fetchall()
    published = {rule.removeprefix("quorum/"): msgspec.convert(settings, Quorum) for rule, _, settings in found}
    return Quorums(max((version for _, version, _ in found), default=0), published)
