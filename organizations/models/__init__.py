from organizations.models.inspections import Inspection, InspectionForm, Standing
from organizations.models.items import FACTS, OWNERS, Amount, Event, ItemFact, Liaison, State, items_by_code
from organizations.models.members import Member, MemberPlacement, MemberStage, PositionGroup, Sex
from organizations.models.nominations import Nomination, NominationState
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
from organizations.models.steps import Stage

__all__ = [
    "FACTS",
    "OWNERS",
    "Amount",
    "Cover",
    "Event",
    "FormerOrganization",
    "Inspection",
    "InspectionForm",
    "ItemFact",
    "Liaison",
    "Member",
    "MemberPlacement",
    "MemberStage",
    "Nomination",
    "NominationState",
    "OrganizationForm",
    "OrganizationKind",
    "PartyOrganization",
    "PositionGroup",
    "SecretarySource",
    "SecretaryTerm",
    "Sex",
    "Stage",
    "Standing",
    "State",
    "Subordination",
    "items_by_code",
]
