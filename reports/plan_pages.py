"""The pages of a plan: every clause with what answers it, and what the district keeps of it."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from committees.models import Committee, Responsible, ResponsibleDuty
from committees.scope import may_settle, own_committee_id, require, sees_all
from common.desk.actions import offered
from common.desk.editing import EditForm
from common.desk.listing import bad_question
from common.desk.pages import hand_out
from common.plan import Clause, Duty, Item, Plan
from common.sheets import workbook_bytes
from reports.change_rules import ChangeRules
from reports.models import CountingRules, Target
from reports.plan_forms import CatalogueForm, ClauseForm, DutyForm, NewItemForm, PlanForm, TargetForm
from reports.plan_lines import HEADINGS, as_rows, plan_lines
from reports.question import Question, asked
from reports.rules import READINGS
from reports.verdicts import Judging
from reports.views import plan_asked


def judged(request: HttpRequest, committee_id: int | None) -> tuple[Question, Judging]:
    """The question in the address, and the plan that it names held against it."""
    question = asked(request)
    plan = plan_asked(request)
    return question, Judging(question.as_of, plan=plan, known_at=question.known_at, committee_id=committee_id)


def plan(request: HttpRequest) -> HttpResponse:
    """The plan clause by clause: a committee sees its own figures, the district the whole."""
    own = own_committee_id(request.user)
    require(own is not None or sees_all(request.user))
    question, judging = judged(request, own)
    context: dict[str, Any] = {
        "question": question,
        "plan": judging.plan,
        "plans": list(Plan.objects.all()),
        "lines": plan_lines(judging, question, own),
        "rules": judging.rules,
        "reading": READINGS.get(judging.rules.full_reading, ""),
        "history": list(CountingRules.objects.filter(plan=judging.plan)) if judging.plan else [],
        "responsible": _responsible(request, question),
        "duties": list(Duty.objects.filter(clause__plan=judging.plan).select_related("item", "clause")),
        "targets": judging.targets,
        "keeps": may_settle(request.user),
        "actions": offered([ChangeRules], judging.plan, request.user) if judging.plan else [],
    }
    return render(request, "reports/plan.html", context)


def plan_export(request: HttpRequest) -> HttpResponse:
    """The same table as a workbook."""
    own = own_committee_id(request.user)
    require(own is not None or sees_all(request.user))
    question, judging = judged(request, own)
    if question.form.errors:
        return bad_question(request, question.form)
    rows = as_rows(plan_lines(judging, question, own))
    content = workbook_bytes("方案条款", [str(judging.plan or ""), question.said], HEADINGS, rows)
    said = f"方案条款（{question.said}）"
    return hand_out(request, content, f"方案条款（{question.as_of}）.xlsx", what=said, count=len(rows))


def _responsible(request: HttpRequest, question: Question) -> list[tuple[Committee, list[tuple[str, str]]]]:
    """Of each committee that the user sees, who is responsible on the day asked about."""
    held: dict[int, dict[str, str]] = {}
    for each in Responsible.objects.visible_to(request.user).live_on(question.as_of):
        post = f"（{each.post}）" if each.post else ""
        held.setdefault(each.committee_id, {})[each.duty] = f"{each.name}{post}"
    return [
        (committee, [(str(duty.label), held.get(committee.pk, {}).get(duty, "")) for duty in ResponsibleDuty])
        for committee in Committee.objects.visible_to(request.user).filter(active=True)
    ]


# -- what the district keeps ----------------------------------------------------------------------


def edit_plan(request: HttpRequest, pk: int) -> HttpResponse:
    return _edit(request, PlanForm, get_object_or_404(Plan, pk=pk), "编辑方案")


def new_target(request: HttpRequest, pk: int) -> HttpResponse:
    return _edit(request, TargetForm, Target(plan=get_object_or_404(Plan, pk=pk)), "新增目标")


def edit_target(request: HttpRequest, pk: int) -> HttpResponse:
    return _edit(request, TargetForm, get_object_or_404(Target, pk=pk), "编辑目标")


def edit_duty(request: HttpRequest, pk: int) -> HttpResponse:
    rows = Duty.objects.select_related("item", "clause__plan")
    return _edit(request, DutyForm, get_object_or_404(rows, pk=pk), "编辑事项要求")


def edit_clause(request: HttpRequest, pk: int) -> HttpResponse:
    return _edit(request, ClauseForm, get_object_or_404(Clause, pk=pk), "编辑条款")


def new_item(request: HttpRequest, pk: int) -> HttpResponse:
    plan = get_object_or_404(Plan, pk=pk)
    return _edit(request, NewItemForm, Item(), "新增事项", plan=plan)


def edit_item(request: HttpRequest, pk: int) -> HttpResponse:
    return _edit(request, CatalogueForm, get_object_or_404(Item, pk=pk), "编辑事项")


def _edit(
    request: HttpRequest, form_of: type[EditForm], found: Any, title: str, plan: Plan | None = None
) -> HttpResponse:
    """One form over one row of the plan; the second of two saves is shown both values and loses nothing."""
    require(may_settle(request.user))
    back = (plan or _plan_of(found)).get_absolute_url()
    more = {} if plan is None else {"plan": plan}
    with transaction.atomic():
        if request.method == "POST" and found.pk is not None:
            list(type(found)._default_manager.select_for_update().filter(pk=found.pk).values_list("pk"))
            found.refresh_from_db()
        form = form_of(request.POST or None, instance=found, user=request.user, **more)
        if request.method == "POST" and form.is_valid():
            form.save()
            messages.success(request, f"已保存：{found}。")
            return redirect(back)
    context = {"form": form, "title": title, "subject": found, "back": back}
    return render(request, "form.html", context, status=422 if form.errors else 200)


def _plan_of(found: Any) -> Plan:
    """The plan on whose page the row stands; an item, on that of the first plan that asks for it."""
    if isinstance(found, Plan):
        return found
    if isinstance(found, Item):
        duty = found.duties.select_related("clause__plan").first()
        return duty.clause.plan if duty is not None else Plan.objects.earliest("pk")
    plan: Plan = found.clause.plan if isinstance(found, Duty) else found.plan
    return plan
