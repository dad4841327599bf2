"""The history of a unit's year, of the DRE's standing matters, and of one subject."""

import csv
import io
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import msgspec

from service.aggregates import plan as p
from service.aggregates import quarter as q
from service.aggregates import quarter_corrections as corrections
from service.aggregates.plan_alignment import AlignActivity
from service.aggregates.quarter_progress import Entry, RecordProgress
from service.aggregates.unit_year import EVENTS
from service.record import encode
from service.settings import LIMA
from service.web import story
from service.web.history import KINDS
from tests.house import JAUJA, House
from tests.lived import Cycle

HISTORY = f"/ugel/{JAUJA}/2026/historial"


def test_every_fact_is_a_line_with_who_charge_verb_and_number(house: House) -> None:
    """The page shows each fact in words, the newest first, grouped by its day."""
    year = Cycle(house).approved()
    last = year.progress(1, 12).last
    text = house.browser("ugel.especialista").get(HISTORY).text
    assert "Rosa Quispe" in text
    assert "Especialista de UGEL" in text
    assert "registró avance de la tarea 1 «Visitar aulas de primaria», primer trimestre (evidencia: Acta 1)" in text
    assert f"/reproducir/{JAUJA}/2026?hasta={last}" in text
    assert text.index("registró avance") < text.index("aprobó el plan")


def test_filters_by_person_charge_kind_activity_commitment_and_day(house: House) -> None:
    """Each filter narrows the list, and what it hides is not on the page."""
    year = Cycle(house).approved().scored(1, 30, 10)
    year.committed(1)
    browser = house.browser("auditor")
    today = datetime.now(UTC).astimezone(LIMA).date()

    def found(**query: object) -> str:
        return browser.get(HISTORY, params=query).text

    assert "abrió el año" not in found(persona=house.ids["dre.especialista"])
    assert "validó el primer trimestre" in found(persona=house.ids["dre.especialista"])
    assert "aprobó el plan" in found(cargo="director-dre/120000")
    assert "envió el plan" not in found(cargo="director-dre/120000")
    assert "firmó el compromiso 1" in found(tipo="firmas")
    assert "propuso el compromiso" not in found(tipo="firmas")
    assert "agregó la actividad 2" in found(actividad=2)
    assert "agregó la actividad 1" not in found(actividad=2)
    assert "propuso el compromiso 1" in found(compromiso=1)
    assert "Ningún hecho coincide" in found(hasta_el=today - timedelta(days=1))
    assert "abrió el año" in found(desde=today, hasta_el=today)


def test_pages_lead_through_every_fact_once(house: House) -> None:
    """Following «Siguiente» shows every fact once, and «Anterior» leads back."""
    year = Cycle(house).approved()
    for figure in range(1, 110):
        year.progress(1, Decimal(figure) / 4)
    browser, address, seen, pages = house.browser("auditor"), HISTORY, list[str](), 0
    while address:
        text = browser.get(address).text
        seen += [part.split('"')[0] for part in text.split('<li class="q-line" id="hecho-')[1:]]
        last_address, address = address, _link(text, "next")
        pages += 1
    assert pages == 3, "this story needs several pages"
    assert len(seen) == len(set(seen)) == len(list(house.ledger.facts(year.stream)))
    back = browser.get(_link(browser.get(last_address).text, "prev")).text
    assert f'id="hecho-{seen[50]}"' in back


def _link(text: str, rel: str) -> str:
    found = text.split(f'rel="{rel}" href="')[1:]
    return found[0].split('"')[0].replace("&amp;", "&") if found else ""


def test_as_of_a_moment_nothing_later_is_shown(house: House) -> None:
    """At a past moment the page is what it was then."""
    year = Cycle(house).approved()
    then = year.progress(1, 12).last
    browser, past = house.browser("auditor"), f"{HISTORY}?hasta={then}"
    before = browser.get(past, headers={"hx-request": "true"}).text
    year.closed(1)
    assert browser.get(past, headers={"hx-request": "true"}).text == before
    assert "calificó" not in before
    assert "calificó" in browser.get(HISTORY).text
    assert "Está viendo el estado" in browser.get(past).text


def test_late_and_corrected_facts_are_marked(house: House) -> None:
    """A fact recorded after the day it happened says so; a figure that was corrected stays, marked."""
    year = Cycle(house).approved()
    year.progress(1, 20, 30, on=date(2026, 3, 31))
    year.progress(1, 21)
    year.sent(1)
    year.do("dre.especialista", q.ValidateQuarter(quarter=1))
    wrong = corrections.RequestCorrection(quarter=1, task=1, executed=Decimal(25), reason="Faltó un acta.")
    year.do("ugel.especialista", wrong)
    browser = house.browser("auditor")
    assert "Rectificado después" not in browser.get(HISTORY).text
    year.do("dre.especialista", corrections.ApproveCorrection(correction=1))
    text = browser.get(HISTORY).text
    assert text.count("Ocurrió el 31\xa0mar\xa02026") == 2
    assert text.count("Rectificado después") == 1
    assert "«Faltó un acta.»" in text


def test_standing_matters_have_their_own_history(house: House) -> None:
    """Units, charges and rules are facts too, with their own kinds to filter by."""
    browser = house.browser("admin")
    text = browser.get("/dre/historial").text
    assert "registró la unidad 120005: UGEL Jauja" in text
    assert "asignó el cargo Especialista de UGEL en UGEL Jauja desde el 1\xa0ene\xa02020, a Rosa Quispe" in text
    assert "registró la unidad" not in browser.get("/dre/historial?tipo=cargos").text


