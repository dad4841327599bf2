"""What a reader must find written is written: settings, commands, accounts, pages, news."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from litestar.routes import HTTPRoute

from service.cli import quipu
from service.demo.cast import PASSWORD, Cast
from service.settings import Settings
from tests.conftest import TestDatabase
from tests.house import open_house

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = sorted(str(path.relative_to(ROOT)) for folder in ("", "deploy", "bench") for path in (ROOT / folder).glob("*.md"))
ADDRESSES = """/ /seguimiento /ugel/{code}/{year} /ugel/{code}/{year}/t1 /ugel/{code}/{year}/t4
  /ugel/{code}/{year}/actividades/{activity} /ugel/{code}/{year}/historial /compromisos/{commitment}
  /reproducir/{code}/{year} /balance/{year} /ingresar /salir /salud /patrones"""


def commands(group: click.Group = quipu, before: str = "quipu") -> Iterator[tuple[str, click.Command]]:
    """Every command as it is typed."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from commands(command, f"{before} {name}")
        else:
            yield f"{before} {name}", command


def test_every_setting_is_in_the_readme() -> None:
    """Neither a setting that nobody reads about, nor a word about one that does not exist."""
    exist = {f"QUIPU_{field.upper()}" for field in Settings.__struct_fields__}
    assert set(re.findall(r"QUIPU_[A-Z_]+", README)) == exist


def test_every_command_is_in_the_readme_and_has_help() -> None:
    """The same for the commands, and each option says what it is for."""
    table = README.partition("## Command line")[2].partition("\n## ")[0]
    told = {found.strip() for found in re.findall(r"^\| `(quipu(?: [a-z-]+)+?)(?= [A-Z]| --|`)", table, re.MULTILINE)}
    assert told == {name for name, _ in commands()}
    silent = [
        f"{name} {parameter.name}"
        for name, command in commands()
        for parameter in command.params
        if isinstance(parameter, click.Option) and not parameter.help
    ]
    assert silent == []
    assert [name for name, command in commands() if not command.help] == []


def test_every_demo_account_is_in_the_readme() -> None:
    """The accounts that can sign in, and no others."""
    table = README.partition("## Demo accounts")[2].partition("\n## ")[0]
    assert set(re.findall(r"^\| `([a-z.]+)`", table, re.MULTILINE)) == {member.usuario for member in Cast("quipu").accounts}
    assert PASSWORD in table


def test_the_promised_addresses_exist(house_database: TestDatabase) -> None:
    """The addresses people keep and print are those of the design."""
    with open_house(house_database.service_url) as house:
        routes = {re.sub(r":\w+", "", route.path) for route in house.app.routes if isinstance(route, HTTPRoute)}
    assert set(ADDRESSES.split()) - routes == set()


def test_the_version_and_the_news_agree() -> None:
    """The newest heading of the changelog is the version of the package."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    news = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = re.search(r"^## (\S+)", news, re.MULTILINE)
    assert newest is not None
    assert newest[1] == project["version"]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_lead_somewhere(name: str) -> None:
    """A link within the repository leads to a file that exists."""
    page = ROOT / name
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_the_readme_stays_short() -> None:
    """What it is, the two commands, what to do next: under 120 lines."""
    assert len(README.splitlines()) <= 120
    assert "pip install uv && uv run quipu demo" in README
    assert "uv run pytest" in README
