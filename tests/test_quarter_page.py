import re

import pytest

from service.aggregates import quarter
from tests.first_quarter import PLACE, STREAM, YEAR, live
from tests.house import House

T1 = f"{PLACE}/t1"


def steps(house: House, usuario: str) -> set[str]:
    """The addresses to which a person's page of the quarter can send a form."""
    return set(re.findall(rf'action="{T1}/([^"]+)"', house.browser(usuario).get(T1).text))


def test_the_quarter_shows_lines_activities_tasks_and_warnings(house: House) -> None:
    """Each task has unit, target, figure, percentage, evidence and what there is to warn about."""
    live(house, "reported")
    text = house.browser("ugel.especialista").get(T1).text
    for words in ("Monitoreo pedagógico", "Visitar aulas de secundaria", "Visitas en zona rural", "Acta 1", "50", "75"):
        assert words in text
    assert "Sin evidencia" in text
    assert "Sin dato" in text


@pytest.mark.parametrize(
    ("until", "usuario", "expected"),
    [
        ("reported", "ugel.especialista", set()),
        ("reported", "ugel.director", {"envio"}),
        ("reported", "satipo.director", set()),
        ("submitted", "ugel.director", set()),
        ("submitted", "dre.especialista", {"validacion", "observacion"}),
        ("validated", "ugel.especialista", {"rectificaciones"}),
        ("validated", "dre.especialista", {"calificacion"}),
        ("scored", "dre.especialista", set()),
        ("scored", "dre.director", {"cierre"}),
        ("scored", "auditor", set()),
    ],
)
def test_each_reader_sees_the_steps_that_are_theirs(house: House, until: str, usuario: str, expected: set[str]) -> None:
    """A form is shown only to who may send it in this state."""
    live(house, until)
    assert steps(house, usuario) == expected


def test_what_is_still_being_written_has_no_light(house: House) -> None:
    """In the middle of a quarter nothing is at risk yet: its activities have a percentage and no light until they are sent."""
    live(house, "reported")
    reader, light = house.browser("auditor"), re.compile(r"q-light-compact.{0,80}(En riesgo|En proceso|Cumplido)", re.DOTALL)
    rows = reader.get(T1).text.partition("<table")[2]
    assert "75,00" in rows
    assert not light.search(rows)
    house.do("ugel.director", STREAM, quarter.SubmitQuarter(quarter=1, reason="Mesa de partes no reportó."))
    assert light.search(reader.get(T1).text.partition("<table")[2])


def test_sending_without_all_figures_needs_the_reason(house: House) -> None:
    """The refusal says which tasks lack a figure, and what was typed stays."""
    live(house, "reported")
    director = house.browser("ugel.director")
    refused = director.post(f"{T1}/envio", {"reason": " "})
    assert refused.status_code == 409
    assert "Tarea 4: Expedientes atendidos" in refused.text
    sent = director.post(f"{T1}/envio", {"reason": "Mesa de partes no reportó."})
    assert (sent.status_code, sent.headers["location"]) == (303, T1)
    assert "Mesa de partes no reportó." in director.get(T1).text


def test_the_whole_quarter_can_be_walked(house: House) -> None:
    """Observed, sent again, validated, scored and closed, each by who may; the page says so each time."""
    live(house, "submitted")
    dre, ugel, boss = (house.browser(name) for name in ("dre.especialista", "ugel.director", "dre.director"))
    assert dre.post(f"{T1}/observacion", {"task": "2", "text": "El acta no lleva firma."}).status_code == 303

    def row(usuario: str, address: str) -> str:
        return house.browser(usuario).get(address).text.partition('id="tarea-2"')[2].partition("</tr>")[0]

    for address in (T1, f"{T1}/avance"):
        assert "«El acta no lleva firma.»" in row("ugel.especialista", address)
    assert ugel.post(f"{T1}/envio", {"reason": "Igual que antes."}).status_code == 303
    assert "«El acta no lleva firma.»" in row("dre.especialista", T1), "who reviews sees what had been observed"
    for person, noun in ((dre, "validacion"), (dre, "calificacion"), (boss, "cierre")):
        assert person.post(f"{T1}/{noun}").status_code == 303
    assert "Cerrado" in ugel.get(T1).text
    assert boss.post(f"{T1}/cierre").status_code == 409


def test_an_observation_without_words_comes_back_beside_its_field(house: House) -> None:
    """422, nothing recorded, the form open with its sentence."""
    live(house, "submitted")
    answer = house.browser("dre.especialista").post(f"{T1}/observacion", {"task": "2", "text": ""})
    assert answer.status_code == 422
    assert 'id="observacion-text-error"' in answer.text
    assert '<option value="2" selected>' in answer.text


