"""What every installation starts with: the units, the first version of the catalogue, the example scale, by `sistema`."""

import csv
from collections.abc import Iterator
from decimal import Decimal
from importlib.resources import files

import msgspec

from service.aggregates import Command
from service.aggregates.catalogue import PublishAlertRules, PublishCatalogue, PublishScale
from service.aggregates.catalogue_content import Content, Difference, applied, difference
from service.aggregates.dre import Dre, RegisterUnit
from service.ledger import STANDING, Ledger
from service.permits import SYSTEM

REASON = "Catálogo inicial: objetivos verificados, y los instrumentos que la DRE debe cargar."


def units() -> Iterator[RegisterUnit]:
    """The DRE and its 13 UGEL, as the list that ships with the product names them."""
    text = files("service").joinpath("data", "ugel-junin.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        aliases = tuple(alias for alias in row["aliases"].split(";") if alias)
        yield msgspec.convert(row | {"aliases": aliases}, RegisterUnit)


def content() -> Content:
    """The catalogue that ships with the product."""
    return msgspec.toml.decode(files("service").joinpath("data", "catalogo.toml").read_bytes(), type=Content)


def missing(standing: Dre) -> list[tuple[str, Command]]:
    """What the standing stream still lacks, in order, each command with a name that never changes."""
    found: list[tuple[str, Command]] = [(f"unidad-{unit.code}", unit) for unit in units() if unit.code not in standing.units]
    catalogue = standing.catalogue
    if not catalogue.version:
        first = applied(catalogue.content, Difference(**difference(catalogue.content, content()).put))
        found.append(("catalogo", PublishCatalogue(base=0, reason=REASON, content=first)))
    if not catalogue.rules.scale.version:
        scale = PublishScale(fulfilled=Decimal(90), in_progress=Decimal(70), label="escala de ejemplo, ajústela")
        found.append(("escala", scale))
    if not catalogue.rules.alerts.version:
        found.append(("alertas", PublishAlertRules()))
    return found


def run(ledger: Ledger) -> int:
    """Record what is missing, as `sistema`; several processes may do it at once. Returns how many commands it took."""
    commands = missing(ledger.standing())
    for name, command in commands:
        ledger.carry_out(SYSTEM.holder, STANDING, command, command_id=f"bootstrap:{name}")
    return len(commands)
