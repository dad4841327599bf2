"""`person add`: somebody gets an account and a charge."""

import os
import secrets
from datetime import UTC, date, datetime
from typing import get_args

import click

from service import bootstrap, people
from service.aggregates.dre import AssignCharge, Role
from service.cli.common import Stop, actor, opened, say, settings
from service.cli.spanish import Day, OneOf, Order, Orders
from service.ledger import STANDING, Ledger
from service.permits import SYSTEM
from service.settings import LIMA

ROLES = [role for role in get_args(Role) if role != SYSTEM.role]


@click.group(cls=Orders)
def person() -> None:
    """Personas del directorio."""


@person.command(cls=Order)
@click.argument("usuario", metavar="USUARIO")
@click.option("--name", required=True, help="Nombres y apellidos.", metavar="NOMBRE")
@click.option("--role", required=True, type=OneOf(ROLES), help=f"Cargo: {', '.join(ROLES)}.", metavar="CARGO")
@click.option("--unit", required=True, help="Código de la unidad, por ejemplo 120005.", metavar="CÓDIGO")
@click.option("--area", default="", help="Área, para un cargo de jefatura: AGP, AGI, AGA, AJ…", metavar="ÁREA")
@click.option("--since", type=Day(), help="Primer día del cargo; si falta, hoy.", metavar="AAAA-MM-DD")
@click.option("--until", type=Day(), help="Último día del cargo.", metavar="AAAA-MM-DD")
@click.option("--resolution", default="", help="Resolución que da el cargo.", metavar="TEXTO")
@click.option("--acting", is_flag=True, help="Es una encargatura.")
@click.option(
    "--as", "by", required=True, help="Usuario de quien lo ordena; «sistema» para la primera administradora.", metavar="USUARIO"
)
def add(
    usuario: str,
    name: str,
    role: Role,
    unit: str,
    area: str,
    since: date | None,
    until: date | None,
    resolution: str,
    acting: bool,  # noqa: FBT001 — a flag
    by: str,
) -> None:
    """Crea una cuenta con su cargo; pide la clave o la toma de QUIPU_PASSWORD."""
    today = datetime.now(UTC).astimezone(LIMA).date()
    new = secrets.token_hex(8)
    command = AssignCharge(
        holder=new,
        role=role,
        unit=unit,
        area=area,
        since=since or today,
        until=until,
        resolution=resolution,
        acting=acting,
    )
    with opened(settings()) as ledger:
        bootstrap.run(ledger)
        giver = actor(ledger, by)
        if giver == SYSTEM.holder:
            _only_the_first(ledger)
        with ledger.database.connection() as connection:
            if people.find_by_usuario(connection, usuario):
                message = f"El usuario «{usuario}» ya existe."
                raise Stop(message)
            password = _password()
            with connection.transaction():
                people.add_person(connection, usuario, name, person=new)
                people.set_password(connection, new, password)
                ledger.carry_out(giver, STANDING, command, command_id=f"person:{new}")
    say(f"«{usuario}» ya puede ingresar como {role} de {unit}.")


def _only_the_first(ledger: Ledger) -> None:
    """The system lets the first administrator in; from then on a person answers for each account."""
    admins = [charge for charge in ledger.standing().charges.values() if charge.role == "admin"]
    if admins:
        message = "Ya hay una cuenta de administración: indique con --as el usuario de quien lo ordena."
        raise Stop(message)


def _password() -> str:
    known = os.environ.get("QUIPU_PASSWORD")
    if known is not None:
        return known
    typed: str = click.prompt("Clave", hide_input=True, prompt_suffix=": ")
    if click.prompt("Repita la clave", hide_input=True, prompt_suffix=": ") != typed:
        message = "Las dos claves no son iguales."
        raise Stop(message)
    return typed
