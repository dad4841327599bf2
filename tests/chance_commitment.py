"""What might be asked next about commitments: most often a step that makes sense, sometimes an older text or a wrong day."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from random import Random
from typing import Any

import msgspec

from service.aggregates import Command
from service.aggregates import commitment as c
from service.aggregates import commitment_life as life
from service.aggregates import commitment_review as review
from service.aggregates import commitment_signing as s
from service.aggregates.unit_year import COMMITMENT, UnitYear
from tests.stories import DIRECTOR, DRE_OTHER, HEAD, Person

KINDS = sorted(COMMITMENT, key=lambda kind: kind.__name__)
SIGNING = (s.SignCommitment, s.SignCommitment, s.SignCommitment, s.SignOutside)
UPON: dict[type, tuple[Person, ...]] = {
    **dict.fromkeys((s.SignCommitment, s.SignOutside, s.RefuseOutsideFile, s.DeclineCommitment), (HEAD, DIRECTOR)),
    **dict.fromkeys((c.ProposeCommitment, c.ReviseCommitment, c.WithdrawCommitment, life.ReportCommitment), (HEAD,)),
    **dict.fromkeys((life.DeclareCommitment, life.RequestExtension), (HEAD,)),
    **dict.fromkeys((life.VerifyCommitment, life.GrantExtension, life.RejectExtension, review.AcceptOutsideFile), (DRE_OTHER,)),
}
FILES = tuple(letter * 64 for letter in "abc")


def sensible(it: c.Commitment) -> tuple[type[Command], ...]:
    """What a commitment calls for as it stands."""
    if it.extension:
        return (life.GrantExtension, life.RejectExtension) * 3
    if it.status == "declined":
        return (c.ReviseCommitment,)
    running = (life.DeclareCommitment, life.RequestExtension, c.ReviseCommitment) if it.status == "signed" else ()
    waiting = (*SIGNING, s.RefuseOutsideFile, review.AcceptOutsideFile, s.DeclineCommitment) if it.waiting else ()
    return (*waiting, *running, life.VerifyCommitment) if it.status == "declared" else (*waiting, *running)


class Maker(msgspec.Struct):
    """Makes the commands of one year's commitments; `field` knows the values that are not of commitments alone."""

    year: UnitYear
    random: Random
    field: Callable[[str, Any], Any]

    def make(self, kind: type[Command]) -> Command:
        """A command of this kind, most often about a commitment that can take it."""
        known = self.year.commitments.by_number
        number = self.random.choice([*known, *known, *known, max(known, default=0) + 1])
        it = known.get(number)
        text = it and (it.waiting or it.current)
        pick, files = self.random.choice, FILES
        waiting = [file for of, _, file in self.year.commitments.rewritten if of == number]
        last = text.file if text and text.file else files[0]
        values: dict[str, Callable[[], Any]] = {
            "commitment": lambda: number,
            "version": lambda: pick((text.number if text else 1,) * 9 + (1,)),
            "document": lambda: pick((text.document if text else "",) * 5 + ("0" * 64,)),
            "findings": lambda: (self.field("finding", int),),
            "kind": lambda: pick(("gestion", "gestion", "mejora", "otro")),
            "measure": lambda: 0,
            "signatories": lambda: pick(((HEAD.charge, DIRECTOR.charge), (DIRECTOR.charge,))),
            "due": lambda: pick((date(2099, 1, 1), date(2099, 2, 1), date(2027, 1, 21))),
            "extension": lambda: it.extension.number if it and it.extension else 1,
            "method": lambda: pick(("clave y código",) * 9 + ("llave de acceso",)),
            "paper": lambda: files[0],
            "previous": lambda: pick((last, last, files[0])),
            "file": lambda: pick(waiting or files[1:]) if kind is review.AcceptOutsideFile else pick(files[1:]),
            "signed_at": lambda: datetime(2026, 11, 20, 9, tzinfo=UTC),
            "proof": lambda: None,
            "reasons": lambda: pick((("altered",), s.REWRITTEN)),
            "digest": lambda: pick(("", *files)),
            "media": lambda: "application/pdf",
            "size": lambda: 9,
        }
        fields = msgspec.structs.fields(kind)
        return kind(**{x.name: values[x.name]() if x.name in values else self.field(x.name, x.type) for x in fields})
