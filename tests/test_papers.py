"""Papers: PDF/A with tags from data, the same bytes from the same data, whatever somebody wrote; one with names is kept."""

import base64
import io
import secrets
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pikepdf
import psycopg
import pytest

from service import papers
from service.papers import code
from service.settings import Settings
from service.web.paper import headed
from tests.conftest import TestDatabase

AT = datetime(2026, 11, 18, 17, 30, 1, 250, tzinfo=UTC)
HARD = {
    "markup": "#let x = 1 $a^2$ *b* _c_ @d <e> [f] // g \\ h",
    "quechua": "Ñuqanchik, qallariyku: chʼaki wata, aywasun",
    "signs": "«S/ 1 234,50» — 50 % ½ ° ≤ → ▲ ◆ ▼ ○ “x” …",
    "emoji": "Listo 😀👍🏽 y 🇵🇪",
    "scripts": "日本語 עברית العربية ไทย हिन्दी Ελληνικά Кириллица",
    "marks": "e\u0301\u0327\u0323 a\u0300\u0308 \u0301",
    "blank": " \n\n ",
}

SQUARE = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'
DOT = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")


def painted(content: bytes) -> int:
    """How many pictures and filled shapes the first page of a PDF paints."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return sum(str(each.operator) in {"Do", "f", "f*"} for each in pikepdf.parse_content_stream(pdf.pages[0]))


def test_a_paper_names_the_address_that_the_service_announces() -> None:
    """The public one; without one, that of this machine by its name, where passkeys work too."""
    for settings, begin in (
        (Settings(data=Path()), "http://localhost:8000/verificar/ABCD"),
        (Settings(data=Path(), host="10.1.2.3", port=80), "http://10.1.2.3:80/verificar/ABCD"),
        (Settings(data=Path(), address="https://quipu.ejemplo.pe"), "https://quipu.ejemplo.pe/verificar/ABCD"),
    ):
        assert headed(settings, "Acta", "", (1, AT), demo=False, letters="ABCD")["check"] == begin


def data(words: str = "Se revisó el avance.", people: int = 3) -> dict[str, Any]:
    """An acta with these words everywhere somebody may write."""
    vote = {"name": words, "charge": words, "choice": "a favor", "reason": words}
    item = {"number": "1", "title": words, "result": "▲ Cumplido 93,2 %", "fulfilled": "5 de 7", "alerts": "2", "knots": "1"}
    return {
        "title": "Acta de la sesión ordinaria",
        "subject": words,
        "entity": "DRE Junín",
        "year_name": "Año de prueba",
        "demo": True,
        "draft": "",
        "logo": None,
        "code": "ABCD-EFGH-IJKL-MNOP",
        "check": "https://quipu.test/verificar/ABCD-EFGH-IJKL-MNOP",
        "qr": code.qr("https://quipu.test/verificar/ABCD-EFGH-IJKL-MNOP"),
        "source": "Hecho n.º 12",
        "facts": [["Lugar", words]],
        "parts": [["Apertura", words], ["Desarrollo", ""]],
        "remarks": words,
        "attendance": [{"name": f"{words} {n}", "charge": words} for n in range(people)],
        "quorum": words,
        "items": [item | {"position": "12", "note": words}] * people,
        "agreements": [{"number": "1", "text": words, "outcome": "Aprobado", "lines": [words], "votes": [vote]}],
        "event": "Hecho n.º 12",
        "cutoff": "Registrado el 18 nov 2026",
    }


def test_a_paper_is_pdf_a_with_tags_and_the_moment_it_tells_of() -> None:
    """It declares PDF/A-2a and PDF/UA-1, its language, title and the time of its fact; no font of the machine is inside."""
    made = papers.typeset("acta", data(), AT)
    with pikepdf.open(io.BytesIO(made)) as pdf, pdf.open_metadata() as told:
        assert told.pdfa_status == "2A"
        assert told.get("pdfuaid:part") == "1"
        assert told.get("xmp:CreateDate", "").startswith("2026-11-18T17:30:01")
        assert str(pdf.Root.Lang) == "es-PE"
        assert pdf.Root.MarkInfo.Marked
        fonts = {str(font.BaseFont).partition("+")[2] for page in pdf.pages for font in page.Resources.Font.values()}
        assert all(name.startswith(("LibertinusSerif", "NewCM", "DejaVu")) for name in fonts)
    assert len(made) < 200_000


def test_the_same_data_give_the_same_bytes() -> None:
    """And other data other ones; a moment is told to the second."""
    first = papers.typeset("acta", data(people=30), AT)
    assert papers.typeset("acta", data(people=30), AT.replace(microsecond=0)) == first
    assert papers.typeset("acta", data("Otra cosa.", people=30), AT) != first


def improvement(words: str) -> dict[str, Any]:
    """An improvement plan with these words everywhere somebody may write."""
    said = {"number": "1", "action": words, "terms": [words] * 3, "who": words}
    commitment = said | {"due": "18 dic 2026", "moved": "era el 1 dic 2026", "signed": "1 de 3", "state": "○ Sin dato"}
    measure = {"number": "1", "text": words, "progress": "1 por firmar", "commitments": [commitment] * 3}
    answer = {
        "title": "Hallazgo 1",
        "text": words,
        "cause": words,
        "measures": [measure],
        "besides": [commitment] * 2,
        "others": [words],
    }
    return {**data(words), "answers": [answer] * 3, "dropped": [{"number": "2", "text": words, "reason": words}]}


def commitment(words: str) -> dict[str, Any]:
    """A commitment with them."""
    figures = [{"label": words, "value": "62,50 %", "fact": "4 201"}]
    told = {"clauses": [["Acción", words]], "figures": figures, "signatories": [words] * 3, "signing": words, "digest": "ab" * 32}
    return {**data(words), **told}


def balance(words: str) -> dict[str, Any]:
    """A balance with them; one of its tables has no rows."""
    table = {
        "title": "Hallazgos",
        "heads": ["N.º", "Hallazgo"],
        "rows": [["1", words]] * 30,
        "widths": [0, 2],
        "numeric": [True, False],
    }
    return {**data(words), "tables": [table, table | {"rows": []}], "signatories": [words]}


PAPERS = {"compromiso": commitment, "mejora": improvement, "balance": balance}


@pytest.mark.parametrize("template", PAPERS)
def test_every_paper_is_pdf_a_and_prints_whatever_was_written(template: str) -> None:
    """The same bytes from the same data; awkward words of every kind at once do not stop it."""
    made = papers.typeset(template, PAPERS[template](" / ".join(HARD.values())), AT)
    assert made == papers.typeset(template, PAPERS[template](" / ".join(HARD.values())), AT)
    with pikepdf.open(io.BytesIO(made)) as pdf, pdf.open_metadata() as told:
        assert told.pdfa_status == "2A"
        assert told.get("pdfuaid:part") == "1"


def test_a_paper_to_be_signed_says_exactly_what_was_written() -> None:
    """A letter that no font has stops it and is named; Quechua and signs pass, markup is text."""
    for kind in ("markup", "quechua", "signs"):
        papers.typeset("compromiso", commitment(HARD[kind]), AT, exact=True)
    with pytest.raises(papers.Unprintable) as no:
        papers.typeset("compromiso", commitment(HARD["emoji"]), AT, exact=True)
    assert "😀" in no.value.letters


@pytest.mark.parametrize("kind", HARD)
def test_whatever_somebody_wrote_is_printed(kind: str) -> None:
    """Markup is text, letters that no font inside has become their numbers; nothing stops the paper."""
    with pikepdf.open(io.BytesIO(papers.typeset("acta", data(HARD[kind]), AT))) as pdf:
        assert len(pdf.pages) >= 1


def test_a_paper_is_kept_as_it_was_made(new_database: TestDatabase) -> None:
    """The first one stays, whatever would be made later."""
    name, asked = secrets.token_hex(4), list[int]()

    def make() -> bytes:
        asked.append(1)
        return b"%PDF-" + bytes(asked)

    with psycopg.connect(new_database.service_url) as connection:
        first = papers.keep(connection, name, make)
        assert papers.keep(connection, name, make) == first == b"%PDF-\x01"
        assert papers.keep(connection, f"{name}-2", make) != first
    assert len(asked) == 2


@pytest.mark.parametrize(("name", "content"), [("logo.svg", SQUARE.encode()), ("logo.png", DOT)])
def test_the_logo_of_the_settings_stands_on_every_paper(tmp_path: Path, name: str, content: bytes) -> None:
    """A drawing or a picture, at the head of each page; the paper stays PDF/A, and its bytes the same from the same file."""
    (tmp_path / name).write_bytes(content)
    settings = Settings(data=tmp_path, logo=tmp_path / name)
    head = headed(settings, "Acta", "", (1, AT), demo=False, letters="ABCD")
    made = papers.typeset("acta", data() | {"logo": head["logo"]}, AT)
    assert made == papers.typeset("acta", data() | {"logo": head["logo"]}, AT)
    assert painted(made) > painted(papers.typeset("acta", data(), AT))
    with pikepdf.open(io.BytesIO(made)) as pdf, pdf.open_metadata() as told:
        assert told.pdfa_status == "2A"
