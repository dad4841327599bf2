"""What kind of file an evidence is, told by its content; its name is never believed.

Only kinds that nobody's browser or office program runs are accepted: no pages, no drawings with scripts, no macros.
"""

import io
import lzma
import zipfile
import zlib

import msgspec
import puremagic

LARGEST = 10_000_000
MOST_PARTS = 5_000
LARGEST_CONTENT = 500_000_000
ACCEPTED = "PDF, JPEG, PNG, TIFF, Word (.docx), Excel (.xlsx), PowerPoint (.pptx) u OpenDocument (.odt, .ods, .odp)"
OFFICE = "application/vnd.openxmlformats-officedocument."
OPEN = "application/vnd.oasis.opendocument."


class Unfit(Exception):
    """A file that is not accepted; `sentence` is Spanish and final, `large` says that its size is why."""

    def __init__(self, sentence: str, *, large: bool = False) -> None:
        super().__init__(sentence)
        self.sentence, self.large = sentence, large


class Kind(msgspec.Struct, frozen=True):
    """A kind of file: what it is called on screen, and how its name ends."""

    name: str
    ending: str


KINDS = {
    "application/pdf": Kind("PDF", "pdf"),
    "image/jpeg": Kind("JPEG", "jpg"),
    "image/png": Kind("PNG", "png"),
    "image/tiff": Kind("TIFF", "tif"),
    OFFICE + "wordprocessingml.document": Kind("Word", "docx"),
    OFFICE + "spreadsheetml.sheet": Kind("Excel", "xlsx"),
    OFFICE + "presentationml.presentation": Kind("PowerPoint", "pptx"),
    OPEN + "text": Kind("OpenDocument, texto", "odt"),
    OPEN + "spreadsheet": Kind("OpenDocument, hoja de cálculo", "ods"),
    OPEN + "presentation": Kind("OpenDocument, presentación", "odp"),
}
MAIN_PARTS = {
    "word/document.xml": OFFICE + "wordprocessingml.document",
    "xl/workbook.xml": OFFICE + "spreadsheetml.sheet",
    "ppt/presentation.xml": OFFICE + "presentationml.presentation",
}
HEAD = 4_096


def media_of(content: bytes) -> str:
    """The media type of a file's content, one of `KINDS`.

    Raises:
        Unfit: empty, too large, or of no kind that is accepted.

    """
    if not content:
        raise Unfit("El archivo está vacío. Elija otro.")
    if len(content) > LARGEST:
        raise Unfit("El archivo pesa más de 10 MB. Redúzcalo o divídalo y vuelva a adjuntarlo.", large=True)
    media = _zipped(content) if content.startswith(b"PK\x03\x04") else _plain(content)
    if media not in KINDS:
        raise Unfit(f"Ese tipo de archivo no se acepta. Adjunte {ACCEPTED}.")
    return media


def _plain(content: bytes) -> str:
    """The kind that the first bytes tell."""
    try:
        return puremagic.from_string(content[:HEAD], mime=True)
    except (puremagic.PureError, ValueError):
        return ""


def _zipped(content: bytes) -> str:
    """The kind of a zip container, by the parts it holds."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_CONTENT:
                raise Unfit("El contenido del archivo es demasiado grande al abrirse. Guárdelo de nuevo, más pequeño.")
            names = {part.filename.casefold() for part in parts}
            if any(name.endswith(("vbaproject.bin", ".exe", ".js")) or name.startswith(("basic/", "scripts/")) for name in names):
                raise Unfit("El archivo contiene macros. Guárdelo sin macros o como PDF y vuelva a adjuntarlo.")
            if "[content_types].xml" in names:
                return next((media for part, media in MAIN_PARTS.items() if part in names), "")
            return archive.read("mimetype").decode("ascii") if archive.getinfo("mimetype").file_size < HEAD else ""
    except (
        zipfile.BadZipFile,
        KeyError,
        UnicodeDecodeError,
        NotImplementedError,
        RuntimeError,
        OSError,
        ValueError,
        EOFError,
        zlib.error,
        lzma.LZMAError,
    ):
        return ""
