"""Click in Spanish: help pages, kinds of values, and every complaint."""

from collections.abc import Mapping, Sequence
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

import click
from click import exceptions

from service.settings import VARIABLES, flag

GIVEN = "quipu.settings"


def _given(ctx: click.Context, param: click.Parameter, value: str | None) -> None:
    if value is not None and param.name:
        ctx.find_root().meta.setdefault(GIVEN, {})[param.name.upper()] = value


SETTINGS = [
    click.Option([flag(name), name.lower()], help=said, metavar="VALOR", expose_value=False, callback=_given)
    for name, said in VARIABLES.items()
]


class Order(click.Command):
    """A command whose help page is in Spanish; every setting of the environment is also a flag of it."""

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        return [*super().get_params(ctx), *([] if isinstance(self, click.Group) else SETTINGS)]

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), prefix="Uso: ")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for title, wanted in (("Opciones", False), ("Ajustes, o su variable de entorno QUIPU_…", True)):
            params = [each for each in self.get_params(ctx) if (each in SETTINGS) is wanted]
            rows = [row for row in (each.get_help_record(ctx) for each in params) if row and row[1]]
            if rows:
                with formatter.section(title):
                    formatter.write_dl([(name, said.replace("[required]", "[obligatoria]")) for name, said in rows])
        if isinstance(self, click.Group):
            self.format_commands(ctx, formatter)

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        words = {"[OPTIONS]": "[OPCIONES]", "COMMAND [ARGS]...": "ORDEN …", "[COMMAND] [ARGS]...": "ORDEN …"}
        return [words.get(piece, piece) for piece in super().collect_usage_pieces(ctx)]

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        if option:
            option.help = "Muestra esta ayuda."
        return option


class Orders(Order, click.Group):
    """A group of commands whose help page is in Spanish; those of `orders`, name → `module:command`, are loaded when asked for."""

    def __init__(self, *args: Any, orders: Mapping[str, str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.orders = orders or {}

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 — click's signature
        return [*self.orders, *self.commands]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.orders:
            return super().get_command(ctx, cmd_name)
        module, _, name = self.orders[cmd_name].partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        found = ((name, self.get_command(ctx, name)) for name in self.list_commands(ctx))
        rows = [(name, command.get_short_help_str(200)) for name, command in found if command]
        with formatter.section("Órdenes"):
            formatter.write_dl(rows)


class Whole(click.ParamType[int]):
    """A whole number between two bounds."""

    name = "número"

    def __init__(self, low: int, high: int) -> None:
        self.low, self.high = low, high

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        text = str(value)
        if not (text.isascii() and text.isdecimal() and self.low <= int(text) <= self.high):
            self.fail(f"debe ser un número entre {self.low} y {self.high}; dice «{text}»", param, ctx)
        return int(text)


class Day(click.ParamType[date]):
    """A day as 2026-12-31."""

    name = "fecha"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"debe ser una fecha como 2026-12-31; dice «{value}»", param, ctx)


class OneOf(click.ParamType[str]):
    """One of a few words."""

    name = "palabra"

    def __init__(self, words: Sequence[str]) -> None:
        self.words = words

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if value not in self.words:
            self.fail(f"debe ser uno de: {', '.join(self.words)}; dice «{value}»", param, ctx)
        return str(value)


class File(click.ParamType[Path]):
    """A file that can be read."""

    name = "archivo"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        path = Path(value)
        try:
            with path.open("rb"):
                return path
        except OSError as error:
            reasons = {FileNotFoundError: "no existe", IsADirectoryError: "es un directorio", PermissionError: "no se puede leer"}
            self.fail(f"«{value}» {reasons.get(type(error), 'no se puede leer')}", param, ctx)


def complaint(error: exceptions.UsageError) -> str:
    """What is wrong with the command line, in a sentence."""
    match error:
        case exceptions.MissingParameter():
            return f"Falta {_name(error.param)}."
        case exceptions.BadParameter():
            return f"{_name(error.param)} {error.message}."
        case exceptions.NoSuchOption():
            return f"No existe la opción {error.option_name}."
        case exceptions.NoSuchCommand():
            return f"No existe la orden «{error.command_name}»."
        case exceptions.BadOptionUsage():
            return f"La opción {error.option_name} necesita un valor."
        case _:
            return "La orden no se entiende: sobra o falta algo."


def _name(param: click.Parameter | None) -> str:
    if isinstance(param, click.Option):
        return param.opts[0]
    return (param.metavar or param.name or "").upper() if param else "Un valor"
