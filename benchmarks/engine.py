"""The coverage engine beside one plain count."""

import datetime as dt
from collections.abc import Callable
from random import Random

from django.db.models import Count
from django.test import Client

from committees.models import Committee, User
from committees.scope import Role
from common.plan import Item, Shape, plan_on
from enterprises.models import Enterprise, Headcount, Jurisdiction
from instructors.models import Assignment, Instructor
from organizations.models import OWNERS, Amount, Cover, Event, PartyOrganization, State
from reports.coverage import coverage_on, enterprises_in
from reports.duties import duties_of
from reports.grid import grid_on
from reports.items import Catalogue, asked_about
from reports.joint import suggestions
from reports.trend import trend
from reports.verdicts import Judging

DAY = dt.date(2023, 12, 31)


def fill(size: int) -> None:
    """A district of `size` enterprises under 20 committees, instead of what was there."""
    for model in (
        State,
        Event,
        Amount,
        Assignment,
        Cover,
        Headcount,
        Jurisdiction,
        Instructor,
        PartyOrganization,
        Enterprise,
        Committee,
    ):
        model.objects.all()._raw_delete(model.objects.db)  # type: ignore[attr-defined]
    chance = Random(1)

    def day() -> dt.date:
        return dt.date(2012, 1, 1) + dt.timedelta(days=chance.randint(0, 4300))

    committees = Committee.objects.bulk_create(Committee(kind="township", name=f"乡{n}") for n in range(20))
    organizations = PartyOrganization.objects.bulk_create(
        (PartyOrganization(committee=chance.choice(committees), name=f"支部{n}", established_on=day()) for n in range(size // 5)),
        batch_size=2000,
    )  # fmt: skip
    instructors = Instructor.objects.bulk_create(
        Instructor(committee=chance.choice(committees), name=f"指导员{n}") for n in range(size // 10)
    )
    enterprises = Enterprise.objects.bulk_create(
        (
            Enterprise(name=f"企业{n}", registered_on=day(), village=f"村{n % 300}", industry_section="ACFGH"[n % 5])
            for n in range(size)
        ),
        batch_size=2000,
    )
    Jurisdiction.objects.bulk_create(
        (Jurisdiction(enterprise=e, committee=chance.choice(committees), start=e.registered_on) for e in enterprises),
        batch_size=2000,
    )
    Headcount.objects.bulk_create(
        (Headcount(enterprise=e, start=day(), employees=chance.randint(1, 90), full_members=chance.randint(0, 5)) for e in enterprises),
        batch_size=2000,
    )  # fmt: skip
    Cover.objects.bulk_create(
        (Cover(enterprise=e, organization=chance.choice(organizations), start=day()) for e in enterprises if chance.random() < 0.7),
        batch_size=2000,
    )  # fmt: skip
    Assignment.objects.bulk_create(
        (Assignment(enterprise=e, instructor=chance.choice(instructors), start=day()) for e in enterprises if chance.random() < 0.3),
        batch_size=2000,
    )  # fmt: skip
    _items(chance, {"enterprise": enterprises, "organization": organizations, "instructor": instructors}, day)


def _items(chance: Random, subjects: dict, day: Callable[[], dt.date]) -> None:
    """Two in three of those who may have an item have it."""
    facts: dict[type, list] = {State: [], Event: [], Amount: []}
    for item in Item.objects.recorded().filter(subject__in=subjects):
        owner = OWNERS[item.subject]
        for subject in subjects[item.subject]:
            if chance.random() > 0.66:
                continue
            start = day()
            told = {owner: subject, "code": item.code}
            if item.shape == Shape.STATE:
                facts[State].append(State(**told, start=start))
            elif item.shape == Shape.EVENT:
                facts[Event].append(Event(**told, start=start, end=start + dt.timedelta(days=1)))
            else:
                year = dt.date(DAY.year, 1, 1), dt.date(DAY.year + 1, 1, 1)
                facts[Amount].append(Amount(**told, channel="财政", amount=1, start=year[0], end=year[1]))
    for model, rows in facts.items():
        model.objects.bulk_create(rows, batch_size=2000)  # type: ignore[attr-defined]


def items() -> object:
    """Every duty of the plan, of every subject."""
    return duties_of(plan_on(DAY), asked_about(DAY), Catalogue())


def baseline() -> object:
    return list(Jurisdiction.objects.live_on(DAY).values("committee").annotate(number=Count("enterprise")))


def page(address: str) -> object:
    """A page of the product as a district user gets it, through every middleware."""
    user, _ = User.objects.get_or_create(username="bench", defaults={"role": Role.DISTRICT})
    client = Client(HTTP_HOST="localhost")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    return answer


WORKS = {
    "coverage of one date, all figures": lambda: coverage_on(DAY),
    "every item of every subject": items,
    "dashboard: the date and four due dates": lambda: Judging(DAY),
    "trend of 60 months": lambda: trend(dt.date(2019, 1, 1), DAY),
    "first page of the uncovered": lambda: list(enterprises_in("organization_uncovered", DAY)[:20]),
    "neighbours that could found a branch": lambda: suggestions(DAY),
    "place by industry": lambda: grid_on(DAY),
    "page: newly registered": lambda: page("/newly-registered/"),
    "page: list of enterprises": lambda: page("/enterprises/"),
    "page: the same, searched and sorted": lambda: page("/enterprises/?q=77&sort=-organization"),
    "page: the plan, clause by clause": lambda: page("/plan/"),
    "page: who lacks six haves": lambda: page("/items/organization/?item=six_haves&has=no"),
    "page: what is due": lambda: page("/todo/"),
}
