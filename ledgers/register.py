"""The register as one committee's ledger meets it: loaded once, changed in memory, written once.

Blank never clears. Only an explicit 否 or a 注销 ends something. A fact without a date is
known from the ledger's date on (design, rule 6).
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Model

from committees.models import Committee
from common.ledger_dates import LedgerDate
from common.periods import Period, Precision
from common.text import name_key
from enterprises.models import (
    Enterprise,
    Headcount,
    Jurisdiction,
    MassOrganization,
    MassOrganizationForm,
    MassOrganizationKind,
)
from enterprises.querysets import today
from instructors.models import Assignment, Instructor
from ledgers.checks import has_organization, is_closed
from ledgers.problems import ERROR, WARNING
from ledgers.rows import Row
from ledgers.staging import CHANGED, ENDED, NEW, Staging, verbose_name
from organizations.models import (
    Cover,
    OrganizationForm,
    OrganizationKind,
    PartyOrganization,
    SecretaryTerm,
)
from organizations.models.organizations import term_ends_on

# Owners before what they own.
WRITE_ORDER = (
    Enterprise,
    Jurisdiction,
    Headcount,
    MassOrganization,
    PartyOrganization,
    Cover,
    SecretaryTerm,
    Instructor,
    Assignment,
)
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
_SQL_BATCH = 500


def _batches(values: Iterable) -> Iterable[list]:
    values = list(values)
    for start in range(0, len(values), _SQL_BATCH):
        yield values[start : start + _SQL_BATCH]


class Register:
    """What the database holds for one committee and for the credit codes of one file."""

    def __init__(self, committee: Committee, as_of: dt.date, rows: list[Row]):
        self.committee, self.as_of = committee, as_of
        self.staging = Staging(WRITE_ORDER)
        self._load_enterprises(rows)
        self._load_facts()
        # What earlier rows of this file said about an organization: name key → (row, date, secretary).
        self._said_established: dict[str, tuple[Row, LedgerDate]] = {}
        self._said_secretary: dict[str, tuple[Row, str]] = {}

    # -- loading ---------------------------------------------------------------

    def _load_enterprises(self, rows: list[Row]) -> None:
        # The committee may be new and not saved yet (a preview never creates it).
        committee_id = self.committee.pk
        live = list(Jurisdiction.objects.live_on(self.as_of).filter(committee_id=committee_id)) if committee_id else []
        mine = {jurisdiction.enterprise_id for jurisdiction in live}
        found: dict[int, Enterprise] = {}
        for batch in _batches(mine):
            found.update(Enterprise.objects.in_bulk(batch))
        codes = {code for row in rows if (code := row.get("credit_code"))}
        for batch in _batches(codes):
            found.update({each.pk: each for each in Enterprise.objects.filter(credit_code__in=batch)})
        self.enterprises = found
        self.mine = mine
        self.by_code = {each.credit_code: each for each in found.values() if each.credit_code}
        self.by_name = {name_key(found[pk].name): found[pk] for pk in mine if pk in found}

    def _load_facts(self) -> None:
        def by_enterprise(model: type) -> dict[int, list]:
            grouped: dict[int, list] = defaultdict(list)
            for batch in _batches(self.enterprises):
                for fact in model.objects.filter(enterprise_id__in=batch).order_by("start"):  # type: ignore[attr-defined]
                    grouped[fact.enterprise_id].append(fact)
            return grouped

        self._facts: dict[type, dict[int, list]] = {
            model: by_enterprise(model) for model in (Jurisdiction, Headcount, MassOrganization, Cover, Assignment)
        }
        known = PartyOrganization.objects.filter(committee_id=self.committee.pk) if self.committee.pk else []
        self.organizations = {name_key(each.name): each for each in known}
        self._terms: dict[str, list[SecretaryTerm]] = defaultdict(list)
        if self.committee.pk:
            for term in SecretaryTerm.objects.filter(organization__committee_id=self.committee.pk).order_by("start"):
                self._terms[str(term.organization_id)].append(term)
        self.instructors: dict[str, list[Instructor]] = defaultdict(list)
        people = Instructor.objects.filter(committee_id=self.committee.pk).order_by("id") if self.committee.pk else []
        for person in people:
            self.instructors[person.name].append(person)

    def facts(self, model: type, enterprise: Enterprise) -> list:
        """The facts of one enterprise, those of this file included; the list is live."""
        key = enterprise.pk if enterprise.pk is not None else -id(enterprise)
        return self._facts[model].setdefault(key, [])

    # -- one row ---------------------------------------------------------------

    def find(self, row: Row) -> Enterprise | None:
        """The enterprise that the row means. Reports a conflict on the row."""
        code, name = row.get("credit_code"), name_key(row.get("name"))
        if code and (known := self.by_code.get(code)):
            if self._is_held_by_another(known):
                row.report(
                    ERROR,
                    "credit_code",
                    "统一社会信用代码：该企业已由其他党（工）委管理，须由区委组织部核定划转后才能导入",
                )
            return known
        known = self.by_name.get(name)
        if known is not None and code and known.credit_code and known.credit_code != code:
            row.report(
                ERROR, "credit_code", f"统一社会信用代码：本单位已有同名企业，代码为 {known.credit_code}，请核对"
            )
        return known

    def _is_held_by_another(self, enterprise: Enterprise) -> bool:
        """Whether another committee answers for it on the ledger's date or today, or did before ours ever did."""
        held = self.facts(Jurisdiction, enterprise)
        days = (self.as_of, max(self.as_of, today()))
        holders = [each for each in held if any(each.is_live_on(day) for day in days)] or held
        return any(not _refers(each, "committee", self.committee) for each in holders)

    def merge(self, row: Row) -> bool | None:
        """Take one good row in. True: a new enterprise; False: a known one; None: the row has a conflict."""
        enterprise = self.find(row)
        self._check_against_file(row)
        if row.has_errors:
            return None
        is_new = enterprise is None
        self.staging.at(row.sheet, row.number, row.get("name"))
        if enterprise is None:
            enterprise = self._create_enterprise(row)
        else:
            self._update_enterprise(enterprise, row)
        closed = enterprise.closed_on is not None and enterprise.closed_on <= self.as_of
        if not closed:
            self._merge_headcount(enterprise, row)
            self._merge_mass_organizations(enterprise, row)
        self._merge_organization(enterprise, row)
        self._merge_instructor(enterprise, row)
        self._settle_jurisdiction(enterprise)
        return is_new

    def _check_against_file(self, row: Row) -> None:
        """One organization, one founding date and one secretary, whichever row says so."""
        if not has_organization(row):
            return
        key = name_key(self._organization_name(row))
        established = row.get("established_on")
        if established is not None:
            first, said = self._said_established.setdefault(key, (row, established))
            if not _compatible(said, established):
                row.report(
                    ERROR,
                    "established_on",
                    f"党组织成立时间：同一党组织在第 {first.number} 行写的是 {said.day}，请改成一致",
                )
        secretary = row.get("secretary_name")
        if secretary:
            first, name = self._said_secretary.setdefault(key, (row, secretary))
            if name != secretary:
                row.report(WARNING, "secretary_name", f"书记姓名：同一党组织在第 {first.number} 行是 {name}，按该行记")

    # -- enterprise ------------------------------------------------------------

    def _create_enterprise(self, row: Row) -> Enterprise:
        enterprise = Enterprise(credit_code=row.get("credit_code"), name=row.get("name"))
        self.staging.note(NEW, "企业", None, row.get("name"))
        for name in PLAIN_FIELDS:
            if row.get(name) is not None:
                setattr(enterprise, name, row.get(name))
        if planned := row.get("planned_on"):
            enterprise.planned_on = planned.day
        if registered := row.get("registered_on"):
            enterprise.registered_on, enterprise.registered_precision = registered
        if is_closed(row):
            enterprise.closed_on, enterprise.closed_precision = self._stated(row, "closed_on")
        self.staging.create(enterprise)
        if enterprise.credit_code:
            self.by_code[enterprise.credit_code] = enterprise
        self.by_name[name_key(enterprise.name)] = enterprise
        return enterprise

    def _update_enterprise(self, enterprise: Enterprise, row: Row) -> None:
        change = self.staging.set
        if row.get("credit_code") and not enterprise.credit_code:
            change(enterprise, "credit_code", row.get("credit_code"))
        if name_key(enterprise.name) != name_key(row.get("name")):
            former = [name for name in enterprise.former_names.split("、") if name]
            if enterprise.name not in former:
                self.staging.assign(enterprise, "former_names", "、".join([*former, enterprise.name])[:300])
            change(enterprise, "name", row.get("name"))
        for name in PLAIN_FIELDS:
            # A name change has just written the former names.
            if row.get(name) is not None and name != "former_names":
                change(enterprise, name, row.get(name))
        if planned := row.get("planned_on"):
            change(enterprise, "planned_on", planned.day)
        if registered := row.get("registered_on"):
            self._set_date(enterprise, "registered_on", "registered_precision", registered)
        if is_closed(row):
            stated = row.get("closed_on")
            if stated is not None:
                self._set_date(enterprise, "closed_on", "closed_precision", stated, kind=ENDED)
            elif enterprise.closed_on is None:
                self._set_date(enterprise, "closed_on", "closed_precision", self._stated(row, "closed_on"), kind=ENDED)

    def _set_date(self, instance, name: str, precision: str, value: LedgerDate, kind: str = CHANGED) -> None:
        """Take a stated date, unless the one held is more precise and says the same."""
        held = getattr(instance, name)
        how = getattr(instance, precision)
        same = held is not None and how != Precision.ASSUMED and _compatible(LedgerDate(held, how), value)
        if same and (how == Precision.DAY or value.precision != Precision.DAY):
            return
        self.staging.set(instance, name, value.day, kind=kind)
        if getattr(instance, precision) != value.precision:
            self.staging.assign(instance, precision, value.precision)

    def _stated(self, row: Row, name: str) -> LedgerDate:
        """The date in the row, or the ledger's own, marked as assumed."""
        return row.get(name) or LedgerDate(self.as_of, Precision.ASSUMED)

    def _settle_jurisdiction(self, enterprise: Enterprise) -> None:
        """The committee answers for the enterprise from the earliest day anything is known of it."""
        jurisdictions = self.facts(Jurisdiction, enterprise)
        dated = [
            fact.start
            for model in (Headcount, MassOrganization, Cover, Assignment)
            for fact in self.facts(model, enterprise)
        ]
        earliest = enterprise.registered_on or min([*dated, self.as_of])
        if enterprise.closed_on is not None:
            earliest = min(earliest, enterprise.closed_on)
        if not jurisdictions:
            precision = enterprise.registered_precision if enterprise.registered_on else Precision.ASSUMED
            held = Jurisdiction(
                enterprise=enterprise, committee=self.committee, start=earliest, start_precision=precision
            )
            jurisdictions.append(held)
            self.staging.create(held)
        elif jurisdictions[0].start > earliest:
            # An earlier founding date was learnt: someone must answer for those days too.
            self.staging.set(jurisdictions[0], "start", earliest, what="属地管理开始日期")
        if not any(each.is_live_on(self.as_of) for each in jurisdictions) and jurisdictions[-1].end is not None:
            held = Jurisdiction(
                enterprise=enterprise, committee=self.committee, start=max(self.as_of, jurisdictions[-1].end)
            )
            jurisdictions.append(held)
            self.staging.create(held)
            self.staging.note(NEW, "属地管理", None, str(self.committee))

    # -- numbers and mass organizations ------------------------------------------

    def _merge_headcount(self, enterprise: Enterprise, row: Row) -> None:
        stated = {name: row.get(name) for name in Headcount.NUMBERS if row.get(name) is not None}
        if not stated:
            return
        counts = self.facts(Headcount, enterprise)
        live = next((each for each in counts if each.is_live_on(self.as_of)), None)
        if live is not None and all(getattr(live, name) == value for name, value in stated.items()):
            return
        if live is not None and live.start == self.as_of:
            for name, value in stated.items():
                self.staging.set(live, name, value)
            return
        later = [each.start for each in counts if each.start > self.as_of]
        fresh = Headcount(enterprise=enterprise, start=self.as_of, end=min(later, default=None))
        for name in Headcount.NUMBERS:
            held = None if live is None else getattr(live, name)
            value = stated.get(name, held)
            setattr(fresh, name, value)
            if enterprise.pk is not None and value != held:
                self.staging.note(CHANGED, verbose_name(Headcount, name), held, value)
        if live is not None:
            self.staging.assign(live, "end", self.as_of)
        counts.append(fresh)
        self.staging.create(fresh)

    def _merge_mass_organizations(self, enterprise: Enterprise, row: Row) -> None:
        held = self.facts(MassOrganization, enterprise)
        for kind in MassOrganizationKind:
            stated = row.get(kind.value)
            if stated is None:
                continue
            live = next((each for each in held if each.kind == kind and each.is_live_on(self.as_of)), None)
            if stated is False:
                if live is not None and live.form != MassOrganizationForm.NOT_APPLICABLE:
                    self._end(live, held, kind.label)
                continue
            form = stated if isinstance(stated, str) else None
            if live is None:
                later = [each.start for each in held if each.kind == kind and each.start > self.as_of]
                fresh = MassOrganization(
                    enterprise=enterprise,
                    kind=kind,
                    form=form or MassOrganizationForm.OWN,
                    start=self.as_of,
                    start_precision=Precision.ASSUMED,
                    end=min(later, default=None),
                )
                held.append(fresh)
                self.staging.create(fresh)
                if enterprise.pk is not None:
                    self.staging.note(NEW, kind.label, None, "已建立")
            elif form is not None:
                self.staging.set(live, "form", form)

    def _end(self, fact: Period, held: list, what: str, day: dt.date | None = None) -> None:
        """End a fact on `day` (the ledger's date); one that would end as it began is taken back."""
        day = day or self.as_of
        self.staging.note(ENDED, what, f"{fact.start} 起", f"{day} 结束")
        if fact.start >= day:
            held.remove(fact)
            self.staging.remove(fact)
        else:
            self.staging.assign(fact, "end", day)

    # -- organization ----------------------------------------------------------

    def _organization_name(self, row: Row) -> str:
        """The organization's name; a ledger without that column gets one made from the enterprise's."""
        if name := row.get("organization_name"):
            return name
        body = {OrganizationKind.COMMITTEE: "委员会", OrganizationKind.GENERAL_BRANCH: "总支部委员会"}.get(
            row.get("organization_kind"), "支部委员会"
        )
        if row.get("organization_form") in {OrganizationForm.JOINT, OrganizationForm.GRID} and row.get(
            "secretary_name"
        ):
            return f"中共{self.committee}非公企业联合{body}（书记：{row.get('secretary_name')}）"
        return f"中共{row.get('name')}{body}"

    def _merge_organization(self, enterprise: Enterprise, row: Row) -> None:
        covers = self.facts(Cover, enterprise)
        if row.get("established") is False:
            for cover in [each for each in covers if each.is_live_on(self.as_of)]:
                self._end(cover, covers, "党组织覆盖")
        if not has_organization(row):
            self._end_at_closing(enterprise, covers, "党组织覆盖")
            return
        name = self._organization_name(row)
        organization = self.organizations.get(name_key(name))
        old_start = None
        if organization is None:
            established = self._stated(row, "established_on")
            organization = PartyOrganization(
                committee=self.committee,
                name=name,
                kind=row.get("organization_kind") or "",
                form=row.get("organization_form") or "",
                established_on=established.day,
                established_precision=established.precision,
            )
            self.organizations[name_key(name)] = organization
            self.staging.create(organization)
            self.staging.note(NEW, "党组织", None, name)
        else:
            old_start = self._implied_start(organization, enterprise)
            for field in ("organization_kind", "organization_form"):
                if row.get(field) is not None:
                    self.staging.set(organization, field.removeprefix("organization_"), row.get(field))
            if established := row.get("established_on"):
                self._set_date(organization, "established_on", "established_precision", established)
            elif organization.established_precision == Precision.ASSUMED and self.as_of < organization.established_on:
                self.staging.set(organization, "established_on", self.as_of)
        self._merge_cover(enterprise, organization, covers, old_start)
        self._end_at_closing(enterprise, covers, "党组织覆盖")
        self._merge_secretary(organization, row)

    def _implied_start(self, organization: PartyOrganization, enterprise: Enterprise) -> dt.date:
        """When cover begins if a ledger names the organization's founding day only."""
        return max(organization.established_on, enterprise.registered_on or organization.established_on)

    def _merge_cover(self, enterprise, organization, covers: list, old_start: dt.date | None) -> None:
        start = self._implied_start(organization, enterprise)
        probe = self._probe(enterprise)
        mine = [each for each in covers if _refers(each, "organization", organization)]
        live = next((each for each in mine if each.is_live_on(probe)), None)
        if live is not None:
            derived = old_start is not None and live.start == old_start
            if live.start != start and (derived or live.start_precision == Precision.ASSUMED) and len(mine) == 1:
                self.staging.set(live, "start", start, what="党组织覆盖开始日期")
                self.staging.assign(live, "start_precision", organization.established_precision)
            return
        precision = organization.established_precision
        ended = [each.end for each in mine if each.end is not None and each.end <= self.as_of]
        if ended:
            # Covered again after an end: from the ledger's date, not over the gap.
            start, precision = max(self.as_of, *ended), Precision.ASSUMED
        if start > probe:
            return
        others = [each for each in covers if each.is_live_on(self.as_of) and each not in mine]
        cover = Cover(organization=organization, enterprise=enterprise, start=start, start_precision=precision)
        covers.append(cover)
        self.staging.create(cover)
        if enterprise.pk is not None:
            old = f"另有 {len(others)} 个党组织覆盖，仍保留" if others else None
            self.staging.note(NEW, "党组织覆盖", old, f"{organization.name}（{start} 起）")

    def _probe(self, enterprise: Enterprise) -> dt.date:
        """The last day on which the ledger's statement about a living enterprise can hold."""
        if enterprise.closed_on is None:
            return self.as_of
        return min(self.as_of, enterprise.closed_on - dt.timedelta(days=1))

    def _end_at_closing(self, enterprise: Enterprise, held: list, what: str) -> None:
        """A closed enterprise is covered and assisted until its closing day, no longer."""
        closed = enterprise.closed_on
        if closed is None:
            return
        for fact in [each for each in held if each.end is None or each.end > closed]:
            if fact.pk is None and fact.start < closed:
                fact.end = closed
            else:
                self._end(fact, held, what, closed)

    def _merge_secretary(self, organization: PartyOrganization, row: Row) -> None:
        name = row.get("secretary_name")
        key = name_key(organization.name)
        if not name or self._said_secretary.get(key, (row, name))[1] != name:
            return
        terms = self._terms[str(organization.pk) if organization.pk is not None else key]
        elected = row.get("elected_on")
        live = next((each for each in terms if each.is_live_on(self.as_of)), None)
        if live is not None and live.name == name:
            if row.get("secretary_source") is not None:
                self.staging.set(live, "source", row.get("secretary_source"))
            if elected is not None and live.elected_on != elected.day:
                self.staging.set(live, "elected_on", elected.day)
                self.staging.assign(live, "term_ends_on", term_ends_on(organization.kind, elected.day))
            return
        start = elected.day if elected is not None else self.as_of
        if live is not None and live.start >= start:
            start = self.as_of
        if live is not None and live.start < start:
            self.staging.note(CHANGED, "书记", live.name, name)
            self.staging.assign(live, "end", start)
        elif live is not None:
            self.staging.set(live, "name", name, what="书记")
            return
        later = [each.start for each in terms if each.start > start]
        term = SecretaryTerm(
            organization=organization,
            name=name,
            source=row.get("secretary_source") or "",
            start=start,
            start_precision=Precision.ASSUMED if elected is None else elected.precision,
            end=min(later, default=None),
            elected_on=None if elected is None else elected.day,
            term_ends_on=None if elected is None else term_ends_on(organization.kind, elected.day),
        )
        terms.append(term)
        self.staging.create(term)
        if live is None and organization.pk is not None:
            self.staging.note(NEW, "书记", None, name)

    # -- instructor ------------------------------------------------------------

    def _merge_instructor(self, enterprise: Enterprise, row: Row) -> None:
        assignments = self.facts(Assignment, enterprise)
        name = row.get("instructor_name")
        if name:
            instructor = self._instructor(name, row)
            self._merge_assignment(enterprise, instructor, assignments, row)
        self._end_at_closing(enterprise, assignments, "指导员派驻")

    def _instructor(self, name: str, row: Row) -> Instructor:
        """The person meant: the same name inside the committee, and no other phone."""
        phone, unit = row.get("instructor_phone") or "", row.get("instructor_unit") or ""
        namesakes = self.instructors[name]
        person = next((each for each in namesakes if phone and each.phone == phone), None) or next(
            (each for each in namesakes if not phone or not each.phone), None
        )
        if person is None:
            person = Instructor(committee=self.committee, name=name, phone=phone, unit=unit)
            namesakes.append(person)
            self.staging.create(person)
            self.staging.note(NEW, "指导员", None, name)
            return person
        if phone and not person.phone:
            self.staging.set(person, "phone", phone)
        if unit:
            self.staging.set(person, "unit", unit)
        return person

    def _merge_assignment(self, enterprise, instructor: Instructor, assignments: list, row: Row) -> None:
        stated = row.get("assigned_on")
        start, precision = self._stated(row, "assigned_on")
        mine = [each for each in assignments if _refers(each, "instructor", instructor)]
        probe = self._probe(enterprise)
        live = next((each for each in mine if each.is_live_on(probe)), None)
        if live is not None:
            if stated is not None:
                self._set_date(live, "start", "start_precision", stated)
            elif live.start_precision == Precision.ASSUMED and start < live.start:
                self.staging.set(live, "start", start)
            return
        ended = [each.end for each in mine if each.end is not None and each.end > start]
        if ended:
            start, precision = max(self.as_of, *ended), Precision.ASSUMED
        if start > probe:
            if enterprise.closed_on is not None:
                row.report(WARNING, "assigned_on", "派驻时间：不早于企业注销日期，不计派驻")
            return
        others = [each for each in assignments if each.is_live_on(self.as_of)]
        fresh = Assignment(instructor=instructor, enterprise=enterprise, start=start, start_precision=precision)
        assignments.append(fresh)
        self.staging.create(fresh)
        if enterprise.pk is not None:
            old = f"原有 {len(others)} 名指导员，仍保留；如已更换请结束原派驻" if others else None
            self.staging.note(NEW, "指导员派驻", old, f"{instructor.name}（{start} 起）")


def _refers(fact: Model, name: str, owner: Model) -> bool:
    """Whether the fact's foreign key `name` is `owner`, saved or not; asks the database nothing."""
    if owner.pk is not None:
        return getattr(fact, f"{name}_id") == owner.pk
    return fact._state.fields_cache.get(name) is owner


def _compatible(a: LedgerDate, b: LedgerDate) -> bool:
    """Whether two stated dates can be the same day: equal, or equal as far as the vaguer one goes."""
    if Precision.MONTH in (a.precision, b.precision):
        return (a.day.year, a.day.month) == (b.day.year, b.day.month)
    return a.day == b.day
