"""Pages of figures: the district's dashboard, a committee's page, and the list behind every number."""

import datetime as dt
from collections import Counter

from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from committees.models import Committee
from committees.reporting import last_ledgers
from committees.scope import own_committee_id, require, sees_all
from common.desk.listing import bad_question
from common.desk.pages import hand_out, page_of
from common.plan import Plan
from common.sheets import workbook_bytes
from enterprises.models import Enterprise, ExclusionReason
from reports.coverage import NO, UNKNOWN, YES, Figures, answered, patterns
from reports.facts import Facts
from reports.filters import NOWHERE, FigureFilter
from reports.freshness import freshness
from reports.indicators import FIGURES, INDICATORS
from reports.question import Question, asked, whose
from reports.rows import HEADINGS, as_cells, describe
from reports.rules import Rulebook
from reports.table import Table
from reports.trend import trend
from reports.verdicts import Judging

_RATES = {"organization_coverage", "work_coverage"}
_ANSWERS = {YES: "是", NO: "否", UNKNOWN: "未知"}


def dashboard(request: HttpRequest) -> HttpResponse:
    """The district on a date: targets with verdicts, the trend, the committees, what is left out and why."""
    require(sees_all(request.user))
    question = asked(request)
    plan = plan_asked(request)
    judging = Judging(question.as_of, plan=plan, known_at=question.known_at)
    coverage = judging.current
    table = Table(judging)
    sort = request.GET.get("sort", "")
    return render(
        request,
        "reports/dashboard.html",
        {
            "question": question,
            "verdicts": judging.verdicts(),
            "plan": judging.plan,
            "plans": list(Plan.objects.all()),
            "figures": coverage.district,
            "outside": _outside(coverage.district),
            "ages": freshness(question.as_of, known_at=question.known_at, rules=judging.rules).district,
            "known_since": _known_since(question, coverage.district),
            "trend": _trend(question, judging),
            "columns": table.columns,
            "committees": table.sorted(table.rows(), sort),
            "total": table.total(),
            "sort": sort,
            "committee": None,
        },
    )


def dashboard_export(request: HttpRequest) -> HttpResponse:
    """The committees' table of the dashboard as a workbook."""
    require(sees_all(request.user))
    question = asked(request)
    if question.form.errors:
        return bad_question(request, question.form)
    judging = Judging(question.as_of, plan=plan_asked(request), known_at=question.known_at, past=False)
    table = Table(judging)
    ages = freshness(question.as_of, known_at=question.known_at, rules=judging.rules).district
    rows = [*table.rows(), table.total()]
    content = workbook_bytes(
        "各党（工）委覆盖情况",
        [question.said, "比率按已知的计，只截位，不进位", ages.said],
        ["党（工）委", "最近台账", *table.export_headings()],
        ([row["name"], row["filed"], *table.export_cells(row["cells"])] for row in rows),
    )
    said = f"各党（工）委覆盖情况（截至 {question.as_of}）"
    return hand_out(request, content, f"各党（工）委覆盖情况（{question.as_of}）.xlsx", what=said, count=len(rows))


def committees(request: HttpRequest) -> HttpResponse:
    """The committees that the user sees, with the figures of today."""
    question = asked(request)
    table = Table(Judging(question.as_of, plan=plan_asked(request), known_at=question.known_at, past=False))
    seen = set(Committee.objects.visible_to(request.user).values_list("pk", flat=True))
    sort = request.GET.get("sort", "")
    rows = [row for row in table.rows() if row["id"] in seen]
    return render(
        request,
        "reports/committees.html",
        {"question": question, "columns": table.columns, "committees": table.sorted(rows, sort), "sort": sort},
    )


def committee(request: HttpRequest, pk: int) -> HttpResponse:
    """One committee on a date: its targets, trend and figures."""
    found = get_object_or_404(Committee.objects.visible_to(request.user), pk=pk)
    question = asked(request)
    judging = Judging(question.as_of, plan=plan_asked(request), known_at=question.known_at, committee_id=found.pk)
    coverage = judging.current
    figures = coverage.committee(found.pk)
    return render(
        request,
        "reports/committee.html",
        {
            "committee": found,
            "question": question,
            "verdicts": judging.verdicts(found.pk),
            "plan": judging.plan,
            "plans": list(Plan.objects.all()),
            "figures": figures,
            "outside": _outside(figures),
            "ages": freshness(question.as_of, known_at=question.known_at, rules=judging.rules).of(found.pk),
            "known_since": _known_since(question, coverage.district),
            "trend": _trend(question, judging, found.pk),
            "filed": last_ledgers(question.as_of, question.known_at).get(found.pk),
            "listed": [
                (
                    figure.called(judging.rules),
                    figure.key,
                    figure.meaning(judging.rules),
                    figures[figure.key],
                    figures.unknown[figure.key],
                )
                for figure in FIGURES.values()
            ],
        },
    )


