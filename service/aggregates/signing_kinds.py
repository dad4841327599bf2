"""Who signs each kind of commitment, as data: the roles in their order, and whether the order binds.

The DRE publishes it; who must sign what is its decision, so what ships is an example and says so.
"""

import msgspec


class SigningKind(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of commitment and the roles that sign it; the proposer may change them in each commitment."""

    code: str
    name: str
    roles: tuple[str, ...]
    ordered: bool = False
    label: str = ""


EXAMPLE = "ejemplo, ajústelo"
DEFAULTS: tuple[SigningKind, ...] = (
    SigningKind(code="gestion", name="Compromiso de gestión", roles=("director-ugel", "director-dre"), label=EXAMPLE),
    SigningKind(
        code="mejora",
        name="Compromiso de mejora",
        roles=("jefe-area", "director-ugel", "director-dre"),
        ordered=True,
        label=EXAMPLE,
    ),
)


class SigningKinds(msgspec.Struct, frozen=True):
    """The kinds in force; a version each time the DRE publishes them."""

    version: int = 0
    kinds: tuple[SigningKind, ...] = DEFAULTS

    def of(self, code: str) -> SigningKind | None:
        """A kind by its code."""
        return next((kind for kind in self.kinds if kind.code == code), None)
