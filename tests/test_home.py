"""Inicio: what waits for each person, the four numbers, the last facts."""

import re
from datetime import date
from decimal import Decimal

from service.aggregates import diagnosis as d
from service.aggregates import improvement as i
from service.aggregates import plan_versions as v
from service.aggregates import quarter as q
from service.aggregates import quarter_corrections as corrections
from service.aggregates.alert import TakeMeasure
from service.aggregates.commitment_life import DeclareCommitment
from service.aggregates.quarter_reopening import ReopenQuarter
from service.web.words import fecha
from tests.first_quarter import SOON, today
from tests.house import SATIPO, House
from tests.lived import Cycle

HOME = "/?anio=2026"
PART = {"hx-request": "true"}


def listed(house: House, usuario: str, part: str = "por-hacer", query: str = "") -> list[str]:
    """The words of each thing in a list of Inicio; a link below it that leads to all of them is no thing."""
    text = house.browser(usuario).get(f"{HOME}&parte={part}{query}", headers=PART).text
    assert "<html" not in text
    text = re.sub(r'<p class="q-more">.*?</p>', "", text, flags=re.DOTALL)
    return [" ".join(found.split()) for found in re.findall(r'<a (?:class="btn btn-primary" )?href="[^"]+">([^<]+)</a>', text)]


def test_the_greeting_names_the_person_the_charge_and_the_unit(house: House) -> None:
    """Who is in front of the screen, in which charge, where."""
    text = house.browser("ugel.director").get("/").text
    assert "Elena Ñahui" in text
    assert "Director(a) de UGEL · UGEL Jauja" in text
    assert "Buen" in text


def test_the_plan_walks_from_desk_to_desk(house: House) -> None:
    """Each state of the plan is a task of who may take the next step, and of nobody else."""
    assert listed(house, "ugel.especialista") == ["Abrir el año 2026 o importar su plan"]
    year = Cycle(house).drafted()
    assert listed(house, "ugel.director")[0] == "Completar y enviar el plan 2026"
    year.submitted()
    assert "Aprobar u observar el plan de UGEL Jauja" in listed(house, "dre.director")
    assert "Revisar el plan de UGEL Jauja" in listed(house, "dre.especialista")
    assert not [task for task in listed(house, "ugel.director") if "plan" in task]
    year.do("dre.especialista", v.ObservePlan(text="Falta el indicador."))
    assert listed(house, "ugel.especialista")[0] == "Corregir el plan observado"
    assert "UGEL Jauja" not in " ".join(listed(house, "satipo.director"))


def test_the_quarter_walks_from_desk_to_desk(house: House) -> None:
    """Record, send, answer, validate, score, close: each for who may."""
    year = Cycle(house).approved()
    assert "Registrar avance del I trimestre" in listed(house, "ugel.especialista")
    assert "Enviar el I trimestre" not in listed(house, "ugel.director")
    year.progress(1, 30, 9)
    assert "Registrar avance del I trimestre" not in listed(house, "ugel.especialista")
    assert "Enviar el I trimestre" in listed(house, "ugel.director")
    year.sent(1)
    assert "Validar u observar el I trimestre de UGEL Jauja" in listed(house, "dre.especialista")
    year.do("dre.especialista", q.ObserveQuarter(quarter=1, text="Falta el acta 2."))
    assert listed(house, "ugel.director")[0] == "Responder la observación del I trimestre"
    year.sent(1)
    year.do("dre.especialista", q.ValidateQuarter(quarter=1))
    assert "Calificar el I trimestre de UGEL Jauja" in listed(house, "dre.especialista")
    wrong = corrections.RequestCorrection(quarter=1, task=2, executed=Decimal(10), reason="Faltó un acta.")
    year.do("ugel.especialista", wrong)
    found = listed(house, "dre.especialista")
    assert "Resolver la rectificación 1 de UGEL Jauja" in found
    assert "Calificar el I trimestre de UGEL Jauja" not in found
    year.do("dre.especialista", corrections.RejectCorrection(correction=1, reason="El acta es de abril."))
    year.do("dre.especialista", q.ScoreQuarter(quarter=1))
    assert "Cerrar el I trimestre de UGEL Jauja" in listed(house, "dre.director")
    assert "Cerrar el I trimestre de UGEL Jauja" not in listed(house, "dre.especialista")
    year.do("dre.director", q.CloseQuarter(quarter=1))
    year.do("dre.director", ReopenQuarter(quarter=1, tasks=(2,), until=SOON, reason="Llegó un acta."))
    assert "Cerrar el I trimestre de UGEL Jauja" not in listed(house, "dre.director"), "nothing was corrected yet"


def test_alerts_are_attended_by_the_unit_and_closed_by_another_person(house: House) -> None:
    """An alert is on the lists of the unit and of the DRE; who attended it is not asked to close it."""
    year = Cycle(house).approved().scored(1, 30, 9)
    assert listed(house, "ugel.jefe", "alertas") == ["Atender la alerta de «Distribuir cuadernos»"]
    assert listed(house, "ugel.especialista", "alertas") == ["Alerta de «Distribuir cuadernos»"]
    assert listed(house, "satipo.director", "alertas") == []
    year.do(
        "dre.especialista",
        TakeMeasure(alert=1, measure="Reprogramar.", responsible="especialista-dre/120000", due=SOON),
    )
    assert listed(house, "dre.especialista", "alertas") == []
    assert listed(house, "dre.jefe", "alertas") == ["Revisar y cerrar la alerta de «Distribuir cuadernos»"]
    assert f"con medida · atender hasta el {fecha(SOON)}" in house.browser("dre.jefe").get("/").text, "the day of the measure"


