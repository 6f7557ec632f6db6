"""Whom a row means: the register as one committee's file meets it."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from functools import cached_property
from typing import Any

from django.db.models import Model

from committees.models import Committee
from common.batches import batches
from common.models import Extra
from common.periods import Period
from common.plan import Item
from common.series import Fact
from common.text import name_key, without_phones
from common.today import today
from enterprises.models import Enterprise, Jurisdiction
from instructors.models import Instructor
from ledgers.comparing.claims import Claim
from ledgers.comparing.differences import CHANGED, label_of
from ledgers.comparing.records import Record, Series
from ledgers.comparing.staging import Staging
from ledgers.models import ConflictKind
from ledgers.recognising.problems import ERROR
from ledgers.recognising.rows import Row
from organizations.models import (
    ItemFact,
    Member,
    MemberPlacement,
    MemberStage,
    Nomination,
    NominationState,
    PartyOrganization,
    items_by_code,
)
from organizations.models.nominations import PENDING


class Register(Staging):
    """What the database holds for one committee and for the credit codes of one file, and what the file changes.

    `models`: the dated facts that the file's kinds state; they are loaded at once, others when they are asked for.
    """

    def __init__(self, committee: Committee, as_of: dt.date, rows: list[Row], models: Collection[type[Period]]):
        super().__init__(as_of)
        self.committee = committee
        # The committee may be new and not saved yet (a preview never creates it).
        self.committee_key = committee.pk or 0
        self._rows = rows
        self.claims: list[Claim] = []
        # Whether they go onto the list of conflicts.
        self.lists_conflicts = False
        # Whether a row is told that a person of it, or the date of a name in it, is another committee's too. A preview
        # is not: it would answer questions about anybody, and nobody would have stood by them.
        self.tells = True
        # What earlier rows said of something that several rows may be about: (what, column) → (row, value).
        self.said: dict[tuple[Any, str], tuple[Row, object]] = {}
        # The row that was looked up last, and what it means.
        self._found: tuple[Row, Record | None] | None = None
        # The records that the file is about.
        self.named: set[Record] = set()
        self._load_enterprises(rows)
        found = list(self.enterprises.values())
        dated: tuple[type[Period], ...] = (Jurisdiction, *models)
        for model in dated:
            if "enterprise" in model.OF:
                self.load(model, "enterprise", found)
        self.load_said(found)
        self.organizations = {
            name_key(str(each)): each for each in (*self._gone_since(), *self.of_committee(PartyOrganization))
        }
        self.load_said(self.organizations.values())
        for model in models:
            if model.OF[0] == "organization":
                self.load(model, "organization", self.organizations.values())
        self.instructors: dict[str, list[Record]] = defaultdict(list)
        people = self.of_committee(Instructor)
        for person in people:
            self.instructors[name_key(str(person))].append(person)
        for model in models:
            if issubclass(model, ItemFact):
                self.load(model, "instructor", people)
        self.models = models
        self._resolve_names()

    def _gone_since(self) -> list[Record]:
        """The organizations that were the committee's on the ledger's date, and are another's now."""
        if self.committee.pk is None:
            return []
        then = PartyOrganization.objects.as_on(self.as_of).filter(was_committee=self.committee.pk)
        keys = list(then.exclude(committee=self.committee).values_list("pk", flat=True))
        self.need_records(PartyOrganization, keys)
        return [self.records[PartyOrganization, key] for key in keys]

    def of_committee(self, model: type[Model]) -> list[Record]:
        if self.committee.pk is None:
            return []
        return self.load_records(model._default_manager.filter(committee_id=self.committee.pk).order_by("pk"))

    @property
    def settled_by_district(self) -> str:
        """The one thing that is said of what another committee holds too."""
        listed = "" if not self.lists_conflicts else "已列入“冲突”，" if self.tells else "提交后列入“冲突”，"
        return f"{listed or '须'}由区委组织部核定"

    def claim(self, claim: Claim) -> bool:
        """Put down what is claimed, once; whether it is news."""
        if claim in self.claims:
            return False
        self.claims.append(claim)
        return True

    # -- enterprises -----------------------------------------------------------

    def _load_enterprises(self, rows: list[Row]) -> None:
        held = Jurisdiction.objects.filter(committee_id=self.committee.pk) if self.committee.pk else None
        spans = list(held.values_list("enterprise_id", "start", "end")) if held is not None else []
        ours = {pk for pk, _, _ in spans}
        self.need_records(Enterprise, ours)
        for batch in batches({code for row in rows if (code := row.get("credit_code"))}):
            self.load_records(Enterprise.objects.filter(credit_code__in=batch))
        self.enterprises = {pk: each for (model, pk), each in self.records.items() if model is Enterprise}
        self.by_code = {code: each for each in self.enterprises.values() if (code := each["credit_code"])}
        self._held = [self.enterprises[pk] for pk in sorted(ours)]
        # Whose rows the file ought to hold.
        self.mine = {
            self.enterprises[pk]
            for pk, start, end in spans
            if start <= self.as_of and (end is None or end > self.as_of)
        }

    def _resolve_names(self) -> None:
        """Which enterprise each name means: one that is ours, and the open one of several."""
        named: dict[str, list[Record]] = defaultdict(list)
        for each in self._held:
            named[name_key(each["name"])].append(each)
        self.by_name: dict[str, Record] = {}
        # What was ours and is another committee's now: nothing of it is shown or changed by its name. And names
        # that several bear, which tell none of them.
        self.gone: set[str] = set()
        self.ambiguous: set[str] = set()
        for key, bearers in named.items():
            ours = [each for each in bearers if self.other_holder(each) is None]
            opened = [each for each in ours if each["closed_on"] is None or each["closed_on"] > self.as_of]
            if len(ours) == 1 or len(opened) == 1:
                self.by_name[key] = opened[0] if opened else ours[0]
            else:
                (self.ambiguous if ours else self.gone).add(key)

    def enterprise_named(self, name: str) -> Record | None:
        """The committee's enterprise of this name, or of this former name when that is one's only."""
        found = self.by_name.get(name_key(name))
        return found or self._by_former_name.get(name_key(name))

    @cached_property
    def _by_former_name(self) -> dict[str, Record]:
        former: dict[str, list[Record]] = defaultdict(list)
        for enterprise in self.by_name.values():
            for name in enterprise["former_names"].split("、"):
                if name:
                    former[name_key(name)].append(enterprise)
        return {key: found[0] for key, found in former.items() if len(found) == 1}

    def jurisdiction(self, enterprise: Record) -> Series:
        self.load(Jurisdiction, "enterprise", [enterprise])
        return self.series(Jurisdiction, enterprise)

    def other_holder(self, enterprise: Record) -> int | None:
        """The other committee that answers for it on the ledger's date or today, or did before ours ever did."""
        held = self.jurisdiction(enterprise).facts
        days = (self.as_of, max(self.as_of, today()))
        holders = [each for each in held if any(each.is_live_on(day) for day in days)] or held
        others = [each.value[0] for each in holders if each.value[0] != self.committee_key]
        return others[-1] if others else None

    def find(self, row: Row) -> Record | None:
        """The enterprise that the row means. Reports a conflict on the row, once."""
        if self._found is not None and self._found[0] is row:
            return self._found[1]
        found = self._find(row)
        self._found = (row, found)
        return found

    def _find(self, row: Row) -> Record | None:
        code, name = row.get("credit_code"), name_key(row.get("name"))
        if code and (known := self.by_code.get(code)):
            if holder := self.other_holder(known):
                kind = ConflictKind.CLAIMED if name_key(known["name"]) == name else ConflictKind.TWO_NAMES
                self.claim(Claim(kind, code, row.get("name"), row.get("name"), known["name"], holder))
                row.report(ERROR, "credit_code", f"统一社会信用代码：这家企业{self.settled_by_district}，核定前不导入")
            return known
        if name in self.gone and not code:
            row.report(
                ERROR, "name", "企业名称：本单位原有的同名企业已由其他党（工）委管理；确是另一家的请填写信用代码"
            )
        if name in self.ambiguous and not code:
            row.report(ERROR, "name", "企业名称：本单位登记了几家同名企业，分不清是哪一家，请填写统一社会信用代码")
        found = self.by_name.get(name)
        if found is not None and code and found["credit_code"] and found["credit_code"] != code:
            held = found["credit_code"]
            row.report(ERROR, "credit_code", f"统一社会信用代码：本单位已有同名企业，代码为 {held}，请核对")
        return found

    def add_enterprise(self, enterprise: Record) -> None:
        """One that the file brings: later rows find it."""
        self.enter(self.by_code, enterprise["credit_code"], enterprise)
        self.enter(self.by_name, name_key(enterprise["name"]), enterprise)

    def renamed_enterprise(self, enterprise: Record, was: str) -> None:
        """Later rows find it by its new name."""
        self.enter(self.by_name, name_key(was), None)
        self.enter(self.by_name, name_key(enterprise["name"]), enterprise)

    def enter(self, index: dict[str, Record], key: str | None, record: Record | None) -> None:
        """Enter or strike a record, until the row is taken back."""
        if not key:
            return
        held = index.get(key)

        def put(value: Record | None) -> None:
            if value is None:
                index.pop(key, None)
            else:
                index[key] = value

        put(record)
        self.on_take_back(lambda: put(held))

    # -- organizations and instructors -----------------------------------------

    def add_organization(self, organization: Record) -> None:
        self.enter(self.organizations, name_key(organization["name"]), organization)

    def add_instructor(self, person: Record) -> None:
        namesakes = self.instructors[name_key(person["name"])]
        namesakes.append(person)
        self.on_take_back(lambda: namesakes.remove(person))

    @cached_property
    def namesakes(self) -> dict[str, PartyOrganization]:
        """Organizations of other committees that bear a name of this file: name key → the organization."""
        names = {row.get("organization_name") or row.get("name") for row in self._rows}
        found: dict[str, PartyOrganization] = {}
        for batch in batches({name_key(name) for name in names if isinstance(name, str)}):
            rows = PartyOrganization.objects.filter(name_key__in=batch).exclude(committee_id=self.committee.pk)
            known = {each.pk for each in self.organizations.values()}
            found.update({name_key(each.name): each for each in rows if each.pk not in known})
        return found

    @cached_property
    def items(self) -> dict[str, Item]:
        """The plan's items by their codes."""
        return items_by_code()

    @cached_property
    def _recommended(self) -> dict[tuple[str, int, str], Nomination]:
        """What waits for a recognition, by whose it is and the item's code."""
        rows = Nomination.objects.filter(state__in=PENDING)
        return {
            (owner, key, each.code): each
            for each in rows
            for owner in ("organization", "enterprise")
            if (key := getattr(each, f"{owner}_id")) is not None
        }

    def award(self, series: Series, fact: Fact, document: str) -> None:
        """The fact is a recognition: what was recommended for it is at its end, unless that was over before."""
        owner = next(name for name in ("organization", "enterprise") if series.owner(name) is not None)
        found = self._recommended.get((owner, series.owner(owner).pk or 0, series.owner("code")))
        if found is None or (fact.end is not None and fact.end <= found.recommended_on):
            return
        self.note(CHANGED, f"推荐评选“{label_of(series)}”", found.get_state_display(), NominationState.AWARDED.label)
        self.awarded.append((found.pk, fact.start, document))
        self.on_take_back(self.awarded.pop)

    @cached_property
    def committees(self) -> dict[str, Committee]:
        """Every committee by its name and its short name."""
        return {
            name_key(name): each for each in Committee.objects.all() for name in (each.name, each.short_name) if name
        }

    # -- what columns of a form's own hold ---------------------------------------

    def keep_extra(self, record: Record, kind: str, heading: str, value: str) -> None:
        """The file's own column says this of the record; noted when it is news."""
        said = self._extras.get((record.model, record.pk, kind, heading), [])
        before = [each for each in said if each[0] <= self.as_of]
        if before and value in {before[-1][1], without_phones(before[-1][1])}:
            # As it was, or as our files show it.
            return
        self.extras.append((record, kind, heading, value))
        self.on_take_back(self.extras.pop)
        if record.pk is not None and before == said:
            self.note(CHANGED, f"附加栏“{heading}”", before[-1][1] if before else None, value)

    @cached_property
    def _extras(self) -> dict[tuple[type[Model], int | None, str, str], list[tuple[dt.date, str]]]:
        """By record, kind of ledger and heading: the day and value of all that ledgers have said there, in order."""
        keys: dict[type[Model], set[int]] = defaultdict(set)
        for model, pk in self.records:
            keys[model].add(pk)
        found: dict[tuple[type[Model], int | None, str, str], list[tuple[dt.date, str]]] = defaultdict(list)
        for model, wanted in keys.items():
            own = Extra.objects.filter(committee=self.committee_key)
            rows = own.filter(subject=model._meta.model_name).order_by("day", "id")
            for batch in batches(sorted(wanted)):
                for each in rows.filter(key__in=batch):
                    found[model, each.key, each.kind, each.heading].append((each.day, each.value))
        return dict(found)

    # -- members ---------------------------------------------------------------

    @cached_property
    def people(self) -> "People":
        return People(self, self._rows)


