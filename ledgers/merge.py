"""One good row of the enterprise ledger taken into the register: the enterprise and its numbers."""

import re

from common.ledger_dates import LedgerDate
from common.periods import Precision
from common.text import name_key, tidy
from enterprises.models import (
    Enterprise,
    Headcount,
    Jurisdiction,
    MassOrganization,
    MassOrganizationForm,
    MassOrganizationKind,
)
from instructors.models import Assignment
from ledgers.checks import has_organization, is_closed
from ledgers.enterprise_fields import BY_NAME
from ledgers.kinds import MASS_SHEET
from ledgers.merge_party import merge_instructor, merge_organization, organization_name
from ledgers.problems import ERROR, WARNING
from ledgers.register import Register, compatible
from ledgers.rows import Row
from ledgers.staging import CHANGED, ENDED, NEW, verbose_name
from organizations.models import (
    Cover,
)

# Taken as they stand when the cell is not blank.
PLAIN_FIELDS = (
    "village",
    "ownership",
    "industry",
    "above_scale",
    "legal_representative",
    "representative_is_member",
    "representative_is_secretary",
    "contact_name",
    "contact_phone",
    "address",
    "reason_not_established",
    "former_names",
    "remark",
)


CLOSING = "企业（注销）"
_BETWEEN_NAMES = re.compile(r"[、，,;；\n\r]+")


def merge(register: Register, row: Row) -> bool | None:
    """Take one good row in. True: a new enterprise; False: a known one; None: the row has a conflict."""
    enterprise = register.find(row)
    _check_against_file(register, row)
    _check_against_register(register, row, enterprise)
    if row.has_errors:
        return None
    is_new = enterprise is None
    register.staging.at(row.sheet, row.number, row.get("name"))
    if enterprise is None:
        enterprise = _create_enterprise(register, row)
    else:
        _update_enterprise(register, enterprise, row)
    closed = enterprise.closed_on is not None and enterprise.closed_on <= register.as_of
    if not closed:
        _merge_headcount(register, enterprise, row)
        merge_mass_organizations(register, enterprise, row)
    merge_organization(register, enterprise, row)
    merge_instructor(register, enterprise, row)
    settle_jurisdiction(register, enterprise)
    return is_new


def _check_against_file(register: Register, row: Row) -> None:
    """One organization, one founding date and one secretary, whichever row says so."""
    if not has_organization(row):
        return
    key = name_key(organization_name(register, row))
    established = row.get("established_on")
    if established is not None:
        first, said = register.said_established.setdefault(key, (row, established))
        if not compatible(said, established):
            row.report(
                ERROR,
                "established_on",
                f"党组织成立时间：同一党组织在第 {first.number} 行写的是 {said.day}，请改成一致",
            )
    secretary = row.get("secretary_name")
    if secretary:
        first, name = register.said_secretary.setdefault(key, (row, secretary))
        if name != secretary:
            row.report(WARNING, "secretary_name", f"书记姓名：同一党组织在第 {first.number} 行是 {name}，按该行记")


def _check_against_register(register: Register, row: Row, enterprise: Enterprise | None) -> None:
    """Dates in the row that contradict dates held: refused here, before anything is touched."""
    if enterprise is not None:
        registered = row.get("registered_on")
        closed = row.get("closed_on")
        begins = registered.day if registered else enterprise.registered_on
        ends = closed.day if closed else enterprise.closed_on
        if begins and ends and ends < begins:
            name = "registered_on" if registered else "closed_on"
            row.report(ERROR, name, f"成立日期 {begins} 晚于注销日期 {ends}，与已登记的不符，请核对")
    organization = register.organizations.get(name_key(organization_name(register, row)))
    if organization is None or organization.dissolved_on is None or not has_organization(row):
        return
    established = row.get("established_on")
    if organization.dissolved_on <= register.as_of:
        what = f"党组织“{organization.name}”已登记为 {organization.dissolved_on} 撤销，请核对"
        row.report(ERROR, "organization_name", what)
    elif established is not None and established.day >= organization.dissolved_on:
        what = f"党组织成立时间：不早于已登记的撤销日期 {organization.dissolved_on}，请核对"
        row.report(ERROR, "established_on", what)


