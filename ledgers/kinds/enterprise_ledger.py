"""The enterprise ledger: what a row says of an enterprise, its numbers, its organizations and its instructor."""

import datetime as dt
import re
from collections.abc import Iterator

from committees.models import Committee
from common.filings import attribute
from common.ledger_dates import LedgerDate
from common.periods import Precision
from common.plan import Item, Subject
from common.series import DAY, Since, live, same_day
from common.text import masked, name_key, tidy
from enterprises.models import (
    Enterprise,
    FormerEnterprise,
    Headcount,
    MassOrganization,
    MassOrganizationForm,
    MassOrganizationKind,
)
from instructors.models import Assignment
from ledgers.codes import MASS_SHEET
from ledgers.comparing.answering import ensure_jurisdiction
from ledgers.comparing.becoming import Becomes
from ledgers.comparing.differences import ENDED, NEW
from ledgers.comparing.records import Record
from ledgers.comparing.register import Register
from ledgers.comparing.statements import Holds, HoldsNot, Lives, Sets, SetsAll, Statement, since_of
from ledgers.kinds.checks import has_organization, is_closed, why_out
from ledgers.kinds.enterprise_fields import BY_NAME, MASS_CELLS
from ledgers.kinds.items import MODELS as ITEM_FACTS
from ledgers.kinds.items import item_cells, item_facts, item_statements
from ledgers.kinds.kept import RECORD, Values, as_cell, by_owner, open_enterprises
from ledgers.kinds.party import (
    assigned,
    covers,
    instructor_of,
    of_instructor,
    of_organization,
    organization_cells,
    organization_name,
    organization_of,
    secretary,
)
from ledgers.recognising.names import Stated
from ledgers.recognising.problems import ERROR, WARNING
from ledgers.recognising.rows import Row
from organizations.models import Cover, FormerOrganization, SecretaryTerm

MODELS = (
    Headcount,
    MassOrganization,
    FormerEnterprise,
    FormerOrganization,
    Cover,
    Assignment,
    SecretaryTerm,
    *ITEM_FACTS,
)
# Taken as they stand when the cell is not blank: those with a former table, and those without.
DATED_FIELDS = ("village", "ownership", "industry", "above_scale", "reason_not_established")
UNDATED_FIELDS = (
    "legal_representative",
    "representative_is_member",
    "representative_is_secretary",
    "contact_name",
    "contact_phone",
    "site",
    "address",
    "remark",
)
PLAIN_FIELDS = (*DATED_FIELDS, *UNDATED_FIELDS)
CLOSING = "企业（注销）"
_BETWEEN_NAMES = re.compile(r"[、，,;；\n\r]+")


# -- against what is held, before anything is touched ---------------------------------------------


def against(register: Register, row: Row) -> None:
    """Report what contradicts another committee, another row, or dates that are held."""
    enterprise = register.find(row)
    _against_file(register, row)
    if enterprise is not None:
        registered, closed = row.get("registered_on"), row.get("closed_on")
        begins = registered.day if registered else enterprise["registered_on"]
        ends = closed.day if closed else enterprise["closed_on"]
        if begins and ends and ends < begins:
            name = "registered_on" if registered else "closed_on"
            row.report(ERROR, name, f"成立日期 {begins} 晚于注销日期 {ends}，与已登记的不符，请核对")
    organization = register.organizations.get(name_key(organization_name(register, row)))
    if organization is None or organization["dissolved_on"] is None or not has_organization(row):
        return
    established, dissolved = row.get("established_on"), organization["dissolved_on"]
    if dissolved <= register.as_of:
        what = f"党组织“{organization}”已登记为 {dissolved} 撤销，请核对"
        row.report(ERROR, "organization_name", what)
    elif established is not None and established.day >= dissolved:
        row.report(ERROR, "established_on", f"党组织成立时间：不早于已登记的撤销日期 {dissolved}，请核对")


def _against_file(register: Register, row: Row) -> None:
    """One organization, one founding date and one secretary, whichever row says so."""
    if not has_organization(row):
        return
    key = name_key(organization_name(register, row))
    established = row.get("established_on")
    if established is not None:
        first, said = register.said.setdefault((key, "established_on"), (row, established))
        if not same_day(Since(*said), Since(*established)):
            words = f"党组织成立时间：同一党组织在第 {first.number} 行写的是 {said.day}，请改成一致"  # type: ignore[attr-defined]
            row.report(ERROR, "established_on", words)
    name = row.get("secretary_name")
    if name:
        first, said = register.said.setdefault((key, "secretary_name"), (row, name))
        if name_key(str(said)) != name_key(name):
            row.report(WARNING, "secretary_name", f"书记姓名：同一党组织在第 {first.number} 行是 {said}，按该行记")


