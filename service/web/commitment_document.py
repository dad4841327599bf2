"""A commitment's text as it is shown: every word of the canonical document, read back from its bytes; and two texts side by side."""

import msgspec

from service.aggregates.commitment_first import Document, said
from service.aggregates.commitment_terms import Figure, Terms, digest
from service.aggregates.dre import Dre
from service.aggregates.signing_kinds import SigningKinds
from service.projections.commitment_page import Version
from service.web.corner import office
from service.web.words import fecha, numero


class Shown(msgspec.Struct, frozen=True):
    """A document to be drawn: what it is of, its clauses in order, each with the codes that its words stand for, its figures, its hash."""

    title: str
    clauses: tuple[tuple[str, str, str], ...]
    figures: tuple[Figure, ...]
    digest: str


def shown(canonical: str, dre: Dre, kinds: SigningKinds | None = None) -> Shown:
    """A document as a signatory reads it; `kinds` are those of the day it was read, unless that is today."""
    document, hashed = said(canonical), digest(canonical.encode())
    clauses = _clauses(document.terms, dre, kinds or dre.rules.signing)
    return Shown(_title(document, dre), tuple(clauses), document.terms.figures, hashed)


def changes(before: Version, after: Version, dre: Dre) -> list[tuple[str, str, str]]:
    """What differs between two texts: the clause, as it was and as it is."""
    old, new = (said(each.canonical).terms for each in (before, after))
    was, now = (
        {label: said for label, *said in (*_clauses(terms, dre, dre.rules.signing), ("Cifras", _figures(terms.figures), ""))}
        for terms in (old, new)
    )
    labels = [label for label in {**was, **now} if was.get(label) != now.get(label)]
    return [(label, was.get(label, [""])[0] or "—", now.get(label, [""])[0] or "—") for label in labels]


def kind_name(kinds: SigningKinds, code: str) -> str:
    """A kind of commitment by its name in the catalogue."""
    kind = kinds.of(code)
    return kind.name if kind else f"Compromiso ({code})"


def _title(document: Document, dre: Dre) -> str:
    _, unit, year = document.stream.split("/")
    return f"Compromiso {document.commitment} de {dre.name_of(unit)} ({unit}), año {year}, versión {document.version}"


def _figures(figures: tuple[Figure, ...]) -> str:
    return "; ".join(f"{each.label}: {each.value} (hecho n.º {numero(each.fact)})" for each in figures)


def _clauses(terms: Terms, dre: Dre, kinds: SigningKinds) -> list[tuple[str, str, str]]:
    signing = "En este orden" if terms.ordered else "En cualquier orden"
    charges = "; ".join(office(dre, charge) for charge in terms.signatories)
    return [
        ("Tipo", kind_name(kinds, terms.kind), terms.kind),
        ("Hallazgos", ", ".join(f"n.º {each}" for each in terms.findings), ""),
        *([("Medida de mejora", f"n.º {terms.measure}", "")] if terms.measure else []),
        ("Acción", terms.action, ""),
        ("Responsable", office(dre, terms.responsible), terms.responsible),
        ("Vence", fecha(terms.due), ""),
        ("Indicador", terms.indicator, ""),
        ("Meta", terms.target, ""),
        ("Verificación", terms.verification, ""),
        *([("Presupuesto", terms.budget, "")] if terms.budget else []),
        ("Firmantes", f"{signing}: {charges}", "; ".join(terms.signatories)),
    ]
