"""An attaching process: `python -m tests.attaching URL FOLDER` keeps a file for each number it is told, says so, and records it when told to.

What the page of evidence does in one breath (file first, then the fact that names it) stops here between the two, so that it can be killed.
"""

import sys
from pathlib import Path
from typing import Any

from service import filetypes
from service.aggregates.evidence import AttachEvidence
from service.documents import Documents
from tests.door import STREAM, door
from tests.papers import PDF
from tests.stories import SPECIALIST


def paper(number: int) -> bytes:
    """A document like no other, large enough to take a moment."""
    return PDF + str(number).encode() * 400_000


def main(url: str, folder: str) -> None:
    """A number keeps its file and is answered «kept»; the next line records it and is answered with its position."""
    documents = Documents(folder, Path(folder))
    with door(url) as ledger:
        for line in sys.stdin:
            content = paper(int(line))
            file: dict[str, Any] = {"media": filetypes.media_of(content), "size": len(content), "digest": documents.keep(content)}
            sys.stdout.write("kept\n")
            sys.stdout.flush()
            if not sys.stdin.readline():
                return
            command = AttachEvidence(quarter=1, task=1, **file)
            done = ledger.carry_out(SPECIALIST.id, STREAM, command, command_id=f"adjunto-{int(line)}")
            sys.stdout.write(f"{done.last}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