def figure(request: HttpRequest, key: str) -> HttpResponse:
    """The enterprises that make a figure, filtered as the address says."""
    question, rows, filters = figure_rows(request, key)
    asked_for = _answer(request)
    page = page_of(rows.filter(pattern__in=patterns(key, asked_for)), request.GET.get("page"))
    describe(page.object_list, Facts(question.known_at), question.as_of)
    # What has gone to another committee since has no page for this user.
    listed = Enterprise.objects.visible_to(request.user).filter(pk__in=[row.id for row in page.object_list])
    opens = set(listed.values_list("pk", flat=True))
    context = {"figure": FIGURES[key], "question": question, "filter": filters, "page": page, "asked_for": asked_for}
    rules = Rulebook(Facts(question.known_at)).on(question.as_of)
    context |= {"called": FIGURES[key].called(rules), "meaning": FIGURES[key].meaning(rules)}
    context["opens"] = opens
    if FIGURES[key].may_be_unknown:
        found = Counter(dict(rows.order_by().values_list("pattern").annotate(Count("id"))))
        context["tabs"] = [
            (answer, label, sum(found[pattern] for pattern in patterns(key, answer)))
            for answer, label in _ANSWERS.items()
        ]
    return render(request, "reports/figure.html", context)


def figure_export(request: HttpRequest, key: str) -> HttpResponse:
    """The same list, whole, as a workbook."""
    question, rows, filters = figure_rows(request, key)
    for form in (question.form, filters.form):
        if form.errors:
            return bad_question(request, form)
    answer = _answer(request)
    described = describe(rows.filter(pattern__in=patterns(key, answer)), Facts(question.known_at), question.as_of)
    rules = Rulebook(Facts(question.known_at)).on(question.as_of)
    called, meaning = FIGURES[key].called(rules), FIGURES[key].meaning(rules)
    title = called if answer == YES else f"{called}（{_ANSWERS[answer]}）"
    notes = [question.said, f"{title}：{meaning}；共 {len(described)} 家"]
    chosen = filters.form.cleaned_data.get("committee")
    if FIGURES[key].uses_numbers and chosen != NOWHERE:
        ages = freshness(question.as_of, known_at=question.known_at)
        notes.append(ages.of(chosen.pk if chosen else own_committee_id(request.user)).said)
    content = workbook_bytes(title, notes, HEADINGS, (as_cells(number, row) for number, row in enumerate(described, 1)))
    said = f"{title}（截至 {question.as_of}）"
    return hand_out(request, content, f"{title}（{question.as_of}）.xlsx", what=said, count=len(described))


def figure_rows(request: HttpRequest, key: str) -> tuple[Question, QuerySet, FigureFilter]:
    if key not in FIGURES:
        raise Http404
    question = asked(request)
    own = whose(request)
    rows = answered(key, question.as_of, known_at=question.known_at, committee_id=own)
    filters = FigureFilter(request.GET, queryset=rows, request=request)
    if key != "left_out":
        del filters.filters["reason"]
    # A question that cannot be read finds nothing; the form says what is wrong.
    return question, filters.qs if filters.is_valid() else rows.none(), filters


def _answer(request: HttpRequest) -> str:
    """Which of the three lists of a figure is asked for."""
    asked_for = request.GET.get("answer", YES)
    return asked_for if asked_for in _ANSWERS else YES


def _outside(figures: Figures) -> list[tuple[str, int, str, str]]:
    """(reason, how many, figure whose list shows them, its code) of what is not in the base."""
    reasons = [
        (label, figures.outside[reason], "left_out", reason)
        for reason, label in ExclusionReason.choices
        if figures.outside[reason]
    ]
    return [*reasons, ("已注销", figures["closed"], "closed", "")] if figures["closed"] else reasons


def _known_since(question: Question, district: Figures) -> str:
    """Said where no enterprise is known on the date: since when the system has any; "" where some are."""
    if district["enterprises"] or any(district.outside.values()):
        return ""
    first = Facts(question.known_at).first_day()
    if first is None:
        return "系统里还没有企业，请先在“台账上传”中导入台账。"
    return f"{question.as_of} 还没有登记在册的企业：系统里的数据从 {first} 开始，请选这一天或以后的日期。"


def _trend(question: Question, judging: Judging, committee_id: int | None = None) -> dict:
    """The months since the year before the first target, and the steps of the coverage targets."""
    steps = [target for target in judging.judging_targets() if target.percent is not None]
    first_year = min([target.due_on.year for target in steps] + [question.as_of.year]) - 1
    points = trend(
        dt.date(first_year, 1, 1),
        question.as_of,
        committee_id=committee_id,
        known_at=question.known_at,
        plan_id=None if judging.plan is None else judging.plan.pk,
    )
    shown = [target for target in steps if target.indicator in _RATES]
    return {
        "points": points,
        "steps": [(target.due_on, target.percent, INDICATORS[target.indicator]) for target in shown],
    }


def plan_asked(request: HttpRequest) -> Plan | None:
    """The plan that the address names; None: the one in force on the day asked about."""
    code = request.GET.get("plan", "")
    return get_object_or_404(Plan, code=code) if code else None
