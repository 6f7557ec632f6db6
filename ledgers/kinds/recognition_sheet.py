"""What the sheet of recognitions says: since when, by which document, an organization or enterprise bears a title of
the plan (an item that is awarded), and until when."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from committees.models import Committee
from common.ledger_dates import LedgerDate
from common.plan import Item, Subject
from common.series import Fact, live
from common.text import name_key
from enterprises.models import Enterprise
from ledgers.comparing.records import Record
from ledgers.comparing.register import Register
from ledgers.comparing.statements import Held, Holds, Statement, since_of
from ledgers.kinds.checks import check_dates, report_repeated
from ledgers.kinds.items import owners_of
from ledgers.kinds.kept import RECORD, Values, as_cell
from ledgers.kinds.recognition_fields import BEARERS
from ledgers.recognising.fields import heading_key
from ledgers.recognising.problems import ERROR, WARNING
from ledgers.recognising.rows import Row
from organizations.models import OWNERS, PartyOrganization, State

MODELS = (State,)


def check(rows: Sequence[Row], as_of: dt.date, today: dt.date) -> None:
    """Days against the calendar and each other; one title of one bearer from one day once."""
    seen: dict[tuple, Row] = {}
    for row in rows:
        check_dates(row, ("awarded_on", "revoked_on"), as_of, today)
        since, until = row.get("awarded_on"), row.get("revoked_on")
        if until is not None and since is None:
            row.report(ERROR, "awarded_on", "命名日期：填了撤销日期的，要填写命名日期")
        elif until is not None and until.day <= since.day:
            row.report(ERROR, "revoked_on", f"撤销日期：{until.day} 不晚于命名日期 {since.day}，请改正")
        elif until is not None and until.day > as_of:
            row.report(ERROR, "revoked_on", f"撤销日期：{until.day} 晚于台账日期 {as_of}，请核对台账日期或撤销日期")
        key = (name_key(row.get("name") or ""), heading_key(row.get("award") or ""), since)
        if all(key[:2]) and (earlier := seen.setdefault(key, row)) is not row:
            report_repeated(row, earlier, "name", f"称号：与第 {earlier.number} 行", "对象名称")


def against(register: Register, row: Row) -> None:
    """A title that the plan does not have, and a bearer that is not registered here, are errors."""
    items = _meant(register, row)
    if items and (found := _bearer(register, row, items)) is not None:
        _check_life(row, *found)


def statements(register: Register, row: Row) -> Iterator[Statement]:
    found = _bearer(register, row, _meant(register, row))
    if found is not None:
        bearer, item = found
        if bearer.model is PartyOrganization:
            register.named.add(bearer)
        yield Awarded(bearer, item, row.get("awarded_on"), row.get("revoked_on"), row.get("document") or "")


def about(register: Register, row: Row) -> Record | None:
    found = _bearer(register, row, _meant(register, row))
    return found[0] if found is not None else None


@dataclass(slots=True)
class Awarded:
    """The bearer has the title from its day, with its document; what was recommended for it has come to its end."""

    bearer: Record
    item: Item
    stated: LedgerDate | None
    revoked: LedgerDate | None
    document: str

    def apply(self, register: Register, row: Row) -> None:
        owners, since = owners_of(self.bearer, self.item), since_of(self.stated)
        series = register.series(State, *owners)
        day = register.as_of if since is None else since.day
        given = live(series.facts, day)
        if self.revoked is not None and since is not None:
            Held(State, owners, since, self.revoked.day, "awarded_on", "revoked_on").apply(register, row)
        elif given is not None and given.end is not None and given.end <= register.as_of:
            # That it was given on its day is no news, and does not give it anew.
            self._tell_end(row, given)
        else:
            lasts = self.item.lasting
            Holds(State, owners, since=since, moves=True, lasts=lasts, field="awarded_on").apply(register, row)
        fact = live(series.facts, day)
        if fact is None:
            return
        for name, told in (("document", self.document), ("note", row.get("remark"))):
            if told:
                register.keep(series, fact, name, told)
        register.award(series, fact, self.document)

    def _tell_end(self, row: Row, given: Fact) -> None:
        if given.end != self.bearer.life[1]:
            words = f"撤销日期：“{self.item}”登记为 {given.end} 撤销，本表没有填写，仍按登记的；重新命名的请另写一行"
            row.report(WARNING, "revoked_on", words)


def _meant(register: Register, row: Row) -> list[Item]:
    """The titles that the row's words mean as a whole, of the kind of bearer that it names; reported where none."""
    words = row.get("award") or ""
    awards = [item for item in register.items.values() if item.awarded]
    key = heading_key(words)
    found = [item for item in awards if key in {heading_key(each) for each in (item.label, *item.headings)}]
    said = row.get("subject_kind")
    kind = next((kind for kind, names in BEARERS.items() if said and name_key(said) in names), None)
    if said and kind is None:
        row.report(ERROR, "subject_kind", f"对象类型：“{said}”认不出，请填 党组织 或 企业")
        return []
    if found and found[0].subject == Subject.MEMBER:
        row.report(ERROR, "award", f"荣誉称号：“{words}”是个人的称号，请填在党员花名册的“{found[0]}”一栏")
        return []
    if not found:
        known = "、".join(item.label for item in awards if item.subject != Subject.MEMBER)
        row.report(ERROR, "award", f"荣誉称号：“{words}”不是方案里命名的称号，可以填：{known}")
        return []
    fits = [item for item in found if kind is None or item.subject == kind]
    if not fits:
        row.report(ERROR, "subject_kind", f"对象类型：“{found[0]}”是{found[0].get_subject_display()}的称号，请核对")
    return fits


