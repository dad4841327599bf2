"""What a person types, as a value: a text, a number as people write it, a day."""

import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal

from service.aggregates import FIRST_YEAR, LAST_YEAR
from service.aggregates.signable import UNSEEN
from service.letters import piled

UNREADABLE = "El texto tiene caracteres invisibles o de control: escríbalo de nuevo."
_DAY = ("%Y-%m-%d", "%d/%m/%Y")


class Wrong(Exception):
    """What was typed is not what was asked for; its text is the sentence beside the field."""


def clean(text: str) -> str:
    """One way to write each letter, plain line ends; invisible and control characters are refused, and marks piled up."""
    if piled(text):
        raise Wrong(UNREADABLE)
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    if any(unicodedata.category(letter) in UNSEEN and letter not in "\n\t" for letter in text):
        raise Wrong(UNREADABLE)
    return text.replace("\t", " ")


def number(text: str) -> Decimal:
    """Read a number as people write it: «1 234,5», «1.234,5», «1,234.5» or «1234.5».

    Raises:
        ValueError: it cannot be read in exactly one way.

    """
    text = re.sub(r"[\s\u00a0\u202f]", "", text).replace("\u2212", "-")
    comma, point = text.rfind(","), text.rfind(".")
    if comma >= 0 and point >= 0:
        thousands = "." if comma > point else ","
        text = text.replace(thousands, "")
    text = text.replace(",", ".")
    if not re.fullmatch(r"-?\d{1,15}(\.\d{1,10})?", text, re.ASCII):
        message = "not a number"
        raise ValueError(message)
    return Decimal(text)


def day(text: str) -> date:
    """Read a day as a date input sends it, or as people write it: 31/12/2026."""
    for pattern in _DAY:
        try:
            found = datetime.strptime(text, pattern).date()  # noqa: DTZ007 — a day has no zone
        except ValueError:
            continue
        if FIRST_YEAR <= found.year <= LAST_YEAR:
            return found
    message = "not a day"
    raise ValueError(message)
