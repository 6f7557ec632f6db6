"""The page of one inspection: what was found, what became of it, who did what when."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from common.desk.actions import offered
from coverage_tracker.records.floors import ACTIONS
from coverage_tracker.records.timeline import changes, histories
from organizations.models import Inspection


def inspection(request: HttpRequest, pk: int) -> HttpResponse:
    """One inspection, with what the user may do to it now."""
    people = ("entered_by", "reported_by", "closed_by")
    rows = Inspection.objects.visible_to(request.user).select_related(
        "committee", "organization", "enterprise", *people
    )
    found = get_object_or_404(rows, pk=pk)
    context = {
        "inspection": found,
        "actions": offered(ACTIONS, found, request.user),
        "changes": changes([(found, str(found._meta.verbose_name))], histories([found])),
    }
    return render(request, "organizations/inspection.html", context)
