"""From what a person typed to a command: each field by the command's own annotation, every error in Spanish, nothing lost.

Names of inputs: a plain field is `text`; a list of structs `entries-0-task`, `entries-0-executed`; twelve months
`months-0` … `months-11`; a list of words one input repeated (`objectives`). A row in which nothing was typed is left out.
"""

import re
import secrets
import types
import typing
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from itertools import count, takewhile
from typing import Annotated, Any, Generic, Literal, TypeVar

import msgspec
from msgspec import Meta

from service.web.typed import Wrong, clean, day, number

C = TypeVar("C", bound=msgspec.Struct)
Raw = Mapping[str, Sequence[str]]

YES, NO = {"on", "si", "sí", "true", "1"}, {"no", "false", "0", "off"}
MOST_WORDS = 100
UNTYPED = {"seen"}  # what was on screen is read from the record, never believed
MISSING = "Falta este dato: complételo."


class Form(msgspec.Struct, Generic[C]):
    """What became of a form: the command and what it led to, or the errors (input name → sentence, "" for the whole).

    `typed` is what was written, always; `items` are the lines of a refusal; `clash` says that somebody else changed the same.
    """

    typed: dict[str, str | list[str]] = {}
    errors: dict[str, str] = {}
    items: tuple[str, ...] = ()
    command: C | None = None
    command_id: str = ""
    done: Any = None
    status: int = 200
    clash: bool = False

    @classmethod
    def fresh(cls, **typed: str | list[str]) -> "Form[C]":
        """A form nobody has sent yet, with what stands now."""
        return cls(typed=typed, command_id=secrets.token_hex(16))

    def refuse(self, sentence: str, items: tuple[str, ...] = ()) -> None:
        """A rule of the record said no."""
        self.errors[""], self.items, self.status = sentence, items, 409

    def __getitem__(self, name: str) -> str | list[str]:
        """What was typed in one input."""
        return self.typed.get(name, "")


def read(kind: type[C], raw: Raw, **fixed: Any) -> Form[C]:
    """Build a command; `fixed` fields come from the address, never from the form."""
    form = Form[C](typed={name: values[0] if len(values) == 1 else list(values) for name, values in raw.items()})
    form.command_id = first(raw, "command_id")
    values = _struct(kind, "", raw, form.errors, fixed)
    if form.errors:
        form.status = 422
    else:
        form.command = kind(**values)
    return form


def first(raw: Raw, name: str) -> str:
    """The first value of an input, without spaces around."""
    return next(iter(raw.get(name, ())), "").strip()


@cache
def _hints(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind, include_extras=True)


def _struct(kind: type, prefix: str, raw: Raw, errors: dict[str, str], fixed: Mapping[str, Any]) -> dict[str, Any]:
    values = dict(fixed)
    hints = _hints(kind)
    for field in msgspec.structs.fields(kind):
        if field.name in fixed or field.name in UNTYPED:
            continue
        name = prefix + field.name
        try:
            value = _value(hints[field.name], name, raw, errors)
        except Wrong as wrong:
            if not field.required and not any(text.strip() for text in raw.get(name, ())):
                continue
            errors[name] = str(wrong)
            continue
        values[field.name] = value
    return values


def _unwrap(hint: Any) -> tuple[Any, list[Meta]]:
    metas = list[Meta]()
    while typing.get_origin(hint) is Annotated:
        hint, *rest = typing.get_args(hint)
        metas = [meta for meta in rest if isinstance(meta, Meta)] + metas
    return hint, metas


def _value(hint: Any, name: str, raw: Raw, errors: dict[str, str]) -> Any:
    base, metas = _unwrap(hint)
    if typing.get_origin(base) is tuple:
        return _many(base, metas, name, raw, errors)
    text = clean(first(raw, name))
    sentence = next((m.extra["error"] for m in reversed(metas) if m.extra and "error" in m.extra), "")
    if typing.get_origin(base) in {types.UnionType, typing.Union}:
        if not text:
            return None
        base, metas = _unwrap(next(each for each in typing.get_args(base) if each is not type(None)))
    if not text and not (base is str and not any(meta.min_length for meta in metas)):
        raise Wrong(sentence if base is str and sentence else MISSING)
    try:
        value = _scalar(base, text)
        _check(value, metas)
    except (ValueError, InvalidOperation, msgspec.ValidationError) as error:
        raise Wrong(sentence or _general(base)) from error
    return value


