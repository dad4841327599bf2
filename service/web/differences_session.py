"""What differs between two moments of a year's sessions, in words."""

from collections.abc import Callable, Iterator
from typing import Any

from service.projections.compare import Difference
from service.web.facts_session import CONTENT, PARTS
from service.web.sentences import Names, Sentence, Value, columns, text, whole
from service.web.words import STATES, cargo

SESSION: dict[str, tuple[str, Value]] = {
    "status": ("estado", lambda code: STATES["session"][code].word if code else "no existía"),
    "day": ("fecha", text),
    "place": ("lugar", text),
    **{part: (f"acta, {PARTS[part]}", text) for part in ("introduction", "development", "remarks")},
}
AGREEMENT: dict[str, tuple[str, Value]] = {name: (label, text) for name, label in CONTENT.items()}
AGREEMENT["withdrawn"] = ("retirado", lambda gone: "sí" if gone else "no")
ITEM: dict[str, tuple[str, Value]] = {"place": ("lugar", text), "note": ("notas", text)}
ITEM["taken_up"] = ("cifras del hecho n.º", text)


def _subject(d: Difference) -> str:
    values = d.key | (d.after or d.before or {})
    return f"Sesión {values['session']}"


def _attendance(d: Difference, _: Names) -> Iterator[Sentence]:
    values = d.after or d.before or {}
    yield Sentence(_subject(d), f"asistencia, {cargo(values['charge'])}", "sí" if d.before else "no", "sí" if d.after else "no")


def _item(d: Difference, _: Names) -> Iterator[Sentence]:
    values = d.after or d.before or {}
    if d.before is None or d.after is None:
        yield whole(d, _subject(d), "punto", values["title"])
    else:
        yield from columns(d, _subject(d), f"«{values['title']}»,", ITEM)


def _agreement(d: Difference, _: Names) -> Iterator[Sentence]:
    yield from columns(d, _subject(d), f"acuerdo {d.key['agreement']}:", AGREEMENT)


def _vote(d: Difference, _: Names) -> Iterator[Sentence]:
    values: dict[str, Any] = d.after or d.before or {}
    yield whole(d, "Votos", f"acuerdo {d.key['agreement']}, {cargo(values['charge'])}", values["choice"])


def _wording(d: Difference, _: Names) -> Iterator[Sentence]:
    words = {"proposed": "propuesto", "accepted": "aceptado", "rejected": "rechazado"}
    before, after = (words[values["status"]] if values else "no existía" for values in (d.before, d.after))
    yield Sentence(_subject(d), f"cambio del acta n.º {d.key['wording']}", before, after)


def _erratum(d: Difference, _: Names) -> Iterator[Sentence]:
    yield whole(d, _subject(d), f"fe de erratas {d.key['erratum']}", (d.after or d.before or {})["should_say"])


SAYINGS: dict[str, Callable[[Difference, Names], Iterator[Sentence]]] = {
    "session": lambda d, _: columns(d, _subject(d), "", SESSION),
    "attendance": _attendance,
    "agenda_item": _item,
    "agreement": _agreement,
    "vote": _vote,
    "wording": _wording,
    "erratum": _erratum,
}
