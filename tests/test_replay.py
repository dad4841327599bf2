"""Reproducir: each step, the state then, two moments in words, the stored bytes."""

import hashlib
import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from service.aggregates import quarter as q
from service.aggregates.quarter_progress import Entry, RecordProgress
from service.ledger import STANDING
from service.projections import catalogue, compare, history, keys, receipt, standing
from service.projections.rooms import TABLES
from service.record import encode
from service.web.differences import SAYINGS
from tests.house import JAUJA, House
from tests.lived import Cycle

REPLAY = f"/reproducir/{JAUJA}/2026"
PART = {"hx-request": "true"}


def words(text: str) -> str:
    """What a page says, without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def test_each_step_says_who_when_as_what_and_why(house: House) -> None:
    """The step's ordinal in the stream, the fact in words with its charge, both dates and the reason."""
    year = Cycle(house).approved()
    entry = Entry(task=1, executed=Decimal(50), evidence="Acta")
    late = RecordProgress(quarter=1, activity=1, entries=(entry,), reason="Se sumó el apoyo de la red.")
    fact = year.do("ugel.especialista", late, on=date(2026, 3, 31)).facts[0]
    year.progress(1, 30, 30)
    text = house.browser("ugel.director").get(f"{REPLAY}?hasta={fact.position}").text
    said = words(text)
    assert f"Hecho {fact.version} de {fact.version + 2}" in said
    assert "Rosa Quispe registró avance de la tarea 1 «Visitar aulas de primaria», primer trimestre" in said
    assert "Especialista de UGEL" in said
    assert "31\xa0mar\xa02026 Registrado después" in text.replace('<span class="q-state q-state-wait">', "").replace(
        "</time>", ""
    )
    assert "«Se sumó el apoyo de la red.»" in said
    spoken = re.search(r'aria-valuetext="([^"]+)"', text)
    assert spoken
    assert re.fullmatch(
        rf"Hecho {fact.version} de {fact.version + 2}: \d+ \w+ \d{{4}}, \d\d:\d\d, Rosa Quispe registró avance .*", spoken[1]
    )


def test_steps_lead_to_their_neighbours_and_the_ends_have_one(house: House) -> None:
    """«Anterior» and «Siguiente» walk the stream; without any moment the last fact is shown."""
    year = Cycle(house).approved()
    positions = [recorded.position for recorded in house.ledger.facts(year.stream)]
    browser = house.browser("auditor")
    first, last = browser.get(f"{REPLAY}?hasta={positions[0]}").text, browser.get(REPLAY).text
    assert 'id="anterior"' not in first
    assert f'href="{REPLAY}?hasta={positions[1]}"' in first
    assert f'href="{REPLAY}?hasta={positions[-2]}"' in last
    assert 'id="siguiente"' not in last
    assert f"Hecho {len(positions)} de {len(positions)}" in words(last)


def test_the_slider_works_with_and_without_scripts(house: House) -> None:
    """Its form leads to the fact's own address; htmx gets the part, the address to push, and the banner."""
    year = Cycle(house).approved()
    third = list(house.ledger.facts(year.stream))[2].position
    browser = house.browser("auditor")
    sent = browser.get(f"{REPLAY}?paso=3")
    assert (sent.status_code, sent.headers["location"]) == (303, f"{REPLAY}?hasta={third}")
    part = browser.get(f"{REPLAY}?paso=3", headers=PART)
    assert part.headers["hx-push-url"] == f"{REPLAY}?hasta={third}"
    assert "<html" not in part.text
    assert 'data-slider="paso" data-value="3"' in part.text
    assert 'hx-swap-oob="true"' in part.text
    for wrong in ("0", "x", "999", "1.5"):
        assert browser.get(f"{REPLAY}?paso={wrong}").status_code == 422
    assert browser.get(f"{REPLAY}?hasta=999999").status_code == 422


def test_a_day_leads_to_its_last_fact_or_to_none(house: House) -> None:
    """The end of today is the last fact; before the year was opened there is nothing to show, and it says so."""
    Cycle(house).approved()
    browser, today = house.browser("auditor"), datetime.now(UTC).date() + timedelta(days=1)
    assert "aprobó el plan" in words(browser.get(f"{REPLAY}?al={today}").text)
    assert "Todavía no hay hechos a esa fecha" in browser.get(f"{REPLAY}?al=2025-01-01").text
    assert "Todavía no hay hechos" in browser.get(f"/reproducir/{JAUJA}/2030").text
    assert browser.get("/reproducir/120013/2026").status_code == 404