def _create_enterprise(register: Register, row: Row) -> Enterprise:
    enterprise = Enterprise(credit_code=row.get("credit_code"), name=row.get("name"))
    register.staging.note(NEW, "企业", None, _summary(row))
    for name in PLAIN_FIELDS:
        if row.get(name) is not None:
            setattr(enterprise, name, row.get(name))
    if planned := row.get("planned_on"):
        enterprise.planned_on = planned.day
    if registered := row.get("registered_on"):
        enterprise.registered_on, enterprise.registered_precision = registered
    if is_closed(row):
        enterprise.closed_on, enterprise.closed_precision = register.stated(row, "closed_on")
    register.staging.create(enterprise)
    if enterprise.credit_code:
        register.by_code[enterprise.credit_code] = enterprise
    register.by_name[name_key(enterprise.name)] = enterprise
    return enterprise


def _summary(row: Row) -> str:
    """What the row says of a new enterprise, in one line for the preview."""
    registered, closed = row.get("registered_on"), row.get("closed_on")
    said = [
        row.get("credit_code"),
        registered and f"{registered.day} 成立",
        closed and f"{closed.day} 注销",
    ]
    if not is_closed(row):
        # The numbers of a closed enterprise are not taken.
        said += [f"{BY_NAME[name].label} {row.get(name)}" for name in Headcount.NUMBERS if row.get(name) is not None]
        said += [kind.label for kind in MassOrganizationKind if row.get(kind.value)]
    return "，".join(part for part in said if part) or str(row.get("name"))


def _update_enterprise(register: Register, enterprise: Enterprise, row: Row) -> None:
    change = register.staging.set
    if row.get("credit_code") and not enterprise.credit_code:
        change(enterprise, "credit_code", row.get("credit_code"))
    # Former names are added to, so that an enterprise is found by any of them.
    if name_key(enterprise.name) != name_key(row.get("name")):
        register.staging.assign(enterprise, "former_names", _with(enterprise.former_names, [enterprise.name]))
        register.by_name.pop(name_key(enterprise.name), None)
        register.by_name[name_key(row.get("name"))] = enterprise
        change(enterprise, "name", row.get("name"))
    if stated := row.get("former_names"):
        change(enterprise, "former_names", _with(enterprise.former_names, _BETWEEN_NAMES.split(stated)))
    for name in PLAIN_FIELDS:
        if row.get(name) is not None and name != "former_names":
            change(enterprise, name, row.get(name))
    if planned := row.get("planned_on"):
        change(enterprise, "planned_on", planned.day)
    if registered := row.get("registered_on"):
        register.set_date(enterprise, "registered_on", "registered_precision", registered)
    if is_closed(row):
        stated = row.get("closed_on")
        if stated is not None:
            register.set_date(enterprise, "closed_on", "closed_precision", stated, kind=ENDED, what=CLOSING)
        elif enterprise.closed_on is None:
            register.set_date(
                enterprise, "closed_on", "closed_precision", register.stated(row, "closed_on"), kind=ENDED, what=CLOSING
            )


def _with(former: str, more: list[str]) -> str:
    names = [tidy(name) for name in (*former.split("、"), *more)]
    return "、".join(name for name in dict.fromkeys(names) if name)[:300]


