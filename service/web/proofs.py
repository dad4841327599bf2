"""What the public page of a code stands on besides the tables: the names of papers, the passkeys' answers, and who only guesses."""

from typing import TYPE_CHECKING, Any

import msgspec

from service.aggregates.assertion import DOMAIN
from service.aggregates.commitment_signing import CommitmentSigned

if TYPE_CHECKING:
    from service.projections import receipt_page as read
    from service.web.page import Req

GUESSES = 20
WINDOW = "15 minutes"


def paper_of(told: "read.Text") -> str:
    """The name under which the PDF of a text is kept (`commitment_paper.made`)."""
    stream = told.it.root.removeprefix("unit/").replace("/", "-")
    return f"compromiso-{stream}-{told.it.first}-v{told.text.version}"


def acta_of(told: "read.Acta") -> str:
    """The name under which the PDF of a closed acta is kept."""
    it = told.it
    return f"acta-{'region' if it.regional else it.code}-{it.year}-{it.session}"


def given(request: "Req", told: "read.Text") -> list[dict[str, Any]]:
    """Each passkey's answer to this text, with what it was asked: all that anybody needs, and no name."""
    ledger, made = request.app.state.ledger, list[dict[str, Any]]()
    keys = ledger.standing().keys
    for each in told.signatures:
        if each.method != "llave de acceso":
            continue
        with request.app.state.database.snapshot() as connection:
            query = "select stream, version from read.history where from_pos = %s"
            stream, ordinal = connection.execute(query, [each.from_pos]).fetchone() or ("", 0)
        recorded = next(iter(ledger.facts(stream, after=ordinal - 1, upto=each.from_pos)))
        event: CommitmentSigned = recorded.fact.event
        assert event.proof  # noqa: S101 — the method says so
        said = {"document": event.document, "signatory": recorded.fact.person, "charge": event.charge, "stream": stream}
        said |= {"commitment": event.commitment, "version": event.version, "nonce": event.proof.nonce}
        frame = {
            "fact": each.from_pos,
            "recorded": recorded.fact.at,
            "domain": DOMAIN.decode(),
            "site": keys[event.proof.key].site,
        }
        made.append({**frame, "statement": said, "answer": msgspec.structs.asdict(event.proof)})
    return made


def guessed(request: "Req", address: str) -> bool:
    """Count a code that led nowhere; whether too many came from this address of late."""
    with request.app.state.database.connection() as connection:
        connection.execute("delete from people.lookup where at < now() - interval '1 day'")
        row = connection.execute(
            f"with counted as (insert into people.lookup (address) values (%(address)s))"
            f" select count(*) from people.lookup where address = %(address)s and at > now() - interval '{WINDOW}'",
            {"address": address},
        ).fetchone()
    return bool(row and row[0] >= GUESSES)
