"""待办: what is wrong or due, for a committee (its start page) and for the district, each line with its list."""

import datetime as dt
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from committees.models import Committee
from committees.reporting import last_ledgers
from committees.scope import may_change, may_settle, own_committee_id, require, sees_all
from common.periods import Precision
from common.today import today
from enterprises.models import BaseExclusion, Enterprise, ExclusionRequest, RequestState
from instructors.models import Assignment, Instructor
from ledgers.models import WAITING, FindingKind, FindingState, RegistrationFinding, Upload, UploadState
from organizations.models import Cover, Inspection, Member, Nomination, NominationState, PartyOrganization
from organizations.querysets import inspection_q
from reports.dispatch import how_many_wait
from reports.duties import Counted, duties_of, who_label
from reports.indicators import FIGURES
from reports.items import NO
from reports.templatetags.lists import item_list
from reports.verdicts import Judging

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
    ("overdue", "党组织书记任期已届满，要换届"),
    ("soon", "党组织书记任期 90 天内届满"),
    ("no_secretary", "党组织没有书记"),
    ("no_liaison", "党组织没有分包联系领导"),
    ("crowded", "联合党组织覆盖超过 5 家，考虑分设"),
    ("no_lead", "联合党组织没有定牵头企业"),
    ("undated", "党组织没有填成立日期，按台账日期起算"),
]
_MISSING = [("credit_code", "企业没有统一社会信用代码"), ("registered_on", "企业没有成立日期")]


@dataclass(frozen=True)
class Line:
    """One thing to be done: how many, of what, where the list is, by which key clauses ask for it (or which clause)."""

    words: str
    number: int
    address: str
    answers: str = ""
    meaning: str = ""
    number_of_clause: int | None = None


def work(request: HttpRequest) -> HttpResponse:
    """What is wrong or due today with what the user sees. A committee lands here."""
    own = own_committee_id(request.user)
    require(own is not None or sees_all(request.user))
    committee = Committee.objects.get(pk=own) if own is not None else None
    day = today()
    # How far today is from each target; whether it was met when due is the dashboard's.
    judging = Judging(day, committee_id=own, past=False)
    figures = judging.current.district if committee is None else judging.current.committee(committee.pk)
    lines = [
        Line(
            FIGURES[key].called(judging.rules),
            figures[key],
            reverse("figure", args=[key]),
            key,
            FIGURES[key].meaning(judging.rules),
        )
        for key in _FIGURES
    ]
    organizations = PartyOrganization.objects.visible_to(request.user)
    due = _numbers(organizations, {key: organizations.due(key, day) for key, _ in _ORGANIZATIONS})
    lines += [Line(words, due[key], _list("organizations", due=key), key) for key, words in _ORGANIZATIONS]
    open_ones = Enterprise.objects.visible_to(request.user).exclude(closed_on__lte=day)
    missing = open_ones.aggregate(**{key: Count("pk", filter=Q(**{f"{key}__isnull": True})) for key, _ in _MISSING})
    lines += [
        Line(words, missing[key], _list("enterprises", missing=key, state="open"), key) for key, words in _MISSING
    ]
    lines += _denominator(request, day)
    lines += _registrations(request)
    lines += _nominations(request)
    lines += _inspections(request, day)
    probation = Member.objects.visible_to(request.user).probation_over(day).count()
    meaning = "预备期一年，满了应当及时讨论转正（党章第七条）"
    lines.append(Line("预备党员预备期已满", probation, _list("members", due="probation_over"), "funnel", meaning))
    lines += _instructors(request, judging, own)
    lines += _items(judging, own)
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
            "verdicts": judging.verdicts(own),
            "plan": judging.plan,
            "may_change": may_change(request.user),
        },
    )


def _denominator(request: HttpRequest, day: dt.date) -> list[Line]:
    """What waits for a decision about the base, and what a decision ends of."""
    asked = ExclusionRequest.objects.visible_to(request.user).pending().count()
    words = "不纳入基数的申请，要核定" if may_settle(request.user) else "不纳入基数的申请，等区委组织部核定"
    seen = BaseExclusion.objects.visible_to(request.user)
    meaning = {
        "soon": ("不纳入基数，30 天内到复核日期", "不续的到那天重新纳入"),
        "back": ("不纳入基数，复核日期已到", "90 天内到期、已重新纳入的，请核对"),
        "open": ("不纳入基数，没有定复核日期", "请更正，最长两年复核一次"),
    }
    review = _numbers(seen, {key: seen.to_review(key, day) for key in meaning})
    return [
        Line(words, asked, _list("exclusion-requests", state=RequestState.PENDING), "enterprises"),
        *(
            Line(label, review[key], _list("exclusions", due=key), "enterprises", told)
            for key, (label, told) in meaning.items()
        ),
    ]


