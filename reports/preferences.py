"""四倾斜 (clause 37): which share of development, commendation, training and funds went where the plan says, in the
year of a day and in the year before. The plan gives no figure: the share is to rise."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import OuterRef, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from committees.models import Committee
from committees.scope import sees_persons
from common.desk.listing import bad_question
from common.desk.pages import hand_out
from common.periods import Precision, live_q
from common.plan import Subject
from common.sheets import workbook_bytes
from instructors.models import Instructor
from organizations.models import Amount, Event, Member, MemberPlacement, MemberStage, Stage
from reports.facts import Facts
from reports.funds import FUNDS
from reports.funnel import BACKBONE
from reports.items import asked_about
from reports.populations import THERE, Asked
from reports.question import Question, asked, whose

DEVELOPMENT, COMMENDATION, TRAINING, MONEY = "development", "commendation", "training", "money"
# (what it is, whose share, of what)
PREFERENCES = {
    DEVELOPMENT: ("党员发展", "企业主、中层和业务骨干", "新发展的党员（人）"),
    COMMENDATION: ("优秀党员评比", "非公企业党员", "表彰的党员（人）"),
    TRAINING: ("学习培训", "党组织书记", "参加培训的党务干部（人次）"),
    MONEY: ("党建经费", "非公企业党组织", "党建经费总额（元）"),
}
# The items that tell of it.
COMMENDED, OF_ENTERPRISES, OF_COMMITTEE = "commendation", "commendation_of_enterprises", "party_funds_total"
TRAININGS = ("secretary_training", "instructor_training", "worker_training")
# What comes to an organization from above, not from its enterprise or members.
FROM_ABOVE = ("党费拨返", "财政")


class Share(NamedTuple):
    """`part` of `base`; not known where the other of the two was never told."""

    part: Decimal | int = 0
    base: Decimal | int = 0
    known: bool = True

    @property
    def told(self) -> tuple[Decimal | int | str, Decimal | int | str]:
        """Both numbers; not known the one that was never told."""
        return self.part if self.part or self.known else "未知", self.base if self.base or self.known else "未知"

    @property
    def percent(self) -> str:
        """Cut, never rounded up, as all rates."""
        if not self.known:
            return "未知"
        if not self.base:
            return "没有"
        cut = int(self.part * 10000 // self.base)
        return f"{cut // 100}.{cut % 100:02d}%"

    def against(self, before: "Share") -> str:
        """Higher, lower, level, or nothing to say."""
        if not (self.known and before.known and self.base and before.base):
            return "无法比较"
        now, then = self.part * before.base, before.part * self.base
        return "上升" if now > then else "下降" if now < then else "持平"


# By committee (None: all of those asked about) and by preference.
Shares = dict[int | None, dict[str, Share]]


def shares_of(question: Asked, committee_id: int | None = None) -> Shares:
    """The shares of the year of the day asked about, until that day: a constant number of statements."""
    facts, day = question.facts, question.day
    parts: dict[tuple[int, str], Counter] = defaultdict(Counter)
    for what, found in (
        (DEVELOPMENT, _developed(facts, day)),
        (COMMENDATION, _commended(facts, day)),
        (TRAINING, _trained(question)),
        (MONEY, _given(question)),
    ):
        for committee, side, number in found:
            if committee_id in (None, committee):
                parts[committee, what][side] += number
    made: Shares = {}
    keys = {committee for committee, _ in parts}
    for committee in keys:
        made[committee] = {what: _share(what, [parts[committee, what]]) for what in PREFERENCES}
    made[None] = {what: _share(what, [parts[committee, what] for committee in keys]) for what in PREFERENCES}
    return made


def _share(what: str, counted: list[Counter]) -> Share:
    part, base = (sum(each[side] for each in counted) for side in ("part", "base"))
    # Of a committee that told one number and not the other nobody knows the share.
    half = any(each["part"] > each["base"] or (each["base"] and "part" not in each) for each in counted)
    return Share(part, base, not (half and what in (COMMENDATION, MONEY)))


Told = Iterator[tuple[int, str, Any]]


def _this_year(day: dt.date) -> dict[str, dt.date]:
    return {"start__gte": dt.date(day.year, 1, 1), "start__lte": day}


def _developed(facts: Facts, day: dt.date) -> Told:
    """Who became a probationary member in the year, and what he is in his enterprise on the day."""
    placed = facts.live(MemberPlacement, day).filter(member_id=OuterRef("member_id"))
    people = facts.rows(Member).filter(id=OuterRef("member_id"))
    rows = facts.rows(MemberStage).filter(stage=Stage.PROBATIONARY, **_this_year(day))
    rows = rows.exclude(start_precision=Precision.ASSUMED).annotate(
        committee=Subquery(people.values("committee_id")[:1]), group=Subquery(placed.values("position_group")[:1])
    )
    for committee, group in rows.filter(committee__isnull=False).values_list("committee", "group"):
        yield committee, "base", 1
        if group in BACKBONE:
            yield committee, "part", 1


def _commended(facts: Facts, day: dt.date) -> Told:
    sides = {COMMENDED: "base", OF_ENTERPRISES: "part"}
    rows = facts.rows(Event).filter(code__in=sides, committee_id__isnull=False, **_this_year(day))
    for committee, code, people in rows.values_list("committee_id", "code", "people"):
        yield committee, sides[code], people or 0


def _trained(question: Asked) -> Told:
    """Secretaries, instructors and those who work for the party, each time that they were trained."""
    facts, day = question.facts, question.day
    bodies = dict(THERE[Subject.ORGANIZATION](question)[0].values_list("id", "on_committee"))
    instructors = dict(facts.rows(Instructor).values_list("id", "committee_id"))
    rows = facts.rows(Event).filter(code__in=TRAININGS, **_this_year(day))
    for code, body, instructor, people in rows.values_list("code", "organization_id", "instructor_id", "people"):
        committee = bodies.get(body) if body is not None else instructors.get(instructor)
        if committee is None:
            continue
        yield committee, "base", (people or 1) if code == "worker_training" else 1
        if code == "secretary_training":
            yield committee, "part", 1


def _given(question: Asked) -> Told:
    """What the committee had for the party's work in all, and what of it its organizations in enterprises got."""
    facts, day = question.facts, question.day
    bodies = dict(THERE[Subject.ORGANIZATION](question)[0].values_list("id", "on_committee"))
    live = facts.rows(Amount).filter(live_q(day))
    given = live.filter(code=FUNDS, channel__in=FROM_ABOVE, organization_id__isnull=False)
    for body, amount in given.values_list("organization_id", "amount"):
        if body in bodies:
            yield bodies[body], "part", amount
    whole = live.filter(code=OF_COMMITTEE, committee_id__isnull=False)
    for committee, amount in whole.values_list("committee_id", "amount"):
        yield committee, "base", amount


