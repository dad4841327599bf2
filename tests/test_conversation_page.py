"""Comments, mentions and flags on the pages: who sees what, what is read, what a moment shows."""

import re
from collections.abc import Callable, Iterator

import pytest

from service.aggregates import discussion as d
from tests.conftest import TestDatabase
from tests.first_quarter import PLACE, STREAM, YEAR, approve_plan
from tests.house import House, open_house
from tests.lived import Cycle

ACTIVITY = f"{PLACE}/actividades/1"
SAY, FLAG = f"{ACTIVITY}/comentarios", f"{ACTIVITY}/seguimiento"


@pytest.fixture(scope="module")
def house(make_database: Callable[[str], TestDatabase], _furnished: str) -> Iterator[House]:
    """One house for all of these stories, with an approved plan."""
    with open_house(make_database(_furnished).service_url) as opened:
        approve_plan(opened)
        yield opened


def test_a_comment_stands_on_the_page_with_who_charge_and_number(house: House) -> None:
    """Who said it, in which charge, when, under which number of the record."""
    answer = house.browser("ugel.especialista").post(SAY, {"text": "Falta contratar la movilidad."})
    assert answer.headers["location"] == f"{ACTIVITY}#conversacion"
    text = house.browser("satipo.director").get(ACTIVITY).text
    number = list(house.ledger.facts(STREAM))[-1].fact.event.comment
    said = text.partition(f'id="comentario-{number}"')[2].partition("</li>")[0]
    assert "Rosa Quispe" in said
    assert "Especialista de UGEL" in said
    assert re.search(r"n\.º \d+", said)
    assert "Falta contratar la movilidad." in said
    assert 'name="text"' not in text.partition('id="conversacion"')[2], "another unit's director only reads"


def test_a_mention_is_kept_by_id_and_shown_by_name(house: House) -> None:
    """The record holds the opaque id alone; the page and the history show the name."""
    house.browser("ugel.jefe").post(SAY, {"text": "@dre.especialista y @UGEL.director, ¿lo revisan? Escriba a a@b.pe."})
    event = list(house.ledger.facts(STREAM))[-1].fact.event
    assert event.mentions == (house.ids["dre.especialista"], house.ids["ugel.director"])
    assert "a@b.pe" in event.text
    assert "especialista" not in event.text
    page = house.browser("auditor").get(ACTIVITY).text
    assert '<strong class="q-mention">@Carmen Rojas</strong>' in page
    assert "@Carmen Rojas y @Elena Ñahui" in page.partition("Historial de la actividad")[2]


def test_a_mentioned_person_sees_it_on_inicio_until_it_is_read(house: House) -> None:
    """Read means followed from the list; what is read is nobody else's matter, and is no fact of the record."""
    house.browser("ugel.especialista").post(SAY, {"text": "@ugel.jefe: mire esto."})
    number = list(house.ledger.facts(STREAM))[-1].fact.event.comment
    juan, read = house.browser("ugel.jefe"), f"/menciones/120005/{YEAR}/{number}/lectura"
    home = juan.get("/?parte=menciones").text
    assert f'action="{read}"' in home
    assert "Rosa Quispe" in home
    assert f'action="{read}"' not in house.browser("ugel.director").get("/?parte=menciones").text
    before = len(list(house.ledger.facts(STREAM)))
    assert juan.post(read).headers["location"] == f"{ACTIVITY}#comentario-{number}"
    assert f'action="{read}"' not in juan.get("/?parte=menciones").text
    assert len(list(house.ledger.facts(STREAM))) == before
    assert juan.post(f"/menciones/120005/{YEAR}/999/lectura").status_code == 404


def test_a_mention_of_nobody_is_told_beside_the_text(house: House) -> None:
    """422 with the name that nobody has; the typed text stays, nothing is written."""
    before = len(list(house.ledger.facts(STREAM)))
    answer = house.browser("ugel.jefe").post(SAY, {"text": "@fulano.perez, ¿qué opina?"})
    assert answer.status_code == 422
    assert "Nadie ingresa con el usuario «fulano.perez»" in answer.text
    assert "@fulano.perez, ¿qué opina?</textarea>" in answer.text
    assert len(list(house.ledger.facts(STREAM))) == before
    assert house.browser("ugel.jefe").post(SAY, {"text": "a\u200bb"}).status_code == 422


