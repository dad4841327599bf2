"""Our own template, empty or with a plan in it, such that `check` reads back exactly what was written."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from service.workbook.book import GREY, PALE, Book
from service.workbook.columns import HEADERS, letter
from service.workbook.originals import ORIGINAL, write_originals
from service.workbook.shapes import LARGEST, MONTHS, ImportedActivity, ImportedLine, ImportedTask, Original

_EMPTY_ROWS = 300
_FIELDS = tuple(HEADERS)
_TOTAL = _FIELDS.index("total")
_FIRST, _LAST = _FIELDS.index("ENE"), _FIELDS.index("DIC")
_WIDTHS = {
    "kind": 9,
    "line": 10,
    "line_name": 30,
    "activity_code": 16,
    "activity": 40,
    "area": 22,
    "objectives": 22,
    "indicator": 26,
    "verification": 24,
    "task_code": 14,
    "task": 44,
    "unit": 16,
    "note": 30,
    "activity_key": 10,
    "task_key": 10,
}
_EXAMPLE = {
    "kind": "M",
    "line": "M1",
    "line_name": "Distribución oportuna de materiales educativos",
    "activity_code": "EJEMPLO",
    "activity": "EJEMPLO: Distribuir los materiales educativos a las instituciones",
    "area": "AGP",
    "objectives": "OEI.01; AEI.01.01",
    "indicator": "Porcentaje de códigos modulares con material oportuno",
    "verification": "Acta de entrega",
    "task_code": "EJEMPLO",
    "task": "EJEMPLO: Entregar los materiales y recoger las actas",
    "unit": "Acta",
    "note": "Esta fila es un ejemplo y no se importa. Puede borrarla.",
}
_EXAMPLE_MONTHS = tuple(Decimal(10 if month in ("FEB", "MAR") else 0) for month in MONTHS)
_INSTRUCTIONS = (
    (
        "Qué es",
        "Esta plantilla lleva un Plan Anual de Trabajo (PAT) a la plataforma. Cada fila de la hoja «PAT» es una tarea.",
    ),
    ("Línea de acción", "Escriba el tipo (E estratégico, M misional, S soporte), el código y el nombre de la línea."),
    (
        "Actividad",
        "Escríbala en cada fila de sus tareas, o solo en la primera y deje vacías en las siguientes línea y actividad.",
    ),
    (
        "Objetivos",
        "Escriba los códigos de los objetivos a los que se alinea, separados por punto y coma: OEI.01; AEI.01.01.",
    ),
    ("Unidad de medida", "Es obligatoria. Use siempre la misma palabra: «Informe» e «informe » se unen como una sola."),
    ("ENE … DIC", "Escriba la meta física de cada mes: un número desde 0, con 4 decimales como máximo. Vacío vale 0."),
    ("TOTAL", "Se calcula solo. Si escribe otro número, debe ser igual a la suma de los doce meses."),
    ("Retirar una fila", "Escriba ELIMINAR en el código de la tarea o de la actividad: la fila no se importará."),
    ("Fila de ejemplo", "La fila que dice EJEMPLO no se importa. Puede borrarla."),
    (
        "Id. actividad, Id. tarea",
        "La plataforma los escribe al exportar, para reconocer cada fila. No los cambie; en filas nuevas déjelos vacíos.",
    ),
    (
        "Antes de importar",
        "La plataforma muestra los errores por fila y columna. Nada se guarda hasta que usted confirme.",
    ),
)

_RETURN = (
    "Al volver a importar",
    (
        "Cada fila recuerda en su Id. de qué versión salió. Lo que otros hayan cambiado desde entonces no se pierde: "
        "si usted cambió la misma celda, la plataforma le muestra ambos valores y usted elige."
    ),
)


def template() -> bytes:
    """The empty template: an example row that import passes over, and instructions."""
    book = Book("Plantilla del PAT")
    sheet = _plan_sheet(book)
    _write_row(book, sheet, 1, _EXAMPLE, _EXAMPLE_MONTHS, italic=True, font_color=GREY, bg_color=PALE)
    for row in range(2, _EMPTY_ROWS):
        _write_row(book, sheet, row, {})
    _finish(book, sheet, _EMPTY_ROWS)
    return book.close()


def export_plan(
    lines: Sequence[ImportedLine],
    activities: Sequence[ImportedActivity],
    tasks: Sequence[ImportedTask],
    version: Sequence[tuple[str, str]] = (),
    originals: Sequence[Original] | None = None,
) -> bytes:
    """The plan in our template, its tasks under their activities; lines and activities without any keep a row of their own.

    Every activity's line must be among `lines`. `version` says in words what each row's id says: what the file was exported from.
    `originals` are the targets that are no longer those of version 1; an import passes over the column and the sheet they get.
    """
    book = Book("Plan Anual de Trabajo")
    sheet = _plan_sheet(book)
    tasks_of: dict[str, list[ImportedTask | None]] = {}
    for task in tasks:
        tasks_of.setdefault(task.activity_key, []).append(task)
    named = {line.code: line for line in lines}
    first = {each.key: sum(each.months, Decimal(0)) for each in originals or ()}
    row = 1
    if originals is not None:
        sheet.set_column(len(_FIELDS), len(_FIELDS), 12)
        sheet.write_string(0, len(_FIELDS), ORIGINAL, book.header())
    for line in lines:
        if not any(activity.line == line.code for activity in activities):
            _write_row(book, sheet, row, _line_values(line))
            row += 1
    for activity in activities:
        above = _line_values(named[activity.line]) | _activity_values(activity)
        for each in tasks_of.get(activity.key, [None]):
            _write_row(book, sheet, row, above | _task_values(each), each.months if each else None)
            if each and originals is not None:
                sheet.write_number(row, len(_FIELDS), first.get(each.key, sum(each.months, Decimal(0))), book.look())
            row += 1
    _finish(book, sheet, row)
    if originals:
        write_originals(book, originals)
    if version:
        _table(book, "Versión", ("Dato", "Valor"), (*version, _RETURN))
    return book.close()


def _line_values(line: ImportedLine) -> dict[str, str]:
    return {"kind": line.kind[0].upper(), "line": line.code, "line_name": line.name}


def _activity_values(activity: ImportedActivity) -> dict[str, str]:
    return {
        "activity_key": f"{activity.key}@{activity.base}" if activity.base else activity.key,
        "activity_code": activity.code,
        "activity": activity.name,
        "area": activity.area,
        "objectives": "; ".join(activity.foreign_objectives),
        "indicator": activity.indicator,
        "verification": activity.verification,
    }


def _task_values(task: ImportedTask | None) -> dict[str, str]:
    if task is None:
        return {}
    key = f"{task.key}@{task.base}" if task.base else task.key
    return {"task_key": key, "task_code": task.code, "task": task.name, "unit": task.unit, "note": task.note}


def _plan_sheet(book: Book) -> Any:
    sheet = book.sheet("PAT", 0)
    sheet.set_row(0, 34)
    for column, (field, header) in enumerate(HEADERS.items()):
        sheet.set_column(column, column, _WIDTHS.get(field, 8))
        sheet.write_string(0, column, header, book.header())
    return sheet


def _write_row(
    book: Book,
    sheet: Any,
    row: int,
    values: dict[str, str],
    months: Sequence[Decimal] | None = None,
    **look: object,
) -> None:
    """Texts always as texts (never a formula), months as numbers, TOTAL as a sum that shows nothing on an empty row."""
    wrapped, number = book.look(text_wrap=True, **look), book.look(**look)
    for column, field in enumerate(_FIELDS):
        if values.get(field):
            sheet.write_string(row, column, values[field], wrapped)
    for column, amount in enumerate(months or (), start=_FIRST):
        sheet.write_number(row, column, amount, number)
    span = f"{letter(_FIRST)}{row + 1}:{letter(_LAST)}{row + 1}"
    total: Decimal | str = sum(months, Decimal(0)) if months is not None else ""
    sheet.write_formula(row, _TOTAL, f'=IF(COUNT({span})=0,"",SUM({span}))', book.look(bold=True, **look), total)


def _finish(book: Book, sheet: Any, rows: int) -> None:
    last = max(rows, _EMPTY_ROWS)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, rows - 1, len(_FIELDS) - 1)
    kinds = {
        "validate": "list",
        "source": ["E", "M", "S"],
        "error_title": "Tipo de línea",
        "error_message": "Escriba E (estratégico), M (misional) o S (soporte).",
    }
    amounts = {
        "validate": "decimal",
        "criteria": "between",
        "minimum": 0,
        "maximum": LARGEST,
        "error_title": "Meta del mes",
        "error_message": "Escriba un número mayor o igual a 0.",
    }
    sheet.data_validation(1, 0, last, 0, kinds)
    sheet.data_validation(1, _FIRST, last, _LAST, amounts)
    _table(book, "Instrucciones", ("Columna o tema", "Qué hacer"), _INSTRUCTIONS)


def _table(book: Book, name: str, heads: tuple[str, str], rows: Sequence[tuple[str, str]]) -> None:
    sheet = book.sheet(name, 0)
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 1, 100)
    for column, head in enumerate(heads):
        sheet.write_string(0, column, head, book.header())
    for row, (subject, text) in enumerate(rows, start=1):
        sheet.write_string(row, 0, subject, book.look(bold=True))
        sheet.write_string(row, 1, text, book.look(text_wrap=True))
