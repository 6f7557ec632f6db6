"""The register as one committee's ledger meets it: loaded once, changed in memory, written once.

Blank never clears. Only an explicit 否 or a 注销 ends something. A fact without a date is
known from the ledger's date on (design, rule 6).
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property
from itertools import pairwise

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
)
from enterprises.querysets import today
from instructors.models import Assignment, Instructor
from ledgers.claims import Claim
from ledgers.models import ConflictKind
from ledgers.problems import ERROR
from ledgers.rows import Row
from ledgers.staging import CHANGED, ENDED, Staging
from organizations.models import (
    Cover,
    Member,
    MemberPlacement,
    MemberStage,
    Milestone,
    PartyOrganization,
    SecretaryTerm,
)

# Owners before what they own.
WRITE_ORDER = (
    Enterprise,
    Jurisdiction,
    Headcount,
    MassOrganization,
    PartyOrganization,
    Cover,
    SecretaryTerm,
    Milestone,
    Instructor,
    Assignment,
    Member,
    MemberStage,
    MemberPlacement,
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
        self._settle_names()
        # What earlier rows of this file said about an organization: name key → (row, date, secretary).
        self.said_established: dict[str, tuple[Row, LedgerDate]] = {}
        self.said_secretary: dict[str, tuple[Row, str]] = {}
        # And of any record that several rows may be about: (id of the instance, column) → (row, value).
        self.said: dict[tuple[int, str], tuple[Row, object]] = {}
        # The keys of the members and the organizations that the file names.
        self.named: set[tuple[type, int]] = set()
        self._rows = rows
        self.claims: list[Claim] = []

    def _load_enterprises(self, rows: list[Row]) -> None:
        # The committee may be new and not saved yet (a preview never creates it).
        committee_id = self.committee.pk
        held = list(Jurisdiction.objects.filter(committee_id=committee_id)) if committee_id else []
        found: dict[int, Enterprise] = {}
        for batch in _batches({jurisdiction.enterprise_id for jurisdiction in held}):
            found.update(Enterprise.objects.in_bulk(batch))
        codes = {code for row in rows if (code := row.get("credit_code"))}
        for batch in _batches(codes):
            found.update({each.pk: each for each in Enterprise.objects.filter(credit_code__in=batch)})
        self.enterprises = found
        self.by_code = {each.credit_code: each for each in found.values() if each.credit_code}
        self._held = {each.enterprise_id: found[each.enterprise_id] for each in held}
        # Whose rows the file ought to hold.
        self.mine = {each.enterprise_id for each in held if each.is_live_on(self.as_of)}

    def _settle_names(self) -> None:
        """Which enterprise each name means: one that is ours, and the open one of several."""
        named: dict[str, list[Enterprise]] = defaultdict(list)
        for each in self._held.values():
            named[name_key(each.name)].append(each)
        self.by_name: dict[str, Enterprise] = {}
        # What was ours and is another committee's now: nothing of it is shown or changed by its name. And names
        # that several bear, which tell none of them.
        self.gone: set[str] = set()
        self.ambiguous: set[str] = set()
        for key, bearers in named.items():
            ours = [each for each in bearers if self.other_holder(each) is None]
            opened = [each for each in ours if each.closed_on is None or each.closed_on > self.as_of]
            if len(ours) == 1 or len(opened) == 1:
                self.by_name[key] = opened[0] if opened else ours[0]
            else:
                (self.ambiguous if ours else self.gone).add(key)

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
        self.secretary_terms: dict[str, list[SecretaryTerm]] = defaultdict(list)
        if self.committee.pk:
            for term in SecretaryTerm.objects.filter(organization__committee_id=self.committee.pk).order_by("start"):
                self.secretary_terms[str(term.organization_id)].append(term)
        self.instructors: dict[str, list[Instructor]] = defaultdict(list)
        people = Instructor.objects.filter(committee_id=self.committee.pk).order_by("id") if self.committee.pk else []
        for person in people:
            self.instructors[person.name].append(person)

    # -- what only some kinds of file ask for, loaded when asked --------------

    @cached_property
    def milestones(self) -> dict[str, list[Milestone]]:
        """The committee's organizations' milestones by `owner_key` of the organization."""
        found: dict[str, list[Milestone]] = defaultdict(list)
        if self.committee.pk:
            for each in Milestone.objects.filter(organization__committee_id=self.committee.pk).order_by("start"):
                found[str(each.organization_id)].append(each)
        return found

    @cached_property
    def members(self) -> "People":
        return People(self.committee, self._rows)

    def enterprise_named(self, name: str) -> Enterprise | None:
        """The committee's enterprise of this name, or of this former name when that is one's only."""
        found = self.by_name.get(name_key(name))
        return found or self._by_former_name.get(name_key(name))

    @cached_property
    def _by_former_name(self) -> dict[str, Enterprise]:
        former: dict[str, list[Enterprise]] = defaultdict(list)
        for enterprise in self.by_name.values():
            for name in enterprise.former_names.split("、"):
                if name:
                    former[name_key(name)].append(enterprise)
        return {key: found[0] for key, found in former.items() if len(found) == 1}

    @cached_property
    def namesakes(self) -> dict[str, PartyOrganization]:
        """Organizations of other committees that bear a name of this file: name key → the organization."""
        names = {row.get("organization_name") or row.get("name") for row in self._rows}
        found: dict[str, PartyOrganization] = {}
        for batch in _batches(name for name in names if isinstance(name, str)):
            rows = PartyOrganization.objects.filter(name__in=batch).exclude(committee_id=self.committee.pk)
            found.update({name_key(each.name): each for each in rows})
        return found

    @cached_property
    def committees(self) -> dict[str, Committee]:
        """Every committee by its name and its short name."""
        return {
            name_key(name): each for each in Committee.objects.all() for name in (each.name, each.short_name) if name
        }

    def facts(self, model: type, enterprise: Enterprise) -> list:
        """The facts of one enterprise, those of this file included; the list is live."""
        key = enterprise.pk if enterprise.pk is not None else -id(enterprise)
        return self._facts[model].setdefault(key, [])

    def all_covers(self, organization: PartyOrganization) -> list[list[Cover]]:
        """The covers of each enterprise that the organization covers, of those too that are not the committee's."""
        found = [
            facts
            for facts in self._facts[Cover].values()
            if any(refers(each, "organization", organization) for each in facts)
        ]
        if organization.pk is not None:
            others = Cover.objects.filter(organization_id=organization.pk)
            found += [[each] for each in others if each.enterprise_id not in self.enterprises]
        return found

    def overlaps(self) -> list[str]:
        """What would overlap, in words, though only one may be live at a time: between what the file brings and what
        is held. The rules of each row should leave none; where they do, nothing may be written."""
        groups = [facts for grouped in self._facts.values() for facts in grouped.values()]
        groups += [*self.secretary_terms.values(), *self.__dict__.get("milestones", {}).values()]
        if "members" in self.__dict__:
            groups += self.members.all_facts()
        found = []
        for facts in groups:
            if len(facts) < 2 or not any(self.staging.touches(each) for each in facts):
                continue
            held: dict[tuple, list] = defaultdict(list)
            for each in facts:
                if each.NO_OVERLAP_WITHIN:
                    held[tuple(_owner(each, name) for name in each.NO_OVERLAP_WITHIN)].append(each)
            for same in held.values():
                same.sort(key=lambda each: each.start)
                for first, second in pairwise(same):
                    if first.end is None or first.end > second.start:
                        found.append(f"{second._meta.verbose_name}：“{first}”与“{second}”的时间重叠")
        return found

    # -- one row ---------------------------------------------------------------

    def find(self, row: Row) -> Enterprise | None:
        """The enterprise that the row means. Reports a conflict on the row."""
        code, name = row.get("credit_code"), name_key(row.get("name"))
        if code and (known := self.by_code.get(code)):
            if holder := self.other_holder(known):
                same = name_key(known.name) == name
                self.claims.append(
                    Claim(
                        ConflictKind.CLAIMED if same else ConflictKind.TWO_NAMES,
                        code,
                        row.get("name"),
                        row.get("name"),
                        known.name,
                        holder,
                    )
                )
                row.report(
                    ERROR,
                    "credit_code",
                    "统一社会信用代码：该企业已由其他党（工）委管理，已列入“冲突”，由区委组织部核定（或在企业页“划转”）后才能导入",
                )
            return known
        if name in self.gone and not code:
            row.report(
                ERROR, "name", "企业名称：本单位原有的同名企业已由其他党（工）委管理；确是另一家的请填写信用代码"
            )
        if name in self.ambiguous and not code:
            row.report(ERROR, "name", "企业名称：本单位登记了几家同名企业，分不清是哪一家，请填写统一社会信用代码")
        known = self.by_name.get(name)
        if known is not None and code and known.credit_code and known.credit_code != code:
            row.report(
                ERROR, "credit_code", f"统一社会信用代码：本单位已有同名企业，代码为 {known.credit_code}，请核对"
            )
        return known

    def other_holder(self, enterprise: Enterprise) -> int | None:
        """The other committee that answers for it on the ledger's date or today, or did before ours ever did."""
        held = self.facts(Jurisdiction, enterprise)
        days = (self.as_of, max(self.as_of, today()))
        holders = [each for each in held if any(each.is_live_on(day) for day in days)] or held
        others = [each.committee_id for each in holders if not refers(each, "committee", self.committee)]
        return others[-1] if others else None

    def set_date(
        self, instance, name: str, precision: str, value: LedgerDate, kind: str = CHANGED, what: str = ""
    ) -> None:
        """Take a stated date, unless the one held is more precise and says the same. `what`: what it is called."""
        held = getattr(instance, name)
        how = getattr(instance, precision)
        same = held is not None and how != Precision.ASSUMED and compatible(LedgerDate(held, how), value)
        if same and (how == Precision.DAY or value.precision != Precision.DAY):
            return
        self.staging.set(instance, name, value.day, kind=kind, what=what if instance.pk is not None else "")
        if getattr(instance, precision) != value.precision:
            self.staging.assign(instance, precision, value.precision)

    def stated(self, row: Row, name: str) -> LedgerDate:
        """The date in the row, or the ledger's own, marked as assumed."""
        return row.get(name) or LedgerDate(self.as_of, Precision.ASSUMED)

    def end(self, fact: Period, held: list, what: str, day: dt.date | None = None) -> None:
        """End a fact on `day` (the ledger's date); one that would end as it began is taken back."""
        day = day or self.as_of
        never = fact.start >= day
        self.staging.note(ENDED, what, f"{fact.start} 起", "去掉（开始不早于结束的日期）" if never else f"{day} 结束")
        if never:
            held.remove(fact)
            self.staging.remove(fact)
        else:
            self.staging.assign(fact, "end", day)

    def probe(self, enterprise: Enterprise) -> dt.date:
        """The last day on which the ledger's statement about a living enterprise can hold."""
        if enterprise.closed_on is None:
            return self.as_of
        return min(self.as_of, enterprise.closed_on - dt.timedelta(days=1))

    def end_at_closing(self, enterprise: Enterprise, held: list, what: str) -> None:
        """A closed enterprise is covered and assisted until its closing day, no longer."""
        closed = enterprise.closed_on
        if closed is None:
            return
        for fact in [each for each in held if each.end is None or each.end > closed]:
            if fact.pk is None and fact.start < closed:
                fact.end = closed
            else:
                self.end(fact, held, what, closed)


