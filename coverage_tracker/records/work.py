"""待办: what is wrong or due, for a committee (its start page) and for the district, each line with its list."""

import datetime as dt
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from committees.models import Committee
from committees.reporting import last_ledgers
from committees.scope import may_change, own_committee_id, require, sees_all
from common.periods import Precision
from common.today import today
from enterprises.models import Enterprise
from instructors.models import Assignment
from ledgers.models import WAITING, Upload, UploadState
from organizations.models import Cover, PartyOrganization
from reports.coverage import coverage_on
from reports.indicators import FIGURES
from reports.models import Target
from reports.verdicts import verdicts

# Figures that ask for something to be done, the most pressing first.
_FIGURES = (
    "due_to_establish",
    "work_uncovered",
    "organization_uncovered",
    "employees_50_plus_without_members",
    "mass_incomplete",
    "headcount_unknown",
)
_ORGANIZATIONS = [
    ("overdue", "党组织书记任期已届满，要换届", 17),
    ("soon", "党组织书记任期 90 天内届满", 17),
    ("no_secretary", "党组织没有书记", 16),
    ("crowded", "联合党组织覆盖超过 5 家，考虑分设", 9),
    ("undated", "党组织没有填成立日期，按台账日期起算", 1),
]
_MISSING = [("credit_code", "企业没有统一社会信用代码", 33), ("registered_on", "企业没有成立日期", 33)]


@dataclass(frozen=True)
class Line:
    """One thing to be done: how many, of what, where the list is, which clause asks for it."""

    words: str
    number: int
    address: str
    clause: int | None
    meaning: str = ""


def work(request: HttpRequest) -> HttpResponse:
    """What is wrong or due today with what the user sees. A committee lands here."""
    own = own_committee_id(request.user)
    require(own is not None or sees_all(request.user))
    committee = Committee.objects.get(pk=own) if own is not None else None
    day = today()
    coverage = coverage_on(day)
    figures = coverage.district if committee is None else coverage.committee(committee.pk)
    lines = [
        Line(FIGURES[key].label, figures[key], reverse("figure", args=[key]), FIGURES[key].clause, FIGURES[key].meaning)
        for key in _FIGURES
    ]
    organizations = PartyOrganization.objects.visible_to(request.user)
    lines += [
        Line(words, organizations.due(key, day).count(), _list("organizations", due=key), clause)
        for key, words, clause in _ORGANIZATIONS
    ]
    open_ones = Enterprise.objects.visible_to(request.user).exclude(closed_on__lte=day)
    lines += [
        Line(
            words,
            open_ones.filter(**{f"{key}__isnull": True}).count(),
            _list("enterprises", missing=key, state="open"),
            clause,
        )
        for key, words, clause in _MISSING
    ]
    return render(
        request,
        "work.html",
        {
            "committee": committee,
            "day": day,
            "lines": [line for line in lines if line.number],
            "done": [line for line in lines if not line.number],
            "uploads": _waiting(request),
            # Of who has handed in nothing it is not known that nothing is to be done.
            "silent": committee is not None and committee.pk not in last_ledgers(day),
            "assumed": _assumed(request, day),
            # How far today is from each target; whether it was met when due is the dashboard's.
            "verdicts": verdicts(coverage, {}, list(Target.objects.understood()), committee.pk if committee else None),
            "may_change": may_change(request.user),
        },
    )


def _list(name: str, **conditions: str) -> str:
    return f"{reverse(name)}?{urlencode(conditions)}"


def _waiting(request: HttpRequest) -> list[Upload]:
    """Uploads that wait for somebody: to be committed, mended, or told their day. A later try takes an earlier's
    place."""
    rows = Upload.objects.visible_to(request.user).filter(state__in=WAITING).select_related("committee")
    return list(rows.exclude(followers__state__in=[*WAITING, UploadState.COMMITTED]).for_desk()[:10])


def _assumed(request: HttpRequest, day: dt.date) -> int:
    """Covers and assignments whose beginning no ledger has told: they count from the ledger's date only."""
    return sum(
        model.objects.visible_to(request.user).live_on(day).filter(start_precision=Precision.ASSUMED).count()
        for model in (Cover, Assignment)
    )
