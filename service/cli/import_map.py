"""`--map dato=COLUMNA`: the columns of a workbook named on the command line."""

from typing import Literal, get_args

import msgspec

from service.cli.common import Stop
from service.workbook import FIELDS, Mapping, Reading
from service.workbook.shapes import MONTHS, QUARTERS, Layout

WORDS = {
    "kind": "tipo-de-linea",
    "line": "linea",
    "line_name": "nombre-de-linea",
    "activity_code": "codigo-de-actividad",
    "activity": "actividad",
    "area": "area",
    "objectives": "objetivos",
    "indicator": "indicador",
    "verification": "medio-de-verificacion",
    "task_code": "codigo-de-tarea",
    "task": "tarea",
    "unit": "unidad",
    **{name: name for name in (*MONTHS, *QUARTERS)},
    "total": "total",
    "note": "observacion",
    "activity_key": "id-actividad",
    "task_key": "id-tarea",
    "centre": "centro",
    "oei": "oei",
    "aei": "aei",
    "activity_id": "codigo-ceplan",
    "months": "meses o trimestres",
}
_FIELDS = {word.casefold(): field for field, word in WORDS.items() if field != "months"}
_SIGNS: dict[str, Literal[",", "."]] = {"coma": ",", "punto": "."}
_SHAPE = ("hoja", "fila", "filas", "forma", "decimal", "tipo")


def chosen(reading: Reading, pairs: tuple[str, ...]) -> Mapping:
    """What was proposed, with what the pairs say instead.

    Raises:
        Stop: a pair says nothing we know.

    """
    said = dict[str, str]()
    for pair in pairs:
        name, equal, value = pair.partition("=")
        name = name.strip().casefold()
        if not equal or not value.strip() or (name not in _FIELDS and name not in _SHAPE):
            message = f"«{pair}» no dice una columna: escriba dato=COLUMNA. Datos: {', '.join([*_FIELDS, *_SHAPE])}."
            raise Stop(message)
        said[name] = value.strip()
    layout: Layout = next(
        (each for each in get_args(Layout) if each == said.get("forma") and each in FIELDS), reading.mapping.layout
    )
    columns = {field: index for field, index in reading.mapping.columns.items() if field in FIELDS[layout]}
    columns |= {_FIELDS[name]: _column(value) for name, value in said.items() if name in _FIELDS}
    mapping = msgspec.structs.replace(
        reading.mapping, layout=layout, columns=columns, sheet=said.get("hoja", reading.mapping.sheet)
    )
    return msgspec.convert(
        msgspec.to_builtins(mapping)
        | {name: _whole(said[word]) for word, name in (("fila", "header"), ("filas", "rows")) if word in said}
        | {"decimal": _SIGNS.get(said.get("decimal", ""), mapping.decimal), "kind": _kind(said.get("tipo", mapping.kind))},
        Mapping,
    )


def _column(text: str) -> int:
    """A → 0, AU → 46.

    Raises:
        Stop: it is no column.

    """
    if not (text.isascii() and text.isalpha() and len(text) <= 3):  # noqa: PLR2004 — XFD is the last one
        message = f"«{text}» no es una columna: escriba su letra, por ejemplo C o AB."
        raise Stop(message)
    number = 0
    for each in text.upper():
        number = number * 26 + ord(each) - 64
    return number - 1


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and 0 < len(text) < 7):  # noqa: PLR2004 — no sheet has a million rows
        message = f"«{text}» no es un número de fila."
        raise Stop(message)
    return int(text)


def _kind(text: str) -> str:
    if text.upper() not in {"", "E", "M", "S"}:
        message = f"«{text}» no es un tipo de línea: escriba E, M o S."
        raise Stop(message)
    return text.upper()
