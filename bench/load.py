"""`python -m bench.load`: the evening of the deadline, 500 people of 13 UGEL on two processes of the service.

Each person saves a row of the own unit's quarter or looks at the board, once in ten seconds, signed in beforehand. Told are the
95th percentiles, and whether every acknowledged command is in the record, once.
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
from datetime import date
from pathlib import Path
from statistics import median, quantiles

import httpx
import msgspec
import psycopg

from bench.server import quick_commits
from service import database, demo, people
from service.aggregates.dre import AssignCharge
from service.database import Database
from service.demo.cast import PLACES
from service.embedded import running
from service.ledger import STANDING, Ledger

YEAR, QUARTER, EACH = 2026, 4, 10.0
FEW = 2  # of fewer answers there is nothing to tell
SAVES = 0.5  # of what a person does; the rest is looking at the board
SECRET = re.compile(r'name="_csrf_token" value="(\w+)"')
FOUND = """select count(*) filter (where n = 1), count(*) from (
  select c.id, count(*) as n from unnest(%s::text[]) as asked (id) join ledger.command c on c.id = asked.id group by 1) each"""


class Person(msgspec.Struct):
    """Somebody at a screen: the sign-in, the unit, and the tasks of it."""

    token: str
    code: str
    tasks: list[tuple[int, int]]
    csrf: str = ""


class Told(msgspec.Struct):
    """What was measured: milliseconds of each kind of answer, what else was answered, and the commands acknowledged."""

    saved: list[float] = []
    board: list[float] = []
    other: Counter[int] = msgspec.field(default_factory=Counter)
    commands: list[str] = []


def enter(url: str, many: int) -> list[Person]:
    """Make so many specialists, share them among the UGEL, and sign them in."""
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
            for number in range(many):
                code = list(PLACES)[number % len(PLACES)]
                person = people.add_person(connection, f"carga.{number}", f"Carga {number} Demo")
                charge = AssignCharge(holder=person, role="especialista-ugel", unit=code, since=date(YEAR, 1, 1), resolution="-")
                ledger.carry_out(admin.id, STANDING, charge, command_id=f"carga-{number}")
                tasks = [(activity, task) for stream, activity, task in rows if stream == f"unit/{code}/{YEAR}"]
                found.append(Person(people.start(connection, person, "bench"), code, tasks))
    finally:
        place.close()
    return found


async def act(client: httpx.AsyncClient, person: Person, told: Told, end: float) -> None:
    """Do something once in ten seconds until the end, beginning at a moment of one's own."""
    cookies = {"cookie": f"__Host-quipu={person.token}"}
    answer = await client.get("/salir", headers=cookies)
    found = SECRET.search(answer.text)
    person.csrf = found[1] if found else ""
    await asyncio.sleep(random.random() * EACH)
    while time.monotonic() < end:
        begun = time.perf_counter()
        saves = random.random() < SAVES
        if saves:
            activity, task = random.choice(person.tasks)
            command = secrets.token_hex(8)
            fields = {"_csrf_token": person.csrf, "command_id": command, "entries-0-task": str(task)}
            fields |= {"entries-0-executed": str(random.randrange(1, 1_000_000)), "reason": "Medición de carga"}
            address = f"/ugel/{person.code}/{YEAR}/actividades/{activity}/avance/{QUARTER}"
            answer = await client.post(address, data=fields, headers=cookies)
        else:
            answer = await client.get(f"/seguimiento?anio={YEAR}", headers=cookies)
        taken = (time.perf_counter() - begun) * 1000
        if answer.status_code == (303 if saves else 200):
            (told.saved if saves else told.board).append(taken)
            told.commands += [command] if saves else []
        else:
            told.other[answer.status_code] += 1
        await asyncio.sleep(max(0.0, EACH - taken / 1000))


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
            with psycopg.connect(server.service_url) as connection:
                row = connection.execute(FOUND, [told.commands]).fetchone()
    print("| answer | how many | p50 (ms) | p95 (ms) | longest (ms) |\n|---|---:|---:|---:|---:|")
    _row("a saved row", told.saved)
    _row("the board", told.board)
    print(f"\nother answers: {dict(told.other) or 'none'}; acknowledged {len(told.commands)}, in the record {row}")


if __name__ == "__main__":
    main()
