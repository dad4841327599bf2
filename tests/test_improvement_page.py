"""The improvement plan on screen and on paper: from a closed quarter to its measures, at any moment, by its own unit."""

import io
import re
from datetime import datetime
from typing import Any

import pikepdf
import pytest

from service import papers
from service.aggregates import improvement as i
from service.aggregates.balance import DisposeItem
from service.aggregates.commitment_life import DeclareCommitment, VerifyCommitment
from service.aggregates.finding import RecordFinding
from service.aggregates.plan_versions import OpenYear
from tests.first_quarter import PROPOSAL
from tests.house import JAUJA, House
from tests.lived import Cycle

PLACE = f"/ugel/{JAUJA}/2026/mejora"


def found(house: House) -> Cycle:
    """A closed first quarter with a critical knot, an achievement and a room for improvement."""
    cycle = Cycle(house).approved().closed(1, visits=12)
    rests: dict[str, Any] = {"quarter": 1, "activity": 1}
    cycle.do("dre.especialista", RecordFinding(**rests, kind="nudo crítico", text="Faltan visitas.", cause="Sin movilidad."))
    cycle.do("dre.especialista", RecordFinding(**rests, kind="logro", text="Cuadernos a tiempo."))
    cycle.do("dre.especialista", RecordFinding(**rests, kind="oportunidad de mejora", text="Actas tarde.", cause="Sin turno."))
    return cycle


def test_a_plan_is_opened_and_filled_on_its_page(house: House) -> None:
    """Its head opens it and adds a measure for two findings; who only reads sees no form; what is wrong comes back with its words."""
    assert "Nace de un trimestre cerrado" in house.browser("ugel.jefe").get(PLACE).text
    found(house)
    head = house.browser("ugel.jefe")
    assert "Abrir el plan de mejora" in head.get(PLACE).text
    assert "<form" not in re.sub(r"(?s)<header.*?</header>", "", house.browser("auditor").get(PLACE).text)
    wrong = head.post(PLACE, {"quarter": "1", "aim": " "})
    assert wrong.status_code == 422
    assert head.post(PLACE, {"quarter": "2", "aim": "Llegar"}).status_code == 409
    assert head.post(PLACE, {"quarter": "1", "aim": "Llegar a todas las aulas"}).status_code == 303
    lost = head.post(f"{PLACE}/medidas", {"text": "Contratar movilidad"})
    assert lost.status_code == 422
    assert "Elija al menos un hallazgo" in lost.text
    assert "Contratar movilidad" in lost.text
    assert head.post(f"{PLACE}/medidas", {"text": "Contratar movilidad", "findings": ["1", "3"]}).status_code == 303
    shown = head.get(PLACE).text
    assert shown.count('id="medida-1"') == 1
    assert "Lo responde también la" in shown
    assert "2 de 2 con medida" in shown
    assert head.post(f"{PLACE}/medidas/1", {"text": "Alquilar camionetas", "findings": "1"}).status_code == 303
    assert "Todavía no tiene medida" in head.get(PLACE).text
    assert house.browser("dre.especialista").post(f"{PLACE}/medidas/1/baja", {"reason": "x"}).status_code == 403
    assert head.post(f"{PLACE}/medidas/1/baja", {"reason": "La DRE presta la movilidad"}).status_code == 303
    assert "La DRE presta la movilidad" in head.get(PLACE).text


def test_a_plan_is_read_as_it_stood(house: House) -> None:
    """At a past fact the page shows no forms and no later measure; its paper is the same bytes each time it is asked for."""
    cycle = found(house)
    cycle.do("ugel.director", i.OpenImprovement(quarter=1, aim="Llegar a todas las aulas"))
    then = cycle.position
    cycle.do("ugel.jefe", i.AddMeasure(text="Contratar movilidad", findings=(1, 3)))
    reader = house.browser("ugel.jefe")
    past = reader.get(f"{PLACE}?hasta={then}").text
    assert "Llegar a todas las aulas" in past
    assert "Contratar movilidad" not in past
    assert "Agregar una medida" not in past
    papers = [reader.get(f"{PLACE}.pdf?hasta={position}").content for position in (then, cycle.position, cycle.position)]
    assert papers[1] == papers[2] != papers[0]
    with pikepdf.open(io.BytesIO(papers[1])) as pdf, pdf.open_metadata() as told:
        assert told.pdfa_status == "2A"
    assert reader.get("/ugel/120007/2026/mejora.pdf").status_code == 404


def test_the_region_counts_plans_that_answer_findings(house: House) -> None:
    """Inicio's «n de 13» and the list of plans say the same: a plan counts once a measure stands."""
    cycle = found(house)
    reader = house.browser("dre.especialista")
    cycle.do("ugel.director", i.OpenImprovement(quarter=1, aim="Llegar a todas las aulas"))
    assert "0 de 2 UGEL responden" in reader.get("/mejora?anio=2026").text
    cycle.do("ugel.jefe", i.AddMeasure(text="Contratar movilidad", findings=(1,)))
    assert "1 de 2 UGEL responden" in reader.get("/mejora?anio=2026").text
    lines = reader.get("/mejora/exportar.csv?anio=2026").content.decode("utf-8-sig").splitlines()
    assert f"{JAUJA};UGEL Jauja;I;2;1;1;0;0;0;0;0;0" in lines
    assert "/mejora/exportar.xlsx?anio=2026" in reader.get("/mejora?anio=2026").text
    assert re.search(r"<strong>1</strong> de 2</p>\s*<p[^>]*><a[^>]*>planes de mejora", reader.get("/?anio=2026").text)
    cycle.do("ugel.jefe", i.DropMeasure(measure=1, reason="Otra vía"))
    assert "0 de 2 UGEL responden" in reader.get("/mejora?anio=2026").text


