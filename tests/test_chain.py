"""The chain of a commitment: score > alert > finding > cause > measure > commitment > evidence > verification, with their facts."""

import re

from service.aggregates import commitment_life as life
from service.aggregates.alert import AlertRaised
from service.aggregates.finding import RecordFinding
from service.aggregates.quarter_score import QuarterScored
from service.projections import LATEST, grounds
from tests.first_quarter import HEAD, PLACE, STREAM, live
from tests.house import House


def test_a_commitment_leads_to_the_score_that_caused_it(house: House) -> None:
    """Each link in its order, with its page and fact; what is still to come says so, and at a past fact the chain is that of then."""
    href = live(house, "signed").href
    facts = list(house.ledger.facts(STREAM))
    scored = next(each.position for each in facts if isinstance(each.fact.event, QuarterScored))
    found = next(each.position for each in facts if each.fact.event.__struct_config__.tag == "finding-recorded")
    reader = house.browser("auditor")
    for asked, led in (("", True), ("?actividad=1", True), ("?actividad=2", False)):
        below = reader.get(f"{PLACE}/t1/calificacion{asked}").text
        links = (f'href="{PLACE}/hallazgos/1"' in below, f'href="{href}/cadena"' in below)
        assert links == (led, led), f"the score leads down to what followed from it: {asked}"
    waiting = reader.get(f"{href}/cadena").text
    assert "Todavía no hay." in waiting
    assert waiting.count("hecho <span") >= 5
    steps = waiting.split('q-step-title">')[1:]
    assert all(("<time" in each) == ("hecho <span" in each) for each in steps), "each fact has its day"
    for position, page in ((scored, f"{PLACE}/t1/calificacion"), (found, f"{PLACE}/hallazgos/1")):
        shown = f"{position:,}".replace(",", "\u00a0")
        assert re.search(rf'href="{page}"[^<]*>[^<]*</a> <small>hecho <span class="q-event">n.º {shown}</span>', waiting)
    told = life.DeclareCommitment(commitment=1, text="Se visitaron diez aulas.", fulfilled=True, evidence="Informe 7")
    house.do("ugel.jefe", STREAM, told, charge=HEAD)
    house.do("dre.especialista", STREAM, life.VerifyCommitment(commitment=1, accepted=True, text="Conforme."))
    text = reader.get(f"{href}/cadena").text
    titles = [
        "Calificación del I trimestre",
        "Hallazgo n.º 1",
        "Causa raíz",
        "Compromiso n.º 1",
        "Firmas",
        "Declaración",
        "Verificación",
    ]
    places = [text.index(f'q-step-title">{title}') for title in titles]
    assert places == sorted(places)
    assert "Evidencia: Informe 7." in text
    assert "Aceptado: cumplido. Conforme." in text
    last = facts[-1].position
    assert "Todavía no hay." in reader.get(f"{href}/cadena?hasta={last}").text
    assert reader.get(f"{href[:-1]}9/cadena").status_code == 404


def test_a_finding_of_an_alert_names_both_facts(house: House) -> None:
    """The alert that was raised and the score that stood when the finding was recorded, with that activity's part of it."""
    live(house, "scored")
    alert = min(house.ledger.memo(STREAM).state.alerts.by_number)
    house.do("dre.especialista", STREAM, RecordFinding(quarter=1, kind="nudo crítico", text="-", cause="-", alert=alert))
    facts = {type(each.fact.event): each for each in reversed(list(house.ledger.facts(STREAM)))}
    score = facts[QuarterScored].fact.event
    with house.app.state.database.snapshot() as connection:
        (ground,) = grounds.of(connection, LATEST, STREAM, (1,))
    assert (ground.scored, ground.raised) == (facts[QuarterScored].position, facts[AlertRaised].position)
    assert (ground.percent, ground.light) == (score.percent, score.light)
    assert ground.part == next(line.percent for line in score.lines if line.activity == ground.activity)
