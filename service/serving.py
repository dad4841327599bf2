"""Serving: the database, the schema, the port and the workers, and the end of them all."""

import errno
import multiprocessing
import os
import secrets
import signal
import socket
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any, Final

import msgspec
import psycopg
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from service import embedded, worker
from service.settings import Settings

TARGET: Final = "service.app:create_app"
KILL_AFTER: Final = 15
BEGIN: Final = 60.0
EVERY: Final = 3600.0
HANGUP: Final = (
    [signal.SIGHUP] if sys.platform != "win32" and signal.getsignal(signal.SIGHUP) != signal.SIG_IGN else []
)  # else: nohup
SIGNALS: Final = [signal.SIGINT, signal.SIGTERM, *HANGUP]
Beat = Callable[[Settings, Callable[[], bool]], None]


class ServingError(Exception):
    """The service cannot start; the message says what to do, in Spanish."""


def announce(address: str) -> None:
    """Say on the terminal where the service is."""
    sys.stdout.write(f"Quipu atiende en {address} (Ctrl-C para terminar)\n")
    sys.stdout.flush()


def serve(
    settings: Settings,
    *,
    demo: bool = False,
    prepare: Callable[[Settings], None] | None = None,
    ready: Callable[[str], None] = announce,
    beat: Beat | None = None,
    workers: int = 1,
    target: str = TARGET,
) -> None:
    """Serve until Ctrl-C or SIGTERM, and stop everything that was started.

    `prepare` gets the settings with both addresses of a migrated database, before the port is opened; `ready` the service's
    address, once it answers; `beat` is called a minute after the start and every hour, and asks whether the service has ended.

    Raises:
        ServingError: the port is taken, the schema is behind, a setting is missing.
        EmbeddedError: the database inside does not start.
    """
    before = {sign: signal.getsignal(sign) for sign in SIGNALS}
    try:
        with suppress(KeyboardInterrupt):
            for sign in SIGNALS:
                signal.signal(sign, _interrupt)
            check_port(settings.host, settings.port)
            with database_of(msgspec.structs.replace(settings, demo=demo or settings.demo)) as ours:
                if prepare:
                    prepare(ours)
                check_port(settings.host, settings.port)
                _run(ours, ready, workers, target, beat, inside=settings.embedded)
    finally:
        for sign, handler in before.items():
            signal.signal(sign, handler)