class People:
    """The committee's members; and of others who bear an ID number of the file (`elsewhere`) that they do."""

    def __init__(self, register: Register, rows: Iterable[Row]):
        held = register.of_committee(Member)
        prints = {number.fingerprint for row in rows if (number := row.get("id_number"))}
        self.mine = set(held)
        self.by_number = {mark: each for each in held if (mark := each["id_fingerprint"])}
        self.elsewhere: dict[str, Member] = {}
        for batch in batches(prints - self.by_number.keys()):
            others = Member.objects.filter(id_fingerprint__in=batch)
            self.elsewhere.update((each.id_fingerprint, each) for each in others)
        self.by_name: dict[str, list[Record]] = defaultdict(list)
        for member in held:
            self.by_name[name_key(member["name"])].append(member)
        dated: list[type[Period]] = [MemberStage, MemberPlacement]
        dated += [model for model in register.models if issubclass(model, ItemFact)]
        for model in dated:
            register.load(model, "member", held)
        register.load_said(held)

    def add(self, register: Register, member: Record) -> None:
        """A member of this file, not saved yet."""
        register.enter(self.by_number, member["id_fingerprint"], member)
        namesakes = self.by_name[name_key(member["name"])]
        namesakes.append(member)
        register.on_take_back(lambda: namesakes.remove(member))
