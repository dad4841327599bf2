"""What pages are drawn with: the templates, and the static files under an address that never changes its content."""

import hashlib
import secrets
from pathlib import Path

import jinja2

from service.web import indicator_words, kinds, lights, words

TEMPLATES, STATIC = Path(__file__).parent / "templates", Path(__file__).parent / "static"


def templates(digested: str) -> jinja2.Environment:
    """The templates, with what all of them may use."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        auto_reload=False,  # the files of a service that runs do not change: no need to ask the disk for each of them
    )
    environment.globals["new_id"] = lambda: secrets.token_hex(16)
    environment.globals["static"] = lambda name: f"/estatico/{digested}/{name}"
    environment.globals["way"] = kinds.way
    environment.filters["moved"] = lights.moved
    words.teach(environment)
    indicator_words.teach(environment)
    return environment


def digest(folder: Path) -> str:
    """One digest for all static files: an address that never changes its content, also for what a style sheet refers to."""
    made = hashlib.sha256()
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        made.update(str(file.relative_to(folder)).encode() + b"\0" + file.read_bytes())
    return made.hexdigest()[:16]
