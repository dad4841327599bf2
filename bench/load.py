"""`python -m bench.load`: the evening of the deadline, 500 people of 13 UGEL on two processes of the service.

Each person saves a row of the own unit's quarter or looks at the board, once in ten seconds, signed in beforehand; of some rows
the answer gets lost, and they are sent again as they were. At the deadline the 13 directors send their quarters together. Told
are the 95th percentiles, and whether every acknowledged command is in the record, once and with its content.
"""

import asyncio
import os
import random
import re
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser
from collections import Counter
from contextlib import closing
from datetime import date
from decimal import Decimal
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import httpx
import msgspec

from bench.acknowledged import Sent, compare
from bench.server import quick_commits
from service import database, demo, people
from service.aggregates.dre import AssignCharge
from service.database import Database
from service.demo.cast import PLACES
from service.embedded import running
from service.ledger import STANDING, Ledger, stream_of

YEAR, QUARTER, EACH = 2026, 4, 10.0
FEW = 2  # of fewer answers there is nothing to tell
SAVES = 0.5  # of what a person does; the rest is looking at the board
SECRET = re.compile(r'name="_csrf_token" value="(\w+)"')
LOST = 0.05  # of the answers to a saved row, which is then sent again


class Person(msgspec.Struct):
    """Somebody at a screen: the sign-in, the unit, and the tasks of it; none of who sends the quarter."""

    token: str
    code: str
    tasks: list[tuple[int, int]]
    csrf: str = ""


class Told(msgspec.Struct):
    """What was measured: milliseconds of each kind of answer, what else was answered, and the commands acknowledged."""

    saved: list[float] = []
    board: list[float] = []
    quarters: list[float] = []
    again: int = 0
    other: Counter[int] = msgspec.field(default_factory=Counter)
    commands: dict[str, Sent] = {}


def enter(url: str, many: int) -> list[Person]:
    """Make a director for each UGEL and so many specialists, share them among the UGEL, and sign them in; directors come first."""
    place, found = Database(url, size=2), list[Person]()
    place.open()
    try:
        ledger = Ledger(place)
        with place.connection() as connection:
            admin = people.find_by_usuario(connection, "admin")
            assert admin
            rows = connection.execute(
                "select stream, activity, task from read.task_now where stream like %s order by task", [f"unit/%/{YEAR}"]
            ).fetchall()
            for number in range(len(PLACES) + many):
                code, directs = list(PLACES)[number % len(PLACES)], number < len(PLACES)
                role: Any = "director-ugel" if directs else "especialista-ugel"
                person = people.add_person(connection, f"carga.{number}", f"Carga {number} Demo")
                charge = AssignCharge(holder=person, role=role, unit=code, since=date(YEAR, 1, 1), resolution="-")
                ledger.carry_out(admin.id, STANDING, charge, command_id=f"carga-{number}")
                tasks = [(activity, task) for stream, activity, task in rows if stream == stream_of(code, YEAR) and not directs]
                found.append(Person(people.start(connection, person, "bench"), code, tasks))
    finally:
        place.close()
    return found


async def act(client: httpx.AsyncClient, person: Person, told: Told, end: float) -> None:
    """Do something once in ten seconds until the end, beginning at a moment of one's own; who directs sends the quarter then."""
    cookies = {"cookie": f"__Host-quipu={person.token}"}
    answer = await client.get("/salir", headers=cookies)
    found = SECRET.search(answer.text)
    person.csrf = found[1] if found else ""
    if not person.tasks:
        await asyncio.sleep(max(0.0, end - time.monotonic()))
        await submit(client, person, told)
        return
    await asyncio.sleep(random.random() * EACH)
    while time.monotonic() < end:
        begun = time.perf_counter()
        if random.random() < SAVES:
            taken = await save(client, person, told)
        else:
            answer = await client.get(f"/seguimiento?anio={YEAR}", headers=cookies)
            taken = (time.perf_counter() - begun) * 1000
            _count(told, told.board, answer, 200, taken)
        await asyncio.sleep(max(0.0, EACH - taken / 1000))


async def save(client: httpx.AsyncClient, person: Person, told: Told) -> float:
    """Save a row; where its answer gets lost, send the same again; how long the first answer took."""
    activity, task = random.choice(person.tasks)
    executed = random.randrange(1, 1_000_000_000)
    fields = {"entries-0-task": str(task), "entries-0-executed": str(executed), "reason": "Medición de carga"}
    address = f"/ugel/{person.code}/{YEAR}/actividades/{activity}/avance/{QUARTER}"
    sent = Sent(stream_of(person.code, YEAR), QUARTER, task, Decimal(executed))
    return await _post(client, person, told, told.saved, address, fields, sent, again=random.random() < LOST)


