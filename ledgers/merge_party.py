"""One row taken into the register: its organization, secretary and instructor."""

import datetime as dt

from django.db.models import Model

from common.ledger_dates import LedgerDate
from common.periods import Precision
from common.text import name_key
from enterprises.models import (
    Enterprise,
)
from instructors.models import Assignment, Instructor
from ledgers.checks import has_organization
from ledgers.claims import Claim
from ledgers.models import ConflictKind
from ledgers.problems import WARNING
from ledgers.register import Register, compatible, owner_key, refers
from ledgers.rows import Row
from ledgers.staging import CHANGED, NEW
from organizations.models import (
    Cover,
    OrganizationForm,
    OrganizationKind,
    PartyOrganization,
    SecretaryTerm,
)
from organizations.models.organizations import term_ends_on


def merge_organization(register: Register, enterprise: Enterprise, row: Row) -> None:
    covers = register.facts(Cover, enterprise)
    if row.get("established") is False:
        for cover in [each for each in covers if each.is_live_on(register.as_of)]:
            register.end(cover, covers, "党组织覆盖")
    if not has_organization(row):
        register.end_at_closing(enterprise, covers, "党组织覆盖")
        return
    name = organization_name(register, row)
    known = register.organizations.get(name_key(name))
    old_start = None if known is None else implied_start(register, known, enterprise)
    organization = settle_organization(register, row, name)
    merge_cover(register, enterprise, organization, covers, old_start)
    register.end_at_closing(enterprise, covers, "党组织覆盖")
    merge_secretary(register, organization, row)


def settle_organization(register: Register, row: Row, name: str) -> PartyOrganization:
    """The committee's organization of this name with what the row says of it, made if there is none."""
    organization = register.organizations.get(name_key(name))
    _compare_namesake(register, row, name)
    if organization is None:
        established = register.stated(row, "established_on")
        organization = PartyOrganization(
            committee=register.committee,
            name=name,
            established_on=established.day,
            established_precision=established.precision,
        )
        register.organizations[name_key(name)] = organization
        register.staging.create(organization)
        register.staging.note(NEW, "党组织", None, name)
    elif established := row.get("established_on"):
        register.set_date(organization, "established_on", "established_precision", established)
    elif organization.established_precision == Precision.ASSUMED and register.as_of < organization.established_on:
        register.staging.set(organization, "established_on", register.as_of)
    _say(register, row, organization, "kind", "organization_kind")
    _say(register, row, organization, "form", "organization_form")
    return organization


def _compare_namesake(register: Register, row: Row, name: str) -> None:
    """One organization under two committees must have one founding date; which is the district's to say."""
    other, stated = register.namesakes.get(name_key(name)), row.get("established_on")
    if other is None or stated is None or other.established_precision == Precision.ASSUMED:
        return
    if compatible(LedgerDate(other.established_on, Precision(other.established_precision)), stated):
        return
    claim = Claim(
        ConflictKind.TWO_DATES,
        other.name,
        other.name,
        f"{stated.day} 成立",
        f"{other.established_on} 成立",
        other.committee_id,
    )
    if claim not in register.claims:
        register.claims.append(claim)
        row.report(
            WARNING, "established_on", "成立时间：与其他单位登记的同名党组织不同，已列入“冲突”，由区委组织部核定"
        )


def organization_name(register: Register, row: Row) -> str:
    """The organization's name; a ledger without that column gets one made from the enterprise's."""
    if name := row.get("organization_name"):
        return name
    body = {OrganizationKind.COMMITTEE: "委员会", OrganizationKind.GENERAL_BRANCH: "总支部委员会"}.get(
        row.get("organization_kind"), "支部委员会"
    )
    if row.get("organization_form") in {OrganizationForm.JOINT, OrganizationForm.GRID} and row.get("secretary_name"):
        return f"中共{register.committee}非公企业联合{body}（书记：{row.get('secretary_name')}）"
    return f"中共{row.get('name')}{body}"


def implied_start(register: Register, organization: PartyOrganization, enterprise: Enterprise) -> dt.date:
    """When cover begins if a ledger names the organization's founding day only."""
    return max(organization.established_on, enterprise.registered_on or organization.established_on)


