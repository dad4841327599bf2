"""`import-plan` and `export`: spreadsheets in and out."""

import secrets
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.table import Table

from service import bootstrap, exchange, workbook
from service.aggregates.plan_versions import AmendmentProposed
from service.cli.common import Stop, actor, opened, out, say, settings
from service.cli.spanish import File, Order, Orders, Whole
from service.ledger import stream_of
from service.projections import LATEST, board, unit
from service.projections.balance_page import recorded_at
from service.settings import LIMA
from service.web import balance, balance_sheets
from service.web.download import cutoff
from service.workbook.table import table_book

SHOWN = 40
unit_option = click.option("--unit", "code", required=True, help="Código de la unidad, por ejemplo 120005.", metavar="CÓDIGO")
year_option = click.option("--year", required=True, type=Whole(2000, 2100), help="Año del plan.", metavar="AÑO")


@click.command("import-plan", cls=Order)
@click.argument("file", type=File(), metavar="ARCHIVO")
@unit_option
@year_option
@click.option("--confirm", is_flag=True, help="Escribe el plan; sin esta opción solo revisa el archivo.")
@click.option("--as", "by", help="Usuario de quien importa; hace falta con --confirm.", metavar="USUARIO")
@click.pass_context
def import_plan(context: click.Context, file: Path, code: str, year: int, confirm: bool, by: str | None) -> None:  # noqa: FBT001 — a flag
    """Revisa un libro de Excel como plan de una unidad y, con --confirm, lo registra."""
    if confirm and not by:
        raise click.MissingParameter(param=next(each for each in context.command.params if each.name == "by"), ctx=context)
    dry = workbook.check(file.read_bytes(), file.name)
    _show(dry)
    if not dry.importable:
        message = f"El archivo tiene {len(dry.errors)} errores: corríjalos y vuelva a intentarlo. No se escribió nada."
        raise Stop(message)
    if not by or not confirm:
        say("Revisión sin errores. No se escribió nada: agregue --confirm --as USUARIO para registrar.")
        return
    with opened(settings()) as ledger:
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


def _show(dry: workbook.DryRun) -> None:
    t = dry.totals
    say(f"{dry.filename}, hoja «{dry.sheet}»: {t.activities} actividades, {t.tasks} tareas, {t.skipped} filas omitidas.")
    for reason, count in Counter(each.reason.partition(" (")[0].rstrip(".") for each in dry.skipped).most_common(SHOWN):
        say(f"  Omitidas: {count} filas. {reason}.")
    for folded in dry.folded[:SHOWN]:
        say(f"  Unidad de medida «{folded.kept}»: {folded.count} tareas, escrita de varias formas.")
    for title, problems in (("Errores", dry.errors), ("Avisos", dry.warnings)):
        if not problems:
            continue
        table = Table("Celda", "Columna", "Qué pasa", "Dice", title=f"{title}: {len(problems)}", title_justify="left")
        for each in problems[:SHOWN]:
            table.add_row(each.cell or "hoja", each.header, each.message, each.value)
        out.print(table)
        if len(problems) > SHOWN:
            say(f"  … y {len(problems) - SHOWN} más.")


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
