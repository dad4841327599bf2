"""`tick`: the rules of the clock, from the command line; and what `serve` calls again and again."""

from collections.abc import Callable

import click

from service import tick
from service.cli.common import opened, say, settings
from service.cli.spanish import Order
from service.database import Database
from service.ledger import Ledger
from service.settings import Settings
from service.web.words import plural


@click.command("tick", cls=Order)
def run_tick() -> None:
    """Revisa las reglas de alerta que dependen de la fecha; se puede repetir cuantas veces se quiera."""
    with opened(settings()) as ledger:
        told = tick.run(ledger)
    if told is None:
        say("Otro proceso está revisando las reglas en este momento: no hace falta repetir.")
        return
    found = (
        plural(told.alerts, "alerta nueva", "alertas nuevas"),
        plural(told.reminders, "recordatorio", "recordatorios"),
        plural(told.escalated, "alerta escalada", "alertas escaladas"),
        plural(told.closed, "alerta cerrada sola", "alertas cerradas solas"),
    )
    say(f"Reglas revisadas en {told.years} planes de unidades: {', '.join(found)}.".replace("\u00a0", " "))


def beat(chosen: Settings, ended: Callable[[], bool]) -> None:
    """Run the rules of the clock in the service, on connections of its own, until the service has `ended`."""
    database = Database(chosen.database_url, size=2)
    database.open()
    try:
        tick.run(Ledger(database), ended)
    finally:
        database.close()