# -- the page ---------------------------------------------------------------------------------------


def preferences(request: HttpRequest) -> HttpResponse:
    """The four shares, this year against last; by committee for who sees them all."""
    question, own, now, before = _asked(request)
    context = {
        "question": question,
        "year": question.as_of.year,
        "lines": list(_lines(now[None], before[None])),
        "heads": [label for label, _, _ in PREFERENCES.values()],
        "committees": [] if own is not None else list(_by_committee(now)),
    }
    return render(request, "reports/preferences.html", context)


def preferences_export(request: HttpRequest) -> HttpResponse:
    question, own, now, before = _asked(request)
    if question.form.errors:
        return bad_question(request, question.form)
    year = question.as_of.year
    rows = [["全区" if own is None else "本单位", *cells] for cells in _lines(now[None], before[None])]
    for name, shares in [] if own is not None else _by_committee(now):
        for told, each in zip(PREFERENCES.values(), shares, strict=True):
            rows.append([name, *told, *each.told, each.percent])
    years = [f"{year} 年", "总数", "占比", f"{year - 1} 年", "总数", "占比"]
    headings = ["范围", "倾斜", "倾斜对象", "总数", *years, "比上年"]
    content = workbook_bytes("“四倾斜”情况", [question.said], headings, rows)
    return hand_out(request, content, f"“四倾斜”情况（{question.as_of}）.xlsx", what="“四倾斜”情况", count=len(rows))


def _lines(now: dict[str, Share], before: dict[str, Share]) -> Iterable[list[Any]]:
    for what, (label, whose_share, of) in PREFERENCES.items():
        this, last = now[what], before[what]
        told = [*this.told, this.percent, *last.told, last.percent, this.against(last)]
        yield [label, whose_share, of, *told]


def _by_committee(shares: Shares) -> Iterable[tuple[str, list[Share]]]:
    for each in Committee.objects.filter(pk__in=[key for key in shares if key is not None]):
        yield str(each), list(shares[each.pk].values())


def _asked(request: HttpRequest) -> tuple[Question, int | None, Shares, Shares]:
    # The counts are of people, by what they are in their enterprise.
    if not sees_persons(request.user):
        raise Http404
    own = whose(request)
    question = asked(request)
    now = asked_about(question.as_of, known_at=question.known_at)
    before = asked_about(dt.date(question.as_of.year - 1, 12, 31), known_at=question.known_at)
    return question, own, shares_of(now, own), shares_of(before, own)
