"""A made-up district: committees, enterprises and four years of facts. No real person, no real firm.

Made so that the trend crosses the plan's steps: 90 % in time, full coverage almost, work
coverage in time. The same every time it is made.
"""

from django.db import transaction
from django.db.models import Model

from committees.models import Committee, CommitteeKind, Responsible, User
from committees.scope import Role
from common.filings import joined, topics_of
from common.history import bulk_create_with_history, bulk_insert
from common.models import Filing
from common.plan import Plan
from coverage_tracker.demo.denominator import fill_denominator
from coverage_tracker.demo.district import District
from coverage_tracker.demo.facts import fill
from coverage_tracker.demo.items import BEGAN, fill_items
from coverage_tracker.demo.lately import fill_lately
from coverage_tracker.demo.registrations import fill_registrations
from enterprises.models import (
    BaseExclusion,
    Enterprise,
    Headcount,
    Jurisdiction,
    MassOrganization,
    MassOrganizationKind,
)
from instructors.models import Assignment, Instructor
from ledgers.reporting import BY_COMMAND
from organizations.models import (
    Amount,
    Cover,
    Event,
    Liaison,
    Member,
    MemberPlacement,
    MemberStage,
    PartyOrganization,
    SecretaryTerm,
    State,
)

LEDGER = f"{BY_COMMAND} 演示台账"
PASSWORD = "demo-fugai-2023"  # noqa: S105 - of a made-up district only
COMMITTEES = [
    (CommitteeKind.SUBDISTRICT, "城东办事处党工委", "城东办事处"),
    (CommitteeKind.SUBDISTRICT, "城西办事处党工委", "城西办事处"),
    (CommitteeKind.SUBDISTRICT, "南湖办事处党工委", "南湖办事处"),
    (CommitteeKind.TOWNSHIP, "北岭乡党委", "北岭乡"),
    (CommitteeKind.TOWNSHIP, "清河乡党委", "清河乡"),
    (CommitteeKind.CLUSTER, "产业集聚区党工委", "产业集聚区"),
    (CommitteeKind.INDUSTRY_LINE, "民营企业党工委", "民营企业党工委"),
    (CommitteeKind.INDUSTRY_LINE, "发改委党委", "发改委党委"),
]
# Shares of 600; the two industry lines hold few of their own.
SHARES = [110, 105, 100, 85, 80, 100, 12, 8]


@transaction.atomic
def load() -> None:
    """Fill an empty database with the demo district and its accounts."""
    district = District()
    committees = [
        Committee.objects.create(kind=kind, name=name, short_name=short, order=order)
        for order, (kind, name, short) in enumerate(COMMITTEES, 1)
    ]
    for committee, share in zip(committees, SHARES, strict=True):
        fill(district, committee, share, committees)
    order = (
        Enterprise, Jurisdiction, BaseExclusion, Headcount, MassOrganization, PartyOrganization, Cover,
        SecretaryTerm, Instructor, Assignment, Member, MemberStage, MemberPlacement,
    )  # fmt: skip
    _save(district, order)
    for plan in Plan.objects.filter(effective_from=None):
        plan.effective_from = BEGAN
        plan.save()
    fill_items(district, committees)
    _save(district, (Responsible, Liaison, State, Event, Amount))
    _file(district, committees[-1])
    _accounts(committees)
    fill_denominator()
    fill_lately()
    fill_registrations()


def _save(district: District, models: tuple[type[Model], ...]) -> None:
    for model in models:
        bulk_create_with_history(district.rows.get(model, []), model, user=None, reason="演示数据")


def _file(district: District, silent: Committee) -> None:
    """Let the numbers and mass organizations come from ledgers of their days; one committee has handed in none."""
    theirs = {each.enterprise_id for each in district.rows[Jurisdiction] if each.committee_id == silent.pk}
    topics = topics_of(Headcount, [])
    for kind in MassOrganizationKind.values:
        topics += topics_of(MassOrganization, [kind])
    filings = [
        Filing(subject="enterprise", key=each.enterprise_id, day=each.start, topics=joined(topics), source=LEDGER)
        for each in district.rows[Headcount]
        if each.enterprise_id not in theirs
    ]
    bulk_insert(filings, Filing)


def _accounts(committees: list[Committee]) -> None:
    people = [
        ("quwei", "区委组织部", Role.DISTRICT, None),
        ("quwei-kan", "区委组织部（只读）", Role.DISTRICT_VIEWER, None),
        ("chengdong", "城东办事处经办人", Role.COMMITTEE, committees[0]),
        ("chengdong-kan", "城东办事处（只读）", Role.COMMITTEE_VIEWER, committees[0]),
        ("beiling", "北岭乡经办人", Role.COMMITTEE, committees[3]),
    ]
    for username, name, role, committee in people:
        User.objects.create_user(username, password=PASSWORD, name=name, role=role, committee=committee)
    User.objects.create_superuser("admin", password=PASSWORD, name="系统管理员")
