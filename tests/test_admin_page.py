"""The administrator's page: persons, accounts and charges; nobody else comes in, and no business is changed."""

import re
from collections.abc import Iterator
from datetime import date

import pytest

from service import accounts, people
from tests.conftest import TestDatabase
from tests.house import DRE, JAUJA, House, open_house

HOME = "/administrar"
CHARGE = {"role": "jefe-area", "unit": JAUJA, "area": "AGI", "since": "2026-01-01", "resolution": "R.D. 3"}
NEW = CHARGE | {"usuario": "jauja.agi", "name": "Olga Ramos", "clave": "una clave larga"}


@pytest.fixture
def house(new_database: TestDatabase) -> Iterator[House]:
    """A house of this test alone."""
    with open_house(new_database.service_url) as opened:
        yield opened


def entered(house: House) -> str:
    """Enter a person; the address of the person's page."""
    answer = house.browser("admin").post(f"{HOME}/personas", NEW)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def test_only_an_administrator_comes_in(house: House) -> None:
    """Others get 403 with a sentence, directors and auditors too, and see no entry in the navigation."""
    path = f"{HOME}/personas/{house.ids['ugel.jefe']}"
    for usuario in ("dre.director", "ugel.director", "auditor", "dre.especialista"):
        browser = house.browser(usuario)
        for address in (HOME, path, f"{HOME}/privilegios"):
            assert browser.get(address).status_code == 403
        for address in (f"{HOME}/personas", f"{path}/clave", f"{path}/baja", f"{path}/cargos", f"{HOME}/cargos/1/termino"):
            assert browser.post(address, NEW).status_code == 403
        assert 'href="/administrar"' not in browser.get("/").text
    assert 'href="/administrar"' in house.browser("admin").get("/").text


def test_persons_are_listed_with_their_charges_and_found_by_name(house: House) -> None:
    """By a part of name or usuario, whatever its case; signs of the search are letters like others."""
    admin = house.browser("admin")
    text = admin.get(HOME).text
    assert "Rosa Quispe" in text
    assert "Jefe(a) de área · AGP, UGEL Jauja" in text
    found = admin.get(f"{HOME}?buscar=quisp").text
    assert "Rosa Quispe" in found
    assert "Juan Huamán" not in found
    assert "Nadie coincide" in admin.get(f"{HOME}?buscar=%25").text


def test_a_person_is_entered_with_a_password_and_a_charge(house: House) -> None:
    """The charge is a fact without the name; with the password the person gets in."""
    address = entered(house)
    assert "Olga Ramos" in house.browser("admin").get(address).text
    (charge,) = house.ledger.standing().held(address.rpartition("/")[2], date(2026, 6, 1))
    assert (charge.charge, charge.resolution) == ("jefe-area/120005/AGI", "R.D. 3")
    with house.app.state.database.connection() as connection:
        assert people.sign_in(connection, "jauja.agi", "una clave larga", "test").name == "Olga Ramos"


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"usuario": "ugel.jefe"}, "El usuario «ugel.jefe» ya existe."),
        ({"clave": "corta"}, "La clave debe tener al menos"),
        ({"since": "x"}, "Escriba una fecha válida"),
        ({"name": ""}, "Falta este dato"),
        ({"unit": DRE}, "no corresponde a ese tipo de unidad"),
    ],
)
def test_who_is_entered_wrongly_is_not_entered_at_all(house: House, wrong: dict[str, str], sentence: str) -> None:
    """Neither account nor charge; what was typed comes back, except the password."""
    before = len(house.ledger.standing().charges)
    answer = house.browser("admin").post(f"{HOME}/personas", NEW | wrong)
    assert answer.status_code in {409, 422}
    assert sentence in answer.text
    assert "una clave larga" not in answer.text
    assert 'value="R.D. 3"' in answer.text
    assert len(house.ledger.standing().charges) == before
    assert "Olga Ramos" not in house.browser("admin").get(f"{HOME}?buscar=olga").text


