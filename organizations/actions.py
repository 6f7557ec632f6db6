"""The named actions on organizations, covers and members, in the order of their buttons."""

from committees.scope import may_change
from common.desk.actions import Action
from common.desk.correct import Correction
from organizations.change import Change, ChangeKind
from organizations.cover import CoverBy, CoverEnterprise, EndCover, Lead, not_our_cover
from organizations.dissolve import Dissolve, Restore
from organizations.end_item import EndState
from organizations.found_joint import FoundJoint
from organizations.inspect import INSPECTING
from organizations.liaison import AppointLiaison
from organizations.merge import Merge
from organizations.models import (
    Amount,
    Cover,
    Event,
    FormerOrganization,
    Liaison,
    MemberPlacement,
    MemberStage,
    SecretaryTerm,
    State,
)
from organizations.move import MoveMember, MoveOrganization
from organizations.nominate import NOMINATING
from organizations.people import Advance, Leave, Place
from organizations.record import RECORDING
from organizations.reelect import Reelect, Renew
from organizations.transfer import Transfer


class CorrectOurs(Correction):
    allowed = staticmethod(may_change)


class CorrectCover(CorrectOurs):
    model = Cover
    refuses = staticmethod(not_our_cover)


ACTIONS: list[type[Action]] = [
    CoverEnterprise,
    *RECORDING,
    AppointLiaison,
    *NOMINATING,
    *INSPECTING,
    Reelect,
    Renew,
    ChangeKind,
    Change,
    Merge,
    Restore,
    MoveOrganization,
    Dissolve,
    CoverBy,
    FoundJoint,
    Advance,
    Place,
    MoveMember,
    Leave,
    Lead,
    EndCover,
    EndState,
    CorrectCover,
    Transfer,
    *(
        CorrectOurs.of(model)
        for model in (SecretaryTerm, FormerOrganization, State, Event, Amount, Liaison, MemberStage, MemberPlacement)
    ),
]
