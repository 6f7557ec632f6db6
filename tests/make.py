"""Short ways to make dated facts."""

import datetime as dt

from stdnum.cn import uscc

from committees.models import Committee
from common.plan import Duty, Item, Plan
from common.recording import say
from enterprises.models import BaseExclusion, Enterprise, Headcount, Jurisdiction
from instructors.models import Assignment, Instructor
from organizations.models import Cover, Member, MemberPlacement, MemberStage, PartyOrganization
from organizations.record import record_item
from reports.items import YES, Catalogue, Ought, asked_about, listed, tallies
from reports.models import CountingRules

D = dt.date
LONG_AGO = D(2010, 1, 1)


def credit_code(number: int) -> str:
    """A valid made-up credit code (area 999999 does not exist)."""
    body = f"91999999{number:09d}"
    return body + uscc.calc_check_digit(body)


def enterprise(
    committee: Committee | None, name: str = "", *, registered: D | None = LONG_AGO, closed: D | None = None, **more
):
    made = Enterprise.objects.create(
        name=name or f"企业{Enterprise.objects.count() + 1}",
        credit_code=credit_code(Enterprise.objects.count() + 1),
        registered_on=registered,
        closed_on=closed,
        **more,
    )
    if committee is not None:
        Jurisdiction.objects.create(enterprise=made, committee=committee, start=registered or LONG_AGO)
    return made


def organization(
    committee: Committee, name: str = "", *, established: D = LONG_AGO, dissolved: D | None = None, **more
):
    return PartyOrganization.objects.create(
        committee=committee,
        name=name or f"支部{PartyOrganization.objects.count() + 1}",
        established_on=established,
        dissolved_on=dissolved,
        **more,
    )


def cover(covered: Enterprise, by: PartyOrganization, start: D = LONG_AGO, end: D | None = None, **more):
    return Cover.objects.create(enterprise=covered, organization=by, start=start, end=end, **more)


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


def reach(subject, code: str, on: D, **told):
    """The item `code` is recorded of the subject on `on`."""
    return record_item(subject, item=Item.objects.get(code=code), on=on, **told)


def tallies_of(code: str, day: D, who: str = "", **asked) -> dict:
    """By committee (and under None of none) the tally of an item, of those who ought to have it by the first plan."""
    catalogue = Catalogue()
    item = catalogue.items[code]
    duty = Duty.objects.filter(item=item).first()
    ought = Ought(item, who or duty.who)
    found = tallies(item.subject, [ought], asked_about(day, **asked), catalogue)
    return {key: tally[ought.key] for key, tally in found.items()}


def holders(code: str, day: D, answer: str = YES, who: str = "", **asked) -> list:
    """The rows of the list behind an item's figure."""
    catalogue = Catalogue()
    item = catalogue.items[code]
    duty = Duty.objects.filter(item=item).first()
    return list(listed(item.subject, who or duty.who, asked_about(day, **asked), catalogue, item, answer))


def rules(on: D = LONG_AGO, **told) -> None:
    """The first plan is counted by these rules from `on` on."""
    say(CountingRules, {"plan": Plan.objects.earliest("pk")}, on, told)
