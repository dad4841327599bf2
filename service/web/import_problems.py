"""The problems of a workbook folded by kind, so that a thousand of them remain one page."""

import re
from collections import Counter
from collections.abc import Iterable

import msgspec

from service.workbook import Problem, Skipped

_PARTICULAR = re.compile(r"«[^»]*»|\([^)]*\)|\d[\d\u00a0.,]*")


class Kind(msgspec.Struct, frozen=True):
    """Problems that say the same of different cells: the sentence in common, the columns, the problems."""

    sentence: str
    headers: tuple[str, ...]
    problems: tuple[Problem, ...]


def by_kind(problems: Iterable[Problem]) -> list[Kind]:
    """The problems by what they say, the most frequent kind first; a column's name before the sentence is left out."""
    found: dict[str, list[Problem]] = {}
    for problem in problems:
        found.setdefault(_PARTICULAR.sub("…", _bare(problem)), []).append(problem)
    kinds = [
        Kind(_sentence(common, listed), tuple(dict.fromkeys(each.header for each in listed if each.header)), tuple(listed))
        for common, listed in found.items()
    ]
    return sorted(kinds, key=lambda kind: -len(kind.problems))


def _bare(problem: Problem) -> str:
    return problem.message.removeprefix(problem.header).strip()


def _sentence(common: str, listed: list[Problem]) -> str:
    """What all of them say, whole where it is the same for each, else without what is particular."""
    whole = {_bare(each) for each in listed}
    said = whole.pop() if len(whole) == 1 else common
    return said[:1].upper() + said[1:]


def reasons(skipped: Iterable[Skipped]) -> list[tuple[str, int, list[int]]]:
    """Why rows are left out: the reason, how many rows, the first of them."""
    rows: dict[str, list[int]] = {}
    for each in skipped:
        rows.setdefault(each.reason.partition(" (")[0].rstrip(".") + ".", []).append(each.row)
    counts = Counter({reason: len(listed) for reason, listed in rows.items()})
    return [(reason, count, rows[reason][:40]) for reason, count in counts.most_common()]
