"""`python -m bench`: every peer on the same PostgreSQL, three rounds in rotated order, one table."""

import json
import os
import sys
import tempfile
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import ParamSpec, TypeVar

from bench import growth, measure, record, table
from bench.crowd import SPAWN
from bench.peers import NAMES
from bench.server import Server, quick_commits
from service.embedded import running

P = ParamSpec("P")
T = TypeVar("T")


def _arguments() -> Namespace:
    parser = ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the data, one round: does it run at all?")
    parser.add_argument("--full", action="store_true", help="also growth from 10 thousand to 1 million events")
    parser.add_argument("--peers", nargs="+", choices=NAMES, default=list(NAMES), help="only these")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=4.0, help="the longest that one measure may take")
    parser.add_argument("--url", help="a PostgreSQL of your own, as a role that may create databases")
    parser.add_argument("--json", type=Path, help="also write every round's numbers here")
    return parser.parse_args()


@contextmanager
def _server(url: str | None) -> Iterator[Server]:
    """Use the given PostgreSQL, or start the embedded one in a directory thrown away afterwards."""
    if url:
        yield Server(url)
        return
    with tempfile.TemporaryDirectory(prefix="quipu-bench-", ignore_cleanup_errors=True) as directory:
        Path(directory).chmod(0o755)  # started by root, the server runs as another user
        with running(Path(directory) / "data") as server:
            yield Server(server.url("admin", "postgres"))


def _apart(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Do the work in a new process, so that no peer finds another one's libraries or caches."""
    with ProcessPoolExecutor(1, mp_context=SPAWN) as pool:
        return pool.submit(work, *args, **kwargs).result()


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _run(server: Server, peers: list[str], rounds: int, size: record.Size) -> dict[str, list[dict[str, float]]]:
    moments = {}
    for peer in peers:
        _say(f"{NAMES[peer]}: filling")
        with quick_commits():
            moments[peer] = _apart(record.fill, peer, server.create(f"bench_{peer}"), size)
        server.settle(f"bench_{peer}")
    results: dict[str, list[dict[str, float]]] = {peer: [] for peer in peers}
    for turn in range(rounds):
        start = turn % len(peers)
        for peer in [*peers[start:], *peers[:start]]:
            _say(f"{NAMES[peer]}: round {turn + 1} of {rounds}, load average {os.getloadavg()[0]:.1f}")
            url = server.create("bench_round", template=f"bench_{peer}")
            results[peer].append(_apart(measure.run, peer, url, moments[peer], size))
    return results


def _grow(server: Server) -> str:
    results = {}
    for peer in growth.PEERS:
        _say(f"{NAMES[peer]}: growing to a million events")
        with quick_commits():
            when = _apart(record.fill, peer, server.create("bench_small"), growth.SMALL)
        server.settle("bench_small")
        found = []
        for events in (0, growth.MILLION):
            url = server.create("bench_round", template="bench_small")
            if events:
                _apart(growth.grow, peer, url, events)
                server.settle("bench_round")
            found.append(_apart(growth.run, peer, url, when))
        results[peer] = (found[0], found[1])
    return growth.markdown(results)


def main() -> None:
    """Run and print; progress goes to standard error."""
    options = _arguments()
    with _server(options.url) as server:
        size, rounds = (record.QUICK, 1) if options.quick else (record.Size(seconds=options.seconds), options.rounds)
        results = _run(server, options.peers, rounds, size) if rounds else {}
        print(f"PostgreSQL {server.version}\n\n{table.markdown(results)}")
        if options.full:
            print(f"\n{_grow(server)}")
    if options.json:
        options.json.write_text(json.dumps(results, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
