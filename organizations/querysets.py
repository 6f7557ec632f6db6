"""What can be asked of organizations, members and milestones."""

import datetime as dt

from django.db import models
from django.db.models import Q

from committees.scope import by_committee, scoped
from common.initials import by_initials
from common.periods import PeriodQuerySet, live_q
from enterprises.querysets import is_under


class PartyOrganizationQuerySet(models.QuerySet):
    def visible_to(self, user):
        return scoped(self, user, by_committee)

    def live_on(self, day: dt.date):
        """Set up on or before `day` and not dissolved by then."""
        return self.filter(live_q(day, "established_on", "dissolved_on"))

    def search(self, text: str):
        return self.filter(Q(name__icontains=text) | Q(committee__name__icontains=text) | by_initials(text))


class OrganizationFactQuerySet(PeriodQuerySet):
    """Secretary terms: seen by whoever sees the organization."""

    def visible_to(self, user):
        return scoped(self, user, lambda committee_id: Q(organization__committee_id=committee_id))


class CoverQuerySet(PeriodQuerySet):
    """Seen from both ends: by whoever sees the organization or the enterprise."""

    def visible_to(self, user):
        return scoped(
            self, user, lambda committee_id: Q(organization__committee_id=committee_id) | is_under(committee_id)
        )


class MemberQuerySet(models.QuerySet):
    def visible_to(self, user):
        return scoped(self, user, by_committee)

    def search(self, text: str):
        return self.filter(Q(name__icontains=text) | by_initials(text))


class MemberFactQuerySet(PeriodQuerySet):
    def visible_to(self, user):
        return scoped(self, user, lambda committee_id: Q(member__committee_id=committee_id))


class MilestoneQuerySet(PeriodQuerySet):
    def visible_to(self, user):
        """A milestone is seen by the committee of its organization, enterprise or by itself."""

        return scoped(
            self,
            user,
            lambda committee_id: (
                Q(committee_id=committee_id) | Q(organization__committee_id=committee_id) | is_under(committee_id)
            ),
        )
