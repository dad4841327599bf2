"""The pages of a session: convened, filled, attended, taken up, agreed and voted, written down, closed, printed."""

import hashlib
import html
import io
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import openpyxl
import pikepdf
import pytest

from service import papers
from service.aggregates.alert_watch import RunRule
from service.aggregates.discussion import RaiseFlag
from service.aggregates.dre import AssignCharge
from service.aggregates.finding import RecordFinding
from service.aggregates.receipt import code_of_acta, grouped
from service.aggregates.session_agenda import MOST
from service.ledger import STANDING, stream_of
from service.projections.session_agenda import Suggestion
from service.settings import LIMA
from service.web import matters
from service.web.words import fecha
from tests.conftest import TestDatabase
from tests.first_quarter import today
from tests.house import JAUJA, SATIPO, House, open_house
from tests.lived import Cycle
from tests.test_explaining import led

YEAR = 2026
UNIT, REGION = f"/ugel/{JAUJA}/{YEAR}/sesiones", f"/sesiones/{YEAR}"
CALL: dict[str, Any] = {"kind": "ordinaria", "quarter": "1", "place": "Sala de la UGEL", "hour": "09:30"}
CHARGES = {
    "ugel.director": f"director-ugel/{JAUJA}",
    "ugel.jefe": f"jefe-area/{JAUJA}/AGP",
    "satipo.director": f"director-ugel/{SATIPO}",
    "dre.especialista": "especialista-dre/120000",
    "dre.director": "director-dre/120000",
}


@pytest.fixture
def house(house_database: TestDatabase) -> Iterator[House]:
    """A house of this test alone, in which Jauja's first quarter is closed."""
    with open_house(house_database.service_url) as opened:
        Cycle(opened).approved().closed(1, 30, 12)
        yield opened


def this_day() -> str:
    """Today, as a form sends it: a session may be held at once."""
    return today().replace(year=YEAR).isoformat()


def attend(house: House, at: str, *usuarios: str) -> None:
    """Mark that these persons are there."""
    browser = house.browser("dre.especialista")
    for usuario in usuarios:
        data = {"person": house.ids[usuario], "charge": CHARGES[usuario], "present": "si"}
        assert browser.post(f"{at}/asistencia", data).status_code == 303


def opened(house: House) -> str:
    """A session of Jauja that is open, with two items and three persons; its address."""
    browser = house.browser("ugel.director")
    answer = browser.post(UNIT, CALL | {"day": this_day()})
    at: str = answer.headers["location"]
    assert browser.post(f"{at}/puntos", {"suggested": f"{JAUJA}/quarter/1", "title": "Varios"}).status_code == 303
    attend(house, at, "ugel.director", "ugel.jefe", "dre.especialista")
    assert browser.post(f"{at}/apertura").status_code == 303
    return at


def agreed(house: House) -> str:
    """The same, with its first item taken up and an agreement about its score."""
    at, browser = opened(house), house.browser("ugel.director")
    assert browser.post(f"{at}/puntos/1/trato").headers["location"] == at
    agreement = {"text": "Reprogramar las visitas", "item": "1", "matters": f"{JAUJA}/quarter/1", "due": "2099-01-31"}
    assert browser.post(f"{at}/acuerdos", agreement).status_code == 303
    return at


def ended(house: House) -> str:
    """The same, ended with its second item left."""
    at = agreed(house)
    assert house.browser("ugel.director").post(f"{at}/levantamiento", {"reason": "Faltó tiempo"}).status_code == 303
    return at


def test_what_waits_is_on_the_agenda_from_the_start(house: House) -> None:
    """The score of the quarter, then each alert without an end; all of it is one command with the convening: nothing is half done."""
    browser, call = house.browser("ugel.director"), CALL | {"day": this_day(), "command_id": "c0ffee"}
    at = browser.post(UNIT, call).headers["location"]
    rows = re.findall(r"punto=\d+#punto\"[^>]*>([^<]*)</a>", browser.get(at).text)
    assert "resultado del I trimestre" in rows[0]
    assert [text for text in rows[1:] if "alerta" in text]
    last = list(house.ledger.facts(stream_of(JAUJA, YEAR)))[-1 - len(rows) :]
    assert [type(each.fact.event).__name__ for each in last] == ["SessionConvened", *["AgendaItemAdded"] * len(rows)]
    assert {each.fact.command for each in last} == {"c0ffee"}


