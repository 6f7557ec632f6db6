"""A committee's records as the rows of its own forms: what a template is filled with, so that it is the offline form.

A row is field name → value. What was only assumed is left blank, and a month is written as one, so that the
same file read again changes nothing.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from committees.models import Committee
from common.periods import Precision
from enterprises.models import Enterprise, Headcount, MassOrganization, MassOrganizationForm
from instructors.models import Assignment, Instructor
from ledgers import codes as kinds
from ledgers.kinds.organization_fields import MILESTONE
from organizations.models import (
    Cover,
    Member,
    MemberPlacement,
    MemberStage,
    Milestone,
    PartyOrganization,
    SecretaryTerm,
    Stage,
)

Values = dict[str, Any]
_PARTY = {Stage.FULL.value, Stage.PROBATIONARY.value}


def current_rows(kind: str, committee: Committee, day: dt.date) -> Iterable[Values]:
    """The committee's live records on `day` as rows of this kind; nothing for a kind that is only compared."""
    makers = {
        kinds.ENTERPRISE_LEDGER: _enterprises,
        kinds.ORGANIZATION_SHEET: _organizations,
        kinds.INSTRUCTOR_ROSTER: _instructors,
        kinds.MASS_SHEET: _mass,
        kinds.MEMBER_ROSTER: lambda committee, day: _people(committee, day, party=True),
        kinds.ACTIVIST_ROSTER: lambda committee, day: _people(committee, day, party=False),
    }
    return makers[kind](committee, day) if kind in makers else []


def _date(day: dt.date | None, precision: str = Precision.DAY) -> Any:
    if day is None or precision == Precision.ASSUMED:
        return None
    return f"{day:%Y-%m}" if precision == Precision.MONTH else day


def _by(rows: Iterable[Any], name: str) -> dict[int, list]:
    grouped: dict[int, list] = defaultdict(list)
    for row in rows:
        grouped[getattr(row, f"{name}_id")].append(row)
    return grouped


def _open_enterprises(committee: Committee, day: dt.date) -> list[Enterprise]:
    rows = Enterprise.objects.under(committee.pk, day).exclude(closed_on__lte=day)
    return list(rows.order_by("village", "name", "pk"))


def _enterprises(committee: Committee, day: dt.date) -> Iterator[Values]:
    rows = _open_enterprises(committee, day)
    of_these = {"enterprise__in": Enterprise.objects.under(committee.pk, day)}
    covers = _by(
        Cover.objects.live_on(day).filter(**of_these).select_related("organization").order_by("start"), "enterprise"
    )
    assignments = _by(Assignment.objects.live_on(day).filter(**of_these).select_related("instructor"), "enterprise")
    headcounts = _by(Headcount.objects.live_on(day).filter(**of_these), "enterprise")
    mass = _by(MassOrganization.objects.live_on(day).filter(**of_these), "enterprise")
    terms = _by(SecretaryTerm.objects.live_on(day).filter(organization__committee=committee), "organization")
    for number, row in enumerate(rows, 1):
        values: Values = {"serial": number}
        for name in (
            "village", "name", "former_names", "credit_code", "ownership", "industry", "above_scale",
            "legal_representative", "representative_is_member", "representative_is_secretary", "contact_name",
            "contact_phone", "address", "reason_not_established", "planned_on", "remark",
        ):  # fmt: skip
            values[name] = getattr(row, name)
        values["registered_on"] = _date(row.registered_on, row.registered_precision)
        # Of another committee's organization nothing can be said in our ledger.
        mine = [each for each in covers[row.pk] if each.organization.committee_id == committee.pk]
        values["established"] = bool(mine) if mine or not covers[row.pk] else None
        if mine:
            values |= _of_organization(mine[0].organization, terms)
        for count in headcounts[row.pk][:1]:
            values |= {name: getattr(count, name) for name in Headcount.NUMBERS}
        for each in assignments[row.pk][:1]:
            values |= {
                "instructor_name": each.instructor.name,
                "instructor_unit": each.instructor.unit,
                "instructor_phone": each.instructor.phone,
                "assigned_on": _date(each.start, each.start_precision),
            }
        for each in mass[row.pk]:
            if each.form != MassOrganizationForm.NOT_APPLICABLE:
                values[each.kind] = "联合" if each.form == MassOrganizationForm.JOINT else True
        yield values


