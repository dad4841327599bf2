"""Two people change one item: what each of them touched is told apart field by field, and nothing is overwritten unseen.

A command that replaces values carries `seen`, the values its author had on screen. What he left as he saw it stays as it stands
now; what he changed and nobody else did, holds; what both changed, to different values, is refused as a `Clash`: he looks at both
and sends again, having seen. A command without `seen` replaces whatever stands. Values of a list are fields of their own: `months-3`.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from service.aggregates import Refused

Values = Mapping[str, Any]
SENTENCE = "Mientras usted escribía, otra persona cambió lo mismo. Compare y elija."


class Clash(Refused):
    """Both changed these fields, named as the inputs of a form name them."""

    def __init__(self, fields: tuple[str, ...]) -> None:
        super().__init__(SENTENCE)
        self.fields = fields


def flat(values: Values) -> dict[str, Any]:
    """The values one by one: `months` becomes `months-0` … `months-11`."""
    return dict(_each(values))


def _each(values: Values) -> Iterator[tuple[str, Any]]:
    for name, value in values.items():
        if isinstance(value, tuple | list):
            yield from ((f"{name}-{place}", each) for place, each in enumerate(value))
        else:
            yield name, value


def clashes(seen: Values, stands: Values, wanted: Values) -> tuple[str, ...]:
    """The fields that somebody else changed from `seen` to another value than is `wanted`."""
    was, now = flat(seen), flat(stands)
    return tuple(n for n, value in _each(wanted) if value != was.get(n, now[n]) and now[n] not in (was.get(n, now[n]), value))


def merge(seen: Values | None, stands: Values, wanted: Values) -> dict[str, Any]:
    """What holds after a change from `seen` to `wanted` on what `stands` now; all three name the same fields.

    Raises:
        Clash: somebody else changed to another value what this change touches too.

    """
    if seen is None:
        return dict(wanted)
    clashing = clashes(seen, stands, wanted)
    if clashing:
        raise Clash(clashing)
    was, now = flat(seen), flat(stands)
    merged = {name: now[name] if value == was.get(name, now[name]) else value for name, value in _each(wanted)}
    return {
        name: tuple(merged[f"{name}-{place}"] for place in range(len(value))) if isinstance(value, tuple) else merged[name]
        for name, value in wanted.items()
    }


def united(seen: Collection[str] | None, stands: Collection[str], wanted: Collection[str]) -> tuple[str, ...]:
    """What a set holds after a change from `seen` to `wanted` on what `stands` now: no two such changes contradict each other.

    What the author added and what another added are there, what either took away is not; without `seen` it is what is wanted.
    """
    if seen is None:
        return tuple(dict.fromkeys(wanted))
    mine = [each for each in wanted if each not in seen or each in stands]
    return tuple(dict.fromkeys((*mine, *(each for each in stands if each not in seen and each not in wanted))))
