"""What is recorded of the plan's items until today, as the catalogue declares them: by committees of different
merit."""

import datetime as dt
from decimal import Decimal
from typing import Any

from committees.models import Committee, Responsible, ResponsibleDuty
from common.periods import months_before
from common.plan import Duty, Item, Lapse, Obligation, Shape, Subject
from common.today import today
from coverage_tracker.demo.district import District
from enterprises.models import Enterprise, Jurisdiction
from instructors.models import Assignment, Instructor
from organizations.models import OWNERS, Amount, Event, Liaison, Member, PartyOrganization, SecretaryTerm, State

BEGAN = dt.date(2019, 3, 1)
# How much of what it ought to a committee does, in the order of the committees.
MERIT = (0.96, 0.9, 0.82, 0.72, 0.6, 0.86, 0.93, 0.5)
SHARES: dict[str, float] = {Obligation.MUST: 1.0, Obligation.STRIVE: 0.3, Obligation.ADVOCATE: 0.35}
# What is awarded, few have.
AWARDED = 0.07
ONE_DAY = dt.timedelta(days=1)
TOPICS = {
    "instructor_graded": ["优秀", "合格", "合格", "基本合格"],
    "activity": ["主题党日", "三会一课", "组织生活会", "志愿服务", "党员大会"],
    "heart_talks": ["与党员谈心", "与职工谈心"],
    "visit": [""],
}
PLACES = ["光明社区党支部", "团结村党支部", "前进社区党委", "区人社局机关党支部"]


def fill_items(district: District, committees: list[Committee]) -> None:
    """Facts of every item for whoever is there, and who is responsible."""
    merit = {each.pk: MERIT[place % len(MERIT)] for place, each in enumerate(committees)}
    _responsible(district, committees)
    _liaisons(district, merit)
    homes = {each.enterprise_id or each.enterprise.pk: each.committee for each in district.rows[Jurisdiction]}
    terms: dict[int, list[SecretaryTerm]] = {}
    for term in district.rows[SecretaryTerm]:
        terms.setdefault(id(term.organization), []).append(term)
    sent = {id(each.instructor) for each in district.rows.get(Assignment, []) if each.end is None}
    kinds = {item.pk: kind for item, kind in _kinds().items()}
    for item in Item.objects.recorded():
        share = SHARES[kinds.get(item.pk, Obligation.ADVOCATE)]
        if item.subject in (Subject.ORGANIZATION, Subject.ENTERPRISE, Subject.MEMBER) and "典型" in item.label:
            share = AWARDED
        if "双强六好" in item.label:
            share = AWARDED if "区级" in item.label else AWARDED / 3
        for subject, committee_id, first, last in _subjects(district, item, homes, committees, sent):
            if first < last and district.chance(share * merit[committee_id]):
                person = _secretary(terms, subject) if item.subject == Subject.SECRETARY else ""
                _record(district, item, subject, person, max(first, BEGAN), last, merit[committee_id])


def _kinds() -> dict[Item, str]:
    return {duty.item: duty.kind for duty in Duty.objects.select_related("item")}


def _subjects(district: District, item: Item, homes: dict, committees: list[Committee], sent: set[int]) -> Any:
    """(subject, key of its committee, since when it is there, until when) of whoever may have the item."""
    now = today()
    if item.subject == Subject.ENTERPRISE:
        for each in district.rows[Enterprise]:
            yield each, homes[each.pk].pk, each.registered_on, each.closed_on or now
    elif item.subject in (Subject.ORGANIZATION, Subject.SECRETARY):
        for each in district.rows[PartyOrganization]:
            yield each, each.committee.pk, each.established_on, now
    elif item.subject == Subject.INSTRUCTOR:
        for each in district.rows[Instructor]:
            if id(each) in sent:
                yield each, each.committee.pk, BEGAN, now
    elif item.subject == Subject.MEMBER:
        for each in district.rows.get(Member, []):
            yield each, each.committee.pk, BEGAN, now
    else:
        for committee in committees:
            yield committee, committee.pk, BEGAN, now


def _secretary(terms: dict[int, list[SecretaryTerm]], body: PartyOrganization) -> str:
    return terms[id(body)][-1].name


