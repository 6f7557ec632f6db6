"""The page of one record: what stands, every dated fact in tables, one time line, every change, what can be done.

Puts together what several floors know (`floors.py`), so it lives under the roof.
"""

from typing import Any

from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from committees.scope import may_change
from common.desk.actions import offered
from common.desk.panels import panels_for
from common.extras import extras_of
from common.plan import Obligation, Subject, plan_on
from common.record import Record
from common.text import without_phones
from common.today import today
from coverage_tracker.records.floors import ACTIONS, PANELS
from coverage_tracker.records.search import remember
from coverage_tracker.records.timeline import changes, events, gone, histories, upload_keys
from enterprises.models import Enterprise, ExclusionRequest
from instructors.models import Instructor
from ledgers.codes import KINDS
from ledgers.models import Upload
from organizations.models import Inspection, Member, PartyOrganization
from reports.coverage import flagged
from reports.duties import standing_of
from reports.facts import Facts
from reports.indicators import CLOSED, FIGURES, IN_BASE, NOT_YET
from reports.items import asked_about
from reports.rules import Rulebook

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
    """One enterprise: basics, its standing today."""
    pending = ExclusionRequest.objects.pending().filter(enterprise=OuterRef("pk"))
    # Told in the statement of the enterprise: its page asks many.
    inspections = Inspection.objects.filter(enterprise=OuterRef("pk"))
    rows = Enterprise.objects.visible_to(request.user).annotate(
        asks_to_be_out=Exists(pending),
        inspected=Exists(inspections),
        unsettled=Exists(inspections.standing("open", today())),
        late=Exists(inspections.standing("overdue", today())),
    )
    found = get_object_or_404(rows, pk=pk)
    return _show(request, "enterprises/detail.html", found, standing=_standing(found))


def organization(request: HttpRequest, pk: int) -> HttpResponse:
    """One organization: basics, and what is wrong with it today."""
    rows = PartyOrganization.objects.visible_to(request.user).select_related("committee", "superior")
    found = get_object_or_404(rows, pk=pk)
    day = today()
    live = found.covers.live_on(day).count()
    terms = list(found.secretary_terms.all())
    overdue = [term for term in terms if term.end is None and term.term_ends_on and term.term_ends_on <= day]
    return _show(
        request,
        "organizations/detail.html",
        found,
        live=live,
        inspections=list(found.inspections.all()),
        too_many=found.form == "joint" and live > 5,
        late=overdue[0] if overdue else None,
        no_secretary=found.is_live_on(day) and not any(term.is_live_on(day) for term in terms),
    )


def member(request: HttpRequest, pk: int) -> HttpResponse:
    """One member: basics, the stage today."""
    found = get_object_or_404(Member.objects.visible_to(request.user).select_related("committee"), pk=pk)
    request.user.note_access(request, "person", of=found)  # type: ignore[union-attr]
    return _show(request, "organizations/member.html", found, stage=found.stages.live_on(today()).first())


def instructor(request: HttpRequest, pk: int) -> HttpResponse:
    """One instructor: basics, the load today."""
    found = get_object_or_404(Instructor.objects.visible_to(request.user).select_related("committee"), pk=pk)
    return _show(request, "instructors/detail.html", found, load=found.assignments.live_on(today()).count())


def _show(request: HttpRequest, template: str, record: Record, **more: Any) -> HttpResponse:
    """The page of any record: its template says the basics, and wants it under the name of its page."""
    remember(request, record)
    panels = panels_for(record, PANELS, ACTIONS, request.user)
    dated = [(row, panel.words(row)) for panel in panels for row in panel.rows]
    found = histories([record, *(row for row, _ in dated)])
    uploads = Upload.objects.visible_to(request.user).filter(pk__in=upload_keys(found)).select_related("user")
    what = str(record._meta.verbose_name)
    only = request.user.only_committee  # type: ignore[union-attr]
    context = {
        record.PAGE: record,
        "record": record,
        "duties": _duties(record),
        "panels": [panel for panel in panels if panel.shown],
        "actions": offered(ACTIONS, record, request.user),
        "may_edit": may_change(request.user),
        "extras": [
            (each, without_phones(each.value), KINDS.get(each.kind, ""))
            for each in extras_of(type(record), [record.pk], told_by=only).get(record.pk, ())
        ],
        "events": events(dated, found),
        "changes": changes([(record, what), *dated], found, gone(record)),
        "uploads": uploads.only("file_name", "created_at", "user"),
    }
    return render(request, template, {**context, **more})


_SUBJECTS: dict[str, str] = {
    "enterprise": Subject.ENTERPRISE,
    "organization": Subject.ORGANIZATION,
    "instructor": Subject.INSTRUCTOR,
    "member": Subject.MEMBER,
}


def _duties(record: Record) -> dict[str, list[Any]]:
    """What the plan asks of the record today: what it must have and has not, may have, has; what is only asked to be
    striven for stands apart."""
    asked = asked_about(today())
    found: dict[str, list[Any]] = {"lacks": [], "unknown": [], "has": [], "advocated": []}
    for duty, has in standing_of(_SUBJECTS[record.PAGE], record.pk, plan_on(today()), asked):
        if has:
            found["has"].append(duty)
        elif duty.kind != Obligation.MUST:
            found["advocated"].append(duty)
        else:
            found["unknown" if has is None else "lacks"].append(duty)
    return found


def _standing(found: Enterprise) -> dict[str, Any]:
    """In or out of the base today and why, since when it is covered, and the work lists that it stands on."""
    rows = flagged(Facts(), today(), Rulebook(Facts()).on(today())).filter(id=found.pk)
    flags = rows.values().first() or {"outside": NOT_YET}
    outside = {IN_BASE: "纳入基数", CLOSED: "已注销，不在基数", NOT_YET: "还没有日期可考，不在基数"}
    lists = [FIGURES[key] for key in WORK_LISTS if flags["outside"] == IN_BASE and FIGURES[key].answer(flags)]
    return {
        "in_base": flags["outside"] == IN_BASE,
        "words": outside.get(flags["outside"], "不纳入基数"),
        "coverage": [
            (FIGURES[key].answer(flags), words)
            for key, words in (("organization_covered", "党组织"), ("work_covered", "党的工作"))
            if flags["outside"] == IN_BASE
        ],
        "lists": lists,
    }
