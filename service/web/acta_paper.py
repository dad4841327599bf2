"""The acta of a session as a paper: what goes into it, in words, from what stood when it was closed."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from service.aggregates import ROMAN
from service.papers import code
from service.web import matters
from service.web.agreements import OUTCOMES
from service.web.corner import office
from service.web.paper import headed
from service.web.sitting import Sitting
from service.web.words import LIGHTS, fecha, numero, porciento

if TYPE_CHECKING:
    from service.aggregates.dre import Dre
    from service.projections.session_agenda import Figures
    from service.settings import Settings


def filled(
    sitting: Sitting, shown: "dict[int, Figures]", dre: "Dre", settings: "Settings", cut: tuple[int, datetime], *, demo: bool
) -> dict[str, Any]:
    """The data of the paper; `cut` is the fact it tells up to, of a closed acta the one that closed it."""
    it = sitting.it
    units = {code: unit.name for code, unit in dre.units.items()}
    where = "Región" if it.regional else units.get(it.code, it.code)
    closed = it.closed_at if it.status == "closed" else None
    letters = code.of_acta(it.stream, it.session, closed) if closed else ""
    draft = "" if closed else "BORRADOR: este papel no es el acta cerrada."
    title = f"Acta de la sesión {it.kind} del {ROMAN[it.quarter]} trimestre {it.year}"
    called = ", ".join(units.get(code, code) for code in it.units)
    return {
        **headed(settings, title, f"{where} · sesión {it.session} de {it.year}", cut, demo=demo, letters=letters, draft=draft),
        "facts": [
            ["Fecha", fecha(it.day) + (f", {it.hour}" if it.hour else "")],
            ["Lugar", it.place + (" (virtual)" if it.virtual else "")],
            ["Convocados", called],
            ["Abierta", fecha(it.opened_at)],
            ["Levantada", fecha(it.ended_at)],
        ],
        "parts": [["Apertura", it.introduction], ["Desarrollo", it.development]],
        "remarks": "\n".join(filter(None, (it.remarks, it.reason and f"Quedaron puntos sin tratar: {it.reason}"))),
        "attendance": [
            {"name": sitting.names.get(each.person, "—"), "charge": office(dre, each.charge)} for each in sitting.attendees
        ],
        "quorum": f"Quórum de una sesión {it.kind}{f' (reglas versión {it.rules})' if it.rules else ''}: {it.rule}. "
        + it.reached(sitting.attendees),
        "items": [
            _item(n, each, shown.get(each.item) if each.kind == "quarter" else None)
            for n, each in enumerate(sitting.items, start=1)
        ],
        "agreements": [_agreement(sitting, each, dre, units) for each in sitting.agreements if not each.withdrawn],
    }


def _item(number: int, each: Any, figures: "Figures | None") -> dict[str, str]:
    """An item with its figures, as text; what was not taken up says so."""
    blank = {"result": "", "fulfilled": "", "alerts": "", "knots": ""}
    if figures:
        cell = figures.cell
        light = f"{LIGHTS[cell.light].shape} {LIGHTS[cell.light].word} " if cell.light else ""
        blank = {
            "result": f"{light}{porciento(cell.percent)}{'' if cell.official or cell.percent is None else ' prelim.'}",
            "fulfilled": f"{cell.fulfilled} de {cell.activities}",
            "alerts": str(figures.alerts),
            "knots": str(figures.knots),
        }
    position = numero(each.taken_up) if each.taken_up else "sin tratar"
    return {"number": str(number), "title": each.title, "note": each.note, "position": position, **blank}


def _agreement(sitting: Sitting, each: Any, dre: "Dre", units: dict[str, str]) -> dict[str, Any]:
    about = "; ".join(matters.link(key, sitting.it.year, units).text for key in each.matters)
    lines = [f"Decide sobre: {about}"] if about else []
    lines += [f"Responsable: {office(dre, each.responsible)}"] if each.responsible else []
    lines += [f"Plazo: {fecha(each.due)}"] if each.due else []
    votes = [
        {
            "name": sitting.names.get(vote.person, "—"),
            "charge": office(dre, vote.charge),
            "choice": vote.choice,
            "reason": vote.reason,
        }
        for vote in each.votes
    ]
    outcome = OUTCOMES[each.outcome] + (f": {sitting.tally(each)}" if votes else "")
    return {"number": str(each.agreement), "text": each.text, "outcome": outcome, "lines": lines, "votes": votes}
