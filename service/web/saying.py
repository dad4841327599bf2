"""How a fact is put in words: the sentence, the change it made, the reason."""

from decimal import Decimal

from service.web.words import numero


class Words:
    """A fact in words: what was done, the change before → after where there is one, and the reason."""

    def __init__(self, text: str, changes: list[tuple[str, str, str]] | None = None, reason: str = "") -> None:
        self.text = text
        self.changes = changes or []
        self.reason = reason


def said(value: object) -> str:
    """A value of a fact as it is read; nothing is «sin dato»."""
    if value is None or value == "":
        return "sin dato"
    if isinstance(value, Decimal):
        return numero(value)
    if isinstance(value, tuple | list):
        return " · ".join(said(item) for item in value)
    return str(value)
