"""Which years concern a reader."""

from datetime import date

from service.ledger import stream_of
from service.web.session import Session

OFFICE = ("especialista-dre", "jefe-dre", "director-dre")


def scope(session: Session, today: date) -> list[str]:
    """The streams that concern the reader: all units for the DRE's office, else the own ones; last, this and next year."""
    mine = {charge.unit for charge in session.charges if charge.role not in {"auditor", "admin", "sistema"}}
    units = sorted(session.dre.units) if session.has(*OFFICE) else sorted(mine & session.dre.units.keys())
    return [stream_of(code, year) for year in (today.year - 1, today.year, today.year + 1) for code in units]