def test_an_agenda_without_room_for_all_begins_with_what_is_escalated() -> None:
    """Of a unit everything that waits; of the region open alerts are left to be chosen, escalated ones come, and come first."""
    quarters = [Suggestion(f"{n:06}", "quarter", 1, "", "closed") for n in range(MOST)]
    alerts = [Suggestion("900000", "alert", n, "Visitas", "avance-bajo", pressing=n == 2) for n in (1, 2)]
    assert matters.begins([*quarters[:3], *alerts], regional=False) == [*quarters[:3], *alerts]
    assert matters.begins([*quarters[:3], *alerts], regional=True) == [*quarters[:3], alerts[1]]
    assert matters.begins([*quarters, *alerts], regional=True) == [*quarters[:-1], alerts[1]]


def test_an_alert_about_no_activity_is_titled_by_what_it_is_about() -> None:
    """The rule, then its subject, once and without marks of quotation around what is no name."""
    overdue = Suggestion(JAUJA, "alert", 2, "Compromiso n.º 1", "compromiso-vencido")
    assert matters.title(overdue, {JAUJA: "UGEL Jauja"}) == "UGEL Jauja: alerta 2, compromiso vencido: Compromiso n.º 1"


def test_the_figures_of_an_item_lead_to_how_they_were_made_then(house: House) -> None:
    """On the agenda, beside the item, in the acta: at the fact with which it was taken up; before that as they stand."""
    at, browser = opened(house), house.browser("ugel.director")
    working = f"/ugel/{JAUJA}/{YEAR}/t1/calificacion"
    assert working in led(browser, at)
    assert browser.post(f"{at}/puntos/1/trato").status_code == 303
    frozen = list(house.ledger.facts(stream_of(JAUJA, YEAR)))[-1].position - 1
    assert {f"{working}?hasta={frozen}", f"{working}?hasta={frozen}&actividad=1"} <= set(led(browser, at))
    assert f"{working}?hasta={frozen}" in led(browser, f"{at}/acta")


def test_what_is_escalated_after_the_convening_comes_on_the_agenda(house: House) -> None:
    """Of the unit's session and of the region's: before the opening both say what will enter, then each has it once."""
    call, stream = CALL | {"day": this_day()}, stream_of(JAUJA, YEAR)
    own = house.browser("ugel.director").post(UNIT, call).headers["location"]
    region = house.browser("dre.director").post(REGION, call | {"units": [JAUJA, SATIPO]}).headers["location"]
    clock, opening = house.ledger.clock, {own: "ugel.director", region: "dre.director"}
    removed = re.findall(r"/puntos/(\d+)/retiro", house.browser("ugel.director").get(own).text)[-1]
    assert house.browser("ugel.director").post(f"{own}/puntos/{removed}/retiro", {"reason": "Se vio ya"}).status_code == 303
    house.ledger.clock = lambda: clock() + timedelta(days=60)
    house.do("sistema", stream, RunRule(rule="escalamiento"))
    house.ledger.clock = clock
    says = "Elevado a esta sesión: entra en la agenda al abrirla"
    assert says not in house.browser("ugel.director").get(own).text, "it was removed there, with its reason"
    assert "(elevada a sesión)" in house.browser("dre.director").get(region).text.partition(says)[2].partition("</ul>")[0]
    for at, usuario in opening.items():
        attend(house, at, *(each for each in CHARGES if at == region or not each.startswith("satipo")))
        assert house.browser(usuario).post(f"{at}/apertura").status_code == 303
        agenda = house.browser(usuario).get(at).text.partition('id="orden"')[2].partition("</table>")[0]
        alerts = {int(number) for number in re.findall(r"alerta (\d+)[ ,]", agenda)}
        assert len(alerts) == (at == region)
        assert says not in house.browser(usuario).get(at).text


def test_a_flag_on_a_finding_is_on_the_agenda_from_the_start(house: House) -> None:
    """A finding is not, unless somebody asked with a flag that it be spoken of; what is flagged later is offered."""
    stream, browser = stream_of(JAUJA, YEAR), house.browser("ugel.director")
    for text in ("Faltan visitas", "Faltan actas"):
        knot = RecordFinding(quarter=1, kind="nudo crítico", text=text, cause="Sin movilidad", activity=1)
        house.do("dre.especialista", stream, knot)
    house.do("dre.especialista", stream, RaiseFlag(finding=1, reason="Tratar"))
    at = browser.post(UNIT, CALL | {"day": this_day()}).headers["location"]
    agenda = browser.get(at).text.partition('id="orden"')[2].partition("</table>")[0]
    assert "Faltan visitas" in agenda
    assert "Faltan actas" not in agenda
    house.do("dre.especialista", stream, RaiseFlag(finding=2, reason="También"))
    assert f'value="{JAUJA}/finding/2"' in browser.get(at).text


