"""What waits of commitments: to be signed, answered for, resolved, verified; and the news of a refusal for who proposed."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from psycopg import Connection

from service.aggregates.alert_watch import UNSIGNED
from service.aggregates.commitment import ReviseCommitment
from service.aggregates.commitment_life import DeclareCommitment, GrantExtension, VerifyCommitment
from service.aggregates.commitment_review import AcceptOutsideFile
from service.projections import agenda, outside_page
from service.settings import LIMA
from service.web.task import Todo
from service.web.words import cargo, fecha, plural

if TYPE_CHECKING:
    from service.web.session import Session


def _place(session: "Session", stream: str) -> tuple[str, str, str]:
    """The code, the year and the name of a stream's unit."""
    _, code, year = stream.split("/")
    return code, year, session.dre.name_of(code)


def commitments(connection: Connection[Any], at: int, session: "Session", today: date) -> Iterator[Todo]:
    """Those the reader answers for, an extension to be resolved, what another declared and the reader may verify, and files to be looked at."""
    mine = {charge.charge for charge in session.charges}
    for each in agenda.commitments(connection, at):
        code, year, unit = _place(session, each.stream)
        href, late = f"/compromisos/{code}-{year}-{each.commitment}", each.due < today
        when = f"venció el {fecha(each.due)}" if late else f"vence el {fecha(each.due)}"
        note, answers = f"{unit} · «{each.action}» · {when}", each.responsible in mine
        if each.status == "signed" and answers and session.may(DeclareCommitment, code):
            yield Todo(href, f"Declarar el resultado del compromiso {each.commitment}", note, late=late)
        asked = each.status == "signed" and each.extension and not answers and each.asker != session.id
        if asked and session.may(GrantExtension, code):
            yield Todo(href, f"Resolver la prórroga del compromiso {each.commitment} de {unit}", f"«{each.action}» · {when}")
        verifies = session.may(VerifyCommitment, code) and each.declarer != session.id and not answers
        if each.status == "declared" and verifies:
            yield Todo(href, f"Verificar el compromiso {each.commitment} de {unit}", f"«{each.action}»")
    for brought in outside_page.to_review(connection, at):
        code, year, unit = _place(session, brought.stream)
        if session.may(AcceptOutsideFile, code) and not mine.intersection(brought.signatories):
            href = f"/compromisos/{code}-{year}-{brought.commitment}/firma-de-fuera"
            text = f"Revisar un documento firmado externamente, compromiso {brought.commitment} de {unit}"
            yield Todo(href, text, f"{cargo(brought.charge)} · «{brought.action}»")
    for refusal in agenda.declined(connection, at, session.id):
        code, year, unit = _place(session, refusal.stream)
        if session.may(ReviseCommitment, code):
            text = f"Responder al rechazo del compromiso {refusal.commitment}: proponer otro texto o retirarlo"
            href = f"/compromisos/{code}-{year}-{refusal.commitment}"
            yield Todo(href, text, f"{unit} · {cargo(refusal.charge)}: «{refusal.reason}»")


def signatures(connection: Connection[Any], at: int, session: "Session", today: date) -> Iterator[Todo]:
    """The commitments that wait for a signature of a charge the reader holds, the one due first first, with the days it waits."""
    mine = {charge.charge for charge in session.charges}
    for each in agenda.commitments(connection, at):
        if mine & set(each.awaited) and session.id not in each.signers:
            code, year, unit = _place(session, each.stream)
            days = (today - each.since.astimezone(LIMA).date()).days if each.since else 0
            waits = f"espera su firma desde hace {plural(days, 'día', 'días')}" if days > 0 else "espera su firma desde hoy"
            given = f"{len(each.signed)} de {len(each.signatories)} firmas"
            version = f" · versión {each.version}" if each.version > 1 else ""
            note = f"{unit} · {given} · {waits} · vence el {fecha(each.due)}{version}"
            what = "la renegociación" if each.renegotiation else "el compromiso"
            yield Todo(
                f"/compromisos/{code}-{year}-{each.commitment}",
                f"Firmar {what} «{each.action}»",
                note,
                late=each.due < today or days >= UNSIGNED[-1],
            )
