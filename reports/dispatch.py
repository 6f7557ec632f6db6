"""派驻 (clauses 13 and 18): which enterprises need an instructor and have none, since when; and how the instructors of
each committee are sent out."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from committees.models import Committee
from committees.scope import may_change
from common.desk.listing import bad_question
from common.desk.pages import hand_out, page_of
from common.periods import Precision
from common.sheets import workbook_bytes
from enterprises.models import FormerEnterprise
from instructors.models import Assignment, Instructor
from organizations.models import Cover, PartyOrganization, State
from reports.conditions import CONDITIONS, NEVER, Condition, both, either, opposite
from reports.coverage import flagged
from reports.indicators import IN_BASE
from reports.items import Catalogue, asked_about
from reports.populations import Asked
from reports.question import Question, asked, opens, whose

# The item by which an enterprise is said to be weak (clause 13).
WEAK = "weak_basis"
_NONE = Condition(NEVER, NEVER)
Span = tuple[dt.date, dt.date | None]


class Waiting(NamedTuple):
    """One enterprise that needs an instructor and has none. `sure`: or nobody knows. `since`: the first day since which
    it has been so without a break, in the plan's time; None where that is not known."""

    pk: int
    name: str
    home: int | None
    committee: str
    uncovered: bool | None
    weak: bool | None
    sure: bool
    since: dt.date | None
    days: int | None

    @property
    def why(self) -> str:
        told = [word for word, is_so in (("没有党组织", self.uncovered), ("党建基础薄弱", self.weak)) if is_so]
        return "、".join(told) or "未知"


def _needs(question: Asked, catalogue: Catalogue) -> tuple[Condition, Condition, Condition]:
    """(has no organization, is weak, has an instructor), of each enterprise."""
    facts, day, rules = question.facts, question.day, question.rules
    weak = catalogue.items.get(WEAK)
    return (
        opposite(CONDITIONS["organization"](facts, day, rules)),
        catalogue.has(weak, question) if weak is not None else _NONE,
        CONDITIONS["assigned"](facts, day, rules),
    )


def _rows(question: Asked, catalogue: Catalogue, committee_id: int | None) -> Any:
    """The enterprises of the base that wait (`waits`: True), or of which nobody knows (None)."""
    uncovered, weak, sent = _needs(question, catalogue)
    waits = both([either([uncovered, weak]), opposite(sent)])
    facts, day = question.facts, question.day
    rows = flagged(facts, day, question.rules, []).filter(outside=IN_BASE).filter(waits.yes | waits.unknown)
    if committee_id is not None:
        rows = rows.filter(on_committee=committee_id)
    name = facts.was(FormerEnterprise, "name", day)
    return rows.annotate(
        uncovered=uncovered.annotation(), weak=weak.annotation(), waits=waits.annotation(), was_name=name
    )


def how_many_wait(question: Asked, catalogue: Catalogue, committee_id: int | None = None) -> int:
    """How many surely need an instructor and have none: one statement."""
    number: int = _rows(question, catalogue, committee_id).filter(waits=True).count()
    return number


def waiting(question: Asked, catalogue: Catalogue, committee_id: int | None = None) -> list[Waiting]:
    """Those that wait, the longest first, then those of whom nobody knows: a constant number of statements."""
    rows = _rows(question, catalogue, committee_id)
    columns = ("id", "was_name", "on_committee", "uncovered", "weak", "waits", "registered_on", "registered_precision")
    found = list(rows.values_list(*columns))
    spans = _Spans(question)
    called = Committee.objects.names()
    made = []
    for key, name, committee, uncovered, weak, waits, registered, precision in found:
        begins = registered if precision != Precision.ASSUMED else None
        since = spans.since(key, begins) if waits else None
        if since is not None and question.since is not None:
            since = max(since, question.since)
        days = (question.day - since).days if since is not None else None
        called_now = called.get(committee, "未定属地")
        made.append(Waiting(key, name, committee, called_now, uncovered, weak, waits is True, since, days))
    return sorted(made, key=lambda each: (not each.sure, -(each.days or 0), each.name, each.pk))


class _Spans:
    """When each enterprise was covered, weak and assisted by an instructor."""

    def __init__(self, question: Asked):
        facts, self.day = question.facts, question.day
        self.covered: dict[int, list[Span]] = defaultdict(list)
        self.weak: dict[int, list[Span]] = defaultdict(list)
        self.sent: dict[int, list[Span]] = defaultdict(list)
        lives = {
            key: (begins, ends)
            for key, begins, ends in facts.rows(PartyOrganization).values_list("id", "established_on", "dissolved_on")
        }
        covers = facts.rows(Cover).values_list("enterprise_id", "organization_id", "start", "end")
        for key, body, start, end in covers:
            if body in lives:
                begins, ends = lives[body]
                last = min((each for each in (end, ends) if each is not None), default=None)
                self.covered[key].append((max(start, begins), last))
        marked = facts.rows(State).filter(code=WEAK, enterprise_id__isnull=False)
        for rows, kept in ((marked, self.weak), (facts.rows(Assignment), self.sent)):
            for key, start, end in rows.values_list("enterprise_id", "start", "end"):
                kept[key].append((start, end))

    def since(self, key: int, begins: dt.date | None) -> dt.date | None:
        """The first day of the unbroken time in which it has waited until the day asked about. Between two changes
        nothing changes, so it is enough to look at each change."""
        spans = [*self.covered[key], *self.weak[key], *self.sent[key]]
        changes = {each for span in spans for each in span if each is not None and each <= self.day}
        first = begins or dt.date.min
        since = None
        for change in sorted({each for each in changes if each > first} | {first}, reverse=True):
            if not self._waits(key, change):
                break
            since = change
        return since if since != dt.date.min else None

    def _waits(self, key: int, day: dt.date) -> bool:
        needs = not _any(self.covered[key], day) or _any(self.weak[key], day)
        return needs and not _any(self.sent[key], day)


