"""Each kind of event in words: «registró avance de la tarea 12: 40 → 55». One sentence per event, used wherever history shows."""

from collections.abc import Callable
from typing import Any

from service.aggregates import Event, balance, catalogue, discussion, dre, finding, plan, plan_review, plan_versions, quarter
from service.aggregates import quarter_corrections as corrections
from service.aggregates.quarter_progress import ProgressRecorded
from service.aggregates.quarter_score import QuarterScored
from service.web import (
    facts_alerts,
    facts_commitment,
    facts_editing,
    facts_improvement,
    facts_indicators,
    facts_keys,
    facts_quarter,
    facts_session,
)
from service.web import facts_preparation as preparation
from service.web.saying import Words
from service.web.saying import said as _value
from service.web.words import LIGHTS, cargo, fecha, numero, plural, porciento, umbral

ORDINAL = {1: "primer", 2: "segundo", 3: "tercer", 4: "cuarto"}
FIELDS = {
    "line": "línea de acción",
    "code": "código",
    "name": "nombre",
    "area": "área responsable",
    "indicator": "indicador",
    "verification": "medio de verificación",
    "unit": "unidad de medida",
    "months": "programación mensual",
    "note": "observación",
}
NOUNS = {
    "instruments": ("instrumento", "instrumentos"),
    "objectives": ("objetivo", "objetivos"),
    "lines": ("línea de acción", "líneas de acción"),
    "areas": ("área", "áreas"),
    "measures": ("unidad de medida", "unidades de medida"),
    "deadlines": ("plazo", "plazos"),
}


def _t(number: int) -> str:
    return f"{ORDINAL[number]} trimestre"


def _activity_changed(e: plan.ActivityChanged) -> Words:
    changes = [(FIELDS[field], _value(e.was[field]), _value(e.now[field])) for field in e.now]
    return Words(f"cambió la actividad {e.activity}", changes, e.reason)


def _task_changed(e: plan.TaskChanged) -> Words:
    changes = [(FIELDS[field], _value(was), _value(getattr(e, field))) for field, was in e.was.items()]
    return Words(f"cambió la tarea {e.task} de la actividad {e.activity}", changes, e.reason)


def _aligned(e: plan.ActivityAligned) -> Words:
    before, after = (*e.was, *e.was_foreign), (*e.objectives, *(e.foreign or ()))
    change = ("objetivos", ", ".join(before) or "ninguno", ", ".join(after) or "ninguno")
    return Words(f"alineó la actividad {e.activity}", [change])


def _row(e: plan_review.PlanRowObserved | plan_review.ObservationAttended) -> str:
    return f"la tarea {e.task} de la actividad {e.activity}" if e.task else f"la actividad {e.activity}"


def _attended(e: plan_review.ObservationAttended) -> Words:
    of = _row(e) if e.activity else "el plan en conjunto"
    return Words(f"atendió la observación {e.observation}, sobre {of}", reason=e.text)


def _imported(e: plan.PlanImported) -> Words:
    skipped = f"; {plural(len(e.skipped), 'fila omitida', 'filas omitidas')}" if e.skipped else ""
    return Words(f"importó el archivo «{e.file}»: {plural(e.rows, 'tarea', 'tareas')}{skipped}")


def _recorded(e: ProgressRecorded) -> Words:
    change = ("ejecutado", _value(e.was), _value(e.executed))
    proof = f" (evidencia: {e.evidence})" if e.evidence else ""
    late = f", con {plural(e.late, 'día', 'días')} de retraso" if e.late else ""
    return Words(f"registró avance de la tarea {e.task}, {_t(e.quarter)}{proof}{late}", [change], e.reason)


def _correction(verb: str) -> Callable[[Any], Words]:
    def words(e: corrections.CorrectionRequested | corrections.CorrectionApproved) -> Words:
        change = ("ejecutado", _value(e.was), _value(e.executed))
        return Words(f"{verb} la rectificación {e.correction} (tarea {e.task}, {_t(e.quarter)})", [change], e.reason)

    return words


def _scored(e: QuarterScored) -> Words:
    score = f"{porciento(e.percent)} ({LIGHTS[e.light].word}), {e.fulfilled} de {e.activities} actividades cumplidas"
    return Words(f"calificó el {_t(e.quarter)}: {score}, escala versión {e.scale}")


def _disposed(e: balance.ItemDisposed) -> Words:
    return Words(f"decidió {e.decision} con lo pendiente del año anterior: {e.item.replace('/', ' ')}", reason=e.reason)


def _assigned(e: dre.ChargeAssigned) -> Words:
    until = f" hasta el {fecha(e.until)}" if e.until else ""
    acting = "encargó" if e.acting else "asignó"
    return Words(f"{acting} el cargo {cargo(e.charge)} en {e.unit} desde el {fecha(e.since)}{until}", reason=e.resolution)


def _catalogue(e: catalogue.CataloguePublished) -> Words:
    put = [plural(len(items), *NOUNS[kind]) for kind, items in e.change.put.items()]
    gone = [plural(len(getattr(e.retired, kind)), *NOUNS[kind]) for kind in NOUNS if getattr(e.retired, kind)]
    said = [f"escribió {', '.join(put)}"] if put else []
    said += [f"retiró {', '.join(gone)}"] if gone else []
    return Words(f"publicó la versión {e.version} del catálogo" + (f": {'; '.join(said)}" if said else ""), reason=e.reason)


def _subject(e: discussion.About) -> str:
    kind, number = discussion.subject(e)
    words = {"activity": "la actividad", "finding": "el hallazgo", "commitment": "el compromiso"}
    return f"{words[kind]} {number}" if kind in words else f"la calificación del {_t(number)}"


