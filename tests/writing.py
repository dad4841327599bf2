"""A writing process: `python -m tests.writing URL WHO STREAM FROM HOW_MANY` changes the task's target and says each answer."""

import sys

from tests.door import door, visits


def main(url: str, who: str, stream: str, start: int, count: int) -> None:
    """Write `start`, `start + 1`…; each acknowledged change is a line: its command id, its position."""
    with door(url) as opened:
        sys.stdout.write("ready\n")
        for number in range(start, start + count):
            done = opened.carry_out(who, stream, visits(number), command_id=f"escribe-{number}")
            sys.stdout.write(f"escribe-{number} {done.last}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5]))
