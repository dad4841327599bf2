"""What clients were told is done, compared with the record: each command once, and with the content that was sent."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from decimal import Decimal

import msgspec

from service.aggregates.quarter import QuarterSubmitted
from service.aggregates.quarter_progress import ProgressRecorded
from service.ledger import Ledger


class Sent(msgspec.Struct, frozen=True):
    """What a client asked for and was told is done: a figure of a task, or without one the whole quarter."""

    stream: str
    quarter: int
    task: int = 0
    executed: Decimal = Decimal(0)


class Compared(msgspec.Struct):
    """How many were acknowledged, and how many of them the record lacks, has more than once, or has otherwise."""

    acknowledged: int
    lost: int = 0
    twice: int = 0
    otherwise: int = 0

    @property
    def wrong(self) -> bool:
        """Whether a client was told what is not so."""
        return bool(self.lost or self.twice or self.otherwise)

    def __str__(self) -> str:
        found = f"lost {self.lost}, twice {self.twice}, otherwise {self.otherwise}"
        return f"{self.acknowledged} commands acknowledged; of them {found}"


def compare(ledger: Ledger, told: dict[str, Sent], streams: Iterable[str]) -> Compared:
    """Look each acknowledged command up by its id, and count what it asked for in the events of the whole year."""
    by_command, contents = defaultdict[str, list[Sent]](list), Counter[Sent]()
    for stream in streams:
        for recorded in ledger.facts(stream):
            content = _content(stream, recorded.fact.event)
            if content:
                by_command[recorded.fact.command].append(content)
                contents[content] += 1
    asked, it = Counter(told.values()), Compared(len(told))
    for command, sent in told.items():
        found = by_command.get(command, [])
        it.lost += not found
        it.twice += len(found) > 1 or contents[sent] > asked[sent]
        it.otherwise += len(found) == 1 and found[0] != sent
    return it


def _content(stream: str, event: object) -> Sent | None:
    match event:
        case ProgressRecorded():
            return Sent(stream, event.quarter, event.task, event.executed)
        case QuarterSubmitted():
            return Sent(stream, event.quarter)
    return None
