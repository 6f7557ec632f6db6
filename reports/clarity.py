"""三清 (clause 33): of each enterprise whether its basics, its organization and its work are clear, what is missing,
and whether its numbers are fresh; by committee, and one by one."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from committees.models import Committee
from committees.scope import own_committee_id
from common.desk.listing import bad_question
from common.desk.pages import hand_out, page_of
from common.periods import Precision
from common.sheets import workbook_bytes
from enterprises.models import Enterprise, FormerEnterprise, Headcount
from instructors.models import Assignment
from organizations.models import SecretaryTerm
from reports.coverage import flagged
from reports.facts import Facts
from reports.freshness import dated_numbers, oldest_fresh
from reports.indicators import IN_BASE
from reports.question import Question, asked, whose
from reports.rules import Rulebook

BASICS, ORGANIZATION, WORK, FRESH = "basics", "organization", "work", "fresh"
CLEAR = {
    BASICS: "企业基本情况清",
    ORGANIZATION: "党组织覆盖情况清",
    WORK: "党的工作覆盖情况清",
    FRESH: "人数是近期的",
}
# What can be missing, and of which of the four it is.
MISSING: dict[str, tuple[str, str]] = {
    "credit_code": (BASICS, "统一社会信用代码"),
    "registered_on": (BASICS, "成立日期"),
    "ownership": (BASICS, "企业类型"),
    "industry": (BASICS, "行业"),
    "place": (BASICS, "村（社区）或地址"),
    "representative": (BASICS, "法定代表人"),
    "contact": (BASICS, "联系电话"),
    "employees": (BASICS, "职工人数"),
    "members": (BASICS, "党员人数"),
    "covered": (ORGANIZATION, "有没有党组织覆盖"),
    "cover_start": (ORGANIZATION, "覆盖自何日起"),
    "secretary": (ORGANIZATION, "党组织书记"),
    "reason": (ORGANIZATION, "未建立党组织原因"),
    "assisted": (WORK, "有没有开展党的工作"),
    "sent_start": (WORK, "派驻自何日起"),
    "fresh": (FRESH, "近期的人数"),
}
# What has no date of its own: of an enterprise that has gone to another committee, that committee's business.
_AS_IT_STANDS = {"credit_code", "registered_on", "place", "representative", "contact"}


class Clarity(NamedTuple):
    """One enterprise of the base, and what is missing of it: keys of MISSING."""

    pk: int
    name: str
    committee: int | None
    missing: list[str]
    # Whether the user may open its page.
    opens: bool = True

    def is_clear(self, which: str) -> bool:
        return not any(MISSING[each][0] == which for each in self.missing)

    @property
    def words(self) -> str:
        return "、".join(MISSING[each][1] for each in self.missing)


def clarity_on(day: dt.date, *, known_at: dt.datetime | None = None, committee_id: int | None = None) -> list[Clarity]:
    """Every enterprise of the base on `day`, by name: a constant number of statements. What has no date of its own
    (code, address, telephone) is as it stands."""
    facts = Facts(known_at)
    rules = Rulebook(facts).on(day)
    rows = flagged(facts, day, rules, ["organization", "assisted"]).filter(outside=IN_BASE)
    if committee_id is not None:
        rows = rows.filter(on_committee=committee_id)
    dated = ("name", "ownership", "industry", "industry_section", "village", "reason_not_established")
    rows = rows.annotate(**{f"was_{name}": facts.was(FormerEnterprise, name, day) for name in dated})
    names = [
        "id", "on_committee", "credit_code", "registered_on", "registered_precision", "address", "legal_representative",
        "contact_phone", "organization", "assisted", *(f"was_{name}" for name in dated),
    ]  # fmt: skip
    numbers = {row.enterprise_id: row for row in facts.live(Headcount, day)}
    covers, secretaries = _covers(facts, day)
    sent = _starts(facts.live(Assignment, day).values_list("enterprise_id", "start_precision"))
    limit = oldest_fresh(day, rules)
    fresh = {
        key for key, said in dated_numbers(day, rules, known_at=known_at).values_list("id", "said_on") if said >= limit
    }
    found = []
    for row in rows.order_by("was_name", "id").values(*names):
        key, headcount = row["id"], numbers.get(row["id"])
        work = (row["organization"], row["assisted"])
        lacks: dict[str, bool] = {
            "credit_code": not row["credit_code"],
            "registered_on": row["registered_on"] is None or row["registered_precision"] == Precision.ASSUMED,
            "ownership": not row["was_ownership"],
            "industry": not (row["was_industry"] or row["was_industry_section"]),
            "place": not (row["was_village"] or row["address"]),
            "representative": not row["legal_representative"],
            "contact": not row["contact_phone"],
            "employees": headcount is None or headcount.employees is None,
            "members": headcount is None or headcount.full_members is None,
            "covered": row["organization"] is None,
            "cover_start": row["organization"] is True and not covers.get(key, False),
            "secretary": row["organization"] is True and key not in secretaries,
            "reason": row["organization"] is False and not row["was_reason_not_established"],
            "assisted": None in work and True not in work,
            "sent_start": row["organization"] is not True and key in sent and not sent[key],
            "fresh": key not in fresh,
        }
        found.append(Clarity(key, row["was_name"], row["on_committee"], [name for name, so in lacks.items() if so]))
    return found


def _starts(rows: Iterable[tuple[int, str]]) -> dict[int, bool]:
    """By enterprise whether one of its facts says since when."""
    found: dict[int, bool] = defaultdict(bool)
    for key, how in rows:
        found[key] = found[key] or how != Precision.ASSUMED
    return found


def _covers(facts: Facts, day: dt.date) -> tuple[dict[int, bool], set[int]]:
    """By enterprise whether one of its covers says since when, and those whose organization has a secretary."""
    live = facts.live_covers(day)
    with_secretary = facts.live(SecretaryTerm, day).values("organization_id")
    led = live.filter(Q(organization_id__in=with_secretary)).values_list("enterprise_id", flat=True)
    return _starts(live.values_list("enterprise_id", "start_precision")), set(led)


class Line(NamedTuple):
    """A committee: how many enterprises, how many are clear by each of CLEAR, how many by all."""

    label: str
    number: int
    clear: list[tuple[int, str]]
    all_clear: int


def by_committee(found: list[Clarity]) -> dict[int | None, Counter[str]]:
    """Under "" how many there are, under the keys of CLEAR how many are clear, under "all" how many by all of them."""
    counted: dict[int | None, Counter[str]] = defaultdict(Counter)
    for each in found:
        mine = counted[each.committee]
        mine[""] += 1
        mine["all"] += not each.missing
        for which in CLEAR:
            mine[which] += each.is_clear(which)
    return counted


# -- the page ---------------------------------------------------------------------------------------


def clarity(request: HttpRequest) -> HttpResponse:
    """The four by committee, what is missing most, and the enterprises of which something is."""
    question, found, shown = _asked(request)
    counted = by_committee(found)
    total: Counter[str] = sum(counted.values(), Counter())
    same = {name: value for name, value in question.params.items() if value is not None}
    called: list[tuple[int | None, str]] = [(each.pk, str(each)) for each in Committee.objects.all()]
    lines = [_line(name, counted[key], same, key) for key, name in [*called, (None, "未定属地")] if key in counted]
    lacking = Counter(each for row in found for each in row.missing)
    context = {
        "question": question,
        "labels": list(CLEAR.values()),
        "lines": lines if own_committee_id(request.user) is None else [],
        "total": _line("合计", total, same, None),
        "missing": [(key, MISSING[key][1], number) for key, number in lacking.most_common()],
        "chosen": request.GET.get("missing", ""),
        "page": page_of(shown, request.GET.get("page")),
    }
    return render(request, "reports/clarity.html", context)


def clarity_export(request: HttpRequest) -> HttpResponse:
    """The enterprises of which something is missing, with what."""
    question, _, shown = _asked(request)
    if question.form.errors:
        return bad_question(request, question.form)
    called = Committee.objects.names()
    rows = [
        [number, each.name, called.get(each.committee or 0, "未定属地"), *map(each.is_clear, CLEAR), each.words]
        for number, each in enumerate(shown, 1)
    ]
    title = "三清缺项"
    content = workbook_bytes(
        title, [question.said], ["序号", "企业名称", "党（工）委", *CLEAR.values(), "缺什么"], rows
    )
    return hand_out(request, content, f"{title}（{question.as_of}）.xlsx", what=title, count=len(rows))


def _line(label: str, counted: Counter[str], same: dict[str, Any], committee: int | None) -> Line:
    where = {**same, **({"committee": committee} if committee else {})}
    address: Callable[[str], str] = lambda which: f"{reverse('clarity')}?{urlencode({**where, 'not': which})}"  # noqa: E731
    clear = [(counted[which], address(which)) for which in CLEAR]
    return Line(label, counted[""], clear, counted["all"])


def _gone(each: Clarity) -> Clarity:
    """What may be told of it to whose it was."""
    return each._replace(opens=False, missing=[name for name in each.missing if name not in _AS_IT_STANDS])


def _asked(request: HttpRequest) -> tuple[Question, list[Clarity], list[Clarity]]:
    """The question, everybody, and those that the address picks: `missing` (what), `not` (which is not clear),
    `committee`."""
    own = whose(request)
    question = asked(request)
    found = clarity_on(question.as_of, known_at=question.known_at, committee_id=own)
    opens = set(Enterprise.objects.visible_to(request.user).values_list("pk", flat=True))
    found = [each if each.pk in opens else _gone(each) for each in found]
    what, which, committee = (request.GET.get(name, "") for name in ("missing", "not", "committee"))
    shown = [each for each in found if each.missing]
    if what in MISSING:
        shown = [each for each in shown if what in each.missing]
    if which in CLEAR:
        shown = [each for each in shown if not each.is_clear(which)]
    if committee.isdecimal():
        shown = [each for each in shown if each.committee == int(committee[:18])]
    return question, found, shown
