"""The catalogue as a file: what was written reads back as no change, and wrong cells are named."""

import sys
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service import catalogue_file
from service.aggregates import catalogue_content as cc
from service.aggregates.alert_rules import DEFAULTS, with_low
from service.aggregates.catalogue_check import problems
from service.catalogue_file import apart
from service.workbook import WorkbookError
from tests import workbooks
from tests.test_catalogue import unique

TEXTS = st.text(st.sampled_from("=+-@'\"«»,.¡Ññáü1ax"), min_size=1, max_size=12)
CODES = st.from_regex(r"[A-Z]{1,3}\.[0-9]{2}", fullmatch=True)
PERCENTS = st.decimals(50, 100, places=2)
PEI = cc.Instrument(name="PEI", norm="RD 1", levels=("OEI", "AEI"), place=3)
CONTENTS = st.builds(
    cc.Content,
    instruments=st.just((PEI, cc.Instrument(name="Otro"))),
    objectives=unique(
        st.builds(cc.Objective, code=CODES, instrument=st.sampled_from(("PEI", "Otro")), text=TEXTS, level=st.just(1))
    ),
    lines=unique(st.builds(cc.Line, code=CODES, kind=st.sampled_from(("misional", "soporte", "estratégico")), name=TEXTS)),
    areas=unique(st.builds(cc.Area, code=CODES, name=TEXTS)),
    measures=st.just((cc.Measure(name="Informe", aliases=("Inf.", "Informes")), cc.Measure(name="Acta"))),
    deadlines=unique(
        st.builds(
            cc.Deadline,
            year=st.integers(2025, 2027),
            step=st.sampled_from(("quarter-report", "quarter-closing")),
            quarter=st.integers(1, 4),
            day=st.dates(date(2026, 1, 1), date(2026, 12, 31)),
        )
    ),
    scale=st.builds(cc.Scale, fulfilled=PERCENTS, in_progress=st.decimals(0, 49, places=2), label=TEXTS),
    weights=st.builds(cc.Weights, missional=st.decimals(1, 100, places=2)),
    rules=PERCENTS.map(lambda low: with_low(DEFAULTS, low)),
)


@settings(max_examples=20, deadline=None)
@given(CONTENTS)
def test_what_is_exported_is_imported_as_no_change(content: cc.Content) -> None:
    """As a workbook and as CSV, part by part, whatever the texts begin with."""
    assert list(problems(content)) == [], "the premise"
    read = catalogue_file.read(catalogue_file.workbook(content, ("Versión 1",)), cc.Content())
    assert read.errors == ()
    assert cc.difference(content, cc.applied(content, read.change)) == cc.Difference()
    assert cc.applied(cc.Content(), read.change) == cc.ordered(content), "the file alone holds all of it"
    made = cc.Content()
    for kind in (*cc.KINDS, "rules", "settings"):
        part = catalogue_file.read(catalogue_file.separated(content, kind), made)
        assert part.errors == ()
        made = cc.applied(made, part.change)
    assert made == cc.ordered(content)


WRONG: dict[str, tuple[str, str]] = {
    "Código,Área\n,Sin código\n": ("A2", "Falta este dato"),
    "Código,Tipo,Línea de acción\nM1,raro,x\n": ("B2", "Escriba una de estas palabras"),
    "Año,Paso,Trimestre,Fecha\n2026,Balance anual,,ayer\n": ("D2", "Escriba una fecha"),
    "Año,Paso,Trimestre,Fecha\n2026,Balance anual,2,15/01/2027\n": ("C2", "solo en los pasos que son de un trimestre"),
    "Año,Paso,Trimestre,Fecha\nx,Balance anual,,15/01/2027\n": ("A2", "Escriba un número entero"),
    "Parámetro,Valor\nCumplido desde,mucho\n": ("B2", "Escriba un número entre 0 y 100"),
    "Parámetro,Valor\nOtra cosa,1\n": ("A2", "Ese parámetro no existe"),
    "Regla,Vigila,Días para atender\nMuy lento,Sí,5\n": ("A2", "Esa regla no existe"),
    "Regla,Vigila,Días para atender\nSin reporte,Sí,pronto\n": ("C2", "Escriba un número entero de días"),
    "Regla,Vigila,Días,Días para atender\nPlan sin aprobar,Sí,1; 2,5\n": ("C2", "espera un solo número"),
    "Regla,Vigila,Umbral (%),Días para atender\nCaída,Sí,mucho,5\n": ("C2", "Escriba un porcentaje"),
    "Regla,Vigila,Umbral (%),Días para atender\nCaída,Sí,101,5\n": ("C2", "de 0 a 100"),
    "Código,Área\nA\u200bB,x\n": ("A2", "carácter invisible"),
}


