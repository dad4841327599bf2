"""What every installation starts with: the units, the verified objectives, the example scale and the alert rules, by `sistema`."""

import csv
from collections.abc import Iterator
from decimal import Decimal
from importlib.resources import files

import msgspec

from service.aggregates import Command
from service.aggregates.dre import Dre, PublishAlertRules, PublishObjective, PublishScale, RegisterUnit
from service.ledger import STANDING, Ledger
from service.permits import SYSTEM

PEDN, PEN = "PEDN al 2050", "PEN al 2036"
OBJECTIVES = (
    (PEDN, "ON1", "Alcanzar el pleno desarrollo de las capacidades de las personas sin dejar a nadie atrás"),
    (
        PEDN,
        "ON2",
        (
            "Gestionar el territorio de manera sostenible a fin de prevenir y reducir los riesgos y amenazas que afectan a las "
            "personas y sus medios de vida…"
        ),
    ),
    (PEDN, "ON3", "Elevar los niveles de competitividad y productividad con empleo decente…"),
    (
        PEDN,
        "ON4",
        "Garantizar una sociedad justa, democrática, pacífica y un Estado efectivo al servicio de las personas…",
    ),
    (PEN, "PEN-1", "Vida ciudadana"),
    (PEN, "PEN-2", "Inclusión y equidad"),
    (PEN, "PEN-3", "Bienestar socioemocional"),
    (PEN, "PEN-4", "Productividad, prosperidad, investigación y sostenibilidad"),
)


def units() -> Iterator[RegisterUnit]:
    """The DRE and its 13 UGEL, as the list that ships with the product names them."""
    text = files("service").joinpath("data", "ugel-junin.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        aliases = tuple(alias for alias in row["aliases"].split(";") if alias)
        yield msgspec.convert(row | {"aliases": aliases}, RegisterUnit)


def missing(standing: Dre) -> list[tuple[str, Command]]:
    """What the standing stream still lacks, in order, each command with a name that never changes."""
    found: list[tuple[str, Command]] = [(f"unidad-{unit.code}", unit) for unit in units() if unit.code not in standing.units]
    found += [
        (f"objetivo-{code}", PublishObjective(instrument=instrument, code=code, text=text))
        for instrument, code, text in OBJECTIVES
        if code not in standing.rules.objectives
    ]
    if not standing.rules.scale.version:
        scale = PublishScale(fulfilled=Decimal(90), in_progress=Decimal(70), label="escala de ejemplo, ajústela")
        found.append(("escala", scale))
    if not standing.rules.alerts.version:
        found.append(("alertas", PublishAlertRules(low=Decimal(70))))
    return found


def run(ledger: Ledger) -> int:
    """Record what is missing, as `sistema`; several processes may do it at once. Returns how many commands it took."""
    commands = missing(ledger.standing())
    for name, command in commands:
        ledger.carry_out(SYSTEM.holder, STANDING, command, command_id=f"bootstrap:{name}")
    return len(commands)
