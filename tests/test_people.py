import threading
from datetime import date
from itertools import product

import argon2
import psycopg
import pytest

from service import people, uploads
from service.aggregates import dre, plan, plan_versions, quarter, region_year, streams, unit_year
from service.aggregates.commitment_signing import SignCommitment
from service.aggregates.signing_key import ConfirmKey, RevokeKey
from service.permits import PERMITS, SYSTEM, Forbidden, authorize, choose, may
from tests.conftest import TestDatabase

Database = psycopg.Connection[tuple[object, ...]]
LONG = "una clave larga"


@pytest.fixture
def connection(new_database: TestDatabase) -> Database:
    """The service's own connection to a fresh directory."""
    return psycopg.connect(new_database.service_url, autocommit=True)


def charge(role: dre.Role, unit: str, number: int = 1) -> dre.ChargeAssigned:
    """A charge held today."""
    return dre.ChargeAssigned(assignment=number, holder="p1", role=role, unit=unit, since=date(2026, 1, 1))


def test_every_command_has_its_line_in_the_table() -> None:
    """A new command without a rule fails here before anybody can give it."""
    assert set(PERMITS) == streams.COMMANDS


@pytest.mark.parametrize("command", sorted(PERMITS, key=str))
def test_auditors_write_nothing(command: type) -> None:
    """The control office reads everything and gives no command anywhere."""
    assert not any(may(charge("auditor", "120000"), command, unit) for unit in ("120000", "120005"))


@pytest.mark.parametrize("command", sorted(unit_year.COMMANDS | region_year.COMMANDS, key=str))
def test_nobody_of_a_ugel_writes_in_another(command: type) -> None:
    """No role of a UGEL may change anything outside its own unit."""
    roles: tuple[dre.Role, ...] = ("especialista-ugel", "jefe-area", "director-ugel")
    outside = ("120007", "120000")
    assert not any(may(charge(role, "120005"), command, unit) for role, unit in product(roles, outside))


def test_the_administrator_makes_no_business_change() -> None:
    """An administrator assigns charges, registers units and answers for passkeys: who holds which, never what they sign."""
    allowed = {kind for kind in PERMITS if may(charge("admin", "120000"), kind, "120000")}
    assert allowed == {dre.AssignCharge, dre.EndCharge, dre.RegisterUnit, ConfirmKey, RevokeKey}


def test_the_director_submits_and_the_specialist_does_not() -> None:
    """Submitting a plan belongs to the director of the unit."""
    assert may(charge("director-ugel", "120005"), plan_versions.SubmitPlan, "120005")
    with pytest.raises(Forbidden, match="Corresponde a: director"):
        choose([charge("especialista-ugel", "120005")], plan_versions.SubmitPlan, "120005")


def test_the_dre_has_its_own_plan() -> None:
    """The DRE's people write the DRE's plan and nobody else's."""
    assert may(charge("especialista-dre", "120000"), plan.AddActivity, "120000")
    assert not may(charge("especialista-dre", "120000"), plan.AddActivity, "120005")
    assert may(charge("director-dre", "120000"), quarter.CloseQuarter, "120005")


def test_the_charge_in_the_unit_itself_goes_first() -> None:
    """Who holds charges in two places acts in the one of the place."""
    held = [charge("director-dre", "120000"), charge("director-ugel", "120005", 2)]
    assert choose(held, SignCommitment, "120005").charge == "director-ugel/120005"
    assert choose(held, SignCommitment, "120007").charge == "director-dre/120000"


def test_refusals_say_why() -> None:
    """Without a charge, in another unit, or in the wrong charge: three different sentences."""
    with pytest.raises(Forbidden, match="no tiene un cargo vigente"):
        choose([], plan_versions.SubmitPlan, "120005")
    with pytest.raises(Forbidden, match="en su propia unidad"):
        choose([charge("director-ugel", "120007")], plan_versions.SubmitPlan, "120005")


def test_the_system_only_sets_up() -> None:
    """The named actor `sistema` registers, assigns and publishes; it never touches a plan."""
    assert authorize("sistema", [], dre.AssignCharge, "120000") == SYSTEM.charge
    with pytest.raises(Forbidden):
        authorize("sistema", [], plan.AddActivity, "120005")


def test_a_sign_in_gives_a_new_token_each_time(connection: Database) -> None:
    """Two sign-ins of one person are two tokens; ending one leaves the other alive."""
    rosa = people.add_person(connection, "Rosa", "Rosa Quispe")
    people.set_password(connection, rosa, LONG)
    first, second = (people.sign_in(connection, "rosa", LONG, "10.0.0.1") for _ in range(2))
    assert first.token != second.token
    people.sign_out(connection, first.token)
    assert people.whoami(connection, first.token) is None
    assert people.whoami(connection, second.token) == second


def test_neither_password_nor_token_is_kept(connection: Database) -> None:
    """What the database holds does not let anybody in."""
    rosa = people.add_person(connection, "rosa", "Rosa Quispe")
    people.set_password(connection, rosa, LONG)
    signed = people.sign_in(connection, "rosa", LONG, "10.0.0.1")
    rows = connection.execute("select hash from people.credential").fetchall()
    rows += connection.execute("select encode(token, 'escape') from people.sign_in").fetchall()
    assert len(rows) == 2
    assert not any(LONG in str(row) or signed.token in str(row) for row in rows)


