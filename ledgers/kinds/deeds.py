"""What sheets say in which one row is one deed (deed_fields.py): activities, trainings and visits are events of items,
a year's funds amounts. Which item a row means, its own words tell.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.db import models

from committees.models import Committee
from common.plan import Item, Shape, Subject
from common.series import live
from common.text import name_key
from common.today import today as this_day
from instructors.models import Instructor
from ledgers.comparing.records import Record
from ledgers.comparing.register import Register
from ledgers.comparing.statements import Statement
from ledgers.kinds.checks import check_dates
from ledgers.kinds.deed_fields import AMOUNT, ROLES
from ledgers.kinds.items import MODELS as ITEM_FACTS
from ledgers.kinds.items import Given, Happened, owners_of
from ledgers.kinds.kept import RECORD, Values, as_cell
from ledgers.recognising.names import Stated
from ledgers.recognising.problems import ERROR
from ledgers.recognising.rows import Row
from organizations.models import Amount, Event, PartyOrganization, SecretaryTerm

MODELS = (SecretaryTerm, *ITEM_FACTS)
_YEARS = range(1950, 2101)


def check(rows: Sequence[Row], as_of: dt.date, today: dt.date) -> None:
    """Days in the future are refused: what has not happened is no fact."""
    for row in rows:
        check_dates(row, ("happened_on",), as_of, today)
        for name in ("name", "person", "instructor_name"):
            # 有, 无 …: an answer where a name is asked for.
            if isinstance(row.get(name), Stated):
                row.values[name] = None
                row.report(ERROR, name, f"{row.label(name)}：应填名称，请改正")


def against(register: Register, row: Row) -> None:
    """An organization, enterprise or instructor that is not registered is an error: the row says nothing else."""
    name = row.get("name")
    if name and _body(register, row) is None:
        row.report(ERROR, "name", f"党组织名称：“{name}”没有在本单位登记，请先导入党组织基本情况表或改正名称")
    for each in row.get("enterprises") or ():
        if register.enterprise_named(each) is None:
            row.report(ERROR, "enterprises", f"走访企业：“{each}”没有在本单位登记，请先导入企业台账或改正名称")


def _body(register: Register, row: Row) -> Record | None:
    return register.organizations.get(name_key(row.get("name") or ""))


def _events(register: Register, subject: str, *asks: str) -> list[Item]:
    """The events of a kind of subject that ask all of these."""
    found = (item for item in register.items.values() if item.subject == subject and item.shape == Shape.EVENT)
    return [item for item in found if set(asks) <= set(item.asks)]


def _kept(row: Row, *names: str) -> dict[str, object]:
    return {name: row.get(name) for name in names} | {"note": row.get("remark")}


# -- activities -----------------------------------------------------------------------------------


def activity(register: Register, row: Row) -> Iterator[Statement]:
    """One activity of an organization."""
    body, day = _body(register, row), row.get("happened_on")
    if body is None or day is None:
        return
    register.named.add(body)
    words = row.get("topic") or ""
    item = activity_item(register.items, words)
    if item is None:
        row.report(ERROR, "topic", "活动名称：方案里没有可以登记的党组织活动，请联系区委组织部")
        return
    asked = [name for name in ("people", "jointly", "other") if name in item.asks]
    yield Happened(owners_of(body, item), words, day, _kept(row, *asked), "happened_on")


def activity_item(items: dict[str, Item], words: str) -> Item | None:
    """The item that an activity of this name is: the one whose name or heading stands in it, else the general one,
    which asks whether it was held jointly."""
    events = [item for item in items.values() if (item.subject, item.shape) == (Subject.ORGANIZATION, Shape.EVENT)]
    key = name_key(words)
    named = [
        (len(name_key(word)), item)
        for item in events
        for word in (item.label, *item.headings)
        if len(word) > 1 and key and name_key(word) in key
    ]
    if named:
        return max(named, key=lambda pair: pair[0])[1]
    return next((item for item in events if "jointly" in item.asks and not item.derived), None)


def kept_activities(committee: Committee, day: dt.date) -> Iterator[Values]:
    """The committee's activities of the year, as rows of the record."""
    items = {item.code: item for item in Item.objects.of(Subject.ORGANIZATION) if item.shape == Shape.EVENT}
    rows = _of_year(day).filter(organization__committee=committee, code__in=items).exclude(topic="")
    number = 0
    each: Any
    for each in rows.select_related("organization"):
        meant = activity_item(items, each.topic)
        if meant is not None and meant.code == each.code:
            number += 1
            yield {
                RECORD: (PartyOrganization, each.organization_id), "serial": number, "name": each.organization.name,
                "happened_on": as_cell(each.start, each.start_precision), "topic": each.topic, "people": each.people,
                "jointly": each.jointly, "other": each.other, "remark": each.note,
            }  # fmt: skip


