"""The next version of the catalogue: written by the DRE as a draft, seen in words against the one in force, published."""

import hashlib
from collections.abc import Callable
from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from service import catalogue_draft as drafts
from service import people
from service.aggregates import DRE, Refused
from service.aggregates import catalogue_content as cc
from service.aggregates.catalogue import PublishCatalogue
from service.aggregates.catalogue_check import faults, problems
from service.ledger import STANDING
from service.web.catalogue import KINDS, PREPARES, asked_tab, shown
from service.web.catalogue_words import compared, title
from service.web.form import Form, Raw, first
from service.web.form import read as read_form
from service.web.page import Req, identity, page, redirect
from service.web.session import Session

PLACE = "/catalogo/borrador"
PARTS = {"escala": "scale", "formula": "weights"}
TAB_OF = {"instrumentos": "objetivos", "formula": "escala"}


SETTINGS: dict[str, type[msgspec.Struct]] = {"scale": cc.Scale, "weights": cc.Weights}


def seal(draft: drafts.Draft) -> str:
    """What a reader has seen of a draft: another text as soon as somebody changes it."""
    return hashlib.sha256(msgspec.json.encode(draft.change)).hexdigest()[:16]


def draw(request: Req, *, form: Form[Any] | None = None, sent: str = "", tab: str = "", rule: str = "") -> Response[str]:
    """Draw the draft, with what became of the form `sent` where there is one."""
    current = request.app.state.ledger.standing().catalogue
    with request.app.state.database.connection() as connection:
        draft = drafts.read(connection, current.content)
        names = people.names(connection, [draft.person] if draft.person else [])
    edited = request.query_params.get("editar", "") or (first_typed(form, "key") if form else "")
    kind = request.query_params.get("de", "") or sent
    item = cc.indexed(draft.content, KINDS[kind]).get(edited) if kind in KINDS else None
    marks = {
        name: {item.key: "new" if item.key not in cc.indexed(current.content, name) else "changed" for item in items}
        for name, items in draft.change.put.items()
    }
    gone = {name: [cc.indexed(current.content, name)[key] for key in getattr(draft.change.retired, name)] for name in cc.KINDS}
    return page(
        request,
        "catalogo_borrador.html",
        status=form.status if form else 200,
        **shown(draft.content, tab or asked_tab(request)),
        draft=draft,
        names=names,
        version=current.version,
        groups=compared(current.content, draft.content),
        faults=list(problems(draft.content)),
        seal=seal(draft),
        marks=marks,
        gone=gone,
        title=title,
        item=item,
        kind=kind if kind in KINDS else "",
        rule=next((each for each in draft.content.rules if each.code == (rule or edited)), None),
        form=form or Form.fresh(),
        sent=sent,
        publishes=request.user.may(PublishCatalogue, DRE),
    )


def first_typed(form: Form[Any], name: str) -> str:
    """One input of a form that was sent."""
    value = form[name]
    return value if isinstance(value, str) else ""


@get(PLACE, sync_to_thread=True)
def show(request: Req, session: NamedDependency[Session]) -> Response[str]:
    """Show the draft to whoever prepares it."""
    if not any(session.may(command, DRE) for command in PREPARES):
        people.choose(session.charges, PublishCatalogue, DRE)
    return draw(request)


def _edit(request: Req, change: Callable[[cc.Content], cc.Content]) -> None:
    current = request.app.state.ledger.standing().catalogue.content
    with request.app.state.database.connection() as connection:
        drafts.edit(connection, current, request.user.id, change)


def _back(request: Req, part: str, notice: str) -> Response[str]:
    return redirect(request, f"{PLACE}?ver={TAB_OF.get(part, part)}", notice)


def _lined(raw: Raw) -> dict[str, list[str]]:
    """The form's texts on one line each, its lists apart: «A; B» is two words."""
    lined = {name: [" ".join(value.split()) for value in values] for name, values in raw.items()}
    lined |= {"text": ["\n".join(line.strip() for line in first(raw, "text").splitlines()).strip()]} if "text" in raw else {}
    lists = {name: [part.strip() for part in first(lined, name).split(";")] for name in ("levels", "aliases") if name in raw}
    return lined | lists


