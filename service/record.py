"""The record's bytes: every event of every stream in one tagged union, decoded and encoded in one place."""

import functools
import operator
from typing import Any

import msgspec

from service.aggregates import Event, Fact, streams

APPEND_LOCK = 7_128_002
"""The advisory lock that orders the record; `ledger.append` takes the same one."""

EVENTS: dict[str, type[Event]] = {
    str(kind.__struct_config__.tag): kind for kind in sorted(streams.EVENTS, key=lambda kind: str(kind.__struct_config__.tag))
}
_AnyEvent: Any = functools.reduce(operator.or_, EVENTS.values())
StoredFact: Any = msgspec.defstruct("StoredFact", [("event", _AnyEvent)], bases=(Fact,), frozen=True, gc=False, kw_only=True)
decode = msgspec.json.Decoder(StoredFact).decode
encode = msgspec.json.Encoder().encode


class Recorded(msgspec.Struct, frozen=True, gc=False):
    """A fact in its place: global position (0 while it is being written), stream, ordinal in the stream (from 1)."""

    position: int
    stream: str
    version: int
    fact: Fact


def tag(event: Event) -> str:
    """The event's legal name."""
    return str(event.__struct_config__.tag)
