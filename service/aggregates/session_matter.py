"""What a session speaks of: something of a unit's year, and the words by which it stands on the agenda."""

from typing import Literal

import msgspec

from service.aggregates import Line1

MatterKind = Literal["quarter", "alert", "finding", "commitment", "activity"]


class Matter(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Something of a unit's year that a session speaks of or decides: its quarter, an alert, a finding, a commitment."""

    unit: str
    kind: MatterKind
    number: int


class NewItem(msgspec.Struct, frozen=True, kw_only=True):
    """An item for the agenda: its words and, where it is about something of a unit's year, what."""

    title: Line1
    matter: Matter | None = None