async def submit(client: httpx.AsyncClient, person: Person, told: Told) -> None:
    """Send the quarter of a unit; the first answer always gets lost."""
    address, sent = f"/ugel/{person.code}/{YEAR}/t{QUARTER}/envio", Sent(stream_of(person.code, YEAR), QUARTER)
    await _post(client, person, told, told.quarters, address, {"reason": "Medición de carga"}, sent, again=True)


async def _post(
    client: httpx.AsyncClient,
    person: Person,
    told: Told,
    times: list[float],
    address: str,
    fields: dict[str, str],
    sent: Sent,
    *,
    again: bool,
) -> float:
    command, begun = secrets.token_hex(8), time.perf_counter()
    data = fields | {"_csrf_token": person.csrf, "command_id": command}
    headers = {"cookie": f"__Host-quipu={person.token}"}
    answer = await client.post(address, data=data, headers=headers)
    taken = (time.perf_counter() - begun) * 1000
    if _count(told, times, answer, 303, taken):
        told.commands[command] = sent
    if again:
        repeated = await client.post(address, data=data, headers=headers)
        told.again += repeated.status_code == answer.status_code
        told.other.update([repeated.status_code] if repeated.status_code != answer.status_code else [])
    return taken


def _count(told: Told, times: list[float], answer: httpx.Response, wanted: int, taken: float) -> bool:
    if answer.status_code == wanted:
        times.append(taken)
        return True
    told.other[answer.status_code] += 1
    return False


async def evening(address: str, everybody: list[Person], seconds: float) -> Told:
    """Everybody at once."""
    told, end = Told(), time.monotonic() + seconds
    limits = httpx.Limits(max_connections=len(everybody), max_keepalive_connections=len(everybody))
    async with httpx.AsyncClient(base_url=address, timeout=60, limits=limits) as client:
        await asyncio.gather(*(act(client, person, told, end) for person in everybody))
    return told


def _row(name: str, taken: list[float]) -> None:
    if len(taken) < FEW:
        print(f"| {name} | {len(taken)} | – | – | – |")
        return
    print(f"| {name} | {len(taken)} | {median(taken):.0f} | {quantiles(taken, n=20)[18]:.0f} | {max(taken):.0f} |")


def main() -> None:
    """Fill a demo, serve it with two processes, let everybody in, and tell."""
    parser = ArgumentParser(prog="python -m bench.load", description=__doc__)
    parser.add_argument("--people", type=int, default=500)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--workers", default="2")
    parser.add_argument("--port", default="8099")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="quipu-load-", ignore_cleanup_errors=True) as directory:
        Path(directory).chmod(0o755)
        with running(Path(directory) / "data") as server:
            with quick_commits():
                database.migrate(server.owner_url, server.service_url)
                demo.fill(server.owner_url, server.service_url, today=date(2026, 11, 23))
                everybody = enter(server.service_url, asked.people)
            chosen = {
                "QUIPU_DATABASE_URL": server.service_url,
                "QUIPU_SECRET": "x" * 40,
                "QUIPU_PORT": asked.port,
                "QUIPU_DEMO": "1",
            }
            bare = {name: value for name, value in os.environ.items() if not name.startswith("QUIPU_")}
            order = [sys.executable, "-c", "from service.cli import main; main()", "serve", "--workers", asked.workers]
            with subprocess.Popen(
                order, env=bare | chosen, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
            ) as served:
                assert served.stdout is not None
                assert asked.port in served.stdout.readline(), "the service did not start"
                told = asyncio.run(evening(f"http://127.0.0.1:{asked.port}", everybody, asked.seconds))
                served.send_signal(signal.SIGTERM)
            with closing(Database(server.service_url, size=1)) as place:
                place.open()
                compared = compare(Ledger(place), told.commands, [stream_of(code, YEAR) for code in PLACES])
    print("| answer | how many | p50 (ms) | p95 (ms) | longest (ms) |\n|---|---:|---:|---:|---:|")
    _row("a saved row", told.saved)
    _row("the board", told.board)
    _row("a quarter sent", told.quarters)
    print(f"\nother answers: {dict(told.other) or 'none'}; {told.again} sent again with the same answer; {compared}")
    sys.exit(compared.wrong)


if __name__ == "__main__":
    main()
