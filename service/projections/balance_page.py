"""The annual balance to read: of one unit with everything it rests on, of the region by unit; and what it leaves open."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import msgspec
from psycopg import Connection

from service.projections import commitment_page, followup_page
from service.projections.reading import HOLDS, one, rows

NONE = "none"
KINDS = {"compromiso": "Compromiso", "alerta": "Alerta", "hallazgo": "Hallazgo"}


class Balance(msgspec.Struct, frozen=True):
    """A balance as its own facts left it; `cutoff` is 0 until it is closed."""

    stream: str
    status: str = NONE
    achievements: str = ""
    difficulties: str = ""
    recommendations: str = ""
    submitter: str = ""
    cutoff: int = 0
    open_items: list[str] = []


class Tally(msgspec.Struct, frozen=True):
    """Commitments of a unit's year by what became of them; `overdue` goes by the day of the reading."""

    kept: int = 0
    broken: int = 0
    overdue: int = 0
    pending: int = 0

    @property
    def all(self) -> int:
        return self.kept + self.broken + self.overdue + self.pending


class Item(msgspec.Struct, frozen=True):
    """Something a balance leaves open: its name in the record, what it is, and what next year decided."""

    item: str
    kind: str
    number: int
    text: str
    href: str
    decision: str = ""
    reason: str = ""
    due: date | None = None


class Deed(msgspec.Struct, frozen=True):
    """A step of the balance."""

    type: str
    position: int
    at: datetime
    person: str
    charge: str


class _Decision(msgspec.Struct, frozen=True):
    item: str
    decision: str
    reason: str


def balance(connection: Connection[Any], at: int, stream: str) -> Balance:
    """The balance of a unit's year."""
    return balances(connection, at, [stream]).get(stream, Balance(stream))


def balances(connection: Connection[Any], at: int, streams: list[str]) -> dict[str, Balance]:
    """The balances that were sent, by stream."""
    query = f"""select stream, status, achievements, difficulties, recommendations, submitter, coalesce(cutoff, 0) as cutoff,
      coalesce(open_items, '{{}}') as open_items from read.balance where stream = any(%(streams)s) and {HOLDS}"""
    return {each.stream: each for each in rows(connection, Balance, query, at=at, streams=streams)}


def deeds(connection: Connection[Any], at: int, stream: str) -> list[Deed]:
    """The last of each step of the balance, in order."""
    query = f"""select distinct on (type) type, from_pos as position, at, person, charge from read.history
      where stream = %(stream)s and type like 'balance-%%' and {HOLDS} order by type, from_pos desc"""
    return sorted(rows(connection, Deed, query, at=at, stream=stream), key=lambda deed: deed.position)


class _At(msgspec.Struct, frozen=True):
    at: datetime


def recorded_at(connection: Connection[Any], position: int) -> datetime | None:
    """When a fact was recorded."""
    found = one(connection, _At, "select at from read.history where from_pos = %(position)s", position=position)
    return found.at if found else None


def tally(commitments: Iterable[commitment_page.Commitment], day: date) -> Tally:
    """Count commitments by what became of them; withdrawn and declined ones count nowhere."""
    counts = dict.fromkeys(("kept", "broken", "overdue", "pending"), 0)
    for each in commitments:
        if each.status == "verified":
            counts["kept" if each.fulfilled else "broken"] += 1
        elif each.status not in {"withdrawn", "declined"}:
            counts["overdue" if each.overdue(day) else "pending"] += 1
    return Tally(**counts)


def open_now(connection: Connection[Any], at: int, stream: str) -> list[str]:
    """What the balance would leave open if it were closed at the moment: the rule of `unit_year.open_items`."""
    query = f"""
      select 'compromiso/' || commitment from read.commitment
        where stream = %(stream)s and status not in ('verified', 'withdrawn', 'declined') and {HOLDS}
      union all
      select 'alerta/' || alert from read.alert where stream = %(stream)s and status <> 'closed' and {HOLDS}
      union all
      select 'hallazgo/' || finding from read.finding f where stream = %(stream)s and kind = 'nudo crítico' and {HOLDS}
        and not exists (select from read.commitment c where c.stream = f.stream and f.finding = any(c.findings) and c.origin = ''
          and c.status not in ('withdrawn', 'declined') and c.from_pos <= %(at)s and c.to_pos > %(at)s)
      union all
      select case when item like '%%/%%/%%' then item else item || '/' || (split_part(stream, '/', 3)::int - 1) end
        from read.disposition where stream = %(stream)s and decision = 'continuar' and item not like 'compromiso/%%' and {HOLDS}"""
    return [item for (item,) in connection.execute(query, {"at": at, "stream": stream}).fetchall()]


def items(connection: Connection[Any], at: int, code: str, year: int, names: Iterable[str]) -> list[Item]:
    """Open items of a year in words, with what the next year decided about each."""
    wanted = list(names)
    query = f"select item, decision, reason from read.disposition where stream = %(stream)s and {HOLDS}"
    decided = {each.item: each for each in rows(connection, _Decision, query, at=at, stream=f"unit/{code}/{year + 1}")}
    origins = {_place(item, year)[2] for item in wanted}
    texts = {key: text for origin in origins for key, text in _texts(connection, at, code, origin).items()}
    return [_item(each, code, year, texts, decided.get(each)) for each in sorted(wanted, key=_order)]


def _texts(connection: Connection[Any], at: int, code: str, year: int) -> dict[tuple[str, int, int], tuple[str, date | None]]:
    stream = f"unit/{code}/{year}"
    commitments = commitment_page.commitments(connection, at, code, year)
    return {
        **{("compromiso", each.commitment, year): (each.action, each.due) for each in commitments},
        **{("alerta", each.alert, year): (each.subject, None) for each in followup_page.alerts(connection, at, stream)},
        **{("hallazgo", each.finding, year): (each.text, None) for each in followup_page.findings(connection, at, stream)},
    }


def _place(item: str, year: int) -> tuple[str, int, int]:
    """What an open item is, its number, and the year it comes from: `alerta/12` of this one, `alerta/12/2025` of that."""
    kind, number, *origin = item.split("/")
    return kind, int(number), int(origin[0]) if origin else year


def _order(item: str) -> tuple[int, int, int]:
    kind, number, origin = _place(item, 0)
    return list(KINDS).index(kind), origin, number


def _item(
    item: str,
    code: str,
    year: int,
    texts: dict[tuple[str, int, int], tuple[str, date | None]],
    decided: _Decision | None,
) -> Item:
    kind, number, origin = _place(item, year)
    places = {
        "compromiso": f"/compromisos/{code}-{origin}-{number}",
        "alerta": f"/ugel/{code}/{origin}/alertas/{number}",
        "hallazgo": f"/ugel/{code}/{origin}/hallazgos/{number}",
    }
    decision, reason = (decided.decision, decided.reason) if decided else ("", "")
    text, due = texts.get((kind, number, origin), ("", None))
    return Item(item, KINDS[kind], number, text, places[kind], decision, reason, due)
