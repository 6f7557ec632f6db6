"""Pages that put together what several floors know of one record."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from committees.scope import may_upload, require
from common.actions import offered
from coverage_tracker.search import remember
from coverage_tracker.timeline import changes, events
from enterprises import actions as of_enterprises
from enterprises.forms import EnterpriseForm, NewEnterpriseForm
from enterprises.models import Enterprise
from enterprises.querysets import today
from instructors import actions as of_instructors
from instructors.models import Instructor
from organizations import actions as of_organizations
from organizations.models import PartyOrganization
from reports.coverage import Facts, current_rules, flagged
from reports.indicators import CLOSED, FIGURES, IN_BASE, NOT_YET

# What an enterprise can stand on: figures that ask for something to be done.
WORK_LISTS = (
    "organization_uncovered",
    "work_uncovered",
    "due_to_establish",
    "employees_50_plus_without_members",
    "headcount_unknown",
    "mass_incomplete",
)


def enterprise(request: HttpRequest, pk: int) -> HttpResponse:
    """One enterprise: basics, standing, every dated fact, time line, changes, what can be done."""
    found = get_object_or_404(Enterprise.objects.visible_to(request.user), pk=pk)
    remember(request, "enterprise", pk)
    covers = list(found.covers.select_related("organization"))
    assignments = list(found.assignments.select_related("instructor"))
    headcounts, mass = list(found.headcounts.all()), list(found.mass_organizations.all())
    jurisdictions, exclusions = list(found.jurisdictions.select_related("committee")), list(found.exclusions.all())
    placements = list(found.placements.select_related("member"))
    dated = [
        *((row, f"属地管理：{row.committee}") for row in jurisdictions),
        *((row, f"党组织覆盖：{row.organization.name}") for row in covers),
        *((row, f"指导员派驻：{row.instructor.name}") for row in assignments),
        *((row, f"职工 {_number(row.employees)}，正式党员 {_number(row.full_members)}") for row in headcounts),
        *((row, f"{row.get_kind_display()}（{row.get_form_display()}）") for row in mass),
        *((row, f"不纳入基数：{row.get_reason_display()}") for row in exclusions),
        *((row, f"党员在此工作：{row.member.name}") for row in placements),
    ]
    actions = [
        *offered(of_instructors.ON_ENTERPRISE, found, request.user),
        *offered(of_organizations.ON_ENTERPRISE, found, request.user),
        *offered(of_enterprises.ACTIONS, found, request.user),
    ]
    return render(
        request,
        "enterprises/detail.html",
        {
            "enterprise": found,
            "standing": _standing(found),
            "covers": [(row, offered(of_organizations.ON_COVER, row, request.user)) for row in covers],
            "assignments": [(row, offered(of_instructors.ON_ASSIGNMENT, row, request.user)) for row in assignments],
            "headcounts": headcounts,
            "mass_organizations": mass,
            "jurisdictions": jurisdictions,
            "exclusions": exclusions,
            "events": events(dated),
            "changes": changes([(found, "企业"), *dated]),
            "actions": actions,
            "may_edit": may_upload(request.user),
        },
    )


def _number(value: int | None) -> str:
    return "未知" if value is None else str(value)


def _standing(found: Enterprise) -> dict[str, Any]:
    """In or out of the base today and why, and the work lists that it stands on."""
    rows = flagged(Facts(), today(), current_rules()).filter(id=found.pk)
    flags = rows.values().first() or {"outside": NOT_YET}
    outside = {IN_BASE: "纳入基数", CLOSED: "已注销，不在基数", NOT_YET: "还没有日期可考，不在基数"}
    lists = [
        FIGURES[key]
        for key in WORK_LISTS
        if any(all(flags.get(flag) == value for flag, value in each.items()) for each in FIGURES[key].alternatives)
    ]
    return {
        "in_base": flags["outside"] == IN_BASE,
        "words": outside.get(flags["outside"], "不纳入基数"),
        "organization": flags.get("organization"),
        "work": flags.get("organization") or flags.get("assisted"),
        "lists": lists,
    }


def enterprise_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Edit what is not dated. The second of two saves is shown both values."""
    require(may_upload(request.user))
    with transaction.atomic():
        rows = Enterprise.objects.visible_to(request.user)
        found = get_object_or_404(rows.select_for_update() if request.method == "POST" else rows, pk=pk)
        form = EnterpriseForm(request.POST or None, instance=found)
        if request.method == "POST" and form.is_valid():
            form.save()
            messages.success(request, f"已保存：{found}。")
            return redirect("enterprise", pk=found.pk)
    context = {"form": form, "title": "编辑企业", "subject": found, "back": of_enterprises.page(found)}
    return render(request, "form.html", context, status=422 if form.errors else 200)


def enterprise_new(request: HttpRequest) -> HttpResponse:
    """Add an enterprise; likely duplicates are shown before it is saved."""
    require(may_upload(request.user))
    form = NewEnterpriseForm(request.user, request.POST or None)
    duplicates: list[Enterprise] = []
    if request.method == "POST" and form.is_valid():
        duplicates = [] if form.cleaned_data["despite"] else form.likely_duplicates()
        if not duplicates:
            with transaction.atomic():
                made = form.save()
            messages.success(request, f"已新增：{made}。")
            return redirect("enterprise", pk=made.pk)
    context = {"form": form, "title": "新增企业", "duplicates": duplicates}
    return render(request, "form.html", context, status=422 if form.errors else 200)


def organization(request: HttpRequest, pk: int) -> HttpResponse:
    """One organization: covers, secretary terms, milestones, time line, changes, what can be done."""
    rows = PartyOrganization.objects.visible_to(request.user).select_related("committee", "superior")
    found = get_object_or_404(rows, pk=pk)
    remember(request, "organization", pk)
    covers = list(found.covers.select_related("enterprise"))
    terms, milestones = list(found.secretary_terms.all()), list(found.milestones.all())
    dated = [
        *((row, f"覆盖：{row.enterprise}") for row in covers),
        *((row, f"书记：{row.name}") for row in terms),
        *((row, row.get_code_display()) for row in milestones),
    ]
    live = [row for row in covers if row.is_live_on(today())]
    return render(
        request,
        "organizations/detail.html",
        {
            "organization": found,
            "covers": [(row, offered(of_organizations.ON_COVER, row, request.user)) for row in covers],
            "terms": terms,
            "milestones": milestones,
            "live": len(live),
            "too_many": found.form == "joint" and len(live) > 5,
            "late": next((t for t in terms if t.end is None and t.term_ends_on and t.term_ends_on < today()), None),
            "events": events(dated),
            "changes": changes([(found, "党组织"), *dated]),
            "actions": offered(of_organizations.ON_ORGANIZATION, found, request.user),
        },
    )


def instructor(request: HttpRequest, pk: int) -> HttpResponse:
    """One instructor: assignments, load, time line, changes."""
    found = get_object_or_404(Instructor.objects.visible_to(request.user).select_related("committee"), pk=pk)
    remember(request, "instructor", pk)
    assignments = list(found.assignments.select_related("enterprise", "instructor"))
    dated = [(row, f"派驻：{row.enterprise}") for row in assignments]
    return render(
        request,
        "instructors/detail.html",
        {
            "instructor": found,
            "assignments": [(row, offered(of_instructors.ON_ASSIGNMENT, row, request.user)) for row in assignments],
            "load": sum(row.is_live_on(today()) for row in assignments),
            "events": events(dated),
            "changes": changes([(found, "指导员"), *dated]),
        },
    )
