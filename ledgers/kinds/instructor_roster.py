"""The instructor roster: who an instructor is, and where he is or was assigned."""

from collections.abc import Iterator

from common.series import Since
from instructors.models import Assignment
from ledgers.comparing.answering import settle_jurisdiction
from ledgers.comparing.records import Record
from ledgers.comparing.register import Register
from ledgers.comparing.statements import Held, Statement
from ledgers.kinds.party import assigned, instructor_of, of_instructor
from ledgers.recognising.problems import ERROR, WARNING
from ledgers.recognising.rows import Row

MODELS = (Assignment,)


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
        settle_jurisdiction(register, enterprise)


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
            yield Held(Assignment, (enterprise, person), since, until)
    else:
        row.report(WARNING, "ended_on", "结束时间：没有登记过这次派驻，又没有派驻时间，没有导入，请补上派驻时间")
