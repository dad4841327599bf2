"""What happens to a commitment, in words."""

from collections.abc import Callable
from typing import Any

from service.aggregates import Event
from service.aggregates import commitment as c
from service.aggregates import commitment_first as before
from service.aggregates import commitment_life as life
from service.aggregates import commitment_review as review
from service.aggregates import commitment_signing as s
from service.aggregates import signing_kinds as kinds
from service.filetypes import KINDS
from service.pades.reasons import REASONS
from service.web.saying import Words
from service.web.words import cargo, fecha


def _which(e: Any) -> str:
    """The commitment, with its version where there was one before."""
    return f"el compromiso {e.commitment}" + (f", versión {e.version}" if e.version > 1 else "")


def _revised(e: c.CommitmentRevised) -> Words:
    verb = "propuso renegociar" if e.renegotiation else "cambió la propuesta de"
    return Words(f"{verb} el compromiso {e.commitment}, versión {e.version}: {e.terms.action}", reason=e.reason)


def _withdrawn(e: c.CommitmentWithdrawn) -> Words:
    what = f"la renegociación (versión {e.version}) del" if e.renegotiation else "el"
    return Words(f"retiró {what} compromiso {e.commitment}", reason=e.reason)


def _declined(e: s.CommitmentDeclined) -> Words:
    return Words(f"rechazó firmar {_which(e)}", reason=e.reason)


def _granted(e: life.ExtensionGranted) -> Words:
    change = ("vence", fecha(e.was), fecha(e.due))
    return Words(f"concedió la prórroga {e.extension} del compromiso {e.commitment}", [change])


def _proof(e: life.CommitmentReported | life.CommitmentDeclared) -> str:
    """What was shown for it: the document named, the file attached."""
    file = f"archivo {KINDS[e.media].name}" if e.media in KINDS else ""
    shown = [text for text in (e.evidence, file) if text]
    return f" (evidencia: {', '.join(shown)})" if shown else ""


def _declared(e: life.CommitmentDeclared) -> Words:
    state = "cumplido" if e.fulfilled else "incumplido"
    return Words(f"declaró {state} el compromiso {e.commitment}: {e.text}{_proof(e)}")


def _verified(e: life.CommitmentVerified) -> Words:
    if not e.accepted:
        return Words(f"no aceptó lo declarado en el compromiso {e.commitment}", reason=e.text)
    return Words(f"verificó el compromiso {e.commitment}: {'cumplido' if e.fulfilled else 'incumplido'}", reason=e.text)


def _carried(e: c.CommitmentCarried | before.FirstCommitmentCarried) -> Words:
    _, year, number = e.origin.split("-")
    return Words(f"continuó el compromiso {number} de {year} como compromiso {e.commitment}")


def _kind(e: kinds.SigningKindPublished) -> Words:
    signers = ", ".join(cargo(role) for role in e.kind.roles) + (", en ese orden" if e.kind.ordered else "")
    return Words(f"publicó la versión {e.version} de los firmantes: {e.kind.name}, {signers}", reason=e.reason)


SAYINGS: dict[type[Event], Callable[[Any], Words]] = {
    **dict.fromkeys(
        (c.CommitmentProposed, before.FirstCommitmentProposed),
        lambda e: Words(f"propuso el compromiso {e.commitment}: {e.terms.action}"),
    ),
    c.CommitmentRevised: _revised,
    c.CommitmentWithdrawn: _withdrawn,
    c.CommitmentCarried: _carried,
    before.FirstCommitmentCarried: _carried,
    before.FirstCommitmentSigned: lambda e: Words(f"firmó el compromiso {e.commitment} como {cargo(e.charge)}"),
    s.CommitmentSigned: lambda e: Words(f"firmó {_which(e)} como {cargo(e.charge)}"),
    s.CommitmentSignedOutside: lambda e: Words(f"firmó con firma digital de fuera {_which(e)} como {cargo(e.charge)}"),
    s.OutsideFileRefused: lambda e: Words(
        f"subió un archivo firmado para {_which(e)}: {e.verdict.lower()}",
        reason=" ".join(REASONS[code].sentence for code in e.reasons if code in REASONS),
    ),
    review.OutsideFileAccepted: lambda e: Words(
        f"aceptó el documento firmado externamente de {cargo(e.charge)} para {_which(e)}", reason=e.reason
    ),
    s.CommitmentDeclined: _declined,
    life.CommitmentReported: lambda e: Words(f"informó el avance del compromiso {e.commitment}: {e.text}{_proof(e)}"),
    life.ExtensionRequested: lambda e: Words(
        f"pidió la prórroga {e.extension} del compromiso {e.commitment}, hasta el {fecha(e.due)}", reason=e.reason
    ),
    life.ExtensionGranted: _granted,
    life.ExtensionRejected: lambda e: Words(f"rechazó la prórroga {e.extension} del compromiso {e.commitment}", reason=e.reason),
    kinds.SigningKindPublished: _kind,
    life.CommitmentDeclared: _declared,
    life.CommitmentVerified: _verified,
}
