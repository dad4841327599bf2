"""Who may do what: one table from every command to the charges that may give it. Pure; the record keeps the charges.

`own` are charges that may act in their own unit, `anywhere` in every unit, `dre` only when the unit is the DRE itself
(its own plan) or its standing matters. What depends on persons (who submits does not approve) is decided in the aggregates.
"""

from collections.abc import Sequence
from datetime import date

import msgspec

from service.aggregates import DRE, Command
from service.aggregates.alert import AcknowledgeAlert, CloseAlert, SilenceAlert, TakeMeasure
from service.aggregates.alert_watch import RunRule
from service.aggregates.balance import ApproveBalance, CloseBalance, DisposeItem, SubmitBalance
from service.aggregates.catalogue import PublishAlertRules, PublishCatalogue, PublishObjective, PublishScale
from service.aggregates.commitment import ProposeCommitment, ReviseCommitment, WithdrawCommitment
from service.aggregates.commitment_life import (
    DeclareCommitment,
    GrantExtension,
    RejectExtension,
    ReportCommitment,
    RequestExtension,
    VerifyCommitment,
)
from service.aggregates.commitment_review import AcceptOutsideFile
from service.aggregates.commitment_signing import DeclineCommitment, RefuseOutsideFile, SignCommitment, SignOutside
from service.aggregates.diagnosis import AddProblem, AnswerProblems, ChangeProblem, RankProblem, RemoveProblem, WriteDiagnosis
from service.aggregates.discussion import Comment, LowerFlag, RaiseFlag
from service.aggregates.dre import AssignCharge, ChargeAssigned, EndCharge, RegisterUnit, Role
from service.aggregates.evidence import AttachEvidence, ReviewEvidence
from service.aggregates.finding import RecordFinding
from service.aggregates.improvement import AddMeasure, ChangeMeasure, DropMeasure, OpenImprovement
from service.aggregates.indicator import ChangeIndicator, DeclareIndicator, DropIndicator
from service.aggregates.indicator_measure import ObserveMeasure, RecordMeasures
from service.aggregates.indicator_proposal import ApproveIndicator, RejectIndicator
from service.aggregates.knot import GroupFindings, JoinKnot, UngroupFindings
from service.aggregates.plan import (
    AddActivity,
    AddLine,
    AddTask,
    ChangeActivity,
    ChangeTask,
    ImportPlan,
    RemoveActivity,
    RemoveTask,
)
from service.aggregates.plan_alignment import AlignActivities, AlignActivity, MapObjective
from service.aggregates.plan_copies import BringActivities, CopyActivity
from service.aggregates.plan_editing import ChangeMany, ChangeSelected
from service.aggregates.plan_places import MoveActivity, MoveTask
from service.aggregates.plan_review import AttendObservation
from service.aggregates.plan_undo import RedoChange, UndoChange
from service.aggregates.plan_versions import (
    ApproveAmendment,
    ApprovePlan,
    ObservePlan,
    OpenYear,
    ProposeAmendment,
    RejectAmendment,
    SubmitPlan,
)
from service.aggregates.quarter import CloseQuarter, ObserveQuarter, ScoreQuarter, SubmitQuarter, ValidateQuarter
from service.aggregates.quarter_corrections import ApproveCorrection, RejectCorrection, RequestCorrection
from service.aggregates.quarter_progress import RecordProgress
from service.aggregates.quarter_reopening import ReopenQuarter
from service.aggregates.quorum_rules import SetQuorum
from service.aggregates.session import CallOffSession, ChangeSession, ConveneSession, EndSession, OpenSession
from service.aggregates.session_agenda import AddItems, MoveItem, NoteItem, RemoveItem, TakeUpItem
from service.aggregates.session_agreements import CastVote, ChangeAgreement, WithdrawAgreement, WriteAgreement
from service.aggregates.session_attendance import MarkAttendance
from service.aggregates.session_minutes import (
    AcceptWording,
    CloseMinutes,
    ProposeWording,
    RecordErratum,
    RejectWording,
    WriteMinutes,
)
from service.aggregates.signing_key import ConfirmKey, EnrolKey, RevokeKey
from service.aggregates.signing_kinds import SetSigningKind
from service.aggregates.support import (
    CancelSupport,
    ChangeSupport,
    ConveneSupport,
    RecordAttendance,
    ReportUndertaking,
    TakeOn,
    VerifyUndertaking,
)