def check_port(host: str, port: int) -> None:
    """Bind the port for a moment.

    Raises:
        ServingError: it is taken or not ours to take.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        with socket.socket(family, kind, protocol) as probe:
            if os.name == "posix":
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen()
    except OSError as error:
        sentences = {
            errno.EADDRINUSE: f"El puerto {port} ya está ocupado: cierre el programa que lo usa o elija otro con QUIPU_PORT, por ejemplo {port + 1}.",
            errno.EACCES: f"No hay permiso para usar el puerto {port}: elija con QUIPU_PORT uno mayor que 1023, por ejemplo 8000.",
        }
        otherwise = f"No se puede atender en {host}, puerto {port}: revise QUIPU_HOST y QUIPU_PORT ({error.strerror})."
        raise ServingError(sentences.get(error.errno or 0, otherwise)) from error


@contextmanager
def database_of(settings: Settings) -> Iterator[Settings]:
    """The settings with a database whose schema is up to date: the one inside, started and migrated here, or one's own.

    Raises:
        ServingError: one's own is behind, does not answer, or has no secret beside it.
        EmbeddedError: the one inside does not start.
    """
    from service import database  # noqa: PLC0415 — heavy, and the port comes first

    if not settings.embedded:
        if not settings.secret:
            message = "Falta QUIPU_SECRET (o QUIPU_SECRET_FILE): una clave de al menos 32 caracteres, la misma en cada inicio."
            raise ServingError(message)
        try:
            missing = database.pending(settings.database_url)
        except psycopg.OperationalError as error:
            message = f"No se puede conectar con la base de datos de QUIPU_DATABASE_URL: {error}"
            raise ServingError(message) from error
        if missing:
            message = f"La base de datos no está al día (falta: {', '.join(missing)}). Ejecute primero: quipu migrate"
            raise ServingError(message)
        yield settings
        return
    with embedded.running(settings.data) as server:
        database.migrate(server.owner_url, server.service_url)
        yield msgspec.structs.replace(
            settings,
            database_url=server.service_url,
            owner_url=server.owner_url,
            secret=settings.secret or kept_secret(settings.data / "secret"),
        )


def kept_secret(file: Path) -> str:
    """The secret of the database inside, made once: sign-ins outlive a restart."""
    if not file.exists():
        with tempfile.NamedTemporaryFile("w", dir=file.parent, encoding="ascii") as made:  # only its owner may read it
            made.write(secrets.token_urlsafe(48))
            made.flush()
            with suppress(FileExistsError):  # two started at once
                os.link(made.name, file)
    return file.read_text(encoding="ascii")


def environment(settings: Settings) -> dict[str, str]:
    """The settings as the environment that reads back as them."""
    values: dict[str, Any] = msgspec.structs.asdict(settings)
    return {
        f"QUIPU_{name.upper()}": ("1" if value else "") if isinstance(value, bool) else str("" if value is None else value)
        for name, value in values.items()
    }


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _run(
    settings: Settings,
    ready: Callable[[str], None],
    workers: int,
    target: str,
    beat: Beat | None,
    *,
    inside: bool,
) -> None:
    for name, value in environment(msgspec.structs.replace(settings, owner_url="")).items():
        os.environ[name] = value
        os.environ.pop(f"{name}_FILE", None)
    multiprocessing.set_start_method("spawn", force=True)  # a forked worker would hold its own lifeline
    theirs, lifeline = multiprocessing.Pipe(duplex=False)
    server = Granian(
        target,
        address=str(socket.getaddrinfo(settings.host, None, type=socket.SOCK_STREAM)[0][4][0]),
        port=settings.port,
        interface=Interfaces.ASGI,
        workers=workers,
        websockets=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=KILL_AFTER,
    )
    ended = threading.Event()
    clock = threading.Thread(target=_keep_time, args=(settings, beat, ended), daemon=True) if beat else None

    def stop(*_: object) -> None:
        lifeline.close()
        ended.set()
        server.signal_handler_interrupt()  # type: ignore[no-untyped-call]

    @server.on_startup
    def listen_to_signals() -> None:
        for sign in SIGNALS:
            signal.signal(sign, stop)
        threading.Thread(target=_call_when_answering, args=(settings, ready, ended), daemon=True).start()
        if clock:
            clock.start()
        if inside:
            threading.Thread(target=_revive, args=(settings.data, ended), daemon=True).start()

    try:
        server.serve(target_loader=partial(worker.load, target, theirs), wrap_loader=False)
    except SystemExit as error:
        if not server.interrupt_signal and error.code:
            message = "El servicio se detuvo por un error; los mensajes anteriores dicen cuál."
            raise ServingError(message) from error
    finally:
        ended.set()
        if clock and clock.is_alive():
            clock.join(KILL_AFTER)


def _call_when_answering(settings: Settings, ready: Callable[[str], None], ended: threading.Event) -> None:
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104 — named, not bound
    while not ended.wait(0.02):
        with suppress(OSError), socket.create_connection((host, settings.port), timeout=1):
            ready(settings.local)
            return


def _keep_time(settings: Settings, beat: Beat, ended: threading.Event, first: float = BEGIN) -> None:
    """Call `beat` after the start and then every hour, so that a new day is seen soon; what fails now is tried again."""
    wait = first
    while not ended.wait(wait):
        wait = EVERY
        try:
            beat(settings, ended.is_set)
        except Exception as error:  # noqa: BLE001 — the service goes on, whatever ails its clock
            sys.stderr.write(f"Las reglas de la fecha no se revisaron; se intentará de nuevo ({type(error).__name__}).\n")


def _revive(data: Path, ended: threading.Event) -> None:
    """Start the database inside again within a second, if it dies under us."""
    while not ended.wait(1):
        try:
            embedded.revive(data)
        except embedded.EmbeddedError as error:
            sys.stderr.write(f"{error}\n")
            ended.wait(5)
