"""What a code leads to: one text of a commitment with its signatures and what became of it, or a closed acta."""

from datetime import datetime
from typing import Any

import msgspec
from psycopg import Connection

from service.projections import LATEST
from service.projections import commitment_page as c
from service.projections import session_page as s
from service.projections.reading import one


class Receipt(msgspec.Struct, frozen=True):
    """Where the code leads."""

    stream: str
    kind: str
    number: int
    version: int


class Text(msgspec.Struct, frozen=True):
    """One text of a commitment: the commitment as it stood then and as it stands in its last year, and what was done with the text."""

    first: c.Commitment
    it: c.Commitment
    text: c.Version
    signatures: tuple[c.Signature, ...]

    @property
    def given(self) -> dict[str, c.Signature]:
        """What was done with the text, by charge."""
        return {each.charge: each for each in self.signatures}

    @property
    def state(self) -> str:
        """What became of the text; a word of `STATES` in `web/verifying.py`."""
        it, number = self.it, self.text.version
        if any(each.status == "declined" for each in self.signatures):
            return "declined"
        if number == it.waiting:
            return "waiting"
        if number == it.version:
            return it.status
        return "replaced" if number < it.version else "ended"


class Acta(msgspec.Struct, frozen=True):
    """A closed acta: its session, who closed it in which charge, and how many errata were recorded later."""

    it: s.Session
    closed_at: datetime
    person: str
    charge: str
    position: int
    errata: int


def find(connection: Connection[Any], code: str) -> Receipt | None:
    """Where a code leads, if anywhere."""
    query = "select stream, kind, number, version from read.receipt where code = %(code)s and to_pos > %(at)s order by from_pos"
    return one(connection, Receipt, query, code=code, at=LATEST)


def text(connection: Connection[Any], found: Receipt) -> Text | None:
    """The text of a commitment, followed through the years in which it went on."""
    first = it = c.commitment(connection, LATEST, found.stream, found.number)
    while it is not None and it.carried_to:
        it = c.onward(connection, LATEST, it)
    if first is None or it is None:
        return None
    texts, done = c.versions(connection, LATEST, it), c.signatures(connection, LATEST, it)
    if found.version not in texts:
        return None
    signed = done.get(found.version, {})
    return Text(first, it, texts[found.version], tuple(sorted(signed.values(), key=lambda each: each.from_pos)))


def acta(connection: Connection[Any], found: Receipt) -> Acta | None:
    """The closed acta."""
    it = s.session(connection, LATEST, found.stream, found.number)
    if it is None or it.closed_at is None:
        return None
    query = "select person, charge, from_pos from read.history where stream = %s and type = 'minutes-closed' and at = %s"
    row = connection.execute(query, [found.stream, it.closed_at]).fetchone()
    person, charge, position = row or ("", "", it.position)
    return Acta(it, it.closed_at, person, charge, position, len(s.errata(connection, LATEST, found.stream, found.number)))


def paper(connection: Connection[Any], name: str) -> str:
    """The hash of the paper that was made once under this name; empty while nobody asked for it."""
    row = connection.execute("select sha256 from people.paper where name = %s", [name]).fetchone()
    return str(row[0]) if row else ""
