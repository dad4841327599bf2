import io
import re
from datetime import timedelta

import openpyxl

from service.aggregates import DRE
from tests.first_quarter import HEAD, PLACE, SOON, STREAM, YEAR, attend, live, today
from tests.house import JAUJA, House

ALERT = f"{PLACE}/alertas/1"
FINDINGS = f"{PLACE}/hallazgos"
MEASURE = {"measure": "Se encargó a otra persona.", "responsible": HEAD, "due": SOON.isoformat()}
HUGO = f"especialista-dre/{DRE}"
KNOT = {"quarter": "1", "kind": "nudo crítico", "text": "Nadie recogió los datos.", "cause": "Falta personal.", "alert": "1"}


def test_the_list_names_rule_activity_and_state(house: House) -> None:
    """The score raised one alert: the activity without figures."""
    live(house, "scored")
    text = house.browser("satipo.director").get(f"{PLACE}/alertas").text
    for words in ("Sin reporte", "Atender trámites", "Abierta"):
        assert words in text
    assert "<p>1 abierta</p>" in house.browser("auditor").get(f"/alertas?anio={YEAR}").text.replace("\u00a0", " ")


def test_an_alert_says_its_rule_version_and_figures_in_words(house: House) -> None:
    """Whoever reads it understands why it is there."""
    live(house, "scored")
    text = house.browser("auditor").get(ALERT).text
    for words in ("Ninguna de las", "Versión de las reglas", "Ver cómo se calculó"):
        assert words in text
    assert f'action="{ALERT}' not in text


def test_an_alert_is_attended_and_closed_by_another_person(house: House) -> None:
    """A measure first; its taker sees no form to close it, and nobody closes it without words."""
    live(house, "scored")
    head, dre = house.browser("ugel.jefe"), house.browser("dre.especialista")
    assert dre.post(f"{ALERT}/cierre", {"text": "Listo."}).status_code == 409
    assert head.post(f"{ALERT}/medida", {"measure": ""}).status_code == 422
    assert head.post(f"{ALERT}/medida", MEASURE).status_code == 303
    assert "Se encargó a otra persona." in head.get(ALERT).text
    assert head.post(f"{ALERT}/cierre", {"text": "Listo."}).status_code == 403
    assert dre.post(f"{ALERT}/cierre", {"text": ""}).status_code == 422
    assert dre.post(f"{ALERT}/cierre", {"text": "Se vio el reporte.", "evidence": "Informe 4"}).status_code == 303
    assert "Informe 4" in head.get(ALERT).text


def test_whoever_attended_may_not_close(house: House) -> None:
    """Even of the DRE: told on the page, and refused with the rule."""
    live(house, "scored")
    dre = house.browser("dre.especialista")
    assert dre.post(f"{ALERT}/medida", MEASURE | {"measure": "Llamar a la unidad."}).status_code == 303
    assert "debe cerrarla otra persona" in dre.get(ALERT).text
    assert dre.post(f"{ALERT}/cierre", {"text": "Listo."}).status_code == 409


def test_whoever_answers_for_the_measure_may_not_close(house: House) -> None:
    """A measure that a charge of the DRE answers for: who holds it sees no form to close the case, and is refused."""
    live(house, "scored")
    dre = house.browser("dre.especialista")
    assert house.browser("ugel.jefe").post(f"{ALERT}/medida", MEASURE | {"responsible": HUGO}).status_code == 303
    assert "Usted responde por la medida" in dre.get(ALERT).text
    refused = dre.post(f"{ALERT}/cierre", {"text": "Listo.", "evidence": "Informe 4"})
    assert (refused.status_code, "Quien responde por la medida no la cierra" in refused.text) == (409, True)


def test_a_neighbour_reads_and_does_not_write(house: House) -> None:
    """403 in another unit, 404 for an alert that is not there."""
    live(house, "scored")
    neighbour = house.browser("satipo.director")
    assert neighbour.get(ALERT).status_code == 200
    assert neighbour.post(f"{ALERT}/medida", {"measure": "x"}).status_code == 403
    assert neighbour.get(f"{PLACE}/alertas/99").status_code == 404


def test_at_a_past_moment_the_alert_is_still_open(house: House) -> None:
    """As it was, without forms."""
    live(house, "scored")
    position = max(r.position for r in house.ledger.facts(STREAM))
    attend(house)
    then = house.browser("dre.especialista").get(f"{ALERT}?hasta={position}").text
    assert "Reprogramar las visitas." not in then
    assert "Abierta" in then
    assert f'action="{ALERT}' not in then


def test_a_finding_is_recorded_from_an_alert(house: House) -> None:
    """The form comes filled with what one came from, and the finding names it."""
    live(house, "scored")
    dre = house.browser("dre.especialista")
    form = dre.get(f"{FINDINGS}/nuevo?trimestre=1&alerta=1").text
    assert re.search(r'<option value="1" selected>n\.º 1 · Sin reporte', form)
    made = dre.post(FINDINGS, KNOT)
    assert made.headers["location"] == f"{FINDINGS}/1"
    text = dre.get(f"{FINDINGS}/1").text
    for words in ("Nadie recogió los datos.", "Falta personal.", "Sin reporte", "Atender trámites"):
        assert words in text
    assert "Nadie recogió" in dre.get(FINDINGS).text


