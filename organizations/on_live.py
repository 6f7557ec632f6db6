"""What is done to organizations that are not dissolved, and the question for one."""

from committees.scope import may_change
from common.desk.actions import Action, ActionForm
from common.desk.lookup import LookupField
from organizations.models import PartyOrganization


class OnLive(Action):
    """An action on an organization that is not dissolved, for whoever may change its rows."""

    model = PartyOrganization
    allowed = staticmethod(may_change)

    @staticmethod
    def applies(subject: PartyOrganization) -> bool:
        return subject.dissolved_on is None


class OrganizationChoiceForm(ActionForm):
    """Asks for an organization that the user sees and that is not dissolved."""

    months = True

    organization = LookupField(PartyOrganization.objects.none(), kind="organizations", label="党组织")

    def scope(self) -> None:
        self.choose("organization", PartyOrganization.objects.visible_to(self.user).filter(dissolved_on__isnull=True))
