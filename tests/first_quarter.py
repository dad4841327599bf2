"""The year before this one of UGEL Jauja, lived up to a named moment: a plan of two lines, figures, a score, what follows."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import msgspec

from service.aggregates import alert, commitment, commitment_signing, finding, plan, plan_versions, quarter
from service.aggregates.quarter_progress import Entry, RecordProgress
from service.ledger import stream_of
from service.settings import LIMA
from tests.house import DRE, JAUJA, House


def today() -> date:
    """The day it is in Junín, as the service counts: in the evening the machine's own may already be tomorrow."""
    return datetime.now(LIMA).date()


YEAR = today().year - 1
STREAM = stream_of(JAUJA, YEAR)
PLACE = f"/ugel/{JAUJA}/{YEAR}"
DIRECTOR, HEAD, OFFICE = f"director-ugel/{JAUJA}", f"jefe-area/{JAUJA}/AGP", f"director-dre/{DRE}"
SOON = today() + timedelta(days=40)
PROPOSAL = {
    "action": "Contratar la movilidad en enero.",
    "responsible": HEAD,
    "due": SOON.isoformat(),
    "indicator": "Aulas visitadas",
    "target": "10 de 10",
    "verification": "Actas de visita",
    "signatories": [DIRECTOR, OFFICE],
}
"""A commitment as its form sends it."""


def months(*each: int) -> tuple[Decimal, ...]:
    """Twelve monthly targets: the given ones, then zeros."""
    return tuple(Decimal(n) for n in each) + (Decimal(0),) * (12 - len(each))


def approve_plan(house: House) -> None:
    """Two lines, three activities, four tasks; all with targets in the first quarter."""
    tasks = {
        1: ("M1", "Visitar aulas de secundaria", [("Visitas en zona rural", "Visita", 10), ("Talleres de cierre", "Taller", 2)]),
        2: ("M1", "Distribuir material educativo", [("Entregas a instituciones", "Entrega", 30)]),
        3: ("S1", "Atender trámites", [("Expedientes atendidos", "Expediente", 100)]),
    }
    house.do("ugel.especialista", STREAM, plan_versions.OpenYear(year=YEAR))
    house.do("ugel.especialista", STREAM, plan.AddLine(code="M1", kind="misional", name="Monitoreo pedagógico"))
    house.do("ugel.especialista", STREAM, plan.AddLine(code="S1", kind="soporte", name="Gestión administrativa"))
    for line, name, work in tasks.values():
        made = tuple(plan.NewTask(name=task, unit=unit, months=months(0, 0, n)) for task, unit, n in work)  # type: ignore[arg-type]  # twelve of them
        house.do("ugel.especialista", STREAM, plan.AddActivity(line=line, name=name, objectives=("ON1",), tasks=made))
    house.do("ugel.director", STREAM, plan_versions.SubmitPlan())
    house.do("dre.director", STREAM, plan_versions.ApprovePlan(resolution="RD 1", resolution_date=date(YEAR, 1, 5)))


def report(house: House) -> None:
    """Half of the visits, all workshops without evidence, all deliveries, no figure of the third activity."""
    entries = {1: [("1", "5", "Acta 1"), ("2", "2", "")], 2: [("3", "30", "Acta 2")]}
    for activity, given in entries.items():
        made = tuple(Entry(task=int(t), executed=Decimal(n), evidence=e) for t, n, e in given)
        house.do("ugel.especialista", STREAM, RecordProgress(quarter=1, activity=activity, entries=made))


class Lived(msgspec.Struct):
    """The numbers of what was made."""

    finding: int = 0
    commitment: int = 0
    document: str = ""

    @property
    def href(self) -> str:
        return f"/compromisos/{JAUJA}-{YEAR}-{self.commitment}"


def live(house: House, until: str) -> Lived:
    """Live the first quarter until «reported», «submitted», «validated», «scored», «found», «proposed» or «signed»."""
    lived = Lived()
    approve_plan(house)
    report(house)
    steps = {
        "submitted": ("ugel.director", quarter.SubmitQuarter(quarter=1, reason="La mesa de partes no entregó su reporte.")),
        "validated": ("dre.especialista", quarter.ValidateQuarter(quarter=1)),
        "scored": ("dre.especialista", quarter.ScoreQuarter(quarter=1)),
        "found": (
            "dre.especialista",
            finding.RecordFinding(quarter=1, kind="nudo crítico", text="Faltan visitas.", cause="Sin movilidad.", activity=1),
        ),
    }
    for name, (who, command) in steps.items():
        if until == "reported":
            return lived
        house.do(who, STREAM, command)
        lived.finding = int(name == "found")
        if until == name:
            return lived
    proposed = house.do(
        "ugel.jefe",
        STREAM,
        commitment.ProposeCommitment(
            findings=(1,),
            action="Contratar la movilidad en enero.",
            responsible=HEAD,
            due=SOON,
            indicator="Aulas visitadas",
            target="10 de 10",
            verification="Actas de visita",
            signatories=(DIRECTOR, HEAD),
        ),
    )
    lived.commitment, lived.document = 1, proposed.facts[0].fact.event.document
    if until == "signed":
        for who in ("ugel.director", "ugel.jefe"):
            house.do(who, STREAM, commitment_signing.SignCommitment(commitment=1, version=1, document=lived.document))
    return lived


def attend(house: House, number: int = 1) -> None:
    """The head of area attends an alert."""
    measure = alert.TakeMeasure(alert=number, measure="Reprogramar las visitas.", responsible=HEAD, due=SOON)
    house.do("ugel.jefe", STREAM, measure)
