"""The instructor roster: who an instructor is, and where he is or was assigned."""

import datetime as dt
from collections.abc import Iterator

from committees.models import Committee
from common.plan import Item, Subject
from common.series import Since
from common.text import masked, name_key
from enterprises.models import Enterprise
from instructors.models import Assignment, Instructor
from ledgers.comparing.answering import ensure_jurisdiction
from ledgers.comparing.masks import same_phone
from ledgers.comparing.records import Record
from ledgers.comparing.register import Register
from ledgers.comparing.statements import Held, Statement
from ledgers.kinds.items import MODELS as ITEM_FACTS
from ledgers.kinds.items import item_cells, item_facts, item_statements
from ledgers.kinds.kept import RECORD, Values, as_cell, by_owner
from ledgers.kinds.party import assigned, instructor_of, of_instructor
from ledgers.recognising.problems import ERROR, WARNING
from ledgers.recognising.rows import Row

MODELS = (Assignment, *ITEM_FACTS)


def against(register: Register, row: Row) -> None:
    """An enterprise that is not registered is an error: the row says nothing else."""
    for name in row.get("enterprises") or ():
        if register.enterprise_named(name) is None:
            row.report(ERROR, "enterprises", f"指导企业：“{name}”没有在本单位登记，请先导入企业台账或改正名称")


def statements(register: Register, row: Row) -> Iterator[Statement]:
    """What the row says, in the order in which it can be placed."""
    places = [found for name in row.get("enterprises") or () if (found := register.enterprise_named(name)) is not None]
    person = instructor_of(register, row.get("instructor_name"), row, places)
    yield from of_instructor(row, person)
    for enterprise in dict.fromkeys(places):
        if row.get("ended_on"):
            yield from _ended(register, enterprise, person, row)
        else:
            yield assigned(register, row, enterprise, person)
        ensure_jurisdiction(register, enterprise)
    yield from item_statements(register, row, {Subject.INSTRUCTOR: person}, register.items)


def about(register: Register, row: Row) -> Record | None:
    """The instructor that the row is about, once he is there."""
    named = register.instructors[name_key(row.get("instructor_name"))]
    phone = row.get("instructor_phone")
    return next((each for each in named if phone and same_phone(each["phone"], phone)), named[-1] if named else None)


def _ended(register: Register, enterprise: Record, person: Record, row: Row) -> Iterator[Statement]:
    """An assignment that is over: the one that is held gets its end, or it is recorded whole."""
    begun, until = row.get("assigned_on"), row.get("ended_on").day
    mine = [fact for fact in register.series(Assignment, enterprise, person).facts if fact.start < until]
    if begun is not None:
        mine = [fact for fact in mine if fact.until > begun.day]
    ends = enterprise.life[1]
    if ends is not None:
        until = min(until, ends)
    if len(mine) > 1:
        row.report(WARNING, "ended_on", f"结束时间：{person}在这家企业派驻过 {len(mine)} 次，分不清是哪一次，没有导入")
    elif mine or begun is not None:
        since = Since(begun.day, str(begun.precision)) if begun else Since(mine[0].start, mine[0].how)
        if since.day < until:
            yield Held(Assignment, (enterprise, person), since, until, "assigned_on", "ended_on")
    else:
        row.report(WARNING, "ended_on", "结束时间：没有登记过这次派驻，又没有派驻时间，没有导入，请补上派驻时间")


def kept(committee: Committee, day: dt.date) -> Iterator[Values]:
    """The committee's own of `day`, as rows of this form."""
    people = Instructor.objects.filter(committee=committee).in_office(day).order_by("name", "pk")
    assignments = by_owner(
        Assignment.objects.live_on(day).filter(instructor__committee=committee).select_related("enterprise"),
        "instructor",
    )
    own = set(Enterprise.objects.under(committee.pk, day).values_list("pk", flat=True))
    number = 0
    items = {item.code: item for item in Item.objects.of(Subject.INSTRUCTOR)}
    facts = item_facts("instructor", [person.pk for person in people], day)
    for person in people:
        for each in [each for each in assignments[person.pk] if each.enterprise_id in own] or [None]:
            number += 1
            yield item_cells(facts[person.pk], day, items) | {
                RECORD: (Instructor, person.pk),
                "serial": number,
                "instructor_name": person.name,
                "instructor_unit": person.unit,
                "instructor_phone": masked(person.phone),
                "full_time": person.full_time,
                "term_until": person.term_until,
                "enterprises": each.enterprise.name if each else None,
                "assigned_on": as_cell(each.start, each.start_precision) if each else None,
            }
