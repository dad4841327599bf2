"""`import-plan` and `export`: spreadsheets in and out."""

import secrets
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.table import Table

from service import bootstrap, exchange, uploads, workbook
from service.aggregates.plan_versions import AmendmentProposed
from service.cli import import_map
from service.cli.common import Stop, actor, opened, out, say, settings
from service.cli.spanish import File, Order, Orders, Whole
from service.ledger import stream_of
from service.projections import LATEST, board, unit
from service.projections.balance_page import recorded_at
from service.settings import LIMA
from service.web import balance, balance_sheets
from service.web.download import cutoff
from service.workbook import apart
from service.workbook.table import table_book

SHOWN = 40
MAP = "Qué columna es cada dato, por ejemplo tarea=C o ENE=F; también hoja=NOMBRE, fila=3, filas=2, decimal=coma, tipo=M."
unit_option = click.option("--unit", "code", required=True, help="Código de la unidad, por ejemplo 120005.", metavar="CÓDIGO")
year_option = click.option("--year", required=True, type=Whole(2000, 2100), help="Año del plan.", metavar="AÑO")


@click.command("import-plan", cls=Order)
@click.argument("file", type=File(), metavar="ARCHIVO")
@unit_option
@year_option
@click.option("--map", "pairs", multiple=True, help=MAP, metavar="DATO=COLUMNA")
@click.option("--marked", type=Path, help="Escribe además el libro con las celdas observadas marcadas.", metavar="ARCHIVO")
@click.option("--confirm", is_flag=True, help="Escribe el plan; sin esta opción solo revisa el archivo.")
@click.option("--as", "by", help="Usuario de quien importa; hace falta con --confirm.", metavar="USUARIO")
@click.pass_context
def import_plan(
    context: click.Context,
    file: Path,
    code: str,
    year: int,
    pairs: tuple[str, ...],
    marked: Path | None,
    confirm: bool,  # noqa: FBT001 — a flag
    by: str | None,
) -> None:
    """Revisa un libro de Excel como plan de una unidad y, con --confirm, lo registra."""
    if confirm and not by:
        raise click.MissingParameter(param=next(each for each in context.command.params if each.name == "by"), ctx=context)
    content = file.read_bytes()
    with opened(settings()) as ledger:
        with ledger.database.connection() as connection:
            known = {name: each.mapping for name, each in uploads.remembered(connection, code).items()}
        dry = _read(content, file.name, pairs, known)
        _show(dry)
        if marked:
            marked.write_bytes(apart.mark(content, file.name, dry))
            say(f"Escrito: {marked}")
        if not dry.importable:
            message = f"El archivo tiene {dry.totals.errors} errores: corríjalos y vuelva a intentarlo. No se escribió nada."
            raise Stop(message)
        if not by or not confirm:
            say("Revisión sin errores. No se escribió nada: agregue --confirm --as USUARIO para registrar.")
            return
        bootstrap.run(ledger)
        person = actor(ledger, by)
        command = exchange.import_command(dry, code, year, ledger.standing().rules.objectives)
        done = ledger.carry_out(person, stream_of(code, year), command, command_id=secrets.token_hex(16))
    if not done.facts:
        say("El archivo dice lo mismo que el plan: 0 cambios.")
    elif any(isinstance(each.fact.event, AmendmentProposed) for each in done.facts):
        say("El plan ya estaba aprobado: la importación quedó propuesta como modificación.")
    else:
        say(f"Plan registrado: hechos n.º {done.first} a {done.last}.")


def _read(content: bytes, name: str, pairs: tuple[str, ...], known: dict[str, workbook.Mapping]) -> workbook.DryRun:
    """The dry run by the columns the command line names, those remembered for the unit, or those that are recognised.

    Raises:
        Stop: columns are missing.

    """
    reading = apart.read(content, name, None, {} if pairs else known)
    if pairs:
        reading = apart.read(content, name, import_map.chosen(reading, pairs))
    if reading.dry is None:
        absent = ", ".join(import_map.WORDS[field] for field in reading.missing)
        message = (
            f"No se reconocen las columnas de: {absent}. Indíquelas con --map, por ejemplo --map {import_map.WORDS['unit']}=C."
        )
        raise Stop(message)
    if reading.how == "remembered":
        say("Se usan las columnas recordadas de esta unidad.")
    return reading.dry


