"""The annual balance: submitted, approved, closed with its cut-off; and, next year, what becomes of each open item."""

from typing import Literal

import msgspec

from service.aggregates import By, Command, Event, Fact, Line1, Note, Paragraph, need
from service.aggregates.quarter import Quarters


class SubmitBalance(Command, frozen=True):
    achievements: Paragraph
    difficulties: Paragraph
    recommendations: Paragraph


class ApproveBalance(Command, frozen=True):
    pass


class CloseBalance(Command, frozen=True):
    """`cutoff` is the global position the director was looking at."""

    cutoff: int


class DisposeItem(Command, frozen=True):
    """Say what becomes of an item left open by last year's balance."""

    item: Line1
    decision: Literal["continuar", "cerrar", "descartar"]
    reason: Note = ""


class BalanceSubmitted(Event, frozen=True, tag="balance-submitted"):
    achievements: str
    difficulties: str
    recommendations: str


class BalanceApproved(Event, frozen=True, tag="balance-approved"):
    pass


class BalanceClosed(Event, frozen=True, tag="balance-closed"):
    cutoff: int
    open_items: tuple[str, ...]


class ItemDisposed(Event, frozen=True, tag="item-disposed"):
    item: str
    decision: Literal["continuar", "cerrar", "descartar"]
    reason: str = ""


class Balance(msgspec.Struct):
    """The balance of this year, and the dispositions of last year's open items."""

    status: Literal["none", "submitted", "approved", "closed"] = "none"
    submitter: str = ""
    open_items: tuple[str, ...] = ()
    disposed: dict[str, str] = {}


def decide(balance: Balance, quarters: Quarters, open_items: tuple[str, ...], command: Command, by: By) -> list[Event]:
    """The balance's rules; `open_items` are the alerts, knots and commitments that stand now."""
    match command:
        case SubmitBalance():
            need(balance.status in {"none", "submitted"}, "El balance ya está aprobado.")
            waiting = tuple(
                f"Trimestre {n}"
                for n in range(1, 5)
                if n not in quarters.by_number or quarters.by_number[n].standing(by.today) != "closed"
            )
            need(not waiting, "El balance se envía cuando los cuatro trimestres están cerrados. Faltan:", waiting)
            return [BalanceSubmitted(**msgspec.structs.asdict(command))]
        case ApproveBalance():
            need(balance.status == "submitted", "El balance no está enviado.")
            need(by.person != balance.submitter, "Quien envía el balance no puede aprobarlo.")
            return [BalanceApproved()]
        case CloseBalance():
            need(balance.status == "approved", "El balance no está aprobado.")
            need(by.person != balance.submitter, "Quien envía el balance no puede cerrarlo.")
            need(
                command.cutoff >= by.position,
                "El registro cambió desde que usted abrió la página: revise las cifras y cierre de nuevo.",
            )
            return [BalanceClosed(cutoff=command.cutoff, open_items=open_items)]
        case _:
            msg = f"balance cannot decide {type(command).__name__}"
            raise TypeError(msg)


def evolve(balance: Balance, fact: Fact) -> None:
    """Apply one fact to the balance."""
    match event := fact.event:
        case BalanceSubmitted():
            balance.status, balance.submitter = "submitted", fact.person
        case BalanceApproved():
            balance.status = "approved"
        case BalanceClosed():
            balance.status, balance.open_items = "closed", event.open_items
        case ItemDisposed():
            balance.disposed[event.item] = event.decision
