"""The page of a session: its state, the order of the day with numbers, the item being taken up, agreements, attendance.

Each part fetches itself again when the year's stream moves (`?parte=`), so that all who are present see the same.
"""

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from psycopg import Connection

from service import people
from service.aggregates import Command
from service.aggregates.session import CallOffSession, EndSession, OpenSession
from service.aggregates.session_agenda import AddItems, MoveItem, NoteItem, RemoveItem, TakeUpItem
from service.aggregates.session_attendance import MarkAttendance
from service.aggregates.session_matter import NewItem
from service.projections import LATEST, history
from service.projections import session_agenda as figures
from service.web import conflict, matters
from service.web.corner import acting, circumstances, forms, invited, whole
from service.web.form import Form, Raw, first
from service.web.page import Moment, Req, page, redirect, send, wants_part
from service.web.sitting import ONE, Sitting, both, find, fixed, numbers, offered, where

PARTS = ("estado", "orden", "punto", "acuerdos", "asistencia")


def draw(
    request: Req, moment: Moment | None = None, *, form: Form[Any] | None = None, sent: str = "", template: str = "sesion"
) -> Response[str]:
    """Draw the session of the address, with what became of the form `sent` where there is one."""
    at, number, moment = where(request), request.path_params["number"], moment or Moment()
    asked, around = request.query_params, circumstances(request, moment)
    part = asked.get("parte", "") if wants_part(request) and asked.get("parte") in PARTS else ""
    with request.app.state.database.snapshot() as connection:
        sitting = find(connection, moment, at, number)
        chosen = sitting.item(whole(asked.get("punto"))) or sitting.item(sitting.current)
        shown = numbers(connection, moment, sitting) if part in {"", "orden", "punto"} else {}
        position = (chosen.taken_up if chosen else 0) or moment.position
        stream = f"unit/{chosen.unit}/{at.year}" if chosen and chosen.unit and part in {"", "punto"} else ""
        spoken = chosen is not None and (chosen.taken_up or sitting.goes_on)
        weakest = figures.activities(connection, position, stream, sitting.it.quarter) if stream and spoken else []
        until = sitting.it.position if sitting.it.status == "closed" else moment.position
        findings = figures.findings(connection, until, [stream], sitting.it.quarter) if stream else []
        works = not moment.past and sitting.it.status in {"convened", "open"} and request.user.may(AddItems, at.code)
        waiting = offered(connection, moment, sitting) if works and part in {"", "orden"} else []
        late = sitting.it.status == "convened" and not moment.past and part in {"", "orden"}
        coming = figures.entering(connection, moment.position, sitting.it) if late else []
        about = chosen.unit if chosen and chosen.taken_up else ""
        decides = works and sitting.it.status == "open" and part in {"", "acuerdos"}
        decided = offered(connection, moment, sitting, about) if decides else []
        present = invited(request.user.dre, sitting.it.day, sitting.it.units)
        ids = {person for group in present.values() for person, _ in group}
        names = sitting.names | people.names(connection, ids - set(sitting.names))
        fresh = _fresh(connection, sitting)
    there = {f"{each.unit}/{each.kind}/{each.number}" for each in sitting.items if each.unit}
    return page(
        request,
        f"{template}.html",
        part=f"_sesion_{part}.html" if part else None,
        status=form.status if form else 200,
        moment=moment,
        at=at,
        it=sitting.it,
        sitting=sitting,
        stream=at.stream,
        here=f"{at.href}/{number}",
        item=chosen,
        follows=not whole(asked.get("punto")),
        numbers=shown,
        weakest=weakest,
        coming=coming,
        findings=findings,
        suggested=[each for each in waiting if each.key not in there and (each.kind != "finding" or each.detail == "flag")],
        matters=[(each.key, matters.title(each, around["units"])) for each in decided],
        title=lambda each: matters.title(each, around["units"]),
        link=lambda key, position=0: matters.link(key, at.year, around["units"], position),
        able=present,
        acting=acting(request.user.dre, sitting.it.day),
        names=names,
        forms=fresh | forms(sent, form),
        conflict=lay_out(request, at.stream, form),
        **around,
    )


def lay_out(request: Req, stream: str, form: Form[Any] | None) -> list[conflict.Field]:
    """What two note-takers both changed, side by side; nothing where there was no clash."""
    if form is None or not form.clash:
        return []
    with request.app.state.database.snapshot() as connection:
        return conflict.lay_out(connection, stream, form)


def _fresh(connection: Connection[Any], sitting: Sitting) -> dict[str, Form[Any]]:
    """A fresh form for everything that may be written, each with what stands now."""
    base = str(history.head(connection, LATEST).position)
    made = forms("", None, "apertura", "levantamiento", "suspension", "puntos", "acuerdos", "asistencia")
    for item in sitting.items:
        made |= forms("", None, f"lugar-{item.item}", f"retiro-{item.item}", f"trato-{item.item}")
        made[f"notas-{item.item}"] = Form.fresh(note=item.note, base=base)
    for each in sitting.agreements:
        due = each.due.isoformat() if each.due else ""
        values: dict[str, str | list[str]] = {"text": each.text, "responsible": each.responsible, "due": due}
        made[f"acuerdo-{each.agreement}"] = Form.fresh(**values, matters=each.matters, base=base)
        made |= forms("", None, f"desistimiento-{each.agreement}", f"votos-{each.agreement}")
    return made