def _commented(e: discussion.Commented) -> Words:
    if e.corrects:
        return Words(f"rectificó su comentario {e.corrects} sobre {_subject(e)}", reason=e.text)
    return Words(f"comentó {_subject(e)}", reason=e.text)


def _edited(said: Callable[[Any], facts_editing.Said]) -> Callable[[Any], Words]:
    return lambda e: Words(*said(e))


SAYINGS: dict[type[Event], Callable[[Any], Words]] = {
    plan_versions.YearOpened: lambda e: Words(f"abrió el año {e.year}"),
    plan.PlanImported: _imported,
    plan.LineAdded: lambda e: Words(f"agregó la línea de acción {e.code}: {e.name}"),
    plan.ActivityAdded: lambda e: Words(f"agregó la actividad {e.activity}: {e.name}"),
    plan.ActivityChanged: _activity_changed,
    plan.ActivityRemoved: lambda e: Words(f"retiró la actividad {e.activity}", reason=e.reason),
    plan.ActivityAligned: _aligned,
    plan.TaskAdded: lambda e: Words(f"agregó la tarea {e.task} a la actividad {e.activity}: {e.name}"),
    plan.TaskChanged: _task_changed,
    **{kind: _edited(said) for kind, said in facts_editing.SAYINGS.items()},
    plan.TaskRemoved: lambda e: Words(f"retiró la tarea {e.task} de la actividad {e.activity}", reason=e.reason),
    plan_versions.PlanSubmitted: lambda e: Words(f"envió el plan con {plural(e.activities, 'actividad', 'actividades')}"),
    plan_versions.PlanObserved: lambda e: Words("observó el plan", reason=e.text),
    plan_review.PlanRowObserved: lambda e: Words(f"observó {_row(e)}", reason=e.text),
    plan_review.ObservationAttended: _attended,
    plan_versions.PlanApproved: lambda e: Words(
        f"aprobó el plan, versión {e.version}, con {e.resolution} del {fecha(e.resolution_date)}"
    ),
    plan_versions.AmendmentProposed: lambda e: Words(
        f"propuso la modificación {e.amendment} del plan: {plural(len(e.changes), 'cambio', 'cambios')}", reason=e.reason
    ),
    plan_versions.AmendmentApproved: lambda e: Words(
        f"aprobó la modificación {e.amendment}: el plan pasa a la versión {e.version} con {e.resolution}"
    ),
    plan_versions.AmendmentRejected: lambda e: Words(f"rechazó la modificación {e.amendment}", reason=e.reason),
    ProgressRecorded: _recorded,
    quarter.QuarterSubmitted: lambda e: Words(
        f"envió el {_t(e.quarter)}" + (f", con {plural(e.late, 'día', 'días')} de retraso" if e.late else ""), reason=e.reason
    ),
    quarter.QuarterObserved: lambda e: Words(
        f"observó el {_t(e.quarter)}" + (f", tarea {e.task}" if e.task else ""), reason=e.text
    ),
    quarter.QuarterValidated: lambda e: Words(f"validó el {_t(e.quarter)}"),
    corrections.CorrectionRequested: _correction("pidió"),
    corrections.CorrectionApproved: _correction("aprobó"),
    corrections.CorrectionRejected: lambda e: Words(f"rechazó la rectificación {e.correction} (tarea {e.task})", reason=e.reason),
    QuarterScored: _scored,
    quarter.QuarterClosed: lambda e: Words(f"cerró el {_t(e.quarter)}"),
    **facts_quarter.SAYINGS,
    **facts_indicators.SAYINGS,
    **facts_alerts.SAYINGS,
    finding.FindingRecorded: lambda e: Words(f"registró el hallazgo {e.finding} ({e.kind}): {e.text}"),
    **facts_improvement.SAYINGS,
    **facts_commitment.SAYINGS,
    discussion.Commented: _commented,
    discussion.FlagRaised: lambda e: Words(f"puso en seguimiento {_subject(e)}", reason=e.reason),
    discussion.FlagLowered: lambda e: Words(f"quitó del seguimiento {_subject(e)}", reason=e.reason),
    balance.BalanceSubmitted: lambda e: Words("envió el balance anual"),
    balance.BalanceApproved: lambda e: Words("aprobó el balance anual"),
    balance.BalanceClosed: lambda e: Words(f"cerró el balance anual con corte en el hecho n.º {numero(e.cutoff)}"),
    balance.ItemDisposed: _disposed,
    **preparation.SAYINGS,
    **facts_session.SAYINGS,
    **facts_alerts.KNOTS,
    **facts_keys.SAYINGS,
    dre.UnitRegistered: lambda e: Words(f"registró la unidad {e.code}: {e.name}"),
    dre.ChargeAssigned: _assigned,
    dre.ChargeEnded: lambda e: Words(f"dio término al cargo n.º {e.assignment} el {fecha(e.until)}", reason=e.reason),
    catalogue.ObjectivePublished: lambda e: Words(f"publicó el objetivo {e.code} de {e.instrument}: {e.text}"),
    catalogue.ScalePublished: lambda e: Words(
        f"publicó la escala versión {e.version}: cumplido desde {umbral(e.fulfilled)}, "
        f"en proceso desde {umbral(e.in_progress)} ({e.label})"
    ),
    catalogue.FormulaPublished: lambda e: Words(
        f"publicó la fórmula versión {e.version}: peso de las líneas estratégicas {numero(e.strategic)}, "
        f"misionales {numero(e.missional)}, de soporte {numero(e.support)}"
    ),
    catalogue.CataloguePublished: _catalogue,
}


def say(event: Event) -> Words:
    """The event in words."""
    return SAYINGS[type(event)](event)
