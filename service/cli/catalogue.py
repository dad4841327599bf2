"""`import-catalogue` and `export catalogue`: the DRE's catalogue in and out of a file."""

import secrets
from pathlib import Path

import click

from service import bootstrap, catalogue_file
from service.aggregates import catalogue_content as cc
from service.aggregates.catalogue import PublishCatalogue
from service.aggregates.catalogue_check import doubts, problems
from service.catalogue_file import apart
from service.cli.common import Stop, actor, opened, say, settings
from service.cli.sheets import export
from service.cli.spanish import File, Order, Whole
from service.ledger import STANDING
from service.projections import LATEST, catalogue_page, history
from service.web.catalogue_words import compared
from service.web.download import cutoff


@click.command("import-catalogue", cls=Order)
@click.argument("file", type=File(), metavar="ARCHIVO")
@click.option("--confirm", is_flag=True, help="Publica la versión; sin esta opción solo revisa el archivo.")
@click.option("--as", "by", help="Usuario de quien publica; hace falta con --confirm.", metavar="USUARIO")
@click.option("--reason", default="", help="Motivo de la versión; si falta, el nombre del archivo.", metavar="TEXTO")
@click.pass_context
def import_catalogue(context: click.Context, file: Path, confirm: bool, by: str | None, reason: str) -> None:  # noqa: FBT001 — a flag
    """Revisa un archivo del catálogo y, con --confirm, lo publica como versión nueva."""
    if confirm and not by:
        raise click.MissingParameter(param=next(each for each in context.command.params if each.name == "by"), ctx=context)
    with opened(settings()) as ledger:
        if confirm:
            bootstrap.run(ledger)
        catalogue = ledger.standing().catalogue
        after = _checked(file, catalogue.content)
        if not compared(catalogue.content, after):
            say("El archivo dice lo mismo que el catálogo: 0 cambios.")
        elif not by or not confirm:
            say("Revisión sin errores. No se escribió nada: agregue --confirm --as USUARIO para publicar.")
        else:
            reason = reason or f"Importación del archivo {file.name}"
            command = PublishCatalogue(base=catalogue.version, reason=reason, content=after)
            done = ledger.carry_out(actor(ledger, by), STANDING, command, command_id=secrets.token_hex(16))
            say(f"Versión {catalogue.version + 1} del catálogo publicada: hecho n.º {done.last}.")


def _checked(file: Path, current: cc.Content) -> cc.Content:
    """The catalogue as the file would make it, after saying what changes.

    Raises:
        Stop: a cell is wrong, or the whole does not fit together.

    """
    found = apart.read(file.read_bytes(), current)
    for sheet, problem in found.errors:
        say(f"  {sheet} {problem.cell} ({problem.header}): {problem.message}")
    after = cc.applied(current, found.change)
    for subject, sentences in compared(current, after):
        say(f"{subject}: {len(sentences)} cambios.")
        for each in sentences:
            say(f"  {each.label} {each.before} → {each.after}")
    for doubt in doubts(after):
        say(f"  Aviso: {doubt}")
    wrong = list(problems(after))
    for sentence in wrong:
        say(f"  {sentence}")
    if found.errors or wrong:
        message = f"Hay {len(found.errors) + len(wrong)} errores: corríjalos y vuelva a intentarlo. No se escribió nada."
        raise Stop(message)
    return after


@export.command("catalogue", cls=Order)
@click.option("--at", type=Whole(1, LATEST), help="Número de hecho hasta el que se lee; si falta, hoy.", metavar="NÚMERO")
@click.option("-o", "--output", type=Path, help="Archivo de salida.", metavar="ARCHIVO")
def export_catalogue(at: int | None, output: Path | None) -> None:
    """El catálogo de la DRE: importarlo de nuevo no cambia nada."""
    position = at or LATEST
    with opened(settings()) as ledger, ledger.database.snapshot() as connection:
        content, head = catalogue_page.content(connection, position), history.head(connection, position)
        version = next((each.edition for each in catalogue_page.editions(connection, position)), 0)
    notes = (f"Versión {version} del catálogo", cutoff(head.position, head.at))
    written = output or Path(f"catalogo-version-{version}.xlsx")
    written.write_bytes(catalogue_file.workbook(content, notes))
    say(f"Escrito: {written}")
