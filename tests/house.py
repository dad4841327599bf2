"""A small house for web tests: the DRE, two UGEL, one person per role, and a browser for each of them."""

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pyotp
from httpx import Response
from litestar import Litestar
from litestar.testing import TestClient

from service import app as composition
from service import people
from service.aggregates import Command, catalogue, dre
from service.ledger import STANDING, Done, Ledger
from service.settings import Settings
from service.signing import codes

DRE, JAUJA, SATIPO = "120000", "120005", "120007"
STAFF: dict[str, tuple[str, dre.Role, str, str]] = {
    "ugel.especialista": ("Rosa Quispe", "especialista-ugel", JAUJA, ""),
    "ugel.jefe": ("Juan Huamán", "jefe-area", JAUJA, "AGP"),
    "ugel.director": ("Elena Ñahui", "director-ugel", JAUJA, ""),
    "satipo.especialista": ("Ruth Shanti", "especialista-ugel", SATIPO, ""),
    "satipo.director": ("Miguel Paredes", "director-ugel", SATIPO, ""),
    "dre.especialista": ("Carmen Rojas", "especialista-dre", DRE, ""),
    "dre.jefe": ("Luis Poma", "jefe-dre", DRE, "DGI"),
    "dre.director": ("Ana Cárdenas", "director-dre", DRE, ""),
    "auditor": ("Pedro Salas", "auditor", DRE, ""),
    "admin": ("Inés Torres", "admin", DRE, ""),
}
ADDRESS = "https://quipu.test"
_idle: list[tuple[object, Litestar]] = []
"""Services nobody uses now, with their routes: to register 300 handlers and compile 50 templates takes longer than most stories."""


class Browser(msgspec.Struct):
    """A person in front of a screen; `post` sends the form's secret of the last page, as a browser does."""

    client: TestClient[Litestar]
    cookie: str
    token: str

    def get(self, path: str, **kwargs: Any) -> Response:
        """Open a page; redirects are not followed."""
        return self._ask("GET", path, **kwargs)

    def post(self, path: str, data: dict[str, Any] | None = None, **kwargs: Any) -> Response:
        """Send a form; with a command id of its own unless `data` has one."""
        fields = {"_csrf_token": self.csrf, "command_id": secrets.token_hex(8)} | (data or {})
        return self._ask("POST", path, data=fields, **kwargs)

    @property
    def csrf(self) -> str:
        found = re.search(r'name="_csrf_token" value="(\w+)"', self.get("/salir").text)
        return found[1] if found else ""

    def _ask(self, method: str, path: str, headers: dict[str, str] | None = None, **kwargs: Any) -> Response:
        self.client.cookies.clear()
        sent = ({"cookie": f"{self.cookie}={self.token}"} if self.token else {}) | (headers or {})
        return self.client.request(method, path, headers=sent, follow_redirects=False, **kwargs)


class House(msgspec.Struct):
    """The running service, its ledger, and the ids of the staff by usuario."""

    app: Litestar
    client: TestClient[Litestar]
    ledger: Ledger
    ids: dict[str, str] = {}

    def browser(self, usuario: str = "") -> Browser:
        """A browser in which this person, or nobody, is signed in."""
        cookie = "quipu" if self.app.state.settings.insecure_http else "__Host-quipu"
        if not usuario:
            return Browser(self.client, cookie, "")
        with self.app.state.database.connection() as connection:
            return Browser(self.client, cookie, people.start(connection, self.ids[usuario], "test"))

    def code(self, usuario: str) -> str:
        """A code that the person's app shows now and that has not served: the app is a new one each time."""
        with self.app.state.database.connection() as connection:
            connection.execute("delete from people.totp where person = %s", [self.ids[usuario]])
            codes.give(connection, self.ids[usuario], pyotp.random_base32())
            return codes.now(connection, self.ids[usuario])

    def do(self, usuario: str, stream: str, command: Command, **kwargs: Any) -> Done:
        """Carry a command out without the web."""
        person = self.ids.get(usuario, usuario)
        return self.ledger.carry_out(person, stream, command, command_id=secrets.token_hex(8), **kwargs)


@contextmanager
def open_house(service_url: str, owner_url: str = "", **settings: Any) -> Iterator[House]:
    """Put the service on a database; the staff is let in unless it is there already."""
    made = Settings(data=Path("/nonexistent"), database_url=service_url, owner_url=owner_url, **settings)
    routes = composition.ROUTES
    place = next((n for n, (known, _) in enumerate(_idle) if known is routes), None)
    app = composition.create_app(made) if place is None else _idle.pop(place)[1]
    composition.equip(app, made)
    try:
        with TestClient(app, base_url=ADDRESS, raise_server_exceptions=False) as client:
            house = House(app, client, app.state.ledger)
            _furnish(house)
            yield house
    finally:
        _idle.append((routes, app))


def _furnish(house: House) -> None:
    with house.app.state.database.connection() as connection:
        known = connection.execute("select usuario, id from people.person").fetchall()
    house.ids.update(known)
    if set(STAFF) <= set(house.ids):
        return
    names = {DRE: "DRE Junín", JAUJA: "UGEL Jauja", SATIPO: "UGEL Satipo"}
    for code, name in names.items():
        house.do("sistema", STANDING, dre.RegisterUnit(code=code, name=name, kind="dre" if code == DRE else "ugel"))
    for code in ("ON1", "ON2"):
        house.do("sistema", STANDING, catalogue.PublishObjective(instrument="PEDN", code=code, text=f"Objetivo {code}"))
    with house.app.state.database.connection() as connection:
        for usuario, (name, role, unit, area) in STAFF.items():
            house.ids[usuario] = people.add_person(connection, usuario, name)
            charge = dre.AssignCharge(
                holder=house.ids[usuario], role=role, unit=unit, area=area, since=date(2020, 1, 1), resolution="RD 1-2020"
            )
            house.do("sistema", STANDING, charge)
