"""The quarter's way through the pages: rows observed, what changed since, days late, reopening and its end."""

import re
from datetime import date, timedelta
from decimal import Decimal

from service.aggregates import quarter as q
from service.aggregates import quarter_reopening as r
from service.aggregates.catalogue import PublishScale
from service.aggregates.evidence import AttachEvidence
from service.aggregates.quarter_corrections import ApproveCorrection, RequestCorrection
from service.aggregates.quarter_progress import Entry, RecordProgress
from service.ledger import STANDING
from tests.first_quarter import PLACE, STREAM, YEAR, live, today
from tests.house import Browser, House
from tests.test_quarter_page import T1


def close(house: House) -> None:
    """The first quarter, scored and closed."""
    live(house, "scored")
    house.do("dre.director", STREAM, q.CloseQuarter(quarter=1))


def reopen(until: date) -> r.ReopenQuarter:
    """Open it again for the first task."""
    return r.ReopenQuarter(quarter=1, tasks=(1,), until=until, reason="Llegó un acta omitida.")


def test_several_rows_are_observed_each_with_its_words(house: House) -> None:
    """One form; the words stand in the row they are about, and the reviewer sees what changed since."""
    live(house, "submitted")
    dre, ugel = house.browser("dre.especialista"), house.browser("ugel.director")
    form = {
        "task": "0",
        "text": "Dos filas por corregir.",
        "rows-0-task": "1",
        "rows-0-text": "Son 6 visitas.",
        "rows-1-task": "2",
    }
    assert dre.post(f"{T1}/observacion", form).status_code == 303
    page = ugel.get(T1).text
    row = re.search(r'<tr id="tarea-1">.*?</tr>', page, re.DOTALL)
    assert row
    assert "Son 6 visitas." in row[0]
    assert "Desde la observación" not in page
    entry = Entry(task=1, executed=Decimal(6), evidence="Acta 1")
    house.do("ugel.especialista", STREAM, RecordProgress(quarter=1, entries=(entry,)))
    assert ugel.post(f"{T1}/envio", {"reason": "Corregido."}).status_code == 303
    again = dre.get(T1).text
    assert "Reenviado" in again
    assert "Cambió desde la observación" in again
    changed = re.search(r'<tr id="tarea-1">.*?</tr>', again, re.DOTALL)
    assert changed
    assert "Desde la observación" in changed[0]
    assert again.count("Desde la observación") == 1


def test_as_many_rows_as_wanted_are_observed(house: House) -> None:
    """The form grows without losing what was typed and without recording; later, further rows join the observed quarter."""
    live(house, "submitted")
    dre, before = house.browser("dre.especialista"), house.ledger.memo(STREAM).position
    assert "Agregar filas" not in dre.get(T1).text, "four tasks have their four rows"
    typed = {"task": "0", "text": "Tres filas.", "filas": "8"} | {f"rows-{n}-task": str(n + 1) for n in range(4)}
    grown = dre.post(f"{T1}/observacion", typed | {"rows-0-text": "Son 6 visitas."})
    assert (grown.status_code, house.ledger.memo(STREAM).position) == (200, before)
    assert ">Son 6 visitas.</textarea>" in grown.text
    assert ">Tres filas.</textarea>" in grown.text
    del typed["filas"]
    assert dre.post(f"{T1}/observacion", typed | {f"rows-{n}-text": f"Motivo {n + 1}." for n in range(4)}).status_code == 303
    more = dre.get(T1).text
    assert "Agregar observación" in more
    assert "La unidad debe corregir lo observado" in more
    assert dre.post(f"{T1}/observacion", {"task": "2", "text": "Y la firma."}).status_code == 303
    page = house.browser("ugel.especialista").get(T1).text
    for words in ("«Motivo 1.»", "«Y la firma.»", "«Motivo 3.»", "«Motivo 4.»", "«Tres filas.»"):
        assert words in page