def test_the_state_at_a_step_does_not_change_with_what_follows(house: House) -> None:
    """A step shows the same before and after later facts, but for how many there are."""
    year = Cycle(house).approved()
    then = year.progress(1, 12).last
    browser = house.browser("auditor")
    seen = browser.get(f"{REPLAY}?hasta={then}&comparar={then - 3}", headers=PART).text
    year.closed(1)
    year.committed(1)
    after = browser.get(f"{REPLAY}?hasta={then}&comparar={then - 3}", headers=PART).text

    def state(text: str) -> str:
        return text[text.index('id="diferencias"') : text.index('<aside aria-label="El hecho"')]

    assert state(after) == state(seen)
    assert "En borrador" in state(seen)


def test_two_moments_in_words(house: House) -> None:
    """From the earlier to the later, whichever is shown: figures, states, signatures, nothing where nothing changed."""
    year = Cycle(house).approved()
    start = year.progress(1, 12, 30).last
    year.progress(1, 25)
    year.sent(1)
    year.do("dre.especialista", q.ValidateQuarter(quarter=1))
    scored = year.do("dre.especialista", q.ScoreQuarter(quarter=1)).last
    year.committed(1)
    browser = house.browser("ugel.director")
    said = words(browser.get(f"{REPLAY}?hasta={start}&comparar={scored}").text)
    assert "«Visitar aulas de primaria», I trimestre, avance antes 12 → después 25" in said
    assert "estado antes Sin enviar → después Calificado" in said
    assert "Compromiso 1" not in said[: said.index("Cómo estaba todo")]
    back = words(browser.get(f"{REPLAY}?hasta={scored}&comparar={start}").text)
    assert "avance antes 12 → después 25" in back
    assert "Qué cambió hasta este momento desde" in back
    today = words(browser.get(f"{REPLAY}?hasta={start}&comparar=hoy").text)
    assert "compromiso 1, Director(a) de UGEL antes falta → después Firmado" in today
    assert "Nada cambió" in browser.get(f"{REPLAY}?comparar=hoy").text
    assert browser.get(f"{REPLAY}?hasta={start}&comparar=ayer").status_code == 422
    assert browser.get(f"{REPLAY}?hasta={start}&comparar=01/01/2020").status_code == 200


def test_every_table_that_can_differ_has_its_words() -> None:
    """No read table of a unit's year is left out of a comparison, and each has its sentences; a mention is part of its comment."""
    compared = {table.name for table in compare.TABLES}
    elsewhere = {table.name for room in (standing, catalogue, history, keys, receipt) for table in room.TABLES} | {"mention"}
    assert compared == {table.name for table in TABLES} - elsewhere == set(SAYINGS)


def test_only_auditors_get_the_stored_bytes_exactly(house: House) -> None:
    """The bytes are those of the record, with their SHA-256; the reading is noted; others are refused with a sentence."""
    year = Cycle(house).approved()
    recorded = list(house.ledger.facts(year.stream))[-1]
    auditor, address = house.browser("auditor"), f"{REPLAY}/hecho/{recorded.position}.json"
    answer = auditor.get(address)
    assert answer.status_code == 200
    assert answer.content == encode(recorded.fact)
    assert answer.headers["x-quipu-sha256"] == hashlib.sha256(answer.content).hexdigest()
    page = auditor.get(REPLAY).text
    assert answer.headers["x-quipu-sha256"] in page
    assert recorded.fact.salt in page
    director = house.browser("ugel.director")
    assert recorded.fact.salt not in director.get(REPLAY).text
    refused = director.get(address)
    assert refused.status_code == 403
    assert "auditores" in refused.text
    for wrong in ("1.json", "x.json", f"{recorded.position}", "99999999999999999999.json"):
        assert auditor.get(f"{REPLAY}/hecho/{wrong}").status_code == 404
    standing = list(house.ledger.facts(STANDING))[0]  # noqa: RUF015
    assert auditor.get(f"/dre/historial/hecho/{standing.position}.json").content == encode(standing.fact)
    with house.app.state.database.connection() as connection:
        noted: list[Any] = connection.execute("select what from people.access_log order by id").fetchall()
    assert (f"leyó los bytes del hecho n.º {recorded.position}",) in noted