def test_an_item_is_taken_up_once_however_often_it_is_sent(house: House) -> None:
    """The record moved between the two: the position at which its figures stop is not what was sent."""
    at, browser = opened(house), house.browser("ugel.director")
    assert browser.post(f"{at}/puntos/1/trato", {"command_id": "c0ffee"}).status_code == 303
    Cycle(house).committed(1)
    assert browser.post(f"{at}/puntos/1/trato", {"command_id": "c0ffee"}).status_code == 303
    taken = [each for each in house.ledger.facts(stream_of(JAUJA, YEAR)) if type(each.fact.event).__name__ == "AgendaItemTakenUp"]
    assert len(taken) == 1


def test_a_call_that_comes_again_convenes_once(house: House) -> None:
    """Also when other things wait by then: it is known by what its sender wrote. Another call under the same id is refused."""
    browser, call = house.browser("ugel.director"), CALL | {"day": this_day(), "command_id": "c0ffee"}
    at = browser.post(UNIT, call).headers["location"]
    agenda = browser.get(at).text.count("#punto")
    open_alerts = [
        each.fact.event.alert for each in house.ledger.facts(stream_of(JAUJA, YEAR)) if hasattr(each.fact.event, "rule")
    ]
    silence = {"until": (today() + timedelta(days=30)).isoformat(), "reason": "Se espera el informe"}
    silenced = house.browser("dre.director").post(f"/ugel/{JAUJA}/{YEAR}/alertas/{open_alerts[0]}/silencio", silence)
    assert silenced.status_code == 303
    assert browser.post(UNIT, call).headers["location"] == at
    assert browser.get(at).text.count("#punto") == agenda
    other = browser.post(UNIT, call | {"place": "Otra sala"})
    assert other.status_code == 409
    assert "ya se envió con otros datos" in other.text


def test_a_session_is_convened_by_the_unit_or_the_dre_and_all_read_it(house: House) -> None:
    """The form asks for kind, quarter, day and place; the list shows it; a specialist does not convene."""
    assert "Convocar sesión" in house.browser("ugel.director").get(f"{UNIT}/nueva").text
    wrong = house.browser("ugel.director").post(UNIT, {"place": "Sala", "day": "ayer", "kind": "otra", "hour": "25"})
    assert wrong.status_code == 422
    for sentence in ("Elija una de las opciones", "Falta este dato", "Escriba una fecha válida", "Escriba la hora"):
        assert sentence in wrong.text
    assert 'value="Sala"' in wrong.text
    assert house.browser("ugel.director").post(UNIT, CALL | {"day": this_day()}).headers["location"] == f"{UNIT}/1"
    assert house.browser("ugel.especialista").post(UNIT, CALL | {"day": this_day()}).status_code == 403
    text = house.browser("satipo.especialista").get(f"/sesiones?anio={YEAR}").text
    assert f'href="{UNIT}/1"' in text
    assert "Convocar sesión" not in text
    changed = house.browser("ugel.director").post(f"{UNIT}/1/cambiar", CALL | {"day": this_day(), "place": "Auditorio"})
    assert changed.status_code == 303
    assert "Auditorio" in house.browser("auditor").get(f"{UNIT}/1").text
    assert 'value="Auditorio"' in house.browser("ugel.director").get(f"{UNIT}/1/cambiar").text
    assert house.browser("ugel.director").post(f"{UNIT}/1/suspension", {"reason": "Paro"}).status_code == 303
    assert "Suspendida" in house.browser("auditor").get(f"{UNIT}/1").text


def test_the_agenda_suggests_what_waits(house: House) -> None:
    """The quarter of the unit and its open alert are offered with their words; added, they are offered no more; then put in order."""
    browser = house.browser("ugel.director")
    at = browser.post(UNIT, CALL | {"day": this_day()}).headers["location"]
    page = browser.get(at).text
    assert "UGEL Jauja: resultado del I trimestre (cerrado)" in page
    assert re.search(r"UGEL Jauja: alerta 1, avance bajo: Distribuir cuadernos", page)
    assert browser.post(f"{at}/puntos", {"title": " "}).status_code == 422
    keys = [f"{JAUJA}/quarter/1", f"{JAUJA}/alert/1"]
    assert browser.post(f"{at}/puntos", {"suggested": keys, "title": "Varios"}).status_code == 303
    page = browser.get(at).text
    assert 'name="suggested"' not in page
    assert "70" in page, "the score of the quarter"
    assert browser.post(f"{at}/puntos/3/lugar", {"place": "1"}).status_code == 303
    assert browser.post(f"{at}/puntos/2/retiro", {"reason": "Ya cerrada"}).status_code == 303
    order = re.findall(r"punto=(\d)#punto", browser.get(f"{at}?parte=orden", headers={"hx-request": "true"}).text)
    assert order == ["3", "1"]
    assert browser.post(f"{at}/apertura").status_code == 409


