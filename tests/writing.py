"""A writing process: `python -m tests.writing URL WHO STREAM` waits for a number, changes a plan from there, says each answer.

When the database is away it asks again with the same command id, as a person would.
"""

import sys
import time
from itertools import count

import psycopg

from service.aggregates import Command
from service.aggregates import plan as p
from tests.door import Door, door, visits
from tests.stories import months

TASKS = tuple(p.NewTask(name=f"Tarea {n}", unit="Informe", months=months(n)) for n in range(1, 9))


def change(number: int) -> Command:
    """Every fourth change is a large one: an activity with its tasks, nine facts and as many rows."""
    return p.AddActivity(line="M1", name=f"Actividad {number}", tasks=TASKS) if number % 4 == 0 else visits(number)


def enduring(ledger: Door, who: str, stream: str, number: int) -> int:
    """Carry one change out, however often the database goes away; returns its last position."""
    while True:
        try:
            return ledger.carry_out(who, stream, change(number), command_id=f"{who}-{number}").last
        except psycopg.OperationalError:
            time.sleep(0.02)


def main(url: str, who: str, stream: str) -> None:
    """Each acknowledged change is a line: its command id, its last position."""
    first = sys.stdin.readline()
    with door(url) as ledger:
        for number in count(int(first)) if first else ():
            sys.stdout.write(f"{who}-{number} {enduring(ledger, who, stream, number)}\n")
            sys.stdout.flush()
            time.sleep(0.004)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3])
