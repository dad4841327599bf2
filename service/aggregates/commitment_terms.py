"""What a commitment says: its terms, as they are written, and the canonical document (RFC 8785) that is shown and signed."""

import hashlib
import re
from collections.abc import Container
from datetime import date
from typing import Annotated

import msgspec
import rfc8785
from msgspec import Meta

from service.aggregates import DRE, By, Command, Line1, Note, Number, Paragraph, need
from service.aggregates.signable import signable


class Wording(Command, frozen=True):
    """What a person writes of a commitment; `responsible` and `signatories` are charges, such as `director-ugel/120005`."""

    findings: Annotated[tuple[Number, ...], Meta(min_length=1, extra={"error": "Elija al menos un hallazgo."})]
    action: Paragraph
    responsible: Line1
    due: date
    indicator: Line1
    target: Line1
    verification: Line1
    signatories: Annotated[tuple[Line1, ...], Meta(min_length=1, extra={"error": "Elija al menos un firmante."})]
    kind: Line1 = "gestion"
    measure: int = 0
    budget: Note = ""
    ordered: bool = False


class Figure(msgspec.Struct, frozen=True):
    """A figure the text rests on, with the fact that says it: the label, the value, the global position."""

    label: str
    value: str
    fact: int


class Terms(msgspec.Struct, frozen=True):
    """Everything that is signed."""

    kind: str
    findings: tuple[int, ...]
    measure: int
    action: str
    responsible: str
    due: date
    indicator: str
    target: str
    verification: str
    budget: str
    signatories: tuple[str, ...]
    ordered: bool
    figures: tuple[Figure, ...]


class Scope(msgspec.Struct, frozen=True):
    """Where a commitment is made: the stream of the unit's year, its findings and its improvement measures."""

    stream: str
    findings: Container[int] = ()
    measures: Container[int] = ()


def document(stream: str, commitment: int, version: int, terms: Terms) -> bytes:
    """The canonical bytes that are shown and signed."""
    values = {"v": 2, "stream": stream, "commitment": commitment, "version": version, "terms": msgspec.to_builtins(terms)}
    return rfc8785.dumps(values)


def digest(content: bytes) -> str:
    """SHA-256, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def agreed(wording: Wording, scope: Scope, by: By) -> Terms:
    """The terms that a wording leads to; its figures are those that the shell read.

    Raises:
        Refused: a rule says no.

    """
    signatories, charges = wording.signatories, (*wording.signatories, wording.responsible)
    need(all(number in scope.findings for number in wording.findings), "Ese hallazgo no existe.")
    need(len(set(wording.findings)) == len(wording.findings), "Un hallazgo está repetido.")
    need(not wording.measure or wording.measure in scope.measures, "Esa medida de mejora no existe.")
    need(by.rules.signing.of(wording.kind), "Ese tipo de compromiso no está en el catálogo.")
    need(wording.due > by.today, "La fecha límite debe ser posterior a hoy.")
    need(not any(charge.startswith("auditor") for charge in charges), "El órgano de control no firma compromisos de gestión.")
    need(len(set(signatories)) == len(signatories), "Un firmante está repetido.")
    near = rf"[a-z-]+/({scope.stream.split('/')[1]}|{DRE})(/[^/]+)?"
    strange = tuple(charge for charge in charges if not re.fullmatch(near, charge))
    need(not strange, "Los firmantes y el responsable son cargos de la unidad o de la DRE.", strange)
    signable(wording.action, wording.indicator, wording.target, wording.verification, wording.budget, *charges)
    values = {name: getattr(wording, name) for name in Terms.__struct_fields__ if name != "figures"}
    return Terms(**values, figures=tuple(by.figures))
