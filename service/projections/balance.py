"""The annual balance to read, and what became of last year's open items."""

from service.aggregates import balance as b
from service.projections import BIGINT, TEXT, TEXTS, Projection, Row, Table
from service.record import Recorded

BALANCE = Table(
    "balance",
    {"stream": "text"},
    {
        "status": TEXT,
        "achievements": TEXT,
        "difficulties": TEXT,
        "recommendations": TEXT,
        "submitter": TEXT,
        "cutoff": BIGINT,
        "open_items": TEXTS,
    },
)
DISPOSITION = Table("disposition", {"stream": "text", "item": "text"}, {"decision": TEXT, "reason": TEXT})
TABLES = (BALANCE, DISPOSITION)


def _balance(r: Recorded, **values: object) -> list[Row]:
    return [Row(BALANCE, (r.stream,), values)]


def _submitted(r: Recorded) -> list[Row]:
    e: b.BalanceSubmitted = r.fact.event
    words = {"achievements": e.achievements, "difficulties": e.difficulties, "recommendations": e.recommendations}
    return _balance(r, status="submitted", submitter=r.fact.person, **words)


PROJECTORS: dict[type, Projection] = {
    b.BalanceSubmitted: _submitted,
    b.BalanceApproved: lambda r: _balance(r, status="approved"),
    b.BalanceClosed: lambda r: _balance(r, status="closed", cutoff=r.fact.event.cutoff, open_items=r.fact.event.open_items),
    b.ItemDisposed: lambda r: [
        Row(
            DISPOSITION,
            (r.stream, r.fact.event.item),
            {"decision": r.fact.event.decision, "reason": r.fact.event.reason},
            fresh=True,
        )
    ],
}
