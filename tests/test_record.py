"""The record's bytes: the list of tags and shapes is frozen, what is read is what was written, nobody is named."""

import re
from pathlib import Path
from typing import Any

import msgspec
import pytest

from service.aggregates import Event, Fact
from service.projections import rooms
from service.record import EVENTS, Recorded, StoredFact, decode, encode, tag
from tests.stories import DAY, NOON

FROZEN = Path(__file__).with_name("data") / "events.json"
PERSONAL = re.compile(r"name_of|full_?name|dni|e_?mail|correo|phone|tel[eé]fono|address|birth|password|subject|apellido|nombre")


BYTES = ("credential", "public_key", "nonce", "client_data", "authenticator_data", "signature")
GIVEN = dict.fromkeys(BYTES, "AAAA") | {
    "origin": "120005-2025-3",
    "canonical": FROZEN.with_name("commitment-v2.json").read_text(encoding="utf-8"),
}
"""Texts that are read, so that any text would not do."""


def shapes() -> dict[str, dict[str, str]]:
    """Every tag, and what each field of its event holds; a default stands after `=`."""
    return {name: _fields(kind) for name, kind in EVENTS.items()} | {"(envelope)": _fields(Fact)}


def _fields(kind: type) -> dict[str, str]:
    info: Any = msgspec.inspect.type_info(kind)
    return {field.encode_name: _said(field.type) + _default(field) for field in info.fields}


def _default(field: Any) -> str:
    return "" if field.required else f" = {field.default!r}"


def _said(info: Any) -> str:  # noqa: PLR0911 — one line per kind of type
    i = msgspec.inspect
    match info:
        case i.StructType():
            inner = ", ".join(f"{field.encode_name}: {_said(field.type)}{_default(field)}" for field in info.fields)
            return f"{info.tag or ''}{{{inner}}}"
        case i.UnionType():
            return " | ".join(str(each.tag) if isinstance(each, i.StructType) else _said(each) for each in info.types)
        case i.VarTupleType():
            return f"[{_said(info.item_type)}…]"
        case i.TupleType():
            return f"[{', '.join(map(_said, info.item_types))}]"
        case i.DictType():
            return f"{{{_said(info.key_type)}: {_said(info.value_type)}}}"
        case i.LiteralType():
            return "/".join(sorted(map(str, info.values)))
        case _:
            return type(info).__name__.removesuffix("Type").lower()


def example(kind: Any) -> Any:
    """A believable value of an event's field type."""
    return msgspec.convert(_raw(msgspec.inspect.type_info(kind)), kind, strict=False)


def _raw(info: Any) -> Any:  # noqa: C901, PLR0911, PLR0912 — the same
    i = msgspec.inspect
    match info:
        case i.StructType():
            values = {each.encode_name: GIVEN.get(each.encode_name) or _raw(each.type) for each in info.fields}
            return values | ({"type": info.tag} if info.tag else {})
        case i.Metadata():
            return _raw(info.type)
        case i.UnionType():
            return _raw(info.types[0])
        case i.VarTupleType():
            return [_raw(info.item_type)]
        case i.TupleType():
            return [_raw(each) for each in info.item_types]
        case i.DictType():
            return {"name": _raw(info.value_type)}
        case i.LiteralType():
            return info.values[0]
        case i.IntType():
            return 7
        case i.DecimalType():
            return "12.50"
        case i.BoolType():
            return True
        case i.DateTimeType():
            return "2026-02-28T10:00:00Z"
        case i.DateType():
            return "2026-02-28"
        case _:
            return "Ñandú «1»"


def fact(event: Event) -> Fact:
    """The event in an envelope."""
    return Fact(at=NOON, on=DAY, person="p1", charge="director-ugel/120005", command="c1", salt="AAAA", event=event)


def test_tags_and_shapes_are_frozen() -> None:
    """A shape once recorded stays: a change gets a new tag (`progress-recorded.2`), and nothing is removed.

    For a new event, and before the first release only, write the file again: `python -m tests.test_record`.
    """
    assert msgspec.json.decode(FROZEN.read_bytes()) == shapes()


def test_a_tag_is_a_legal_name_not_a_path() -> None:
    """Tags are short words in English, in the past, and one per event."""
    assert len(EVENTS) == len(set(EVENTS.values())) > 30
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)+(\.\d+)?", name) for name in EVENTS)


@pytest.mark.parametrize("name", sorted(EVENTS))
def test_what_is_read_is_what_was_written(name: str) -> None:
    """Each event survives the record byte for byte, type for type, also nested ones."""
    event = example(EVENTS[name])
    stored = encode(fact(event))
    read = decode(stored)
    assert (type(read), type(read.event), tag(read.event)) == (StoredFact, EVENTS[name], name)
    assert read.event == event
    assert encode(read) == stored


@pytest.mark.parametrize("name", sorted(EVENTS))
def test_every_event_has_a_place_in_the_history(name: str) -> None:
    """Projecting any event gives at least its line of history, and at most one row per key."""
    rows = rooms.project(Recorded(1, "unit/120005/2026", 1, fact(example(EVENTS[name]))))
    keys = [(row.table.name, row.key) for row in rows]
    assert "history" in [table for table, _ in keys]
    assert len(keys) == len(set(keys))
    assert all(set(row.patch or {}) <= set(row.table.columns) for row in rows)


def test_no_event_has_a_field_for_personal_data() -> None:
    """Persons appear by their opaque id alone; names, DNI and addresses live in the directory."""
    fields = {field for shape in shapes().values() for field in shape}
    assert {field for field in fields if PERSONAL.search(field)} == set()
    assert fields & {"person", "holder", "declarer", "signed"} == {"person", "holder", "declarer", "signed"}, "these hold ids"


def test_the_envelope_says_who_when_and_by_which_command() -> None:
    """Recorded at, happened on, person, charge, command id and a salt of sixteen bytes."""
    assert [field.name for field in msgspec.structs.fields(Fact)] == ["at", "on", "person", "charge", "command", "salt", "event"]


if __name__ == "__main__":
    FROZEN.write_bytes(msgspec.json.format(msgspec.json.encode(shapes(), order="deterministic"), indent=1) + b"\n")
