"""The catalogue in words: what its kinds, fields and steps are called, and one content against another."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from service.aggregates import ROMAN
from service.aggregates import catalogue_content as cc
from service.catalogue_file.layout import KINDS as LINE_KINDS
from service.catalogue_file.layout import STEPS
from service.catalogue_file.rules import RULES
from service.web.sentences import GONE, NEW, Sentence
from service.web.words import fecha, numero, umbral

KINDS = {
    "instruments": ("Instrumentos", "el instrumento"),
    "objectives": ("Objetivos", "el objetivo"),
    "lines": ("Líneas de acción", "la línea"),
    "areas": ("Áreas", "el área"),
    "measures": ("Unidades de medida", "la unidad de medida"),
    "deadlines": ("Calendario", "el plazo"),
}
FIELDS = {
    "name": "nombre",
    "norm": "norma",
    "levels": "niveles",
    "place": "orden",
    "instrument": "instrumento",
    "text": "texto",
    "level": "nivel",
    "parent": "objetivo superior",
    "kind": "tipo",
    "aliases": "otras formas de escribirla",
    "day": "fecha",
    "fulfilled": "«Cumplido» desde",
    "in_progress": "«En proceso» desde",
    "label": "nombre de la escala",
    "strategic": "peso de las líneas estratégicas",
    "missional": "peso de las líneas misionales",
    "support": "peso de las líneas de soporte",
    "on": "vigila",
    "limit": "umbral",
    "days": "días",
    "answer": "días para atender",
    "closes": "se cierra sola",
}
SETTINGS = {"scale": "Escala", "weights": "Fórmula de la calificación", "rules": "Reglas de alerta"}
PERCENTS = {"fulfilled", "in_progress", "limit"}


def step(deadline: Any) -> str:
    """A step of the calendar in words: «Reporte del trimestre I»."""
    return f"{STEPS[deadline.step]}{f' {ROMAN[deadline.quarter]}' if deadline.quarter else ''}"


def title(item: Any) -> str:
    """What an item is called."""
    if isinstance(item, cc.Deadline):
        return f"{item.year} · {step(item)}"
    return str(item.key)


def said(field: str, value: Any) -> str:
    """A value of a field."""
    if field in PERCENTS:
        return umbral(value)
    if isinstance(value, bool):
        return "sí" if value else "no"
    if isinstance(value, tuple):
        return "; ".join(map(str, value)) or "ninguno"
    if field == "day":
        return fecha(value)
    if field == "kind":
        return LINE_KINDS[value]
    return (numero(value) if isinstance(value, int | Decimal) else str(value)) or "sin dato"


def whole(item: Any) -> str:
    """An item that is new or gone, in one line."""
    match item:
        case cc.Instrument():
            return item.norm or "sin norma"
        case cc.Objective():
            return f"{item.text} ({item.instrument})"
        case cc.Line():
            return f"{item.name} ({item.kind})"
        case cc.Measure():
            return "; ".join((item.name, *item.aliases))
        case cc.Deadline():
            return fecha(item.day)
        case _:
            return str(item.name)


def compared(before: cc.Content, after: cc.Content) -> list[tuple[str, list[Sentence]]]:
    """What changed from one content to another, in words, kind by kind."""
    groups = {KINDS[kind][0]: list(_kind(before, after, kind)) for kind in cc.KINDS}
    for name, subject in SETTINGS.items():
        groups[subject] = list(_setting(subject, getattr(before, name), getattr(after, name)))
    return [(subject, sentences) for subject, sentences in groups.items() if sentences]


def _kind(before: cc.Content, after: cc.Content, kind: str) -> Iterator[Sentence]:
    old, new, subject = cc.indexed(before, kind), cc.indexed(after, kind), KINDS[kind][0]
    for key, item in (old | new).items():
        if key not in old:
            yield Sentence(subject, f"{title(item)}:", NEW, whole(item))
        elif key not in new:
            yield Sentence(subject, f"{title(item)}:", whole(item), GONE)
        else:
            yield from _fields(subject, title(item), old[key], item)


def _fields(subject: str, name: str, old: Any, new: Any) -> Iterator[Sentence]:
    for field in new.__struct_fields__:
        was, now = getattr(old, field), getattr(new, field)
        if was != now:
            yield Sentence(subject, f"{name}, {FIELDS[field]}:".lstrip(", "), said(field, was), said(field, now))


def _setting(subject: str, was: Any, now: Any) -> Iterator[Sentence]:
    if isinstance(now, tuple):
        for before, after in zip(was, now, strict=True):
            yield from _fields(subject, RULES[after.code], before, after)
    else:
        yield from _fields(subject, "", was, now)
