"""The catalogue's words where plans are written: offered first, and free text told apart, never refused."""

from typing import TYPE_CHECKING, Any

from service.aggregates.catalogue_check import folded, odd

if TYPE_CHECKING:
    from service.aggregates.catalogue_content import Content, Line

REVISE = "no está en el catálogo de la DRE: revise si es la palabra correcta."


class Doubts:
    """What of a plan's words the catalogue does not list, a sentence each; nothing where it lists all, or lists nothing."""

    def __init__(self, content: "Content") -> None:
        areas = {folded(spelling) for area in content.areas for spelling in (area.code, area.name)}
        units = {folded(spelling) for each in content.measures for spelling in (each.name, *each.aliases)}
        lines = {folded(line.code) for line in content.lines}
        self.known = {"El área": areas, "La unidad de medida": units, "La línea": lines}
        self.said: dict[tuple[str, str], str] = {}

    def strange(self, what: str, word: str) -> str:
        """A word that is not listed: «El área «X»»."""
        if (what, word) not in self.said:
            known = self.known[what]
            self.said[what, word] = f"{what} «{word}»" if word and known and folded(word) not in known else ""
        return self.said[what, word]

    def unit(self, word: str) -> str:
        """The sentence beside a unit of measure."""
        strange = self.strange("La unidad de medida", word)
        return f"{strange} {REVISE}" if strange else ""

    def area(self, word: str) -> str:
        """The sentence beside an area."""
        strange = self.strange("El área", word)
        return f"{strange} {REVISE}" if strange else ""

    def code(self, word: str) -> str:
        """The sentence beside a code."""
        return odd(word)


def doubt(content: "Content", command: Any) -> str:
    """A sentence about what a command writes that the catalogue does not list; empty where it lists all, or lists nothing."""
    doubts = Doubts(content)
    asked = [
        ("El área", getattr(command, "area", "")),
        ("La unidad de medida", getattr(command, "unit", "")),
        ("La línea", command.code if type(command).__name__ == "AddLine" else ""),
    ]
    strange = [said for what, word in asked if (said := doubts.strange(what, word))]
    return f" {' y '.join(strange)} {REVISE}" if strange else ""


def line_of(content: "Content", code: str) -> "Line | None":
    """A line of action of the catalogue."""
    return next((each for each in content.lines if each.code == code), None)
