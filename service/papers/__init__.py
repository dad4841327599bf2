"""Papers: what an office prints, signs and keeps, set by typst as PDF/A. Data go in as JSON, never as markup.

The same data and the same moment give the same bytes. A paper with names is made once and kept by its hash (`keep`): what
the directory says later does not change it.
"""

import hashlib
import re
from collections.abc import Callable, Collection
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import typst
from psycopg import Connection

HERE = Path(__file__).parent
STANDARDS: list[Any] = ["a-2a", "ua-1"]
UNSHOWN = re.compile(r'the text `"(.+?)"` could not be displayed', re.DOTALL)
ATTEMPTS = 2
LATIN = re.compile("[\0-\u024f\u2010-\u2044\u25a0-\u25ff]")


class Unprintable(Exception):
    """Typst could not set the paper, whatever was tried; `letters` are those that no font inside has."""

    def __init__(self, template: str, letters: str = "") -> None:
        super().__init__(template)
        self.letters = letters


def typeset(template: str, data: dict[str, Any], at: datetime, *, exact: bool = False) -> bytes:
    """A paper from its template; `at` is the moment it tells of, and the only time that enters the file.

    A letter that no font inside has is printed as its number: `[U+1F600]`; on an `exact` paper, one to be signed, none may be.

    Raises:
        Unprintable: it cannot be set.

    """
    bad, moment = (
        set[str](),
        dict(zip(("year", "month", "day", "hour", "minute", "second"), at.astimezone(UTC).timetuple(), strict=False)),
    )
    for patience in range(ATTEMPTS, -1, -1):
        text = msgspec.json.encode({**_shown(data, bad), "moment": moment}).decode()
        try:
            made: bytes = typst.compile(
                str(HERE / f"{template}.typ"),
                root=str(HERE),
                ignore_system_fonts=True,
                pdf_standards=STANDARDS,
                sys_inputs={"data": text},
                timestamp=at.replace(microsecond=0),
            )
        except typst.TypstError as error:
            found = UNSHOWN.search(str(error))
            if found is None or not patience or exact:
                letters = "".join(each for each in found[1] if not each.isascii()) if found else ""
                raise Unprintable(template, letters) from error
            # A text in another script is not tried letter by letter: in the end all that is not Latin goes as its number.
            bad |= {each for each in found[1] if not each.isascii()}
            bad |= {each for each in text if patience == 1 and not LATIN.match(each)}
        else:
            return made
    raise AssertionError  # the last attempt returned or raised


def _shown(value: Any, bad: Collection[str]) -> Any:
    """The data with the letters that cannot be shown as their numbers."""
    match value:
        case str() if bad:
            return "".join(f"[U+{ord(each):04X}]" if each in bad else each for each in value)
        case dict():
            return {name: _shown(each, bad) for name, each in value.items()}
        case list() | tuple():
            return [_shown(each, bad) for each in value]
        case _:
            return value


def keep(connection: Connection[Any], name: str, make: Callable[[], bytes]) -> bytes:
    """The paper of this name; it is made the first time it is asked for, and stays as it was made."""
    found = _kept(connection, name)
    if found is None:
        made = make()
        values = [name, hashlib.sha256(made).hexdigest(), made]
        connection.execute("insert into people.paper (name, sha256, bytes) values (%s, %s, %s) on conflict do nothing", values)
        found = _kept(connection, name) or made
    return found


def _kept(connection: Connection[Any], name: str) -> bytes | None:
    row = connection.execute("select bytes from people.paper where name = %s", [name]).fetchone()
    return bytes(row[0]) if row else None