def settle_jurisdiction(register: Register, enterprise: Enterprise) -> None:
    """The committee answers for the enterprise from the earliest day anything is known of it."""
    jurisdictions = register.facts(Jurisdiction, enterprise)
    dated = [
        fact.start
        for model in (Headcount, MassOrganization, Cover, Assignment)
        for fact in register.facts(model, enterprise)
    ]
    earliest = enterprise.registered_on or min([*dated, register.as_of])
    if enterprise.closed_on is not None:
        earliest = min(earliest, enterprise.closed_on)
    if not jurisdictions:
        precision = enterprise.registered_precision if enterprise.registered_on else Precision.ASSUMED
        held = Jurisdiction(
            enterprise=enterprise, committee=register.committee, start=earliest, start_precision=precision
        )
        jurisdictions.append(held)
        register.staging.create(held)
    elif jurisdictions[0].start > earliest:
        # An earlier founding date was learnt: someone must answer for those days too.
        # A new one goes without saying.
        what = "属地管理开始日期" if jurisdictions[0].pk is not None else ""
        register.staging.set(jurisdictions[0], "start", earliest, what=what)
    if not any(each.is_live_on(register.as_of) for each in jurisdictions) and jurisdictions[-1].end is not None:
        held = Jurisdiction(
            enterprise=enterprise, committee=register.committee, start=max(register.as_of, jurisdictions[-1].end)
        )
        jurisdictions.append(held)
        register.staging.create(held)
        register.staging.note(NEW, "属地管理", None, str(register.committee))


def _merge_headcount(register: Register, enterprise: Enterprise, row: Row) -> None:
    stated = {name: row.get(name) for name in Headcount.NUMBERS if row.get(name) is not None}
    if not stated:
        return
    counts = register.facts(Headcount, enterprise)
    live = next((each for each in counts if each.is_live_on(register.as_of)), None)
    if live is not None and all(getattr(live, name) == value for name, value in stated.items()):
        return
    if live is not None and live.start == register.as_of:
        for name, value in stated.items():
            register.staging.set(live, name, value)
        return
    later = [each.start for each in counts if each.start > register.as_of]
    fresh = Headcount(enterprise=enterprise, start=register.as_of, end=min(later, default=None))
    for name in Headcount.NUMBERS:
        held = None if live is None else getattr(live, name)
        value = stated.get(name, held)
        setattr(fresh, name, value)
        if enterprise.pk is not None and value != held:
            register.staging.note(CHANGED, verbose_name(Headcount, name), held, value)
    if live is not None:
        register.staging.assign(live, "end", register.as_of)
    counts.append(fresh)
    register.staging.create(fresh)


def merge_mass_organizations(register: Register, enterprise: Enterprise, row: Row) -> None:
    """What the row says of union, youth league and women's federation (clause 14)."""
    held = register.facts(MassOrganization, enterprise)
    for kind in MassOrganizationKind:
        stated = row.get(kind.value)
        if stated is None:
            continue
        live = next((each for each in held if each.kind == kind and each.is_live_on(register.as_of)), None)
        if begun := row.get(f"{kind.value}_on"):
            live = next((each for each in held if each.kind == kind and each.start == begun.day), live)
        if stated is False:
            if live is not None and live.form != MassOrganizationForm.NOT_APPLICABLE:
                register.end(live, held, kind.label)
            continue
        form = stated if isinstance(stated, str) else None
        # Only the mass-organization sheet has dates.
        stated_on = register.stated(row, f"{kind.value}_on")
        if live is None:
            later = [each.start for each in held if each.kind == kind and each.start > stated_on.day]
            ended = [each.end for each in held if each.kind == kind and each.end and each.end > stated_on.day]
            if ended:
                stated_on = LedgerDate(max(register.as_of, *ended), Precision.ASSUMED)
            fresh = MassOrganization(
                enterprise=enterprise,
                kind=kind,
                form=form or MassOrganizationForm.OWN,
                start=stated_on.day,
                start_precision=stated_on.precision,
                end=min(later, default=None),
            )
            held.append(fresh)
            register.staging.create(fresh)
            if enterprise.pk is not None or row.kind == MASS_SHEET:
                # Of a new enterprise of this row the summary says so.
                register.staging.note(NEW, kind.label, None, "已建立")
        else:
            if form is not None:
                register.staging.set(live, "form", form)
            elif live.form == MassOrganizationForm.NOT_APPLICABLE:
                # What could not be is there after all.
                register.staging.set(live, "form", MassOrganizationForm.OWN)
            if row.get(f"{kind.value}_on"):
                register.set_date(live, "start", "start_precision", stated_on)