def test_a_charge_is_assigned_and_ended(house: House) -> None:
    """Both through the record's own rules: not to oneself, not longer than it was."""
    admin, person = house.browser("admin"), house.ids["ugel.jefe"]
    path = f"{HOME}/personas/{person}"
    assert admin.post(f"{path}/cargos", CHARGE | {"acting": "1", "until": "2026-12-31"}).status_code == 303
    charge = max(house.ledger.standing().charges.values(), key=lambda each: each.assignment)
    assert (charge.holder, charge.acting, charge.until) == (person, True, date(2026, 12, 31))
    ending = f"{HOME}/cargos/{charge.assignment}/termino"
    assert admin.post(ending, {"until": "2026-06-30", "reason": "Cese"}).headers["location"] == path
    assert house.ledger.standing().charges[charge.assignment].until == date(2026, 6, 30)
    assert "ya termina antes" in admin.post(ending, {"until": "2027-06-30"}).text
    own = admin.post(f"{HOME}/personas/{house.ids['admin']}/cargos", CHARGE | {"role": "admin", "unit": DRE})
    assert "Nadie se asigna un cargo a sí mismo" in own.text
    assert admin.post(f"{HOME}/cargos/999/termino", {"until": "2026-06-30"}).status_code == 404
    assert admin.get(f"{HOME}/personas/nadie").status_code == 404
    assert admin.get(f"{HOME}/personas/sistema").status_code == 404


def test_an_account_is_deactivated_and_activated(house: House) -> None:
    """Who was signed in is out at once; nobody does it to the own account."""
    admin, chief, path = house.browser("admin"), house.browser("ugel.jefe"), f"{HOME}/personas/{house.ids['ugel.jefe']}"
    assert chief.get("/").status_code == 200
    assert admin.post(f"{path}/baja").status_code == 303
    assert chief.get("/").status_code == 303
    assert "Desactivada" in admin.get(HOME).text
    assert admin.post(f"{path}/alta").status_code == 303
    assert house.browser("ugel.jefe").get("/").status_code == 200
    assert "su propia cuenta" in admin.post(f"{HOME}/personas/{house.ids['admin']}/baja").text


def test_a_new_password_ends_the_old_one(house: House) -> None:
    """The open sign-ins too; a short one is refused; each deed is in the access log."""
    address = entered(house)
    admin = house.browser("admin")
    assert "al menos" in admin.post(f"{address}/clave", {"clave": "x"}).text
    assert admin.post(f"{address}/clave", {"clave": "otra clave larga"}).status_code == 303
    with house.app.state.database.connection() as connection:
        with pytest.raises(people.PeopleError):
            people.sign_in(connection, "jauja.agi", "una clave larga", "test")
        assert people.sign_in(connection, "jauja.agi", "otra clave larga", "test").name == "Olga Ramos"
        log = [row[0] for row in connection.execute("select what from people.access_log where person = %s", [house.ids["admin"]])]
    assert any(re.match("puso una clave nueva", what) for what in log)
    assert any(re.match("registró la cuenta", what) for what in log)


def test_who_holds_which_privilege_can_be_printed(house: House) -> None:
    """Every charge in force with its resolution; the codes of the units ask to be verified."""
    text = house.browser("admin").get(f"{HOME}/privilegios").text
    assert "Elena Ñahui" in text
    assert "RD 1-2020" in text
    assert text.count("Verificar") == 3


def test_persons_stand_in_spanish_order(house: House) -> None:
    """Accents do not push a name to the end, and «ñ» comes after «n»."""
    names = ("Nuria Paz", "Ñaña Poma", "Óscar Baldeón", "Zoila Ríos", "Omar Cruz")
    with house.app.state.database.connection() as connection:
        for number, name in enumerate(names):
            people.add_person(connection, f"orden.{number}", name)
        found = [person.name for person in accounts.search(connection, "orden.")]
    assert found == ["Nuria Paz", "Ñaña Poma", "Omar Cruz", "Óscar Baldeón", "Zoila Ríos"]
