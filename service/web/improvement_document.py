"""An improvement plan put together to be read: each finding with its measures, each measure once, each commitment counted once."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import msgspec
from psycopg import Connection

from service.projections import commitment_page, followup_page
from service.projections import improvement_page as read
from service.projections.commitment_page import Commitment
from service.projections.quarter_page import Place
from service.web.words import plural

GONE = {"declined", "withdrawn"}


class Progress(msgspec.Struct, frozen=True):
    """Commitments by what became of them; overdue goes by the day of the reading."""

    kept: int = 0
    broken: int = 0
    declared: int = 0
    running: int = 0
    overdue: int = 0
    proposed: int = 0

    @property
    def all(self) -> int:
        return sum(msgspec.structs.astuple(self))

    @property
    def words(self) -> str:
        """The counts that are not zero, in words."""
        said = (
            (self.kept, "cumplido y verificado", "cumplidos y verificados"),
            (self.broken, "incumplido", "incumplidos"),
            (self.declared, "por verificar", "por verificar"),
            (self.running, "en ejecución", "en ejecución"),
            (self.overdue, "vencido", "vencidos"),
            (self.proposed, "por firmar", "por firmar"),
        )
        return ", ".join(plural(count, one, many) for count, one, many in said if count) or "sin compromisos todavía"


def progress(commitments: Iterable[Commitment], day: date) -> Progress:
    """What has come of these commitments, each counted once however often it is named."""
    counts = dict.fromkeys(Progress.__struct_fields__, 0)
    for each in {(each.root, each.first): each for each in commitments}.values():
        state = each.state(day)
        if state in GONE:
            continue
        word = {"verified": "kept" if each.fulfilled else "broken", "signed": "running"}.get(state, state)
        counts[word] += 1
    return Progress(**counts)


class Work(msgspec.Struct, frozen=True):
    """A measure with the commitments that carry it out."""

    measure: read.Measure
    commitments: tuple[Commitment, ...]
    progress: Progress


class Answer(msgspec.Struct, frozen=True):
    """A finding with the measures that are told under it; `others` answer it too and are told under an earlier finding.

    `besides` are the commitments that answer it first, without a measure.
    """

    finding: followup_page.Finding
    works: tuple[Work, ...]
    others: tuple[tuple[int, int], ...] = ()
    besides: tuple[Commitment, ...] = ()

    @property
    def answered(self) -> bool:
        return bool(self.works or self.others)


class Document(msgspec.Struct, frozen=True):
    """The plan as one text; `progress` is of the commitments of its measures, `besides` of those that answer its findings without one."""

    place: Place
    plan: read.Plan
    answers: tuple[Answer, ...]
    dropped: tuple[read.Measure, ...]
    progress: Progress
    besides: Progress

    @property
    def answered(self) -> int:
        return sum(each.answered for each in self.answers)


def document(connection: Connection[Any], at: int, place: Place, day: date) -> Document | None:
    """The plan of a unit's year at a position; a commitment that another year goes on with is told as it stands there."""
    plan = read.plan(connection, at, place.stream)
    if plan is None:
        return None
    measures = read.measures(connection, at, place.stream)
    findings = [each for each in followup_page.findings(connection, at, place.stream) if each.kind != "logro"]
    agreed = born(commitment_page.commitments(connection, at, place.code), place.stream)
    dropped = tuple(each for each in measures if each.dropped)
    told = tuple(answers(findings, measures, agreed, day))
    besides = [each for answer in told for each in answer.besides]
    return Document(place, plan, told, dropped, progress((each for each in agreed if each.measure), day), progress(besides, day))


def born(agreed: Iterable[Commitment], stream: str) -> list[Commitment]:
    """Those proposed in a unit's year, each as it stands in the year that it goes on in."""
    return [each for each in agreed if each.root == stream and not each.carried_to]


def answers(
    findings: Iterable[followup_page.Finding], measures: Iterable[read.Measure], agreed: Iterable[Commitment], day: date
) -> Iterable[Answer]:
    """Each finding with its measures in force; a measure is told under the first finding it answers, a commitment without one too."""
    told = dict[int, int]()
    known, commitments = [each for each in measures if not each.dropped], tuple(agreed)
    for finding in findings:
        mine = [each for each in known if finding.finding in each.findings]
        others = tuple((each.measure, told[each.measure]) for each in mine if each.measure in told)
        works = []
        for each in mine:
            if each.measure not in told:
                told[each.measure] = finding.finding
                its = tuple(one for one in commitments if one.measure == each.measure)
                works.append(Work(each, its, progress(its, day)))
        besides = tuple(one for one in commitments if not one.measure and one.finding == finding.finding)
        yield Answer(finding, tuple(works), others, besides)