def test_the_acta_says_when_the_session_was_held_and_its_quorum(house: House) -> None:
    """On screen as on paper: opened, ended, the rule, who counted and how many were needed."""
    text = house.browser("auditor").get(f"{ended(house)}/acta").text
    for words in ("<dt>Abierta</dt>", "<dt>Levantada</dt>", "Hay quórum", "Para el quórum cuentan 3 personas (se necesitan 3)."):
        assert words in text


def test_who_stands_in_for_somebody_is_marked_in_the_roll(house: House) -> None:
    """Before and after the roll is called; the own charge of the same person is not."""
    jefe, since = house.ids["ugel.jefe"], date(2020, 1, 1)
    stands_in = AssignCharge(holder=jefe, role="director-ugel", unit=JAUJA, since=since, resolution="RD 7", acting=True)
    house.do("admin", STANDING, stands_in)
    at = house.browser("ugel.director").post(UNIT, CALL | {"day": this_day()}).headers["location"]
    marked = re.compile(r"<small>Director\(a\) de UGEL Jauja \(encargatura\)</small>")
    assert len(marked.findall(house.browser("dre.especialista").get(at).text)) == 1
    assert not marked.findall(house.browser("auditor").get(at).text), "nobody is there yet"
    attends = {"person": jefe, "charge": CHARGES["ugel.director"], "present": "si"}
    assert house.browser("dre.especialista").post(f"{at}/asistencia", attends).status_code == 303
    read = house.browser("auditor").get(at).text
    assert len(marked.findall(read)) == read.count("(encargatura)") == 1


def test_opening_without_quorum_says_what_is_missing(house: House) -> None:
    """The page tells the rule before, the refusal lists the same lines."""
    browser = house.browser("ugel.director")
    at = browser.post(UNIT, CALL | {"day": this_day()}).headers["location"]
    browser.post(f"{at}/puntos", {"title": "Varios"})
    assert "regla de ejemplo" in browser.get(at).text
    answer = browser.post(f"{at}/apertura")
    assert answer.status_code == 409
    assert "Falta alguien de la DRE." in answer.text
    foreign = {"person": house.ids["satipo.director"], "charge": CHARGES["satipo.director"], "present": "si"}
    refused = browser.post(f"{at}/asistencia", foreign)
    assert refused.status_code == 409
    assert "no es de una unidad convocada" in refused.text


def test_the_figures_of_an_item_stop_when_it_is_taken_up(house: House) -> None:
    """What happens later does not change them; the link leads to the score as it stood, and the score's page leads back."""
    at = agreed(house)
    session = list(house.ledger.facts(f"unit/{JAUJA}/{YEAR}"))
    taken = next(each for each in session if type(each.fact.event).__name__ == "AgendaItemTakenUp")
    Cycle(house).committed(1)
    text = house.browser("auditor").get(at).text
    assert f"/ugel/{JAUJA}/{YEAR}/t1?hasta={taken.fact.event.position}" in text
    assert re.search(r"<dt>Compromisos en curso</dt><dd>0</dd>", text)
    assert "Reprogramar las visitas" in text
    back = house.browser("auditor").get(f"/ugel/{JAUJA}/{YEAR}/t1/calificacion").text
    assert f'href="{at}#acuerdo-1"' in back
    past = house.browser("ugel.director").get(f"{at}?hasta={taken.position}").text
    assert "Reprogramar las visitas" not in past
    assert "<form method" not in past.partition("<main")[2]
    assert "Reprogramar" in house.browser("auditor").get(f"{at}/proyectar").text


