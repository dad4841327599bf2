"""One Markdown table out of all rounds: medians, and ours beside the best of the others."""

from statistics import median
from typing import NamedTuple

from bench.peers import NAMES


class Row(NamedTuple):
    """A measure as the table shows it; `goal` is what ours ÷ best should reach."""

    key: str
    title: str
    higher: bool
    goal: str


ROWS = (
    Row("change p50", "one audited change, read model included, p50 (ms)", higher=False, goal="≤ 0.6"),
    Row("change p99", "the same, p99 (ms)", higher=False, goal=""),
    Row("heavy p50", "a change of an item with 10,000 changes, p50 (ms)", higher=False, goal="no growth"),
    Row("heavy p99", "the same, p99 (ms)", higher=False, goal=""),
    Row("history", "history of 10,000 changes, decoded (ms)", higher=False, goal="≤ 0.5"),
    Row("as-of one", "value of that item at a date (ms)", higher=False, goal=""),
    Row("as-of 390", "values of 390 items at a date (ms)", higher=False, goal="≤ 1"),
    Row("crowd units", "changes/s, 4 processes, a unit each", higher=True, goal="≥ 1.5"),
    Row("crowd unit", "changes/s, 4 processes, one unit", higher=True, goal=""),
    Row("fold", "replay: events/s folded into state", higher=True, goal="≥ 300,000/s"),
    Row("rebuild", "rebuild: events/s into all read tables", higher=True, goal="≥ 60,000/s"),
)


def number(value: float | None) -> str:
    """Write a number with three significant digits, thousands apart; a dash for what does not exist."""
    if value is None:
        return "–"
    digits = 0 if value >= 100 else 1 if value >= 10 else 2
    return f"{value:,.{digits}f}"


def markdown(results: dict[str, list[dict[str, float]]]) -> str:
    """Draw the table; `results` holds the rounds of each peer by module name."""
    modules = [module for module in NAMES if module in results]
    head = ["the same work", *(NAMES[module] for module in modules), "ours ÷ best of the others", "goal"]
    lines = [f"| {' | '.join(head)} |", f"|---|{'---:|' * (len(head) - 2)}---|"]
    for row in ROWS:
        values = {module: _median(results[module], row.key) for module in modules}
        cells = [row.title, *(number(value) for value in values.values()), _ratio(values, higher=row.higher), row.goal]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _median(rounds: list[dict[str, float]], key: str) -> float | None:
    found = [one[key] for one in rounds if key in one]
    return median(found) if found else None


def _ratio(values: dict[str, float | None], *, higher: bool) -> str:
    ours = values.get("ours")
    others = [value for module, value in values.items() if module != "ours" and value is not None]
    if ours is None or not others:
        return "–"
    return f"{number(ours / (max(others) if higher else min(others)))} ×"
