"""What can be asked of instructors and their assignments."""

import datetime as dt
from typing import Any, Self

from django.db import models
from django.db.models import F, Max, Q

from committees.scope import by_committee, scoped
from common.initials import by_initials, by_key
from common.periods import PeriodQuerySet
from enterprises.querysets import is_under

# How long before its end a term is told of, as with secretaries.
SOON = dt.timedelta(days=90)


class InstructorQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        return scoped(self, user, by_committee)

    def in_office(self, day: dt.date) -> Self:
        """Those who have not left by `day`."""
        return self.exclude(left_on__lte=day)

    def due(self, key: str, day: dt.date) -> Self:
        """Those in office on `day` of whom something is due: their term is `over`, over within 90 days (`soon`), or
        they are assigned to no enterprise (`idle`; `closed`: since the last of theirs was closed)."""
        rows = self.in_office(day).exclude(began_on__gt=day)
        if key == "over":
            return rows.filter(term_until__lte=day)
        if key == "soon":
            return rows.filter(term_until__gt=day, term_until__lte=day + SOON)
        live = Q(assignments__start__lte=day) & (Q(assignments__end__isnull=True) | Q(assignments__end__gt=day))
        idle = rows.exclude(pk__in=rows.filter(live).values("pk"))
        if key == "idle":
            return idle
        # Sent away by the closing of an enterprise, and sent nowhere since.
        last = Max("assignments__end", filter=Q(assignments__end__lte=day))
        closed = Q(assignments__enterprise__closed_on=F("last_end"), assignments__end=F("last_end"))
        return self.filter(pk__in=idle.alias(last_end=last).filter(closed).values("pk"))

    def search(self, text: str) -> Self:
        return self.filter(Q(name__icontains=text) | by_key(text) | Q(unit__icontains=text) | by_initials(text))


class AssignmentQuerySet(PeriodQuerySet):
    """Seen from both ends: by whoever sees the instructor or the enterprise."""

    def visible_to(self, user: Any) -> Self:
        return scoped(
            self, user, lambda committee_id: Q(instructor__committee_id=committee_id) | is_under(committee_id)
        )
