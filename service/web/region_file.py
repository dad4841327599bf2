"""A percentage of the region as a workbook that computes it again from those of its UGEL, each with the fact that scored it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from service.web.words import LIGHTS, STATES
from service.web.working_file import RESULT, TOP, headed, light, result
from service.workbook.book import Book

if TYPE_CHECKING:
    from service.web.region_working import Worked

HEADS = ("Código", "UGEL", "Avance %", "Cifra", "Entra", "Estado", "Hecho de la calificación")
TAKEN = 10
OFFICIAL, UNSCORED = "oficial", "sin calificar"


def book(it: "Worked", title: str, notes: Sequence[str]) -> bytes:
    """The result with its scale, then the UGEL: which figures count is said in a cell, so that it can be changed to see what it does."""
    made, last = Book(title), TOP + len(it.parts)
    entering = f"UGEL!$E${TOP + 1}:$E${last}"
    sheet = result(made, title, notes, it.scale)
    total = f'=IF(COUNT({entering})=0,"Sin dato",ROUND(AVERAGE({entering}),2))'
    shown = "Sin dato" if it.total.percent is None else float(it.total.percent)
    sheet.write_formula(RESULT - 1, 1, total, made.look(bold=True, num_format="0.00"), shown)
    word = LIGHTS[it.scale.light(it.total.percent)].word
    sheet.write_formula(RESULT, 1, light(f"COUNT({entering})", f"B{RESULT}"), made.look(), word)
    sheet.write_string(TAKEN - 1, 0, "Cifras que entran", made.look())
    sheet.write_string(TAKEN - 1, 1, UNSCORED if it.preliminary else OFFICIAL, made.look())
    _units(made, it)
    return made.close()


def _units(made: Book, it: "Worked") -> None:
    sheet = headed(made, "UGEL", HEADS, (10, 34, 12, 16, 12, 16, 24))
    for row, part in enumerate(it.parts, TOP):
        for column, text in enumerate((part.unit.code, part.unit.name)):
            sheet.write_string(row, column, text, made.look())
        if part.cell.percent is not None:
            sheet.write_number(row, 2, float(part.cell.percent), made.look(num_format="0.00"))
        sheet.write_string(row, 3, OFFICIAL if part.cell.official else UNSCORED, made.look())
        enters = f'=IF(COUNT(C{row + 1})=0,"",IF(D{row + 1}=Resultado!$B${TAKEN},C{row + 1},""))'
        shown = float(part.cell.percent) if part.counts and part.cell.percent is not None else ""
        sheet.write_formula(row, 4, enters, made.look(num_format="0.00"), shown)
        sheet.write_string(row, 5, STATES["quarter"][part.cell.word].word, made.look())
        if part.scored_by:
            sheet.write_number(row, 6, part.scored_by, made.look())