def _instructors(request: HttpRequest, judging: Judging, own: int | None) -> list[Line]:
    """Enterprises that wait for an instructor, and instructors of whom something is due (clauses 13 and 18)."""
    rows, day = Instructor.objects.visible_to(request.user), judging.day
    told = {
        "over": "指导员派驻期已满，要续派或离任",
        "soon": "指导员派驻期 90 天内满",
        "closed": "指导员派驻的企业已注销，可以改派",
    }
    due = _numbers(rows, {key: rows.due(key, day) for key in told})
    waits = how_many_wait(judging.question_of(day), judging.catalogue, own)
    meaning = "没有党组织的，或者党建基础薄弱的，没有在任指导员"
    return [
        Line("企业要派驻指导员", waits, reverse("dispatch"), "dispatch", meaning),
        *(Line(words, due[key], _list("instructors", due=key), "assignment") for key, words in told.items()),
    ]


def _registrations(request: HttpRequest) -> list[Line]:
    """What lists of the regulator say otherwise than the register: one statement."""
    rows = RegistrationFinding.objects.visible_to(request.user).to_settle().order_by()
    numbers = dict(rows.values_list("kind").annotate(Count("pk")))
    return [
        Line(
            f"市场监管登记名单：{kind.label}",
            numbers.get(kind, 0),
            _list("registration-findings", kind=kind, state=FindingState.OPEN),
            "registration",
        )
        for kind in FindingKind
    ]


def _nominations(request: HttpRequest) -> list[Line]:
    """Recommendations that wait for the district."""
    if not may_settle(request.user):
        return []
    rows = Nomination.objects.visible_to(request.user)
    waiting = {
        NominationState.RECOMMENDED: "推荐评选，要审核",
        NominationState.REVIEWED: "推荐评选已审核，要按文件命名",
    }
    numbers = rows.order_by().aggregate(**{state: Count("pk", filter=Q(state=state)) for state in waiting})
    return [
        Line(words, numbers[state], _list("nominations", state=state), "nominations")
        for state, words in waiting.items()
    ]


def _inspections(request: HttpRequest, day: dt.date) -> list[Line]:
    """What inspections have found and is not put right: in one statement."""
    waiting = {"overdue": "督促检查：整改已逾期", "soon": "督促检查：整改 7 天内到期"}
    if may_settle(request.user):
        waiting["reported"] = "督促检查：已上报整改，等区委组织部核实"
    rows = Inspection.objects.visible_to(request.user).order_by()
    numbers = rows.aggregate(**{key: Count("pk", filter=inspection_q(key, day)) for key in waiting})
    return [
        Line(words, numbers[key], _list("inspections", standing=key), "inspections") for key, words in waiting.items()
    ]


def _items(judging: Judging, own: int | None) -> list[Line]:
    """What must be recorded of the plan's items and is not: a line an item, by the first clause that asks for it."""
    asked = judging.question_of(judging.day)
    labels = {code: item.label for code, item in judging.catalogue.items.items()}
    once: dict[str, Counted] = {}
    for counted in duties_of(judging.plan, asked, judging.catalogue, own, musts=True):
        once.setdefault(counted.ought.key, counted)
    return [
        Line(
            f"{each.duty.item.get_subject_display()}：{each.duty.item}",
            each.tally.no,
            item_list(each.ought, NO),
            "",
            f"{who_label(each.duty.item.subject, each.duty.who, labels)}中没有的",
            each.duty.clause.number,
        )
        for each in once.values()
    ]


def _numbers(rows: QuerySet, lists: dict[str, QuerySet]) -> dict[str, int]:
    """How many of `rows` stand on each of the lists: one statement."""
    counts = {
        key: Count("pk", filter=Q(pk__in=each.order_by().values("pk")), distinct=True) for key, each in lists.items()
    }
    numbers: dict[str, int] = rows.order_by().aggregate(**counts)
    return numbers


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
