"""What the balance is read from: the region's year by unit, and one unit's with all it rests on, each at a moment."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
from litestar.exceptions import NotFoundException
from psycopg import Connection

from service import people
from service.aggregates.score import mean
from service.ledger import stream_of
from service.projections import balance_page as read
from service.projections import board, commitment_page, followup_page, history, scales, summary
from service.projections.quarter_page import Place, place
from service.settings import LIMA
from service.web.board import Total, against, region, years


class Row(msgspec.Struct, frozen=True):
    """A unit's year in the region's balance: its quarters, the mean of the official ones, its commitments, its balance."""

    line: board.Line
    mean: Decimal | None
    light: str
    commitments: read.Tally
    balance: read.Balance
    original: Decimal | None = None


class Region(msgspec.Struct, frozen=True):
    """The region's year in numbers."""

    year: int
    rows: list[Row]
    totals: list[Total]
    commitments: read.Tally
    alerts: int
    head: history.Head
    years: list[int]

    @property
    def ugels(self) -> list[Row]:
        return [row for row in self.rows if row.line.unit.kind == "ugel"]

    @property
    def closed(self) -> int:
        """How many UGEL closed their balance."""
        return sum(row.balance.status == "closed" for row in self.ugels)


class Paper(msgspec.Struct, frozen=True):
    """A unit's balance and all it rests on, read at its cut-off once closed."""

    place: Place
    balance: read.Balance
    summary: summary.Summary
    findings: list[followup_page.Finding]
    alerts: list[followup_page.Alert]
    commitments: list[commitment_page.Commitment]
    tally: read.Tally
    items: list[read.Item]
    deeds: list[read.Deed]
    names: dict[str, str]
    head: history.Head
    day: date

    @property
    def counted(self) -> dict[int, Decimal]:
        return counted(self.summary.cells)

    @property
    def mean(self) -> Decimal | None:
        return mean(self.counted.values())

    @property
    def knots(self) -> list[followup_page.Finding]:
        return [finding for finding in self.findings if finding.kind == "nudo crítico"]


def counted(cells: Sequence[board.Cell]) -> dict[int, Decimal]:
    """The percentages of the quarters with an official score, by quarter; their mean is the year's."""
    return {cell.quarter: cell.percent for cell in cells if cell.official and cell.percent is not None}


def read_region(connection: Connection[Any], at: int, year: int, day: date) -> Region:
    """Read the region's year at a moment."""
    lines, scale, known_scales = board.board(connection, at, year), scales.scale(connection, at), scales.published(connection)
    balances = read.balances(connection, at, [stream_of(line.unit.code, year) for line in lines])
    commitments = commitment_page.commitments(connection, at, year=year)
    rows = list[Row]()
    for line in lines:
        stream = stream_of(line.unit.code, year)
        average = mean(counted(line.cells).values())
        official = [cell for cell in line.cells if cell.official]
        moved = any(cell.original is not None for cell in official)
        original = mean([each for cell in official if (each := against(cell)) is not None]) if moved else None
        mine = read.tally((each for each in commitments if each.stream == stream), day)
        light = board.then(line.cells, scale, known_scales).light(average)
        rows.append(Row(line, average, light, mine, balances.get(stream, read.Balance(stream)), original))
    ugels = [row for row in rows if row.line.unit.kind == "ugel"]
    totals = read.Tally(*(sum(getattr(row.commitments, name) for row in ugels) for name in read.Tally.__struct_fields__))
    alerts = sum(row.line.alerts for row in ugels)
    known_years = years(connection, at, year)
    return Region(year, rows, region(lines, scale, known_scales), totals, alerts, history.head(connection, at), known_years)


def read_paper(connection: Connection[Any], at: int, code: str, year: int, day: date) -> Paper:
    """Read a unit's balance at a moment.

    Raises:
        NotFoundException: there is no such unit.

    """
    where = place(connection, at, code, year)
    if where is None:
        raise NotFoundException
    balance = read.balance(connection, at, where.stream)
    figures, head = at, history.head(connection, at)
    if balance.cutoff:
        figures = balance.cutoff
        head = history.Head(balance.cutoff, read.recorded_at(connection, balance.cutoff))
        day = head.at.astimezone(LIMA).date() if head.at else day
    deeds = read.deeds(connection, at, where.stream)
    commitments = commitment_page.commitments(connection, figures, code, year)
    return Paper(
        where,
        balance,
        summary.summary(connection, figures, where.stream),
        followup_page.findings(connection, figures, where.stream),
        followup_page.alerts(connection, figures, where.stream),
        commitments,
        read.tally(commitments, day),
        read.items(connection, at, code, year, balance.open_items or read.open_now(connection, figures, where.stream)),
        deeds,
        people.names(connection, (deed.person for deed in deeds)),
        head,
        day,
    )
