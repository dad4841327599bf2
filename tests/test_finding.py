"""Findings rest on a scored quarter and on something one can look at."""

from typing import Any

from service.aggregates import finding as f
from tests.stories import APPROVED, DRE_SPECIALIST, given, refused
from tests.test_alert import opened, validated

KNOT: dict[str, Any] = {"quarter": 1, "kind": "nudo crítico", "text": "Pocas visitas", "cause": "Sin movilidad"}


def test_a_finding_rests_on_an_alert_and_takes_its_activity() -> None:
    """The activity of the alert becomes the finding's."""
    opened().when(f.RecordFinding(**KNOT, alert=1), by=DRE_SPECIALIST).then(
        f.FindingRecorded(finding=1, **KNOT, alert=1, activity=1)
    )


def test_findings_are_numbered_in_their_order() -> None:
    """A second finding rests on a document, the first on an activity."""
    story = opened().after(f.RecordFinding(**KNOT, activity=2), by=DRE_SPECIALIST)
    story.when(f.RecordFinding(**KNOT, evidence="Acta 4"), by=DRE_SPECIALIST)
    story.then(f.FindingRecorded(finding=2, **KNOT, evidence="Acta 4"))


def test_a_finding_needs_a_scored_quarter() -> None:
    """Without a score there is nothing to find."""
    validated("10", "1", "100").when(f.RecordFinding(**KNOT, activity=1)).then(refused("todavía no está calificado"))
    other = f.RecordFinding(**KNOT | {"quarter": 2}, activity=1)
    opened().when(other).then(refused("todavía no está calificado"))


def test_a_finding_needs_its_support() -> None:
    """It names an activity of the plan, an alert that exists or a document."""
    story = opened().when(f.RecordFinding(**KNOT)).then(refused("Indique en qué se apoya"))
    story.when(f.RecordFinding(**KNOT, activity=9)).then(refused("Esa actividad no está en el plan"))
    story.when(f.RecordFinding(**KNOT, alert=9)).then(refused("Esa alerta no existe"))


def test_only_an_achievement_needs_no_cause() -> None:
    """A critical knot or a room for improvement says its root cause."""
    good: dict[str, Any] = {"quarter": 1, "kind": "logro", "text": "Cuadernos a tiempo", "activity": 2}
    opened().when(f.RecordFinding(**good)).then(f.FindingRecorded(finding=1, **good))
    for kind in ("nudo crítico", "oportunidad de mejora"):
        opened().when(f.RecordFinding(**good | {"kind": kind})).then(refused("Escriba la causa raíz"))


def test_no_finding_in_a_year_without_plan() -> None:
    """An approved plan alone has no score."""
    given(*APPROVED).when(f.RecordFinding(**KNOT, activity=1)).then(refused("todavía no está calificado"))


def test_a_finding_can_be_printed() -> None:
    """The paper of a commitment says it and its cause: what no paper shows is refused at once, not when that is signed."""
    opened().when(f.RecordFinding(**KNOT | {"text": "Pocas visitas 👍"}, activity=1)).then(refused("emojis"))
    opened().when(f.RecordFinding(**KNOT | {"cause": "Sin movilidad\u200b"}, activity=1)).then(refused("invisibles"))
