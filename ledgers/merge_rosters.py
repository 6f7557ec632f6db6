"""Rows of the organization sheet, the instructor roster and the mass-organization sheet taken into the register."""

import datetime as dt

from committees.models import Committee, CommitteeKind
from common.ledger_dates import LedgerDate
from common.periods import Precision
from common.text import name_key
from enterprises.models import Enterprise, MassOrganization, MassOrganizationForm, MassOrganizationKind
from instructors.models import Assignment, Instructor
from ledgers.merge import merge_mass_organizations, settle_jurisdiction
from ledgers.merge_party import (
    implied_start,
    merge_assignment,
    merge_cover,
    merge_secretary,
    settle_instructor,
    settle_organization,
)
from ledgers.organization_fields import MILESTONE, TERRITORIAL_WORDS
from ledgers.problems import ERROR, WARNING
from ledgers.register import Register, owner_key, refers
from ledgers.rows import Row
from ledgers.staging import CHANGED, ENDED, NEW
from organizations.milestone_catalogue import BY_CODE
from organizations.models import Cover, Milestone, PartyOrganization, Subordination

# -- the organization sheet -----------------------------------------------------------------------


def merge_organization_row(register: Register, row: Row) -> bool | None:
    """One organization with its covers, secretary and milestones. True: new; False: known; None: a conflict."""
    name = row.get("name")
    known = register.organizations.get(name_key(name))
    _check_organization(register, row, known)
    if row.has_errors:
        return None
    register.staging.at(row.sheet, row.number, name)
    covered = _covered(register, row)
    old_starts = {} if known is None else {id(each): implied_start(register, known, each) for each in covered}
    organization = settle_organization(register, row, name)
    if organization.pk is not None:
        register.named.add((PartyOrganization, organization.pk))
    _settle_subordination(register, organization, row)
    for enterprise in covered:
        covers = register.facts(Cover, enterprise)
        merge_cover(register, enterprise, organization, covers, old_starts.get(id(enterprise)))
        register.end_at_closing(enterprise, covers, "党组织覆盖")
        settle_jurisdiction(register, enterprise)
    merge_secretary(register, organization, row)
    for field in row.values:
        if field.startswith(MILESTONE):
            _merge_milestone(register, organization, row, field)
    if dissolved := row.get("dissolved_on"):
        _dissolve(register, organization, dissolved.day)
    return known is None


def _check_organization(register: Register, row: Row, known: PartyOrganization | None) -> None:
    if known is None or known.dissolved_on is None:
        return
    stated = row.get("dissolved_on")
    if stated is None and known.dissolved_on <= register.as_of:
        row.report(ERROR, "name", f"党组织“{known.name}”已登记为 {known.dissolved_on} 撤销，请核对")


def _covered(register: Register, row: Row) -> list[Enterprise]:
    """The enterprises that the row names; one that the committee does not have is reported and left out."""
    found: dict[int, Enterprise] = {}
    for name in row.get("covered") or ():
        enterprise = register.enterprise_named(name)
        if enterprise is None:
            row.report(WARNING, "covered", f"覆盖企业：“{name}”没有在本单位登记，未计覆盖；请先导入企业台账，再传一次")
        else:
            found.setdefault(id(enterprise), enterprise)
    return list(found.values())


def _settle_subordination(register: Register, organization: PartyOrganization, row: Row) -> None:
    said = row.get("subordination")
    if not said:
        return
    superior: Committee | None = None
    kind = Subordination.TERRITORIAL
    own = {name_key(register.committee.name), name_key(register.committee.short_name)}
    if name_key(said) not in {name_key(word) for word in TERRITORIAL_WORDS} | own:
        superior = register.committees.get(name_key(said))
        if superior is not None and superior.kind != CommitteeKind.INDUSTRY_LINE:
            superior = None
        elif superior is None:
            row.report(WARNING, "subordination", f"隶属关系：“{said}”没有登记为行业系统党委，只记为行业管理")
            kind = Subordination.INDUSTRY_LINE
        else:
            kind = Subordination.INDUSTRY_LINE
    if organization.pk is None:
        organization.subordination, organization.superior = kind, superior
        return
    register.staging.set(organization, "subordination", kind.value)
    if organization.superior_id != (superior.pk if superior else None) and (
        superior or kind == Subordination.TERRITORIAL
    ):
        held = organization.superior
        register.staging.note(CHANGED, "上级党组织", held and str(held), superior and str(superior))
        register.staging.assign(organization, "superior", superior)


