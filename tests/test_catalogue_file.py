"""The catalogue as a file: what was written reads back as no change, and wrong cells are named."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service import catalogue_file
from service.aggregates import catalogue_content as cc
from service.aggregates.catalogue_check import problems
from service.workbook import WorkbookError
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
    low=PERCENTS,
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
    for kind in (*cc.KINDS, "settings"):
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
    read = catalogue_file.read('Parámetro,Valor\nAvance bajo por debajo de,"55,5 %"\n'.encode(), cc.Content())
    assert read.change == cc.Difference(low=Decimal("55.5"))


def test_a_file_without_any_part_of_the_catalogue_is_refused() -> None:
    """In one sentence that says what to do."""
    with pytest.raises(WorkbookError, match="ninguna hoja del catálogo"):
        catalogue_file.read(b"a,b\n1,2\n", cc.Content())
