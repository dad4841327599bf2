from collections.abc import Callable, Iterator

import pytest

from service import people
from tests.conftest import TestDatabase
from tests.house import House, open_house

PASSWORD = "quipu-demo-2026"


@pytest.fixture(scope="module")
def _house(make_database: Callable[[str], TestDatabase], _furnished: str) -> Iterator[House]:
    with open_house(make_database(_furnished).service_url) as made:
        with made.app.state.database.connection() as connection:
            people.set_password(connection, made.ids["ugel.jefe"], PASSWORD)
        yield made


@pytest.fixture
def house(_house: House) -> House:
    """The house, in which Juan has a password and nobody has come in yet."""
    with _house.app.state.database.connection() as connection:
        for table in ("attempt", "sign_in", "draft"):
            connection.execute(f"delete from people.{table}")
    return _house


def enter(house: House, **fields: str) -> str:
    """Sign Juan in and return his token."""
    answer = house.browser().post("/ingresar", {"usuario": "ugel.jefe", "clave": PASSWORD} | fields)
    assert answer.status_code == 303, answer.text
    return answer.headers["set-cookie"]


def test_the_way_in(house: House) -> None:
    """A stranger is sent to the sign-in and, once in, to the page he wanted."""
    asked = house.browser().get("/salir?x=a b")
    assert asked.status_code == 303
    assert asked.headers["location"] == "/ingresar?volver=/salir%3Fx%3Da%2520b"
    form = house.browser().get(asked.headers["location"])
    assert 'name="volver" value="/salir?x=a%20b"' in form.text
    answer = house.browser().post("/ingresar", {"usuario": " UGEL.Jefe ", "clave": PASSWORD, "volver": "/salir?x=a%20b"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/salir?x=a%20b")


@pytest.mark.parametrize("kind", ["data", "files"])
def test_both_kinds_of_form_are_taken(house: House, kind: str) -> None:
    """The page sends multipart; a plain form works as well."""
    fields = {"usuario": "ugel.jefe", "clave": PASSWORD}
    sent = {"data": fields} if kind == "data" else {"files": {name: (None, value) for name, value in fields.items()}}
    assert house.client.post("/ingresar", follow_redirects=False, **sent).status_code == 303


def test_the_cookie_is_locked_to_this_house(house: House) -> None:
    """Only for this host, only over TLS, out of reach of scripts."""
    cookie = enter(house)
    assert cookie.startswith("__Host-quipu=")
    assert {"HttpOnly", "Secure", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))


def test_plain_http_has_its_own_cookie_and_a_warning(house_database: TestDatabase) -> None:
    """Where QUIPU_INSECURE_HTTP=1 is set the cookie has no prefix and every page warns."""
    with open_house(house_database.service_url, insecure_http=True) as house:
        with house.app.state.database.connection() as connection:
            people.set_password(connection, house.ids["ugel.jefe"], PASSWORD)
        cookie = enter(house)
        assert cookie.startswith("quipu=")
        assert "Secure" not in cookie
        page = house.browser().get("/ingresar")
        assert "Conexión sin cifrar" in page.text
        assert "strict-transport-security" not in page.headers
        assert house.browser("ugel.jefe").get("/salir").status_code == 200


def test_a_wrong_password_keeps_the_name(house: House) -> None:
    """The typed usuario stays, the password does not, and the sentence gives nothing away."""
    answer = house.browser().post("/ingresar", {"usuario": "ugel.jefe", "clave": "no es esta", "volver": "/seguimiento"})
    assert answer.status_code == 422
    assert "El usuario o la clave no son correctos." in answer.text
    assert 'value="ugel.jefe"' in answer.text
    assert "no es esta" not in answer.text
    assert 'value="/seguimiento"' in answer.text


def test_blank_fields_have_their_sentences(house: House) -> None:
    """Each empty field says so, beside itself."""
    answer = house.browser().post("/ingresar", {"usuario": "", "clave": ""})
    assert answer.status_code == 422
    assert "Escriba su usuario." in answer.text
    assert "Escriba su clave." in answer.text


def test_too_many_tries(house: House) -> None:
    """The sixth try from one place is told to wait, whatever it says."""
    for _ in range(people.PER_PAIR):
        house.browser().post("/ingresar", {"usuario": "ugel.jefe", "clave": "mal"})
    answer = house.browser().post("/ingresar", {"usuario": "ugel.jefe", "clave": PASSWORD})
    assert answer.status_code == 429
    assert "Demasiados intentos fallidos" in answer.text


@pytest.mark.parametrize("back", ["https://otro.pe/", "//otro.pe", "/\\otro.pe", "javascript:alert(1)", "otro", "/\n/otro.pe"])
def test_the_way_back_never_leaves_the_house(house: House, back: str) -> None:
    """An address of another site in `volver` leads to the front page."""
    answer = house.browser().post("/ingresar", {"usuario": "ugel.jefe", "clave": PASSWORD, "volver": back})
    assert answer.headers["location"] in {"/", "/%0A/otro.pe", "//otro.pe".removeprefix("/")}
    assert not answer.headers["location"].startswith(("//", "http", "/\\"))


def test_leaving_ends_the_sign_in(house: House) -> None:
    """After «Salir» the old cookie opens nothing."""
    browser = house.browser("ugel.jefe")
    assert browser.get("/salir").status_code == 200
    answer = browser.post("/salir")
    assert (answer.status_code, answer.headers["location"]) == (303, "/ingresar")
    assert browser.get("/salir").status_code == 303


def test_signing_in_again_ends_the_session_before(house: House) -> None:
    """A second sign-in in the same browser leaves no live token behind."""
    browser = house.browser("ugel.jefe")
    browser.post("/ingresar", {"usuario": "ugel.jefe", "clave": PASSWORD})
    assert browser.get("/salir").status_code == 303


def test_an_invented_token_is_nobody(house: House) -> None:
    """The server never adopts an id that a browser made up."""
    browser = house.browser("ugel.jefe")
    browser.token = "inventado"
    answer = browser.get("/salir")
    assert answer.status_code == 303
    assert "set-cookie" not in answer.headers


def test_a_form_needs_the_secret_of_its_own_sign_in(house: House) -> None:
    """No token, a foreign token or another session's token: refused, and nobody is signed out."""
    browser, other = house.browser("ugel.jefe"), house.browser("ugel.director")
    for token in ("", "zz", "00" * 64, other.csrf):
        answer = browser.post("/salir", {"_csrf_token": token})
        assert answer.status_code == 403
        assert "vuelva a abrirla" in answer.text
    assert browser.get("/salir").status_code == 200
    secret = browser.csrf
    assert secret != browser.csrf, "each page carries another text for the same secret"
    assert browser.post("/salir", {"_csrf_token": ""}, headers={"x-csrftoken": secret}).status_code == 303


@pytest.mark.parametrize(
    "headers",
    [{"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}, {"origin": "https://otro.pe"}, {"origin": "null"}],
)
@pytest.mark.parametrize("path", ["/salir", "/ingresar"])
def test_other_sites_send_nothing(house: House, headers: dict[str, str], path: str) -> None:
    """A form that another site sends is refused, the sign-in included."""
    answer = house.browser("ugel.jefe").post(path, {"usuario": "ugel.jefe", "clave": PASSWORD}, headers=headers)
    assert answer.status_code == 403
    assert "no viene de esta página" in answer.text


def test_what_was_typed_survives_an_expired_sign_in(house: House) -> None:
    """The form waits for its author, and only for him, and goes on to where it was going."""
    browser = house.browser("ugel.jefe")
    with house.app.state.database.connection() as connection:
        connection.execute("update people.sign_in set expires_at = now()")
    answer = browser.post("/salir", {"text": "Un párrafo largo", "command_id": "c-1", "_csrf_token": "vieja"})
    assert answer.headers["location"] == "/ingresar?volver=/ingresar/pendiente%3Fforma%3D/salir"
    assert "se conserva" in house.browser().get(answer.headers["location"]).text
    page = house.browser("ugel.jefe").get("/ingresar/pendiente?forma=/salir").text
    assert 'action="/salir"' in page
    assert 'name="text" value="Un párrafo largo"' in page
    assert 'name="command_id" value="c-1"' in page
    assert "vieja" not in page
    assert house.browser("ugel.director").get("/ingresar/pendiente?forma=/salir").headers["location"] == "/"
    house.browser("ugel.jefe").post("/ingresar/pendiente", {"forma": "/salir"})
    assert house.browser("ugel.jefe").get("/ingresar/pendiente?forma=/salir").status_code == 303


def test_strangers_leave_nothing_in_the_database(house: House) -> None:
    """Only who once held a sign-in gets a form kept."""
    house.browser().post("/salir", {"text": "x"})
    with house.app.state.database.connection() as connection:
        assert connection.execute("select count(*) from people.draft").fetchone() == (0,)


def test_a_part_is_not_navigated_away(house: House) -> None:
    """Htmx hears 401 for a reading part; for a kept form it is sent to the sign-in."""
    htmx = {"hx-request": "true"}
    answer = house.browser().get("/salir", headers=htmx)
    assert answer.status_code == 401
    assert "hx-redirect" not in answer.headers
    browser = house.browser("ugel.jefe")
    with house.app.state.database.connection() as connection:
        connection.execute("update people.sign_in set expires_at = now()")
    assert (
        browser.post("/salir", {"text": "x"}, headers=htmx)
        .headers["hx-redirect"]
        .startswith("/ingresar?volver=/ingresar/pendiente")
    )


def test_demo_accounts_are_shown_only_in_the_demo(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page lists accounts and their password only where the data is made up."""
    assert "quipu-demo-2026" not in house.browser().get("/ingresar").text
    monkeypatch.setattr(house.app.state, "demo", True)
    page = house.browser().get("/ingresar").text
    assert "quipu-demo-2026" in page
    assert "Datos de demostración" in page


def test_an_auditors_readings_are_logged(house: House) -> None:
    """What the control office reads leaves a line outside the record; others' readings do not."""
    house.browser("auditor").get("/salir?x=1")
    house.browser("ugel.jefe").get("/salir")
    with house.app.state.database.connection() as connection:
        rows = connection.execute("select person, what from people.access_log").fetchall()
    assert rows == [(house.ids["auditor"], "leyó /salir?x=1")]
