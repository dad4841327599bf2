"""A unit's year, lived step by step through the door: a plan, its quarters, what followed from a score, the balance."""

from datetime import date
from decimal import Decimal
from typing import Any

from service.aggregates import balance as b
from service.aggregates import commitment as c
from service.aggregates import commitment_signing as s
from service.aggregates import finding as f
from service.aggregates import plan as p
from service.aggregates import plan_versions as v
from service.aggregates import quarter as q
from service.aggregates.alert import CloseAlert, TakeMeasure
from service.aggregates.improvement import AddMeasure
from service.aggregates.quarter_progress import Entry, RecordProgress
from service.ledger import Done, stream_of
from tests.first_quarter import SOON
from tests.house import JAUJA, House

TEAMS = {"120005": "ugel", "120007": "satipo"}
EACH_MONTH = (Decimal(10),) * 12


class Cycle:
    """The year of one unit and the staff that lives it."""

    def __init__(self, house: House, unit: str = JAUJA, year: int = 2026) -> None:
        self.house, self.unit, self.year = house, unit, year
        self.stream, self.team = stream_of(unit, year), TEAMS[unit]

    def do(self, usuario: str, command: Any, **kwargs: Any) -> Done:
        return self.house.do(usuario, self.stream, command, **kwargs)

    def drafted(self) -> "Cycle":
        """Two activities, aligned, of one task each: ten a month."""
        author = f"{self.team}.especialista"
        self.do(author, v.OpenYear(year=self.year))
        self.do(author, p.AddLine(code="M1", kind="misional", name="Monitoreo pedagógico"))
        for name, unit in (("Visitar aulas", "Acción"), ("Distribuir cuadernos", "Acta")):
            task = p.NewTask(name=f"{name} de primaria", unit=unit, months=EACH_MONTH)
            self.do(author, p.AddActivity(line="M1", name=name, area="AGP", objectives=("ON1",), tasks=(task,)))
        return self

    def submitted(self) -> "Cycle":
        self.do(f"{self.team}.director", v.SubmitPlan())
        return self

    def approved(self) -> "Cycle":
        self.drafted().submitted()
        self.do("dre.director", v.ApprovePlan(resolution="RD 001", resolution_date=date(self.year, 1, 15)))
        return self

    def progress(self, number: int, visits: Decimal | str | int, books: Decimal | str | int = "", **kwargs: Any) -> Done:
        """Report the quarter's figures: thirty were programmed of each."""
        done = None
        for task, figure in ((1, visits), (2, books)):
            if figure != "":
                entry = Entry(task=task, executed=Decimal(figure), evidence=f"Acta {task}")
                command = RecordProgress(quarter=number, activity=task, entries=(entry,))
                done = self.do(f"{self.team}.especialista", command, **kwargs)
        assert done, "a quarter without any figure tells nothing"
        return done

    def sent(self, number: int) -> Done:
        return self.do(f"{self.team}.director", q.SubmitQuarter(quarter=number, reason="Lo demás no empezó."))

    def scored(self, number: int, visits: int = 30, books: int = 30) -> "Cycle":
        self.progress(number, visits, books)
        self.sent(number)
        self.do("dre.especialista", q.ValidateQuarter(quarter=number))
        self.do("dre.especialista", q.ScoreQuarter(quarter=number))
        return self

    def closed(self, number: int, visits: int = 30, books: int = 30) -> "Cycle":
        self.scored(number, visits, books)
        self.do("dre.director", q.CloseQuarter(quarter=number))
        return self

    def committed(self, number: int, due: date = date(2027, 3, 31), *, sign: bool = True, measure: str = "") -> int:
        """A knot in a scored quarter and the commitment that answers it, signed by its two signatories or still waiting.

        With a `measure` it carries that one out, added to the improvement plan of the year.
        """
        knot = f.RecordFinding(quarter=number, kind="nudo crítico", text="Faltó movilidad.", cause="Sin contrato.", activity=1)
        finding = self.do("dre.especialista", knot).facts[0].fact.event.finding
        step = AddMeasure(text=measure, findings=(finding,))
        added = self.do(f"{self.team}.director", step).facts[0].fact.event.measure if measure else 0
        head, director = f"jefe-area/{self.unit}/AGP", f"director-ugel/{self.unit}"
        terms = c.ProposeCommitment(
            findings=(finding,),
            measure=added,
            action="Contratar la movilidad",
            responsible=head if self.team == "ugel" else director,
            due=due,
            indicator="Aulas visitadas",
            target="40 de 40",
            verification="Actas de visita",
            signatories=(director, "especialista-dre/120000"),
        )
        proposed = self.do("dre.especialista", terms).facts[0].fact.event
        if sign:
            seal = s.SignCommitment(commitment=proposed.commitment, version=1, document=proposed.document)
            self.do(f"{self.team}.director", seal, charge=director)
            self.do("dre.especialista", seal, charge="especialista-dre/120000")
        return int(proposed.commitment)

    def eased(self, alert: int) -> "Cycle":
        """An alert attended by the unit and closed by the DRE."""
        self.do(
            f"{self.team}.director",
            TakeMeasure(alert=alert, measure="Reprogramar las visitas.", responsible=f"director-ugel/{self.unit}", due=SOON),
        )
        self.do("dre.especialista", CloseAlert(alert=alert, text="Visitas hechas.", evidence="Acta 9"))
        return self

    def balanced(self, *steps: str) -> "Cycle":
        """The balance written by the specialist, approved by the director, closed by the DRE; or only the named steps."""
        words = {"achievements": "Más aulas.", "difficulties": "Lluvias.", "recommendations": "Contratar antes."}
        for step in steps or ("submitted", "approved", "closed"):
            if step == "submitted":
                self.do(f"{self.team}.especialista", b.SubmitBalance(**words))
            elif step == "approved":
                self.do(f"{self.team}.director", b.ApproveBalance())
            else:
                self.do("dre.director", b.CloseBalance(cutoff=self.position))
        return self

    @property
    def position(self) -> int:
        """The position of the last fact of the year."""
        return list(self.house.ledger.facts(self.stream))[-1].position