def show(request: Req, moment: NamedDependency[Moment]) -> Response[str]:
    """Show the session."""
    return draw(request, moment)


def project(request: Req, moment: NamedDependency[Moment]) -> Response[str]:
    """Show the session to the room: one item in large type, and what is agreed about it."""
    return draw(request, moment, template="sesion_proyectar")


def step(kind: type[Command], suffix: str, noun: str, notice: str, *, own: bool = False, anchor: str = "") -> list[Any]:
    """The changing routes of one step; its noun is its address and the name of its form."""

    def carry(request: Req, raw: NamedDependency[Raw]) -> Response[str]:
        at, known = where(request), fixed(request, kind)
        carried = conflict.send if "seen" in kind.__struct_fields__ else send
        form: Form[Any] = carried(request, raw, kind, at.stream, **known)
        if form.done:
            return back(request, notice, anchor)
        which = next((str(known[name]) for name in ("item", "agreement") if name in known), "")
        return draw(request, form=form, sent=f"{noun}-{which}".rstrip("-"))

    return both(post, f"{ONE}{suffix}", carry, own=own, opt={"command": kind})


def back(request: Req, notice: str, anchor: str = "") -> Response[str]:
    """Go back to the session, at the item one came from where there is one."""
    at, item = where(request), request.path_params.get("item", 0) or whole(request.query_params.get("punto"))
    chosen = f"?punto={item}" if item and anchor != "ahora" else ""
    return redirect(request, f"{at.href}/{request.path_params['number']}{chosen}", notice)


def add(request: Req, raw: NamedDependency[Raw]) -> Response[str]:
    """Add to the agenda what was written, and what was marked of that which waits."""
    at, number = where(request), request.path_params["number"]
    units = {code: unit.name for code, unit in request.user.dre.units.items()}
    with request.app.state.database.snapshot() as connection:
        sitting = find(connection, Moment(), at, number)
        waiting = {each.key: each for each in offered(connection, Moment(), sitting)}
    marked = [waiting[key] for key in raw.get("suggested", ()) if key in waiting]
    items = [matters.item(each, units) for each in marked]
    kept: dict[str, str | list[str]] = {"title": first(raw, "title"), "suggested": [each.key for each in marked]}
    titles = [text.strip() for text in raw.get("title", ()) if text.strip()]
    items += [NewItem(title=text) for text in titles]
    if not items or any(len(each.title) > 300 for each in items):  # noqa: PLR2004 — a line
        wrong: Form[Any] = Form.fresh(**kept)
        wrong.errors["title"], wrong.status = "Escriba un punto de 1 a 300 caracteres, o marque los sugeridos.", 422
        return draw(request, form=wrong, sent="puntos")
    form = send(request, raw, AddItems, at.stream, session=number, items=tuple(items))
    form.typed |= kept
    return back(request, "La agenda quedó completada.") if form.done else draw(request, form=form, sent="puntos")


def begin(request: Req, raw: NamedDependency[Raw]) -> Response[str]:
    """Open a session, with what was escalated to it since it was convened."""
    at, number = where(request), request.path_params["number"]
    units = {code: unit.name for code, unit in request.user.dre.units.items()}
    with request.app.state.database.snapshot() as connection:
        items = matters.coming(connection, find(connection, Moment(), at, number).it, units)
    form = send(request, raw, OpenSession, at.stream, session=number, items=items)
    return back(request, "La sesión quedó abierta.") if form.done else draw(request, form=form, sent="apertura")


def take_up(request: Req, raw: NamedDependency[Raw]) -> Response[str]:
    """Begin to speak of an item; its figures stop at the last fact of the record."""
    at, item = where(request), request.path_params["item"]
    with request.app.state.database.snapshot() as connection:
        head = history.head(connection, LATEST).position
    form = send(request, raw, TakeUpItem, at.stream, item=item, position=head)
    if form.done:
        return back(request, "Se trata el punto: sus cifras quedaron fijas.", "ahora")
    return draw(request, form=form, sent=f"trato-{item}")


ITEM = "/puntos/{item:int}"
ROUTES = [
    *both(get, ONE, show),
    *both(get, f"{ONE}/proyectar", project),
    *both(post, f"{ONE}/puntos", add, opt={"command": AddItems}),
    *both(post, f"{ONE}{ITEM}/trato", take_up, opt={"command": TakeUpItem}),
    *step(CallOffSession, "/suspension", "suspension", "La sesión quedó suspendida."),
    *both(post, f"{ONE}/apertura", begin, opt={"command": OpenSession}),
    *step(EndSession, "/levantamiento", "levantamiento", "La sesión quedó levantada: falta revisar y cerrar el acta."),
    *step(MarkAttendance, "/asistencia", "asistencia", "La asistencia quedó registrada."),
    *step(MoveItem, f"{ITEM}/lugar", "lugar", "La agenda quedó en su nuevo orden."),
    *step(RemoveItem, f"{ITEM}/retiro", "retiro", "El punto quedó retirado."),
    *step(NoteItem, f"{ITEM}/notas", "notas", "Las notas quedaron guardadas."),
]
