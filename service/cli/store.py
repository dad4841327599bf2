"""`migrate`, `rebuild`, `verify` and `events`: the schema, the read tables and the list of what can be recorded."""

from collections.abc import Sequence
from typing import Any

import click
import msgspec
import psycopg
from rich.table import Table

from service import database, record
from service.cli.common import Stop, opened, out, owner, progress, say, settings
from service.cli.spanish import Order
from service.documents import Documents
from service.ledger import STANDING
from service.projections import commitment_files, evidence_page, outside_page, rebuild, verified
from service.signing.record import Checked, check

SHOWN = 20


@click.command(cls=Order)
def migrate() -> None:
    """Pone al día el esquema de la base de datos (necesita QUIPU_OWNER_URL si la base es propia)."""
    chosen = settings()
    if chosen.embedded:
        with owner(chosen):
            say("La base de datos incluida está al día.")
        return
    if not chosen.owner_url:
        message = "Falta QUIPU_OWNER_URL: la dirección de la base de datos con el dueño del esquema."
        raise Stop(message)
    applied = database.migrate(chosen.owner_url, chosen.database_url)
    say(f"Aplicado: {', '.join(applied)}." if applied else "La base de datos ya estaba al día.")


@click.command("rebuild", cls=Order)
def make_again() -> None:
    """Rehace las tablas de lectura desde los hechos, las compara con las vigentes y las cambia."""
    with owner(settings()) as (connection, role):
        with progress() as bar:
            task = bar.add_task("Rehaciendo las tablas de lectura", total=rebuild.head(connection))
            made = rebuild.run(connection, role=role, tell=lambda count: bar.update(task, advance=count))
        say(f"Tablas de lectura rehechas hasta el hecho n.º {made.position}.")
        for table, count in made.differences.items():
            say(f"  {table}: {count} filas vigentes eran distintas de lo que dicen los hechos.")
        if not made.differences:
            say("Las tablas vigentes ya decían lo mismo, fila por fila.")


@click.command(cls=Order)
def verify() -> None:
    """Vuelve a sumar cada hecho y dice si las tablas muestran lo mismo, si cada archivo está como se adjuntó y si cada firma con llave se sostiene."""
    chosen = settings()
    with opened(chosen) as ledger, ledger.database.snapshot() as connection:
        head, streams = rebuild.head(connection), len(rebuild.streams(connection))
        differences = _compare(connection)
        named, signed = evidence_page.named(connection), outside_page.named(connection)
        reported = commitment_files.named(connection)
        keyed = _keyed(connection)
    documents = Documents(chosen.documents, chosen.data)
    lost = [*_lost(documents, "evidencia", named), *_lost(documents, "compromiso", [*reported, *signed])]
    if differences:
        _list(differences)
        message = f"Hay {len(differences)} filas que no dicen lo mismo que los hechos. Los hechos mandan: ejecute quipu rebuild."
        raise Stop(message)
    if lost:
        for line in lost:
            say(f"  {line}")
        message = f"Hay {len(lost)} archivos que faltan o cambiaron. Recupérelos de la copia de respaldo."
        raise Stop(message)
    if keyed.faults:
        for line in keyed.faults:
            say(f"  {line}")
        message = f"Firmas con llave de acceso que no se sostienen: {len(keyed.faults)}."
        raise Stop(message)
    files = len({digest for _, _, digest in (*named, *reported)})
    say(f"Verificado hasta el hecho n.º {head}: {streams} series de hechos, todas las tablas de lectura dicen lo mismo.")
    say(f"Archivos de evidencia: {files}, cada uno igual a su huella.")
    if signed:
        say(f"Archivos de firmas digitales de fuera: {len({digest for _, _, digest in signed})}, cada uno igual a su huella.")
    say(f"Firmas con llave de acceso: {keyed.good}, cada una comprobada con su llave y su texto.")


def _keyed(connection: psycopg.Connection[Any]) -> Checked:
    """Every passkey's signature of the record, verified again from the facts."""
    head = rebuild.head(connection)
    facts = (each for stream, _ in rebuild.streams(connection) for each in rebuild.events(connection, stream, head))
    return check(rebuild.events(connection, STANDING, head), facts)


def _lost(documents: Documents, what: str, named: Sequence[tuple[str, int, str]]) -> list[str]:
    """A line for each thing whose file is not what was kept; every file is read once."""
    states = {digest: documents.state(digest) for digest in {digest for _, _, digest in named}}
    words = {"missing": "falta el archivo", "altered": "el archivo cambió"}
    return [f"{stream}, {what} {n}: {words[states[digest]]} {digest}" for stream, n, digest in named if states[digest] in words]


def _compare(connection: psycopg.Connection[Any]) -> list[verified.Difference]:
    head, streams = rebuild.head(connection), rebuild.streams(connection)
    found = list[verified.Difference]()
    with progress() as bar:
        task = bar.add_task("Comparando con los hechos", total=sum(count for _, count in streams))
        for stream, count in streams:
            found += verified.compare(connection, stream, head)
            bar.update(task, advance=count)
    return found


def _list(differences: list[verified.Difference]) -> None:
    for each in differences[:SHOWN]:
        side = "solo en la tabla" if each.side == "live" else "solo en los hechos"
        say(f"  {each.table}, {side}: {each.row}")
    if len(differences) > SHOWN:
        say(f"  … y {len(differences) - SHOWN} más.")


@click.command(cls=Order)
def events() -> None:
    """Lista cada clase de hecho con su nombre legal y sus campos."""
    table = Table("Hecho", "Campos", show_lines=False)
    for tag, kind in record.EVENTS.items():
        shape = (f"{field.name}: {_type(field.type)}{'' if field.required else '?'}" for field in msgspec.structs.fields(kind))
        table.add_row(tag, "\n".join(shape) or "—")
    out.print(table, markup=False)


def _type(kind: Any) -> str:
    text = kind.__name__ if isinstance(kind, type) and not hasattr(kind, "__args__") else str(kind)
    return text.replace("typing.", "").replace("decimal.", "").replace("datetime.", "").replace("service.aggregates.", "")
