"""Imports point down, few rooms know the event store, a file is a page."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
SERVICE = ROOT / "service"
GROUND = {"settings", "aggregates", "permits", "record", "database", "workbook"}
BELOW = {
    "settings": set[str](),
    "letters": set[str](),
    "aggregates": set[str](),
    "permits": {"aggregates"},
    "people": {"permits"},
    "private": set[str](),
    "record": {"aggregates"},
    "workbook": {"settings", "letters"},
    "uploads": {"workbook"},
    "documents": set[str](),
    "filetypes": set[str](),
    "embedded": set[str](),
    "database": {"projections"},  # `migrate` asks `rebuild` to make the read tables
    "recorder": {"database"},
    "projections": {"aggregates", "record", "settings"},
    "ledger": {"aggregates", "permits", "record", "recorder", "database", "projections", "settings"},
    "tick": {"aggregates", "permits", "ledger", "settings"},
    "stale": {"workbook", "projections", "ledger"},
    "targets": {"aggregates", "people", "projections"},
    "exchange": {"aggregates", "settings", "workbook", "stale", "targets", "projections", "ledger"},
    "catalogue_file": {"aggregates", "workbook"},
    "catalogue_draft": {"aggregates"},
    "papers": {"aggregates"},
    "signing": {"aggregates", "people", "record"},
    "outside": {"pades", "people"},
    "pades": {"workbook"},  # its bounded process
    "accounts": {"people"},
    "bootstrap": {"aggregates", "permits", "ledger"},
    "demo": GROUND
    | {"people", "ledger", "bootstrap", "signing", "outside"}
    | {"projections", "web"},  # its sessions are prepared as the pages prepare them
    "web": (GROUND - {"database", "record"})
    | {"letters", "people", "accounts", "private", "uploads", "stale", "targets", "projections", "ledger", "exchange"}
    | {"catalogue_file", "catalogue_draft", "documents", "filetypes", "papers", "signing", "pades", "outside"},
    "app": {"settings", "database", "documents", "projections", "ledger", "web"},
    "worker": set[str](),
    "serving": {"settings", "database", "embedded", "worker"},
    "cli": GROUND
    | {
        "people",
        "documents",
        "uploads",
        "stale",
        "ledger",
        "bootstrap",
        "demo",
        "embedded",
        "exchange",
        "catalogue_file",
        "projections",
        "serving",
        "signing",
        "tick",
        "web",
    },
}
STORE = {
    "ledger": "the door",
    "ledger/memo": "reads a stream for it",
    "recorder": "its hinge: the one append",
    "projections/rebuild": "reads every stream to make the read tables again",
    "projections/history": "reads what a fact said, never more",
    "projections/replay": "shows auditors the exact bytes of a fact",
    "private": "asks whether what a draft was for is done",
    "projections/versions": "folds a plan from its own facts",
    "web/live": "asks how far the record goes",
    "web/page": "asks how far the record goes",
    "demo": "refuses a record that is not a demo",
    "demo/stage": "goes on with a demo that was cut short",
}
DDL = {
    "database": "migrations",
    "projections": "the definition of a read table",
    "projections/rebuild": "a second schema and its swap",
    "embedded": "roles and database of a new cluster",
}
LONG = {
    "service/aggregates/plan.py": "the content of a plan, whatever its state: commands, events, rules in one reading",
    "service/web/sheet.py": "all figures of a quarter's sheet, computed once",
    "service/web/facts.py": "every kind of event in words, one sentence beside the other",
    "service/people.py": "the whole directory",
    "service/web/static/borradores.js": "the whole life of a draft in the browser",
    "service/web/static/quipu.css": "one style sheet, one request",
    "service/web/templates/_macros.html": "the patterns all pages share; Jinja imports them as one",
}
LONGEST = 250
STATEMENT = re.compile(
    r"^\s*(create|alter|drop|grant|revoke|truncate)\s+(table|schema|index|role|database|function|trigger|\w+ on)\b", re.MULTILINE
)


def sources() -> Iterator[tuple[str, str, ast.Module]]:
    """Every module: its room, its path below service without suffix, its tree."""
    for path in sorted(SERVICE.rglob("*.py")):
        name = str(path.relative_to(SERVICE).with_suffix("")).removesuffix("/__init__")
        if name != "__init__":
            yield name.partition("/")[0], name, ast.parse(path.read_text(encoding="utf-8"))


def imported(tree: ast.Module) -> set[str]:
    """The rooms of ours that a module imports, wherever in the file."""
    names = set[str]()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
    return {name.split(".")[1] for name in names if name.startswith("service.")}


def holding(pattern: re.Pattern[str]) -> set[str]:
    """The modules with a string, docstrings apart, in which the pattern is found."""
    found = set[str]()
    for _, name, tree in sources():
        told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        texts = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
        if any(pattern.search(str(node.value)) for node in texts if id(node) not in told):
            found.add(name)
    return found


def test_imports_point_down() -> None:
    """A room imports only what lies below it; aggregates import nothing of ours."""
    wrong = [
        f"{name} imports {other}"
        for room, name, tree in sources()
        for other in sorted(imported(tree) - {room} - BELOW.get(room, set()))
    ]
    assert wrong == []
    assert {room for room, _, _ in sources()} <= set(BELOW), "a new room needs its place in the house"


def test_only_a_few_rooms_know_the_event_store() -> None:
    """Whoever wants to change something goes through the ledger's door; the few who look past it say why."""
    found = holding(re.compile(r"\bledger\.(event|command|append)\b"))
    assert "ledger" in found, "the door must be found for this test to mean anything"
    assert found - set(STORE) == set()


def test_only_the_database_rooms_define_tables() -> None:
    """Workers never change the schema: DDL is of `migrate`, `rebuild` and the embedded server alone."""
    found = holding(STATEMENT)
    assert "projections" in found, "a definition must be found for this test to mean anything"
    assert found - set(DDL) == set()


def test_a_file_is_a_page() -> None:
    """Nothing of the product is longer than 250 lines without a reason, and no reason outlives its file."""
    kept = [
        path
        for path in SERVICE.rglob("*")
        if path.suffix in {".py", ".html", ".css", ".js", ".sql"} and path.parent.name != "lib"
    ]
    long = {str(path.relative_to(ROOT)) for path in kept if len(path.read_text(encoding="utf-8").splitlines()) > LONGEST}
    assert long - set(LONG) == set()
    assert {name for name in LONG if not (ROOT / name).exists()} == set()
