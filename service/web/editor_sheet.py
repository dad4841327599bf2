"""A plan on its way to the editor's screen: lines > activities > tasks, their sums, and what of it is drawn now."""

from decimal import Decimal
from typing import Any

import msgspec
from litestar.exceptions import NotFoundException
from psycopg import Connection

from service.aggregates.plan import AddTask
from service.ledger import stream_of
from service.projections import board, editor
from service.projections import unit as read
from service.web.facts_editing import origin
from service.web.page import Moment, Req

AT_ONCE = 120  # tasks drawn before the rest is asked for in parts
ZERO = Decimal(0)
PAGES = {"actividad": "actividades", "alerta": "alertas", "hallazgo": "hallazgos"}


def address(item: str, code: str) -> str:
    """The page of what another year left open, or of an activity of its plan."""
    kind, number, year = item.split("/")
    if kind == "compromiso":
        return f"/compromisos/{code}-{year}-{number}"
    return f"/ugel/{code}/{year}/{PAGES[kind]}/{number}"


class Block(msgspec.Struct, frozen=True):
    """An activity with its tasks, and the element it stands after; sums only where all tasks count the same thing."""

    it: editor.Activity
    tasks: list[read.Task]
    after: str
    code: str

    @property
    def comes(self) -> tuple[str, str] | None:
        """Where the activity comes from, in words and as an address: the open item it answers, else last year's activity."""
        whence = self.it.item or self.it.origin
        return (origin(whence), address(whence, self.code)) if whence else None

    @property
    def units(self) -> list[str]:
        return sorted({task.unit for task in self.tasks})

    @property
    def sums(self) -> list[Decimal]:
        """The four quarters and the year, none where the units differ."""
        if len(self.units) != 1:
            return []
        quarters = [sum((task.programmed[n] for task in self.tasks), ZERO) for n in range(4)]
        return [*quarters, sum(quarters, ZERO)]


class Line(msgspec.Struct):
    """A line of action: all its blocks, those from `first` up to `last` to be drawn now."""

    it: read.Line
    blocks: list[Block]
    first: int = 0
    last: int = 0

    @property
    def drawn(self) -> list[Block]:
        return self.blocks[self.first : self.last]


class Sheet(msgspec.Struct):
    """A plan on its way to the screen; `version` is the last fact of its stream."""

    unit: board.Unit
    year: int
    head: read.Head | None
    lines: list[Line]
    version: int

    @property
    def base(self) -> str:
        return f"/ugel/{self.unit.code}/{self.year}/plan"

    @property
    def status(self) -> str:
        return self.head.plan_status if self.head else ""

    @property
    def proposes(self) -> bool:
        """Whether changes are proposed instead of made."""
        return self.status == "approved"

    @property
    def units(self) -> list[str]:
        """Every unit of measure in use, for the list that helps to type it."""
        return sorted({task.unit for line in self.lines for block in line.blocks for task in block.tasks})

    @property
    def areas(self) -> list[str]:
        return sorted({block.it.area for line in self.lines for block in line.blocks if block.it.area})

    def block(self, activity: int) -> Block | None:
        return next((block for line in self.lines for block in line.blocks if block.it.activity == activity), None)

    def writes(self, request: Req, moment: Moment | None = None) -> bool:
        """Whether this reader may change something now."""
        past = moment is not None and moment.past
        return not past and self.status not in {"", "submitted"} and request.user.may(AddTask, self.unit.code)


def read_sheet(connection: Connection[Any], code: str, year: int, at: int, only: list[int] | None = None) -> Sheet:
    """Read a whole plan, or only some activities of it.

    Raises:
        NotFoundException: there is no such unit.

    """
    known = next((each for each in board.units(connection, at, year) if each.code == code), None)
    if known is None:
        raise NotFoundException
    stream = stream_of(code, year)
    tasks: dict[int, list[read.Task]] = {}
    for task in editor.tasks(connection, at, stream, only):
        tasks.setdefault(task.activity, []).append(task)
    lines = {line.code: Line(line, []) for line in read.lines(connection, at, stream)}
    for each in editor.activities(connection, at, stream, only):
        after = f"a-{each.previous}" if each.previous else f"l-{each.line}"
        lines[each.line].blocks.append(Block(each, tasks.get(each.activity, []), after, code))
    head = read.head(connection, at, stream)
    return Sheet(known, year, head, list(lines.values()), editor.version(connection, at, stream))


def window(sheet: Sheet, line: str = "", first: int = 0, until: int = 0) -> None:
    """Choose what is drawn now: from a place of a line on, as many rows as fit at once, at least up to activity `until`."""
    room, begun = AT_ONCE, not line
    for each in sheet.lines:
        if not begun and each.it.code != line:
            continue
        each.first = each.last = min(first, len(each.blocks)) if not begun else 0
        begun = True
        waits = any(block.it.activity == until for block in each.blocks[each.first :])
        while each.last < len(each.blocks) and (room > 0 or waits):
            block = each.blocks[each.last]
            each.last += 1
            room -= 1 + len(block.tasks)
            waits = waits and block.it.activity != until
