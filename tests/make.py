"""Short ways to make dated facts."""

import datetime as dt

from stdnum.cn import uscc

from committees.models import Committee
from enterprises.models import BaseExclusion, Enterprise, Headcount, Jurisdiction
from instructors.models import Assignment, Instructor
from organizations.models import Cover, Member, MemberPlacement, MemberStage, PartyOrganization

D = dt.date
LONG_AGO = D(2010, 1, 1)


def credit_code(number: int) -> str:
    """A valid made-up credit code (area 999999 does not exist)."""
    body = f"91999999{number:09d}"
    return body + uscc.calc_check_digit(body)


def enterprise(
    committee: Committee | None, name: str = "", *, registered: D | None = LONG_AGO, closed: D | None = None
):
    made = Enterprise.objects.create(
        name=name or f"企业{Enterprise.objects.count() + 1}",
        credit_code=credit_code(Enterprise.objects.count() + 1),
        registered_on=registered,
        closed_on=closed,
    )
    if committee is not None:
        Jurisdiction.objects.create(enterprise=made, committee=committee, start=registered or LONG_AGO)
    return made


def organization(committee: Committee, name: str = "", *, established: D = LONG_AGO, dissolved: D | None = None):
    return PartyOrganization.objects.create(
        committee=committee,
        name=name or f"支部{PartyOrganization.objects.count() + 1}",
        established_on=established,
        dissolved_on=dissolved,
    )


def cover(covered: Enterprise, by: PartyOrganization, start: D = LONG_AGO, end: D | None = None):
    return Cover.objects.create(enterprise=covered, organization=by, start=start, end=end)


def assign(to: Enterprise, committee: Committee, start: D = LONG_AGO, end: D | None = None):
    instructor = Instructor.objects.create(committee=committee, name=f"指导员{Instructor.objects.count() + 1}")
    return Assignment.objects.create(instructor=instructor, enterprise=to, start=start, end=end)


def headcount(of: Enterprise, start: D = LONG_AGO, end: D | None = None, **numbers):
    return Headcount.objects.create(enterprise=of, start=start, end=end, **numbers)


def exclude(left_out: Enterprise, start: D, end: D | None = None, reason: str = "shell"):
    return BaseExclusion.objects.create(enterprise=left_out, start=start, end=end, reason=reason, evidence="核查记录")


def member(committee: Committee, at: Enterprise | None, stage: str = "full", start: D = LONG_AGO, end: D | None = None):
    person = Member.objects.create(committee=committee, name=f"党员{Member.objects.count() + 1}")
    MemberStage.objects.create(member=person, stage=stage, start=start, end=end)
    MemberPlacement.objects.create(member=person, enterprise=at, start=start)
    return person


def confirm(client, address: str, answers: dict, **more):
    """Preview a named action with these answers, then confirm what was previewed."""
    asked = {name: value for name, value in answers.items() if name != "sure"}
    shown = client.post(address, asked)
    return client.post(address, {**asked, "sure": "1", "previewed": shown.context["answers"]}, **more)
