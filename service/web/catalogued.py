"""The catalogue's words where plans are written: offered first, and free text told apart, never refused."""

from typing import TYPE_CHECKING, Any

from service.aggregates.catalogue_check import folded

if TYPE_CHECKING:
    from service.aggregates.catalogue_content import Content, Line


def doubt(content: "Content", command: Any) -> str:
    """A sentence about what a command writes that the catalogue does not list; empty where it lists all, or lists nothing."""
    areas = {folded(spelling) for area in content.areas for spelling in (area.code, area.name)}
    units = {folded(spelling) for each in content.measures for spelling in (each.name, *each.aliases)}
    lines = {folded(line.code) for line in content.lines}
    kind = type(command).__name__
    asked = [
        ("El área", getattr(command, "area", ""), areas),
        ("La unidad de medida", getattr(command, "unit", ""), units),
        ("La línea", command.code if kind == "AddLine" else "", lines),
    ]
    strange = [f"{what} «{word}»" for what, word, known in asked if word and known and folded(word) not in known]
    return f" {' y '.join(strange)} no está en el catálogo de la DRE: revise si es la palabra correcta." if strange else ""


def line_of(content: "Content", code: str) -> "Line | None":
    """A line of action of the catalogue."""
    return next((each for each in content.lines if each.code == code), None)
