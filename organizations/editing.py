"""How organizations and members are added and edited."""

from committees.scope import may_change, may_change_persons
from common.desk.editing import Editing
from organizations.forms import MemberForm, NewMemberForm, NewOrganizationForm, OrganizationForm
from organizations.models import Member, PartyOrganization

ORGANIZATION = Editing(
    PartyOrganization, "党组织", OrganizationForm, NewOrganizationForm, "organization", "organizations", may_change
)
MEMBER = Editing(Member, "党员及发展对象", MemberForm, NewMemberForm, "member", "members", may_change_persons, True)
