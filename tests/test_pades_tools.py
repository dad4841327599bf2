"""A file signed as real tools sign: with an RSA key, with lists of revocation inside, with a time-stamp of an authority."""

import io
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from asn1crypto import keys
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, SimpleSigner
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from service.demo import authority
from service.demo.authority import SINCE, UNTIL, Holder
from service.pades import Trust, Verdict, rule
from service.pades.shapes import Asked
from tests.outside import ANA, LUIS, MADE, NOW, ROOT, TRUST, expected, paper, person, sign

BARE = Trust((ROOT.der,))


def look(upload: bytes, trusted: Trust = TRUST, previous: bytes = b"", dni: str = ANA) -> Verdict:
    """Ask the rule, in this process."""
    return rule.apply(Asked(previous or paper(), upload, expected(dni), trusted, NOW))


@cache
def rsa_holder(bits: int = 2048) -> Holder:
    """A certificate with an RSA key, as a DNI has."""
    key: Any = rsa.generate_private_key(65537, bits)
    lasts = (SINCE, UNTIL)
    made = authority._certificate(authority._name("PERSONA", f"PNOPE-{ANA}"), ROOT.certificate.subject, key, bits, lasts)
    usage = authority._usage("digital_signature", "content_commitment")
    return Holder(made.add_extension(usage, critical=True).sign(ROOT.key, None), key)


@cache
def stamper(by: Holder) -> DummyTimeStamper:
    """An authority's clock: one that stamps the hour a test says."""
    key: Any = rsa.generate_private_key(65537, 2048)
    made = authority._certificate(authority._name("SELLOS"), by.certificate.subject, key, 77, (SINCE, UNTIL))
    purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
    made = made.add_extension(authority._usage("digital_signature"), critical=True).add_extension(purpose, critical=True)
    holder = Holder(made.sign(by.key, None), key)
    return DummyTimeStamper(asn1.Certificate.load(holder.der), _private(holder), fixed_dt=MADE, include_nonce=False)


def _private(holder: Holder) -> keys.PrivateKeyInfo:
    return keys.PrivateKeyInfo.load(holder.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))


def with_tool(holder: Holder, lists: Sequence[bytes] = (), at: datetime = MADE, stamp: DummyTimeStamper | None = None) -> bytes:
    """The paper, signed with lists of revocation inside or with a time-stamp."""
    store = SimpleCertificateStore.from_certs([asn1.Certificate.load(ROOT.der)])
    signer = SimpleSigner(signing_cert=asn1.Certificate.load(holder.der), signing_key=_private(holder), cert_registry=store)
    known = ValidationContext(trust_roots=[asn1.Certificate.load(ROOT.der)], crls=list(lists), moment=at)
    how = PdfSignatureMetadata(
        field_name="Firma1",
        md_algorithm="sha512",
        subfilter=SigSeedSubFilter.ADOBE_PKCS7_DETACHED if lists else SigSeedSubFilter.PADES,
        embed_validation_info=bool(lists),
        validation_context=known if lists else None,
    )
    tool = authority._Dated(how, signer, timestamper=stamp)
    tool.at = at
    return bytes(tool.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(paper()))).getvalue())


def test_an_rsa_certificate_signs() -> None:
    """The kind of key that most certificates have, alone and under a second signature; one too short is refused."""
    one = with_tool(rsa_holder())
    assert (look(one).verdict, look(one).reasons) == ("VÁLIDO", ())
    assert look(sign(one, LUIS), previous=one, dni=LUIS).verdict == "VÁLIDO"
    assert look(with_tool(rsa_holder(1024))).reasons == ("weak",)


def test_a_list_of_revocation_may_come_with_the_signature() -> None:
    """Signed by the authority it is believed as one of the folder is; a later one that revokes the certificate wins."""
    good = authority.revocations(ROOT, (), (MADE - timedelta(days=9), MADE + timedelta(days=9)))
    one = with_tool(person(ANA), [good])
    assert look(with_tool(person(ANA)), BARE).reasons == ("no-revocation",)
    assert (look(one, BARE).verdict, look(one, BARE).reasons) == ("VÁLIDO", ())
    later = authority.revocations(ROOT, [person(ANA)], (MADE - timedelta(days=2), MADE + timedelta(days=9)))
    assert look(one, Trust((ROOT.der,), (), (later,))).reasons == ("revoked",)


def test_a_list_of_revocation_must_be_the_authoritys() -> None:
    """One that the signer made in its name says nothing."""
    twin = Holder(authority.root("Autoridad de las pruebas").certificate, person(LUIS).key)
    forged = authority.revocations(twin, (), (MADE - timedelta(days=9), MADE + timedelta(days=9)))
    assert look(with_tool(person(ANA)), Trust((ROOT.der,), (), (forged,))).reasons == ("no-revocation",)


def test_a_time_stamp_is_checked_too() -> None:
    """One of a trusted authority passes; one of another leaves the file undecided."""
    assert (look(with_tool(person(ANA), stamp=stamper(ROOT))).verdict) == "VÁLIDO"
    foreign = look(with_tool(person(ANA), stamp=stamper(authority.root("Autoridad ajena"))))
    assert (foreign.verdict, foreign.reasons) == ("INDETERMINADO", ("timestamp",))
