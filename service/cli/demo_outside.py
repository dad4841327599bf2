"""What people of the demo sign outside: a commitment that both of its signatories sign, and one whose file a tool wrote again."""

from datetime import UTC, datetime

from litestar.datastructures import State

from service import demo
from service.aggregates import Refused
from service.database import Database
from service.documents import Documents
from service.ledger import Ledger
from service.permits import Forbidden
from service.projections import LATEST, outside_page
from service.projections import commitment_page as commitments
from service.projections.commitment_page import Commitment
from service.settings import DEMO_ROOTS, Settings
from service.web import outside
from service.web.commitment import read_paper

SIGNERS = {"120005": ("ugel.jefe", "ugel.director"), "120007": ("satipo.director",)}
REWRITING = "120007"


def sign(settings: Settings, accounts: tuple[demo.Member, ...]) -> int:
    """Have them sign what still waits, each file checked as one that comes through the page; how many files were brought."""
    database = Database(settings.database_url, size=2)
    database.open()
    try:
        values = {"database": database, "ledger": Ledger(database), "settings": settings, "demo": True}
        state = State(values | {"documents": Documents(settings.documents, settings.data)})
        with database.snapshot() as connection:
            waiting = [each for each in commitments.commitments(connection, LATEST) if _waits(each)]
        members = {each.usuario: each for each in accounts}
        return sum(_bring(state, it, members[usuario]) for it in waiting for usuario in SIGNERS[it.code])
    finally:
        database.close()


def _waits(it: Commitment) -> bool:
    return it.kind == demo.DIGITAL and it.status == "proposed" and it.code in SIGNERS


def _bring(state: State, it: Commitment, member: demo.Member) -> bool:
    """Bring one person's file, unless it was brought on an earlier start."""
    from service.demo import authority, trust  # noqa: PLC0415 — takes long to load, and only a demo needs it

    with state.database.snapshot() as connection:
        paper = read_paper(connection, LATEST, it.id)
        brought = {each.person for each in outside_page.refused(connection, LATEST, it.stream, it.commitment)}
    if member.charge in paper.signed or member.id in brought:
        return False
    so_far = outside.chain(state, it.id, paper.text.version)
    before = authority.rewritten(so_far.last[1]) if it.code == REWRITING else so_far.last[1]
    holder = trust.read(state.settings.data / DEMO_ROOTS, member.usuario)
    content = authority.sign(before, holder, member.usuario.replace(".", "-"), datetime.now(UTC))
    verdict = outside.checked(state, member.id, so_far.last[1], content)
    command = outside.told(paper, so_far, state.documents.keep(content), verdict)
    try:
        state.ledger.carry_out(member.id, it.stream, command, command_id=f"demo-{it.id}-{member.id}", charge=member.charge)
    except (Refused, Forbidden):  # somebody in the demo did otherwise meanwhile
        return False
    return True