def test_what_another_year_goes_on_with_is_told_once(house: House) -> None:
    """Carried and verified there, a commitment is verified in the plan it was born in and in the region's list; nowhere in the new year's."""
    old, new = Cycle(house, year=2025).approved(), Cycle(house, year=2026)
    for number in (1, 2, 3, 4):
        old.closed(number)
    old.do("dre.especialista", RecordFinding(quarter=4, kind="nudo crítico", text="Actas tarde.", cause="Sin turno.", activity=1))
    old.do("ugel.director", i.OpenImprovement(quarter=4, aim="Llegar a todas las aulas"))
    old.committed(4, measure="Contratar movilidad")
    old.balanced()
    new.do("ugel.especialista", OpenYear(year=2026))
    new.do("ugel.director", DisposeItem(item="compromiso/1", decision="continuar"))
    new.do("ugel.jefe", DeclareCommitment(commitment=1, fulfilled=True, text="Se contrató.", evidence="Contrato 4"))
    new.do("dre.especialista", VerifyCommitment(commitment=1, accepted=True, text="Se vio el contrato."))
    reader, told = house.browser("auditor"), "1 cumplido y verificado"
    pages = ("/mejora?anio=2025", f"/ugel/{JAUJA}/2025/mejora", "/mejora?anio=2026")
    assert [told in reader.get(page).text.replace("\u00a0", " ") for page in pages] == [True, True, False]
    assert f'href="/compromisos/{JAUJA}-2026-1"' in reader.get(pages[1]).text, "it is told where it goes on"


def test_a_commitment_is_proposed_from_its_measure(house: House) -> None:
    """It answers the findings of the measure, stands under it in the plan, and the finding's page names both."""
    cycle = found(house)
    cycle.do("ugel.director", i.OpenImprovement(quarter=1, aim="Llegar a todas las aulas"))
    cycle.do("ugel.jefe", i.AddMeasure(text="Contratar movilidad", findings=(1, 3)))
    head, form = house.browser("ugel.jefe"), f"{PLACE}/medidas/1/compromiso"
    assert form in head.get(PLACE).text
    assert "Actas tarde." in head.get(form).text
    assert head.post(form, PROPOSAL | {"due": "ayer"}).status_code == 422
    done = head.post(form, PROPOSAL)
    assert done.headers["location"] == f"/compromisos/{JAUJA}-2026-1"
    assert house.ledger.memo(cycle.stream).state.commitments.by_number[1].terms.findings == (1, 3)
    assert "1 por firmar" in head.get(PLACE).text.replace("\u00a0", " ")
    assert "Contratar movilidad" in head.get(f"/ugel/{JAUJA}/2026/hallazgos/3").text
    assert head.post(f"{PLACE}/medidas/1/baja", {"reason": "x"}).status_code == 409
    assert head.get(f"{PLACE}/medidas/9/compromiso").status_code == 404
    assert "1 por firmar" in head.get("/mejora?anio=2026").text.replace("\u00a0", " ")


def test_the_paper_tells_what_the_page_tells(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Goal, means and budget of each commitment; those of its measures are counted, and apart those that answer a finding without one."""
    cycle, given = found(house), list[dict[str, Any]]()
    cycle.do("ugel.director", i.OpenImprovement(quarter=1, aim="Llegar a todas las aulas"))
    cycle.do("ugel.jefe", i.AddMeasure(text="Contratar movilidad", findings=(1, 3)))
    head, budget = house.browser("ugel.jefe"), "Con lo asignado a la meta 12."
    assert "Otros compromisos" not in head.get(PLACE).text
    assert head.post(f"{PLACE}/medidas/1/compromiso", PROPOSAL | {"budget": budget}).status_code == 303
    assert head.post(f"/ugel/{JAUJA}/2026/hallazgos/3/compromisos", PROPOSAL).status_code == 303
    told = head.get(PLACE).text.replace("\u00a0", " ")
    assert "Compromisos de sus medidas</dt><dd>1 por firmar</dd>" in told
    assert "Otros compromisos por sus hallazgos</dt><dd>1 por firmar, sin medida del plan</dd>" in told
    assert told.index("Hallazgo 3") < told.index("Compromisos sin medida") < told.index(f'href="/compromisos/{JAUJA}-2026-2"')
    assert f'href="/compromisos?ugel={JAUJA}&amp;anio=2026"' in told
    typeset = papers.typeset

    def noted(name: str, data: dict[str, Any], at: datetime) -> bytes:
        given.append(data)
        return typeset(name, data, at)

    monkeypatch.setattr(papers, "typeset", noted)
    assert head.get(f"{PLACE}.pdf").status_code == 200
    facts = {label: text.replace("\u00a0", " ") for label, text in given[0]["facts"]}
    assert facts["Compromisos de sus medidas"] == "1 por firmar"
    assert facts["Otros compromisos por sus hallazgos"] == "1 por firmar, sin medida del plan"
    assert [[one["number"] for one in each["besides"]] for each in given[0]["answers"]] == [[], ["2"]]
    (agreed,) = given[0]["answers"][0]["measures"][0]["commitments"]
    assert agreed["terms"] == [
        "Meta: 10 de 10 (Aulas visitadas)",
        "Verificación: Actas de visita",
        f"Presupuesto: {budget}",
    ]
    assert all(line in told for line in agreed["terms"])
