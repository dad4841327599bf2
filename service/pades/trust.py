"""The authorities an entity trusts, from a folder: certificates (.crt, .cer, .pem, .der) and lists of revocation (.crl).

A certificate signed by itself is a root; any other only leads to one.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import Encoding

from service.pades.shapes import Trust

T = TypeVar("T")
CERTIFICATES, LISTS = {".crt", ".cer", ".pem", ".der"}, {".crl"}


class Unreadable(Exception):
    """A file of the folder is not what its name says; the message is Spanish."""


def load(folder: Path, *, fetch: bool = False) -> Trust:
    """What the folder holds.

    Raises:
        Unreadable: one of its files cannot be read; half an authority is worse than none.

    """
    roots, between = list[bytes](), list[bytes]()
    for certificate in _read(folder, CERTIFICATES, x509.load_pem_x509_certificate, x509.load_der_x509_certificate):
        (roots if _own(certificate) else between).append(certificate.public_bytes(Encoding.DER))
    lists = [each.public_bytes(Encoding.DER) for each in _read(folder, LISTS, x509.load_pem_x509_crl, x509.load_der_x509_crl)]
    return Trust(tuple(roots), tuple(between), tuple(lists), fetch)


def _read(folder: Path, endings: set[str], pem: Callable[[bytes], T], der: Callable[[bytes], T]) -> Iterator[T]:
    for file in sorted(folder.iterdir()):
        if file.suffix.lower() in endings:
            content = file.read_bytes()
            try:
                yield (pem if b"-----BEGIN" in content else der)(content)
            except ValueError as error:
                message = f"El archivo «{file.name}» de QUIPU_TRUST_ROOTS no se puede leer."
                raise Unreadable(message) from error


def _own(certificate: x509.Certificate) -> bool:
    """Whether it is signed by its own key."""
    try:
        certificate.verify_directly_issued_by(certificate)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True