def test_a_finding_says_who_recorded_it_and_leaves_as_a_file(house: House) -> None:
    """By the charge, with its day and its fact; the file has the same row."""
    live(house, "scored")
    dre = house.browser("dre.especialista")
    dre.post(FINDINGS, KNOT)
    position = max(each.position for each in house.ledger.facts(STREAM))
    for page in (FINDINGS, f"{FINDINGS}/1"):
        text = dre.get(page).text
        assert "Especialista de" in text.partition("<main")[2]
        assert re.search(rf"n\.º\s{position}<", text)
    heads, row = dre.get(f"{FINDINGS}/exportar.csv").text.strip().splitlines()
    assert heads.endswith("Hecho n.º")
    assert row.endswith(f";{position}")
    assert dre.get(f"{FINDINGS}/exportar.xlsx").content[:2] == b"PK"


def test_the_history_of_an_alert_says_that_the_rule_raised_it(house: House) -> None:
    """Who scored the quarter did not raise it."""
    live(house, "scored")
    text = house.browser("auditor").get(f"/ugel/{JAUJA}/{YEAR}/alertas/1").text
    assert "calificó el trimestre; la regla generó la alerta 1" in text


def test_a_knot_without_its_cause_is_refused_and_a_wrong_kind_comes_back(house: House) -> None:
    """The rule in words with the typed text kept; the field's sentence beside it."""
    live(house, "scored")
    dre = house.browser("dre.especialista")
    refused = dre.post(FINDINGS, KNOT | {"cause": ""})
    assert (refused.status_code, "Escriba la causa raíz." in refused.text) == (409, True)
    assert "Nadie recogió los datos." in refused.text
    assert dre.post(FINDINGS, KNOT | {"kind": "otra cosa"}).status_code == 422
    assert house.browser("ugel.director").post(FINDINGS, KNOT).status_code == 403


def test_htmx_gets_only_the_part(house: House) -> None:
    """A live update fetches the part, not the frame."""
    live(house, "found")
    for address, name in (
        (f"{PLACE}/alertas", "alertas"),
        (ALERT, "alerta"),
        (FINDINGS, "hallazgos"),
        (f"{FINDINGS}/1", "hallazgo"),
    ):
        text = house.browser("auditor").get(address, headers={"hx-request": "true"}).text
        assert f'<div id="{name}"' in text
        assert "<html" not in text


def test_an_alert_is_received_first_and_silenced_by_the_dre(house: House) -> None:
    """Received with a note; the DRE silences it until a day that the page says, and it leaves the lists of what is open."""
    live(house, "scored")
    head, dre = house.browser("ugel.jefe"), house.browser("dre.especialista")
    assert head.post(f"{ALERT}/recepcion", {"note": "Se coordina con Logística."}).status_code == 303
    assert "Recibida" in head.get(ALERT).text
    until = (today() + timedelta(days=5)).isoformat()
    assert head.post(f"{ALERT}/silencio", {"until": until, "reason": "Huelga"}).status_code == 403
    assert dre.post(f"{ALERT}/silencio", {"until": "2020-01-01", "reason": "Huelga"}).status_code == 409
    assert dre.post(f"{ALERT}/silencio", {"until": until, "reason": ""}).status_code == 422
    assert dre.post(f"{ALERT}/silencio", {"until": until, "reason": "Huelga regional"}).status_code == 303
    assert "Huelga regional" in head.get(ALERT).text
    assert "Ninguna alerta coincide" in head.get(f"{PLACE}/alertas?estado=open").text
    assert "Atender trámites" in head.get(f"{PLACE}/alertas?estado=silenced").text
    assert "Atender trámites" not in dre.get("/?parte=alertas").text


def test_the_region_filters_its_alerts_in_the_address(house: House) -> None:
    """By unit, rule, state and quarter; the same list is a workbook and a CSV; a filter that does not exist is a sentence."""
    live(house, "scored")
    auditor = house.browser("auditor")
    every = auditor.get(f"/alertas?anio={YEAR}").text
    assert "UGEL Jauja" in every
    assert "Atender trámites" in every
    for query, there in (
        (f"ugel={JAUJA}&regla=sin-reporte&estado=pendientes&trimestre=1", True),
        ("regla=caida", False),
        ("estado=closed", False),
        ("trimestre=2", False),
        ("ugel=120007", False),
    ):
        assert ("Atender trámites" in auditor.get(f"/alertas?anio={YEAR}&{query}").text) is there, query
    assert auditor.get("/alertas?regla=otra").status_code == 422
    text = auditor.get(f"/alertas/exportar.csv?anio={YEAR}&estado=pendientes").content.decode("utf-8-sig")
    assert "sin reporte" in text
    assert "reported 0" in text
    sheet = openpyxl.load_workbook(io.BytesIO(auditor.get(f"/alertas/exportar.xlsx?anio={YEAR}").content)).worksheets[0]
    assert "Atender trámites" in {str(cell.value) for row in sheet.iter_rows() for cell in row}
    assert auditor.get("/alertas/otra.pdf").status_code == 404