def _show(dry: workbook.DryRun) -> None:
    t = dry.totals
    say(f"{dry.filename}, hoja «{dry.sheet}»: {t.activities} actividades, {t.tasks} tareas, {t.skipped} filas omitidas.")
    for note in dry.notes:
        say(f"  {note}")
    for reason, count in Counter(each.reason.partition(" (")[0].rstrip(".") for each in dry.skipped).most_common(SHOWN):
        say(f"  Omitidas: {count} filas. {reason}.")
    for folded in dry.folded[:SHOWN]:
        say(f"  Unidad de medida «{folded.kept}»: {folded.count} tareas, escrita de varias formas.")
    for title, problems, total in (("Errores", dry.errors, t.errors), ("Avisos", dry.warnings, t.warnings)):
        if not problems:
            continue
        table = Table("Celda", "Columna", "Qué pasa", "Dice", title=f"{title}: {total}", title_justify="left")
        for each in problems[:SHOWN]:
            table.add_row(each.cell or "hoja", each.header, each.message, each.value)
        out.print(table)
        if len(problems) > SHOWN:
            say(f"  … y {total - SHOWN} más.")


@click.group(cls=Orders)
def export() -> None:
    """Escribe en un libro de Excel lo que muestran las páginas."""


@export.command("plan", cls=Order)
@unit_option
@year_option
@click.option("--at", type=Whole(1, LATEST), help="Número de hecho hasta el que se lee; si falta, hoy.", metavar="NÚMERO")
@click.option("-o", "--output", type=Path, help="Archivo de salida.", metavar="ARCHIVO")
def export_plan(code: str, year: int, at: int | None, output: Path | None) -> None:
    """El plan de una unidad, en la plantilla propia: importarlo de nuevo no cambia nada."""
    position = at or LATEST
    with opened(settings()) as ledger, ledger.database.snapshot() as connection:
        if unit.head(connection, position, stream_of(code, year)) is None:
            message = f"La unidad {code} no tiene plan del año {year}."
            raise Stop(message)
        content = exchange.plan_workbook(connection, code, year, position)
    written = output or Path(f"pat-{code}-{year}.xlsx")
    written.write_bytes(content)
    say(f"Escrito: {written}")


@export.command("balance", cls=Order)
@year_option
@click.option("--unit", "code", help="Código de la unidad; si falta, el de toda la región.", metavar="CÓDIGO")
@click.option("--at", type=Whole(1, LATEST), help="Número de hecho hasta el que se lee; si falta, hoy.", metavar="NÚMERO")
@click.option("-o", "--output", type=Path, help="Archivo de salida.", metavar="ARCHIVO")
def export_balance(year: int, code: str | None, at: int | None, output: Path | None) -> None:
    """El balance anual de la región o de una unidad, con el hecho de corte dentro del archivo."""
    position = at or LATEST
    with opened(settings()) as ledger, ledger.database.snapshot() as connection:
        recorded = recorded_at(connection, at) if at else datetime.now(UTC)
        if recorded is None:
            message = f"El registro todavía no llega al hecho n.º {at}."
            raise Stop(message)
        day = recorded.astimezone(LIMA).date()
        if code is None:
            found = balance.read_region(connection, position, year, day)
            tables, head = balance_sheets.of_region(found, cutoff(found.head.position, found.head.at)), "de la región"
        else:
            if all(each.code != code for each in board.units(connection, position, year)):
                message = f"La unidad {code} no existe."
                raise Stop(message)
            paper = balance.read_paper(connection, position, code, year, day)
            tables, head = balance_sheets.of_unit(paper, cutoff(paper.head.position, paper.head.at)), f"de {paper.place.name}"
    written = output or Path("-".join(filter(None, ("balance", code, str(year)))) + ".xlsx")
    written.write_bytes(table_book(f"Balance {year} {head}", tables))
    say(f"Escrito: {written}")
