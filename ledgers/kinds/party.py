"""What rows of several kinds say of organizations, their covers and secretaries, and of instructors."""

from collections.abc import Iterator

from common.ledger_dates import LedgerDate
from common.periods import Precision
from common.series import Since, live, same_day
from common.text import name_key
from instructors.models import Assignment, Instructor
from ledgers.comparing.becoming import Becomes
from ledgers.comparing.claims import Claim
from ledgers.comparing.differences import NEW
from ledgers.comparing.masks import same_phone
from ledgers.comparing.records import Record
from ledgers.comparing.register import Register
from ledgers.comparing.statements import Holds, Lives, Sets, Statement, since_of
from ledgers.kinds.kept import Values, as_cell
from ledgers.models import ConflictKind
from ledgers.recognising.problems import WARNING
from ledgers.recognising.rows import Row
from organizations.models import Cover, OrganizationForm, OrganizationKind, PartyOrganization, SecretaryTerm
from organizations.models.organizations import term_ends_on


def organization_name(register: Register, row: Row) -> str:
    """The organization's name; a ledger without that column gets one made from the enterprise's."""
    name: str | None = row.get("organization_name")
    if name:
        return name
    body = {OrganizationKind.COMMITTEE: "委员会", OrganizationKind.GENERAL_BRANCH: "总支部委员会"}.get(
        row.get("organization_kind"), "支部委员会"
    )
    if row.get("organization_form") in {OrganizationForm.JOINT, OrganizationForm.GRID} and row.get("secretary_name"):
        return f"中共{register.committee}非公企业联合{body}（书记：{row.get('secretary_name')}）"
    return f"中共{row.get('name')}{body}"


def organization_of(register: Register, row: Row, name: str, column: str) -> Record:
    """The committee's organization of this name, made if there is none. `column`: where the row names it."""
    found = register.organizations.get(name_key(name))
    if found is None:
        established = row.get("established_on") or LedgerDate(register.as_of, Precision.ASSUMED)
        try_name = {"name": name, "established_on": established.day, "established_precision": established.precision}
        found = register.new(PartyOrganization, **try_name, committee_id=register.committee.pk)
        register.add_organization(found)
        register.note(NEW, "党组织", None, name)
    return found


def of_organization(register: Register, row: Row, organization: Record) -> Iterator[Statement]:
    """What the row says of the organization itself."""
    _compare_namesake(register, row, organization["name"])
    stated = row.get("established_on") or LedgerDate(register.as_of, Precision.ASSUMED)
    yield Lives(organization, "established_on", stated, "established_precision", field="established_on")
    fields = {name: f"organization_{name}" for name in ("kind", "form")}
    values = {name: row.get(field) for name, field in fields.items()}
    yield Becomes(organization, values, organization["established_on"], fields, "党组织")


def _compare_namesake(register: Register, row: Row, name: str) -> None:
    """One organization under two committees must have one founding date; which is the district's to say."""
    other, stated = register.namesakes.get(name_key(name)), row.get("established_on")
    if other is None or stated is None or other.established_precision == Precision.ASSUMED:
        return
    if same_day(Since(other.established_on, other.established_precision), Since(*stated)):
        return
    claim = Claim(
        ConflictKind.TWO_DATES,
        other.name,
        other.name,
        f"{stated.day} 成立",
        f"{other.established_on} 成立",
        other.committee_id,
    )
    if register.claim(claim) and register.tells:
        row.report(WARNING, "established_on", f"成立时间：{register.settled_by_district}")


def covers(register: Register, enterprise: Record, organization: Record, field: str) -> Statement:
    """The organization covers the enterprise, since both are there if it is known when the organization was founded.
    `field`: where the row says so."""
    since = None
    if organization["established_precision"] != Precision.ASSUMED:
        begins = max(organization["established_on"], enterprise["registered_on"] or organization["established_on"])
        since = Since(begins, organization["established_precision"])
    others = [
        each
        for each in register.of_owner(Cover, "enterprise", enterprise)
        if each.owner("organization") is not organization and live(each.facts, register.as_of)
    ]
    beside = f"另有 {len(others)} 个党组织覆盖，仍保留" if others else None
    return Holds(Cover, (enterprise, organization), since=since, beside=beside, field=field)