def _many(base: Any, metas: list[Meta], name: str, raw: Raw, errors: dict[str, str]) -> tuple[Any, ...]:
    kinds = typing.get_args(base)
    sentence = next((m.extra["error"] for m in metas if m.extra and "error" in m.extra), MISSING)
    inner, each = _unwrap(kinds[0])
    if Ellipsis not in kinds or inner is Decimal:
        return tuple(_each(kind, f"{name}-{n}", raw, errors) for n, kind in _numbered(kinds, name, raw))
    if isinstance(inner, type) and issubclass(inner, msgspec.Struct):
        found = list[Any]()
        for number in _rows(inner, name, raw):
            before = len(errors)
            values = _struct(inner, f"{name}-{number}-", raw, errors, {})
            if len(errors) == before:
                found.append(inner(**values))
        if not found and not errors and any(meta.min_length for meta in metas):
            raise Wrong(sentence)
        return tuple(found)
    texts = [clean(text.strip()) for text in raw.get(name, ()) if text.strip()]
    if not texts and any(meta.min_length for meta in metas):
        raise Wrong(sentence)
    try:
        chosen = [_scalar(inner, text) for text in texts]
        for value in chosen:
            _check(value, each)
    except (ValueError, InvalidOperation, msgspec.ValidationError) as error:
        raise Wrong(next((m.extra["error"] for m in each if m.extra and "error" in m.extra), _general(inner))) from error
    if len(chosen) > MOST_WORDS:
        message = f"Elija como máximo {MOST_WORDS}."
        raise Wrong(message)
    return tuple(chosen)


def _numbered(kinds: tuple[Any, ...], name: str, raw: Raw) -> Iterator[tuple[int, Any]]:
    """The inputs of a row of amounts: as many as its type says, or as the form has."""
    if Ellipsis not in kinds:
        return enumerate(kinds)
    return ((n, kinds[0]) for n in takewhile(lambda n: f"{name}-{n}" in raw, count()))


def _each(kind: Any, name: str, raw: Raw, errors: dict[str, str]) -> Any:
    """One of a fixed row of inputs; a blank amount is 0."""
    base, _ = _unwrap(kind)
    if base is Decimal and not first(raw, name):
        return Decimal(0)
    try:
        return _value(kind, name, raw, errors)
    except Wrong as wrong:
        errors[name] = str(wrong)
        return None


def _rows(kind: type, name: str, raw: Raw) -> list[int]:
    """Find the rows in which something was typed, looking at each input once; hidden numbers of a row (its ids) do not count."""
    pattern = re.compile(rf"{re.escape(name)}-(0|[1-9]\d{{0,3}})-(\w+)(?:-.*)?", re.ASCII)
    typed = {field for field, hint in _hints(kind).items() if _unwrap(hint)[0] is not int} - UNTYPED
    named = ((key, pattern.fullmatch(key)) for key in raw)
    return sorted({int(found[1]) for key, found in named if found and found[2] in typed and first(raw, key)})


def _scalar(base: Any, text: str) -> Any:
    if base is Decimal:
        return number(text)
    if base is int:
        return int(number(text)) if number(text) % 1 == 0 else _no()
    if base is date:
        return day(text)
    if base is bool:
        return text.lower() in YES or (_no() if text.lower() not in NO else False)
    if base is str:
        return text
    if typing.get_origin(base) is Literal:
        return msgspec.convert(text, base)
    message = f"no form can carry {base}"
    raise TypeError(message)


def _no() -> typing.NoReturn:
    raise ValueError


def _check(value: Any, metas: list[Meta]) -> None:
    for meta in metas:
        low = (meta.ge is not None and value < meta.ge) or (meta.gt is not None and value <= meta.gt)
        high = (meta.le is not None and value > meta.le) or (meta.lt is not None and value >= meta.lt)
        length = len(value) if isinstance(value, str) else 0
        short = meta.min_length is not None and length < meta.min_length
        long = meta.max_length is not None and length > meta.max_length
        if low or high or short or long or (meta.pattern and not re.search(meta.pattern, value)):
            raise ValueError


def _general(base: Any) -> str:
    if base is date:
        return "Escriba una fecha válida: día/mes/año."
    if base is int:
        return "Escriba un número entero."
    if base is Decimal:
        return "Escriba un número (use coma o punto decimal)."
    if base is str:
        return "Revise este texto."
    return "Elija una de las opciones."