def merge_cover(register: Register, enterprise, organization, covers: list, old_start: dt.date | None) -> None:
    """Let the organization cover the enterprise from when both are there; mend a start that was only assumed.

    `old_start`: when the cover began by the organization's founding day as it was held before this row.
    """
    start = implied_start(register, organization, enterprise)
    probe = register.probe(enterprise)
    mine = [each for each in covers if refers(each, "organization", organization)]
    live = next((each for each in mine if each.is_live_on(probe)), None)
    if live is not None:
        derived = old_start is not None and live.start == old_start
        if live.start != start <= probe and (derived or live.start_precision == Precision.ASSUMED) and len(mine) == 1:
            register.staging.set(live, "start", start, what="党组织覆盖开始日期")
            register.staging.assign(live, "start_precision", organization.established_precision)
        return
    precision = organization.established_precision
    ended = [each.end for each in mine if each.end is not None and each.end <= register.as_of]
    if ended:
        # Covered again after an end: from the ledger's date, not over the gap.
        start, precision = max(register.as_of, *ended), Precision.ASSUMED
    if start > probe:
        return
    following = following_of(mine, start)
    if pulled_back(register, following, LedgerDate(start, Precision(precision)), "党组织覆盖开始日期"):
        return
    others = [each for each in covers if each.is_live_on(register.as_of) and each not in mine]
    cover = Cover(
        organization=organization,
        enterprise=enterprise,
        start=start,
        start_precision=precision,
        end=None if following is None else following.start,
    )
    covers.append(cover)
    register.staging.create(cover)
    old = f"另有 {len(others)} 个党组织覆盖，仍保留" if others else None
    register.staging.note(NEW, "党组织覆盖", old, f"{organization.name}（{start} 起）")


def following_of(facts: list, day: dt.date):
    """The first of the facts that begins after `day`, or None. An older ledger may come in after a newer one."""
    return min((each for each in facts if each.start > day), key=lambda each: each.start, default=None)


def pulled_back(register: Register, following, begun: LedgerDate, what: str) -> bool:
    """Let a later fact that was only assumed to begin where it does begin on the earlier day; False for any other."""
    if following is None or following.start_precision != Precision.ASSUMED:
        return False
    register.staging.set(following, "start", begun.day, what=what)
    register.staging.assign(following, "start_precision", begun.precision)
    return True


def merge_secretary(register: Register, organization: PartyOrganization, row: Row) -> None:
    name = row.get("secretary_name")
    if not name or register.said_secretary.get(name_key(organization.name), (row, name))[1] != name:
        return
    terms = register.secretary_terms[owner_key(organization, organization.name)]
    elected = row.get("elected_on")
    live = next((each for each in terms if each.is_live_on(register.as_of)), None)
    if elected is not None:
        # A term that begins after the ledger's date is there already when the ledger comes again.
        live = next((each for each in terms if each.name == name and each.start == elected.day), live)
    if live is not None and live.name == name:
        _say(register, row, live, "source", "secretary_source")
        if elected is not None and live.elected_on != elected.day and _first_to_say(register, row, live, "elected_on"):
            register.staging.set(live, "elected_on", elected.day)
            register.staging.assign(live, "term_ends_on", term_ends_on(organization.kind, elected.day))
        return
    start = elected.day if elected is not None else register.as_of
    if live is not None and live.start >= start:
        start = register.as_of
    ends = None
    if live is not None and live.start < start:
        register.staging.note(CHANGED, "书记", live.name, name)
        ends = live.end
        register.staging.assign(live, "end", start)
    elif live is not None:
        register.staging.set(live, "name", name, what="书记")
        return
    # Nobody follows before the one before has gone.
    start = max([start, *(each.end for each in terms if each.end is not None and each.start <= start < each.end)])
    later = [each.start for each in terms if each.start > start] + ([ends] if ends is not None else [])
    term = SecretaryTerm(
        organization=organization,
        name=name,
        start=start,
        start_precision=Precision.ASSUMED if elected is None else elected.precision,
        end=min(later, default=None),
        elected_on=None if elected is None else elected.day,
        term_ends_on=None if elected is None else term_ends_on(organization.kind, elected.day),
    )
    terms.append(term)
    register.staging.create(term)
    _say(register, row, term, "source", "secretary_source")
    if elected is not None:
        _first_to_say(register, row, term, "elected_on")
    if live is None:
        register.staging.note(NEW, "书记", None, name)


