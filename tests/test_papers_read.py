"""What a paper says, read back from its PDF: words broken as in Spanish, numbered pages, heads that repeat, a whole acta, its QR."""

import io
import re
from pathlib import Path

import pytest
import segno
from pypdf import PdfReader

from service import papers
from service.aggregates.receipt import code_of_acta, grouped
from service.aggregates.session_agenda import AgendaItemTakenUp
from service.ledger import stream_of
from service.papers import code
from service.settings import Settings
from service.web.paper import headed
from service.web.words import numero
from tests.house import JAUJA, House
from tests.lived import Cycle
from tests.test_papers import AT, PAPERS, data
from tests.test_session_page import YEAR, agreed
from tests.test_session_page import house as _house

house = _house

SYLLABLES = [
    "La",
    "in-cor-po-ra-ción",
    "ins-ti-tu-cio-nal",
    "de",
    "res-pon-sa-bi-li-da-des",
    "in-ter-dis-ci-pli-na-rias",
    "per-ma-nen-tes",
    "con-tri-bu-ye",
    "sig-ni-fi-ca-ti-va-men-te",
    "al",
    "for-ta-le-ci-mien-to",
    "me-to-do-ló-gi-co.",
]


def pages(content: bytes) -> list[str]:
    """What each page of a PDF says; spaces that do not break are spaces."""
    return [page.extract_text().replace("\xa0", " ").replace("\u202f", " ") for page in PdfReader(io.BytesIO(content)).pages]


def test_words_are_broken_between_lines_as_in_spanish() -> None:
    """At the end of a syllable, never inside one."""
    words = " ".join(SYLLABLES).replace("-", "") + " "
    text = "\n".join(pages(papers.typeset("acta", data() | {"parts": [["Apertura", words * 12]]}, AT)))
    broken = re.findall(r"(\w+)\xad ?\n(\w+)", text)
    assert len(broken) > 2
    allowed = {
        ("".join(parts[:cut]), "".join(parts[cut:]))
        for parts in (each.strip(".").split("-") for each in SYLLABLES)
        for cut in range(1, len(parts))
    }
    assert set(broken) - allowed == set()


@pytest.mark.parametrize(("template", "table", "head"), [("balance", "tables", "N.º Hallazgo"), ("acta", "items", "N.º Punto")])
def test_a_long_paper_numbers_its_pages_and_repeats_the_head_of_its_table(template: str, table: str, head: str) -> None:
    """Each page says its number and how many there are; a table that goes on has its head again, above its rows."""
    made = PAPERS[template]("Se revisó.") if template in PAPERS else data(people=1)
    row = {
        "number": "1",
        "title": "Se revisó.",
        "result": "",
        "fulfilled": "",
        "alerts": "",
        "knots": "",
        "position": "1",
        "note": "",
    }
    if table == "items":
        made["items"] = [row] * 120
    else:
        made["tables"] = [made["tables"][0] | {"rows": [[str(n), "Faltan visitas."] for n in range(120)]}]
    told = pages(papers.typeset(template, made, AT))
    assert len(told) > 2
    for number, text in enumerate(told, start=1):
        assert text.rstrip().endswith(f"Hecho n.º 12 Página {number} de {len(told)}")
    assert told[0].count(head) == told[1].count(head) == 1


def drawn(svg: str) -> set[tuple[int, int]]:
    """The dark squares of a drawing, by row and column within its border."""
    found, x, y = set[tuple[int, int]](), 0.0, 0.0
    for step, words in re.findall(r"([Mmh])([-\d. ]+)", svg.partition(' d="')[2].partition('"')[0]):
        numbers = [float(each) for each in words.split()]
        if step == "h":
            found |= {(int(y) - 2, int(x) - 2 + n) for n in range(int(numbers[0]))}
            x += numbers[0]
        else:
            x, y = (numbers[0], numbers[1]) if step == "M" else (x + numbers[0], y + numbers[1])
    return found


def test_the_qr_of_a_paper_is_that_of_the_address_of_its_code() -> None:
    """Square by square what segno makes of the address that stands beside it."""
    head = headed(Settings(data=Path(), address="https://quipu.test"), "Acta", "", (12, AT), demo=False, letters="ABCD-EFGH")
    assert head["check"] == "https://quipu.test/verificar/ABCD-EFGH"
    made = segno.make(head["check"], error="m", micro=False).matrix
    assert drawn(head["qr"]) == {(y, x) for y, row in enumerate(made) for x, dark in enumerate(row) if dark}
    assert code.qr("https://quipu.test/verificar/ABCD-EFGI") != head["qr"]


def test_the_acta_says_who_came_what_was_decided_and_on_what_figures(house: House) -> None:
    """Attendance, the figures frozen when an item was taken up, each vote, a place for each to sign, its fact and its code."""
    at, stream = agreed(house), stream_of(JAUJA, YEAR)
    taken = next(each.fact.event for each in house.ledger.facts(stream) if isinstance(each.fact.event, AgendaItemTakenUp))
    assert house.browser("ugel.director").post(f"{at}/acuerdos/1/votos", {"choice": "a favor"}).status_code == 303
    against = {"choice": "en contra", "reason": "Sin movilidad"}
    assert house.browser("ugel.jefe").post(f"{at}/acuerdos/1/votos", against).status_code == 303
    Cycle(house).committed(1)
    assert house.browser("ugel.director").post(f"{at}/levantamiento", {"reason": "Faltó tiempo"}).status_code == 303
    assert house.browser("dre.director").post(f"{at}/acta/cierre").status_code == 303
    closed = list(house.ledger.facts(stream))[-1]
    told = " ".join(" ".join(pages(house.browser("auditor").get(f"{at}/acta.pdf").content)).split())
    part = dict(
        re.findall(r"(Asistencia|Agenda y cifras|Acuerdos|Firmas) (.*?)(?=Agenda y cifras|Acuerdos|Cierre|Firmas|$)", told)
    )
    persons = ("Elena Ñahui", "Juan Huamán", "Carmen Rojas")
    assert [part["Asistencia"].count(name) for name in persons] == [1, 1, 1]
    assert [part["Firmas"].count(name) for name in persons] == [1, 1, 1]
    assert f"◆ En proceso 70,00 % 1 de 2 1 0 {taken.position} " in part["Agenda y cifras"]
    assert "Reprogramar las visitas" in part["Acuerdos"]
    assert "1 a favor, 1 en contra, 0 abstenciones" in part["Acuerdos"]
    assert "Elena Ñahui Director(a) de UGEL Jauja a favor" in part["Acuerdos"]
    assert re.search(r"Juan Huamán .*?en contra Sin movilidad", part["Acuerdos"])
    assert f"Hecho n.º {numero(closed.position)} Registrado el".replace("\xa0", " ") in part["Firmas"]
    assert grouped(code_of_acta(stream, 1, closed.fact.at)) in part["Firmas"]
