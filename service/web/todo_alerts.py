"""The alerts that wait for the reader, and the commitments that the clock reminds of."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from psycopg import Connection

from service.aggregates import DRE, ROMAN
from service.aggregates.alert import CloseAlert, TakeMeasure
from service.projections import agenda
from service.projections.followup_page import Alert
from service.web.facts_alerts import RULES
from service.web.scope import scope
from service.web.session import Session
from service.web.task import Todo
from service.web.words import fecha, plural

WAITS = {"open": "sin atender", "acknowledged": "recibida, sin medida", "measured": "con medida"}


def alerts(connection: Connection[Any], at: int, session: Session, today: date) -> Iterator[Todo]:
    """The reminders of the reader's commitments; the alerts to attend or close; those of the own unit that others look after too."""
    streams = scope(session, today)
    yield from _reminders(connection, at, session, today, streams)
    for each in agenda.alerts(connection, at, streams):
        if each.state(today) == "silenced":
            continue
        own = any(charge.unit == each.code for charge in session.charges) and each.code != DRE
        verb = _verb(each, session) or ("Alerta de" if own else "")
        if verb:
            yield _todo(each, verb, "" if own else f"{session.dre.units[each.code].name} · ")


def _verb(each: Alert, session: Session) -> str:
    """What the reader may do about it."""
    if each.status != "measured":
        return "Atender la alerta de" if session.may(TakeMeasure, each.code) else ""
    return "Revisar y cerrar la alerta de" if session.may(CloseAlert, each.code) and each.taker != session.id else ""


def _todo(each: Alert, verb: str, unit: str) -> Todo:
    when = f"{ROMAN[each.quarter]} trimestre {each.year}" if each.quarter else f"Año {each.year}"
    escalated = " · escalada" if each.escalated else f" · atender hasta el {fecha(each.ends)}" if each.ends else ""
    told = f"{RULES[each.rule]} · " if each.activity else ""
    note = f"{unit}{told}{when} · {WAITS[each.status]}{escalated}"
    subject = each.subject if each.activity else f"{RULES[each.rule]}: {each.subject}"
    return Todo(each.href, f"{verb} «{subject}»", note, late=each.status != "measured" or each.escalated)


def _reminders(connection: Connection[Any], at: int, session: Session, today: date, streams: list[str]) -> Iterator[Todo]:
    """The live commitments of which a reminder was given and whose day has not passed: for who answers, and the own unit."""
    mine = {charge.charge for charge in session.charges}
    units = {charge.unit for charge in session.charges} - {DRE}
    reminded = agenda.reminded(connection, at, streams)
    for each in agenda.commitments(connection, at):
        _, code, year = each.stream.split("/")
        told = (each.stream, each.commitment, each.due) in reminded and each.status in {"proposed", "signed"}
        if told and each.due >= today and (each.responsible in mine or code in units):
            left = plural((each.due - today).days, "día", "días")
            note = f"compromiso por vencer · «{each.action}» · vence el {fecha(each.due)}"
            yield Todo(f"/compromisos/{code}-{year}-{each.commitment}", f"Recordatorio: quedan {left}", note)