# -- statements -----------------------------------------------------------------------------------


def statements(register: Register, row: Row) -> Iterator[Statement]:
    """What the row says, in the order in which it can be placed."""
    enterprise = register.find(row)
    is_new = enterprise is None
    if enterprise is None:
        enterprise = _new_enterprise(register, row)
    else:
        yield from _of_enterprise(register, enterprise, row)
    ends = enterprise.life[1]
    if ends is None or ends > register.as_of:
        numbers = {name: row.get(name) for name in Headcount.NUMBERS}
        if any(number is not None for number in numbers.values()):
            yield Holds(Headcount, (enterprise,), numbers, quiet=is_new, how=DAY, field="employees")
        yield from mass_organizations(register, enterprise, row, quiet=is_new)
    yield from _party(register, enterprise, row)
    if name := row.get("instructor_name"):
        person = instructor_of(register, name, row, [enterprise])
        yield from of_instructor(row, person)
        yield assigned(register, row, enterprise, person)
    elif row.get("instructor_sent") is Stated.NO and not has_organization(row):
        # Of an enterprise with an organization the form does not ask.
        yield HoldsNot(Assignment, enterprise, field="instructor_sent")
    if ends is None or ends > register.as_of:
        yield from item_statements(register, row, {Subject.ENTERPRISE: enterprise}, register.items)
    ensure_jurisdiction(register, enterprise)
    if (asked := why_out(row)) is not None and (ends is None or ends > register.as_of):
        register.ask_exclusion(enterprise, *asked)


def about(register: Register, row: Row) -> Record | None:
    """The enterprise that the row is about, once it is there."""
    return register.by_code.get(row.get("credit_code") or "") or register.enterprise_named(row.get("name"))


def _party(register: Register, enterprise: Record, row: Row) -> Iterator[Statement]:
    if row.get("established") is False:
        yield HoldsNot(Cover, enterprise, field="established")
    if not has_organization(row):
        return
    organization = organization_of(register, row, organization_name(register, row), "organization_name")
    yield from of_organization(register, row, organization)
    yield covers(register, enterprise, organization, "organization_name")
    yield from secretary(register, row, organization)


def _new_enterprise(register: Register, row: Row) -> Record:
    values = {name: row.get(name) for name in (*PLAIN_FIELDS, "former_names") if row.get(name) is not None}
    if planned := row.get("planned_on"):
        values["planned_on"] = planned.day
    if registered := row.get("registered_on"):
        values["registered_on"], values["registered_precision"] = registered
    if is_closed(row):
        closed = row.get("closed_on") or LedgerDate(register.as_of, Precision.ASSUMED)
        values["closed_on"], values["closed_precision"] = closed
    register.note(NEW, "企业", None, _summary(row))
    made = register.new(Enterprise, name=row.get("name"), credit_code=row.get("credit_code"), **values)
    stated = [name for name in ("registered_on", "closed_on") if row.get(name)]
    register.say(made, *(attribute(name) for name in stated))
    register.add_enterprise(made)
    return made


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


def _of_enterprise(register: Register, enterprise: Record, row: Row) -> Iterator[Statement]:
    if row.get("credit_code") and not enterprise["credit_code"]:
        yield Sets(enterprise, "credit_code", row.get("credit_code"))
    held = enterprise["name"]
    same_name = name_key(held) == name_key(row.get("name"))
    dated = {"name": held if same_name else row.get("name"), **{name: row.get(name) for name in DATED_FIELDS}}
    yield Becomes(enterprise, dated, _begins(register, enterprise))
    # Former names are added to, so that an enterprise is found by any of them.
    renamed = enterprise["name"] != held
    bore = _with(enterprise["former_names"], [] if same_name else [held if renamed else row.get("name")])
    if bore != enterprise["former_names"]:
        register.assign(enterprise, "former_names", bore)
    if renamed:
        register.renamed_enterprise(enterprise, held)
    if stated := row.get("former_names"):
        yield Sets(
            enterprise, "former_names", _with(enterprise["former_names"], _BETWEEN_NAMES.split(stated)), "former_names"
        )
    plain = {name: value for name in UNDATED_FIELDS if (value := row.values.get(name)) not in (None, "")}
    if planned := row.get("planned_on"):
        plain["planned_on"] = planned.day
    yield SetsAll(enterprise, plain)
    if registered := row.get("registered_on"):
        yield Lives(enterprise, "registered_on", registered, "registered_precision", field="registered_on")
    if is_closed(row):
        closed = row.get("closed_on") or LedgerDate(register.as_of, Precision.ASSUMED)
        yield Lives(enterprise, "closed_on", closed, "closed_precision", ENDED, CLOSING, "closed_on")