def _any(spans: Iterable[Span], day: dt.date) -> bool:
    return any(start <= day and (end is None or end > day) for start, end in spans)


@dataclass
class Sent:
    """How the instructors of one committee are sent out: how many are in office, to one enterprise, to several, to
    none, and whose term is over; and how many enterprises wait."""

    committee: str
    in_office: int = 0
    one: int = 0
    several: int = 0
    none: int = 0
    over: int = 0
    assignments: int = 0
    waiting: int = 0
    unknown: int = 0

    @property
    def load(self) -> str:
        """Enterprises per instructor who has any."""
        sent = self.one + self.several
        return f"{self.assignments / sent:.1f}" if sent else "—"

    def cells(self) -> list[Any]:
        told = [self.in_office, self.one, self.several, self.none, self.load, self.over, self.waiting, self.unknown]
        return [self.committee, *told]


SENT = [
    "党（工）委",
    "在任指导员",
    "一对一",
    "一对多",
    "没有派驻企业",
    "人均企业数",
    "派驻期已满",
    "要派驻的企业",
    "未知",
]


def sent_out(question: Asked, found: list[Waiting], committee_id: int | None = None) -> list[Sent]:
    """By committee in their order, the district last where it is asked about."""
    facts, day = question.facts, question.day
    people = facts.rows(Instructor).exclude(left_on__lte=day).exclude(began_on__gt=day)
    if committee_id is not None:
        people = people.filter(committee_id=committee_id)
    open_ones = facts.enterprises.filter(Q(closed_on__isnull=True) | Q(closed_on__gt=day)).values("id")
    live = facts.live(Assignment, day).filter(enterprise_id__in=open_ones)
    pairs = set(live.values_list("instructor_id", "enterprise_id"))
    load = Counter(instructor for instructor, _ in pairs)
    whole = Sent("全区")
    by_committee: dict[int | None, Sent] = {key: Sent(name) for key, name in Committee.objects.names().items()}
    for key, committee, until in people.values_list("id", "committee_id", "term_until"):
        for each in (whole, by_committee[committee]):
            each.in_office += 1
            each.one += load[key] == 1
            each.several += load[key] > 1
            each.none += not load[key]
            each.assignments += load[key]
            each.over += until is not None and until <= day
    for row in found:
        for each in (whole, by_committee.setdefault(row.home, Sent(row.committee))):
            each.waiting += row.sure
            each.unknown += not row.sure
    rows = [each for each in by_committee.values() if each.in_office or each.waiting or each.unknown]
    return rows if committee_id is not None else [*rows, whole]


# -- the page ---------------------------------------------------------------------------------------


def dispatch(request: HttpRequest) -> HttpResponse:
    """Who is sent out how, and which enterprises wait, in the district or in the user's committee."""
    question, found, table = _asked(request)
    page = page_of(found, request.GET.get("page"))
    context = {
        "question": question,
        "headings": SENT,
        "lines": [each.cells() for each in table],
        "page": page,
        "opens": opens(request, [each.pk for each in page]),
        "sure": sum(each.sure for each in found),
        "may_change": may_change(request.user),
    }
    return render(request, "reports/dispatch.html", context)


def dispatch_export(request: HttpRequest) -> HttpResponse:
    question, found, _ = _asked(request)
    if question.form.errors:
        return bad_question(request, question.form)
    title = "要派驻指导员的企业"
    headings = ["序号", "企业名称", "党（工）委", "原因", "没有指导员自", "已等天数"]
    content = workbook_bytes(title, [question.said], headings, _cells(found))
    return hand_out(request, content, f"{title}（{question.as_of}）.xlsx", what=title, count=len(found))


def _cells(found: list[Waiting]) -> Iterable[list[Any]]:
    for number, each in enumerate(found, 1):
        yield [number, each.name, each.committee, each.why, each.since or "未知", each.days]


def _asked(request: HttpRequest) -> tuple[Question, list[Waiting], list[Sent]]:
    own = whose(request)
    question = asked(request)
    about = asked_about(question.as_of, known_at=question.known_at)
    found = waiting(about, Catalogue(), own)
    return question, found, sent_out(about, found, own)
