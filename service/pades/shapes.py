"""What is asked of the check and what it answers."""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

import msgspec

from service.pades.reasons import REASONS

Word = Literal["VÁLIDO", "NO VÁLIDO", "INDETERMINADO"]


class Expected(msgspec.Struct, frozen=True):
    """Who must have signed: the DNI that the directory has of this person, and the pattern that finds it in a certificate."""

    dni: str
    pattern: str


class Trust(msgspec.Struct, frozen=True):
    """What signatures are measured by, as DER: the roots of the authorities, the certificates between, their lists of revocation."""

    roots: tuple[bytes, ...] = ()
    between: tuple[bytes, ...] = ()
    lists: tuple[bytes, ...] = ()
    fetch: bool = False


class Asked(msgspec.Struct, frozen=True):
    """One file to check."""

    previous: bytes
    upload: bytes
    expected: Expected
    trust: Trust
    at: datetime


class Verdict(msgspec.Struct, frozen=True):
    """What came of it: the reasons as codes, the subject of the certificate, the time that the signature says."""

    verdict: Word
    reasons: tuple[str, ...] = ()
    subject: str = ""
    signed_at: datetime | None = None

    @property
    def sentences(self) -> list[str]:
        """The reasons in words."""
        return [REASONS[each].sentence for each in self.reasons]


def refused(*codes: str) -> Verdict:
    """The verdict of these reasons alone."""
    return judged(codes)


def judged(codes: Iterable[str], subject: str = "", signed_at: datetime | None = None) -> Verdict:
    """The verdict of these reasons: the worst of them decides; without any the file is valid."""
    found = tuple(sorted(set(codes), key=list(REASONS).index))
    words: set[Word] = {REASONS[each].verdict for each in found}
    worst: Word = "NO VÁLIDO" if "NO VÁLIDO" in words else "INDETERMINADO" if words else "VÁLIDO"
    return Verdict(worst, found, subject, signed_at)