def test_votes_are_ones_own(house: House) -> None:
    """Once, with a reason when not in favour; who did not attend is refused, a neighbour forbidden; dissent is on the page."""
    at = agreed(house)
    votes = f"{at}/acuerdos/1/votos"
    assert house.browser("ugel.director").post(votes, {"choice": "a favor"}).status_code == 303
    assert "1 a favor, 0 en contra, 0 abstenciones, 1 sin votar" in house.browser("auditor").get(at).text.replace("\u00a0", " ")
    assert house.browser("ugel.director").post(votes, {"choice": "en contra", "reason": "x"}).status_code == 409
    assert "Escriba el motivo" in house.browser("ugel.jefe").post(votes, {"choice": "en contra"}).text
    assert house.browser("ugel.jefe").post(votes, {"choice": "en contra", "reason": "Sin movilidad"}).status_code == 303
    assert house.browser("dre.director").post(votes, {"choice": "a favor"}).status_code == 409
    assert house.browser("satipo.director").post(votes, {"choice": "a favor"}).status_code == 403
    text = house.browser("auditor").get(at).text
    assert "En votación" in text
    assert "1 a favor, 1 en contra, 0 abstenciones ·" in text.replace("\u00a0", " ")
    assert "«Sin movilidad»" in text
    assert house.browser("ugel.director").post(f"{at}/acuerdos/1", {"text": "Otro"}).status_code == 409


def test_two_note_takers_compare_and_choose(house: House) -> None:
    """Who wrote on what he had not seen gets both texts side by side, keeps nothing unseen, and sends again."""
    at = agreed(house)
    base = str(max(each.position for each in house.ledger.facts(f"unit/{JAUJA}/{YEAR}")))
    first = {"note": "Se revisó el avance", "base": base}
    assert house.browser("ugel.director").post(f"{at}/puntos/1/notas", first).status_code == 303
    clash = house.browser("dre.especialista").post(f"{at}/puntos/1/notas", {"note": "Se pidió informe", "base": base})
    assert clash.status_code == 409
    assert "Conservar «Se revisó el avance»" in clash.text
    assert "Corregir con lo suyo: «Se pidió informe»" in clash.text
    newer = re.search(r'name="base" value="(\d+)"', clash.text[clash.text.index("Escribir notas") :])
    assert newer
    again = {"note": "Se pidió informe", "base": newer[1], "elegir-note": "corregir"}
    assert house.browser("dre.especialista").post(f"{at}/puntos/1/notas", again).status_code == 303
    assert "Se pidió informe" in house.browser("auditor").get(f"{at}?punto=1").text
    changed = {"text": "Reprogramar todo", "due": "2099-02-28", "base": newer[1], "matters": f"{JAUJA}/quarter/1"}
    assert house.browser("ugel.director").post(f"{at}/acuerdos/1", changed).status_code == 303
    forged = changed | {"matters": f"{SATIPO}/quarter/1"}
    assert house.browser("ugel.director").post(f"{at}/acuerdos/1", forged).status_code == 422
    assert house.browser("ugel.director").post(f"{at}/acuerdos/1/retiro", {"reason": "Repetido"}).status_code == 303


def test_a_form_of_the_session_that_fails_keeps_what_was_typed(house: House) -> None:
    """An item that is too long comes back with its marks; an agreement without what the list does not offer, or a charge nobody has."""
    at, browser = opened(house), house.browser("ugel.director")
    assert browser.post(f"{at}/puntos/2/retiro", {"reason": "Se verá después"}).status_code == 303
    long = browser.post(f"{at}/puntos", {"title": "Largo " * 60, "suggested": f"{JAUJA}/alert/1"})
    assert long.status_code == 422
    assert f'value="{("Largo " * 60).strip()}"' in long.text
    assert re.search(rf'value="{JAUJA}/alert/1" checked', long.text)
    typed = {"text": "Reprogramar", "responsible": "", "matters": [f"{SATIPO}/quarter/1", f"{JAUJA}/quarter/1", "x/y/z"]}
    wrong = browser.post(f"{at}/acuerdos", typed)
    assert wrong.status_code == 422
    assert ">Reprogramar</textarea>" in wrong.text
    assert re.search(rf'value="{JAUJA}/quarter/1" checked', wrong.text)
    assert f'value="{SATIPO}/quarter/1"' not in wrong.text
    nobody = browser.post(f"{at}/acuerdos", {"text": "Reprogramar", "responsible": ["jefe/x", "y"]})
    assert (nobody.status_code, "Elija como responsable un cargo vigente" in nobody.text) == (409, True)
    assert "jefe/x" not in nobody.text


