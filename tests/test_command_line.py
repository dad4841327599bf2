import re
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import psycopg
import pytest
from python_calamine import CalamineWorkbook

from service import people, record, uploads
from service.aggregates.plan import AddActivity, AddLine, ChangeTask, NewTask, TaskChanged
from service.aggregates.plan_versions import OpenYear
from service.cli import run_command
from service.database import Database
from service.ledger import Ledger, stream_of
from service.settings import VARIABLES, flag
from service.workbook import Mapping, check, read, template
from tests.conftest import TestDatabase
from tests.house import JAUJA

STREAM = stream_of(JAUJA, 2027)
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(house_database: TestDatabase, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command against the furnished database: exit code, output, complaints."""
    monkeypatch.setenv("QUIPU_DATABASE_URL", house_database.service_url)
    monkeypatch.setenv("QUIPU_OWNER_URL", house_database.owner_url)
    monkeypatch.setenv("QUIPU_PASSWORD", "una clave larga")
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.delenv("QUIPU_SECRET", raising=False)

    def command(*arguments: str) -> tuple[int, str, str]:
        code = run_command(arguments)
        said = capsys.readouterr()
        assert "Traceback" not in said.out + said.err
        return code, said.out, said.err

    return command


@pytest.fixture
def ledger(house_database: TestDatabase) -> Iterator[Ledger]:
    """The record, to look at what commands did."""
    database = Database(house_database.service_url, size=2)
    database.open()
    yield Ledger(database)
    database.close()


@pytest.fixture
def planned(ledger: Ledger, house_database: TestDatabase) -> Ledger:
    """The record with a small plan for 2027."""
    with psycopg.connect(house_database.service_url) as connection:
        rosa = people.find_by_usuario(connection, "ugel.especialista")
    assert rosa
    task = NewTask(name="Visitar aulas", unit="Visita", months=(Decimal(1),) * 12)
    activity = AddActivity(line="M1", name="Monitoreo", objectives=("ON1",), tasks=(task,))
    for number, command in enumerate((OpenYear(year=2027), AddLine(code="M1", kind="misional", name="Línea"), activity)):
        ledger.carry_out(rosa.id, STREAM, command, command_id=f"p{number}")
    return ledger


@pytest.mark.parametrize(
    "arguments", [(), ("--help",), *((name, "--help") for name in ("serve", "demo", "verify", "import-plan"))]
)
def test_help_is_in_spanish(run: Run, arguments: tuple[str, ...]) -> None:
    """Every help page speaks to the person who runs it."""
    code, said, _ = run(*arguments)
    assert code == 0
    assert "Uso: quipu" in said
    assert not re.search(r"\b(Usage|Options|Commands|Show this|required)\b", said)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("nada",), "No existe la orden «nada»."),
        (("serve", "--workers", "x"), "--workers debe ser un número entre 1 y 64"),
        (("serve", "--no"), "No existe la opción --no."),
        (("import-plan",), "Falta ARCHIVO."),
        (("import-plan", "/no/hay", "--unit", JAUJA, "--year", "2027"), "no existe"),
        (("import-plan", __file__, "--unit", JAUJA, "--year", "2027", "--confirm"), "Falta --as."),
        (("person", "add", "rosa", "--role", "jefe"), "--role debe ser uno de"),
        (("export", "plan", "--year"), "La opción --year necesita un valor."),
    ],
)
def test_a_wrong_command_line_is_2(run: Run, arguments: tuple[str, ...], words: str) -> None:
    """What is wrong is said in a sentence, with where to look."""
    code, _, complaint = run(*arguments)
    assert code == 2
    assert words in complaint
    assert "--help" in complaint


def test_events_lists_every_kind(run: Run) -> None:
    """The legal names and shapes of all that can be recorded; no database is needed."""
    code, said, _ = run("events")
    assert code == 0
    assert set(record.EVENTS) <= set(re.findall(r"[a-z][a-z.0-9-]+", said))


def test_migrate_twice(run: Run) -> None:
    """Nothing is left to do the second time."""
    assert run("migrate") == (0, "La base de datos ya estaba al día.\n", "")


@pytest.mark.usefixtures("planned")
def test_verify_and_rebuild(run: Run, house_database: TestDatabase) -> None:
    """A spoilt read table is found row by row, rebuilt from the facts, and found right."""
    assert run("verify")[0] == 0
    with psycopg.connect(house_database.service_url) as connection:
        connection.execute("update read.history set person = 'otra' where from_pos = 2")
    code, said, complaint = run("verify")
    assert code == 1
    assert "history, solo en los hechos" in said
    assert "quipu rebuild" in complaint
    code, said, _ = run("rebuild")
    assert code == 0
    assert "filas vigentes eran distintas de lo que dicen los hechos" in said
    code, said, _ = run("verify")
    assert code == 0
    assert re.search(r"Verificado hasta el hecho n.º \d+", said)


def test_a_person_gets_in(run: Run, ledger: Ledger) -> None:
    """An administrator's order makes the account, its password and its charge, dated and in the record."""
    code, said, complaint = run(
        *("person", "add", "nora.poma", "--name", "Nora Poma", "--role", "jefe-area", "--unit", JAUJA),
        *("--area", "AGI", "--since", "2026-01-01", "--as", "admin"),
    )
    assert (code, complaint) == (0, "")
    assert "«nora.poma» ya puede ingresar" in said
    with ledger.database.connection() as connection:
        signed = people.sign_in(connection, "nora.poma", "una clave larga", "test")
    assert [charge.charge for charge in ledger.standing().held(signed.id, date(2026, 1, 1))] == [f"jefe-area/{JAUJA}/AGI"]


@pytest.mark.parametrize(
    ("usuario", "role", "unit", "by", "words"),
    [
        ("otra", "admin", "120000", "sistema", "Ya hay una cuenta de administración"),
        ("otra", "jefe-area", JAUJA, "ugel.director", "Su cargo no permite"),
        ("otra", "jefe-area", JAUJA, "nadie", "No hay una persona activa"),
        ("otra", "jefe-area", "120013", "admin", "no está registrada"),
        ("otra", "director-dre", JAUJA, "admin", "no corresponde"),
        ("ugel.jefe", "jefe-area", JAUJA, "admin", "ya existe"),
        ("mal escrito", "jefe-area", JAUJA, "admin", "letras, números"),
    ],
)
def test_a_refused_person_leaves_nothing(
    run: Run, ledger: Ledger, usuario: str, role: str, unit: str, by: str, words: str
) -> None:
    """A refusal is exit code 1 with its sentence, and neither account nor charge."""
    before = len(ledger.standing().charges)
    code, _, complaint = run("person", "add", usuario, "--name", "X", "--role", role, "--unit", unit, "--as", by)
    assert code == 1
    assert words in complaint
    assert len(ledger.standing().charges) == before
    with ledger.database.connection() as connection:
        assert people.find_by_usuario(connection, "otra") is None


@pytest.mark.usefixtures("planned")
def test_export_the_balance(run: Run, tmp_path: Path) -> None:
    """The region's and a unit's balance as workbooks that say where they were cut; nothing is exported of what is not there."""
    for options in ((), ("--unit", JAUJA)):
        file = tmp_path / f"{len(options)}.xlsx"
        assert run("export", "balance", "--year", "2027", *options, "-o", str(file))[0] == 0
        book = CalamineWorkbook.from_path(file)
        cells = [str(cell) for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python() for cell in row]
        assert any("Corte: hecho n.º" in cell for cell in cells)
    assert run("export", "balance", "--year", "2027", "--unit", "999999")[0] == 1
    assert "todavía no llega" in run("export", "balance", "--year", "2027", "--at", "999999")[2]


@pytest.mark.usefixtures("planned")
def test_export_and_import_again(run: Run, tmp_path: Path) -> None:
    """What is exported says, when it comes back, that nothing changes."""
    file = tmp_path / "plan.xlsx"
    assert run("export", "plan", "--unit", JAUJA, "--year", "2027", "-o", str(file))[0] == 0
    assert len(check(file.read_bytes(), "plan.xlsx").tasks) == 1
    order = ("import-plan", str(file), "--unit", JAUJA, "--year", "2027")
    code, said, _ = run(*order)
    assert code == 0
    assert "No se escribió nada" in said
    code, said, _ = run(*order, "--confirm", "--as", "ugel.especialista")
    assert (code, "0 cambios" in said) == (0, True)
    code, _, complaint = run(*order, "--confirm", "--as", "satipo.director")
    assert (code, "en su propia unidad" in complaint) == (1, True)
    code, said, _ = run("import-plan", str(file), "--unit", "120007", "--year", "2027", "--confirm", "--as", "satipo.director")
    assert (code, "Plan registrado" in said) == (0, True)


def test_columns_named_on_the_command_line(run: Run, tmp_path: Path) -> None:
    """A sheet in other words is read by the columns that `--map` names; without them the missing ones are said."""
    file, seen = tmp_path / "cuadro.csv", tmp_path / "revisado.xlsx"
    file.write_text("Qué;Cómo;Medida en;Inicio;Final\nMonitorear;Visitar;Acta;3;uno\n", encoding="utf-8")
    order = ("import-plan", str(file), "--unit", JAUJA, "--year", "2027")
    code, _, complaint = run(*order)
    assert (code, "actividad, unidad, meses o trimestres" in complaint) == (1, True)
    named = [part for pair in ("actividad=A", "tarea=B", "unidad=C", "T1=D", "T4=E") for part in ("--map", pair)]
    code, said, complaint = run(*order, *named, "--marked", str(seen))
    assert (code, "E2" in said, "1 errores" in complaint) == (1, True, True)
    assert seen.read_bytes().startswith(b"PK")
    file.write_text(file.read_text(encoding="utf-8").replace("uno", "1"), encoding="utf-8")
    code, said, _ = run(*order, *named, "--confirm", "--as", "ugel.especialista")
    assert (code, "Plan registrado" in said) == (0, True)
    for pair in ("nada=A", "tarea", "tarea=7", "fila=x", "tipo=Z"):
        assert run(*order, "--map", pair)[0] == 1


def test_columns_remembered_for_the_unit(run: Run, tmp_path: Path, ledger: Ledger) -> None:
    """What somebody chose on screen counts on the command line too."""
    file = tmp_path / "cuadro.csv"
    file.write_text("Qué;Cómo;Medida en;Inicio\nMonitorear;Visitar;Acta;3\n", encoding="utf-8")
    fingerprint = read(file.read_bytes(), "cuadro.csv").fingerprint
    with ledger.database.connection() as connection:
        rosa = people.find_by_usuario(connection, "ugel.especialista")
        assert rosa
        columns = {"activity": 0, "task": 1, "unit": 2, "T1": 3}
        uploads.remember(connection, JAUJA, fingerprint, Mapping("otro", "CSV", 1, columns), rosa.id)
    code, said, _ = run("import-plan", str(file), "--unit", JAUJA, "--year", "2027")
    assert (code, "columnas recordadas" in said, "1 tareas" in said) == (0, True, True)


def test_an_older_export_on_the_command_line(run: Run, planned: Ledger, tmp_path: Path) -> None:
    """What others changed too is listed with who, and kept unless the sender says otherwise."""
    file = tmp_path / "plan.xlsx"
    assert run("export", "plan", "--unit", JAUJA, "--year", "2027", "-o", str(file))[0] == 0
    book = openpyxl.load_workbook(file)
    sheet = book["PAT"]
    heads = {str(cell.value): number for number, cell in enumerate(sheet[1], start=1)}
    sheet.cell(2, heads["ENE"], 99)
    sheet.cell(2, heads["TOTAL"]).value = None
    book.save(file)
    with planned.database.connection() as connection:
        juan = people.find_by_usuario(connection, "ugel.jefe")
    assert juan
    months = (Decimal(7), *(Decimal(1),) * 11)
    change = ChangeTask(task=1, name="Visitar aulas", unit="Visita", months=months)
    planned.carry_out(juan.id, STREAM, change, command_id="juan")
    order = ("import-plan", str(file), "--unit", JAUJA, "--year", "2027", "--confirm", "--as", "ugel.especialista")
    code, said, _ = run(*order[:6])
    assert (code, "Cambios: ninguno." in said, "No se escribió nada" in said) == (0, True, True)
    code, said, _ = run(*order[:6], "--stale", "mio")
    assert (code, "Cambios: 1\u00a0tarea cambiada." in said, "Cambió la tarea 1" in said) == (0, True, True)
    code, said, _ = run(*order)
    assert (code, "Juan Huamán" in said, "0 cambios" in said) == (0, True, True)
    code, said, _ = run(*order, "--stale", "mio")
    assert (code, "Plan registrado" in said) == (0, True)
    event = list(planned.facts(STREAM))[-1].fact.event
    assert isinstance(event, TaskChanged)
    assert event.months[0] == 99


def test_a_plan_that_does_not_exist(run: Run, tmp_path: Path) -> None:
    """Nothing to export is said so."""
    code, _, complaint = run("export", "plan", "--unit", JAUJA, "--year", "2031", "-o", str(tmp_path / "x.xlsx"))
    assert (code, complaint) == (1, "La unidad 120005 no tiene plan del año 2031.\n")


def test_a_file_that_is_no_plan(run: Run, tmp_path: Path) -> None:
    """A broken file and an empty template get their sentence; nothing is written."""
    broken, empty = tmp_path / "roto.xlsx", tmp_path / "vacio.xlsx"
    broken.write_bytes(b"PK nada")
    empty.write_bytes(template())
    for file in (broken, empty):
        code, _, complaint = run("import-plan", str(file), "--unit", JAUJA, "--year", "2027", "--confirm", "--as", "ugel.jefe")
        assert code == 1
        assert complaint.strip()


def test_passwords_never_travel_in_clear_by_mistake(run: Run) -> None:
    """Serving plain HTTP to other machines needs a clear yes."""
    code, _, complaint = run("serve", "--host", "0.0.0.0")
    assert code == 1
    assert "QUIPU_INSECURE_HTTP=1" in complaint


def test_a_database_that_does_not_answer(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sentence, not a trace, and exit code 1."""
    monkeypatch.setenv("QUIPU_DATABASE_URL", "postgresql://nadie@127.0.0.1:1/nada?connect_timeout=1")
    code, _, complaint = run("verify")
    assert code == 1
    assert "No se puede conectar" in complaint


def test_every_setting_is_a_flag_that_wins(run: Run, tmp_path: Path) -> None:
    """What the command line says goes before the environment and its files, on any command."""
    listed = run("verify", "--help")[1]
    assert [name for name in VARIABLES if f"{flag(name)} VALOR" not in listed] == []
    assert run("verify", "--database-url", "postgresql:///no-such?host=/nowhere")[0] == 1
    assert run("verify")[0] == 0
    code, _, complaint = run("serve", "--port", "abc", "--data", str(tmp_path))
    assert (code, "puerto entre 1 y 65535" in complaint) == (1, True)


def test_the_catalogue_goes_out_and_in(run: Run, ledger: Ledger, tmp_path: Path) -> None:
    """Exported it imports as 0 cambios; a dry run writes nothing; confirmed, a file is a version; errors name their cell."""
    file, lines, wrong = tmp_path / "catalogo.xlsx", tmp_path / "lineas.csv", tmp_path / "mal.csv"
    assert run("export", "catalogue", "-o", str(file))[0] == 0
    before = ledger.standing().catalogue
    code, said, _ = run("import-catalogue", str(file))
    assert (code, "0 cambios" in said) == (0, True)
    lines.write_text("Código,Tipo,Línea de acción\nM1,misional,Monitoreo\n", encoding="utf-8")
    code, said, _ = run("import-catalogue", str(lines))
    assert code == 0
    assert "M1: no existía → Monitoreo (misional)" in said
    assert ledger.standing().catalogue == before, "a dry run"
    assert run("import-catalogue", str(lines), "--confirm")[0] == 2
    code, said, _ = run("import-catalogue", str(lines), "--confirm", "--as", "dre.director", "--reason", "R.D. 8")
    assert code == 0
    assert "Versión 2 del catálogo publicada" in said, "the first version is what ships with the product"
    assert [line.name for line in ledger.standing().catalogue.content.lines] == ["Monitoreo"]
    assert run("import-catalogue", str(lines), "--confirm", "--as", "ugel.director")[0] == 0, "nothing to change, nobody refused"
    wrong.write_text("Código,Tipo,Línea de acción\nM2,raro,x\n", encoding="utf-8")
    code, said, complaint = run("import-catalogue", str(wrong), "--confirm", "--as", "dre.director")
    assert code == 1
    assert "B2" in said
    assert "No se escribió nada" in complaint