def _of_organization(body: PartyOrganization, terms: dict[int, list]) -> Values:
    values: Values = {
        "organization_name": body.name,
        "organization_kind": body.kind,
        "organization_form": body.form,
        "established_on": _date(body.established_on, body.established_precision),
    }
    for term in terms[body.pk][:1]:
        values |= {"secretary_name": term.name, "secretary_source": term.source, "elected_on": _date(term.elected_on)}
    return values


def _organizations(committee: Committee, day: dt.date) -> Iterator[Values]:
    rows = PartyOrganization.objects.filter(committee=committee).live_on(day).select_related("superior")
    covers = _by(
        Cover.objects.live_on(day).filter(organization__committee=committee).select_related("enterprise"),
        "organization",
    )
    terms = _by(SecretaryTerm.objects.live_on(day).filter(organization__committee=committee), "organization")
    milestones = _by(
        Milestone.objects.live_on(day).filter(organization__committee=committee),
        "organization",
    )
    own = set(Enterprise.objects.under(committee.pk, day).values_list("pk", flat=True))
    for number, body in enumerate(rows.order_by("name"), 1):
        covered = [each.enterprise.name for each in covers[body.pk] if each.enterprise_id in own]
        values = {"serial": number, "name": body.name, **_of_organization(body, terms)}
        values["covered_count"] = len(covered)
        values["covered"] = "、".join(covered)
        values["subordination"] = str(body.superior) if body.superior else body.get_subordination_display()
        for each in milestones[body.pk]:
            values[f"{MILESTONE}{each.code}"] = each.note or _date(each.start, each.start_precision) or True
        yield values


def _instructors(committee: Committee, day: dt.date) -> Iterator[Values]:
    people = Instructor.objects.filter(committee=committee).order_by("name", "pk")
    assignments = _by(
        Assignment.objects.live_on(day).filter(instructor__committee=committee).select_related("enterprise"),
        "instructor",
    )
    own = set(Enterprise.objects.under(committee.pk, day).values_list("pk", flat=True))
    number = 0
    for person in people:
        for each in [each for each in assignments[person.pk] if each.enterprise_id in own] or [None]:
            number += 1
            yield {
                "serial": number,
                "instructor_name": person.name,
                "instructor_unit": person.unit,
                "instructor_phone": person.phone,
                "full_time": person.full_time,
                "enterprises": each.enterprise.name if each else None,
                "assigned_on": _date(each.start, each.start_precision) if each else None,
            }


def _mass(committee: Committee, day: dt.date) -> Iterator[Values]:
    held = _by(
        MassOrganization.objects.live_on(day).filter(enterprise__in=Enterprise.objects.under(committee.pk, day)),
        "enterprise",
    )
    for number, row in enumerate(_open_enterprises(committee, day), 1):
        values: Values = {"serial": number, "name": row.name, "credit_code": row.credit_code}
        for each in held[row.pk]:
            if each.form == MassOrganizationForm.NOT_APPLICABLE:
                values[f"{each.kind}_reason"] = each.reason
            else:
                values[each.kind] = "联合" if each.form == MassOrganizationForm.JOINT else True
                values[f"{each.kind}_on"] = _date(each.start, each.start_precision)
        yield values


def _people(committee: Committee, day: dt.date, *, party: bool) -> Iterator[Values]:
    stages = _by(MemberStage.objects.filter(member__committee=committee, start__lte=day).order_by("start"), "member")
    places = _by(
        MemberPlacement.objects.live_on(day)
        .filter(member__committee=committee)
        .select_related("enterprise", "organization"),
        "member",
    )
    number = 0
    for person in Member.objects.filter(committee=committee).order_by("name", "pk"):
        live = next((each for each in stages[person.pk] if each.is_live_on(day)), None)
        if live is None or (live.stage in _PARTY) != party:
            continue
        number += 1
        values: Values = {"serial": number, "category": live.stage}
        values |= {name: getattr(person, name) for name in ("name", "sex", "born_on", "education", "phone")}
        begun = {each.stage: _date(each.start, each.start_precision) for each in stages[person.pk]}
        values |= {
            "applied_on": begun.get(Stage.APPLICANT),
            "activist_on": begun.get(Stage.ACTIVIST),
            "candidate_on": begun.get(Stage.CANDIDATE),
            "joined_on": begun.get(Stage.PROBATIONARY) or begun.get(Stage.FULL),
            "full_on": begun.get(Stage.FULL) if Stage.PROBATIONARY in begun else None,
        }
        for place in places[person.pk][:1]:
            values["workplace"] = place.enterprise.name if place.enterprise else None
            values["organization_name"] = place.organization.name if place.organization else None
            values["position"] = place.position_group
        yield values