@pytest.mark.parametrize("text", WRONG)
def test_a_wrong_cell_is_named(text: str) -> None:
    """By its address, with what is wrong and what to do."""
    read = catalogue_file.read(text.encode(), cc.Content())
    ((_, problem),) = read.errors
    assert problem.cell == WRONG[text][0]
    assert WRONG[text][1] in problem.message


def test_a_row_may_say_little_and_blank_rows_say_nothing() -> None:
    """Optional columns may be missing; blank lines are passed over; types and quarters are read as people write them."""
    read: Any = catalogue_file.read(
        "Año,Paso,Trimestre,Fecha\n,,,\n2026,reporte del trimestre,III,2026-10-15\n".encode(), cc.Content()
    )
    assert read.change.deadlines == (cc.Deadline(year=2026, step="quarter-report", quarter=3, day=date(2026, 10, 15)),)
    read = catalogue_file.read("Tipo,Código,Línea de acción\ne,E1,Planeamiento\n".encode(), cc.Content())
    assert read.change.lines == (cc.Line(code="E1", kind="estratégico", name="Planeamiento"),)
    read = catalogue_file.read('Regla,Vigila,Umbral (%),Días para atender\navance bajo,sí,"55,5 %",15\n'.encode(), cc.Content())
    assert read.change == cc.Difference(rules=with_low(DEFAULTS, Decimal("55.5")))
    read = catalogue_file.read("Regla,Vigila,Días,Días para atender\nCompromiso por vencer,No,7; 2,0\n".encode(), cc.Content())
    (reminder,) = (rule for rule in read.change.rules if rule.code == "compromiso-por-vencer")
    assert (reminder.on, reminder.days) == (False, (7, 2))


def test_a_file_without_any_part_of_the_catalogue_is_refused() -> None:
    """In one sentence that says what to do."""
    with pytest.raises(WorkbookError, match="ninguna hoja del catálogo"):
        catalogue_file.read(b"a,b\n1,2\n", cc.Content())


def test_a_file_is_read_by_another_process() -> None:
    """The answer is the same as in this one, whatever it says, and so is the sentence of a refusal."""
    current = cc.Content(measures=(cc.Measure(name="Acta"),))
    whole = cc.Content(
        instruments=(PEI,), measures=(cc.Measure(name="Informe", aliases=("Inf.",)),), rules=with_low(DEFAULTS, Decimal("55.5"))
    )
    for content in (catalogue_file.workbook(whole), *(text.encode() for text in WRONG)):
        assert apart.read(content, current) == catalogue_file.read(content, current)
    with pytest.raises(WorkbookError, match="ninguna hoja del catálogo"):
        apart.read(b"a,b\n1,2\n", current)


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "web page": (lambda: b"<html><table><tr><td>C</td></tr></table></html>", "es una página web"),
    "pdf": (lambda: b"%PDF-1.7\n\x00\x00", "ni un texto CSV"),
    "empty": (lambda: b"", "está vacío"),
    "30 MB": (lambda: b"\0" * 30_000_000, "el máximo es 10 MB"),
    "open quote": (lambda: "Código;Área\n".encode() + b'"' + b"x" * 40_000, "una comilla sin cerrar"),
    "zip bomb": (workbooks.bomb, "ocupa más de 100 MB"),
    "broken": (lambda: catalogue_file.workbook(cc.Content())[:3_000], "dañado"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_a_sentence_for_its_sender(name: str) -> None:
    """As a plan's workbook: within the same limits of size, time and memory, and in the same words."""
    make, said = HOSTILE[name]
    with pytest.raises(WorkbookError) as caught:
        apart.read(make(), cc.Content())
    assert said in caught.value.message


def test_who_asks_for_more_than_any_catalogue_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader that dies is a sentence about the catalogue's file."""
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(WorkbookError, match="solo las hojas del catálogo"):
        apart.read(b"x", cc.Content())
