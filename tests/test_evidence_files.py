"""Files of evidence: their kind is told by content, they are kept once under their hash, and nothing altered is handed out."""

import hashlib
import io
import os
import zipfile
from pathlib import Path

import pytest

from service.documents import Away, Documents, Unkept
from service.filetypes import KINDS, LARGEST, Unfit, media_of
from tests.papers import PDF, office, open_document, png, zipped


@pytest.fixture
def documents(tmp_path: Path) -> Documents:
    """A new place for files."""
    return Documents("", tmp_path)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (PDF, "PDF"),
        (png(), "PNG"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF\0\1" + bytes(40), "JPEG"),
        (office("word/document.xml"), "Word"),
        (office("xl/workbook.xml"), "Excel"),
        (office("ppt/presentation.xml"), "PowerPoint"),
        (open_document("spreadsheet"), "OpenDocument, hoja de cálculo"),
        (open_document("text"), "OpenDocument, texto"),
    ],
)
def test_a_kind_is_told_by_the_content(content: bytes, name: str) -> None:
    """Whatever the file is called."""
    assert KINDS[media_of(content)].name == name


def broken(method: int) -> bytes:
    """An OpenDocument whose first part does not unpack."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text" * 20)
    content = bytearray(made.getvalue())
    start, end = 30 + len("mimetype"), content.index(b"PK\x01\x02")
    content[start:end] = bytes(0xFF - n % 7 for n in range(end - start))
    return bytes(content)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "vacío"),
        (b"hola", "no se acepta"),
        (b"<html><script>alert(1)</script>", "no se acepta"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', "no se acepta"),
        (b"MZ" + bytes(200), "no se acepta"),
        (b"GIF89a" + bytes(20), "no se acepta"),
        (b"PK\x03\x04" + bytes(100), "no se acepta"),
        (zipped(anything="x"), "no se acepta"),
        (zipped(mimetype="text/html"), "no se acepta"),
        *((broken(method), "no se acepta") for method in (zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)),
        (office("xl/workbook.xml", "xl/vbaProject.bin"), "macros"),
        (PDF + bytes(LARGEST), "más de 10 MB"),
    ],
)
def test_what_could_run_or_is_too_large_is_refused_in_words(content: bytes, words: str) -> None:
    """Pages, drawings with scripts, programs, macros and mere containers are no evidence."""
    with pytest.raises(Unfit, match=words):
        media_of(content)


def test_a_container_that_unpacks_to_a_mountain_is_refused() -> None:
    """What it says of its parts is added up before anything is opened."""
    with pytest.raises(Unfit, match="demasiado grande al abrirse"):
        media_of(zipped(**{f"p{n}": "" for n in range(5_001)}))


def test_the_same_content_is_kept_once(documents: Documents) -> None:
    """Under its hash, readable again byte for byte."""
    digest = documents.keep(PDF)
    assert digest == hashlib.sha256(PDF).hexdigest() == documents.keep(PDF)
    assert documents.read(digest) == PDF
    assert documents.folder
    assert [path.name for path in documents.folder.rglob("*") if path.is_file()] == [digest]
    assert documents.folder.stat().st_mode & 0o077 == 0


def test_a_file_is_on_the_disk_before_anything_names_it(documents: Documents, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file and the folders that hold its name are flushed before `keep` returns."""
    flushed = list[str]()
    real = os.fsync

    def note(descriptor: int) -> None:
        flushed.append(Path(f"/proc/self/fd/{descriptor}").resolve().name)
        real(descriptor)

    monkeypatch.setattr(os, "fsync", note)
    digest = documents.keep(PDF)
    assert flushed == [digest, digest[:2], "documentos"]


def test_missing_and_altered_files_are_told_apart(documents: Documents) -> None:
    """An altered file is never handed out; keeping the same content again mends it."""
    assert documents.state("0" * 64) == "missing"
    digest = documents.keep(PDF)
    assert documents.folder
    path = documents.folder / digest[:2] / digest
    path.write_bytes(PDF[:-1] + b"?")
    assert documents.state(digest) == "altered"
    with pytest.raises(Unkept):
        documents.read(digest)
    documents.keep(PDF)
    assert documents.state(digest) == "kept"


def test_a_bucket_that_does_not_answer_is_said_to_be_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An address of another kind is a bucket; without an answer nothing is believed to be kept."""
    for name, value in {"ACCESS_KEY_ID": "x", "SECRET_ACCESS_KEY": "y", "REGION": "none", "ALLOW_HTTP": "true"}.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    bucket = Documents("s3://evidencias/quipu", tmp_path, patience=0)
    assert bucket.folder is None
    with pytest.raises(Away):
        bucket.keep(PDF)


@pytest.mark.long
def test_a_bucket_keeps_files_as_a_folder_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Against a server that speaks S3: kept once under its hash, altered and missing told apart, mended by keeping it again."""
    import boto3  # noqa: PLC0415 — heavy, and only for this test
    from moto.server import ThreadedMotoServer  # noqa: PLC0415 — the same

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        address, region = f"http://{host}:{port}", "us-east-1"
        for name, value in {"ACCESS_KEY_ID": "x", "SECRET_ACCESS_KEY": "y", "REGION": region, "ALLOW_HTTP": "true"}.items():
            monkeypatch.setenv(f"AWS_{name}", value)
        monkeypatch.setenv("AWS_ENDPOINT_URL", address)
        client = boto3.client("s3", endpoint_url=address, region_name=region)
        client.create_bucket(Bucket="evidencias")
        bucket = Documents("s3://evidencias/quipu", tmp_path)
        digest = bucket.keep(PDF)
        assert digest == bucket.keep(PDF)
        assert bucket.read(digest) == PDF
        assert bucket.state("0" * 64) == "missing"
        held = [each["Key"] for each in client.list_objects_v2(Bucket="evidencias")["Contents"]]
        assert held == [f"quipu/{digest[:2]}/{digest}"]
        client.put_object(Bucket="evidencias", Key=held[0], Body=PDF[:-1])
        assert bucket.state(digest) == "altered"
        bucket.keep(PDF)
        assert bucket.state(digest) == "kept"
    finally:
        server.stop()
