"""The rules of early alerts as data: which ones watch, from which threshold on, after how many days, and how long a case may take.

The DRE publishes them with its catalogue; each alert names the rule, the version, and the figures it looked at.
"""

from decimal import Decimal
from typing import Literal, get_args

import msgspec

Scored = Literal["sin-reporte", "avance-bajo", "caida", "sin-evidencia", "sobre-ejecucion"]
Timed = Literal[
    "observacion-sin-responder", "compromiso-por-vencer", "compromiso-vencido", "plan-sin-aprobar", "trimestre-sin-enviar"
]
SCORED: tuple[str, ...] = get_args(Scored)
TIMED: tuple[str, ...] = get_args(Timed)
CODES = (*SCORED, *TIMED)
LIMITED = frozenset({"avance-bajo", "caida", "sobre-ejecucion"})
REMINDING = "compromiso-por-vencer"
LONGEST, MOST = 365, 5


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """A rule: `limit` is its threshold in percent, `days` those it waits (of a reminder: before the due day it speaks).

    A case that is still open after `answer` days is escalated; where the rule `closes`, one whose cause is gone closes by itself.
    """

    code: str
    on: bool = True
    limit: Decimal = Decimal(0)
    days: tuple[int, ...] = ()
    answer: int = 15
    closes: bool = False

    @property
    def wait(self) -> int:
        """How many days the rule waits."""
        return self.days[0] if self.days else 0


DEFAULTS: tuple[Rule, ...] = (
    Rule(code="sin-reporte"),
    Rule(code="avance-bajo", limit=Decimal(70)),
    Rule(code="caida", limit=Decimal(20)),
    Rule(code="sin-evidencia"),
    Rule(code="sobre-ejecucion", limit=Decimal(120)),
    Rule(code="observacion-sin-responder", days=(5,), answer=5),
    Rule(code="compromiso-por-vencer", days=(10, 5, 1), answer=0),
    Rule(code="compromiso-vencido", days=(0,)),
    Rule(code="plan-sin-aprobar", days=(0,)),
    Rule(code="trimestre-sin-enviar", days=(0,), answer=10),
)


def with_low(rules: tuple[Rule, ...], low: Decimal) -> tuple[Rule, ...]:
    """The rules with this threshold of a low advance: all that the first releases published."""
    return tuple(msgspec.structs.replace(rule, limit=low) if rule.code == "avance-bajo" else rule for rule in rules)


class AlertRules(msgspec.Struct, frozen=True):
    """The rules in force; a version each time the DRE publishes them."""

    version: int = 0
    rules: tuple[Rule, ...] = DEFAULTS

    def of(self, code: str) -> Rule | None:
        """A rule that watches; None where it is switched off."""
        return next((rule for rule in self.rules if rule.code == code and rule.on), None)
