"""What the DRE might publish next: random changes of its catalogue, some wrong, some made from a version long gone."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from random import Random

from msgspec.structs import replace

from service.aggregates import catalogue_content as cc
from service.aggregates.catalogue import Catalogue, PublishCatalogue
from service.aggregates.plan import Kind
from tests.chance import OBJECTIVES, TEXTS

Change = Callable[[cc.Content, Random], cc.Content]
WEIGHTS = tuple(map(Decimal, ("0", "1", "1", "2.5", "7", "33.33")))
KINDS: tuple[Kind, ...] = ("estratégico", "misional", "soporte")
PERCENTS = tuple(map(Decimal, ("0", "12.5", "50", "70", "90", "99.99", "100")))


def publication(catalogue: Catalogue, number: int) -> PublishCatalogue:
    """The next version; the same number chooses the same."""
    random, content = Random(number), catalogue.content
    for _ in range(random.choice((1, 1, 2, 4))):
        content = random.choice(CHANGES)(content, random)
    base = catalogue.version if random.random() < 0.9 else catalogue.version + 1
    return PublishCatalogue(base=base, reason=random.choice(TEXTS), content=content)


def _weights(content: cc.Content, random: Random) -> cc.Content:
    return replace(content, weights=cc.Weights(*(random.choice(WEIGHTS) for _ in range(3))))


def _scale(content: cc.Content, random: Random) -> cc.Content:
    low, high = (random.choice(PERCENTS) for _ in range(2))
    return replace(content, scale=cc.Scale(fulfilled=high, in_progress=low, label=random.choice(TEXTS)))


def _rule(content: cc.Content, random: Random) -> cc.Content:
    rule = random.choice(content.rules)
    limit = random.choice(PERCENTS) if rule.limit else rule.limit
    return cc.with_rule(content, replace(rule, on=random.random() < 0.8, limit=limit, answer=random.choice((0, 3, 400))))


def _objective(content: cc.Content, random: Random) -> cc.Content:
    code = random.choice((*OBJECTIVES, "OEI.03", "OEI.04"))
    return cc.with_item(content, "objectives", cc.Objective(code=code, instrument="PEI", text=random.choice(TEXTS)))


def _retired(content: cc.Content, random: Random) -> cc.Content:
    kind = random.choice(("objectives", "lines", "deadlines"))
    gone = [item.key for item in getattr(content, kind) if item.key != OBJECTIVES[0]]
    return cc.without(content, kind, random.choice(gone)) if gone else content


def _line(content: cc.Content, random: Random) -> cc.Content:
    kind = random.choice(KINDS)
    return cc.with_item(content, "lines", cc.Line(code=random.choice(("E1", "M1", "S1")), kind=kind, name=random.choice(TEXTS)))


def _deadline(content: cc.Content, random: Random) -> cc.Content:
    quarter, year = random.choice((0, 1, 2, 3, 4)), random.choice((2025, 2026))
    day = date(year, random.choice((4, 7, 12)), 15)
    return cc.with_item(content, "deadlines", cc.Deadline(year=year, step="quarter-report", quarter=quarter, day=day))


CHANGES: tuple[Change, ...] = (_weights, _weights, _scale, _rule, _objective, _retired, _line, _deadline)