def test_what_was_not_taken_up_has_no_figures_once_the_session_is_over(house: House) -> None:
    """Neither on the page nor in the acta, whatever happens later."""
    browser = house.browser("ugel.director")
    at = browser.post(UNIT, CALL | {"day": this_day()}).headers["location"]
    browser.post(f"{at}/puntos", {"title": "Varios", "suggested": f"{JAUJA}/quarter/1"})
    attend(house, at, "ugel.director", "ugel.jefe", "dre.especialista")
    browser.post(f"{at}/apertura")
    result = re.compile(r'data-label="Cumplidas">\d+ de \d+')
    assert result.search(browser.get(at).text), "the premise"
    browser.post(f"{at}/levantamiento", {"reason": "Faltó tiempo"})
    assert house.browser("dre.director").post(f"{at}/acta/cierre").status_code == 303
    for page in (at, f"{at}?punto=1", f"{at}/acta"):
        text = house.browser("auditor").get(page).text
        assert not result.search(text)
        assert "Actividades cumplidas" not in text
    assert "No se trató en la sesión" in house.browser("auditor").get(f"{at}?punto=1").text


def test_the_acta_is_drafted_amended_closed_and_corrected(house: House) -> None:
    """Proposed by one who attended, accepted by another, closed by the DRE's director with a question; then only an erratum."""
    at = ended(house)
    acta, director = f"{at}/acta", house.browser("ugel.director")
    draft = {"introduction": "Siendo las 09:30", "development": "Se trató la agenda", "remarks": "", "base": "999999"}
    assert director.post(acta, draft).status_code == 303
    change = {"place": "introduction", "text": "Siendo las 09:40", "reason": "Comenzó tarde"}
    assert house.browser("ugel.jefe").post(f"{acta}/propuestas", change).status_code == 303
    assert house.browser("ugel.especialista").post(f"{acta}/propuestas", change).status_code == 409
    assert house.browser("ugel.jefe").post(f"{acta}/propuestas", change | {"place": "otra"}).status_code == 422
    boss = house.browser("dre.director")
    assert "Cambio propuesto n.º 1" in boss.post(f"{acta}/cierre").text
    assert director.post(f"{acta}/propuestas/1/aceptacion").status_code == 303
    note = {"place": "item/1", "text": "Se revisó", "reason": "Falta"}
    assert house.browser("ugel.jefe").post(f"{acta}/propuestas", note).status_code == 303
    assert director.post(f"{acta}/propuestas/2/rechazo", {"reason": "Ya consta"}).status_code == 303
    page = boss.get(acta).text
    assert "Siendo las 09:40" in page
    assert "¿Cerrar el acta? Después ya no cambia." in page
    assert director.post(f"{acta}/cierre").status_code == 403
    assert boss.post(f"{acta}/cierre").status_code == 303
    assert director.post(acta, draft).status_code == 409
    erratum = {"says": "09:40", "should_say": "09:45", "reason": "Error"}
    assert boss.post(f"{acta}/erratas", erratum).status_code == 409
    assert house.browser("dre.especialista").post(f"{acta}/erratas", erratum).status_code == 303
    correction = boss.get(f"{acta}/erratas/1/papel.pdf")
    assert correction.content == house.browser("auditor").get(f"{acta}/erratas/1/papel.pdf").content
    assert correction.content.startswith(b"%PDF-")
    assert f"{acta}/erratas/1/papel.pdf" in boss.get(acta).text
    assert boss.get(f"{acta}/erratas/2/papel.pdf").status_code == 404
    text = house.browser("auditor").get(acta).text
    assert "Donde dice «09:40», debe decir «09:45»." in text
    assert "Siendo las 09:40" in text