def test_files_and_months_that_changed_are_seen_too(house: House) -> None:
    """A new file, one that took another's place, and months moved within the same total: each in its row, and no other row."""
    live(house, "reported")
    months = (Decimal(1), Decimal(2), Decimal(2))
    house.do(
        "ugel.especialista",
        STREAM,
        RecordProgress(quarter=1, entries=(Entry(task=1, executed=Decimal(5), evidence="Acta 1", months=months),)),
    )
    house.do("ugel.especialista", STREAM, AttachEvidence(quarter=1, task=2, reference="SGD 1"))
    house.do("ugel.director", STREAM, q.SubmitQuarter(quarter=1, reason="Falta lo demás."))
    house.do("dre.especialista", STREAM, q.ObserveQuarter(quarter=1, text="Revise los meses y el acta."))
    moved = (Decimal(2), Decimal(2), Decimal(1))
    house.do(
        "ugel.especialista",
        STREAM,
        RecordProgress(quarter=1, entries=(Entry(task=1, executed=Decimal(5), evidence="Acta 1", months=moved),)),
    )
    house.do("ugel.especialista", STREAM, AttachEvidence(quarter=1, task=2, reference="SGD 2", replaces=1))
    house.do("ugel.especialista", STREAM, AttachEvidence(quarter=1, task=3, reference="SGD 3"))
    house.do("ugel.director", STREAM, q.SubmitQuarter(quarter=1, reason="Corregido."))
    page = house.browser("dre.especialista").get(T1).text
    assert page.count("Desde la observación") == 3
    rows = {n: re.sub(r"<[^>]+>", "", re.search(rf'<tr id="tarea-{n}">.*?</tr>', page, re.DOTALL)[0]) for n in range(1, 5)}  # type: ignore[index]  # each row is there
    assert "meses antes 1 + 2 + 2 → después 2 + 2 + 1" in " ".join(rows[1].split())
    assert "evidencia reemplazada «SGD 2»" in rows[2]
    assert "evidencia nueva «SGD 3»" in rows[3]
    assert "SGD 1" not in page.partition("</table>")[0]
    assert "Desde la observación" not in rows[4]
    for task in (1, 2, 3):
        assert page.count(f'href="#tarea-{task}"') >= 1


def test_a_doubt_is_said_where_the_quarter_is_sent_and_shown_to_the_reviewer(house: House) -> None:
    """The form asks for the reason; whoever validates reads it."""
    live(house, "reported")
    ugel = house.browser("ugel.director")
    assert "1\u00a0aviso sin motivo en su fila" in ugel.get(T1).text or "1 aviso sin motivo" in ugel.get(T1).text
    refused = ugel.post(f"{T1}/envio")
    assert refused.status_code == 409
    ugel.post(f"{T1}/envio", {"reason": "El acta está en firma; mesa de partes no reportó."})
    assert "El acta está en firma" in house.browser("dre.especialista").get(T1).text


def steps_of(text: str) -> str:
    """The part of the quarter's page that offers its steps."""
    return text.partition('id="pasos"')[2].partition("</section>")[0]


def test_a_director_of_the_dre_reopens_for_some_rows_until_a_day(house: House) -> None:
    """The page asks for rows, day and reason, says what it means, and the board shows the quarter as no longer closed."""
    close(house)
    boss, other = house.browser("dre.director"), house.browser("dre.especialista")
    assert f'action="{T1}/reapertura"' in boss.get(T1).text
    assert f'action="{T1}/reapertura"' not in other.get(T1).text
    assert other.post(f"{T1}/reapertura", {"tasks": "1"}).status_code == 403
    wrong = boss.post(f"{T1}/reapertura", {"until": today().isoformat(), "reason": "Acta omitida"})
    assert wrong.status_code == 409
    assert "Elija al menos una tarea o un indicador" in wrong.text
    sent = boss.post(f"{T1}/reapertura", {"tasks": ["1", "2"], "until": today().isoformat(), "reason": "Acta omitida"})
    assert sent.status_code == 303
    assert '<summary class="btn btn-primary"' not in steps_of(boss.get(T1).text), "closing again leads too soon"
    assert "se rectifica lo señalado" in house.browser("auditor").get(T1).text
    for address in (f"/seguimiento?anio={YEAR}&estado=reopened", PLACE, f"/reproducir/120005/{YEAR}"):
        assert re.search("q-state-attention[^>]*>[^<]*Reabierto", boss.get(address).text), address
    page = house.browser("ugel.especialista").get(T1).text
    for words in ("Reabierto hasta el", "Acta omitida", 'action="/ugel/120005', "rectificaciones"):
        assert words in page
    assert "reabrió el primer trimestre" in boss.get(f"{PLACE}/historial").text
    asked = {"task": "3", "executed": "20", "reason": "-"}
    refused = house.browser("ugel.especialista").post(f"{T1}/rectificaciones", asked)
    assert "La reapertura no incluye esa tarea" in refused.text


