"""The kinds of commitment with their signatories, as they stood at a moment."""

from typing import Any

import msgspec
from psycopg import Connection

from service.aggregates.signing_kinds import SigningKind, SigningKinds
from service.projections.reading import STANDING


def signing_kinds(connection: Connection[Any], at: int) -> SigningKinds:
    """The kinds in force at the moment; the examples where none was published."""
    query = """select version, settings from read.rule where stream = %(stream)s and rule like 'signing/%%'
      and from_pos <= %(at)s and to_pos > %(at)s order by from_pos"""
    found = connection.execute(query, {"stream": STANDING, "at": at}).fetchall()
    published = [msgspec.convert(settings, SigningKind) for _, settings in found]
    return SigningKinds().put(max((version for version, _ in found), default=0), *published)
