"""By which rules a quarter was scored, and by which it would be scored again today: said before anybody opens it or scores it anew."""

from typing import TYPE_CHECKING, Any

import msgspec

from service.projections import formulas, scales
from service.projections.quarter_page import Quarter

if TYPE_CHECKING:
    from psycopg import Connection


class Rescoring(msgspec.Struct, frozen=True):
    """The scale and the formula of the score that there is, and those in force."""

    was: scales.Scale
    now: scales.Scale
    was_formula: str
    now_formula: str

    @property
    def same(self) -> bool:
        """Whether another score would be made by the same rules."""
        return self.was.version == self.now.version and self.was_formula == self.now_formula


def rescoring(connection: "Connection[Any]", at: int, quarter: Quarter | None) -> Rescoring | None:
    """Read both; None of a quarter that was never scored."""
    if quarter is None or quarter.percent is None:
        return None
    was, now = scales.scale_of(connection, quarter.scale), scales.scale(connection, at)
    return Rescoring(was, now, quarter.formula, formulas.formulas(connection, at).name)