def merge_instructor(register: Register, enterprise: Enterprise, row: Row) -> None:
    assignments = register.facts(Assignment, enterprise)
    name = row.get("instructor_name")
    if name:
        instructor = settle_instructor(register, name, row, [enterprise])
        merge_assignment(register, enterprise, instructor, assignments, row)
    register.end_at_closing(enterprise, assignments, "指导员派驻")


def settle_instructor(register: Register, name: str, row: Row, enterprises: list[Enterprise]) -> Instructor:
    """The person meant: the same name inside the committee and no other phone; or, with another phone, the one who
    is assigned to one of `enterprises` already."""
    phone = row.get("instructor_phone") or ""
    namesakes = register.instructors[name]
    person = (
        next((each for each in namesakes if phone and each.phone == phone), None)
        or next((each for each in namesakes if not phone or not each.phone), None)
        or next((each for each in namesakes if _assists(register, each, enterprises)), None)
    )
    if person is None:
        person = Instructor(committee=register.committee, name=name)
        namesakes.append(person)
        register.staging.create(person)
        register.staging.note(NEW, "指导员", None, name)
    _say(register, row, person, "phone", "instructor_phone")
    _say(register, row, person, "unit", "instructor_unit")
    _say(register, row, person, "full_time", "full_time")
    return person


def _assists(register: Register, person: Instructor, enterprises: list[Enterprise]) -> bool:
    return any(
        refers(each, "instructor", person) and each.is_live_on(register.as_of)
        for enterprise in enterprises
        for each in register.facts(Assignment, enterprise)
    )


def _say(register: Register, row: Row, record: Model, name: str, column: str) -> None:
    """Set what the row says of the record; of several rows of a file that differ, the first is believed."""
    value = row.get(column)
    if value is not None and value != "" and _first_to_say(register, row, record, column):
        register.staging.set(record, name, value)


def _first_to_say(register: Register, row: Row, record: Model, column: str) -> bool:
    """Whether no earlier row of the file says something else of the record; reports it when one does."""
    value = row.get(column)
    first, said = register.said.setdefault((id(record), column), (row, value))
    if said == value or (isinstance(said, LedgerDate) and isinstance(value, LedgerDate) and compatible(said, value)):
        return True
    what = "指导员" if isinstance(record, Instructor) else "党组织"
    row.report(
        WARNING, column, f"{row.label(column)}：同一{what}在第 {first.number} 行写的不一样，按该行记，请改成一致"
    )
    return False


def merge_assignment(register: Register, enterprise, instructor: Instructor, assignments: list, row: Row) -> None:
    stated = row.get("assigned_on")
    start, precision = register.stated(row, "assigned_on")
    mine = [each for each in assignments if refers(each, "instructor", instructor)]
    probe = register.probe(enterprise)
    live = next((each for each in mine if each.is_live_on(probe)), None)
    if live is not None:
        if stated is not None and stated.day <= probe:
            register.set_date(live, "start", "start_precision", stated)
        elif live.start_precision == Precision.ASSUMED and start < live.start:
            register.staging.set(live, "start", start)
        return
    ended = [each.end for each in mine if each.end is not None and each.end > start]
    if ended:
        start, precision = max(register.as_of, *ended), Precision.ASSUMED
    if start > probe:
        if enterprise.closed_on is not None:
            row.report(WARNING, "assigned_on", "派驻时间：不早于企业注销日期，不计派驻")
        return
    following = following_of(mine, start)
    if pulled_back(register, following, LedgerDate(start, precision), "指导员派驻开始日期"):
        return
    others = [each for each in assignments if each.is_live_on(register.as_of)]
    fresh = Assignment(
        instructor=instructor,
        enterprise=enterprise,
        start=start,
        start_precision=precision,
        end=None if following is None else following.start,
    )
    assignments.append(fresh)
    register.staging.create(fresh)
    old = f"原有 {len(others)} 名指导员，仍保留；如已更换请结束原派驻" if others else None
    register.staging.note(NEW, "指导员派驻", old, f"{instructor.name}（{start} 起）")
