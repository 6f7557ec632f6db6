"""What can be asked of organizations, members and items."""

import datetime as dt
from typing import Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Value
from django.db.models.functions import Coalesce, NullIf

from committees.scope import by_committee, scoped, scoped_persons, sees_persons
from common.former import then
from common.initials import by_initials, by_key, by_name
from common.periods import PeriodQuerySet, Precision, live_q, months_before
from enterprises.querysets import is_under


class PartyOrganizationQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        return scoped(self, user, by_committee)

    def live_on(self, day: dt.date) -> Self:
        """Set up on or before `day` and not dissolved by then."""
        return self.filter(live_q(day, "established_on", "dissolved_on"))

    def as_on(self, day: dt.date) -> Self:
        """Adds what may have been otherwise on `day`: was_name, was_kind, was_form, was_subordination, was_committee,
        was_committee_order, and committee_label and superior_label as committees are called everywhere."""
        former = apps.get_model("organizations", "FormerOrganization").objects.all()

        def was(name: str, of: str = "") -> Any:
            return then(former, "organization", name, day, of)

        def label(name: str) -> Any:
            return Coalesce(NullIf(was(name, "short_name"), Value("")), was(name, "name"))

        columns = {f"was_{name}": was(name) for name in ("name", "kind", "form", "subordination", "committee")}
        labels = {f"{name}_label": label(name) for name in ("committee", "superior")}
        return self.annotate(**columns, **labels, was_committee_order=was("committee", "order"))

    def due(self, what: str, day: dt.date) -> Self:
        """The live organizations with something to be done on `day`: no_secretary, overdue, soon (a term that
        ends within 90 days), crowded (a joint one that covers more than five), no_lead (a joint one of which no
        enterprise takes the lead), undated, no_liaison."""
        terms = (
            apps.get_model("organizations", "SecretaryTerm").objects.live_on(day).filter(organization=OuterRef("pk"))
        )
        rows = self.live_on(day)
        if what == "no_secretary":
            return rows.filter(~Exists(terms))
        if what == "overdue":
            return rows.filter(Exists(terms.filter(term_ends_on__lte=day)))
        if what == "soon":
            until = day + dt.timedelta(days=90)
            return rows.filter(Exists(terms.filter(term_ends_on__gt=day, term_ends_on__lte=until)))
        if what == "no_liaison":
            liaisons = apps.get_model("organizations", "Liaison").objects.live_on(day)
            return rows.filter(~Exists(liaisons.filter(organization=OuterRef("pk"))))
        if what == "undated":
            return rows.filter(established_precision=Precision.ASSUMED)
        live = live_q(day, "covers__start", "covers__end")
        if what == "no_lead":
            covers = apps.get_model("organizations", "Cover").objects.live_on(day).filter(organization=OuterRef("pk"))
            joint = rows.as_on(day).filter(was_form="joint")
            return joint.filter(Exists(covers), ~Exists(covers.filter(leads=True)))
        covering = Count("covers__enterprise", filter=live, distinct=True)
        return rows.as_on(day).filter(was_form="joint").alias(covering=covering).filter(covering__gt=5)

    def search(self, text: str) -> Self:
        former = apps.get_model("organizations", "FormerOrganization").objects.filter(by_name(text))
        bore_it = Q(pk__in=former.values("organization_id"))
        return self.filter(
            by_name(text) | by_key(text) | bore_it | Q(committee__name__icontains=text) | by_initials(text)
        )


class OrganizationFactQuerySet(PeriodQuerySet):
    """Secretary terms: seen by whoever sees the organization."""

    def visible_to(self, user: Any) -> Self:
        return scoped(self, user, lambda committee_id: Q(organization__committee_id=committee_id))


class CoverQuerySet(PeriodQuerySet):
    """Seen from both ends: by whoever sees the organization or the enterprise."""

    def visible_to(self, user: Any) -> Self:
        return scoped(
            self, user, lambda committee_id: Q(organization__committee_id=committee_id) | is_under(committee_id)
        )


class MemberQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        return scoped_persons(self, user, by_committee)

    def search(self, text: str) -> Self:
        return self.filter(Q(name__icontains=text) | by_key(text) | by_initials(text))

    def probation_over(self, day: dt.date) -> Self:
        """Whose year of probation is over on `day` while they are still on it (党章, article 7)."""
        stages = apps.get_model("organizations", "MemberStage").objects.live_on(day)
        over = stages.filter(stage="probationary", start__lte=months_before(day, 12))
        return self.filter(pk__in=over.values("member_id"))


class MemberFactQuerySet(PeriodQuerySet):
    def visible_to(self, user: Any) -> Self:
        return scoped_persons(self, user, lambda committee_id: Q(member__committee_id=committee_id))


class ItemFactQuerySet(PeriodQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Seen by the committee of the organization, enterprise or person that it is of, or of its own."""
        names = {field.name for field in self.model._meta.concrete_fields}

        def own(committee_id: int) -> Q:
            mine = Q(organization__committee_id=committee_id)
            if "enterprise" in names:
                mine |= Q(committee_id=committee_id) | Q(is_under(committee_id))
                mine |= Q(member__committee_id=committee_id) | Q(instructor__committee_id=committee_id)
            return mine

        rows = scoped(self, user, own)
        return rows if "member" not in names or sees_persons(user) else rows.filter(member__isnull=True)


class NominationQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """Those of persons only for who may know of them."""

        def own(committee_id: int) -> Q:
            mine = Q(organization__committee_id=committee_id) | Q(member__committee_id=committee_id)
            return mine | is_under(committee_id)

        rows = scoped(self, user, own)
        return rows if sees_persons(user) else rows.filter(member__isnull=True)


def _inspected(committee_id: int) -> Q:
    return Q(committee_id=committee_id) | Q(organization__committee_id=committee_id) | is_under(committee_id)


class InspectionQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """Seen by the committee that was inspected, or whose the organization or enterprise is today."""
        return scoped(self, user, _inspected)

    def of_committee(self, committee_id: int) -> Self:
        """Of the committee itself, its organizations, and the enterprises that it has today."""
        return self.filter(_inspected(committee_id))

    def standing(self, which: str, day: dt.date) -> Self:
        return self.filter(inspection_q(which, day))


def inspection_q(which: str, day: dt.date) -> Q:
    """Inspections by how far they are on `day`: none (nothing was found), open, overdue (reported after the deadline
    too: until it is closed), soon (open, and due within 7 days), reported, closed."""
    pending = ~Q(findings="") & Q(closed_on__isnull=True)
    waits = pending & Q(reported_on__isnull=True)
    return {
        "none": Q(findings=""),
        "open": waits,
        "overdue": (waits & Q(due_on__lt=day)) | (pending & Q(reported_on__gt=F("due_on"))),
        "soon": waits & Q(due_on__gte=day, due_on__lte=day + dt.timedelta(days=7)),
        "reported": pending & Q(reported_on__isnull=False),
        "closed": Q(closed_on__isnull=False),
    }[which]
