import pytest

from service.aggregates import DRE, Command, dre
from service.aggregates import balance as b
from service.aggregates import discussion as d
from service.aggregates import finding as f
from service.aggregates.commitment_first import FirstCommitmentProposed, FirstTerms
from service.permits import OFFICE, UGEL, may
from tests.stories import APPROVED, DAY, DIRECTOR, DRAFT, DRE_DIRECTOR, DRE_SPECIALIST, SPECIALIST, UNIT, given, refused
from tests.test_people import charge

SAID = d.Commented(comment=1, text="¿Hay movilidad?", activity=1)
FLAG = d.FlagRaised(reason="Dos meses sin avance", activity=1)


def test_what_is_said_mentions_persons_by_id() -> None:
    """Each person once, in the order of the text; nobody is named."""
    text = "@[ana] y @[luis]: revisen. Gracias, @[ana]"
    mentioning = d.Commented(comment=1, text=text, activity=1, mentions=("ana", "luis"))
    given(*DRAFT).when(d.Comment(text=text, activity=1)).then(mentioning)
    named = [f"@[p{n}]" for n in range(d.MOST_MENTIONS + 1)]
    given(*DRAFT).when(d.Comment(text=" ".join(named), activity=1)).then(refused("Mencione como máximo a 20 personas"))
    given(*DRAFT).after(d.Comment(text=" ".join([*named[1:], *named[1:]]), activity=1))


def test_comments_are_numbered_in_the_year() -> None:
    """One row of numbers for all subjects of the unit's year."""
    given(*DRAFT, SAID).when(d.Comment(text="Sí", activity=2)).then(d.Commented(comment=2, text="Sí", activity=2))


def test_one_speaks_of_one_thing_that_is_there() -> None:
    """Neither of nothing, nor of two things, nor of what is not in the year."""
    story = given(*DRAFT)
    story.when(d.Comment(text="x")).then(refused("una sola cosa"))
    story.when(d.Comment(text="x", activity=1, finding=1)).then(refused("una sola cosa"))
    story.when(d.Comment(text="x", activity=9)).then(refused("no está en el plan"))
    story.when(d.Comment(text="x", finding=1)).then(refused("hallazgo no existe"))
    story.when(d.Comment(text="x", commitment=1)).then(refused("compromiso no existe"))
    story.when(d.RaiseFlag(reason="x", quarter=1)).then(refused("no está calificado"))


def test_nothing_said_is_edited_a_correction_is_a_new_comment() -> None:
    """Only the author corrects, in the same conversation, and both stay."""
    story = given(*DRAFT, SPECIALIST.did(SAID))
    story.when(d.Comment(text="Es otra", activity=1, corrects=1), by=DIRECTOR).then(refused("comentario propio"))
    story.when(d.Comment(text="Es otra", activity=2, corrects=1)).then(refused("esta misma conversación"))
    story.when(d.Comment(text="Es otra", activity=1, corrects=7)).then(refused("comentario propio"))
    corrected = d.Commented(comment=2, text="¿Hay movilidad contratada?", activity=1, corrects=1)
    story.when(d.Comment(text="¿Hay movilidad contratada?", activity=1, corrects=1)).then(corrected)


def test_a_flag_is_raised_once_and_lowered_with_a_reason() -> None:
    """What is followed up already is not flagged again; what is not cannot be lowered; afterwards it may be raised anew."""
    story = given(*APPROVED)
    story.when(d.LowerFlag(reason="x", activity=1)).then(refused("no está en seguimiento"))
    story.when(d.RaiseFlag(reason="Dos meses sin avance", activity=1), by=DRE_SPECIALIST).then(FLAG)
    story.when(d.RaiseFlag(reason="Otra vez", activity=1)).then(refused("ya está en seguimiento"))
    story.when(d.LowerFlag(reason="Se regularizó", activity=1)).then(d.FlagLowered(reason="Se regularizó", activity=1))
    story.when(d.RaiseFlag(reason="Dos meses sin avance", activity=1)).then(FLAG)


def test_a_flag_on_what_left_the_plan_can_still_be_lowered() -> None:
    """The flag is closed by somebody, never by itself."""
    story = given(*DRAFT, d.FlagRaised(reason="x", activity=9))
    story.when(d.LowerFlag(reason="Ya no está", activity=9)).then(d.FlagLowered(reason="Ya no está", activity=9))


def test_findings_and_commitments_are_spoken_of_too() -> None:
    """Their numbers are those of the unit's year."""
    terms = FirstTerms(
        finding=1, action="a", responsible="r", due=DAY, indicator="i", target="t", verification="v", signatories=()
    )
    found = f.FindingRecorded(finding=1, quarter=1, kind="logro", text="x", activity=1)
    story = given(*APPROVED, found, FirstCommitmentProposed(commitment=1, document="h", terms=terms))
    story.when(d.Comment(text="x", finding=1)).then(d.Commented(comment=1, text="x", finding=1))
    story.when(d.Comment(text="y", commitment=1)).then(d.Commented(comment=2, text="y", commitment=1))


def test_a_closed_year_hears_nothing_more() -> None:
    """The stream of a closed year receives no comment and no flag."""
    story = given(*APPROVED, DRE_DIRECTOR.did(b.BalanceClosed(cutoff=9, open_items=())))
    story.when(d.Comment(text="x", activity=1)).then(refused("cerrado"))
    story.when(d.LowerFlag(reason="x", activity=1)).then(refused("cerrado"))


@pytest.mark.parametrize("command", [d.Comment, d.RaiseFlag, d.LowerFlag])
def test_the_own_unit_and_the_dre_speak(command: type[Command]) -> None:
    """Specialists, heads and directors of the unit, and the DRE's office; another unit, auditors and admins only read."""
    able: list[tuple[dre.Role, str]] = [(role, UNIT) for role in UGEL] + [(role, DRE) for role in OFFICE]
    assert all(may(charge(role, unit), command, UNIT) for role, unit in able)
    unable: list[tuple[dre.Role, str]] = [("director-ugel", "120007"), ("auditor", DRE), ("admin", DRE)]
    assert not any(may(charge(role, unit), command, UNIT) for role, unit in unable)
