"""Newly registered enterprises (clause 10): which met the conditions for an organization when they were registered, and
in how many days they had one."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from committees.models import Committee
from common.desk.listing import bad_question
from common.desk.pages import hand_out, page_of
from common.periods import Precision
from common.sheets import workbook_bytes
from enterprises.models import Headcount
from organizations.models import Cover, MemberPlacement, MemberStage, PartyOrganization, Stage
from reports.coverage import answered
from reports.facts import Facts
from reports.items import asked_about
from reports.question import Question, asked, opens, whose
from reports.rules import Rules

TOGETHER, LATE, OPEN, WITHOUT, UNKNOWN = "together", "late", "open", "without", "unknown"
STATES = {
    TOGETHER: "同步建立",
    LATE: "没有同步建立",
    OPEN: "期限未到",
    WITHOUT: "登记时不够条件",
    UNKNOWN: "未知",
}
Span = tuple[dt.date, dt.date | None]


class Newly(NamedTuple):
    """One enterprise. `met`: whether it had enough members by the end of the time for founding together; `covered`: the
    first day on which an organization covered it, and whether that day is stated; `days` from registration to it."""

    pk: int
    name: str
    committee: str
    registered: dt.date
    met: bool | None
    covered: dt.date | None
    state: str

    @property
    def days(self) -> int | None:
        return None if self.covered is None else (self.covered - self.registered).days

    @property
    def state_words(self) -> str:
        return STATES[self.state]


def newly_registered(
    day: dt.date, *, known_at: dt.datetime | None = None, committee_id: int | None = None
) -> list[Newly]:
    """Those of the base of `day` that were registered since the plan's first day, newest first: a constant number of
    statements. Nothing while that day is not entered."""
    question = asked_about(day, known_at=known_at)
    facts, rules = question.facts, question.rules
    if question.since is None:
        return []
    rows = answered("enterprises", day, known_at=known_at, committee_id=committee_id, rules=rules)
    rows = rows.filter(registered_on__gte=question.since).order_by("-registered_on", "id")
    found = list(rows.values_list("id", "was_name", "on_committee", "registered_on", "registered_precision"))
    enough = _Enough(facts, rules)
    covers = _covers(facts, {row[0]: row[3] for row in found})
    called = Committee.objects.names()
    made = []
    for key, name, committee, registered, precision in found:
        # The conditions are asked for at the end of the time that the department gives.
        due = registered + dt.timedelta(days=rules.together_days)
        met = enough.on(key, due) if precision != Precision.ASSUMED else None
        covered, stated = covers.get(key, (None, True))
        covered = covered if covered is not None and covered <= day else None
        state = _state(met, covered, stated, due, day)
        made.append(Newly(key, name, called.get(committee, "未定属地"), registered, met, covered, state))
    return made


def _state(met: bool | None, covered: dt.date | None, stated: bool, due: dt.date, day: dt.date) -> str:
    if covered is not None and covered <= due:
        return TOGETHER
    if met is False:
        return WITHOUT
    if due > day:
        return OPEN
    # Before an assumed beginning nobody knows.
    return UNKNOWN if met is None or (covered is not None and not stated) else LATE


def _covers(facts: Facts, registered: dict[int, dt.date]) -> dict[int, tuple[dt.date, bool]]:
    """By enterprise the first day since it was registered on which a live organization covered it, and whether that day
    was stated."""
    lives = {
        key: (begins, ends, how)
        for key, begins, ends, how in facts.rows(PartyOrganization).values_list(
            "id", "established_on", "dissolved_on", "established_precision"
        )
    }
    found: dict[int, tuple[dt.date, bool]] = {}
    rows = facts.rows(Cover).values_list("enterprise_id", "organization_id", "start", "end", "start_precision")
    for enterprise, body, start, end, how in rows:
        if body not in lives or enterprise not in registered:
            continue
        begins, ends, founded = lives[body]
        first = max(start, begins, registered[enterprise])
        if (end is not None and first >= end) or (ends is not None and first >= ends):
            continue
        stated = (how if start >= begins else founded) != Precision.ASSUMED
        if enterprise not in found or first < found[enterprise][0]:
            found[enterprise] = (first, stated)
    return found


class _Enough:
    """Whether an enterprise has the members for an organization, on a day of its own: the condition three_members
    (reports/conditions.py), which asks for one day of all, in memory."""

    def __init__(self, facts: Facts, rules: Rules):
        self.rules = rules
        self.numbers: dict[int, list[tuple[Span, int | None, int | None]]] = defaultdict(list)
        numbers = facts.rows(Headcount).values_list(
            "enterprise_id", "start", "end", "full_members", "probationary_members"
        )
        for key, start, end, full, probationary in numbers:
            self.numbers[key].append(((start, end), full, probationary))
        counts = [Stage.FULL.value, *([Stage.PROBATIONARY.value] if rules.count_probationary else [])]
        self.at_stage: dict[int, list[Span]] = defaultdict(list)
        stages = facts.rows(MemberStage).filter(stage__in=counts).values_list("member_id", "start", "end")
        for person, start, end in stages:
            self.at_stage[person].append((start, end))
        self.places: dict[int, list[tuple[int, Span]]] = defaultdict(list)
        places = facts.rows(MemberPlacement).filter(enterprise_id__isnull=False)
        for key, person, start, end in places.values_list("enterprise_id", "member_id", "start", "end"):
            self.places[key].append((person, (start, end)))

    def on(self, key: int, day: dt.date) -> bool | None:
        """Yes, no, or None where the numbers are not known."""
        needed = self.rules.members_to_establish
        people = {person for person, span in self.places[key] if _holds(span, day) and self._counts(person, day)}
        live = [(full, more) for span, full, more in self.numbers[key] if _holds(span, day)]
        if not self.rules.count_probationary:
            live = [(full, 0) for full, _ in live]
        if len(people) >= needed or any((full or 0) + (more or 0) >= needed for full, more in live):
            return True
        return False if any(full is not None and more is not None for full, more in live) else None

    def _counts(self, person: int, day: dt.date) -> bool:
        return any(_holds(span, day) for span in self.at_stage[person])


def _holds(span: Span, day: dt.date) -> bool:
    return span[0] <= day and (span[1] is None or span[1] > day)


# -- the page ---------------------------------------------------------------------------------------


def newly(request: HttpRequest) -> HttpResponse:
    """The list of a day, and how many stand how; `state` shows one of them."""
    question, found, shown, state = _asked(request)
    counted = Counter(each.state for each in found)
    founded = [each.days for each in found if each.days is not None]
    page = page_of(shown, request.GET.get("page"))
    context = {
        "question": question,
        "opens": opens(request, [each.pk for each in page]),
        "states": [(code, label, counted[code]) for code, label in STATES.items()],
        "state": state,
        "page": page,
        "every": len(found),
        "middle": sorted(founded)[len(founded) // 2] if founded else None,
        "since": asked_about(question.as_of, known_at=question.known_at).since,
    }
    return render(request, "reports/newly.html", context)


def newly_export(request: HttpRequest) -> HttpResponse:
    question, _, shown, _ = _asked(request)
    if question.form.errors:
        return bad_question(request, question.form)
    title = "新登记企业同步建立党组织情况"
    headings = ["序号", "企业名称", "党（工）委", "成立日期", "登记时够条件", "党组织覆盖自", "相隔天数", "情况"]
    content = workbook_bytes(title, [question.said], headings, _cells(shown))
    return hand_out(request, content, f"{title}（{question.as_of}）.xlsx", what=title, count=len(shown))


def _cells(rows: Iterable[Newly]) -> Iterable[list[Any]]:
    for number, each in enumerate(rows, 1):
        met = "未知" if each.met is None else each.met
        yield [number, each.name, each.committee, each.registered, met, each.covered, each.days, each.state_words]


def _asked(request: HttpRequest) -> tuple[Question, list[Newly], list[Newly], str]:
    own = whose(request)
    question = asked(request)
    found = newly_registered(question.as_of, known_at=question.known_at, committee_id=own)
    state = request.GET.get("state", "")
    shown = [each for each in found if each.state == state] if state in STATES else found
    return question, found, shown, state
