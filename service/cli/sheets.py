"""`import-plan` and `export`: spreadsheets in and out."""

import secrets
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import msgspec
from psycopg import Connection
from rich.table import Table

from service import bootstrap, exchange, people, stale, uploads, workbook
from service.aggregates import Refused
from service.aggregates.plan import ImportPlan
from service.aggregates.plan_versions import AmendmentProposed
from service.cli import import_map
from service.cli.common import Stop, actor, opened, out, say, settings
from service.cli.spanish import File, OneOf, Order, Orders, Whole
from service.ledger import Ledger, stream_of
from service.projections import LATEST, board, unit
from service.projections.balance_page import recorded_at
from service.settings import LIMA
from service.web import balance_reading, balance_sheets
from service.web.download import cutoff
from service.web.import_preview import shown, told
from service.web.words import fecha, plural
from service.workbook import apart
from service.workbook.table import table_book

SHOWN = 40
STALE = "De las celdas que otros también cambiaron desde la exportación: conservar lo vigente o importar lo suyo."
MAP = "Qué columna es cada dato, por ejemplo tarea=C o ENE=F; también hoja=NOMBRE, fila=3, filas=2, decimal=coma, tipo=M."
unit_option = click.option("--unit", "code", required=True, help="Código de la unidad, por ejemplo 120005.", metavar="CÓDIGO")
year_option = click.option("--year", required=True, type=Whole(2000, 2100), help="Año del plan.", metavar="AÑO")


@click.command("import-plan", cls=Order)
@click.argument("file", type=File(), metavar="ARCHIVO")
@unit_option
@year_option
@click.option("--map", "pairs", multiple=True, help=MAP, metavar="DATO=COLUMNA")
@click.option("--marked", type=Path, help="Escribe además el libro con las celdas observadas marcadas.", metavar="ARCHIVO")
@click.option("--stale", "choice", type=OneOf(("vigente", "mio")), default="vigente", help=STALE)
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
    choice: str,
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
        reading = _read(content, file.name, pairs, known)
        dry = reading.dry
        assert dry is not None  # noqa: S101 — `_read` stops without one
        dry = exchange.fold(dry, ledger.standing().catalogue.content.measures)
        reading = msgspec.structs.replace(reading, dry=dry)
        _show(dry)
        if marked:
            marked.write_bytes(apart.mark(content, file.name, dry))
            say(f"Escrito: {marked}")
        if not dry.importable:
            message = f"El archivo tiene {dry.totals.errors} errores: corríjalos y vuelva a intentarlo. No se escribió nada."
            raise Stop(message)
        with ledger.database.snapshot() as connection:
            compared = _compare(connection, (code, year), reading, mine=choice == "mio")
        command = exchange.import_command(compared.dry, code, year, ledger.standing().rules.objectives, compared.position)
        _tell(ledger, code, year, command)
        if not by or not confirm:
            say("Revisión sin errores. No se escribió nada: agregue --confirm --as USUARIO para registrar.")
            return
        bootstrap.run(ledger)
        person = actor(ledger, by)
        done = ledger.carry_out(person, stream_of(code, year), command, command_id=secrets.token_hex(16))
    if not done.facts:
        say("El archivo dice lo mismo que el plan: 0 cambios.")
    elif any(isinstance(each.fact.event, AmendmentProposed) for each in done.facts):
        say("El plan ya estaba aprobado: la importación quedó propuesta como modificación.")
    else:
        say(f"Plan registrado: hechos n.º {done.first} a {done.last}.")


def _tell(ledger: Ledger, code: str, year: int, command: ImportPlan) -> None:
    """What the command would record now: counted, and in words what is in the plan already."""
    try:
        counts, changes = told(exchange.outcome(ledger, "", stream_of(code, year), command))
    except Refused as refused:
        say(f"Todavía no se puede registrar: {refused.sentence}")
        for item in refused.items[:SHOWN]:
            say(f"  {item}")
        return
    say("Cambios: " + (", ".join(plural(count, one, many) for count, one, many in counts) or "ninguno") + ".")
    for words in changes[:SHOWN]:
        said = "; ".join(f"{label} {before} → {after}" for label, before, after in words.changes)
        say(f"  {words.text[:1].upper()}{words.text[1:]}: {said}")
    if len(changes) > SHOWN:
        say(f"  … y {len(changes) - SHOWN} más.")


def _compare(connection: Connection[Any], place: tuple[str, int], reading: workbook.Reading, *, mine: bool) -> stale.Comparison:
    """What of a workbook may be imported; the cells that collide are listed, and taken as sent only when asked for."""
    assert reading.dry is not None  # noqa: S101 — who comes here has one
    read = (reading.dry, reading.mapping.columns)
    found = stale.compare(connection, LATEST, place, read)
    if found.kept:
        say(f"  {found.kept} celdas que otros cambiaron después de exportar se conservan como están.")
    if not found.stale:
        return found
    names = people.names(connection, {each.person for each in found.stale if each.person})
    table = Table(
        "Celda", "Al exportar", "Suyo", "Vigente", "Quién", title="Celdas que otra persona también cambió", title_justify="left"
    )
    for each in found.stale[:SHOWN]:
        said = [shown(value) for value in (each.base, each.mine, each.current)]
        table.add_row(each.cell, *said, f"{names.get(each.person, '—')}, {fecha(each.at)}")
    out.print(table)
    say("Se importan como usted las escribió." if mine else "Se conserva lo vigente; con --stale mio se importa lo suyo.")
    return stale.compare(connection, LATEST, place, read, {each.key for each in found.stale}) if mine else found


def _read(content: bytes, name: str, pairs: tuple[str, ...], known: dict[str, workbook.Mapping]) -> workbook.Reading:
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
    return reading


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
            found = balance_reading.read_region(connection, position, year, day)
            tables, head = balance_sheets.of_region(found, cutoff(found.head.position, found.head.at)), "de la región"
        else:
            if all(each.code != code for each in board.units(connection, position, year)):
                message = f"La unidad {code} no existe."
                raise Stop(message)
            paper = balance_reading.read_paper(connection, position, code, year, day)
            tables, head = balance_sheets.of_unit(paper, cutoff(paper.head.position, paper.head.at)), f"de {paper.place.name}"
    written = output or Path("-".join(filter(None, ("balance", code, str(year)))) + ".xlsx")
    written.write_bytes(table_book(f"Balance {year} {head}", tables))
    say(f"Escrito: {written}")
