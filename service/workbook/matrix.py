"""Our own template: an activity is written on each row of its tasks, or once and left blank below."""

import re
from typing import Any

import msgspec

from service.workbook.ceplan import NO_LINE
from service.workbook.columns import plain
from service.workbook.content import KINDS, TASK_FIELDS, Content
from service.workbook.shapes import ImportedActivity

_LINE_FIELDS = ("kind", "line", "line_name")
_ACTIVITY_FIELDS = ("activity_code", "activity", "area", "objectives", "indicator", "verification")
_SAID = ("code", "name", "area", "foreign_objectives", "indicator", "verification")
_FIELD_OF = {"code": "activity_code", "name": "activity", "foreign_objectives": "objectives"}
_EXPORTED = re.compile(r"(\d{6}-\d{4}-\d{1,9})(?:@(\d{1,18}))?")
_CODED = re.compile(r"([A-Za-z]{0,4}\d{1,3}(?:\.\d{1,3})*)\s*[.:)–—-]?\s+(.+)")


class MatrixReader:
    """Reads the rows of our template one after another; it remembers the row above."""

    def __init__(self, content: Content, given: set[str]) -> None:
        self.content = content
        self.given = given
        self.known: dict[tuple[str, ...], str] = {}
        self.rows: dict[str, int] = {}
        self.line = ""
        self.key = ""

    def read_row(self) -> None:
        content, cells = self.content, self.content.cells
        for field in ("activity_code", "task_code"):
            mark = plain(cells.raw(field))
            if mark in ("ejemplo", "eliminar"):
                retired = f"Retirada: dice ELIMINAR en {cells.header(field)}."
                content.skip("Es el ejemplo de la plantilla." if mark == "ejemplo" else retired)
                return
        has_task = cells.filled(*TASK_FIELDS)
        named = cells.filled(*_LINE_FIELDS, *_ACTIVITY_FIELDS, "activity_key")
        if cells.filled(*_LINE_FIELDS):
            self.line = self._line()
        elif content.foreign and not self.line and not any(field in cells.columns for field in ("line", "line_name")):
            cells.doubtful("", "La hoja no dice la línea de acción: las actividades quedarán «Sin línea de acción».")
            self.line = content.line(content.kind or "s", NO_LINE, "Sin línea de acción")
        if cells.filled(*_ACTIVITY_FIELDS, "activity_key") or (named and has_task):
            self.key = self._activity()
        elif named:
            self.key = ""
        elif not self.key:
            cells.wrong("activity", "Falta la actividad de esta tarea. Escríbala en esta fila.")
        if has_task:
            content.task(self.key, *self._row_id())

    def _row_id(self) -> tuple[str, int]:
        """The id of an exported row and the position it was exported at; two rows of one id would change the same task twice."""
        cells = self.content.cells
        key, base = _exported(cells.text("task_key", code=True))
        if _EXPORTED.fullmatch(key):
            first = self.rows.setdefault(key, cells.row)
            if first != cells.row:
                cells.wrong("task_key", f"La fila {first} ya tiene este Id. Si esta es una tarea nueva, deje vacío su Id.")
        return key, base

    def _line(self) -> str:
        """The row's line of action; later rows of the same line may leave kind and name blank, not change them."""
        content, cells = self.content, self.content.cells
        code, name, written = cells.text("line", code=True), cells.text("line_name"), plain(cells.raw("kind"))
        if name and "line" not in cells.columns:
            coded = _CODED.fullmatch(name)
            code, name = (coded[1], coded[2]) if coded else (name, name)
        if not code:
            if not cells.filled("line"):
                cells.wrong("line", "Falta el código de la línea de acción. Escríbalo (por ejemplo, M1).")
            return ""
        letter = written[:1] if written in ("e", "m", "s", "estrategico", "estrategica", "misional", "soporte") else ""
        known = content.lines.get(code)
        if written and not letter:
            cells.wrong("kind", "El tipo de línea no se reconoce. Escriba E (estratégico), M (misional) o S (soporte).")
        elif known and letter and KINDS[letter] != known.kind:
            cells.wrong("kind", f"La línea {code} es de tipo {known.kind} en una fila anterior. Escriba el mismo tipo en todas.")
        elif known and name and name != known.name:
            cells.wrong("line_name", f"La línea {code} se llama «{known.name}» en una fila anterior. Escriba el mismo nombre.")
        elif not known:
            by_code = re.match(r"[EMSems]\d", code)
            letter = letter or (by_code[0][0].lower() if by_code else content.kind)
            if not letter:
                chosen = " O elíjalo en «Ajustar columnas»." if content.foreign else ""
                cells.wrong("kind", f"Falta el tipo de línea. Escriba E (estratégico), M (misional) o S (soporte).{chosen}")
                return ""
            return content.line(letter, code, name)
        return code

    def _activity(self) -> str:
        """The key of the row's activity, which is made when no earlier row has it."""
        cells = self.content.cells
        given, base = _exported(cells.text("activity_key", code=True))
        written = self._written()
        above = self.content.activities.get(given or self.key)
        if above and (given or _continues(written, above)):
            return self._same(written, above)
        if not cells.filled("activity"):
            cells.wrong("activity", "Falta la actividad. Escríbala en esta fila.")
            return ""
        if not self.line and not cells.filled(*_LINE_FIELDS):
            cells.wrong("line", "Falta el código de la línea de acción. Escríbalo (por ejemplo, M1).")
        if not written.name or not self.line:
            return ""
        identity = (written.line, written.code, written.name, written.area)
        if not given and identity in self.known:
            return self._same(written, self.content.activities[self.known[identity]])
        key = given or f"#{cells.row}"
        while not given and key in self.given:
            key += "'"
        self.content.activities[key] = msgspec.structs.replace(written, key=key, base=base)
        if not given:
            self.known[identity] = key
        return key

    def _written(self) -> ImportedActivity:
        cells = self.content.cells
        parts = [part.strip() for part in cells.text("objectives", long=True).replace("\n", ";").split(";")]
        return ImportedActivity(
            key="",
            line=self.line,
            code=cells.text("activity_code", code=True),
            name=cells.text("activity"),
            area=cells.text("area"),
            foreign_objectives=tuple(dict.fromkeys(filter(None, parts))),
            indicator=cells.text("indicator"),
            verification=cells.text("verification"),
            row=cells.row,
        )

    def _same(self, written: ImportedActivity, known: ImportedActivity) -> str:
        """What this row says of an activity already read must be what was said first: nothing is merged in silence."""
        cells = self.content.cells
        if cells.filled("line") and self.line and self.line != known.line:
            cells.wrong("line", f"La actividad está en la línea {known.line} en la fila {known.row}. Escriba la misma en todas.")
        for name in _SAID:
            said: Any = getattr(written, name)
            if said and said != getattr(known, name):
                field = _FIELD_OF.get(name, name)
                message = f"Difiere de la fila {known.row}, que es de la misma actividad. Escriba lo mismo en ambas."
                cells.wrong(field, message)
        return known.key


def _exported(key: str) -> tuple[str, int]:
    """The id of a row, and the position at which an export wrote it."""
    found = _EXPORTED.fullmatch(key)
    return (found[1], int(found[2] or 0)) if found else (key, 0)


def _continues(written: ImportedActivity, above: ImportedActivity) -> bool:
    return (
        written.line == above.line
        and written.name in ("", above.name)
        and written.code in ("", above.code)
        and written.area in ("", above.area)
    )