def _bearer(register: Register, row: Row, items: list[Item]) -> tuple[Record, Item] | None:
    """Who bears which of the titles; reported where it is nobody of ours."""
    name = row.get("name") or ""
    found = [(each, item) for item in items if (each := _named(register, item.subject, name)) is not None]
    if len(found) == 1:
        return found[0]
    if items and not found:
        what = "或".join(dict.fromkeys(item.get_subject_display() for item in items))
        first = "党组织基本情况表" if items[0].subject == Subject.ORGANIZATION else "企业台账"
        row.report(ERROR, "name", f"对象名称：没有名为“{name}”的{what}在本单位登记，请先导入{first}或改正名称")
    elif found:
        row.report(ERROR, "award", f"荣誉称号：“{row.get('award')}”有几个意思，请写成{'、'.join(map(str, items))}")
    return None


def _named(register: Register, subject: str, name: str) -> Record | None:
    if subject == Subject.ORGANIZATION:
        return register.organizations.get(name_key(name))
    return register.enterprise_named(name)


def _check_life(row: Row, bearer: Record, item: Item) -> None:
    since, until = row.get("awarded_on"), row.get("revoked_on")
    begins, ends = bearer.life
    if since is None:
        row.report(WARNING, "awarded_on", "命名日期：没有填写，新登记的只能从填报日期起算，请补上")
        return
    if begins is not None and since.day < begins:
        row.report(ERROR, "awarded_on", f"命名日期：{since.day} 早于“{bearer}”成立（{begins}），请核对")
    elif ends is not None and since.day >= ends:
        row.report(ERROR, "awarded_on", f"命名日期：{since.day} 不早于“{bearer}”撤销或注销（{ends}），请核对")
    if until is not None and item.lasting:
        row.report(ERROR, "revoked_on", f"撤销日期：“{item}”做到后不会失效，不填撤销日期")


def kept(committee: Committee, day: dt.date) -> Iterator[Values]:
    """The titles of the committee's organizations and enterprises, those that were taken back too, as rows."""
    items = {item.code: item for item in Item.objects.filter(awarded=True)}
    ours = Enterprise.objects.under(committee.pk, day).values("pk")
    states = State.objects.filter(code__in=items, start__lte=day).select_related("organization", "enterprise")
    number = 0
    for owner, rows in (
        ("organization", states.filter(organization__committee=committee)),
        ("enterprise", states.filter(enterprise__in=ours)),
    ):
        for each in rows.order_by(f"{owner}__name", "start", "pk"):
            item, bearer = items[each.code], getattr(each, owner)
            if OWNERS[item.subject] != owner:
                continue
            number += 1
            revoked = each.end if each.end is not None and each.end <= day and each.end != bearer.life[1] else None
            yield {
                RECORD: (type(bearer), bearer.pk), "serial": number, "subject_kind": item.get_subject_display(),
                "name": bearer.name, "award": item.label, "document": each.document,
                "awarded_on": as_cell(each.start, each.start_precision), "revoked_on": revoked, "remark": each.note,
            }  # fmt: skip