def test_people_are_offered_by_the_beginning_of_their_names(house: House) -> None:
    """Accents and capitals are forgiven, a usuario serves too; who holds no charge is not offered, strangers are told nothing."""
    rosa = house.browser("ugel.especialista")
    assert [each["usuario"] for each in rosa.get("/personas?q=nah").json()] == ["ugel.director"]
    assert rosa.get("/personas?q=dre.esp").json() == [
        {"usuario": "dre.especialista", "nombre": "Carmen Rojas", "cargo": "Especialista de la DRE"}
    ]
    assert rosa.get("/personas?q=").json() == []
    assert house.browser().get("/personas?q=nah").status_code == 303


def test_a_correction_is_a_new_comment_and_the_first_stays_struck(house: House) -> None:
    """Only the author is offered it; both stand, linked."""
    rosa = house.browser("ugel.especialista")
    rosa.post(SAY, {"text": "Son diez aulas."})
    first = list(house.ledger.facts(STREAM))[-1].fact.event.comment
    place = f"{ACTIVITY}/conversacion?rectificar={first}"
    assert f"Rectificar el comentario {first}" in rosa.get(place).text
    assert f"Rectificar el comentario {first}" not in house.browser("ugel.jefe").get(place).text
    assert house.browser("ugel.jefe").post(SAY, {"text": "x", "corrects": str(first)}).status_code == 409
    assert rosa.post(SAY, {"text": "Son doce aulas.", "corrects": str(first)}).status_code == 303
    page = rosa.get(ACTIVITY).text
    assert f'id="comentario-{first}" class="q-corrected"' in page
    assert "Son diez aulas." in page
    assert "Son doce aulas." in page


def test_what_is_flagged_is_listed_on_inicio_and_on_the_unit_until_it_is_lowered(house: House) -> None:
    """With who and why; another unit does not have it on its Inicio; a past moment shows what stood then."""
    hugo = house.browser("dre.especialista")
    assert hugo.post(FLAG, {"reason": "Dos meses sin avance"}).status_code == 303
    raised = list(house.ledger.facts(STREAM))[-1].position
    assert hugo.post(FLAG, {"reason": "Otra vez"}).status_code == 409
    for usuario, page in (
        ("ugel.jefe", "/?parte=en-seguimiento"),
        ("dre.director", "/?parte=en-seguimiento"),
        ("auditor", PLACE),
    ):
        assert "Dos meses sin avance" in house.browser(usuario).get(page).text, usuario
    assert "Dos meses sin avance" not in house.browser("satipo.director").get("/?parte=en-seguimiento").text
    assert hugo.post(f"{FLAG}/fin", {"reason": "Ya hay contrato"}).status_code == 303
    assert "Dos meses sin avance" not in hugo.get(PLACE).text
    assert "Dos meses sin avance" in hugo.get(f"{PLACE}?hasta={raised}").text
    then = hugo.get(f"{ACTIVITY}/conversacion?hasta={raised}").text
    assert "En seguimiento" in then
    assert 'name="reason"' not in then, "no forms at a past moment"


def test_what_is_said_is_not_the_last_change_of_an_activity(house: House) -> None:
    """The plan's table goes on to show who changed the activity, not who spoke of it."""
    house.do("dre.director", STREAM, d.Comment(text="Bien.", activity=2))
    row = house.browser("auditor").get(PLACE).text.partition("/actividades/2")[2].partition("</tr>")[0]
    assert "Ana Cárdenas" not in row


def test_an_unknown_subject_is_404(house: House) -> None:
    """There is no conversation about what does not exist, nor about a quarter without a score."""
    browser = house.browser("ugel.jefe")
    for place in ("actividades/99", "hallazgos/9", "compromisos/9", "trimestres/2"):
        assert browser.get(f"{PLACE}/{place}/conversacion").status_code == 404, place


def test_a_finding_a_commitment_and_a_score_are_spoken_of_on_their_pages(house_database: TestDatabase) -> None:
    """The same conversation, wherever it stands."""
    with open_house(house_database.service_url) as house:
        year = Cycle(house).approved().scored(1, visits=5)
        commitment = year.committed(1)
        browser, unit = house.browser("ugel.director"), "/ugel/120005/2026"
        pages = {
            f"{unit}/hallazgos/1": f"{unit}/hallazgos/1",
            f"/compromisos/120005-2026-{commitment}": f"{unit}/compromisos/{commitment}",
            f"{unit}/t1": f"{unit}/trimestres/1",
        }
        for page, place in pages.items():
            answer = browser.post(f"{place}/comentarios", {"text": f"Sobre {page}"})
            assert answer.headers["location"] == f"{page}#conversacion"
            assert f"Sobre {page}</p>" in browser.get(page).text
