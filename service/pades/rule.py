"""The rule of a signed file, by pyHanko; runs only in the process apart, since a stranger's PDF may ask for anything.

The file is the last accepted bytes and exactly one revision; its last signature covers the whole file; every signature holds;
nothing but a signature was added; who signed is who was expected, with a certificate for signing that leads to a root of ours and
is known not to be revoked. `bottom_line` alone says none of this.
"""

import io
from datetime import timedelta

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY, DiffResult, ModificationLevel
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel

from service.pades import holder
from service.pades.shapes import Asked, Verdict, judged, refused

EMPTY_FORM = {"/Fields": generic.ArrayObject(), "/SigFlags": generic.NumberObject(3)}
TOLERANCE = timedelta(minutes=5)


class _Ends(Exception):
    """What makes any further look useless."""


def apply(asked: Asked) -> Verdict:
    """Look at one file; whatever it holds, an answer comes."""
    try:
        return _look(asked)
    except _Ends as ends:
        return refused(str(ends))
    except MemoryError:
        return refused("too-complex")
    except (PdfError, RecursionError, ValueError, LookupError, TypeError, AttributeError, AssertionError, OSError):
        return refused("broken")


def _look(asked: Asked) -> Verdict:
    before, now = _opened(asked.previous), _grown(asked)
    if now is None:
        return _rewritten(asked)
    earlier, signed = _signatures(before), _signatures(now)
    count = before.xrefs.total_revisions
    starts = [now.xrefs.get_startxref_for_revision(n) for n in range(min(count, now.xrefs.total_revisions))]
    if starts != [before.xrefs.get_startxref_for_revision(n) for n in range(count)]:
        return refused("other-file")
    if len(signed) <= len(earlier):
        return refused("unsigned")
    last = signed[-1]
    found = set[str]()
    if now.xrefs.total_revisions != count + 1:
        found.add("revisions")
    if len(signed) != len(earlier) + 1 or last.signed_revision != now.xrefs.total_revisions - 1:
        found.add("several")
    if not _covers(last, len(asked.upload)):
        found.add("after")
    if not _only_signed(now, count - 1, last.fq_name):
        found.add("changed")
    return _with_holder(asked, last, signed[:-1], found)


def _with_holder(asked: Asked, last: EmbeddedPdfSignature, others: list[EmbeddedPdfSignature], found: set[str]) -> Verdict:
    """The verdict, once it is known who signed last and with what."""
    certificate = last.signer_cert
    mine = holder.identity(certificate, asked.expected.pattern)
    if not asked.expected.dni:
        found.add("no-dni")
    elif not mine:
        found.add("no-identity")
    elif mine != asked.expected.dni:
        found.add("other-person")
    if mine and mine in {holder.identity(each.signer_cert, asked.expected.pattern) for each in others}:
        found.add("twice")
    reasons, signed_at = holder.judge(last, asked.trust, asked.at)
    if not reasons and any(holder.judge(each, asked.trust, asked.at)[0] for each in others):
        found.add("earlier")
    if signed_at is not None and signed_at > asked.at + TOLERANCE:
        found.add("future")
    return judged(found | reasons, holder.subject(certificate), signed_at)


def _opened(content: bytes) -> PdfFileReader:
    reader = PdfFileReader(io.BytesIO(content), strict=True)
    if reader.encrypted:
        raise _Ends("encrypted")
    return reader


def _rewritten(asked: Asked) -> Verdict:
    """The verdict of a file that its tool wrote again: who signed is looked at all the same, what it says only a person can."""
    *others, last = _signatures(_opened(asked.upload))
    found = {"rewritten"} | ({"several"} if others else set())
    if not _covers(last, len(asked.upload)):
        found.add("after")
    return _with_holder(asked, last, others, found)


def _grown(asked: Asked) -> PdfFileReader | None:
    """The file as a reader, once it begins with the bytes accepted last; None where the signer's tool wrote it again.

    Raises:
        _Ends: it is neither.

    """
    previous, upload = asked.previous, asked.upload
    if upload == previous:
        raise _Ends("unsigned")
    if upload.startswith(previous):
        return _opened(upload)
    if previous.startswith(upload) and len(upload) > 0:
        raise _Ends("stripped" if _whole(upload) else "broken")
    found = _opened(upload)
    same = _first_id(found) and _first_id(found) == _first_id(_opened(previous))
    if same and _signatures(found) and not _signatures(_opened(previous)):
        return None
    raise _Ends("other-file")


def _whole(content: bytes) -> bool:
    return content.rstrip().endswith(b"%%EOF")


def _first_id(reader: PdfFileReader) -> bytes:
    """The name that a PDF keeps for life, however it is saved."""
    return reader.document_id[0] if "/ID" in reader.trailer else b""


def _signatures(reader: PdfFileReader) -> list[EmbeddedPdfSignature]:
    """Every signature, the oldest first.

    Raises:
        _Ends: one is in a format that nobody here can check, and would not be seen.

    """
    found = list(reader.embedded_signatures)
    if len(found) != len(list(enumerate_sig_fields(reader, filled_status=True))):
        raise _Ends("unsupported")
    return found


def _covers(last: EmbeddedPdfSignature, size: int) -> bool:
    """Whether the signature covers the whole file, but for itself."""
    zone = [int(each) for each in last.byte_range]
    gap = len(last.pkcs7_content) * 2 + 2
    whole = last.evaluate_signature_coverage() == SignatureCoverageLevel.ENTIRE_FILE
    return whole and zone[0] == 0 and zone[2] == zone[1] + gap and zone[2] + zone[3] == size


def _only_signed(reader: PdfFileReader, base: int, field: str) -> bool:
    """Whether nothing but this signature was added after the revision `base`."""
    old = reader.get_historical_resolver(base)
    if "/AcroForm" not in old.root:  # a document without a form is one whose form is empty: pyHanko compares it then
        old.root["/AcroForm"] = generic.DictionaryObject(EMPTY_FORM)
    seen = DEFAULT_DIFF_POLICY.review_file(reader, old)
    if not isinstance(seen, DiffResult):
        return False
    return seen.modification_level <= ModificationLevel.FORM_FILLING and seen.changed_form_fields <= {field}
