"""The named actions on organizations, covers and members, in the order of their buttons."""

from committees.scope import may_change
from common.desk.actions import Action
from common.desk.correct import Correction
from organizations.change import Change, ChangeKind
from organizations.cover import CoverBy, CoverEnterprise, EndCover, not_our_cover
from organizations.dissolve import Dissolve, Restore
from organizations.merge import Merge
from organizations.models import Cover, FormerOrganization, MemberPlacement, MemberStage, Milestone, SecretaryTerm
from organizations.move import MoveMember, MoveOrganization
from organizations.people import Advance, Leave, Place
from organizations.record import ReachAsEnterprise, ReachAsOrganization
from organizations.reelect import Reelect
from organizations.transfer import Transfer


class CorrectOurs(Correction):
    allowed = staticmethod(may_change)


class CorrectCover(CorrectOurs):
    model = Cover
    refuses = staticmethod(not_our_cover)


ACTIONS: list[type[Action]] = [
    CoverEnterprise,
    ReachAsOrganization,
    Reelect,
    ChangeKind,
    Change,
    Merge,
    Restore,
    MoveOrganization,
    Dissolve,
    ReachAsEnterprise,
    CoverBy,
    Advance,
    Place,
    MoveMember,
    Leave,
    EndCover,
    CorrectCover,
    Transfer,
    *(CorrectOurs.of(model) for model in (SecretaryTerm, FormerOrganization, Milestone, MemberStage, MemberPlacement)),
]
