"""Four years of facts of one committee's enterprises."""

import datetime as dt

from committees.models import Committee, CommitteeKind
from common.identifiers import fingerprint
from common.periods import Precision
from coverage_tracker.demo.district import LAST_DAY, TRADES, VILLAGES, District
from enterprises.models import (
    BaseExclusion,
    Enterprise,
    ExclusionReason,
    Headcount,
    Jurisdiction,
    MassOrganization,
    MassOrganizationForm,
    MassOrganizationKind,
    Ownership,
    ReasonNotEstablished,
)
from instructors.models import Assignment, Instructor
from organizations.models import (
    Cover,
    Member,
    MemberPlacement,
    MemberStage,
    OrganizationForm,
    OrganizationKind,
    PartyOrganization,
    PositionGroup,
    SecretarySource,
    SecretaryTerm,
    Sex,
    Stage,
    Subordination,
)
from organizations.models.organizations import term_ends_on


def fill(district: District, committee: Committee, number: int, committees: list[Committee]) -> None:
    random = district.random
    joints = [_joint(district, committee, village) for village in VILLAGES[: max(1, number // 20)]]
    instructors = [
        district.add(
            Instructor(
                committee=committee,
                name=district.person(),
                unit=f"{committee}党政办",
                phone=f"1{random.choice('3578')}{random.randint(0, 999_999_999):09d}",
                full_time=district.chance(0.3),
            )
        )
        for _ in range(max(1, number // 12))
    ]
    for _ in range(number):
        enterprise, registered = _enterprise(district, committee)
        covered_from = _cover(district, enterprise, registered, committee, joints, committees[6])
        _assist(district, enterprise, registered, covered_from, instructors)
        _facts(district, enterprise, registered, covered_from)


def _joint(district: District, committee: Committee, village: str) -> PartyOrganization:
    established = district.day(dt.date(2014, 1, 1), dt.date(2018, 12, 1))
    organization = district.add(
        PartyOrganization(
            committee=committee,
            name=f"中共{committee}{village}社区非公企业联合支部委员会",
            kind=OrganizationKind.BRANCH,
            form=OrganizationForm.JOINT,
            established_on=established,
        )
    )
    _secretary(district, organization, established, SecretarySource.OFFICIAL)
    return organization


def _enterprise(district: District, committee: Committee) -> tuple[Enterprise, dt.date]:
    random = district.random
    trade, section = random.choice(TRADES)
    recent = district.chance(0.16)
    registered = (
        district.day(dt.date(2019, 2, 1), dt.date(2023, 10, 31))
        if recent
        else district.day(dt.date(2003, 1, 1), dt.date(2018, 12, 31))
    )
    closed = district.day(max(registered, dt.date(2019, 6, 1)) + dt.timedelta(days=200), dt.date(2024, 9, 1))
    ownership = random.choices([Ownership.PRIVATE, Ownership.HMT, Ownership.FOREIGN], [86, 8, 6])[0]
    owner_is_member = district.chance(0.25)
    enterprise = district.add(
        Enterprise(
            credit_code=district.credit_code(),
            name=district.enterprise_name(trade),
            ownership=ownership,
            industry=trade,
            industry_section=section,
            above_scale=district.chance(0.15),
            registered_on=registered,
            closed_on=closed if district.chance(0.06) and closed <= LAST_DAY else None,
            legal_representative=district.person(),
            representative_is_member=owner_is_member,
            representative_is_secretary=owner_is_member and district.chance(0.3),
            village=f"{random.choice(VILLAGES)}社区",
            contact_name=district.person(),
            contact_phone=f"1{random.choice('3578')}{random.randint(0, 999_999_999):09d}",
        )
    )
    district.add(Jurisdiction(enterprise=enterprise, committee=committee, start=registered))
    if enterprise.closed_on is None and district.chance(0.03):
        district.add(
            BaseExclusion(
                enterprise=enterprise,
                reason=random.choice([ExclusionReason.SHELL, ExclusionReason.DORMANT, ExclusionReason.SUSPENDED]),
                evidence="演示核查记录",
                start=district.day(max(registered, dt.date(2020, 3, 1)), LAST_DAY),
            )
        )
    return enterprise, registered


def _cover(
    district: District,
    enterprise: Enterprise,
    registered: dt.date,
    committee: Committee,
    joints: list[PartyOrganization],
    industry_line: Committee,
) -> dt.date | None:
    """When and by what the enterprise is covered; None: never in the plan's years."""
    start = _covered_from(district, registered)
    if start is None or (enterprise.closed_on is not None and start >= enterprise.closed_on):
        return None
    if district.chance(0.3):
        line = committee.kind != CommitteeKind.INDUSTRY_LINE and start < dt.date(2018, 1, 1) and district.chance(0.3)
        organization = district.add(
            PartyOrganization(
                committee=committee,
                name=f"中共{enterprise.name}支部委员会",
                kind=OrganizationKind.BRANCH,
                form=OrganizationForm.SINGLE,
                established_on=start,
                subordination=Subordination.INDUSTRY_LINE if line else Subordination.TERRITORIAL,
                superior=industry_line if line else None,
            )
        )
        _secretary(district, organization, start, SecretarySource.ELECTED_INSIDE)
    else:
        organization = district.random.choice(joints)
        start = max(start, organization.established_on)
        if enterprise.closed_on is not None and start >= enterprise.closed_on:
            return None
    district.add(Cover(organization=organization, enterprise=enterprise, start=start, end=enterprise.closed_on))
    return start


def _covered_from(district: District, registered: dt.date) -> dt.date | None:
    if registered >= dt.date(2019, 1, 1):
        # Newly registered: mostly set up along with the enterprise.
        return registered + dt.timedelta(days=district.random.randint(0, 60)) if district.chance(0.9) else None
    lot = district.random.random()
    if lot < 0.55:
        return max(registered, district.day(dt.date(2012, 1, 1), dt.date(2018, 12, 31)))
    if lot < 0.95:
        return district.day(dt.date(2019, 3, 1), dt.date(2020, 12, 20))
    if lot < 0.985:
        return district.day(dt.date(2021, 1, 10), dt.date(2021, 12, 20))
    return district.day(dt.date(2022, 3, 1), dt.date(2023, 12, 20)) if lot < 0.995 else None


def _secretary(district: District, organization: PartyOrganization, established: dt.date, source: str) -> None:
    start = established
    while start <= LAST_DAY:
        ends = term_ends_on(organization.kind, start)
        assert ends is not None
        # Now and then a re-election is late.
        following = ends + dt.timedelta(days=district.random.choice([0, 0, 30, 300]))
        district.add(
            SecretaryTerm(
                organization=organization,
                name=district.person(),
                source=source if district.chance(0.7) else district.random.choice(SecretarySource.values),
                start=start,
                end=following if following <= LAST_DAY else None,
                elected_on=start,
                term_ends_on=ends,
            )
        )
        start = following


def _assist(
    district: District,
    enterprise: Enterprise,
    registered: dt.date,
    covered_from: dt.date | None,
    instructors: list[Instructor],
) -> None:
    """Most of those not covered yet get an instructor; all of them by the end of 2021."""
    plan_begins = dt.date(2019, 3, 1)
    if covered_from is not None and covered_from <= max(registered, plan_begins):
        return
    first = max(registered, plan_begins)
    if registered > dt.date(2021, 6, 1):
        start = first + dt.timedelta(days=district.random.randint(0, 40))
    else:
        start = district.day(first, max(first, dt.date(2021, 12, 15)))
    if covered_from is not None and start >= covered_from and district.chance(0.8):
        return
    if start > LAST_DAY or (enterprise.closed_on is not None and start >= enterprise.closed_on):
        return
    district.add(
        Assignment(
            instructor=district.random.choice(instructors), enterprise=enterprise, start=start, end=enterprise.closed_on
        )
    )


def _facts(district: District, enterprise: Enterprise, registered: dt.date, covered_from: dt.date | None) -> None:
    random = district.random
    employees = min(900, int(random.lognormvariate(3.0, 1.0)) + 2)
    has_own = covered_from is not None
    full = random.choices([0, 1, 2, 3, 4, 6, 9], [25, 25, 15, 15, 10, 6, 4] if has_own else [60, 27, 11, 2, 0, 0, 0])[0]
    years = [day for year in range(2019, 2024) if (day := dt.date(year, 1, 15)) >= registered] or [registered]
    if enterprise.closed_on is not None:
        years = [day for day in years if day < enterprise.closed_on] or [registered]
    for index, start in enumerate(years):
        end = years[index + 1] if index + 1 < len(years) else enterprise.closed_on
        # By the end of 2022 nearly every enterprise with fifty employees has a member.
        grown = max(full, 1) if employees >= 50 and start.year >= 2022 and district.chance(0.97) else full
        district.add(
            Headcount(
                enterprise=enterprise,
                start=start,
                end=end,
                employees=max(2, employees + random.randint(-3, 3)),
                full_members=min(grown, employees),
                probationary_members=int(district.chance(0.1)),
                activists=random.choice([0, 0, 1, 2]),
            )
        )
    if not has_own:
        enterprise.reason_not_established = random.choice(ReasonNotEstablished.values)
    for kind in MassOrganizationKind:
        if district.chance(0.93):
            form = MassOrganizationForm.JOINT if district.chance(0.6) else MassOrganizationForm.OWN
            start = max(registered, district.day(dt.date(2017, 1, 1), dt.date(2020, 12, 25)))
            if enterprise.closed_on is None or start < enterprise.closed_on:
                district.add(
                    MassOrganization(enterprise=enterprise, kind=kind, form=form, start=start, end=enterprise.closed_on)
                )
    if has_own and enterprise.closed_on is None:
        for _ in range(min(full, 4)):
            _member(district, enterprise, registered)


def _member(district: District, enterprise: Enterprise, registered: dt.date) -> None:
    cover = district.rows[Cover][-1]
    committee = cover.organization.committee
    number = f"999999{district.random.randint(0, 10**11 - 1):011d}X"
    member = district.add(
        Member(
            committee=committee,
            name=district.person(),
            sex=district.random.choice(Sex.values),
            born_on=district.day(dt.date(1960, 1, 1), dt.date(1998, 12, 31)),
            education=district.random.choice(["高中", "大专", "本科", "研究生"]),
            id_fingerprint=fingerprint(number),
        )
    )
    full_from = district.day(dt.date(2000, 1, 1), dt.date(2022, 12, 31))
    accepted = full_from.replace(year=full_from.year - 1, day=1)
    district.add(MemberStage(member=member, stage=Stage.PROBATIONARY, start=accepted, end=full_from))
    district.add(MemberStage(member=member, stage=Stage.FULL, start=full_from))
    district.add(
        MemberPlacement(
            member=member,
            enterprise=enterprise,
            organization=cover.organization,
            position_group=district.random.choice(PositionGroup.values),
            start=max(registered, cover.start),
            start_precision=Precision.DAY,
        )
    )
