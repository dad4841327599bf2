"""A person in front of Chromium, and the real service behind: what the journeys are told with."""

import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import psycopg
import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Response,
    ViewportSize,
    expect,
    sync_playwright,
)

from service import people
from service.aggregates import Command
from service.database import Database
from service.ledger import Done, Ledger
from tests.conftest import TestDatabase

ROOT = Path(__file__).parents[1]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
TODAY = date(2026, 11, 23)
WIDE, NARROW = ViewportSize(width=1280, height=900), ViewportSize(width=360, height=740)
ANSWERED = re.compile(
    r"(Failed to load resource: the server responded with a status of|Response Status Error Code) 4(01|03|04|09|22)"
)
VIOLATIONS = """async () => (await axe.run(document, {resultTypes: ['violations']})).violations
  .map(each => `${each.id}: ${each.nodes.map(node => node.html.slice(0, 160)).join(' | ')}`)"""
PATIENCE = 60_000  # ms: a bound on waiting, and no wait; a busy machine may stand still for a quarter of a minute
expect.set_options(timeout=PATIENCE)
FOCUSED = "element => element === document.activeElement"
SETTLED = """async () => {
  await new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)));
  await Promise.allSettled(document.getAnimations().filter(each => each instanceof CSSTransition).map(each => each.finished));
}"""


@contextmanager
def chromium() -> Iterator[Browser]:
    """Chromium as installed; who has none is told, and `.ci/run` may not do without."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        say = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        say("Chromium is not installed: the journeys in the browser were not made (`.ci/run` installs it).")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()


class Visitor(msgspec.Struct):
    """A signed-in person at a screen; whatever the browser complains about is remembered."""

    page: Page
    address: str
    complaints: list[str] = []

    def open(self, path: str) -> Response:
        """Go to an address of the service."""
        answer = self.page.goto(self.address + path)
        assert answer is not None
        return answer

    def told(self) -> list[str]:
        """What the browser complained about since the last time."""
        found = list(self.complaints)
        self.complaints.clear()
        return found

    def main(self) -> Locator:
        return self.page.locator("main")

    def unfold(self, name: str) -> Locator:
        """Open the form under a button, and return it."""
        folded = self.page.locator("details.q-confirm").filter(
            has=self.page.locator("summary", has_text=re.compile(rf"^{name}$"))
        )
        if folded.first.get_attribute("open") is None:
            folded.first.locator("> summary").click()
        return folded.first.locator("form")

    def press(self, name: str, within: Locator | None = None) -> None:
        """Press a button and wait for what follows."""
        (within or self.main()).get_by_role("button", name=name, exact=True).click()
        self.page.wait_for_load_state()

    def notice(self) -> Locator:
        """The sentence that says what was done."""
        return self.page.locator("#aviso")

    def tab_to(self, target: Locator) -> None:
        """Press Tab until this has the focus, as somebody without a mouse does."""
        for _ in range(150):
            if target.evaluate(FOCUSED):
                return
            self.page.keyboard.press("Tab")
        pytest.fail(f"{target} cannot be reached with the keyboard")

    def check(self) -> None:
        """Look at the page as it stands: nothing for axe to find, nothing to scroll sideways for on a telephone either."""
        self.page.set_viewport_size(NARROW)
        self.fits()
        self.page.set_viewport_size(WIDE)
        self.audit()

    def fits(self) -> None:
        """There is nothing to scroll sideways for."""
        beyond = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert beyond <= 0, f"{self.page.url} scrolls sideways by {beyond} px"

    def audit(self) -> None:
        """Axe finds nothing at this size, once the mouse is out of the way and no colour is on its way to another."""
        self.page.mouse.move(0, 0)
        self.page.evaluate(SETTLED)
        self.page.evaluate(f"{AXE.read_text(encoding='utf-8')};0")
        found = self.page.evaluate(VIOLATIONS)
        assert found == [], f"{self.page.url}: {found}"


class Site(msgspec.Struct):
    """The service, running on a demo of its own, with a browser before it."""

    address: str
    database: TestDatabase
    browser: Browser
    visitors: list[Visitor] = []

    def visitor(self, usuario: str = "", at: str = "/", **options: Any) -> Visitor:
        """A new browser window, in which this person, or nobody, is signed in and at an address; two journeys sign in by the form."""
        context = self.browser.new_context(viewport=WIDE, locale="es-PE", timezone_id="America/Lima", **options)
        visitor = Visitor(self._page(context), self.address)
        visitor.page.on("console", lambda message: visitor.complaints.extend(_complaint(message)))
        visitor.page.on("pageerror", lambda error: visitor.complaints.append(str(error)))
        self.visitors.append(visitor)
        if usuario:
            with psycopg.connect(self.database.service_url, autocommit=True) as connection:
                known = people.find_by_usuario(connection, usuario)
                assert known, f"{usuario} is not in the demo"
                token = people.start(connection, known.id, "127.0.0.1")
            host = self.address.partition("://")[2].partition(":")[0]
            context.add_cookies([{"name": "__Host-quipu", "value": token, "domain": host, "path": "/", "secure": True}])
            visitor.open(at)
        return visitor

    @staticmethod
    def _page(context: BrowserContext) -> Page:
        context.set_default_timeout(PATIENCE)
        return context.new_page()

    def do(self, usuario: str, stream: str, *commands: Command, **kwargs: Any) -> Done:
        """Carry commands out without the browser: what had to happen before the journey begins."""
        database = Database(self.database.service_url, size=1)
        database.open()
        try:
            with database.connection() as connection:
                known = people.find_by_usuario(connection, usuario)
            assert known, f"{usuario} is not in the demo"
            ledger = Ledger(database)
            done = [ledger.carry_out(known.id, stream, each, command_id=secrets.token_hex(8), **kwargs) for each in commands]
            return done[-1]
        finally:
            database.close()

    def leave(self, keep: int = 0) -> None:
        """Close the newer windows; none of them may have complained."""
        closing, self.visitors[:] = self.visitors[keep:], self.visitors[:keep]
        complaints = [each for visitor in closing for each in visitor.told()]
        for visitor in closing:
            visitor.page.context.close()
        assert complaints == [], complaints


def _complaint(message: ConsoleMessage) -> list[str]:
    """Errors of the console, violations of the content security policy among them; answers a journey asked for are none."""
    wrong = message.type == "error" and not ANSWERED.match(message.text)
    return [f"{message.text} ({message.location.get('url', '')})"] if wrong else []


@contextmanager
def serving(database: TestDatabase, **more: str) -> Iterator[str]:
    """`quipu serve` on a free port before this database, with `more` settings; the address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    files = tempfile.TemporaryDirectory(prefix="quipu-test-files-")
    chosen = {"QUIPU_DATABASE_URL": database.service_url, "QUIPU_SECRET": "x" * 40, "QUIPU_PORT": str(port), "QUIPU_DEMO": "1"}
    chosen |= {"QUIPU_DOCUMENTS": files.name, **more}
    bare = {name: value for name, value in os.environ.items() if not name.startswith("QUIPU_")}
    command = [sys.executable, "-c", "from service.cli import main; main()", "serve"]
    process = subprocess.Popen(command, env=bare | chosen, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        said = process.stdout.readline()
        assert str(port) in said, f"the service did not start: {said}"
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(120)
        files.cleanup()