def _record(
    district: District, item: Item, subject: Any, person: str, first: dt.date, last: dt.date, merit: float
) -> None:
    owner: dict[str, Any] = {OWNERS[item.subject]: subject, "code": item.code, "person": person}
    if item.shape == Shape.AMOUNT:
        for year in range(max(first.year, 2020), last.year + 1):
            for channel in district.random.sample(item.channels, min(2, len(item.channels))):
                amount = Decimal(district.random.randint(5, 80) * (20_000 if item.code == "wages" else 100))
                start, end = dt.date(year, 1, 1), dt.date(year + 1, 1, 1)
                if start >= first:
                    district.add(Amount(**owner, channel=channel, amount=amount, start=start, end=end))
        return
    if item.shape == Shape.STATE:
        told = {
            "number": district.random.randint(1, 4) if "number" in item.asks else None,
            "document": f"演示发〔{district.random.randint(2019, 2025)}〕{district.random.randint(1, 30)} 号"
            if "document" in item.asks
            else "",
            "other": district.random.choice(PLACES) if "other" in item.asks else "",
        }
        start = _of_this_year(district, last) if item.lapse == Lapse.YEAR else district.day(first, last - ONE_DAY)
        closes = getattr(subject, "closed_on", None)
        district.add(State(**owner, **told, start=max(start, first), end=closes))
        return
    for day in _days(district, item, first, last, merit):
        topics = TOPICS.get(item.code, [""]) if "topic" in item.asks else [""]
        event = {
            "topic": district.random.choice(topics),
            "people": district.random.randint(3, 30) if "people" in item.asks else None,
            "hours": Decimal(district.random.choice([4, 8, 16])) if "hours" in item.asks else None,
            "jointly": district.chance(0.3) if "jointly" in item.asks else None,
            "other": district.random.choice(PLACES) if "other" in item.asks else "",
        }
        district.add(Event(**owner, **event, start=day, end=day + ONE_DAY))


def _of_this_year(district: District, last: dt.date) -> dt.date:
    return district.day(dt.date(last.year, 1, 1), last - ONE_DAY)


def _days(district: District, item: Item, first: dt.date, last: dt.date, merit: float) -> list[dt.date]:
    """When it was done: what lapses again and again in the last years, as often as it is asked and the merit lets."""
    if not item.lapses:
        return [district.day(first, last - ONE_DAY)]
    if item.lapse == Lapse.YEAR:
        years = [year for year in range(max(first.year, 2021), last.year + 1) if district.chance(merit)]
        spans = [(dt.date(year, 1, 1), min(dt.date(year, 12, 28), last - ONE_DAY)) for year in years]
    else:
        step = item.months if item.lapse == Lapse.MONTHS and item.months else 3
        count = 6 if step < 12 else 3
        ends = [months_before(last, step * number) for number in range(count)]
        spans = [(months_before(end, step), end - ONE_DAY) for end in ends if district.chance(merit)]
    days = {district.day(begin, until) for begin, until in spans if begin >= first and begin < until}
    return sorted(days)


def _responsible(district: District, committees: list[Committee]) -> None:
    for place, committee in enumerate(committees):
        for duty, post in ((ResponsibleDuty.FIRST, "书记"), (ResponsibleDuty.DIRECT, "副书记")):
            if place == len(committees) - 1 and duty == ResponsibleDuty.DIRECT:
                continue
            change = dt.date(2022, 3 + place, 1)
            for start, end in ((BEGAN, change), (change, None)):
                name = district.person()
                district.add(Responsible(committee=committee, duty=duty, name=name, post=post, start=start, end=end))


def _liaisons(district: District, merit: dict[int, float]) -> None:
    leaders = {committee: [district.person() for _ in range(8)] for committee in merit}
    for body in district.rows[PartyOrganization]:
        if district.chance(merit[body.committee.pk]):
            start = max(body.established_on, district.day(BEGAN, dt.date(2022, 12, 31)))
            name = district.random.choice(leaders[body.committee.pk])
            district.add(Liaison(organization=body, name=name, post=f"{body.committee}党员领导干部", start=start))
