"""`serve` and `demo`."""

from datetime import UTC, date, datetime

import click
from rich.progress import Progress
from rich.table import Table

from service import bootstrap, demo, serving
from service.cli import clock
from service.cli.common import Stop, out, progress, settings
from service.cli.spanish import Order, Whole
from service.database import Database
from service.documents import Documents
from service.ledger import Ledger
from service.permits import NAMES
from service.settings import DEMO_ROOTS, LIMA, Settings

LOOPBACK = {"127.0.0.1", "::1", "localhost"}

workers = click.option("--workers", type=Whole(1, 64), default=1, help="Procesos que atienden.", metavar="NÚMERO")


def _checked(chosen: Settings) -> Settings:
    """Passwords never travel in clear by mistake."""
    if chosen.host not in LOOPBACK and not chosen.insecure_http:
        message = (
            f"Atender en {chosen.host} sin cifrado expone las claves. Deje QUIPU_HOST=127.0.0.1 detrás de un servidor con TLS, "
            "o acepte el riesgo con QUIPU_INSECURE_HTTP=1."
        )
        raise Stop(message)
    return chosen


@click.command(cls=Order)
@workers
def serve(workers: int) -> None:
    """Atiende con la base de datos propia o, sin QUIPU_DATABASE_URL, con la incluida."""
    serving.serve(_checked(settings()), prepare=_begin, beat=clock.beat, workers=workers)


def _begin(chosen: Settings) -> None:
    database = Database(chosen.database_url, size=2)
    database.open()
    try:
        bootstrap.run(Ledger(database))
    finally:
        database.close()


@click.command("demo", cls=Order)
@workers
@click.option("--seed", default="quipu", show_default="quipu", help="Palabra que fija los datos inventados.", metavar="PALABRA")
def run_demo(workers: int, seed: str) -> None:
    """Llena dos años inventados para las 13 UGEL y atiende; la segunda vez los conserva."""
    chosen = _checked(settings())
    found: list[tuple[demo.Summary, Settings]] = []

    def fill(complete: Settings) -> None:
        from service.demo import trust  # noqa: PLC0415 — takes long to load, and only a demo needs it

        today = datetime.now(UTC).astimezone(LIMA).date()
        with progress() as bar:
            task = bar.add_task("Preparando la demostración", total=100)
            summary = demo.fill(
                complete.owner_url,
                complete.database_url,
                seed=seed,
                today=today,
                tell=lambda day, part: _show(bar, int(task), day, part),
                keep=Documents(complete.documents, complete.data).keep,
            )
        trust.furnish(complete.database_url, complete.data / DEMO_ROOTS, summary.accounts)
        found.append((summary, complete))

    def ready(address: str) -> None:
        serving.announce(address)
        from service.cli import demo_outside  # noqa: PLC0415 — takes long to load, and the service answers already

        for summary, complete in found:
            out.print(_accounts(summary))
            demo_outside.sign(complete, summary.accounts)

    serving.serve(chosen, demo=True, prepare=fill, ready=ready, beat=clock.beat, workers=workers)


def _show(bar: Progress, task: int, day: date, part: float) -> None:
    bar.update(task, completed=round(part * 100), description=f"Preparando la demostración, {day:%d/%m/%Y}")  # type: ignore[arg-type]


def _accounts(summary: demo.Summary) -> Table:
    table = Table(
        "Usuario", "Nombre", "Cargo", "Unidad", title=f"Cuentas de demostración (clave: {demo.PASSWORD})", title_justify="left"
    )
    names = {unit.code: unit.name for unit in bootstrap.units()}
    for member in summary.accounts:
        table.add_row(member.usuario, member.name, NAMES[member.role], f"{names[member.unit]} ({member.unit})")
    return table
