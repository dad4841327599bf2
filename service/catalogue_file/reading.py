"""A catalogue's file read: what it puts, what it retires, and the cells that are wrong."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import msgspec

from service.aggregates import catalogue_content as cc
from service.aggregates.catalogue_check import faults
from service.catalogue_file import rules
from service.catalogue_file.layout import KINDS, OPTIONAL, SETTINGS, SHEETS, STEPS
from service.workbook import separated
from service.workbook.cells import Cells
from service.workbook.columns import plain
from service.workbook.opening import Sheet, opened
from service.workbook.shapes import Problem, WorkbookError

LOOKED_AT = 20
NUMBERS = {"place", "level", "year", "quarter"}
ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
MEANT: dict[str, Mapping[str, str]] = {
    "kind": {spelling: code for code, word in KINDS.items() for spelling in (plain(word), plain(code), code[0])},
    "step": {plain(word): code for code, word in STEPS.items()},
}


class Read(msgspec.Struct, frozen=True):
    """What a file says: the change it asks for, how many rows of each sheet, and the cells that are wrong or doubtful."""

    change: cc.Difference
    rows: dict[str, int]
    errors: tuple[tuple[str, Problem], ...]
    warnings: tuple[tuple[str, Problem], ...]


def read(content: bytes, current: cc.Content) -> Read:
    """Read a file; `current` gives the settings that it does not mention.

    Raises:
        WorkbookError: it cannot be used as a whole.

    """
    items = {kind: list[Any]() for kind in cc.KINDS}
    retired = {kind: list[str]() for kind in cc.KINDS}
    settings, counts = dict[str, Any](), dict[str, int]()
    errors, warnings = list[tuple[str, Problem]](), list[tuple[str, Problem]]()
    for sheet in opened(content).sheets:
        known = _recognised(sheet)
        if known is None:
            continue
        kind, header, columns = known
        cells = Cells(columns)
        title, rows = SHEETS[kind][0], sheet.rows[header + 1 :]
        counts.setdefault(title, 0)
        for number, values in rows:
            cells.move(number, [_unguarded(value) for value in values] if sheet.name == separated.NAME else values)
            counts[title] += 1
            if kind == "settings":
                _read_setting(cells, settings, current)
            elif kind == "rules":
                settings["rules"] = rules.read(cells, settings.get("rules", current.rules))
            else:
                _read_item(cells, kind, items[kind], retired[kind])
        errors += [(sheet.name, each) for each in cells.errors]
        warnings += [(sheet.name, each) for each in cells.warnings]
    if not counts:
        message = "El archivo no tiene ninguna hoja del catálogo. Exporte el catálogo y use sus mismos encabezados."
        raise WorkbookError(message, kind="unreadable")
    gone = cc.Retired(**{kind: tuple(keys) for kind, keys in retired.items()})
    put: dict[str, Any] = {kind: tuple({item.key: item for item in found}.values()) for kind, found in items.items()}
    return Read(cc.Difference(**put, **settings, retired=gone), counts, tuple(errors), tuple(warnings))


def _unguarded(value: Any) -> Any:
    """A cell of our CSV without the apostrophe that keeps it from being taken for a formula."""
    return value.removeprefix("'") if isinstance(value, str) else value


def _recognised(sheet: Sheet) -> tuple[str, int, dict[str, tuple[int, str]]] | None:
    """Which kind a sheet lists, the position of its header, and its columns."""
    for position, (_, values) in enumerate(sheet.rows[:LOOKED_AT]):
        named = {plain(value): (index, str(value)) for index, value in reversed(list(enumerate(values))) if str(value).strip()}
        fits = list[tuple[int, str, dict[str, tuple[int, str]]]]()
        for kind, (_, columns) in SHEETS.items():
            found = {field: named[plain(header)] for field, header in columns if plain(header) in named}
            if {field for field, _ in columns} - OPTIONAL <= set(found):
                fits.append((len(found), kind, found))
        if fits:
            _, kind, found = max(fits, key=lambda fit: fit[0])
            return kind, position, found
    return None


def _read_item(cells: Cells, kind: str, items: list[Any], retired: list[str]) -> None:
    before, values = cells.error_count, dict[str, Any]()
    fields = msgspec.structs.fields(cc.KINDS[kind])
    if not cells.filled(*(field.name for field in fields)):
        return
    for field in fields:
        if field.name in cells.columns:
            value = _value(cells, field.name)
            if value is not None:
                values[field.name] = value
            elif field.required and cells.error_count == before:
                cells.wrong(field.name, "Falta este dato: complételo.")
    if cells.error_count > before:
        return
    item = cc.KINDS[kind](**values)
    for name, sentence in faults(item).items():
        cells.wrong(name, sentence)
    if cells.error_count == before and plain(cells.text("state")).startswith("retir"):
        retired.append(item.key)
    elif cells.error_count == before:
        items.append(item)


def _value(cells: Cells, field: str) -> Any:
    """A cell as the value of its field; None when it is blank or wrong."""
    raw = cells.raw(field)
    if field == "day":
        return _day(cells, raw)
    text = cells.text(field, code=field in {"code", "parent"}, long=field == "text")
    if not text:
        return None
    if field in {"levels", "aliases"}:
        return tuple(filter(None, (part.strip() for part in text.split(";"))))
    if field in MEANT:
        return _meant(cells, field, text)
    return _number(cells, field, text) if field in NUMBERS else text


def _meant(cells: Cells, field: str, text: str) -> str | None:
    """The code that a word stands for."""
    meant = MEANT[field].get(plain(text))
    if meant is None:
        words = KINDS if field == "kind" else STEPS
        cells.wrong(field, f"Escriba una de estas palabras: {', '.join(words.values())}.")
    return meant


def _number(cells: Cells, field: str, text: str) -> int | None:
    if text.casefold() in ROMAN:
        return ROMAN[text.casefold()]
    if text.isascii() and text.isdecimal() and len(text) < 7:  # noqa: PLR2004 — a small number
        return int(text)
    cells.wrong(field, "Escriba un número entero.")
    return None


def _day(cells: Cells, raw: Any) -> date | None:
    if isinstance(raw, datetime):
        return raw.date()
    if isinstance(raw, date) or not str(raw).strip():
        return raw or None
    for pattern in ("%d/%m/%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(str(raw).strip(), pattern).date()  # noqa: DTZ007 — a day has no zone
        except ValueError:
            continue
    cells.wrong("day", "Escriba una fecha como 15/04/2026.")
    return None


def _read_setting(cells: Cells, settings: dict[str, Any], current: cc.Content) -> None:
    name, text = cells.text("setting"), cells.text("value")
    if not name:
        return
    known = {plain(word): where for word, where in SETTINGS.items()}.get(plain(name))
    if known is None:
        cells.wrong("setting", f"Ese parámetro no existe. Son: {'; '.join(SETTINGS)}.")
        return
    part, field = known
    value: Any = text
    if field != "label":
        try:
            value = Decimal(text.replace(",", ".").removesuffix("%").strip())
        except InvalidOperation:
            cells.wrong("value", "Escriba un número entre 0 y 100.")
            return
    before = settings.get(part, getattr(current, part))
    settings[part] = msgspec.structs.replace(before, **{field: value})
