"""Two moments compared in words: «avance 40 → 55», grouped by what they are about."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import msgspec
from psycopg import Connection

from service.aggregates.discussion import MENTION
from service.projections import unit
from service.projections.compare import Difference, differences
from service.web.facts import FIELDS, RULES
from service.web.words import LIGHTS, NOTHING, STATES, cargo, fecha, numero, porciento

QUARTERS = {1: "I trimestre", 2: "II trimestre", 3: "III trimestre", 4: "IV trimestre"}
ASKED = {"requested": "Pendiente", "approved": "Aprobada", "rejected": "Rechazada"}
PROPOSED = {"proposed": "Propuesta", "approved": "Aprobada", "rejected": "Rechazada"}
SIGNED = {"signed": "Firmado", "declined": "Rechazado"}
NEW, GONE = "no existía", "ya no está"
FLAGGED = {"finding": "Hallazgo", "commitment": "Compromiso", "quarter": "Calificación del trimestre"}
UNSENT = {"quarter": "Sin enviar", "balance": "Sin enviar"}


class Sentence(msgspec.Struct, frozen=True):
    """One difference: what it is of, its name, before and after."""

    subject: str
    label: str
    before: str
    after: str


class Names(msgspec.Struct, frozen=True):
    """What activities and tasks are called, now or when they were last seen."""

    activities: dict[int, str]
    tasks: dict[int, tuple[str, int]]

    def activity(self, number: int) -> str:
        return f"Actividad {number}: {self.activities.get(number, '')}".rstrip(": ")

    def task(self, number: int) -> tuple[str, str]:
        """The heading of the task's activity, and the task's name."""
        name, activity = self.tasks.get(number, (f"tarea {number}", 0))
        return self.activity(activity), f"«{name}»"


def compare(connection: Connection[Any], stream: str, first: int, second: int) -> list[tuple[str, list[Sentence]]]:
    """What changed in a stream from one position to another, in words, by subject."""
    names = Names({}, {})
    for at in (first, second):
        names.activities.update({each.activity: each.name for each in unit.activities(connection, at, stream)})
        names.tasks.update({each.task: (each.name, each.activity) for each in unit.tasks(connection, at, stream)})
    groups: dict[str, list[Sentence]] = {}
    for difference in differences(connection, stream, first, second):
        for sentence in SAYINGS[difference.table](difference, names):
            groups.setdefault(sentence.subject, []).append(sentence)
    return list(groups.items())


Value = Callable[[Any], str]


def _text(value: Any) -> str:
    if value in (None, "", 0, []):
        return NOTHING
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return numero(value) if isinstance(value, Decimal | int) else str(value)


def _figure(value: Any) -> str:
    return "sin dato" if value is None else numero(value)


def _state(subject: str) -> Value:
    """The word of a state; what was never sent has no row yet."""
    return lambda code: STATES[subject][code].word if code else UNSENT.get(subject, NEW)


def _word(words: dict[str, str]) -> Value:
    return lambda code: words.get(code, NOTHING)


def _columns(d: Difference, subject: str, prefix: str, columns: dict[str, tuple[str, Value]]) -> Iterator[Sentence]:
    """A sentence for each named column that changed."""
    for name, (label, say) in columns.items():
        if name in d.changed:
            before, after = (say((values or {}).get(name)) for values in (d.before, d.after))
            if before != after:
                yield Sentence(subject, f"{prefix} {label}".strip(), before, after)


def _whole(d: Difference, subject: str, label: str, shown: str) -> Sentence:
    """A row that was added or is gone."""
    return Sentence(subject, label, NEW, shown) if d.before is None else Sentence(subject, label, shown, GONE)


PLAN: dict[str, tuple[str, Value]] = {
    "plan_status": ("estado", _state("plan")),
    "plan_version": ("versión", _text),
    "resolution": ("resolución", _text),
    "plan_observation": ("observación", _text),
}
ACTIVITY: dict[str, tuple[str, Value]] = {
    **{name: (label, _text) for name, label in FIELDS.items() if name not in {"unit", "months"}},
    "objectives": ("objetivos", _text),
}
QUARTER: dict[str, tuple[str, Value]] = {
    "status": ("estado", _state("quarter")),
    "percent": ("calificación", porciento),
    "light": ("semáforo", lambda code: LIGHTS[code].word if code else NOTHING),
    "fulfilled": ("actividades cumplidas", _text),
}
PROGRESS: dict[str, tuple[str, Value]] = {"executed": ("avance", _figure), "evidence": ("evidencia", _text)}
ALERT: dict[str, tuple[str, Value]] = {"status": ("estado", _state("alert")), "measure": ("medida", _text)}
COMMITMENT: dict[str, tuple[str, Value]] = {"status": ("estado", _state("commitment"))}
BALANCE: dict[str, tuple[str, Value]] = {
    "status": ("estado", _state("balance")),
    "achievements": ("logros", _text),
    "difficulties": ("dificultades", _text),
    "recommendations": ("recomendaciones", _text),
}


DIAGNOSIS: dict[str, tuple[str, Value]] = {
    "territory": ("territorio", _text),
    "languages": ("lenguas", _text),
    "numbers": ("participantes", lambda numbers: numero(sum(numbers or ()))),
    "method": ("cómo se hizo", _text),
}
PROBLEM: dict[str, tuple[str, Value]] = {"text": ("", _text), "evidence": ("evidencia", _text), "place": ("prioridad", _text)}


def _line(d: Difference, _: Names) -> Iterator[Sentence]:
    values = d.after or d.before or {}
    yield _whole(d, "Plan", f"línea {d.key['code']}", values["name"])


def _activity(d: Difference, names: Names) -> Iterator[Sentence]:
    subject = names.activity(d.key["activity"])
    if d.before is None or d.after is None:
        yield _whole(d, subject, "actividad", (d.after or d.before or {})["name"])
    else:
        yield from _columns(d, subject, "", ACTIVITY)


def _task(d: Difference, names: Names) -> Iterator[Sentence]:
    subject, name = names.task(d.key["task"])
    if d.before is None or d.after is None:
        values = d.after or d.before or {}
        yield _whole(d, subject, f"tarea {name}", f"{numero(sum(values['months']))} {values['unit']} al año")
        return
    yield from _columns(d, subject, f"{name},", {"name": ("nombre", _text), "unit": ("unidad de medida", _text)})
    for n, (old, new) in enumerate(zip(d.before["programmed"], d.after["programmed"], strict=True), start=1):
        if old != new:
            yield Sentence(subject, f"{name}, meta del {QUARTERS[n]}", numero(old), numero(new))


def _progress(d: Difference, names: Names) -> Iterator[Sentence]:
    subject, name = names.task(d.key["task"])
    yield from _columns(d, subject, f"{name}, {QUARTERS[d.key['quarter']]},", PROGRESS)


def _correction(d: Difference, names: Names) -> Iterator[Sentence]:
    values = d.after or d.before or {}
    subject, name = names.task(values["task"])
    label = f"{name}, {QUARTERS[values['quarter']]}, rectificación {d.key['correction']}:"
    yield from _columns(d, subject, label, {"status": ("estado", _word(ASKED))})


def _amendment(d: Difference, _: Names) -> Iterator[Sentence]:
    label = f"modificación {d.key['amendment']}:"
    yield from _columns(d, "Plan", label, {"status": ("estado", _word(PROPOSED))})


def _alert(d: Difference, names: Names) -> Iterator[Sentence]:
    values = d.after or d.before or {}
    label = f"alerta {d.key['alert']} ({RULES[values['rule']]}, {QUARTERS[values['quarter']]}):"
    yield from _columns(d, names.activity(values["activity"]), label, ALERT)


def _observation(d: Difference, names: Names) -> Iterator[Sentence]:
    values = d.after or d.before or {}
    subject = names.activity(values["activity"]) if values["activity"] else "Plan"
    yield from _columns(
        d, subject, f"observación {d.key['observation']}:", {"text": ("texto", _text), "answer": ("respuesta", _text)}
    )


def _finding(d: Difference, _: Names) -> Iterator[Sentence]:
    values = d.after or d.before or {}
    yield _whole(d, "Hallazgos", f"hallazgo {d.key['finding']} ({values['kind']})", values["text"])


def _commitment(d: Difference, _: Names) -> Iterator[Sentence]:
    yield from _columns(d, f"Compromiso {d.key['commitment']}: {(d.after or d.before or {})['action']}", "", COMMITMENT)


def _signature(d: Difference, _: Names) -> Iterator[Sentence]:
    before, after = (SIGNED[values["status"]] if values else "falta" for values in (d.before, d.after))
    label = f"compromiso {d.key['commitment']}, {cargo(d.key['charge'])}"
    values = d.after or d.before or {}
    yield Sentence("Firmas", label, before, f"{after} el {fecha(values['at'])}" if d.after else after)


def _comment(d: Difference, names: Names) -> Iterator[Sentence]:
    values = d.after or d.before or {}
    subject = names.activity(values["number"]) if values["kind"] == "activity" else "Comentarios"
    yield _whole(d, subject, f"comentario {d.key['comment']}", MENTION.sub("@…", values["text"]))


def _flag(d: Difference, names: Names) -> Iterator[Sentence]:
    kind, number = d.key["kind"], d.key["number"]
    subject = names.activity(number) if kind == "activity" else f"{FLAGGED[kind]} {number}"
    yield Sentence(subject, "en seguimiento", "sí" if d.before else "no", "sí" if d.after else "no")


def _disposition(d: Difference, _: Names) -> Iterator[Sentence]:
    yield _whole(d, "Pendientes del año anterior", d.key["item"].replace("/", " "), (d.after or d.before or {})["decision"])


def _problem(d: Difference, _: Names) -> Iterator[Sentence]:
    yield from _columns(d, "Diagnóstico", f"problema {d.key['problem']}", PROBLEM)


def _answer(d: Difference, names: Names) -> Iterator[Sentence]:
    yield from _columns(d, names.activity(d.key["activity"]), "", {"problems": ("problemas que atiende", _text)})


SAYINGS: dict[str, Callable[[Difference, Names], Iterator[Sentence]]] = {
    "unit_year": lambda d, _: _columns(d, "Plan", "", PLAN),
    "line": _line,
    "activity": _activity,
    "task": _task,
    "amendment": _amendment,
    "observation": _observation,
    "quarter": lambda d, _: _columns(d, f"{QUARTERS[d.key['quarter']]}", "", QUARTER),
    "progress": _progress,
    "correction": _correction,
    "alert": _alert,
    "finding": _finding,
    "commitment": _commitment,
    "signature": _signature,
    "balance": lambda d, _: _columns(d, "Balance", "", BALANCE),
    "disposition": _disposition,
    "diagnosis": lambda d, _: _columns(d, "Diagnóstico", "", DIAGNOSIS),
    "problem": _problem,
    "answer": _answer,
    "comment": _comment,
    "flag": _flag,
}
