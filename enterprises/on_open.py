"""What is done to enterprises that are not closed."""

from committees.scope import may_change
from common.desk.actions import Action
from enterprises.models import Enterprise


class OnOpen(Action):
    """An action on an enterprise that is not closed, for whoever may change its rows."""

    model = Enterprise
    allowed = staticmethod(may_change)

    @staticmethod
    def applies(subject: Enterprise) -> bool:
        return subject.closed_on is None
