"""The command `quipu`. Exit codes: 0 done, 1 refused or failed, 2 the command line is wrong, 130 interrupted."""

import sys
from collections.abc import Sequence

import click

from service.cli.common import FAILURES, Stop, err, sentence
from service.cli.spanish import Orders, complaint

ORDERS = {
    "demo": "service.cli.run:run_demo",
    "demo-sign": "service.cli.demo_sign:demo_sign",
    "serve": "service.cli.run:serve",
    "migrate": "service.cli.store:migrate",
    "rebuild": "service.cli.store:make_again",
    "verify": "service.cli.store:verify",
    "events": "service.cli.store:events",
    "tick": "service.cli.clock:run_tick",
    "person": "service.cli.directory:person",
    "import-plan": "service.cli.sheets:import_plan",
    "import-catalogue": "service.cli.catalogue:import_catalogue",
    "export": "service.cli.catalogue:export",  # which adds its own to those of `sheets`
}


@click.group(cls=Orders, orders=ORDERS, no_args_is_help=False, invoke_without_command=True)
@click.pass_context
def quipu(context: click.Context) -> None:
    """Quipu: el registro de los planes anuales de trabajo, de la DRE y sus UGEL."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command and end the process with its code; whatever fails is said in a sentence."""
    sys.exit(run_command(arguments))


def run_command(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns its exit code."""
    try:
        code = quipu.main(arguments, prog_name="quipu", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.ctx.get_help())
        return 2
    except click.UsageError as error:
        err.print(complaint(error), style="red", markup=False)
        err.print(f"Vea: {error.ctx.command_path if error.ctx else 'quipu'} --help")
        return 2
    except (click.Abort, KeyboardInterrupt):
        err.print("Interrumpido.")
        return 130
    except Stop as reason:
        return _failed(str(reason), ())
    except FAILURES as error:
        return _failed(*sentence(error))
    return code if isinstance(code, int) else 0


def _failed(said: str, items: tuple[str, ...]) -> int:
    err.print(said, style="red", markup=False)
    for item in items:
        err.print(f"  · {item}", markup=False)
    return 1
