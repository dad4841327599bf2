"""What waits from the preparation of a plan: the diagnosis of a unit, and what it took on in the support sessions."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from psycopg import Connection

from service.aggregates.diagnosis import WriteDiagnosis
from service.aggregates.support import RecordAttendance, ReportUndertaking, VerifyUndertaking
from service.ledger import region_of
from service.projections import diagnosis_page, support_page
from service.web.task import Todo
from service.web.words import fecha

if TYPE_CHECKING:
    from service.projections.agenda import UnitYear
    from service.web.session import Session


def diagnoses(connection: Connection[Any], at: int, session: "Session", years: "list[UnitYear]") -> Iterator[Todo]:
    """The diagnosis of the reader's own unit, while its plan is being written without one."""
    own = {charge.unit for charge in session.charges}
    for year in years:
        if year.code not in own or year.plan_status not in {"draft", "observed"} or not session.may(WriteDiagnosis, year.code):
            continue
        written = diagnosis_page.diagnosis(connection, at, year.stream)
        if written is None or not written.actors:
            href, note = (
                f"/ugel/{year.code}/{year.year}/diagnostico",
                f"{year.name} · sin él, el plan no cuenta como participativo",
            )
            yield Todo(href, f"Registrar el diagnóstico participativo {year.year}", note)


def support(connection: Connection[Any], at: int, session: "Session", today: date) -> Iterator[Todo]:
    """What the own unit still has to do, and what the DRE has to verify; the sessions whose attendance is missing."""
    streams = [region_of(year) for year in (today.year - 1, today.year, today.year + 1)]
    own = {charge.unit for charge in session.charges}
    for each in support_page.undertakings(connection, at, streams):
        late = each.state(today) == "overdue"
        when = f"venció el {fecha(each.due)}" if late else f"vence el {fecha(each.due)}"
        if each.status in {"open", "observed"} and each.unit in own and session.may(ReportUndertaking, each.unit):
            note = f"«{each.title}» · {when}" + (f" · la DRE respondió: «{each.answer}»" if each.answer else "")
            yield Todo(each.href, f"Cumplir e informar: {each.text}", note, late=late or each.status == "observed")
        if each.status == "reported" and each.reporter != session.id and session.may(VerifyUndertaking, each.unit):
            unit = session.dre.name_of(each.unit)
            yield Todo(each.href, f"Verificar lo que asumió {unit}: {each.text}", f"«{each.title}»")
    if session.may(RecordAttendance, "120000"):
        for stream in streams:
            for it in support_page.supports(connection, at, stream):
                if it.status == "convened" and it.day <= today:
                    year = stream.split("/")[2]
                    yield Todo(f"/apoyo/{year}/{it.support}", f"Registrar la asistencia: {it.title}", f"Fue el {fecha(it.day)}")
