"""The files of a commitment's reports and declarations: those of one commitment, and all that the record names."""

from datetime import datetime
from typing import Any, LiteralString

from psycopg import Connection

from service.projections.commitment_page import Commitment, places
from service.projections.reading import HOLDS, InYear, rows


class File(InYear, frozen=True):
    """A file attached to a report or a declaration, known by its hash; `stream` and `commitment` are where it was attached."""

    commitment: int
    file: str
    media: str
    size: int
    author: str
    charge: str
    at: datetime
    from_pos: int

    @property
    def href(self) -> str:
        """Where it is handed out."""
        return f"/compromisos/{self.code}-{self.year}-{self.commitment}/archivos/{self.file}"


def of(connection: Connection[Any], at: int, it: Commitment) -> list[File]:
    """The files attached to its reports and declarations, in whatever year that was, the first one first."""
    found = list[File]()
    for stream, number in places(connection, at, it):
        query: LiteralString = f"""select stream, commitment, file, media, size, author, charge, at, from_pos
          from read.commitment_file where stream = %(stream)s and commitment = %(number)s and {HOLDS}"""
        found += rows(connection, File, query, at=at, stream=stream, number=number)
    return sorted(found, key=lambda each: each.from_pos)


def named(connection: Connection[Any]) -> list[tuple[str, int, str]]:
    """Every file of reports that the record names: the stream and number of the commitment, and the hash."""
    return connection.execute("select stream, commitment, file from read.commitment_file_now order by 1, 2, 3").fetchall()