def test_only_auditors_are_offered_the_stored_bytes(house: House) -> None:
    """The link to the raw fact is on the auditor's page only."""
    Cycle(house).drafted()
    assert "Bytes registrados" in house.browser("auditor").get(HISTORY).text
    assert "Bytes registrados" not in house.browser("ugel.director").get(HISTORY).text


def test_all_facts_of_a_filter_as_a_table(house: House) -> None:
    """The CSV holds every fact the filters let through, the first one first, with its figure and reason and nothing that computes."""
    year = Cycle(house).approved()
    year.progress(1, Decimal("12.50"))
    entry = Entry(task=1, executed=Decimal(13), evidence="Acta 2")
    year.do("ugel.especialista", RecordProgress(quarter=1, activity=1, entries=(entry,), reason="=1+1"))
    browser = house.browser("ugel.especialista")
    assert "Descargar" in browser.get(HISTORY).text
    answer = browser.get(f"{HISTORY}?formato=csv&actividad=1&tipo=avance")
    assert answer.headers["content-disposition"].endswith(f'historial-{JAUJA}-2026-hecho-{year.position}.csv"')
    first, second = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert (first["Cifra"], first["Motivo"], first["Trimestre"], first["Tarea"]) == ("12.50", "", "1", "1")
    assert (second["Cifra"], second["Motivo"], second["Hecho n.º"]) == ("13", "'=1+1", str(year.position))
    assert (first["Persona"], first["Cargo"]) == ("Rosa Quispe", "Especialista de UGEL")
    assert first["Tipo de hecho"] == "Registro de avance"
    assert first["Registrado"].startswith(datetime.now(UTC).astimezone(LIMA).strftime("%Y-%m-%d"))
    then = list(csv.reader(io.StringIO(browser.get(f"{HISTORY}?formato=csv&hasta={year.position - 1}").text)))
    assert len(then) == len(list(house.ledger.facts(year.stream))), "the heading, and all facts but the last one"


def test_stored_bytes_of_a_filter_for_auditors(house: House) -> None:
    """A line of JSONL is a fact's place and its exact bytes; nobody but auditors gets them, and the reading is noted."""
    year = Cycle(house).approved()
    facts = list(house.ledger.facts(year.stream))
    browser = house.browser("auditor")
    lines = browser.get(f"{HISTORY}?formato=jsonl").content.splitlines()
    assert [msgspec.json.decode(line)["position"] for line in lines] == [fact.position for fact in facts]
    assert lines[0].endswith(b'"version":1,"fact":' + encode(facts[0].fact) + b"}")
    with house.app.state.database.connection() as connection:
        noted = connection.execute("select count(*) from people.access_log where what like 'exportó%formato=jsonl'").fetchone()
    assert noted == (1,)
    refused = house.browser("ugel.director").get(f"{HISTORY}?formato=jsonl")
    assert refused.status_code == 403
    assert "son para auditores" in refused.text
    assert browser.get(f"{HISTORY}?formato=pdf").status_code == 422


def test_unknown_units_and_senseless_filters(house: House) -> None:
    """A unit that does not exist is 404; a filter that makes no sense is 422 with a sentence."""
    browser = house.browser("auditor")
    assert browser.get("/ugel/120013/2026/historial").status_code == 404
    assert browser.get(HISTORY).status_code == 200
    for query, words in (("actividad=x", "debe ser un número"), ("desde=ayer", "no es una fecha"), ("tipo=otro", "no existe")):
        answer = browser.get(f"{HISTORY}?{query}")
        assert answer.status_code == 422
        assert words in answer.text


def test_the_story_of_one_subject(house: House) -> None:
    """A page may show the facts of its own activity, commitment, quarter or alert."""
    year = Cycle(house).approved().scored(1, 30, 10)
    year.committed(1)
    with house.app.state.database.snapshot() as connection:

        def texts(**subject: int) -> list[str]:
            days = story.story(connection, 10**6, year.stream, **subject)
            return [entry.text for each in days for entry in each.entries]

        assert [text.partition(" ")[0] for text in texts(commitment=1)] == ["firmó", "firmó", "propuso"]
        assert all("primer trimestre" in text or "hallazgo" in text for text in texts(quarter=1))
        assert len(texts(activity=2)) == 4
        assert len(texts(alert=1)) == 1


def test_things_are_called_what_they_were_called_then(house: House) -> None:
    """A fact names its activity as it was at that moment, also after a change of name."""
    year = Cycle(house).drafted()
    year.do("ugel.especialista", AlignActivity(activity=1, objectives=("ON1", "ON2")))
    year.do("ugel.especialista", p.ChangeActivity(activity=1, line="M1", name="Acompañar en el aula", area="AGP"))
    year.do("ugel.especialista", AlignActivity(activity=1, objectives=("ON2",)))
    text = house.browser("auditor").get(HISTORY).text
    assert "alineó la actividad 1 «Visitar aulas»" in text
    assert "alineó la actividad 1 «Acompañar en el aula»" in text


def test_every_fact_of_a_year_can_be_filtered_by_its_kind() -> None:
    """No kind of fact falls out of the filters, whichever file its event lives in."""
    assert EVENTS, "there must be events for this test to mean anything"
    offered = {name for _, tags in KINDS.values() for name in tags}
    assert offered == {str(kind.__struct_config__.tag) for kind in EVENTS}
