"""What can be asked of the register."""

import datetime as dt
from typing import Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, Subquery, When

from committees.scope import by_committee, scoped
from common.former import then
from common.identifiers import normalize_credit_code
from common.initials import by_initials, by_key, by_name
from common.periods import PeriodQuerySet, live_q
from common.today import today

# How long before its day of review an exclusion is told of, and may be decided anew.
REVIEW_SOON = dt.timedelta(days=30)


def _jurisdictions() -> models.QuerySet:
    # By name: the models are built on these querysets.
    return apps.get_model("enterprises", "Jurisdiction").objects.all()


def is_under(committee_id: int) -> Q:
    """The condition that a fact's enterprise is under this committee's jurisdiction today."""
    mine = _jurisdictions().filter(live_q(today()), committee_id=committee_id)
    return Q(enterprise_id__in=mine.values("enterprise_id"))


class EnterpriseQuerySet(models.QuerySet):
    def under(self, committee_id: int, day: dt.date) -> Self:
        """The enterprises whose jurisdiction is this committee's on `day`."""
        return self.filter(Exists(self._jurisdictions(day).filter(committee_id=committee_id)))

    def visible_to(self, user: Any, day: dt.date | None = None) -> Self:
        """All for the district; for a committee those under its jurisdiction on `day`, or today. Pages and changes ask
        about today; a list of an earlier day tells what was the committee's then."""
        live = self._jurisdictions(day or today())
        return scoped(self, user, lambda committee_id: Exists(live.filter(committee_id=committee_id)))

    def may_open(self, user: Any) -> Self:
        """Adds `may_open`: whether the user sees it today, and so its page."""
        return self.annotate(may_open=Exists(type(self)(self.model).visible_to(user).filter(pk=OuterRef("pk"))))

    def with_committee(self, day: dt.date) -> Self:
        """Adds `committee_label` (as committees are called everywhere) and `committee_order`: whose
        jurisdiction is live on `day`, or None."""
        live = self._jurisdictions(day)
        label = Case(When(committee__short_name="", then="committee__name"), default="committee__short_name")
        return self.annotate(
            committee_label=Subquery(live.annotate(label=label).values("label")[:1]),
            committee_order=Subquery(live.values("committee__order")[:1]),
        )

    def as_on(self, day: dt.date) -> Self:
        """Adds what may have been otherwise on `day`: was_ and the name of each column of FormerEnterprise."""
        former = apps.get_model("enterprises", "FormerEnterprise")
        rows = former.objects.all()
        return self.annotate(**{f"was_{name}": then(rows, "enterprise", name, day) for name in former.VALUE})

    def search(self, text: str) -> Self:
        """The enterprises whose name, former name, contact or credit code holds `text`."""
        code = normalize_credit_code(text)
        return self.filter(
            by_name(text)
            | by_key(text)
            | by_name(text, "former_names")
            | Q(contact_name__icontains=text)
            | (Q(credit_code__icontains=code) if code else Q())
            | by_initials(text)
        )

    def _jurisdictions(self, day: dt.date) -> models.QuerySet:
        return _jurisdictions().filter(live_q(day), enterprise=OuterRef("pk"))


class JurisdictionQuerySet(PeriodQuerySet):
    def visible_to(self, user: Any) -> Self:
        return scoped(self, user, by_committee)


class EnterpriseFactQuerySet(PeriodQuerySet):
    """Dated facts about one enterprise: seen by whoever sees the enterprise."""

    def visible_to(self, user: Any) -> Self:
        return scoped(self, user, is_under)


class ExclusionQuerySet(EnterpriseFactQuerySet):
    def to_review(self, which: str, day: dt.date) -> Self:
        """`soon`: out of the base on `day` and back within 30 days; `back`: back since at most 90 days, by a day of
        review on which nobody went on; `open`: out of it on `day` without a day of review."""
        if which == "open":
            return self.live_on(day).filter(end__isnull=True)
        other = self.model._default_manager.filter(enterprise=OuterRef("enterprise"))
        lasting = other.filter(Q(end__isnull=True) | Q(end__gt=OuterRef("end")))
        if which == "soon":
            soon = self.live_on(day).filter(end__lte=day + REVIEW_SOON)
            return soon.filter(~Exists(lasting.filter(start__lte=OuterRef("end"))))
        back = self.filter(end__lte=day, end__gt=day - dt.timedelta(days=90), enterprise__closed_on__isnull=True)
        return back.filter(~Exists(lasting.filter(Q(end__isnull=True) | Q(end__gt=day))))


class ExclusionRequestQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        return scoped(self, user, is_under)

    def pending(self) -> Self:
        return self.filter(state="pending")
