"""Whose turn it is in a quarter: the steps open to a reader, or who is waited for."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

import msgspec

from service.aggregates.quarter import CloseQuarter, ObserveQuarter, ScoreQuarter, SubmitQuarter, ValidateQuarter
from service.aggregates.quarter_corrections import ApproveCorrection, RequestCorrection
from service.aggregates.quarter_reopening import ReopenQuarter
from service.projections import quarter_page
from service.web.words import fecha, plural

if TYPE_CHECKING:
    from service.web.page import Moment
    from service.web.session import Session
    from service.web.sheet import Sheet


class Turn(msgspec.Struct, frozen=True):
    """What this reader may do now: the main step, the other ones, corrections to resolve; else who is waited for."""

    main: str = ""
    others: tuple[str, ...] = ()
    resolve: tuple[quarter_page.Correction, ...] = ()
    waiting: str = ""

    @property
    def steps(self) -> list[str]:
        """Every step that is open to the reader, the main one first."""
        return [step for step in (self.main, *self.others) if step]


WAITING = {
    "none": "La unidad todavía no registra avances de este trimestre.",
    "draft": "La dirección de la unidad debe enviar el trimestre a la DRE.",
    "submitted": "La DRE debe validar u observar el trimestre.",
    "observed": "La unidad debe corregir lo observado y volver a enviar.",
    "validated": "La DRE debe calificar el trimestre.",
    "scored": "La dirección de la DRE debe cerrar el trimestre.",
    "closed": "El trimestre está cerrado: sus cifras y su calificación ya no cambian.",
}

REOPENED = "El trimestre está reabierto: se rectifica lo señalado, se califica y se cierra otra vez."


def _untouched(sheet: "Sheet") -> bool:
    """Whether the quarter is reopened and was not scored again since."""
    opened, scored = sheet.deeds.get("quarter-reopened"), sheet.deeds.get("quarter-scored")
    return sheet.status == "scored" and opened is not None and scored is not None and opened.from_pos > scored.from_pos


def turn(sheet: "Sheet", session: "Session", moment: "Moment", day: date) -> Turn:
    """Whose turn it is on a day; on a past moment nobody's. While the quarter goes on its figures are recorded, not sent."""
    if moment.past or not sheet.place.plan_version:
        return Turn()
    status, code, pending = sheet.status, sheet.place.code, sheet.pending
    other = session.id != sheet.submitter
    steps = {
        "validacion": status == "submitted" and other and session.may(ValidateQuarter, code),
        "observacion": status in {"submitted", "observed"} and other and session.may(ObserveQuarter, code),
        "calificacion": status == "validated" and not pending and session.may(ScoreQuarter, code),
        "cierre": status == "scored" and not pending and session.may(CloseQuarter, code),
        "envio": status in {"draft", "observed"} and session.may(SubmitQuarter, code),
        "reapertura": status == "closed" and other and session.may(ReopenQuarter, code),
        "rectificaciones": status in {"validated", "scored"} and session.may(RequestCorrection, code),
    }
    able = [name for name, can in steps.items() if can]
    resolve = tuple(c for c in pending if c.requester != session.id and session.may(ApproveCorrection, code))
    over = date(sheet.place.year + sheet.number // 4, sheet.number * 3 % 12 + 1, 1)
    early = status in {"none", "draft"} and day < over
    reopened = _untouched(sheet)
    quiet = {
        "rectificaciones",
        "reapertura",
        *({"observacion"} if status == "observed" else ()),
        *({"envio"} if early else ()),
        *({"cierre"} if reopened else ()),
    }
    main = "" if resolve else next((name for name in able if name not in quiet), "")
    goes_on = f"La unidad registra sus avances: el trimestre termina el {fecha(over - timedelta(days=1))}."
    waiting = (
        ""
        if main or resolve
        else f"Hay {plural(len(pending), 'rectificación', 'rectificaciones')} por resolver."
        if pending
        else goes_on
        if early
        else REOPENED
        if reopened
        else WAITING[status]
    )
    return Turn(main, tuple(name for name in able if name != main), resolve, waiting)
