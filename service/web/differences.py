"""Two moments compared in words: «avance 40 → 55», grouped by what they are about."""

from collections.abc import Callable, Iterator
from typing import Any

from psycopg import Connection

from service.aggregates.discussion import MENTION
from service.projections import unit
from service.projections.compare import Difference, differences
from service.web import (
    differences_commitment,
    differences_improvement,
    differences_indicator,
    differences_quarter,
    differences_session,
)
from service.web.differences_quarter import QUARTERS
from service.web.facts import FIELDS
from service.web.facts_alerts import RULES
from service.web.facts_editing import PLACES
from service.web.sentences import NEW, Names, Sentence, Value, columns, text, whole
from service.web.words import LIGHTS, NOTHING, STATES, fecha, numero, plural, porciento

PROPOSED = {"proposed": "Propuesta", "approved": "Aprobada", "rejected": "Rechazada"}
FLAGGED = {"finding": "Hallazgo", "commitment": "Compromiso", "quarter": "Calificación del trimestre"}
UNSENT = {"quarter": "Sin enviar", "balance": "Sin enviar"}


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


def _figure(value: Any) -> str:
    return "sin dato" if value is None else numero(value)


def _state(subject: str) -> Value:
    """The word of a state; what was never sent has no row yet."""
    return lambda code: STATES[subject][code].word if code else UNSENT.get(subject, NEW)


def _word(words: dict[str, str]) -> Value:
    return lambda code: words.get(code, NOTHING)


PLAN: dict[str, tuple[str, Value]] = {
    "plan_status": ("estado", _state("plan")),
    "plan_version": ("versión", text),
    "resolution": ("resolución", text),
    "plan_observation": ("observación", text),
}
ACTIVITY: dict[str, tuple[str, Value]] = {
    **{name: (label, text) for name, label in FIELDS.items() if name not in {"unit", "months", "note"}},
    "objectives": ("objetivos", text),
    "place": ("lugar en la línea", text),
}
TASK: dict[str, tuple[str, Value]] = {
    name: (label, text) for name, label in (FIELDS | PLACES).items() if name in {"name", "unit", "note", *PLACES}
}
QUARTER: dict[str, tuple[str, Value]] = {
    "status": ("estado", _state("quarter")),
    "reopened_until": ("reabierto hasta", lambda day: fecha(day) if day else NOTHING),
    "percent": ("calificación", porciento),
    "light": ("semáforo", lambda code: LIGHTS[code].word if code else NOTHING),
    "fulfilled": ("actividades cumplidas", text),
}
PROGRESS: dict[str, tuple[str, Value]] = {"executed": ("avance", _figure), "evidence": ("evidencia", text)}
ALERT: dict[str, tuple[str, Value]] = {"status": ("estado", _state("alert")), "measure": ("medida", text)}
ALERT |= {"silent": ("en silencio hasta", fecha), "escalated": ("escalada", lambda on: "sí" if on else "no")}
ALERT |= {"gone": ("causa", lambda gone: "ya no existe" if gone else "existe")}
KNOT: dict[str, tuple[str, Value]] = {"knot": ("nudo", text)}
BALANCE: dict[str, tuple[str, Value]] = {
    "status": ("estado", _state("balance")),
    "achievements": ("logros", text),
    "difficulties": ("dificultades", text),
    "recommendations": ("recomendaciones", text),
}


DIAGNOSIS: dict[str, tuple[str, Value]] = {
    "territory": ("territorio", text),
    "languages": ("lenguas", text),
    "numbers": ("participantes", lambda numbers: numero(sum(numbers or ()))),
    "method": ("cómo se hizo", text),
}
PROBLEM: dict[str, tuple[str, Value]] = {"text": ("", text), "evidence": ("evidencia", text), "place": ("prioridad", text)}


SUPPORT: dict[str, tuple[str, Value]] = {
    "status": ("estado", _state("support")),
    "title": ("título", text),
    "day": ("fecha", fecha),
    "place": ("lugar", text),
    "units": ("UGEL convocadas", text),
    "agenda": ("programa", text),
    "materials": ("materiales", text),
    "persons": ("asistentes", lambda persons: numero(len(persons or ()))),
    "reason": ("motivo", text),
}
UNDERTAKING: dict[str, tuple[str, Value]] = {
    "status": ("estado", _state("undertaking")),
    "evidence": ("lo informado", text),
    "answer": ("respuesta de la DRE", text),
}


def _line(d: Difference, _: Names) -> Iterator[Sentence]:
    values = d.after or d.before or {}
    yield whole(d, "Plan", f"línea {d.key['code']}", values["name"])


def _activity(d: Difference, names: Names) -> Iterator[Sentence]:
    subject = names.activity(d.key["activity"])
    if d.before is None or d.after is None:
        yield whole(d, subject, "actividad", (d.after or d.before or {})["name"])
    else:
        yield from columns(d, subject, "", ACTIVITY)


def _task(d: Difference, names: Names) -> Iterator[Sentence]:
    subject, name = names.task(d.key["task"])
    if d.before is None or d.after is None:
        values = d.after or d.before or {}
        yield whole(d, subject, f"tarea {name}", f"{numero(sum(values['months']))} {values['unit']} al año")
        return
    yield from columns(d, subject, f"{name},", TASK)
    for n, (old, new) in enumerate(zip(d.before["programmed"], d.after["programmed"], strict=True), start=1):
        if old != new:
            yield Sentence(subject, f"{name}, meta del {QUARTERS[n]}", numero(old), numero(new))


