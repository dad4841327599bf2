"""Who signed, with what certificate, whether it leads to an authority of ours, and whether the signature holds."""

import asyncio
import re
from datetime import datetime
from typing import Any

from asn1crypto import x509
from cryptography.hazmat.primitives import hashes
from pyhanko.sign.ades.report import AdESIndeterminate
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import (
    DisallowedAlgorithmError,
    ExpiredError,
    InsufficientRevinfoError,
    NotYetValidError,
    PathBuildingError,
    PathValidationError,
    RevokedError,
    StaleRevinfoError,
)

from service.pades.shapes import Trust

ATTRIBUTES = {
    "common_name": "Nombre",
    "surname": "Apellidos",
    "given_name": "Nombres",
    "serial_number": "Número de serie",
    "title": "Cargo",
    "organization_name": "Entidad",
    "organizational_unit_name": "Unidad",
    "organization_identifier": "Identificador de la entidad",
    "email_address": "Correo",
    "locality_name": "Localidad",
    "state_or_province_name": "Departamento",
    "country_name": "País",
}
"""What the parts of a subject are called; others keep the name they have."""
FOR_SIGNING = KeyUsageConstraints(key_usage={"non_repudiation"}, match_all_key_usages=True)
CHAIN: dict[type[Exception], str] = {
    StaleRevinfoError: "no-revocation",
    InsufficientRevinfoError: "no-revocation",
    RevokedError: "revoked",
    ExpiredError: "expired",
    NotYetValidError: "not-yet-valid",
    DisallowedAlgorithmError: "weak",
    PathBuildingError: "untrusted",
    PathValidationError: "untrusted",
}


def identity(certificate: x509.Certificate, pattern: str) -> str:
    """The DNI that the pattern finds in the subject, read as lines `attribute=value`; empty unless it finds exactly one."""
    lines = [f"{pair['type'].native}={pair['value'].native}" for rdn in certificate.subject.chosen for pair in rdn]
    return next(iter(found)) if len(found := {match[1] for line in lines for match in re.finditer(pattern, line)}) == 1 else ""


def subject(certificate: x509.Certificate) -> str:
    """Whose the certificate is, as its reader says it."""
    pairs = [(pair["type"].native, pair["value"].native) for rdn in certificate.subject.chosen for pair in rdn]
    return " · ".join(f"{ATTRIBUTES.get(kind, kind)}: {value}" for kind, value in pairs)


def judge(signature: EmbeddedPdfSignature, trust: Trust, at: datetime) -> tuple[set[str], datetime | None]:
    """What is wrong with one signature, and when it says that it was made."""
    if not trust.roots:
        return {"no-roots"}, None
    status = validate_pdf_signature(signature, _context(signature, trust, at), key_usage_settings=FOR_SIGNING)
    found = _of_chain(signature, status, trust, at) if status.intact and status.valid else {"altered"}
    if status.coverage is None or status.coverage < SignatureCoverageLevel.ENTIRE_REVISION:
        found.add("after")
    if not status.docmdp_ok or not status.seed_value_ok:
        found.add("changed")
    for stamp in (status.timestamp_validity, status.content_timestamp_validity):
        if stamp is not None and not (stamp.intact and stamp.valid and stamp.trusted):
            found.add("timestamp")
    if status.signer_reported_dt is None:
        found.add("no-time")
    return found if found or status.bottom_line else {"inconclusive"}, status.signer_reported_dt


def _of_chain(signature: EmbeddedPdfSignature, status: PdfSignatureStatus, trust: Trust, at: datetime) -> set[str]:
    """What is wrong with the certificate and the way from it to a root, which is known by its fingerprint and nothing else."""
    usage = signature.signer_cert.key_usage_value
    found = set[str]() if usage is not None and "non_repudiation" in usage.native else {"key-usage"}
    if status.trust_problem_indic is not None:
        weak = status.trust_problem_indic is AdESIndeterminate.CRYPTO_CONSTRAINTS_FAILURE
        return found or {"weak" if weak else _why(signature, trust, at)}
    anchor = getattr(getattr(status.validation_path, "trust_anchor", None), "authority", None)
    root = getattr(anchor, "certificate", None)
    known = {_fingerprint(each) for each in trust.roots}
    return found if root is not None and _fingerprint(root.dump()) in known else found | {"untrusted"}


def _why(signature: EmbeddedPdfSignature, trust: Trust, at: datetime) -> str:
    """Why no way leads from the certificate to a root, in a word finer than pyHanko's."""
    between = list(signature.other_embedded_certs)
    validator = CertificateValidator(signature.signer_cert, between, validation_context=_context(signature, trust, at))
    try:
        asyncio.run(validator.async_validate_path())
    except tuple(CHAIN) as error:
        return next(code for kind, code in CHAIN.items() if isinstance(error, kind))
    return "inconclusive"


def _fingerprint(der: bytes) -> bytes:
    made = hashes.Hash(hashes.SHA256())
    made.update(der)
    return made.finalize()


def _context(signature: EmbeddedPdfSignature, trust: Trust, at: datetime) -> ValidationContext:
    lists, answers = _carried(signature)
    moment = {"allow_fetching": True} if trust.fetch else {"moment": at}
    return ValidationContext(
        trust_roots=[x509.Certificate.load(each) for each in trust.roots],
        other_certs=[x509.Certificate.load(each) for each in trust.between],
        crls=[*trust.lists, *lists],
        ocsps=answers,
        revocation_mode="require",
        **moment,
    )


def _carried(signature: EmbeddedPdfSignature) -> tuple[list[Any], list[Any]]:
    """The lists and answers about revocation that the signature itself carries; an authority has signed each of them."""
    lists, answers = list[Any](), list[Any]()
    for attribute in signature.signer_info["signed_attrs"] or ():
        if attribute["type"].native == "adobe_revocation_info_archival":
            for value in attribute["values"]:
                lists += list(value["crl"] or ())
                answers += list(value["ocsp"] or ())
    return lists, answers
