"""What every aggregate shares: events, commands, who acts, refusals. Pure: no clock, no ids, no I/O.

`decide(state, command, by)` returns the events that follow or raises `Refused`; `evolve(state, fact)` never refuses and
may change the state that the fold owns (a copy per event would make a fold of n items cost n²).
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Self

import msgspec
from msgspec import Meta

DRE = "120000"
HUNDRED = Decimal(100)
LARGEST = Decimal(1_000_000_000)
FIRST_YEAR, LAST_YEAR = 2000, 2100


class Event(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", omit_defaults=True, gc=False):
    """Something that happened, in the past tense; its tag is the legal name and never changes."""


class Command(msgspec.Struct, frozen=True, kw_only=True):
    """Something a person wants; the form, the JSON body and the argument of `decide` are this one Struct."""

    def said(self) -> "Command":
        """What its sender said, by which it is known when it is sent again; what the service added to it is left out."""
        return self


class Fact(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An event in its envelope, as stored: when recorded (UTC), when it happened, who, in which charge, by which command."""

    at: datetime
    on: date
    person: str
    charge: str
    command: str
    salt: str
    event: Any


class By(msgspec.Struct, frozen=True, kw_only=True):
    """Who acts, as what, on which day, and the immutable values the decision may lean on; `held` are all of the person's charges.

    `roll` are the charges of everybody, past and present, by the number of their assignment; `keys` the passkeys by their number;
    `figures` are those that a text to be signed rests on, read with their facts.
    """

    person: str
    charge: str
    today: date
    rules: Any = None
    position: int = 0
    last_year: Any = None
    held: tuple[str, ...] = ()
    roll: Any = None
    figures: tuple[Any, ...] = ()
    keys: Any = None

    @property
    def filled(self) -> set[str]:
        """The charges that somebody holds today."""
        return {each.charge for each in (self.roll or {}).values() if each.holds(self.today)}


class Missing(str):
    """A line of a refusal that knows its subject, so that a page can lead to the place where it is mended."""

    __slots__ = ("number", "subject")
    number: int
    subject: str

    def __new__(cls, text: str, subject: str, number: int = 0) -> Self:
        """A text like any other, with its subject and the subject's number."""
        line = super().__new__(cls, text)
        line.subject, line.number = subject, number
        return line


class Refused(Exception):
    """A rule says no. `sentence` is Spanish and final; `items` lists what is missing, one line each."""

    def __init__(self, sentence: str, items: tuple[str, ...] = ()) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.items = items


def need(condition: object, sentence: str, items: tuple[str, ...] = ()) -> None:
    """Refuse with `sentence` unless `condition` holds."""
    if not condition:
        raise Refused(sentence, items)


def amounts(*values: Decimal) -> None:
    """Refuse amounts that are not figures from 0 to a thousand million."""
    fit = all(value.is_finite() and 0 <= value <= LARGEST for value in values)
    need(fit, "Las cantidades deben ser números de 0 a 1 000 000 000.")


def _text(longest: int, error: str) -> Meta:
    return Meta(min_length=1, max_length=longest, pattern=r"\S", extra={"error": error})


Line1 = Annotated[str, _text(300, "Escriba un texto de 1 a 300 caracteres.")]
Paragraph = Annotated[str, _text(4000, "Escriba un texto de 1 a 4000 caracteres.")]
Note = Annotated[str, Meta(max_length=4000, extra={"error": "Escriba como máximo 4000 caracteres."})]
Word = Annotated[str, Meta(max_length=300, extra={"error": "Escriba como máximo 300 caracteres."})]
Amount = Annotated[
    Decimal, Meta(ge=0, le=1_000_000_000, extra={"error": "Escriba un número mayor o igual a 0 (use coma o punto decimal)."})
]
QuarterNumber = Annotated[int, Meta(ge=1, le=4, extra={"error": "El trimestre va de 1 a 4."})]
ROMAN = {1: "I", 2: "II", 3: "III", 4: "IV"}
"""The quarters as people write them."""
Number = Annotated[int, Meta(ge=1, extra={"error": "Falta el número."})]
Year = Annotated[int, Meta(ge=FIRST_YEAR, le=LAST_YEAR, extra={"error": f"El año va de {FIRST_YEAR} a {LAST_YEAR}."})]