def _merge_milestone(register: Register, organization: PartyOrganization, row: Row, field: str) -> None:
    """Reached (yes, a date, some words) or explicitly not; a blank cell states nothing."""
    code, stated = field.removeprefix(MILESTONE), row.get(field)
    if stated is None:
        return
    item = BY_CODE[code]
    held = register.milestones[owner_key(organization, organization.name)]
    live = next((each for each in held if each.code == code and each.is_live_on(register.as_of)), None)
    if isinstance(stated, LedgerDate):
        live = next((each for each in held if each.code == code and each.start == stated.day), live)
    if stated is False:
        if live is not None and item.lapses:
            register.end(live, held, item.label)
        elif live is not None:
            row.report(
                WARNING, field, f"{item.label}：登记的是 {live.start} 已完成，填否不会取消；登记错了请在党组织页作废"
            )
        return
    day = stated if isinstance(stated, LedgerDate) else LedgerDate(register.as_of, Precision.ASSUMED)
    note = stated if isinstance(stated, str) else ""
    if live is not None:
        if isinstance(stated, LedgerDate):
            register.set_date(live, "start", "start_precision", stated)
        if note and live.note != note:
            register.staging.set(live, "note", note, what=item.label)
        return
    ended = [each.end for each in held if each.code == code and each.end is not None and each.end > day.day]
    start = max([day.day, *ended])
    later = [each.start for each in held if each.code == code and each.start > start]
    fresh = Milestone(
        code=code,
        organization=organization,
        note=note,
        start=start,
        start_precision=day.precision,
        end=min(later, default=None) if item.lapses else None,
    )
    held.append(fresh)
    register.staging.create(fresh)
    register.staging.note(NEW, "里程碑", None, f"{item.label}{f'（{note}）' if note else ''}")


def _dissolve(register: Register, organization: PartyOrganization, day: dt.date) -> None:
    """The organization ends, and with it what it covers and its secretary's term."""
    if organization.dissolved_on == day:
        return
    register.staging.note(ENDED, "党组织", None, f"{organization.name} {day} 撤销")
    register.staging.assign(organization, "dissolved_on", day)
    for covers in register.all_covers(organization):
        for cover in [each for each in covers if refers(each, "organization", organization)]:
            if cover.end is None or cover.end > day:
                register.end(cover, covers, "党组织覆盖", day)
    terms = register.secretary_terms[owner_key(organization, organization.name)]
    for term in [each for each in terms if each.end is None or each.end > day]:
        register.end(term, terms, "书记任期", day)


# -- instructors ----------------------------------------------------------------------------------


def merge_instructor_row(register: Register, row: Row) -> bool | None:
    """One instructor and where the row says he is assigned. True when an assignment or the person is new."""
    named = [(name, register.enterprise_named(name)) for name in row.get("enterprises") or ()]
    for name, enterprise in named:
        if enterprise is None:
            row.report(ERROR, "enterprises", f"指导企业：“{name}”没有在本单位登记，请先导入企业台账或改正名称")
    if row.has_errors:
        return None
    register.staging.at(row.sheet, row.number, row.get("instructor_name"))
    before = len(register.staging.differences)
    places = [enterprise for _, enterprise in named if enterprise is not None]
    person = settle_instructor(register, row.get("instructor_name"), row, places)
    is_new = person.pk is None and len(register.staging.differences) > before
    for enterprise in places:
        assignments = register.facts(Assignment, enterprise)
        held = len(assignments)
        if ended := row.get("ended_on"):
            _merge_ended(register, enterprise, person, assignments, row, ended.day)
        else:
            merge_assignment(register, enterprise, person, assignments, row)
        is_new = is_new or len(assignments) > held
        register.end_at_closing(enterprise, assignments, "指导员派驻")
        settle_jurisdiction(register, enterprise)
    return is_new


