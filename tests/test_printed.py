"""A page that a browser prints says, as its paper does, the fact it tells up to, how it stood and the code it is found by."""

import html
import re

from service.aggregates import commitment_signing as s
from service.aggregates.receipt import code_of, code_of_acta, grouped
from service.ledger import stream_of
from service.papers import code
from service.web.words import numero
from tests.first_quarter import STREAM, live
from tests.house import JAUJA, House
from tests.test_session_page import YEAR, ended
from tests.test_session_page import house as _house

house = _house


def seal(page: str) -> tuple[str, str]:
    """What the printed foot of a page says, and its drawing."""
    foot = page.partition('<div class="q-seal">')[2].partition("</svg>")[0]
    words = html.unescape(re.sub(r"<[^>]+>", " ", foot.partition("<svg")[0] or foot.partition("</div>")[0]))
    return re.sub(r"\s+", " ", words), f"<svg{foot.partition('<svg')[2]}</svg>"


def told(house: House, letters: str) -> str:
    """The QR of a code."""
    return code.qr(f"{house.app.state.settings.site}/verificar/{letters}").strip()


def test_a_commitment_printed_by_a_browser_has_its_code_and_its_signatures(house: House) -> None:
    """So has each version of it; the fact is the last one of the record, or the one the page is read at."""
    lived = live(house, "proposed")
    letters, reader = grouped(code_of(lived.document)), house.browser("auditor")
    before = list(house.ledger.facts(STREAM))[-1].position
    house.do("ugel.director", STREAM, s.SignCommitment(commitment=1, version=1, document=lived.document))
    signed = list(house.ledger.facts(STREAM))[-1].position
    for address in (lived.href, f"{lived.href}/versiones/1"):
        for asked, position, count in (("", signed, "1 de 2"), (f"?hasta={before}", before, "0 de 2")):
            words, drawing = seal(reader.get(address + asked).text)
            assert f"Firmas de la versión 1: {count}." in words
            assert f"Al hecho n.º {numero(position)}".replace("\xa0", " ") in words.replace("\xa0", " ")
            assert letters in words
            assert f"/verificar/{letters}" in words
            assert drawing == told(house, letters)


def test_an_acta_printed_by_a_browser_has_its_code_once_it_is_closed(house: House) -> None:
    """Before that it says that it is a draft, and has none."""
    at, reader = ended(house), house.browser("auditor")
    words, drawing = seal(reader.get(f"{at}/acta").text)
    assert "BORRADOR" in words
    assert "Código" not in words
    assert "<path" not in drawing
    assert house.browser("dre.director").post(f"{at}/acta/cierre").status_code == 303
    closed = list(house.ledger.facts(stream_of(JAUJA, YEAR)))[-1]
    letters = grouped(code_of_acta(stream_of(JAUJA, YEAR), 1, closed.fact.at))
    words, drawing = seal(reader.get(f"{at}/acta").text)
    assert "Acta cerrada" in words
    assert f"n.º {numero(closed.position)}".replace("\xa0", " ") in words.replace("\xa0", " ")
    assert letters in words
    assert drawing == told(house, letters)