def test_who_signs_nothing_is_not_told_of_signatures(house: House) -> None:
    """Auditors and administrators sign no commitment: their page has no such list."""
    assert [">Por firmar<" in house.browser(each).get("/").text for each in ("auditor", "admin", "ugel.director")] == [
        False,
        False,
        True,
    ]


def test_commitments_wait_to_be_signed_declared_and_verified(house: House) -> None:
    """A commitment waits for its signatories, then for who answers for it, then for another who verifies."""
    year = Cycle(house).approved().scored(1, 30, 9)
    number = year.committed(1, sign=False)
    assert listed(house, "ugel.director", "por-firmar") == ["Firmar el compromiso «Contratar la movilidad»"]
    assert listed(house, "ugel.jefe", "por-firmar") == []
    year.committed(1)
    assert "Declarar el resultado del compromiso 2" in listed(house, "ugel.jefe")
    done = DeclareCommitment(commitment=number + 1, fulfilled=True, text="Contratada.", evidence="Contrato 4")
    year.do("ugel.jefe", done)
    assert "Verificar el compromiso 2 de UGEL Jauja" in listed(house, "dre.especialista")
    assert "Verificar el compromiso 2 de UGEL Jauja" not in listed(house, "ugel.jefe")


def test_the_balance_walks_from_desk_to_desk(house: House) -> None:
    """Once the four quarters are closed: write, approve, close; its open items are next year's first task."""
    year = Cycle(house, year=2025).approved()
    for number in range(1, 5):
        year.closed(number, 30, 12)
    assert "Redactar y enviar el balance 2025" in listed(house, "ugel.especialista")
    year.balanced("submitted")
    assert "Aprobar el balance 2025" in listed(house, "ugel.director")
    year.balanced("approved")
    assert "Cerrar el balance de UGEL Jauja" in listed(house, "dre.director")
    year.balanced("closed")
    Cycle(house, year=2026).drafted()
    assert listed(house, "ugel.director")[0] == "Decidir sobre 4 pendientes del balance 2025"


def test_the_four_numbers_of_the_region(house: House) -> None:
    """Participatory, aligned and approved plans, evaluations closed, measures against findings, balances closed; as of a moment too."""
    year = Cycle(house).approved()
    year.do("ugel.jefe", d.WriteDiagnosis(territory=("urbano",), actors=(d.Actor(kind="familias", number=12),)))
    before = Cycle(house, SATIPO).drafted().do("satipo.director", v.SubmitPlan()).last
    for number in (1, 2, 3):
        year.closed(number, 30, 9)
    year.committed(3)
    year.do("ugel.director", i.OpenImprovement(quarter=3, aim="Llegar a todas las aulas"))
    year.do("ugel.jefe", i.AddMeasure(text="Contratar la movilidad en enero", findings=(1,)))

    def numbers(query: str = "") -> list[tuple[str, ...]]:
        text = house.browser("auditor").get(f"{HOME}&parte=region{query}", headers=PART).text
        return re.findall(r"<strong>(\d+)</strong> de (\d+)", text)

    assert today() > date(2026, 9, 30), "the third quarter of 2026 has ended"
    assert numbers() == [("1", "2"), ("1", "2"), ("1", "2"), ("0", "2")]
    assert numbers(f"&hasta={before}") == [("1", "2"), ("0", "2"), ("0", "2"), ("0", "2")]


def test_at_a_past_moment_nothing_is_to_be_done(house: House) -> None:
    """The lists say what waited then, without links to do it; nothing fetches itself again."""
    year = Cycle(house).drafted()
    then = year.do("ugel.director", v.SubmitPlan()).last
    year.do("dre.director", v.ApprovePlan(resolution="RD 1", resolution_date=date(2026, 1, 5)))
    text = house.browser("dre.director").get(f"{HOME}&hasta={then}").text
    assert "Aprobar u observar el plan de UGEL Jauja" in text
    assert "btn-primary" not in text
    assert "hx-get" not in text
    assert "aprobó el plan" not in text
    assert "Está viendo el estado" in text


def test_the_last_ten_facts_of_the_own_unit(house: House) -> None:
    """Ten lines at most, of the own unit; the administrator sees the standing matters."""
    Cycle(house).approved().closed(1)
    Cycle(house, SATIPO).drafted()
    text = house.browser("ugel.director").get(HOME).text
    assert text.count('<li class="q-line"') == 10
    assert "cerró el primer trimestre" in text
    assert "agregó la actividad 2" not in house.browser("admin").get(HOME).text


def test_an_unknown_part_is_the_whole_page(house: House) -> None:
    """An address with a part that does not exist shows Inicio; nobody signed in is sent to the door."""
    assert "<html" in house.browser("ugel.director").get("/?parte=../otra").text
    assert house.browser().get("/").status_code == 303
