"""What is done to enterprises that are not closed, and the question for one."""

from committees.scope import may_change
from common.desk.actions import Action, ActionForm
from common.desk.lookup import LookupField
from enterprises.models import Enterprise


class OnOpen(Action):
    """An action on an enterprise that is not closed, for whoever may change its rows."""

    model = Enterprise
    allowed = staticmethod(may_change)

    @staticmethod
    def applies(subject: Enterprise) -> bool:
        return subject.closed_on is None


class EnterpriseChoiceForm(ActionForm):
    """Asks for an enterprise that the user sees."""

    months = True

    enterprise = LookupField(Enterprise.objects.none(), kind="enterprises", label="企业")

    def scope(self) -> None:
        self.choose("enterprise", Enterprise.objects.visible_to(self.user))