def test_the_paper_tells_the_day_of_lima(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """A session opened late in the evening was not opened on the day after."""
    evening, told = datetime.now(LIMA).replace(hour=23, minute=30), list[dict[str, Any]]()
    house.ledger.clock = lambda: evening.astimezone(UTC)
    at = ended(house)

    def typeset(_: str, data: dict[str, Any], *__: Any) -> bytes:
        told.append(data)
        return b"%PDF-"

    monkeypatch.setattr(papers, "typeset", typeset)
    assert house.browser("auditor").get(f"{at}/acta.pdf").status_code == 200
    facts = dict(told[0]["facts"])
    assert facts["Abierta"] == facts["Levantada"] == fecha(evening)


def test_the_paper_is_pdf_a_and_stays_as_it_was_made(house: House) -> None:
    """A draft says so; a closed acta is PDF/A with tags, the same bytes each time, also after the directory changed."""
    at = ended(house)
    auditor = house.browser("auditor")
    assert auditor.get(f"{at}/acta.pdf").headers["content-disposition"].endswith('-borrador.pdf"')
    assert house.browser("dre.director").post(f"{at}/acta/cierre").status_code == 303
    first = auditor.get(f"{at}/acta.pdf")
    closed = list(house.ledger.facts(stream_of(JAUJA, YEAR)))[-1].fact
    code = grouped(code_of_acta(stream_of(JAUJA, YEAR), closed.event.session, closed.at))
    found = house.browser().get(f"/verificar/{code}").text
    for words in (
        "Acta de la sesión n.º 1",
        "Un acta cerrada no cambia",
        "Ana Cárdenas",
        hashlib.sha256(first.content).hexdigest(),
    ):
        assert words in found
    held = {"archivo": ("acta.pdf", first.content)}
    assert "Es el PDF que Quipu hizo" in house.browser()._ask("POST", f"/verificar/{code}", files=held).text
    held = {"archivo": ("acta.pdf", first.content + b" ")}
    assert "No es este documento" in house.browser()._ask("POST", f"/verificar/{code}", files=held).text
    assert (first.status_code, first.headers["content-type"]) == (200, "application/pdf")
    with pikepdf.open(io.BytesIO(first.content)) as pdf, pdf.open_metadata() as told:
        assert told.pdfa_status == "2A"
        assert "Acta de la sesión ordinaria" in str(told.get("dc:title"))
    with house.app.state.database.connection() as connection:
        row = connection.execute("select sha256 from people.paper").fetchone()
        assert row == (hashlib.sha256(first.content).hexdigest(),)
        connection.execute("update people.person set name = 'Otro Nombre' where usuario = 'ugel.jefe'")
    assert auditor.get(f"{at}/acta.pdf").content == first.content


def test_what_a_session_waits_for_is_on_inicio(house: House) -> None:
    """A vote, a proposal, the acta to be closed, each with the one who may; the unit's page lists its sessions."""
    at = agreed(house)
    assert "Votar 1\xa0acuerdo de la sesión de UGEL Jauja" in house.browser("ugel.jefe").get("/").text
    assert "Votar" not in house.browser("dre.director").get("/").text.partition("<main")[2]
    house.browser("ugel.director").post(f"{at}/levantamiento", {"reason": "Faltó tiempo"})
    assert "Cerrar el acta de la sesión de UGEL Jauja" in house.browser("dre.director").get("/").text
    change = {"place": "remarks", "text": "Se leyó el acta", "reason": "Falta"}
    house.browser("ugel.jefe").post(f"{at}/acta/propuestas", change)
    assert "Resolver 1\xa0cambio propuesto al acta" in house.browser("ugel.director").get("/").text
    assert "Resolver" not in house.browser("ugel.jefe").get("/").text.partition("<main")[2]
    assert f'href="{at}"' in house.browser("auditor").get(f"/ugel/{JAUJA}/{YEAR}").text
    call = CALL | {"day": this_day(), "units": [JAUJA]}
    house.browser("dre.especialista").post(REGION, call)
    assert "Asistir a la sesión regional del I trimestre" in house.browser("ugel.especialista").get("/").text
    assert "Abrir la sesión regional del I trimestre" in house.browser("dre.especialista").get("/").text


def test_who_attends_no_session_is_not_called_to_it(house: House) -> None:
    """Neither the administrator nor an auditor; and nobody to one whose day has passed."""
    call = CALL | {"units": [JAUJA], "kind": "extraordinaria"}
    office = house.browser("dre.especialista")
    assert office.post(REGION, call | {"day": this_day(), "quarter": "1"}).status_code == 303
    past = (today() - timedelta(days=1)).isoformat()
    assert office.post(REGION, call | {"day": past, "quarter": "2"}).status_code == 303
    for usuario in ("admin", "auditor"):
        assert "Asistir a" not in house.browser(usuario).get("/").text
    text = house.browser("ugel.especialista").get("/").text
    assert "Asistir a la sesión regional del I trimestre" in text
    assert "Asistir a la sesión regional del II trimestre" not in text


def test_the_agenda_moves_up_and_down_and_one_button_leads(house: House) -> None:
    """The first item goes only down, the last only up; of what may be done next one button is filled."""
    at, browser = opened(house), house.browser("ugel.director")
    text = browser.get(at).text
    agenda = text.partition('id="orden"')[2].partition("</table>")[0]
    items = agenda.count("/lugar")
    assert (agenda.count(">Subir<"), agenda.count(">Bajar<")) == (items // 2, items // 2)
    assert browser.post(f"{at}/puntos/1/lugar", {"place": "2"}).status_code == 303
    assert browser.get(at).text.index("?punto=2#") < browser.get(at).text.index("?punto=1#")
    shown = re.findall(r'<(?:summary|a|button) class="btn (?:btn-sm )?btn-primary"[^>]*>([^<]*)', outside_folds(text))
    assert shown == ["Tratar"]


def outside_folds(text: str) -> str:
    """What of the main part is seen before anything is unfolded."""
    main = text.partition("<main")[2].partition("</main")[0]
    return re.sub(r"</summary>.*?</details>", "</summary>", main, flags=re.DOTALL)


def test_what_is_decided_leads_to_the_agreement(house: House) -> None:
    """An alert, a finding and a commitment show the agreements about them, one click away."""
    year = Cycle(house)
    year.committed(1)
    at, director = agreed(house), house.browser("ugel.director")
    keys = [f"{JAUJA}/alert/1", f"{JAUJA}/finding/1"]
    assert director.post(f"{at}/acuerdos", {"text": "Contratar movilidad", "matters": keys}).status_code == 303
    for page in ("alertas/1", "hallazgos/1"):
        assert f'href="{at}#acuerdo-2"' in house.browser("auditor").get(f"/ugel/{JAUJA}/{YEAR}/{page}").text
    assert "Acuerdos de sesión" not in house.browser("auditor").get(f"/compromisos/{JAUJA}-{YEAR}-1").text


def test_a_regional_session_gathers_the_units(house: House) -> None:
    """The DRE convenes UGEL of the list; each votes in the own unit; a UGEL does not convene the region."""
    office, call = house.browser("dre.especialista"), CALL | {"day": this_day(), "units": [JAUJA, SATIPO]}
    assert house.browser("ugel.director").post(REGION, call).status_code == 403
    assert office.post(REGION, call | {"units": ["999999"]}).status_code == 422
    at = office.post(REGION, call).headers["location"]
    assert at == f"{REGION}/1"
    page = office.get(at).text
    assert "UGEL Satipo: resultado del I trimestre (no iniciado)" in page
    left = page.partition("no está en la agenda")
    assert left[0].rstrip().endswith("1\u00a0pendiente"), "an alert that is not escalated"
    assert f'<a href="/alertas?anio={YEAR}&estado=pendientes"' in html.unescape(left[2].partition("</p>")[0])
    keys = [f"{JAUJA}/quarter/1", f"{SATIPO}/quarter/1"]
    assert office.post(f"{at}/puntos", {"suggested": keys}).status_code == 303
    attend(house, at, "ugel.director", "satipo.director", "dre.director")
    for deed in ("apertura", "puntos/1/trato"):
        assert office.post(f"{at}/{deed}").status_code == 303
    assert office.post(f"{at}/acuerdos", {"text": "Compartir el plan de visitas", "item": "1"}).status_code == 303
    votes = f"{at}/acuerdos/1/votos"
    assert house.browser("satipo.director").post(f"{votes}/{JAUJA}", {"choice": "a favor"}).status_code == 403
    assert house.browser("satipo.director").post(f"{votes}/{SATIPO}", {"choice": "a favor"}).status_code == 303
    assert f"{votes}/{JAUJA}" in house.browser("ugel.director").get(at).text
    assert house.browser("auditor").get(f"{REGION}/7").status_code == 404
    assert house.browser("auditor").get(f"/ugel/120013/{YEAR}/sesiones/1").status_code == 404


def test_the_agreements_of_a_year_are_exported(house: House) -> None:
    """A workbook and a text table with the same rows; no text becomes a formula."""
    at = agreed(house)
    house.browser("ugel.director").post(f"{at}/acuerdos", {"text": "=1+1"})
    auditor = house.browser("auditor")
    book = openpyxl.load_workbook(io.BytesIO(auditor.get(f"/sesiones/acuerdos?anio={YEAR}").content))
    rows = [[cell.value for cell in row] for row in book.active.iter_rows()]  # type: ignore[union-attr]  # a fresh book has a sheet
    assert any("Reprogramar las visitas" in row and "Calificación del I trimestre, UGEL Jauja" in row for row in rows)
    table = auditor.get(f"/sesiones/acuerdos?anio={YEAR}&formato=csv&ugel={JAUJA}").text
    assert "Reprogramar las visitas" in table
    assert "'=1+1" in table
    assert auditor.get("/sesiones/acuerdos?formato=doc").status_code == 422
    strange = auditor.get("/sesiones/acuerdos?formato=csv&ugel=€")
    assert strange.headers["content-disposition"] == 'attachment; filename="acuerdos-region-2026.csv"'
