from collections.abc import Callable, Iterator

import psycopg
import pytest
from litestar import post
from litestar.params import FromPath
from litestar.response import Response

from service import app as composition
from service.aggregates import Refused
from service.permits import Forbidden
from service.web.errors import HEADERS
from tests.conftest import TestDatabase
from tests.house import Browser, House, open_house


@post("/prueba/{what:str}", opt={"own": True}, sync_to_thread=True)
def fail(what: FromPath[str]) -> Response[str]:
    """Fail in the way that is asked for."""
    raise {
        "refused": Refused("No se puede enviar: falta alinear.", ("Actividad 1: Monitoreo", "Actividad 2: <b>Soporte</b>")),
        "forbidden": Forbidden("Usted solo puede hacer esto en su propia unidad."),
        "away": psycopg.OperationalError("server closed the connection, password=secreta"),
        "fault": RuntimeError("clave secreta"),
    }[what]


@pytest.fixture(scope="module")
def house(make_database: Callable[[str], TestDatabase], _furnished: str) -> Iterator[House]:
    """The house, with a door that fails in every way."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(composition, "ROUTES", (*composition.ROUTES, fail))
        with open_house(make_database(_furnished).service_url) as made:
            yield made


@pytest.fixture
def browser(house: House) -> Browser:
    """Juan's browser."""
    return house.browser("ugel.jefe")


@pytest.mark.parametrize(
    ("method", "path", "status", "words"),
    [
        ("GET", "/no-existe", 404, "Esta página no existe"),
        ("DELETE", "/ingresar", 405, "Esta dirección no admite esa acción"),
        ("GET", "/ingresar", 200, "Ingresar"),
        ("GET", "/salud", 200, "responde"),
        ("GET", "/estatico/x/quipu.css", 404, "Esta página no existe"),
    ],
)
def test_every_answer_carries_the_security_headers(house: House, method: str, path: str, status: int, words: str) -> None:
    """Strict policy, no framing, no sniffing, nothing cached: also where no session is needed, 404 and 405 included."""
    answer = house.client.request(method, path)
    assert answer.status_code == status
    assert words in answer.text
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert answer.headers["cache-control"] == "no-store"
    assert "unsafe" not in answer.headers["content-security-policy"]


def test_the_address_of_a_form_that_is_reloaded_by_hand_leads_to_its_page(browser: Browser) -> None:
    """A form that came back with its errors stands under its own address: typed again it is the page above, not an error."""
    answer = browser.client.get("/ugel/120005/2025/t1/observacion", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/ugel/120005/2025/t1")
    foreign = browser.get("http://testserver.local//ugel/120005/2025/t1/envio")
    assert foreign.headers.get("location", "/") == "/", "two slashes name another machine"


@pytest.mark.parametrize(
    ("what", "status", "words"),
    [
        ("refused", 409, "No se puede enviar: falta alinear."),
        ("forbidden", 403, "Usted solo puede hacer esto en su propia unidad."),
        ("away", 503, "Sus datos no se han perdido"),
        ("fault", 500, "Algo falló de nuestro lado"),
    ],
)
@pytest.mark.parametrize("htmx", [False, True])
def test_each_failure_is_a_sentence(browser: Browser, what: str, status: int, words: str, htmx: bool) -> None:  # noqa: FBT001 — two ways of asking
    """The same words as a page and as a part; never a trace, a message of a library or a secret."""
    answer = browser.post(f"/prueba/{what}", headers={"hx-request": "true"} if htmx else {})
    assert answer.status_code == status
    assert words in answer.text
    assert ("<html" in answer.text) is not htmx
    assert "Traceback" not in answer.text
    assert "secreta" not in answer.text
    assert "HX-Request" in answer.headers["vary"]


def test_a_refusal_lists_what_is_missing(browser: Browser) -> None:
    """Each line of the rule is shown, as text and never as markup."""
    page = browser.post("/prueba/refused").text
    assert "<li>Actividad 1: Monitoreo</li>" in page
    assert "&lt;b&gt;Soporte" in page


def test_too_large(browser: Browser) -> None:
    """More than the limit is refused with 413 and what to do."""
    answer = browser.post("/prueba/fault", {"text": "x" * 11_000_000})
    assert answer.status_code == 413
    assert "10 MB" in answer.text


@pytest.mark.parametrize(
    "query", ["hasta=abc", "hasta=-1", "hasta=999999999", "hasta=99999999999999999999", "al=ayer", "al=2026-02-31"]
)
def test_a_moment_that_makes_no_sense(house: House, query: str) -> None:
    """A wrong `hasta` or `al` is answered with a sentence, not with today's data."""
    answer = house.browser("ugel.jefe").get(f"/?{query}")
    assert answer.status_code in {404, 422}


def test_when_the_database_is_away(house_database: TestDatabase) -> None:
    """The health check says 503, a page says that nothing is lost, and both recover by themselves."""
    with open_house(house_database.service_url) as house:
        browser = house.browser("ugel.jefe")
        assert browser.get("/salir").status_code == 200
        house.app.state.database.pool.timeout = 1
        name = psycopg.conninfo.conninfo_to_dict(house_database.admin_url)["dbname"]
        with psycopg.connect(house_database.admin_url.replace(f"/{name}", "/postgres"), autocommit=True) as admin:
            admin.execute(f'alter database "{name}" allow_connections false')
            admin.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", [name])
            health, page = house.client.get("/salud"), browser.get("/salir")
            sent = browser.post("/salir", {"_csrf_token": "ab", "text": "Un <párrafo>", "clave": "secreta", "command_id": "c-9"})
            admin.execute(f'alter database "{name}" allow_connections true')
        assert (health.status_code, health.json()["base de datos"]) == (503, "no responde")
        assert page.status_code == 503
        assert "Sus datos no se han perdido" in page.text
        assert page.headers["retry-after"]
        assert 'name="text" value="Un &lt;párrafo&gt;"' in sent.text, "what was typed is there to be sent again"
        assert 'name="command_id" value="c-9"' in sent.text
        assert "secreta" not in sent.text
        assert browser.get("/salir").status_code == 200


def test_the_log_says_only_method_path_and_status(browser: Browser, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing typed, no query, no cookie and no local variable reaches the log."""
    browser.post("/prueba/fault?clave=secreta", {"clave": "muy-secreta"})
    err = capsys.readouterr().err
    assert '"path": "/prueba/fault"' in err
    assert "muy-secreta" not in err
    assert "clave=secreta" not in err
    assert browser.token not in err


def test_static_files_may_be_kept_for_good(house: House) -> None:
    """Their address holds the digest of their content, so browsers never ask again."""
    static = house.app.state.templates.globals["static"]
    answer = house.client.get(static("quipu.css"))
    assert answer.status_code == 200
    assert "immutable" in answer.headers["cache-control"]
