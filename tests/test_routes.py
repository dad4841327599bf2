import re
from collections.abc import Callable, Iterator

import pytest
from litestar import Litestar, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath
from litestar.response import Response
from litestar.routes import HTTPRoute

from service import app as composition
from service.aggregates.plan import AddLine
from service.aggregates.plan_versions import SubmitPlan
from service.permits import PERMITS
from service.web.session import READING, commands
from tests.conftest import TestDatabase
from tests.house import JAUJA, House, open_house

SAMPLES = {"code": JAUJA, "year": "2026", "quarter": "1", "commitment": f"{JAUJA}-2026-1"}


@post("/ugel/{code:str}/prueba", opt={"command": (SubmitPlan, AddLine)}, sync_to_thread=True)
def probe(code: FromPath[str]) -> Response[str]:
    """Stand for a page that changes something."""
    return Response(code)


@pytest.fixture(scope="module")
def house(make_database: Callable[[str], TestDatabase], _furnished: str) -> Iterator[House]:
    """The house, with one more page that changes something."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(composition, "ROUTES", (*composition.ROUTES, probe))
        with open_house(make_database(_furnished).service_url) as made:
            yield made


def changing(app: Litestar) -> Iterator[tuple[str, HTTPRouteHandler, str]]:
    """Every handler that is not for reading: its path, itself, one of its methods."""
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            for handler in route.route_handlers:
                for method in handler.http_methods - READING:
                    yield route.path_format, handler, method


def address(path: str) -> str:
    """The path with values of UGEL Jauja."""
    return re.sub(r"\{(\w+)\}", lambda found: SAMPLES.get(found[1], "1"), path)


def test_every_changing_route_says_who_may(house: House) -> None:
    """A route without a rule does not get into the product."""
    silent = [
        f"{method} {path}"
        for path, handler, method in changing(house.app)
        if not (handler.opt.get("public") or handler.opt.get("own") or handler.opt.get("command"))
    ]
    assert silent == []
    unknown = [path for path, h, _ in changing(house.app) if h.opt.get("command") and not set(commands(h)) <= set(PERMITS)]
    assert unknown == []


def test_only_the_sign_in_is_public(house: House) -> None:
    """What needs no session is a short, known list: sign-in, health, static files, and the check of a paper by its code."""
    routes = [route for route in house.app.routes if isinstance(route, HTTPRoute)]
    public = {route.path for route in routes for handler in route.route_handlers if handler.opt.get("public")}
    checking = {"/verificar", "/verificar/{code:str}", "/verificar/{code:str}/firmas.json"}
    assert {path for path in public if not path.startswith("/estatico/")} == {"/ingresar", "/salud"} | checking


def test_every_changing_route_refuses_another_units_person(house: House) -> None:
    """Nobody of UGEL Satipo changes anything of UGEL Jauja, whatever the charge; the answer is 403 with a sentence."""
    routes = [(path, method) for path, handler, method in changing(house.app) if handler.opt.get("command")]
    assert routes, "there must be a changing route for this test to mean anything"
    for usuario in ("satipo.especialista", "satipo.director", "auditor"):
        browser = house.browser(usuario)
        for path, method in routes:
            assert method == "POST"
            answer = browser.post(address(path), {"basura": "1"})
            assert answer.status_code == 403, f"{usuario} {path}: {answer.status_code}"
            assert re.search(r"Usted solo puede|Su cargo no permite", answer.text)


def test_every_changing_route_sends_strangers_to_the_sign_in(house: House) -> None:
    """Without a sign-in nothing is changed, not even looked at."""
    for path, handler, _ in changing(house.app):
        if not handler.opt.get("public"):
            answer = house.browser().post(address(path))
            assert answer.status_code == 303, path
            assert answer.headers["location"].startswith("/ingresar?volver=")


def test_one_of_several_commands_is_enough(house: House) -> None:
    """A page with several actions lets in whoever may do one of them; each command is checked again at the door."""
    path = f"/ugel/{JAUJA}/prueba"
    assert house.browser("ugel.especialista").post(path).status_code == 201
    assert house.browser("ugel.director").post(path).status_code == 201
    assert house.browser("dre.director").post(path).status_code == 403


def test_an_unknown_unit_is_404(house: House) -> None:
    """A unit that does not exist is not somebody else's unit."""
    assert house.browser("ugel.director").post("/ugel/120013/prueba").status_code == 404
