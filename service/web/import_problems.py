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
        said = problem.message.removeprefix(problem.header).strip() if problem.header else problem.message
        found.setdefault(_PARTICULAR.sub("…", said), []).append(problem)
    kinds = [
        Kind(_sentence(common, listed), tuple(dict.fromkeys(each.header for each in listed if each.header)), tuple(listed))
        for common, listed in found.items()
    ]
    return sorted(kinds, key=lambda kind: -len(kind.problems))


def _sentence(common: str, listed: list[Problem]) -> str:
    """One message as it stands, several without what is particular to each."""
    if len({each.message for each in listed}) == 1:
        return listed[0].message
    return common[:1].upper() + common[1:]


def reasons(skipped: Iterable[Skipped]) -> list[tuple[str, int, list[int]]]:
    """Why rows are left out: the reason, how many rows, the first of them."""
    rows: dict[str, list[int]] = {}
    for each in skipped:
        rows.setdefault(each.reason.partition(" (")[0].rstrip(".") + ".", []).append(each.row)
    counts = Counter({reason: len(listed) for reason, listed in rows.items()})
    return [(reason, count, rows[reason][:40]) for reason, count in counts.most_common()]
