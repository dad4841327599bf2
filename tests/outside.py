"""A PKI made for the tests, with the pen of the demo's: a root, people with certificates, lists of revocation, papers to sign."""

import io
from datetime import UTC, datetime, timedelta
from functools import cache

import pikepdf
import typst
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader

from service.demo import authority
from service.demo.authority import Holder
from service.pades import Expected, Trust

ANA, LUIS = "00000091", "00000092"
PATTERN = r"^serial_number=PNOPE-(\d{8})$"
MADE = datetime(2026, 11, 1, 12, tzinfo=UTC)
NOW = MADE + timedelta(days=2)
ROOT = authority.root("Autoridad de las pruebas")
TRUST = Trust((ROOT.der,), (), (authority.revocations(ROOT),))


@cache
def paper(text: str = "Compromiso") -> bytes:
    """A PDF/A as Quipu makes them."""
    source = f'#set document(title: "{text}")\n= {text}'.encode()
    return bytes(typst.compile(source, pdf_standards=["a-2a", "ua-1"], timestamp=MADE))


@cache
def person(dni: str) -> Holder:
    """The certificate of a person."""
    return authority.issue(ROOT, f"PERSONA DE PRUEBA {dni}", f"PNOPE-{dni}")


def sign(content: bytes, holder: Holder | str = ANA, at: datetime = MADE) -> bytes:
    """The PDF, signed by a person in a field of its own."""
    holder = person(holder) if isinstance(holder, str) else holder
    field = f"Firma{len(PdfFileReader(io.BytesIO(content)).embedded_signatures) + 1}"
    return authority.sign(content, holder, field, at)


def rewrite(content: bytes) -> bytes:
    """The same document as a tool saves it that writes it again from the start."""
    made = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        pdf.save(made, normalize_content=True)
    return made.getvalue()


def expected(dni: str = ANA) -> Expected:
    """The person who must have signed."""
    return Expected(dni, PATTERN)


def add_page(writer: IncrementalPdfFileWriter) -> None:
    """Put one page more into the document."""
    page = writer.root["/Pages"]["/Kids"][0]
    more = writer.add_object(generic.DictionaryObject({name: page.raw_get(name) for name in page if name != "/Annots"}))
    writer.root["/Pages"]["/Kids"].append(more)
    writer.root["/Pages"]["/Count"] = generic.NumberObject(2)
    writer.update_container(writer.root["/Pages"]["/Kids"])


def swap_words(writer: IncrementalPdfFileWriter) -> None:
    """Show other words on the first page: the shadow attack that replaces."""
    page = writer.root["/Pages"]["/Kids"][0]
    page["/Contents"] = writer.add_object(generic.StreamObject(stream_data=b"BT /F1 12 Tf (Otra cosa) Tj ET"))
    writer.update_container(page)


def cover(writer: IncrementalPdfFileWriter) -> None:
    """Lay a note over the page: the shadow attack that hides."""
    page = writer.root["/Pages"]["/Kids"][0]
    corners = generic.ArrayObject(map(generic.NumberObject, (0, 0, 600, 800)))
    note = generic.DictionaryObject({"/Type": generic.NameObject("/Annot"), "/Subtype": generic.NameObject("/Square")})
    note["/Rect"] = corners
    page["/Annots"] = generic.ArrayObject([writer.add_object(note)])
    writer.update_container(page)