def secretary(register: Register, row: Row, organization: Record) -> Iterator[Statement]:
    """Who is secretary; a new one follows the one before."""
    name = row.get("secretary_name")
    series = register.series(SecretaryTerm, organization)
    if not name or name_key(str(register.said.setdefault((series, "name"), (row, name))[1])) != name_key(name):
        return
    elected = row.get("elected_on")
    since = since_of(elected)
    held = live(series.facts, register.as_of)
    # Another spelling of a name that is held is no other person.
    spellings = {name_key(fact.value[0]): fact.value[0] for fact in series.facts}
    name = spellings.get(name_key(name), name)
    if held is not None and held.value == (name,) and held.how != Precision.ASSUMED:
        # Elected again: the same goes on, with a new term.
        since = None
    if elected is not None and any(fact.value == (name,) and fact.start == elected.day for fact in series.facts):
        since = since_of(elected)
    ends = term_ends_on(organization["kind"], elected.day) if elected is not None else None
    kept = {
        "source": (row.get("secretary_source"), "secretary_source"),
        "document": (row.get("election_document"), "election_document"),
        "full_time": (row.get("secretary_full_time"), "secretary_full_time"),
        "elected_on": (None if elected is None else elected.day, "elected_on"),
        "term_ends_on": (ends, "elected_on"),
    }
    yield Holds(
        SecretaryTerm, (organization,), {"name": name}, since, kept=kept, called="党组织", field="secretary_name"
    )


# -- instructors ----------------------------------------------------------------------------------


def instructor_of(register: Register, name: str, row: Row, enterprises: list[Record]) -> Record:
    """The person meant: the same name inside the committee and no other phone; or, with another phone, the one who
    is assigned to one of `enterprises` already. Made if there is none."""
    phone = row.get("instructor_phone") or ""
    namesakes = register.instructors[name_key(name)]
    found = (
        next((each for each in namesakes if phone and same_phone(each["phone"], phone)), None)
        or next((each for each in namesakes if not phone or not each["phone"]), None)
        or next((each for each in namesakes if _assists(register, each, enterprises)), None)
    )
    if found is None:
        found = register.new(Instructor, name=name, committee_id=register.committee.pk)
        register.add_instructor(found)
        register.note(NEW, "指导员", None, name)
    return found


def _assists(register: Register, person: Record, enterprises: list[Record]) -> bool:
    return any(live(register.series(Assignment, each, person).facts, register.as_of) for each in enterprises)


def of_instructor(row: Row, person: Record) -> Iterator[Statement]:
    yield Sets(person, "phone", row.get("instructor_phone"), "instructor_phone", "指导员")
    yield Sets(person, "unit", row.get("instructor_unit"), "instructor_unit", "指导员")
    yield Sets(person, "full_time", row.get("full_time"), "full_time", "指导员")
    until, begins = row.get("term_until"), person.life[0]
    if until is not None and begins is not None and until.day <= begins:
        row.report(WARNING, "term_until", f"派驻期满日期：{until.day} 不晚于任职日期 {begins}，没有导入，请改正")
    elif until is not None:
        yield Sets(person, "term_until", until.day, "term_until", "指导员")


def assigned(register: Register, row: Row, enterprise: Record, person: Record) -> Statement:
    """The instructor is assigned to the enterprise, since the day that the row gives."""
    others = [
        each
        for each in register.of_owner(Assignment, "enterprise", enterprise)
        if each.owner("instructor") is not person and live(each.facts, register.as_of)
    ]
    beside = f"原有 {len(others)} 名指导员，仍保留；如已更换请结束原派驻" if others else None
    stated = row.get("assigned_on")
    left = person.life[1]
    if left is not None and left <= register.as_of:
        words = (
            f"指导员：{person}已登记为 {left} 离任，从那天起不计派驻；仍在任的请在指导员页“撤回离任”，同名的请填电话"
        )
        row.report(WARNING, "instructor_name", words)
    ends = enterprise.life[1]
    if stated is not None and ends is not None and stated.day >= ends:
        row.report(WARNING, "assigned_on", "派驻时间：不早于企业注销日期，不计派驻")
    return Holds(
        Assignment, (enterprise, person), since=since_of(stated), moves=True, beside=beside, field="assigned_on"
    )


# -- what is kept, as cells ---------------------------------------------------------------------------


def organization_cells(body: PartyOrganization, terms: dict[int, list]) -> Values:
    """What a ledger says of an organization and its live secretary."""
    values: Values = {
        "organization_name": body.name,
        "organization_kind": body.kind,
        "organization_form": body.form,
        "established_on": as_cell(body.established_on, body.established_precision),
    }
    for term in terms[body.pk][:1]:
        values |= {"secretary_name": term.name, "secretary_source": term.source, "elected_on": as_cell(term.elected_on)}
    return values
