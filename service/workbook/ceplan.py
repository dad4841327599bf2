"""The workbook of a real operational plan, as planning offices keep it: one row per task, its activity repeated in each."""

import re

from service.workbook.columns import plain
from service.workbook.content import Content
from service.workbook.shapes import ImportedActivity

NO_LINE = "—"
_LINE_OF = re.compile(r"([EMS])(\d+)(\.\d+)*", re.IGNORECASE)


def read_row(content: Content) -> None:
    """Add the row's task, and its activity on first sight: CEPLAN's id and the cost centre together tell activities apart."""
    cells = content.cells
    retired = _retired(content)
    if retired:
        content.skip(retired)
        return
    name = cells.text("activity")
    code = cells.text("activity_id", code=True)
    register = cells.text("line", code=True)
    key = " ".join(filter(None, (code or register or plain(name), cells.text("centre", code=True))))
    known = content.activities.get(key)
    if not cells.filled("activity"):
        cells.wrong("activity", "Falta la actividad operativa. Escríbala en todas las filas de sus tareas.")
    elif known is None:
        objectives = tuple(dict.fromkeys(filter(None, (cells.text("oei", code=True), cells.text("aei", code=True)))))
        line = _line(content, register)
        area = cells.text("area")
        content.activities[key] = ImportedActivity(key, line, code or register, name, area, objectives, row=cells.row)
    elif known.name != name:
        message = f"La actividad {known.code} se llama de otro modo en la fila {known.row}: se conserva aquel nombre."
        cells.doubtful("activity", message)
    content.task(key)


def _retired(content: Content) -> str:
    """Why the row is out of the plan, or "": marked ELIMINAR, or without name in the newest version of its tasks."""
    cells = content.cells
    marked = plain(cells.raw("task_code")) == "eliminar"
    if not marked and cells.filled("task"):
        return ""
    reason = f"dice ELIMINAR en {cells.header('task_code')}" if marked else f"{cells.header('task')} está vacía"
    total = cells.raw("total")
    lost = f" (tenía {total:g} de meta anual)" if isinstance(total, float) and total else ""
    return f"Retirada: {reason}{lost}."


def _line(content: Content, register: str) -> str:
    """`M1.04.01` belongs to line `M1`; a code without that grammar says nothing, and a warning says so."""
    match = _LINE_OF.fullmatch(register)
    if match:
        return content.line(match[1].lower(), f"{match[1].upper()}{match[2]}")
    content.cells.doubtful(
        "line", "El código no dice a qué línea de acción pertenece la actividad: quedará «Sin línea de acción»."
    )
    return content.line("s", NO_LINE, "Sin línea de acción")