def _begins(register: Register, enterprise: Record) -> dt.date | None:
    """The first day of the enterprise, or of somebody who answers for it."""
    held = register.jurisdiction(enterprise).facts
    return enterprise["registered_on"] or (held[0].start if held else None)


def _with(former: str, more: list[str]) -> str:
    names = [tidy(name) for name in (*former.split("、"), *more)]
    return "、".join(name for name in dict.fromkeys(names) if name)


def mass_organizations(register: Register, enterprise: Record, row: Row, *, quiet: bool) -> Iterator[Statement]:
    """What the row says of union, youth league and women's federation (clause 14)."""
    for kind in MassOrganizationKind:
        stated = row.get(kind.value)
        reason = row.get(f"{kind.value}_reason")
        series = register.series(MassOrganization, enterprise, kind.value)
        held = live(series.facts, register.as_of)
        unable = held is not None and held.value == (MassOrganizationForm.NOT_APPLICABLE,)
        if reason and (stated or (stated is None and held is not None and not unable)):
            name = f"{kind.value}_reason"
            row.report(WARNING, name, f"{row.label(name)}：{kind.label}已经建立，原因没有导入；撤销了的请填 否")
        if reason and not stated and (stated is False or held is None or unable):
            cannot = {"form": MassOrganizationForm.NOT_APPLICABLE.value}
            kept = {"reason": (reason, f"{kind.value}_reason")}
            yield Holds(MassOrganization, (enterprise, kind.value), cannot, kept=kept, field=f"{kind.value}_reason")
        elif stated is False and not unable:
            yield HoldsNot(MassOrganization, enterprise, (enterprise, kind.value), kind.value)
        elif stated:
            form = stated if isinstance(stated, str) else None
            if form is None:
                # A plain yes: of whatever form it is.
                form = held.value[0] if held is not None and not unable else MassOrganizationForm.OWN.value
            since = since_of(row.get(f"{kind.value}_on"))
            if since is not None and (later := live(series.facts, since.day)) and held is None:
                form = later.value[0]
            yield Holds(
                MassOrganization, (enterprise, kind.value), {"form": form}, since,
                moves=True, quiet=quiet and row.kind != MASS_SHEET, field=kind.value,
            )  # fmt: skip


def kept(committee: Committee, day: dt.date) -> Iterator[Values]:
    """The committee's own of `day`, as rows of this form."""
    rows = open_enterprises(committee, day)
    of_these = {"enterprise__in": Enterprise.objects.under(committee.pk, day)}
    covered = by_owner(
        Cover.objects.live_on(day).filter(**of_these).select_related("organization").order_by("start"),
        "enterprise",
    )
    assignments = by_owner(
        Assignment.objects.live_on(day).filter(**of_these).select_related("instructor"), "enterprise"
    )
    headcounts = by_owner(Headcount.objects.live_on(day).filter(**of_these), "enterprise")
    mass = by_owner(MassOrganization.objects.live_on(day).filter(**of_these), "enterprise")
    terms = by_owner(SecretaryTerm.objects.live_on(day).filter(organization__committee=committee), "organization")
    items = {item.code: item for item in Item.objects.of(Subject.ENTERPRISE)}
    facts = item_facts("enterprise", [row.pk for row in rows], day)
    for number, row in enumerate(rows, 1):
        values: Values = {RECORD: (Enterprise, row.pk), "serial": number}
        for name in ("name", "former_names", "credit_code", "planned_on", *PLAIN_FIELDS):
            values[name] = getattr(row, name)
        values["contact_phone"] = masked(row.contact_phone)
        values["registered_on"] = as_cell(row.registered_on, row.registered_precision)
        # Of another committee's organization nothing can be said in our ledger.
        mine = [each for each in covered[row.pk] if each.organization.committee_id == committee.pk]
        values["established"] = bool(mine) if mine or not covered[row.pk] else None
        if mine:
            values |= organization_cells(mine[0].organization, terms)
        for count in headcounts[row.pk][:1]:
            values |= {name: getattr(count, name) for name in Headcount.NUMBERS}
        # Nor of its instructor.
        for each in [each for each in assignments[row.pk] if each.instructor.committee_id == committee.pk][:1]:
            values |= {
                "instructor_name": each.instructor.name,
                "instructor_unit": each.instructor.unit,
                "instructor_phone": masked(each.instructor.phone),
                "assigned_on": as_cell(each.start, each.start_precision),
            }
        for each in mass[row.pk]:
            if each.form != MassOrganizationForm.NOT_APPLICABLE:
                values[each.kind] = MASS_CELLS.get(each.form, True)
        yield values | item_cells(facts[row.pk], day, items)
