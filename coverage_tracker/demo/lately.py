"""What the demo shows beside the plan's four years: people on their way into the party, and neighbours that could found
a branch together; today, with chances of its own, so that the rest stays as it is."""

import datetime as dt
import random

from django.db import transaction

from committees.models import Committee, User
from committees.scope import Role
from common.recording import say
from common.today import today
from coverage_tracker.demo.district import GIVEN, SURNAMES
from enterprises.models import Enterprise, Headcount, MassOrganization, MassOrganizationForm
from instructors.models import Instructor
from organizations.models import (
    Amount,
    Cover,
    Inspection,
    InspectionForm,
    Member,
    MemberPlacement,
    MemberStage,
    Nomination,
    NominationState,
    OrganizationForm,
    PartyOrganization,
    PositionGroup,
    SecretaryTerm,
    Stage,
    Standing,
)

_STAGES = list(Stage.values)
# How many are at each stage; of the probationary some are over their year.
_PEOPLE = {Stage.APPLICANT: 24, Stage.ACTIVIST: 18, Stage.CANDIDATE: 8, Stage.PROBATIONARY: 9}


@transaction.atomic
def fill_lately() -> None:
    """Needs enterprises, covers and members in the database."""
    chance = random.Random(21)
    _people(chance)
    _neighbours(chance)
    _nominations(chance)
    _terms()
    _sites(random.Random(9))
    _leaders()
    _elections()
    _totals(random.Random(37))
    _persons_named(random.Random(7))
    _inspections(random.Random(34))


def _people(chance: random.Random) -> None:
    covers = list(Cover.objects.live_on(today()).filter(enterprise__placements__isnull=False).distinct().order_by("pk"))
    for stage, number in _PEOPLE.items():
        for cover in chance.sample(covers, number):
            committee = cover.organization.committee
            name = chance.choice(SURNAMES) + "".join(chance.sample(GIVEN, 2))
            born = dt.date(1985, 1, 1) + dt.timedelta(days=chance.randrange(6000))
            person = Member.objects.create(committee=committee, name=name, born_on=born)
            group = chance.choice([*PositionGroup.values, PositionGroup.KEY_STAFF, PositionGroup.MIDDLE_MANAGER])
            came = today() - dt.timedelta(days=chance.randrange(20, 480))
            begun = came - dt.timedelta(days=400 * _STAGES.index(stage))
            MemberPlacement.objects.create(
                member=person,
                enterprise=cover.enterprise,
                organization=cover.organization,
                start=max(begun, cover.start),
                position_group=group,
            )
            for place, at in enumerate(_STAGES[: _STAGES.index(stage) + 1]):
                start = begun + dt.timedelta(days=400 * place)
                end = None if at == stage else start + dt.timedelta(days=400)
                MemberStage.objects.create(member=person, stage=at, start=start, end=end)


def _neighbours(chance: random.Random) -> None:
    """Uncovered enterprises of one community, with a member or two each."""
    bare = Enterprise.objects.filter(closed_on=None, covers=None, exclusions=None).order_by("pk")
    for number, enterprise in enumerate(bare[:8]):
        near = bare[number - number % 3]
        enterprise.village = near.village
        enterprise.save()
        numbers = {"full_members": 2 if number % 3 == 0 else 1}
        say(Headcount, {"enterprise": enterprise}, today() - dt.timedelta(days=chance.randrange(30, 90)), numbers)


def _terms() -> None:
    """Terms of instructors: over, over soon, and for long."""
    for place, person in enumerate(Instructor.objects.filter(left_on=None).order_by("pk")):
        person.term_until = today() + dt.timedelta(days=[-40, 60, 400, 700][place % 4])
        person.save()


def _sites(chance: random.Random) -> None:
    """A park and a building in which some enterprises are; of the small ones some are covered by their grid."""
    for enterprise in chance.sample(list(Enterprise.objects.filter(closed_on=None).order_by("pk")), 40):
        enterprise.site = chance.choice(["示例科技园", "创业大厦"])
        enterprise.save()
    joint = MassOrganization.objects.filter(form=MassOrganizationForm.JOINT, end=None).order_by("pk")
    for row in chance.sample(list(joint), 30):
        row.form = MassOrganizationForm.GRID
        row.save()


def _leaders() -> None:
    """All joint branches but the last have an enterprise that leads."""
    bodies = PartyOrganization.objects.filter(form=OrganizationForm.JOINT, dissolved_on=None).order_by("pk")
    for body in list(bodies)[:-1]:
        first = body.covers.filter(end=None).order_by("pk").first()
        if first is not None:
            first.leads = True
            first.save()


def _elections() -> None:
    """By which documents secretaries are in office, and who is full-time; of some nobody has said."""
    for place, term in enumerate(SecretaryTerm.objects.filter(end=None).order_by("pk")):
        term.document = f"演组〔{term.start.year}〕{place + 1}号" if place % 4 else ""
        term.full_time = [False, False, True, None][place % 4]
        term.save()