def _of_year(day: dt.date) -> models.QuerySet[Event]:
    return Event.objects.filter(start__gte=dt.date(day.year, 1, 1), start__lte=day).order_by("start", "pk")


# -- trainings ------------------------------------------------------------------------------------


def training(register: Register, row: Row) -> Iterator[Statement]:
    """One person's training: a secretary's, an instructor's, or a party worker's of an organization."""
    day, name, role = row.get("happened_on"), row.get("person"), _role(row)
    if day is None or not name:
        return
    if role is None:
        row.report(ERROR, "role", f"身份：“{row.get('role') or ''}”认不出，请填 书记、指导员 或 党务工作者")
        return
    found = _trained(register, row, role, name)
    if found is None:
        return
    subject, person, kind = found
    items = [item for item in _events(register, kind, "hours") if not item.derived and "jointly" not in item.asks]
    if not items:
        row.report(ERROR, "role", "身份：方案里没有可以登记的培训，请联系区委组织部")
        return
    topic = row.get("topic") or ""
    if kind == Subject.ORGANIZATION:
        topic = f"{name} {topic}".strip()
    yield Happened(owners_of(subject, items[0], person), topic, day, _kept(row, "hours"), "happened_on")


def _role(row: Row) -> str | None:
    said = name_key(row.get("role") or "")
    found = [(len(word), role) for role, words in ROLES.items() for word in words if name_key(word) in said]
    return max(found)[1] if found else None


def _trained(register: Register, row: Row, role: str, name: str) -> tuple[Record, str, str] | None:
    """(the subject, the secretary's name, of whose items); reported where it is not clear who is meant."""
    if role == "instructor":
        people = register.instructors.get(name_key(name), [])
        if len(people) == 1:
            return people[0], "", Subject.INSTRUCTOR
        why = "没有登记这名指导员" if not people else f"登记了 {len(people)} 名同名的指导员"
        row.report(ERROR, "person", f"姓名：本单位{why}，请先导入指导员花名册或核对")
        return None
    body = _body(register, row)
    if role == "worker":
        if body is None:
            row.report(ERROR, "name", "党组织名称：党务工作者的培训要写明党组织")
            return None
        return body, "", Subject.ORGANIZATION
    bodies = [body] if body is not None else _led_by(register, name)
    led = [(each, held) for each in bodies if (held := _leader(register, each, name)) is not None]
    if len(led) != 1:
        why = f"登记的书记不是“{name}”" if body is not None else f"登记的书记里有 {len(led)} 个“{name}”，请写明党组织"
        row.report(ERROR, "person", f"姓名：{why}，请核对")
        return None
    return led[0][0], led[0][1], Subject.SECRETARY


def _leader(register: Register, body: Record, name: str) -> str | None:
    """The secretary's name as it is held, where somebody of this name is or was secretary by the day of the file."""
    facts = register.series(SecretaryTerm, body).facts
    held = live(facts, register.as_of)
    for fact in ([held] if held is not None else []) + list(facts):
        if name_key(fact.value[0]) == name_key(name):
            return str(fact.value[0])
    return None


def _led_by(register: Register, name: str) -> list[Record]:
    return [body for body in register.organizations.values() if _leader(register, body, name) is not None]


