"""Which columns of a file are read as what: as somebody chose, as was remembered, by our own headers, or by a guess."""

import hashlib
from collections.abc import Iterable
from collections.abc import Mapping as Table
from typing import NamedTuple

import msgspec

from service.workbook import foreign
from service.workbook.columns import CEPLAN, HEADERS, OPTIONAL, Found, plain, recognise, visible
from service.workbook.opening import Sheet
from service.workbook.shapes import MONTHS, QUARTERS, Layout, Mapping, Reading, View, WorkbookError

_SEEN_ROWS, _SEEN_COLUMNS, _SEEN_TEXT = 45, 120, 60
_NARROWEST = 4
_NONE = "Ninguna hoja tiene las columnas de un plan. Descargue la plantilla, copie en ella su plan y vuelva a subirla."
_LAST = ("total", "note", "activity_key", "task_key")
FIELDS: dict[Layout, tuple[str, ...]] = {
    "ceplan": tuple(CEPLAN),
    "otro": (*(field for field in HEADERS if field not in _LAST), *QUARTERS, *_LAST),
}
REQUIRED: dict[Layout, tuple[str, ...]] = {
    "ceplan": tuple(field for field in CEPLAN if field not in OPTIONAL["ceplan"]),
    "otro": ("activity", "unit"),
}


class Located(NamedTuple):
    """What was found; `found` is None while columns are missing."""

    reading: Reading
    found: Found | None
    sentence: str = ""


def locate(sheets: Iterable[Sheet], chosen: Mapping | None = None, remembered: Table[str, Mapping] | None = None) -> Located:
    """The sheet, the header and the columns to read; the first sheet that leaves no doubt is the last one opened.

    Raises:
        WorkbookError: there is nothing to read, or not where the mapping says.

    """
    read, unread = list[Sheet](), None
    try:
        for sheet in sheets:
            read.append(sheet)
            if not chosen and not remembered and isinstance(recognise(sheet), Found):
                break
    except WorkbookError as error:
        if error.kind != "too-large" or not read:
            raise
        unread = error
    views = list(map(_view, read))
    if chosen:
        named = next((each for each in read if visible(each.name) == visible(chosen.sheet)), None)
        if named is None:
            raise unread or WorkbookError(
                f"El libro no tiene la hoja «{visible(chosen.sheet)}». Elija otra.", kind="unrecognised"
            )
        return _located(views, applied(named, chosen), "chosen")
    for sheet in read:
        known = _remembered(sheet, remembered or {})
        if known:
            return _located(views, applied(sheet, known), "remembered")
    ours = list(map(recognise, read))
    exact = next((found for found in ours if isinstance(found, Found)), None)
    if exact:
        return _located(views, exact, "exact")
    return _guessed(read, views, unread, next((near for near in ours if isinstance(near, str) and near), _NONE))


def _guessed(read: list[Sheet], views: list[View], unread: WorkbookError | None, sentence: str) -> Located:
    """What the headers of somebody else's sheet seem to say."""
    guesses = [found for found in map(foreign.guess, read) if found]
    if unread and all(guess.missing for guess in guesses):
        raise unread
    best = max(guesses, key=lambda each: (not each.missing, len(each.columns)), default=None) or _blank(read)
    columns = best.columns
    if "task" not in columns and "activity" in columns:
        columns = columns | {"task": columns["activity"]}
    mapping = Mapping("otro", best.sheet.name, best.sheet.rows[best.position][0], columns, best.rows)
    return _located(views, applied(best.sheet, mapping), "proposed")._replace(sentence=sentence)


def _blank(sheets: list[Sheet]) -> foreign.Guess:
    """Where somebody may begin to choose when no column says anything to us: the first row that is as wide as a table."""
    for sheet in sheets:
        for position, (_, cells) in enumerate(sheet.rows[: foreign.HEADER_WITHIN]):
            if sum(bool(str(cell).strip()) for cell in cells) >= _NARROWEST:
                return foreign.Guess(sheet, position, 1, {})
    empty = not any(sheet.rows for sheet in sheets)
    message = "El libro no tiene datos. Descargue la plantilla, llénela y vuelva a subirla." if empty else _NONE
    raise WorkbookError(message, kind="unrecognised")


