"""What can be asked of organizations, members and milestones."""

import datetime as dt

from django.db import models
from django.db.models import Q

from committees.scope import by_committee, scoped
from common.periods import PeriodQuerySet, live_q


class PartyOrganizationQuerySet(models.QuerySet):
    def visible_to(self, user):
        return scoped(self, user, by_committee)

    def live_on(self, day: dt.date):
        """Set up on or before `day` and not dissolved by then."""
        return self.filter(live_q(day, "established_on", "dissolved_on"))

    def search(self, text: str):
        return self.filter(Q(name__icontains=text) | Q(committee__name__icontains=text))


class OrganizationFactQuerySet(PeriodQuerySet):
    """Covers and secretary terms: seen by whoever sees the organization."""

    def visible_to(self, user):
        return scoped(self, user, lambda committee_id: Q(organization__committee_id=committee_id))


class MemberQuerySet(models.QuerySet):
    def visible_to(self, user):
        return scoped(self, user, by_committee)


class MemberFactQuerySet(PeriodQuerySet):
    def visible_to(self, user):
        return scoped(self, user, lambda committee_id: Q(member__committee_id=committee_id))


class MilestoneQuerySet(PeriodQuerySet):
    def visible_to(self, user):
        """A milestone is seen by the committee of its organization, enterprise or by itself."""

        def own(committee_id: int) -> Q:
            from enterprises.models import Jurisdiction
            from enterprises.querysets import today

            mine = Jurisdiction.objects.live_on(today()).filter(committee_id=committee_id)
            return (
                Q(committee_id=committee_id)
                | Q(organization__committee_id=committee_id)
                | Q(enterprise_id__in=mine.values("enterprise_id"))
            )

        return scoped(self, user, own)