def test_who_reopens_or_scores_again_reads_by_which_rules(house: House) -> None:
    """While they are the same it says so; after another scale both are named, where it is opened, corrected and scored."""
    close(house)
    boss, other = house.browser("dre.director"), house.browser("dre.especialista")

    def said(browser: Browser) -> str:
        return " ".join(re.sub(r"<[^>]+>", " ", browser.get(T1).text).split())

    same = "Hoy son las mismas con que se calificó: la escala versión 0 (Cumplido desde 90 %, En proceso desde 70 %)"
    assert same in said(boss)
    house.do("dre.director", STANDING, PublishScale(fulfilled=Decimal(99), in_progress=Decimal(95), label="RD 9"))
    was = "Se calificó con la escala versión 0 (Cumplido desde 90 %, En proceso desde 70 %) y la fórmula «promedio simple»."
    now = "Hoy rigen la escala versión 1 (Cumplido desde 99 %, En proceso desde 95 %) y la fórmula «promedio simple»."
    assert f"{was} {now}" in said(boss)
    house.do("dre.director", STREAM, reopen(today()))
    ask = RequestCorrection(quarter=1, task=1, executed=Decimal(9), reason="Acta omitida", evidence="Acta 9")
    house.do("ugel.especialista", STREAM, ask)
    approving = said(other).partition("Aprobar rectificación")[2]
    assert f"{was} {now}" in approving
    assert "el trimestre se vuelve a calificar" in approving
    house.do("dre.especialista", STREAM, ApproveCorrection(correction=1))
    house.do("dre.director", STREAM, q.CloseQuarter(quarter=1))
    assert "Hoy son las mismas con que se calificó: la escala versión 1" in said(boss)


def test_a_score_that_was_corrected_is_given_again_by_the_rules_of_the_day(house: House) -> None:
    """Not closed yet: the correction takes it back to validated, and the form to score it names both scales."""
    live(house, "scored")
    other = house.browser("dre.especialista")
    house.do("dre.director", STANDING, PublishScale(fulfilled=Decimal(99), in_progress=Decimal(95), label="RD 9"))
    ask = RequestCorrection(quarter=1, task=1, executed=Decimal(9), reason="Acta omitida", evidence="Acta 9")
    house.do("ugel.especialista", STREAM, ask)
    house.do("dre.especialista", STREAM, ApproveCorrection(correction=1))
    form = other.get(T1).text.partition('action="' + T1 + '/calificacion"')[2].partition("</form>")[0]
    assert "Se calificó con la escala versión 0" in form
    assert "Hoy rigen la escala versión 1" in form


def test_a_reopening_that_ended_reads_as_closed(house: House) -> None:
    """From the day after, the page offers no step but to open it again, and a past moment shows what stood then."""
    close(house)
    done = house.do("dre.director", STREAM, reopen(today()))
    with house.app.state.database.connection() as connection:
        table = "read.quarter_now"
        connection.execute(f"update {table} set reopened_until = %s", [today() - timedelta(days=1)])
    page = house.browser("dre.director").get(T1).text
    assert "La reapertura terminó el" in page
    assert "Cerrado" in page
    assert f'action="{T1}/reapertura"' in page
    assert f'action="{T1}/rectificaciones"' not in house.browser("ugel.especialista").get(T1).text
    before = house.browser("auditor").get(f"{T1}?hasta={done.last - 1}").text
    assert "reapertura" not in before.lower()


def test_evidence_is_attached_to_the_rows_that_are_open_again(house: House) -> None:
    """The page of a task in scope offers the form; that of another does not."""
    close(house)
    ugel = house.browser("ugel.especialista")
    address = f"{T1}/evidencias"
    assert "Adjuntar evidencia" not in ugel.get(f"{address}/1").text
    house.do("dre.director", STREAM, reopen(today()))
    assert "Adjuntar evidencia" in ugel.get(f"{address}/1").text
    assert "Adjuntar evidencia" not in ugel.get(f"{address}/2").text
    assert ugel.post(f"{address}/1", {"reference": "SGD 5"}).status_code == 303
    assert ugel.post(f"{address}/2", {"reference": "SGD 5"}).status_code == 409
