"""The named actions on an enterprise that concern the register alone, in the order of their buttons."""

from typing import Any

from committees.scope import may_change, may_settle
from common.desk.actions import Action
from common.desk.correct import Correction
from enterprises.change import Change
from enterprises.check import Check
from enterprises.close import Close, Reopen
from enterprises.exclude import Approve, Ask, Exclude, IncludeAgain, Refuse, Withdraw
from enterprises.models import BaseExclusion, FormerEnterprise, Headcount, Jurisdiction, MassOrganization
from enterprises.record import RecordHeadcount, RecordMassOrganization
from enterprises.takeover import earliest, not_ours_then


class CorrectOurs(Correction):
    """A committee corrects what was its own on the days in question."""

    allowed = staticmethod(may_change)

    @staticmethod
    def refuses(user: Any, subject: Any, answers: dict[str, Any]) -> str:
        return not_ours_then(user, subject.enterprise, earliest(subject, answers))


class CorrectDistricts(Correction):
    """What moves an enterprise between committees or out of the base is the district's."""

    allowed = staticmethod(may_settle)


ACTIONS: list[type[Action]] = [
    Reopen,
    Close,
    Exclude,
    Ask,
    IncludeAgain,
    Approve,
    Refuse,
    Withdraw,
    RecordHeadcount,
    RecordMassOrganization,
    Change,
    Check,
    *(CorrectOurs.of(model) for model in (Headcount, MassOrganization, FormerEnterprise)),
    *(CorrectDistricts.of(model) for model in (Jurisdiction, BaseExclusion)),
]
