"""kill -9 around an upload: between its file and its fact, while the file is written, after the fact and before the answer."""

import hashlib
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from service.documents import Documents
from service.projections import evidence_page
from tests.attaching import paper
from tests.conftest import TestDatabase
from tests.door import STREAM, Door, contiguous, door

Process = subprocess.Popen[str]


@pytest.fixture
def ledger(staffed_database: TestDatabase) -> Iterator[Door]:
    """A year with an approved plan."""
    with door(staffed_database.service_url) as opened:
        yield opened.approve()


@contextmanager
def attaching(database: TestDatabase, folder: Path) -> Iterator[Process]:
    """A process that attaches; at the end it is killed, whatever it is doing."""
    arguments = [sys.executable, "-m", "tests.attaching", database.service_url, str(folder)]
    with subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def tell(process: Process, line: str) -> None:
    """Say a line to it, without waiting for the answer."""
    assert process.stdin
    process.stdin.write(line + "\n")
    process.stdin.flush()


def ask(process: Process, line: str) -> str:
    """Say a line and hear the answer."""
    assert process.stdout
    tell(process, line)
    return process.stdout.readline().strip()


def check(ledger: Door, folder: Path, *numbers: int) -> None:
    """These uploads are in the record, once each and with their files; rows and positions are whole."""
    with ledger.database.snapshot() as connection:
        named = evidence_page.named(connection)
    expected = [hashlib.sha256(paper(number)).hexdigest() for number in numbers]
    assert [(stream, digest) for stream, _, digest in named] == [(STREAM, digest) for digest in expected]
    documents = Documents(str(folder), folder)
    assert [documents.state(digest) for digest in expected] == ["kept"] * len(numbers)
    assert contiguous(ledger.positions())
    assert ledger.differences() == []


def test_a_kill_between_file_and_fact_leaves_no_evidence_and_the_second_try_makes_one(
    ledger: Door, staffed_database: TestDatabase, tmp_path: Path
) -> None:
    """The file lies there and nobody names it; sent again it is kept once; a fact whose answer was lost is told as done."""
    with attaching(staffed_database, tmp_path) as process:
        assert ask(process, "1") == "kept"
    check(ledger, tmp_path)
    assert len([each for each in tmp_path.rglob("*") if each.is_file()]) == 1, "the premise: the file was there already"
    with attaching(staffed_database, tmp_path) as process:
        assert ask(process, "1") == "kept"
        position = ask(process, "record")
        assert ask(process, "1") == "kept"
        assert ask(process, "record") == position
    check(ledger, tmp_path, 1)
    assert len([each for each in tmp_path.rglob("*") if each.is_file()]) == 1


@pytest.mark.long
def test_kills_at_any_moment_of_an_upload_leave_it_whole_or_not_at_all(
    ledger: Door, staffed_database: TestDatabase, tmp_path: Path
) -> None:
    """Whatever the moment was, the same upload sent again is there once, with its file."""
    chance, moments = random.Random(13), set[bool]()
    for number in range(1, 5):
        with attaching(staffed_database, tmp_path) as process:
            assert ask(process, str(100 + number)) == "kept", "it is warm"
            tell(process, "record")
            tell(process, str(number))
            tell(process, "record")
            time.sleep(chance.random() * 0.03)
        with ledger.database.snapshot() as connection:
            moments.add(len(evidence_page.named(connection)) == 2 * number)
        with attaching(staffed_database, tmp_path) as process:
            for each in (100 + number, number):
                assert ask(process, str(each)) == "kept"
                assert ask(process, "record").isdecimal()
        check(ledger, tmp_path, *(each for n in range(1, number + 1) for each in (100 + n, n)))
    assert False in moments, "the premise: some kill came before its fact"