def _totals(chance: random.Random) -> None:
    """What each committee has for the party's work this year and last; and small ones that cannot have a union."""
    for committee in Committee.objects.filter(active=True):
        for year in (today().year - 1, today().year):
            span = {"start": dt.date(year, 1, 1), "end": dt.date(year + 1, 1, 1)}
            for channel in ("党费", "财政"):
                whose = {"committee": committee, "code": "party_funds_total", "channel": channel}
                if not Amount.objects.filter(**whose, **span).exists():
                    Amount.objects.create(**whose, **span, amount=chance.randrange(40, 90) * 10_000)
    for row in MassOrganization.objects.filter(form=MassOrganizationForm.JOINT, end=None).order_by("-pk")[:12]:
        row.form, row.reason = MassOrganizationForm.NOT_APPLICABLE, "职工不足 5 人"
        row.save()


def _persons_named(chance: random.Random) -> None:
    """Persons who are recommended as exemplars."""
    people = Member.objects.filter(placements__end=None, stages__stage=Stage.FULL, stages__end=None).distinct()
    for person in chance.sample(list(people.order_by("pk")), 3):
        Nomination.objects.create(
            member=person,
            code="person_exemplar_district",
            evidence="演示：技术革新带头人，连续两年优秀党员",
            recommended_on=today() - dt.timedelta(days=chance.randrange(5, 40)),
            recommended_by=User.objects.filter(committee=person.committee, role=Role.COMMITTEE).first(),
        )


def _nominations(chance: random.Random) -> None:
    """On the way to “双强六好”: waiting for the review, for the award, and turned down."""
    code = "double_strong_district"
    bodies = PartyOrganization.objects.filter(dissolved_on=None).exclude(states__code=code).order_by("pk")
    states = [*[NominationState.RECOMMENDED] * 4, *[NominationState.REVIEWED] * 2, NominationState.DECLINED]
    district = User.objects.filter(role=Role.DISTRICT).first()
    for state, body in zip(states, chance.sample(list(bodies), len(states)), strict=True):
        reviewed = state != NominationState.RECOMMENDED
        Nomination.objects.create(
            organization=body,
            code=code,
            evidence="演示：连续三年完成年度目标，党员示范岗带动技改",
            recommended_on=today() - dt.timedelta(days=chance.randrange(20, 60)),
            recommended_by=User.objects.filter(committee=body.committee, role=Role.COMMITTEE).first(),
            state=state,
            reviewed_on=today() - dt.timedelta(days=chance.randrange(1, 15)) if reviewed else None,
            reviewed_by=district if reviewed else None,
            said={NominationState.REVIEWED: "材料属实", NominationState.DECLINED: "六好不足，明年再报"}.get(state, ""),
        )


_FOUND = [
    "演示：党员活动室没有制度上墙",
    "演示：“三会一课”记录不全，缺两次党课",
    "演示：指导员联系走访没有记录",
    "演示：党员名册与实际不符",
]


def _inspections(chance: random.Random) -> None:
    """Of committees, organizations and enterprises, however far they are put right."""
    district = User.objects.filter(role=Role.DISTRICT).first()
    bodies = PartyOrganization.objects.filter(dissolved_on=None).order_by("pk")
    covered = (
        Enterprise.objects.filter(closed_on=None, covers__end=None, covers__isnull=False).distinct().order_by("pk")
    )
    subjects = [
        *(("committee", each, each) for each in Committee.objects.all()),
        *(("organization", each, each.committee) for each in chance.sample(list(bodies), 12)),
        *(
            ("enterprise", each, each.jurisdictions.get(end=None).committee)
            for each in chance.sample(list(covered), 12)
        ),
    ]
    for number, (name, subject, committee) in enumerate(subjects):
        at = list(Standing)[number % len(Standing)]
        inspected = today() - dt.timedelta(days=chance.randrange(40, 50))
        due = today() + dt.timedelta(
            days=-chance.randrange(1, 12) if at == Standing.OVERDUE else chance.randrange(2, 20)
        )
        done = at in (Standing.REPORTED, Standing.CLOSED)
        reporter = User.objects.filter(committee=committee, role=Role.COMMITTEE).first()
        Inspection.objects.create(
            **{name: subject},
            form=chance.choice(InspectionForm.values),
            inspected_on=inspected,
            findings="" if at == Standing.NONE else chance.choice(_FOUND),
            due_on=None if at == Standing.NONE else due,
            entered_by=district,
            outcome="演示：已补齐，并定了专人负责" if done else "",
            reported_on=today() - dt.timedelta(days=chance.randrange(3, 15)) if done else None,
            reported_by=reporter if done else None,
            closed_on=today() - dt.timedelta(days=2) if at == Standing.CLOSED else None,
            closed_by=district if at == Standing.CLOSED else None,
        )
