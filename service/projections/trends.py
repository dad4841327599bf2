"""How a percentage went, quarter by quarter over years, and where its definition changed: there the two sides do not compare."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

import msgspec

from service.projections.yearly import Quarter


class Point(msgspec.Struct, frozen=True):
    """A quarter of a trend; `changed` says in which subjects its definition differs from that of the last one with data."""

    year: int
    quarter: int
    percent: Decimal | None
    light: str
    official: bool
    definition: Mapping[str, str] = {}
    changed: Mapping[str, tuple[str, str]] = {}


def trend(quarters: Mapping[int, Sequence[Quarter]], line: str = "", area: str = "") -> list[Point]:
    """The points of a unit, by year, for its whole plan or a part of it."""
    return compared(
        Point(year, each.cell.quarter, seen.percent, seen.light, seen.official, each.definition(line))
        for year in sorted(quarters)
        for each in quarters[year]
        for seen in (each.seen(line, area),)
    )


def compared(points: Iterable[Point]) -> list[Point]:
    """The same points, each told where its definition differs from that of the last one that had data."""
    made, last = list[Point](), dict[str, str]()
    for each in points:
        if each.percent is None:
            made.append(each)
            continue
        changed = {subject: (last[subject], now) for subject, now in each.definition.items() if last.get(subject, now) != now}
        made.append(msgspec.structs.replace(each, changed=changed))
        last = dict(each.definition)
    return made
