"""The people of the demo: invented, each with the surname «Demo»; eight of them can sign in."""

import hashlib
from collections.abc import Iterator
from datetime import date

import msgspec

from service.aggregates import DRE
from service.aggregates.dre import AssignCharge, Role

PASSWORD = "quipu-demo-2026"  # noqa: S105 — printed by `quipu demo`; exists in no other database
SINCE = date(2025, 1, 1)


class Member(msgspec.Struct, frozen=True):
    """A person, the charge held, and whether there is a password."""

    id: str
    usuario: str
    name: str
    role: Role
    unit: str
    area: str = ""
    signs_in: bool = False

    @property
    def charge(self) -> str:
        """The charge as the record names it."""
        return "/".join(filter(None, (self.role, self.unit, self.area)))


class Crew(msgspec.Struct, frozen=True):
    """Who does the work of a unit: submits, heads the area, reports; and who answers for the DRE."""

    director: Member
    chief: Member
    specialist: Member
    overseer: Member
    authority: Member


PLACES = {
    "120001": ("huancayo", ("Edgar Poma", "Nélida Cárdenas", "Wilmer Rojas")),
    "120002": ("chupaca", ("Gloria Aliaga", "Raúl Chuquillanqui", "Yesenia Lazo")),
    "120003": ("concepcion", ("Marco Orihuela", "Dina Beraún", "Freddy Salazar")),
    "120004": ("chanchamayo", ("Irma Casas", "Percy Valverde", "Katia Ñaupari")),
    "120005": ("ugel", ("Rosa Quispe", "Julio Mallqui", "Elena Huamán")),
    "120006": ("junin", ("Teófilo Arzapalo", "Martha Ricaldi", "Nilton Yauri")),
    "120007": ("satipo", ("Hernán Camarena", "Sonia Vílchez", "Abel Quinchori")),
    "120008": ("tarma", ("Lucía Palomino", "Óscar Baldeón", "Ruth Egoavil")),
    "120009": ("yauli", ("Saúl Ticse", "Nancy Mucha", "Jhony Cajacuri")),
    "120010": ("pangoa", ("Celia Rojas", "Adán Shirampari", "Mirtha Cáceres")),
    "120011": ("pichanaki", ("Víctor Taipe", "Luz Mendoza", "Joel Ambrosio")),
    "120012": ("rio-tambo", ("Delia Ríos", "Gilmer Chimanca", "Hugo Espíritu")),
    "120014": ("rio-ene-mantaro", ("Antonio Ccente", "Flor Barzola", "Noemí Paredes")),
}
SIGN_IN = ("ugel.director", "ugel.jefe", "ugel.especialista", "satipo.director")
OFFICE: tuple[tuple[str, str, Role, bool], ...] = (
    ("dre.director", "Carmen Inga", "director-dre", True),
    ("dre.especialista", "Luis Cóndor", "especialista-dre", True),
    ("auditor", "Patricia Sedano", "auditor", True),
    ("admin", "Iván Galarza", "admin", True),
    ("dre.jefa", "Beatriz Oré", "jefe-dre", False),
    ("dre.especialista.selva", "Rubén Soto", "especialista-dre", False),
    ("dre.planificadora", "Silvia Arroyo", "especialista-dre", False),
)
JUNGLE = frozenset({"120004", "120007", "120010", "120011", "120012", "120014"})


class Cast:
    """Everybody, by usuario; the ids depend on the seed."""

    def __init__(self, seed: str) -> None:
        self.members: dict[str, Member] = {member.usuario: member for member in _members(seed)}

    def crew(self, unit: str) -> Crew:
        """Who works in a unit; the DRE's own plan is submitted by its head and approved by its director."""
        everybody = self.members
        authority = everybody["dre.director"]
        if unit == DRE:
            head = everybody["dre.jefa"]
            return Crew(head, head, everybody["dre.planificadora"], everybody["dre.especialista"], authority)
        slug = PLACES[unit][0]
        director, chief, specialist = (everybody[f"{slug}.{post}"] for post in ("director", "jefe", "especialista"))
        overseer = everybody["dre.especialista.selva" if unit in JUNGLE else "dre.especialista"]
        return Crew(director, chief, specialist, overseer, authority)

    @property
    def accounts(self) -> list[Member]:
        """Those who can sign in."""
        return [member for member in self.members.values() if member.signs_in]


def _members(seed: str) -> Iterator[Member]:
    for usuario, name, role, signs_in in OFFICE:
        yield _member(seed, usuario, name, role, DRE, signs_in=signs_in)
    posts: tuple[tuple[str, Role, str], ...] = (
        ("director", "director-ugel", ""),
        ("jefe", "jefe-area", "AGP"),
        ("especialista", "especialista-ugel", ""),
    )
    for unit, (slug, names) in PLACES.items():
        for (post, role, area), name in zip(posts, names, strict=True):
            usuario = f"{slug}.{post}"
            yield _member(seed, usuario, name, role, unit, area, signs_in=usuario in SIGN_IN)


def _member(seed: str, usuario: str, name: str, role: Role, unit: str, area: str = "", *, signs_in: bool) -> Member:
    opaque = hashlib.sha256(f"{seed}/{usuario}".encode()).hexdigest()[:16]
    return Member(opaque, usuario, f"{name} Demo", role, unit, area, signs_in)


def assignment(member: Member, number: int) -> AssignCharge:
    """The command that gives a member the charge, by an invented resolution that says so."""
    resolution = f"R.D. de demostración N.º {number:04}-2025"
    return AssignCharge(
        holder=member.id, role=member.role, unit=member.unit, since=SINCE, area=member.area, resolution=resolution
    )


def acting(cast: Cast) -> AssignCharge:
    """The head of an area stands in for the director who is on leave."""
    head = cast.members["chupaca.jefe"]
    return AssignCharge(
        holder=head.id,
        role="director-ugel",
        unit=head.unit,
        since=date(2026, 11, 16),
        until=date(2026, 12, 15),
        resolution="R.D. de demostración N.º 0871-2026",
        acting=True,
    )
