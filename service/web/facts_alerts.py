"""The facts of early alerts in words: their rules, the cases, the reminders; and the regional knots."""

from collections.abc import Callable
from typing import Any

from service.aggregates import Event, catalogue
from service.aggregates import alert as a
from service.aggregates import alert_cause as cause
from service.aggregates import alert_first as before
from service.aggregates import alert_watch as w
from service.aggregates import knot as k
from service.aggregates.alert_rules import TIMED
from service.catalogue_file.rules import RULES as NAMES
from service.web.saying import Words
from service.web.words import cargo, fecha, juntos, numero, plural, umbral

RULES = {code: name[0].lower() + name[1:] for code, name in NAMES.items()}
ORDINAL = {1: "primer", 2: "segundo", 3: "tercer", 4: "cuarto"}


def about(e: a.Case) -> str:
    """What a case is about: «la actividad 3, segundo trimestre», «el compromiso 2», «el plan»."""
    quarter = f"{ORDINAL[e.quarter]} trimestre" if e.quarter else ""
    if e.activity:
        return f"la actividad {e.activity}, {quarter}"
    if e.commitment:
        return f"el compromiso {e.commitment}"
    return f"el {quarter}" if quarter else "el plan"


def _raised(e: a.AlertRaised | before.FirstAlertRaised) -> Words:
    case = before.today(e) if isinstance(e, before.FirstAlertRaised) else e
    assert isinstance(case, a.AlertRaised)  # noqa: S101 — an old case means a case
    raised = f"generó la alerta {case.alert}: {RULES.get(case.rule, case.rule)}, sobre {about(case)}"
    return Words(raised if case.rule in TIMED else f"calificó el trimestre; la regla {raised}")


def _measured(e: a.MeasureTaken | before.FirstAlertAcknowledged) -> Words:
    who = f" (responde {cargo(e.responsible)} hasta el {fecha(e.due)})" if isinstance(e, a.MeasureTaken) and e.responsible else ""
    return Words(f"atendió la alerta {e.alert}: {e.measure}{who}")


def _rules(e: catalogue.AlertRulesPublished) -> Words:
    off = [RULES[rule.code] for rule in e.rules if not rule.on]
    limits = [f"{RULES[rule.code]} {umbral(rule.limit)}" for rule in e.rules if rule.limit]
    silent = f"; no vigilan: {', '.join(off)}" if off else ""
    return Words(f"publicó las reglas de alerta versión {numero(e.version)}: umbrales {', '.join(limits)}{silent}")


def _gathered(verb: str) -> Callable[[Any], Words]:
    def words(e: k.KnotJoined | k.KnotUngrouped) -> Words:
        named = ", ".join(f"hallazgo n.º {each.finding} de {each.unit}" for each in e.findings)
        return Words(f"{verb} nudo regional {e.knot}: {named}", reason=e.reason)

    return words


KNOTS: dict[type[Event], Callable[[Any], Words]] = {
    k.KnotGrouped: lambda e: Words(
        f"formó el nudo regional {e.knot} con {plural(len(e.findings), 'hallazgo', 'hallazgos')}: {e.text}", reason=e.reason
    ),
    k.KnotJoined: _gathered("agregó hallazgos al"),
    k.KnotUngrouped: _gathered("retiró hallazgos del"),
}


def _version(e: w.SignatureReminded) -> str:
    return f"el compromiso {e.commitment}" + (f", versión {e.version}," if e.version > 1 else "")


SAYINGS: dict[type[Event], Callable[[Any], Words]] = {
    before.FirstAlertRaised: _raised,
    a.AlertRaised: _raised,
    a.AlertAcknowledged: lambda e: Words(f"recibió la alerta {e.alert}, sobre {about(e)}", reason=e.note),
    before.FirstAlertAcknowledged: _measured,
    a.MeasureTaken: _measured,
    a.AlertSilenced: lambda e: Words(f"puso en silencio la alerta {e.alert} hasta el {fecha(e.until)}", reason=e.reason),
    a.AlertEscalated: lambda e: Words(f"escaló la alerta {e.alert}: su plazo venció el {fecha(e.deadline)}"),
    cause.AlertCauseNoted: lambda e: Words(
        f"constató que la causa de la alerta {e.alert} {'existe otra vez' if e.exists else 'ya no existe'}, sobre {about(e)}"
    ),
    a.AlertClosed: lambda e: Words(f"cerró la alerta {e.alert}: {e.text}"),
    w.SignatureReminded: lambda e: Words(
        f"recordó que {_version(e)} espera la firma de {juntos(map(cargo, e.charges))}: aviso de los {plural(e.days, 'día', 'días')}"
    ),
    w.ReminderGiven: lambda e: Words(
        f"recordó que el compromiso {e.commitment} vence el {fecha(e.due)}: {plural(e.days, 'día', 'días')} antes"
    ),
    catalogue.FirstAlertRulesPublished: lambda e: Words(
        f"publicó las reglas de alerta versión {e.version}: avance bajo por debajo de {umbral(e.low)}"
    ),
    catalogue.AlertRulesPublished: _rules,
}
