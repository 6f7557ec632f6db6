"""What can be asked of instructors and their assignments."""

import datetime as dt
from typing import Any, Self

from django.db import models
from django.db.models import Q

from committees.scope import by_committee, scoped
from common.initials import by_initials, by_key
from common.periods import PeriodQuerySet
from enterprises.querysets import is_under


class InstructorQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        return scoped(self, user, by_committee)

    def in_office(self, day: dt.date) -> Self:
        """Those who have not left by `day`."""
        return self.exclude(left_on__lte=day)

    def search(self, text: str) -> Self:
        return self.filter(Q(name__icontains=text) | by_key(text) | Q(unit__icontains=text) | by_initials(text))


class AssignmentQuerySet(PeriodQuerySet):
    """Seen from both ends: by whoever sees the instructor or the enterprise."""

    def visible_to(self, user: Any) -> Self:
        return scoped(
            self, user, lambda committee_id: Q(instructor__committee_id=committee_id) | is_under(committee_id)
        )