def test_the_hash_of_a_password_costs_what_argon2_recommends(true_hasher: argon2.PasswordHasher) -> None:
    """RFC 9106, second recommendation: 64 MiB, three passes, four lanes; the cheap one is the stories' alone."""
    cost = (true_hasher.type, true_hasher.memory_cost, true_hasher.time_cost, true_hasher.parallelism)
    assert cost == (argon2.Type.ID, 65_536, 3, 4)
    assert people.hasher is not true_hasher


def test_an_expired_sign_in_is_nobody(connection: Database) -> None:
    """After twelve hours the token is worth nothing."""
    rosa = people.add_person(connection, "rosa", "Rosa Quispe")
    token = people.start(connection, rosa, "10.0.0.1")
    assert people.whoami(connection, token)
    connection.execute("update people.sign_in set expires_at = now() - interval '1 second'")
    assert people.whoami(connection, token) is None


def test_a_new_password_ends_other_sign_ins(connection: Database) -> None:
    """Whoever had come in with the old password is out."""
    rosa = people.add_person(connection, "rosa", "Rosa Quispe")
    token = people.start(connection, rosa, "10.0.0.1")
    people.set_password(connection, rosa, LONG)
    assert people.whoami(connection, token) is None


@pytest.mark.parametrize("usuario", ["nadie", "rosa", "sistema"])
def test_a_wrong_sign_in_does_not_say_what_was_wrong(connection: Database, usuario: str) -> None:
    """An unknown name, a wrong password and the system's own name read the same."""
    rosa = people.add_person(connection, "rosa", "Rosa Quispe")
    people.set_password(connection, rosa, LONG)
    with pytest.raises(people.PeopleError, match=r"^El usuario o la clave no son correctos\.$"):
        people.sign_in(connection, usuario, "otra clave", "10.0.0.1")


def test_six_tries_close_the_door_for_a_while(connection: Database) -> None:
    """After five failures the right password is refused too, with the minutes to wait; other places still get in."""
    rosa = people.add_person(connection, "rosa", "Rosa Quispe")
    people.set_password(connection, rosa, LONG)
    for _ in range(people.PER_PAIR):
        with pytest.raises(people.PeopleError, match="no son correctos"):
            people.sign_in(connection, "rosa", "mal", "10.0.0.1")
    with pytest.raises(people.TooManyTries, match=r"Espere 1[45] minutos"):
        people.sign_in(connection, "rosa", LONG, "10.0.0.1")
    assert people.sign_in(connection, "rosa", LONG, "10.0.0.2").id == rosa
    connection.execute("update people.attempt set at = at - interval '16 minutes'")
    assert people.sign_in(connection, "rosa", LONG, "10.0.0.1").id == rosa


def test_many_tries_at_once_gain_nothing(new_database: TestDatabase, connection: Database) -> None:
    """Tries count before the password is looked at, so a burst gets no more guesses than a queue."""
    rosa = people.add_person(connection, "rosa", "Rosa Quispe")
    people.set_password(connection, rosa, LONG)
    answers = list[str]()

    def guess() -> None:
        with psycopg.connect(new_database.service_url, autocommit=True) as own:
            try:
                people.sign_in(own, "rosa", "mal", "10.0.0.1")
            except people.PeopleError as reason:
                answers.append(type(reason).__name__)

    threads = [threading.Thread(target=guess) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers.count("PeopleError") <= people.PER_PAIR


def test_names_outlive_their_persons(connection: Database) -> None:
    """Who was erased from the directory reads as such; the system has its own name."""
    rosa = people.add_person(connection, "rosa", "Rosa Quispe")
    assert people.names(connection, [rosa, "x", "sistema"]) == {
        rosa: "Rosa Quispe",
        "x": "persona retirada del directorio",
        "sistema": "Sistema",
    }


@pytest.mark.parametrize(("usuario", "name"), [("rosa", "Otra"), ("", "Rosa"), ("ro sa", "Rosa"), ("rosa2", " ")])
def test_a_person_needs_a_name_and_a_free_usuario(connection: Database, usuario: str, name: str) -> None:
    """A taken, empty or malformed usuario is refused with a sentence."""
    people.add_person(connection, "rosa", "Rosa Quispe")
    with pytest.raises(people.PeopleError, match="usuario"):
        people.add_person(connection, usuario, name)


def test_a_short_password_is_refused(connection: Database) -> None:
    """Twelve characters at least."""
    rosa = people.add_person(connection, "rosa", "Rosa Quispe")
    with pytest.raises(people.PeopleError, match="12 caracteres"):
        people.set_password(connection, rosa, "corta")


def test_an_upload_belongs_to_who_sent_it(connection: Database) -> None:
    """The file of a dry run is found again by its sender alone."""
    rosa, juan = (people.add_person(connection, name, name) for name in ("rosa", "juan"))
    upload = uploads.keep(connection, rosa, "120005", 2027, "pat.xlsx", b"PK")
    kept = uploads.find(connection, upload, rosa)
    assert kept
    assert (kept.content, kept.filename) == (b"PK", "pat.xlsx")
    assert uploads.find(connection, upload, juan) is None


def test_the_access_log_keeps_what_was_read(connection: Database) -> None:
    """Exports and auditors' readings leave a line with person and moment."""
    people.note_access(connection, "p1", "exportó el balance 2025")
    assert connection.execute("select person, what from people.access_log").fetchall() == [("p1", "exportó el balance 2025")]
