"""What differs in the rows of a commitment, in words: what is agreed, its versions, signatures, extensions."""

from collections.abc import Callable, Iterator
from typing import Any

from service.projections.compare import Difference
from service.web.sentences import NEW, Names, Sentence, Value, columns, text, whole
from service.web.words import NOTHING, STATES, cargo, fecha, plural

SIGNED = {"signed": "Firmado", "declined": "Rechazado"}
ASKED = {"requested": "por resolver", "granted": "concedida", "rejected": "rechazada"}
AGREED: dict[str, tuple[str, Value]] = {
    "status": ("estado", lambda code: STATES["commitment"][code].word if code else NEW),
    "version": ("versión vigente", text),
    "due": ("vence", lambda day: fecha(day) if day else NOTHING),
    "action": ("acción", text),
    "target": ("meta", text),
    "responsible": ("responsable", lambda charge: cargo(charge) if charge else NOTHING),
}
FIRST = ("status",)


def _commitment(d: Difference, _: Names) -> Iterator[Sentence]:
    """A new one is told by its state alone: what it says stands in the heading."""
    named = AGREED if d.before and d.after else {name: AGREED[name] for name in FIRST}
    yield from columns(d, f"Compromiso {d.key['commitment']}: {(d.after or d.before or {})['action']}", "", named)


def _version(d: Difference, _: Names) -> Iterator[Sentence]:
    values: dict[str, Any] = d.after or d.before or {}
    if d.key["version"] > 1:
        yield whole(d, f"Compromiso {d.key['commitment']}", f"versión {d.key['version']}", values["reason"])


def _signature(d: Difference, _: Names) -> Iterator[Sentence]:
    before, after = (SIGNED[values["status"]] if values else "falta" for values in (d.before, d.after))
    version = f", versión {d.key['version']}" if d.key["version"] > 1 else ""
    label = f"compromiso {d.key['commitment']}{version}, {cargo(d.key['charge'])}"
    values: dict[str, Any] = d.after or d.before or {}
    yield Sentence("Firmas", label, before, f"{after} el {fecha(values['at'])}" if d.after else after)


def _refused(d: Difference, _: Names) -> Iterator[Sentence]:
    values: dict[str, Any] = d.after or d.before or {}
    yield whole(d, "Firmas", f"archivo firmado de fuera, compromiso {d.key['commitment']}", values["verdict"])


def _file(d: Difference, _: Names) -> Iterator[Sentence]:
    values: dict[str, Any] = d.after or d.before or {}
    yield whole(
        d, f"Compromiso {d.key['commitment']}", "archivo adjunto", f"{cargo(values['charge'])}, SHA-256 {d.key['file'][:8]}…"
    )


def _extension(d: Difference, _: Names) -> Iterator[Sentence]:
    values: dict[str, Any] = d.after or d.before or {}
    label = f"prórroga {d.key['extension']} hasta el {fecha(values['due'])}"
    yield from columns(d, f"Compromiso {d.key['commitment']}", label, {"status": ("", lambda code: ASKED.get(code, NOTHING))})


def _awaited(d: Difference, _: Names) -> Iterator[Sentence]:
    values: dict[str, Any] = d.after or d.before or {}
    label = f"recordatorio, compromiso {d.key['commitment']}, versión {d.key['version']}"
    waits = f"{plural(d.key['days'], 'día', 'días')} sin firma: {', '.join(map(cargo, values['charges']))}"
    yield whole(d, "Firmas", label, waits)


SAYINGS: dict[str, Callable[[Difference, Names], Iterator[Sentence]]] = {
    "commitment": _commitment,
    "commitment_version": _version,
    "signature": _signature,
    "refused_file": _refused,
    "commitment_file": _file,
    "extension": _extension,
    "signature_reminder": _awaited,
}