def kept_trainings(committee: Committee, day: dt.date) -> Iterator[Values]:
    """The committee's trainings of the year, as rows of the sheet."""
    events = Item.objects.filter(shape=Shape.EVENT)
    subjects = {item.code: item.subject for item in events if "hours" in item.asks and "jointly" not in item.asks}
    roles: dict[str, str] = {
        Subject.SECRETARY: "书记",
        Subject.INSTRUCTOR: "指导员",
        Subject.ORGANIZATION: "党务工作者",
    }
    rows = _of_year(day).filter(code__in=subjects).select_related("organization", "instructor")
    number = 0
    for each in rows:
        owner = each.organization or each.instructor
        if owner is None or owner.committee_id != committee.pk or subjects[each.code] not in roles:
            continue
        name, topic = each.person or (each.instructor.name if each.instructor else ""), each.topic
        if not name:
            name, _, topic = each.topic.partition(" ")
        number += 1
        yield {
            RECORD: (type(owner), owner.pk), "serial": number, "person": name, "role": roles[subjects[each.code]],
            "name": each.organization.name if each.organization else None, "topic": topic, "hours": each.hours,
            "happened_on": as_cell(each.start, each.start_precision), "remark": each.note,
        }  # fmt: skip


# -- visits ---------------------------------------------------------------------------------------


def visit(register: Register, row: Row) -> Iterator[Statement]:
    """An instructor's visit to an enterprise, or to several on one day."""
    day, name = row.get("happened_on"), row.get("instructor_name")
    people = register.instructors.get(name_key(name), []) if name else []
    if len(people) != 1:
        why = "没有登记这名指导员" if not people else f"登记了 {len(people)} 名同名的指导员"
        row.report(ERROR, "instructor_name", f"指导员姓名：本单位{why}，请先导入指导员花名册或核对")
        return
    items = _events(register, Subject.INSTRUCTOR, "other")
    if day is None or not items:
        return
    for each in row.get("enterprises") or ():
        enterprise = register.enterprise_named(each)
        if enterprise is not None:
            kept = {"other": enterprise["name"], "note": row.get("topic") or row.get("remark")}
            yield Happened(owners_of(people[0], items[0]), enterprise["name"], day, kept, "happened_on")


def kept_visits(committee: Committee, day: dt.date) -> Iterator[Values]:
    """The visits of the year, as rows of the sheet."""
    rows = _of_year(day).filter(instructor__committee=committee).exclude(other="").select_related("instructor")
    each: Any
    for number, each in enumerate(rows, 1):
        yield {
            RECORD: (Instructor, each.instructor_id), "serial": number, "instructor_name": each.instructor.name,
            "enterprises": each.other, "happened_on": as_cell(each.start, each.start_precision), "topic": each.note,
        }  # fmt: skip


# -- funds ----------------------------------------------------------------------------------------


def funds(register: Register, row: Row) -> Iterator[Statement]:
    """What an organization was given in a year, by channel."""
    body = _body(register, row)
    if body is None:
        return
    register.named.add(body)
    year = row.get("year") or register.as_of.year
    if year not in _YEARS:
        row.report(ERROR, "year", f"年度：{year} 不是年份，请写成 2023")
        return
    if year > this_day().year:
        row.report(ERROR, "year", f"年度：{year} 年还没有到，请改正")
        return
    begins, ends = body.life
    if (begins is not None and year < begins.year) or (ends is not None and year > ends.year):
        row.report(ERROR, "year", f"年度：党组织在 {year} 年不在册（{begins} 成立），请核对")
        return
    for name, value in row.values.items():
        if not name.startswith(AMOUNT) or value is None:
            continue
        _, code, channel = name.split(":", 2)
        amount = value.amount
        if not value.stated and "万" in row.columns[name].heading:
            amount *= 10_000
        yield Given(owners_of(body, register.items[code]), channel, year, amount.quantize(Decimal("0.01")), name)


def kept_funds(committee: Committee, day: dt.date) -> Iterator[Values]:
    """What the committee's organizations were given in the year, as rows of the sheet."""
    year = day.year
    given: models.QuerySet = Amount.objects.filter(organization__committee=committee, start=dt.date(year, 1, 1))
    rows: dict[int, Values] = {}
    each: Any
    for each in given.select_related("organization").order_by("organization__name", "pk"):
        mine = rows.setdefault(
            each.organization_id,
            {RECORD: (PartyOrganization, each.organization_id), "name": each.organization.name, "year": year},
        )
        mine[f"{AMOUNT}{each.code}:{each.channel}"] = each.amount
    for number, values in enumerate(rows.values(), 1):
        yield {"serial": number, **values}


def about(register: Register, row: Row) -> Record | None:
    """The record that the row is about."""
    if row.get("name"):
        return _body(register, row)
    people = register.instructors.get(name_key(row.get("instructor_name") or row.get("person") or ""), [])
    return people[0] if people else None
