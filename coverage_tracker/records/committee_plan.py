"""A committee's own page of the plan: who is responsible, every clause with its numbers, what is recorded of itself."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from committees.models import Committee
from common.desk.actions import offered
from common.desk.panels import panels_for
from common.plan import Plan
from coverage_tracker.records.floors import ACTIONS, PANELS
from reports.plan_lines import plan_lines
from reports.plan_pages import judged


def committee_plan(request: HttpRequest, pk: int) -> HttpResponse:
    """The plan as it stands in one committee on the day asked about."""
    found = get_object_or_404(Committee.objects.visible_to(request.user), pk=pk)
    question, judging = judged(request, found.pk)
    panels = panels_for(found, PANELS, ACTIONS, request.user)
    context = {
        "committee": found,
        "question": question,
        "plan": judging.plan,
        "plans": list(Plan.objects.all()),
        "lines": plan_lines(judging, question, found.pk),
        "rules": judging.rules,
        "panels": [panel for panel in panels if panel.shown],
        "inspections": list(found.inspections.all()),
        "actions": offered(ACTIONS, found, request.user),
    }
    return render(request, "reports/committee_plan.html", context)