def test_a_correction_keeps_the_first_figure_struck_through(house: House) -> None:
    """Asked by the unit, approved by another person: the original stays with the reason."""
    live(house, "validated")
    ugel, dre = house.browser("ugel.especialista"), house.browser("dre.especialista")
    asked = {"task": "1", "executed": "6,5", "reason": "El acta 1 contaba una visita de menos."}
    assert ugel.post(f"{T1}/rectificaciones", asked).status_code == 303
    assert dre.post(f"{T1}/calificacion").status_code == 409
    assert "Hay 1 rectificación por resolver." in ugel.get(T1).text.replace("\u00a0", " ")
    asked_of = dre.get(T1).text
    assert "rectificaciones/1/aprobacion" in asked_of
    assert re.search(r"</ins></span> \([^)]+\)</p>", asked_of), "the unit of measure stands apart from the figures"
    assert "se vuelve a calificar" not in asked_of, "it was not scored yet"
    assert ugel.post(f"{T1}/rectificaciones/1/aprobacion").status_code == 403
    assert dre.post(f"{T1}/rectificaciones/1/rechazo", {"reason": ""}).status_code == 422
    assert dre.post(f"{T1}/rectificaciones/1/aprobacion").status_code == 303
    text = ugel.get(T1).text
    assert re.search(r"<del>.*5</del> 6,5", text)
    assert "El acta 1 contaba una visita de menos." in text


def test_the_score_is_explained_so_that_a_hand_finds_the_same(house: House) -> None:
    """Activities 75, 100 and 0 make 58,33: with formula, scale, inputs and the number of the fact."""
    live(house, "scored")
    text = house.browser("auditor").get(f"{T1}/calificacion").text
    for words in ("58,33", "Promedio simple", "175 ÷ 3", "escala de ejemplo", "n.º"):
        assert words in text.replace("\u00a0", " ")


def test_another_units_person_is_refused_and_an_unknown_unit_is_not_found(house: House) -> None:
    """403 for a neighbour, 404 for an address that names nothing."""
    live(house, "reported")
    neighbour = house.browser("satipo.director")
    assert neighbour.get(T1).status_code == 200
    assert neighbour.post(f"{T1}/envio", {"reason": "x"}).status_code == 403
    assert neighbour.get(f"/ugel/129999/{YEAR}/t1").status_code == 404
    assert neighbour.get(f"{PLACE}/t5").status_code == 404
    assert neighbour.post(f"/ugel/129999/{YEAR}/t1/envio").status_code == 404


def test_the_same_form_twice_is_one_change(house: House) -> None:
    """A double click sends the same command id: one submission stands."""
    live(house, "reported")
    director = house.browser("ugel.director")
    form = {"reason": "No hay dato.", "command_id": "doble-clic"}
    assert [director.post(f"{T1}/envio", form).status_code for _ in range(2)] == [303, 303]
    facts = [r for r in house.ledger.facts(STREAM) if isinstance(r.fact.event, quarter.QuarterSubmitted)]
    assert len(facts) == 1


def test_a_past_moment_shows_what_stood_then_and_no_forms(house: House) -> None:
    """The page read at a position equals the page read then; its links stay in that moment."""
    live(house, "reported")
    auditor = house.browser("auditor")
    now = auditor.get(T1).text
    position = max(r.position for r in house.ledger.facts(STREAM))
    house.do("ugel.director", STREAM, quarter.SubmitQuarter(quarter=1, reason="Falta un dato."))
    house.do("dre.especialista", STREAM, quarter.ValidateQuarter(quarter=1))
    then = house.browser("dre.especialista").get(f"{T1}?hasta={position}").text
    assert "Está viendo el estado al" in then
    assert f'action="{T1}/' not in then
    assert f"{PLACE}/alertas?hasta={position}" in then
    table = re.compile(r"<tbody>.*</tbody>", re.DOTALL)
    plain = table.search(then)[0].replace(f"?hasta={position}&amp;", "?").replace(f"?hasta={position}", "")  # type: ignore[index]  # found above
    assert plain == table.search(now)[0]  # type: ignore[index]
    assert "Enviado" not in then


def test_htmx_gets_only_the_part(house: House) -> None:
    """A live update fetches the part, not the frame."""
    live(house, "reported")
    text = house.browser("auditor").get(T1, headers={"hx-request": "true"}).text
    assert '<div id="trimestre"' in text
    assert "<html" not in text


def test_a_filter_leaves_only_what_it_names(house: House) -> None:
    """Filtering by light shows those activities only."""
    live(house, "reported")
    text = house.browser("auditor").get(f"{T1}?ver=no-data").text
    assert "Atender trámites" in text
    assert "Distribuir material educativo" not in text