SYSTEM = ChargeAssigned(assignment=0, holder="sistema", role="sistema", unit=DRE, since=date.min)

NAMES: dict[Role, str] = {
    "especialista-ugel": "especialista de la UGEL",
    "jefe-area": "jefe(a) de área de la UGEL",
    "director-ugel": "director(a) de la UGEL",
    "especialista-dre": "especialista de la DRE",
    "jefe-dre": "jefe(a) de la DRE",
    "director-dre": "director(a) de la DRE",
    "auditor": "auditor(a)",
    "admin": "administrador(a)",
    "sistema": "sistema",
}


class Forbidden(Exception):
    """Not allowed to this person here; `sentence` is Spanish and final."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Permit(msgspec.Struct, frozen=True):
    """The roles that may give a command: in the own unit, in any unit, and where the unit is the DRE."""

    own: tuple[Role, ...] = ()
    anywhere: tuple[Role, ...] = ()
    dre: tuple[Role, ...] = ()


UGEL: tuple[Role, ...] = ("especialista-ugel", "jefe-area", "director-ugel")
UGEL_HEADS: tuple[Role, ...] = ("jefe-area", "director-ugel")
OFFICE: tuple[Role, ...] = ("especialista-dre", "jefe-dre", "director-dre")

CONTENT = Permit(own=UGEL, dre=OFFICE)
SUBMIT = Permit(own=("director-ugel",), dre=("jefe-dre", "director-dre"))
OVERSIGHT = Permit(anywhere=OFFICE)
DIRECTION = Permit(anywhere=("director-dre",))
CASE = Permit(own=UGEL_HEADS, anywhere=OFFICE)
HEADS = Permit(own=UGEL_HEADS, dre=("jefe-dre", "director-dre"))
SIGNING = Permit(own=UGEL, anywhere=OFFICE)
TALK = Permit(own=UGEL, anywhere=OFFICE)
LEAD = Permit(own=("director-ugel",), anywhere=OFFICE)
VOTE = Permit(own=UGEL_HEADS, anywhere=("jefe-dre", "director-dre"))
STANDING = Permit(dre=("director-dre", "sistema"))
ACCOUNTS = Permit(dre=("admin", "sistema"))

PERMITS: dict[type[Command], Permit] = {
    **dict.fromkeys((OpenYear, ImportPlan, AddLine, AlignActivity, AlignActivities, MapObjective, ProposeAmendment), CONTENT),
    **dict.fromkeys((AddActivity, ChangeActivity, RemoveActivity, AddTask, ChangeTask, RemoveTask), CONTENT),
    **dict.fromkeys((WriteDiagnosis, AddProblem, ChangeProblem, RankProblem, RemoveProblem, AnswerProblems), CONTENT),
    **dict.fromkeys((AttendObservation, RecordProgress, AttachEvidence, RequestCorrection, SubmitBalance), CONTENT),
    **dict.fromkeys((MoveActivity, MoveTask, UndoChange, RedoChange, CopyActivity, BringActivities), CONTENT),
    **dict.fromkeys((ChangeMany, ChangeSelected), CONTENT),
    **dict.fromkeys((DeclareIndicator, ChangeIndicator, DropIndicator, RecordMeasures), CONTENT),
    **dict.fromkeys((SubmitPlan, SubmitQuarter, DisposeItem), SUBMIT),
    **dict.fromkeys((ObservePlan, ObserveQuarter, ValidateQuarter, ScoreQuarter, RecordFinding), OVERSIGHT),
    **dict.fromkeys((ApproveCorrection, RejectCorrection, ReviewEvidence), OVERSIGHT),
    **dict.fromkeys((ObserveMeasure, ApproveIndicator, RejectIndicator), OVERSIGHT),
    **dict.fromkeys((CloseAlert, SilenceAlert, VerifyCommitment, GrantExtension, RejectExtension, AcceptOutsideFile), OVERSIGHT),
    **dict.fromkeys((ApprovePlan, ApproveAmendment, RejectAmendment, CloseQuarter, ReopenQuarter, CloseBalance), DIRECTION),
    **dict.fromkeys((AcknowledgeAlert, TakeMeasure), CASE),
    **dict.fromkeys((ProposeCommitment, ReviseCommitment, WithdrawCommitment), CASE),
    **dict.fromkeys((RequestExtension, DeclareCommitment), CASE),
    **dict.fromkeys((ReportCommitment, SignCommitment, DeclineCommitment, SignOutside, RefuseOutsideFile), SIGNING),
    **dict.fromkeys((OpenImprovement, AddMeasure, ChangeMeasure, DropMeasure), HEADS),
    **dict.fromkeys((PublishObjective, PublishScale, PublishAlertRules, PublishCatalogue), STANDING),
    **dict.fromkeys((RegisterUnit, AssignCharge), ACCOUNTS),
    **dict.fromkeys((Comment, RaiseFlag, LowerFlag), TALK),
    **dict.fromkeys((ConveneSupport, ChangeSupport, CancelSupport, RecordAttendance, VerifyUndertaking), OVERSIGHT),
    **dict.fromkeys((ConveneSession, ChangeSession, CallOffSession, OpenSession, EndSession), LEAD),
    **dict.fromkeys((AddItems, MoveItem, RemoveItem, TakeUpItem, NoteItem, MarkAttendance), TALK),
    **dict.fromkeys((WriteAgreement, ChangeAgreement, WithdrawAgreement, WriteMinutes, ProposeWording), TALK),
    **dict.fromkeys((AcceptWording, RejectWording), LEAD),
    CastVote: VOTE,
    CloseMinutes: DIRECTION,
    SetSigningKind: Permit(dre=("director-dre",)),
    SetQuorum: Permit(dre=("director-dre",)),
    RecordErratum: OVERSIGHT,
    **dict.fromkeys((GroupFindings, JoinKnot, UngroupFindings), OVERSIGHT),
    TakeOn: CASE,
    ReportUndertaking: Permit(own=UGEL_HEADS),
    ApproveBalance: Permit(own=("director-ugel",), dre=("director-dre",)),
    EndCharge: Permit(dre=("admin",)),
    EnrolKey: Permit(dre=(*UGEL, *OFFICE)),
    ConfirmKey: Permit(own=("director-ugel",), anywhere=("director-dre", "admin")),
    RevokeKey: Permit(own=UGEL, anywhere=(*OFFICE, "admin")),
    RunRule: Permit(anywhere=("sistema",)),
}


def may(charge: ChargeAssigned, command: type[Command], unit: str) -> bool:
    """Whether this charge may give this command in this unit."""
    permit = PERMITS[command]
    own = charge.role in permit.own and charge.unit == unit
    return own or charge.role in permit.anywhere or (unit == DRE and charge.role in permit.dre)


def choose(held: Sequence[ChargeAssigned], command: type[Command], unit: str) -> ChargeAssigned:
    """The charge to act in, among those held today: one in the unit itself goes first.

    Raises:
        Forbidden: none of them may; the sentence says why.

    """
    able = [charge for charge in held if may(charge, command, unit)]
    if able:
        return next((charge for charge in able if charge.unit == unit), able[0])
    if not held:
        message = "Usted no tiene un cargo vigente: pida al administrador que lo registre."
        raise Forbidden(message)
    permit = PERMITS[command]
    if unit != DRE and any(charge.role in permit.own for charge in held):
        message = "Usted solo puede hacer esto en su propia unidad."
        raise Forbidden(message)
    roles = permit.dre + permit.anywhere if unit == DRE else permit.own + permit.anywhere
    named = [NAMES[role] for role in dict.fromkeys(roles) if role != "sistema"]
    message = f"Su cargo no permite hacer esto. Corresponde a: {', '.join(named)}."
    raise Forbidden(message)


def authorize(person: str, held: Sequence[ChargeAssigned], command: type[Command], unit: str) -> str:
    """The name of the charge a person acts in; the named actor `sistema` holds its own.

    Raises:
        Forbidden: no charge allows it.

    """
    return choose([SYSTEM] if person == SYSTEM.holder else held, command, unit).charge