def _merge_ended(
    register: Register, enterprise: Enterprise, person: Instructor, assignments: list, row: Row, day: dt.date
) -> None:
    """An assignment that is over: the one that is held gets its end, or it is recorded whole."""
    begun = row.get("assigned_on")
    mine = [each for each in assignments if refers(each, "instructor", person) and each.start < day]
    if begun is not None:
        mine = [each for each in mine if each.end is None or each.end > begun.day]
    if len(mine) > 1:
        row.report(
            WARNING, "ended_on", f"结束时间：{person.name}在这家企业派驻过 {len(mine)} 次，分不清是哪一次，没有导入"
        )
    elif mine:
        if begun is not None:
            register.set_date(mine[0], "start", "start_precision", begun)
        if mine[0].end is None:
            register.end(mine[0], assignments, "指导员派驻", day)
        else:
            register.staging.set(mine[0], "end", day, what="指导员派驻结束日期")
    elif begun is None:
        row.report(WARNING, "ended_on", "结束时间：没有登记过这次派驻，又没有派驻时间，没有导入，请补上派驻时间")
    else:
        fresh = Assignment(
            instructor=person, enterprise=enterprise, start=begun.day, start_precision=begun.precision, end=day
        )
        assignments.append(fresh)
        register.staging.create(fresh)
        register.staging.note(NEW, "指导员派驻", None, f"{person.name}（{begun.day} 至 {day}）")


# -- mass organizations ---------------------------------------------------------------------------


def merge_mass_row(register: Register, row: Row) -> bool | None:
    """The mass organizations of one registered enterprise. True when one of them is new."""
    enterprise = register.by_code.get(row.get("credit_code") or "") or register.enterprise_named(row.get("name"))
    if enterprise is None:
        row.report(ERROR, "name", f"企业名称：“{row.get('name')}”没有在本单位登记，请先导入企业台账或改正名称")
        return None
    if enterprise.pk is not None and (enterprise.pk not in register.mine or register.other_holder(enterprise)):
        row.report(ERROR, "name", f"企业名称：“{row.get('name')}”不由本单位管理，请核对")
        return None
    if name_key(enterprise.name) != name_key(row.get("name")) and enterprise is register.by_code.get(
        row.get("credit_code") or ""
    ):
        row.report(WARNING, "name", f"企业名称：登记的是“{enterprise.name}”，按信用代码认作它；改名请用企业台账")
    register.staging.at(row.sheet, row.number, row.get("name"))
    held = register.facts(MassOrganization, enterprise)
    before = len(held)
    merge_mass_organizations(register, enterprise, row)
    settle_jurisdiction(register, enterprise)
    for kind in MassOrganizationKind:
        reason = row.get(f"{kind.value}_reason")
        if reason and (row.get(kind.value) or not _not_applicable(register, enterprise, held, kind, reason)):
            name = f"{kind.value}_reason"
            row.report(WARNING, name, f"{row.label(name)}：{kind.label}已经建立，原因没有导入；撤销了的请填 否")
    return len(held) > before


def _not_applicable(
    register: Register, enterprise: Enterprise, held: list, kind: MassOrganizationKind, reason: str
) -> bool:
    """The enterprise cannot have this mass organization, for a reason (clause 14); False where it has it."""
    live = next((each for each in held if each.kind == kind and each.is_live_on(register.as_of)), None)
    if live is not None:
        if live.form == MassOrganizationForm.NOT_APPLICABLE:
            register.staging.set(live, "reason", reason)
        return live.form == MassOrganizationForm.NOT_APPLICABLE
    fresh = MassOrganization(
        enterprise=enterprise,
        kind=kind,
        form=MassOrganizationForm.NOT_APPLICABLE,
        reason=reason,
        start=register.as_of,
        start_precision=Precision.ASSUMED,
    )
    held.append(fresh)
    register.staging.create(fresh)
    register.staging.note(NEW, kind.label, None, f"不具备条件：{reason}")
    return True
