from organizations.models.members import Member, MemberPlacement, MemberStage, PositionGroup, Sex, Stage
from organizations.models.milestones import Milestone
from organizations.models.organizations import (
    Cover,
    FormerOrganization,
    OrganizationForm,
    OrganizationKind,
    PartyOrganization,
    SecretarySource,
    SecretaryTerm,
    Subordination,
)

__all__ = [
    "Cover",
    "FormerOrganization",
    "Member",
    "MemberPlacement",
    "MemberStage",
    "Milestone",
    "OrganizationForm",
    "OrganizationKind",
    "PartyOrganization",
    "PositionGroup",
    "SecretarySource",
    "SecretaryTerm",
    "Sex",
    "Stage",
    "Subordination",
]
