"""What stands beside a unit's plan: who directs it, its open alerts, findings, commitments, sessions, what it took on."""

from typing import Any

import msgspec
from psycopg import Connection

from service import people
from service.aggregates.dre import Role
from service.ledger import region_of, stream_of
from service.projections import commitment_page, followup_page, session_page, support_page
from service.web.corner import day_of, held
from service.web.page import Moment, Req

DIRECTORS: tuple[Role, ...] = ("director-ugel", "director-dre")


class Beside(msgspec.Struct, frozen=True):
    """`directors` are names, several while one acts for another."""

    directors: list[str]
    alerts: list[followup_page.Alert]
    findings: list[followup_page.Finding]
    commitments: list[commitment_page.Commitment]
    undertakings: list[support_page.Undertaking]
    sessions: list[session_page.Session]


def read(connection: Connection[Any], request: Req, moment: Moment, code: str, year: int) -> Beside:
    """Read them as of a moment; the latest findings first, the commitments by their due day, those verified at the end."""
    day, stream, at = day_of(request, moment), stream_of(code, year), moment.position
    committed = commitment_page.commitments(connection, at, code, year)
    charges = [each for found in held(request.user.dre, day, code, DIRECTORS).values() for each in found if each.unit == code]
    return Beside(
        sorted(people.names(connection, {each.holder for each in charges}).values()),
        [each for each in followup_page.alerts(connection, at, stream) if each.status != "closed"],
        followup_page.findings(connection, at, stream)[::-1],
        sorted((c for c in committed if c.status not in {"withdrawn", "declined"}), key=lambda c: c.status == "verified"),
        sorted(support_page.undertakings(connection, at, [region_of(year)], unit=code), key=lambda u: u.status == "fulfilled"),
        session_page.sessions(connection, at, [stream]),
    )