def owner_key(owner: Model, name: str) -> str:
    """By what the facts of an owner are grouped: its key, or its name while it has none."""
    return str(owner.pk) if owner.pk is not None else name_key(name)


class People:
    """The committee's members with their stages and places, and whoever else bears an ID number of the file."""

    def __init__(self, committee: Committee, ledger: list[Row]):
        held = list(Member.objects.filter(committee_id=committee.pk).order_by("pk")) if committee.pk else []
        prints = {number.fingerprint for row in ledger if (number := row.get("id_number"))}
        known = {member.pk: member for member in held}
        for batch in _batches(prints):
            known.update({each.pk: each for each in Member.objects.filter(id_fingerprint__in=batch)})
        self.all = known
        self.mine = {member.pk for member in held}
        self.by_number = {each.id_fingerprint: each for each in known.values() if each.id_fingerprint}
        self.by_name: dict[str, list[Member]] = defaultdict(list)
        for member in held:
            self.by_name[name_key(member.name)].append(member)
        self._facts: dict[type, dict[int, list]] = {MemberStage: defaultdict(list), MemberPlacement: defaultdict(list)}
        for model, grouped in self._facts.items():
            for batch in _batches(known):
                rows = model.objects.filter(member_id__in=batch).order_by("start")  # type: ignore[attr-defined]
                for fact in rows.select_related("enterprise", "organization") if model is MemberPlacement else rows:
                    grouped[fact.member_id].append(fact)

    def add(self, member: Member) -> None:
        """A member of this file, not saved yet."""
        if member.id_fingerprint:
            self.by_number[member.id_fingerprint] = member
        self.by_name[name_key(member.name)].append(member)

    def all_facts(self) -> list[list]:
        """The stages of each member, and the places of each."""
        return [facts for grouped in self._facts.values() for facts in grouped.values()]

    def facts(self, model: type, member: Member) -> list:
        """The stages or places of one member, those of this file included; the list is live."""
        return self._facts[model][member.pk if member.pk is not None else -id(member)]


def _owner(fact: Model, name: str) -> object:
    """By what facts of one owner are told: its key, or itself while it has none."""
    value = getattr(fact, getattr(fact._meta.get_field(name), "attname", name))
    return value if value is not None else id(fact._state.fields_cache.get(name))


def refers(fact: Model, name: str, owner: Model) -> bool:
    """Whether the fact's foreign key `name` is `owner`, saved or not; asks the database nothing."""
    if owner.pk is not None:
        return getattr(fact, f"{name}_id") == owner.pk
    return fact._state.fields_cache.get(name) is owner


def compatible(a: LedgerDate, b: LedgerDate) -> bool:
    """Whether two stated dates can be the same day: equal, or equal as far as the vaguer one goes."""
    if Precision.MONTH in (a.precision, b.precision):
        return (a.day.year, a.day.month) == (b.day.year, b.day.month)
    return a.day == b.day
