"""What the demo needs to sign from outside: a DNI for each account, the demo's authority in a folder, a key for each account.

The keys protect nothing; the numbers are nobody's. The folder can be deleted: the next start of the demo makes it again.
"""

from collections.abc import Sequence
from pathlib import Path

import psycopg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding
from cryptography.hazmat.primitives.serialization.pkcs12 import load_key_and_certificates, serialize_key_and_certificates

from service import outside, people
from service.demo import authority
from service.demo.cast import PASSWORD, Member

READ_ME = f"""Autoridad de demostración: no vale fuera de la demostración.
raiz.crt y lista.crl son lo que la demostración reconoce; personas/ tiene un certificado con su llave (.p12) por cuenta.
La clave de cada .p12 es {PASSWORD}
Para firmar un PDF sin otro programa: quipu demo-sign compromiso.pdf --as ugel.director
"""


def number(place: int) -> str:
    """The DNI of the account in this place of the list: one that nobody has."""
    return f"{place:08}"


def holder(member: Member, place: int) -> authority.Holder:
    """The certificate of an account."""
    return authority.issue(authority.root(), f"{member.name} (DEMOSTRACIÓN)", f"PNOPE-{number(place)}")


class Unknown(Exception):
    """The folder has no certificate of that account."""


def read(folder: Path, usuario: str) -> authority.Holder:
    """The certificate of an account with its key, from the folder of a demo.

    Raises:
        Unknown: there is none.

    """
    file = folder / "personas" / f"{usuario}.p12"
    if "/" in usuario or not file.is_file():
        raise Unknown(usuario)
    key, certificate, _ = load_key_and_certificates(file.read_bytes(), PASSWORD.encode())
    assert certificate is not None  # noqa: S101 — as `furnish` wrote it
    assert isinstance(key, Ed25519PrivateKey)  # noqa: S101 — the same
    return authority.Holder(certificate, key)


def furnish(service_url: str, folder: Path, accounts: Sequence[Member]) -> None:
    """Make what is missing."""
    with psycopg.connect(service_url, autocommit=True) as connection:
        ids = people.ids(connection, (member.usuario for member in accounts))
        for place, member in enumerate(accounts, start=1):
            if member.usuario in ids and not outside.dni(connection, ids[member.usuario]):
                outside.set_dni(connection, ids[member.usuario], number(place))
    if folder.is_dir():
        return
    root = authority.root()
    (folder / "personas").mkdir(parents=True)
    (folder / "LEAME.txt").write_text(READ_ME, encoding="utf-8")
    for place, member in enumerate(accounts, start=1):
        made, secret = holder(member, place), BestAvailableEncryption(PASSWORD.encode())
        content = serialize_key_and_certificates(member.usuario.encode(), made.key, made.certificate, [root.certificate], secret)
        (folder / "personas" / f"{member.usuario}.p12").write_bytes(content)
    (folder / "lista.crl").write_bytes(authority.revocations(root))
    (folder / "raiz.crt").write_bytes(root.certificate.public_bytes(Encoding.PEM))
