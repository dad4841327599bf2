"""A percentage as a workbook that computes it again: the figures stand in cells, everything else is a formula upon them."""

from collections.abc import Sequence
from typing import Any

from service.aggregates.score import round2
from service.projections.scales import Scale
from service.web.words import LIGHTS
from service.web.working import Explained
from service.workbook.book import GREY, INK, Book

TASKS = ("Actividad n.º", "Actividad", "Tarea", "Unidad", "Ejecutado", "Meta", "Vale", "Hecho del avance", "Hecho de la meta")
ACTIVITIES = ("Actividad n.º", "Actividad", "Línea", "Tipo", "Peso", "Vale", "Tareas con dato", "Calificación %", "Semáforo")
KINDS = ("estratégico", "misional", "soporte")
RESULT, SCALE, FIRST_WEIGHT = 4, 7, 10
TOP = 1


def book(it: Explained, title: str, notes: Sequence[str]) -> bytes:
    """The result with its rules, the activities, the tasks."""
    made = Book(title)
    _result(made, it, title, notes)
    _activities(made, it)
    _tasks(made, it)
    return made.close()


def _result(made: Book, it: Explained, title: str, notes: Sequence[str]) -> None:
    last = TOP + len(it.terms)
    values, weights = f"Actividades!$F${TOP + 1}:$F${last}", f"Actividades!$E${TOP + 1}:$E${last}"
    total = f"=ROUND(IF(SUM({weights})=0,AVERAGE({values}),SUMPRODUCT({values},{weights})/SUM({weights})),2)"
    reported = f"SUM(Actividades!$G${TOP + 1}:$G${last})"
    sheet = result(made, title, notes, it.scale)
    sheet.write_formula(RESULT - 1, 1, total, made.look(bold=True, num_format="0.00"), float(round2(it.total / it.divisor)))
    sheet.write_formula(RESULT, 1, light(reported, f"B{RESULT}"), made.look(), LIGHTS[it.light].word)
    of_kind = {term.kind: weight for term, weight in zip(it.terms, it.weights, strict=True)}
    for row, kind in enumerate(KINDS):
        sheet.write_string(FIRST_WEIGHT - 1 + row, 0, f"Peso de las líneas: {kind}", made.look())
        sheet.write_number(FIRST_WEIGHT - 1 + row, 1, float(of_kind.get(kind, 1)), made.look())


def result(made: Book, title: str, notes: Sequence[str], scale: Scale) -> Any:
    """The first sheet with its words and the scale; beside them the result and its light are written."""
    sheet = made.sheet("Resultado", 0)
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 18)
    sheet.write_string(0, 0, title, made.look(bold=True, font_size=14, font_color=INK))
    for row, note in enumerate(notes[:2], 1):
        sheet.write_string(row, 0, note, made.look(italic=True, font_color=GREY))
    sheet.write_string(RESULT - 1, 0, "Resultado %", made.look(bold=True))
    sheet.write_string(RESULT, 0, "Semáforo", made.look())
    for row, (name, value) in enumerate((("Cumplido desde %", scale.fulfilled), ("En proceso desde %", scale.in_progress))):
        sheet.write_string(SCALE - 1 + row, 0, name, made.look())
        sheet.write_number(SCALE - 1 + row, 1, float(value), made.look())
    return sheet


def light(reported: str, percent: str) -> str:
    """The formula that gives the light of a percentage."""
    fulfilled, in_progress = f"Resultado!$B${SCALE}", f"Resultado!$B${SCALE + 1}"
    return f'=IF({reported}=0,"Sin dato",IF({percent}>={fulfilled},"Cumplido",IF({percent}>={in_progress},"En proceso","En riesgo")))'


def _activities(made: Book, it: Explained) -> None:
    sheet, last = (
        headed(made, "Actividades", ACTIVITIES, (14, 50, 8, 13, 8, 12, 16, 14, 12)),
        TOP + sum(len(term.tasks) for term in it.terms),
    )
    numbers, shares, figures = (f"Tareas!${column}${TOP + 1}:${column}${last}" for column in "AGE")
    for place, (term, weight) in enumerate(zip(it.terms, it.weights, strict=True)):
        row, line = TOP + place, TOP + place + 1
        for column, value in enumerate((term.activity, term.name, term.line, term.kind)):
            sheet.write(row, column, value, made.look())
        which = KINDS.index(term.kind) if term.kind in KINDS else 2
        sheet.write_formula(row, 4, f"=Resultado!$B${FIRST_WEIGHT + which}", made.look(), float(weight))
        mean = f"AVERAGEIFS({shares},{numbers},A{line})"
        exact = f"=ROUND({mean},2)" if term.frozen is not None else f"={mean}"
        sheet.write_formula(row, 5, exact, made.look(num_format="0.0000"), float(term.value))
        sheet.write_formula(row, 6, f'=COUNTIFS({numbers},A{line},{figures},">=0")', made.look(), term.reported)
        sheet.write_formula(row, 7, f"=ROUND(F{line},2)", made.look(num_format="0.00"), float(round2(term.value)))
        sheet.write_formula(row, 8, light(f"G{line}", f"H{line}"), made.look(), LIGHTS[term.light].word)


def _tasks(made: Book, it: Explained) -> None:
    sheet = headed(made, "Tareas", TASKS, (14, 50, 50, 18, 12, 12, 12, 16, 16))
    row = TOP
    for term in it.terms:
        for task, share in zip(term.tasks, term.shares, strict=True):
            for column, text in enumerate((term.activity, term.name, task.name, task.unit)):
                sheet.write(row, column, text, made.look())
            if task.executed is not None and task.reported_by:
                sheet.write_number(row, 4, float(task.executed), made.look())
                sheet.write_number(row, 7, task.reported_by, made.look())
            sheet.write_number(row, 5, float(task.programmed), made.look())
            valued = f"=IF(COUNT(E{row + 1})=0,0,MIN(100,E{row + 1}/F{row + 1}*100))"
            sheet.write_formula(row, 6, valued, made.look(num_format="0.0000"), float(share))
            sheet.write_number(row, 8, task.planned_by, made.look())
            row += 1


def headed(made: Book, name: str, heads: Sequence[str], widths: Sequence[int]) -> Any:
    """A sheet with its heads in the first row."""
    sheet = made.sheet(name, 0)
    for column, (head, width) in enumerate(zip(heads, widths, strict=True)):
        sheet.write_string(0, column, head, made.header())
        sheet.set_column(column, column, width)
    sheet.freeze_panes(TOP, 0)
    return sheet
