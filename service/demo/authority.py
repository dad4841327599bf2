"""«Autoridad de demostración»: certificates and signed PDFs that prove nothing to anybody, the same bytes in every demo.

Its keys follow from the names, so that nobody may take it for an authority: whoever reads this file can sign in its name.
"""

import hashlib
import io
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from asn1crypto import keys
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfReadError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import copy_into_new_writer
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.pdf_signer import PdfSigningSession
from pyhanko_certvalidator.registry import SimpleCertificateStore

NAME = "Autoridad de demostración"
SINCE, UNTIL = datetime(2020, 1, 1, tzinfo=UTC), datetime(2049, 12, 31, tzinfo=UTC)
FORMS = ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement")


class Holder(msgspec.Struct, frozen=True):
    """A certificate with its key."""

    certificate: x509.Certificate
    key: Ed25519PrivateKey

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)


def _key(seed: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(f"quipu/demostracion/{seed}".encode()).digest())


def _number(seed: str) -> int:
    return int.from_bytes(hashlib.sha256(seed.encode()).digest()[:8], "big") | 1


def _usage(*allowed: str) -> x509.KeyUsage:
    plain = {form: form in allowed for form in FORMS}
    signs = "certificates" in allowed
    return x509.KeyUsage(**plain, key_cert_sign=signs, crl_sign=signs, encipher_only=False, decipher_only=False)


def _name(common: str, serial: str = "") -> x509.Name:
    pairs = [(NameOID.COUNTRY_NAME, "PE"), (NameOID.COMMON_NAME, common), (NameOID.SERIAL_NUMBER, serial)]
    return x509.Name([x509.NameAttribute(kind, value) for kind, value in pairs if value])


def root(name: str = NAME) -> Holder:
    """The authority itself."""
    key = _key(name)
    made = _certificate(_name(name), _name(name), key, _number(name), (SINCE, UNTIL))
    made = made.add_extension(x509.BasicConstraints(ca=True, path_length=1), critical=True)
    return Holder(made.add_extension(_usage("certificates"), critical=True).sign(key, None), key)


def issue(
    by: Holder,
    common: str,
    serial: str,
    lasts: tuple[datetime, datetime] = (SINCE, UNTIL),
    usage: Sequence[str] = ("digital_signature", "content_commitment"),
) -> Holder:
    """A certificate for a person; `serial` names who it is, as `PNOPE-00000000`."""
    key = _key(f"{by.certificate.subject.rfc4514_string()}/{common}/{serial}")
    made = _certificate(_name(common, serial), by.certificate.subject, key, _number(f"{common}/{serial}/{lasts}"), lasts)
    made = made.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    return Holder(made.add_extension(_usage(*usage), critical=True).sign(by.key, None), key)


def _certificate(
    subject: x509.Name, issuer: x509.Name, key: Ed25519PrivateKey, number: int, lasts: tuple[datetime, datetime]
) -> x509.CertificateBuilder:
    since, until = lasts
    made = x509.CertificateBuilder(issuer, subject, key.public_key(), number, since, until)
    return made.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)


def revocations(by: Holder, revoked: Sequence[Holder] = (), lasts: tuple[datetime, datetime] = (SINCE, UNTIL)) -> bytes:
    """The list of revocation of an authority, as DER."""
    made = x509.CertificateRevocationListBuilder(by.certificate.subject, *lasts)
    made = made.add_extension(x509.CRLNumber(1), critical=False)
    for each in revoked:
        entry = x509.RevokedCertificateBuilder().serial_number(each.certificate.serial_number)
        made = made.add_revoked_certificate(entry.revocation_date(lasts[0] + timedelta(days=1)).build())
    return made.sign(by.key, None).public_bytes(Encoding.DER)


class _Still(IncrementalPdfFileWriter):
    """A writer that notes no hour of its own."""

    def _update_meta(self) -> None:
        """Leave what the file says of itself."""


class _Dated(PdfSigner):
    """A signer whose clock stands still."""

    at = SINCE

    def init_signing_session(self, *given: Any, **named: Any) -> PdfSigningSession:
        session = super().init_signing_session(*given, **named)
        session.system_time = self.at
        return session


def rewritten(content: bytes) -> bytes:
    """The same document written anew from the start, as some tools save it before they sign."""
    reader = PdfFileReader(io.BytesIO(content))
    writer, made = copy_into_new_writer(reader), io.BytesIO()
    writer._document_id = generic.ArrayObject(map(generic.ByteStringObject, reader.document_id))  # noqa: SLF001 — kept for life
    writer.write(made)
    return made.getvalue()


class Unsigned(Exception):
    """It is no PDF, or holds a signature of that name already."""


def sign(content: bytes, holder: Holder, field: str, at: datetime) -> bytes:
    """The PDF with this signature added: what a signing tool does.

    Raises:
        Unsigned: it cannot be.

    """
    signer = SimpleSigner(
        signing_cert=asn1.Certificate.load(holder.der),
        signing_key=keys.PrivateKeyInfo.load(holder.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())),
        cert_registry=SimpleCertificateStore(),
    )
    try:
        writer = _Still(io.BytesIO(content))
    except PdfReadError as error:
        raise Unsigned from error
    writer._document_id[1] = generic.ByteStringObject(hashlib.sha256(content + field.encode()).digest()[:16])  # noqa: SLF001 — else of chance
    how = PdfSignatureMetadata(field_name=field, md_algorithm="sha512", subfilter=SigSeedSubFilter.PADES)
    dated = _Dated(how, signer)
    dated.at = at
    try:
        return bytes(dated.sign_pdf(writer).getvalue())
    except SigningError as error:
        raise Unsigned from error