def _progress(d: Difference, names: Names) -> Iterator[Sentence]:
    subject, name = names.task(d.key["task"])
    yield from columns(d, subject, f"{name}, {QUARTERS[d.key['quarter']]},", PROGRESS)


def _amendment(d: Difference, _: Names) -> Iterator[Sentence]:
    label = f"modificación {d.key['amendment']}:"
    yield from columns(d, "Plan", label, {"status": ("estado", _word(PROPOSED))})


def _alert(d: Difference, names: Names) -> Iterator[Sentence]:
    values = d.after or d.before or {}
    where = f", {QUARTERS[values['quarter']]}" if values["quarter"] else ""
    label = f"alerta {d.key['alert']} ({RULES[values['rule']]}{where}):"
    subject = f"Compromiso {values['commitment']}" if values["commitment"] else "Alertas"
    yield from columns(d, names.activity(values["activity"]) if values["activity"] else subject, label, ALERT)


def _observation(d: Difference, names: Names) -> Iterator[Sentence]:
    values = d.after or d.before or {}
    subject = names.activity(values["activity"]) if values["activity"] else "Plan"
    yield from columns(
        d, subject, f"observación {d.key['observation']}:", {"text": ("texto", text), "answer": ("respuesta", text)}
    )


def _finding(d: Difference, _: Names) -> Iterator[Sentence]:
    values = d.after or d.before or {}
    yield whole(d, "Hallazgos", f"hallazgo {d.key['finding']} ({values['kind']})", values["text"])


def _reminder(d: Difference, _: Names) -> Iterator[Sentence]:
    subject, when = f"Recordatorio del compromiso {d.key['commitment']}", plural(d.key["days"], "día", "días")
    yield whole(d, subject, f"{when} antes", f"vence el {fecha(d.key['due'])}")


def _comment(d: Difference, names: Names) -> Iterator[Sentence]:
    values = d.after or d.before or {}
    subject = names.activity(values["number"]) if values["kind"] == "activity" else "Comentarios"
    yield whole(d, subject, f"comentario {d.key['comment']}", MENTION.sub("@…", values["text"]))


def _flag(d: Difference, names: Names) -> Iterator[Sentence]:
    kind, number = d.key["kind"], d.key["number"]
    subject = names.activity(number) if kind == "activity" else f"{FLAGGED[kind]} {number}"
    yield Sentence(subject, "en seguimiento", "sí" if d.before else "no", "sí" if d.after else "no")


def _disposition(d: Difference, _: Names) -> Iterator[Sentence]:
    yield whole(d, "Pendientes del año anterior", d.key["item"].replace("/", " "), (d.after or d.before or {})["decision"])


def _problem(d: Difference, _: Names) -> Iterator[Sentence]:
    yield from columns(d, "Diagnóstico", f"problema {d.key['problem']}", PROBLEM)


def _answer(d: Difference, names: Names) -> Iterator[Sentence]:
    yield from columns(d, names.activity(d.key["activity"]), "", {"problems": ("problemas que atiende", text)})


def _support(d: Difference, _: Names) -> Iterator[Sentence]:
    yield from columns(d, f"Jornada {d.key['support']}: {(d.after or d.before or {})['title']}", "", SUPPORT)


def _undertaking(d: Difference, _: Names) -> Iterator[Sentence]:
    values = d.after or d.before or {}
    subject, label = f"Jornada {values['support']}: lo asumido", f"{d.key['undertaking']}, por la UGEL {values['unit']}"
    if d.before is None or d.after is None:
        yield whole(d, subject, label, f"«{values['text']}», hasta el {fecha(values['due'])}")
    yield from columns(d, subject, f"{label},", UNDERTAKING)


SAYINGS: dict[str, Callable[[Difference, Names], Iterator[Sentence]]] = {
    "unit_year": lambda d, _: columns(d, "Plan", "", PLAN),
    "line": _line,
    "activity": _activity,
    "task": _task,
    "amendment": _amendment,
    "observation": _observation,
    "quarter": lambda d, _: columns(d, f"{QUARTERS[d.key['quarter']]}", "", QUARTER),
    "progress": _progress,
    **differences_quarter.SAYINGS,
    **differences_indicator.SAYINGS,
    "alert": _alert,
    "reminder": _reminder,
    "finding": _finding,
    **differences_improvement.SAYINGS,
    **differences_commitment.SAYINGS,
    "balance": lambda d, _: columns(d, "Balance", "", BALANCE),
    "disposition": _disposition,
    "diagnosis": lambda d, _: columns(d, "Diagnóstico", "", DIAGNOSIS),
    "problem": _problem,
    "answer": _answer,
    "comment": _comment,
    "flag": _flag,
    "support": _support,
    "undertaking": _undertaking,
    **differences_session.SAYINGS,
    "knot": lambda d, _: columns(d, f"Nudo regional {d.key['knot']}", "", {"text": ("texto", text)}),
    "knot_finding": lambda d, _: columns(d, "Nudos regionales", f"hallazgo {d.key['finding']} ({d.key['unit']})", KNOT),
}