@post(PLACE + "/{part:str}", opt={"command": PREPARES}, sync_to_thread=True)
def put(request: Req, raw: NamedDependency[Raw], part: FromPath[str]) -> Response[Any]:
    """Write an item, a new one or in the place of another, or a setting, into the draft."""
    if part not in KINDS and part not in PARTS:
        raise NotFoundException
    kind: type[msgspec.Struct] = cc.KINDS[KINDS[part]] if part in KINDS else SETTINGS[PARTS[part]]
    form: Form[Any] = read_form(kind, _lined(raw))
    form.typed = {name: "; ".join(values) for name, values in raw.items()}
    item: Any = form.command
    form.errors |= faults(item) if item else {}
    key, tab = first(raw, "key"), TAB_OF.get(part, part)
    if item and part in KINDS and item.key != key and item.key in _known(request, KINDS[part]):
        form.errors[""] = f"«{title(item)}» ya está en el catálogo: cámbielo en su propia fila."
    if form.errors:
        form.status = 422
        return draw(request, form=form, sent=part, tab=tab)
    if part in KINDS:
        _edit(request, lambda content: cc.with_item(content, KINDS[part], item, key))
    else:
        _edit(request, lambda content: msgspec.structs.replace(content, **{PARTS[part]: item}))
    return _back(request, part, "El cambio quedó en el borrador: nadie más lo ve hasta que se publique.")


def _known(request: Req, kind: str) -> dict[str, Any]:
    """The items of a kind in the draft."""
    current = request.app.state.ledger.standing().catalogue.content
    with request.app.state.database.connection() as connection:
        return cc.indexed(drafts.read(connection, current).content, kind)


@post(PLACE + "/{part:str}/retiro", opt={"command": PREPARES}, sync_to_thread=True)
def retire(request: Req, raw: NamedDependency[Raw], part: FromPath[str]) -> Response[Any]:
    """Take an item out of the draft."""
    if part not in KINDS:
        raise NotFoundException
    _edit(request, lambda content: cc.without(content, KINDS[part], first(raw, "key")))
    return _back(request, part, "Quedó marcado para retirarse en la próxima versión.")


@post(PLACE + "/{part:str}/conservacion", opt={"command": PREPARES}, sync_to_thread=True)
def restore(request: Req, raw: NamedDependency[Raw], part: FromPath[str]) -> Response[Any]:
    """Put an item back as it is in the version in force."""
    current = request.app.state.ledger.standing().catalogue.content
    item = cc.indexed(current, KINDS[part]).get(first(raw, "key")) if part in KINDS else None
    if item is None:
        raise NotFoundException
    _edit(request, lambda content: cc.with_item(content, KINDS[part], item))
    return _back(request, part, "Quedó como en la versión vigente.")


@post("/catalogo/descarte", opt={"command": PREPARES}, sync_to_thread=True)
def discard(request: Req) -> Response[Any]:
    """Forget the draft."""
    with request.app.state.database.connection() as connection:
        drafts.drop(connection)
    return redirect(request, "/catalogo", "El borrador quedó descartado: rige la misma versión.")


@post("/catalogo/publicacion", opt={"command": PublishCatalogue}, sync_to_thread=True)
def publish(request: Req, session: NamedDependency[Session], raw: NamedDependency[Raw]) -> Response[Any]:
    """Publish the draft as the next version, if it still says what its reader saw."""
    current = request.app.state.ledger.standing().catalogue
    with request.app.state.database.connection() as connection:
        draft = drafts.read(connection, current.content)
    form = read_form(PublishCatalogue, raw, base=current.version, content=draft.content)
    form.command_id = identity(raw)
    if form.command is None:
        return draw(request, form=form, sent="publicacion")
    if draft.change == drafts.NOTHING and first(raw, "base") not in {"", str(current.version)}:
        return _published(request, current.version)
    if first(raw, "seen") != seal(draft):
        form.refuse("El borrador cambió mientras usted lo revisaba: mire de nuevo qué se publicará.")
        return draw(request, form=form, sent="publicacion")
    try:
        request.app.state.ledger.carry_out(session.id, STANDING, form.command, command_id=form.command_id)
    except Refused as refused:
        form.refuse(refused.sentence, refused.items)
        return draw(request, form=form, sent="publicacion")
    published = request.app.state.ledger.standing().catalogue
    with request.app.state.database.connection() as connection:
        drafts.edit(connection, published.content, session.id, lambda content: content)
    return _published(request, published.version)


def _published(request: Req, version: int) -> Response[str]:
    return redirect(request, f"/catalogo/versiones/{version}", f"La versión {version} del catálogo quedó publicada.")


ROUTES = (show, put, retire, restore, discard, publish)