def applied(sheet: Sheet, mapping: Mapping) -> Found:
    """The mapping on a sheet.

    Raises:
        WorkbookError: the sheet has no such header row.

    """
    position = next((index for index, (number, _) in enumerate(sheet.rows) if number == mapping.header), None)
    if position is None:
        message = f"La fila {mapping.header} de la hoja «{visible(sheet.name)}» está vacía. Elija la fila de los encabezados."
        raise WorkbookError(message, kind="unrecognised")
    texts = headers(sheet, position, mapping.rows)
    columns = {field: (index, texts[index] if index < len(texts) else "") for field, index in mapping.columns.items()}
    return Found(mapping.layout, sheet, position, columns, (), mapping.rows, mapping.decimal, mapping.kind)


def headers(sheet: Sheet, position: int, rows: int) -> list[str]:
    """What each column is called, for sentences."""
    found = list[str]()
    for texts in foreign.labels(sheet, position, rows):
        said = dict.fromkeys(" ".join(str(text).split()) for text in texts)
        found.append(visible(" · ".join(filter(None, said)))[:_SEEN_TEXT])
    return found


def missing(mapping: Mapping) -> tuple[str, ...]:
    """The fields the reader cannot do without and has no column for."""
    absent = [field for field in REQUIRED[mapping.layout] if field not in mapping.columns]
    timed = mapping.layout == "ceplan" or any(field in mapping.columns for field in (*MONTHS, *QUARTERS))
    return (*absent, *(() if timed else ("months",)))


def _located(views: list[View], found: Found, how: str) -> Located:
    layout: Layout = "otro" if found.layout == "quipu" else found.layout
    columns = {field: index for field, (index, _) in found.columns.items()}
    header = found.sheet.rows[found.header][0]
    mapping = msgspec.convert(
        {"layout": layout, "sheet": found.sheet.name, "header": header, "columns": columns}
        | {"rows": found.rows, "decimal": found.decimal, "kind": found.kind},
        Mapping,
    )
    absent = missing(mapping)
    reading = Reading(tuple(views), mapping, how, fingerprint(found.sheet, found.header, found.rows), absent)  # type: ignore[arg-type]
    return Located(reading, None if absent else found)


def fingerprint(sheet: Sheet, position: int, rows: int) -> str:
    """What stands for the texts of a header, wherever it stands."""
    texts = ["/".join(plain(str(text)[:300]) for text in pair) for pair in foreign.labels(sheet, position, rows)]
    while texts and texts[-1] == "/":
        texts.pop()
    return hashlib.sha256("\x1f".join(texts).encode(errors="replace")).hexdigest()


def _remembered(sheet: Sheet, remembered: Table[str, Mapping]) -> Mapping | None:
    """A remembered mapping whose header stands in this sheet, moved to where it stands."""
    if not remembered:
        return None
    for position in range(min(len(sheet.rows), foreign.HEADER_WITHIN)):
        for rows in (1, 2):
            known = remembered.get(fingerprint(sheet, position, rows))
            if known and known.rows == rows:
                return msgspec.structs.replace(known, sheet=sheet.name, header=sheet.rows[position][0])
    return None


def _view(sheet: Sheet) -> View:
    rows = []
    for position, (number, _) in enumerate(sheet.rows[:_SEEN_ROWS]):
        cells = foreign.filled(sheet, position)[:_SEEN_COLUMNS]
        shown = (f"{cell:.12g}" if isinstance(cell, float) else " ".join(str(cell).split()) for cell in cells)
        rows.append((number, tuple(visible(text)[:_SEEN_TEXT] for text in shown)))
    return View(visible(sheet.name), tuple(rows))
