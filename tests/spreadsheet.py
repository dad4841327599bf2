"""Works a workbook's formulas out, those few functions that ours use, in the way a spreadsheet does."""

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import openpyxl

REFERENCE = re.compile(r"(?:(\w+)!)?(\$?[A-Z]{1,2}\$?\d+)(:\$?[A-Z]{1,2}\$?\d+)?(?![\w(])")
EQUALS = re.compile(r"(?<![<>=\"])=(?!=)")


def _round(value: float, places: int) -> float:
    exact = Decimal(repr(value)).quantize(Decimal("1E-9"), ROUND_HALF_UP)
    return float(exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))


def _number(value: Any) -> bool:
    return isinstance(value, int | float)


def _count(value: Any) -> int:
    return sum(map(_number, value)) if isinstance(value, list) else int(_number(value))


def _mean(found: list[Any]) -> float:
    numbers = [each for each in found if _number(each)]
    return float(sum(numbers) / len(numbers))


FUNCTIONS: dict[str, Any] = {
    "ROUND": _round,
    "MIN": min,
    "SUM": sum,
    "COUNT": _count,
    "AVERAGE": _mean,
    "SUMPRODUCT": lambda first, second: sum(a * b for a, b in zip(first, second, strict=True)),
    "AVERAGEIFS": lambda found, keys, key: _mean([v for v, k in zip(found, keys, strict=True) if k == key]),
    "COUNTIFS": lambda keys, key, found, _: sum(k == key and _number(v) for k, v in zip(keys, found, strict=True)),
}


def lazy(code: str) -> str:
    """Each IF as a choice of which only the chosen side is worked out."""
    found = re.search(r"(?<![A-Z])IF\(", code)
    if found is None:
        return code
    depth, parts, start = 0, list[str](), found.end()
    for place in range(found.end(), len(code)):
        sign = code[place]
        if depth == 0 and sign in ",)":
            parts.append(code[start:place])
            start = place + 1
            if sign == ")":
                break
        depth += {"(": 1, ")": -1}.get(sign, 0)
    test, yes, no = map(lazy, parts)
    return f"{code[: found.start()]}(({yes}) if ({test}) else ({no})){lazy(code[start:])}"


class Excel:
    """A workbook whose formulas are worked out when they are asked for."""

    def __init__(self, book: openpyxl.Workbook) -> None:
        self.book = book

    def value(self, sheet: str, cell: str) -> Any:
        """What a cell says."""
        raw = self.book[sheet][cell.replace("$", "")].value
        return self._work(sheet, raw[1:]) if isinstance(raw, str) and raw.startswith("=") else raw

    def range(self, sheet: str, span: str) -> list[Any]:
        """What the cells of a range say, row by row."""
        return [self.value(sheet, cell.coordinate) for row in self.book[sheet][span.replace("$", "")] for cell in row]

    def _work(self, sheet: str, formula: str) -> Any:
        def named(found: re.Match[str]) -> str:
            where, start, end = found[1] or sheet, found[2], found[3]
            return f"many({where!r}, {start + end!r})" if end else f"one({where!r}, {start!r})"

        code = lazy(REFERENCE.sub(named, EQUALS.sub("==", formula)))
        return eval(code, {"__builtins__": {}}, {**FUNCTIONS, "one": self.value, "many": self.range})
