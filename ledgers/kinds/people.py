"""Rosters of members, activists and candidates: who somebody is, the stages, the place."""

import datetime as dt
from collections.abc import Iterator

from committees.models import Committee
from common.identifiers import IdNumber
from common.ledger_dates import LedgerDate
from common.plan import Item, Subject
from common.series import DAY, Fact, Since, begun, holds, live, same_day
from common.text import masked, name_key
from ledgers.comparing.claims import Claim
from ledgers.comparing.differences import CHANGED, NEW
from ledgers.comparing.masks import news
from ledgers.comparing.records import Record, Series
from ledgers.comparing.register import Register
from ledgers.comparing.statements import Holds, Sets, Statement, settled
from ledgers.kinds.items import MODELS as ITEM_FACTS
from ledgers.kinds.items import item_cells, item_facts, item_statements
from ledgers.kinds.kept import RECORD, Values, as_cell, by_owner
from ledgers.models import ConflictKind
from ledgers.recognising.problems import ERROR, WARNING
from ledgers.recognising.rows import Row
from organizations.models import Member, MemberPlacement, MemberStage, Stage

MODELS = (MemberStage, MemberPlacement, *ITEM_FACTS)
ORDER = [stage.value for stage in Stage]
_PARTY = {Stage.FULL.value, Stage.PROBATIONARY.value}
# The day on which each stage begins, by the column that tells it.
_BEGINS = {
    Stage.APPLICANT: "applied_on",
    Stage.ACTIVIST: "activist_on",
    Stage.CANDIDATE: "candidate_on",
    Stage.PROBATIONARY: "joined_on",
    Stage.FULL: "full_on",
}
_PLAIN = ("sex", "education", "phone")


# -- who it is ------------------------------------------------------------------------------------


def against(register: Register, row: Row) -> None:
    """Report whom the row may be mistaken for, and a stage that goes back."""
    member = _find(register, row)
    _warn_of_doubt(register, row, member)
    if member is not None and (final := row.get("stage")):
        held = live(register.series(MemberStage, member).facts, register.as_of)
        if held is not None and ORDER.index(final) < ORDER.index(held.value[0]):
            words = f"党员类别：已登记为{Stage(held.value[0]).label}，本表却是{Stage(final).label}，请核对"
            row.report(ERROR, "category", words)


def _find(register: Register, row: Row) -> Record | None:
    """Whom the row means: the same ID number; without one, the same name and birth date inside the committee."""
    number, people = row.get("id_number"), register.people
    if number is not None and (known := people.by_number.get(number.fingerprint)):
        return known
    if number is not None and (theirs := people.elsewhere.get(number.fingerprint)):
        register.claim(claim_of_person(number, row.get("name"), theirs))
        if register.tells:
            row.report(ERROR, "id_number", f"身份证号：{register.settled_by_district}，核定前不导入")
            return None
    namesakes = [
        each for each in people.by_name[name_key(row.get("name"))] if number is None or not each["id_fingerprint"]
    ]
    born = _born(row)
    if born is not None:
        namesakes = [each for each in namesakes if each["born_on"] is None or same_day(_birth(each["born_on"]), born)]
    if len(namesakes) > 1:
        row.report(
            ERROR,
            "name",
            f"姓名：本单位登记了 {len(namesakes)} 个“{row.get('name')}”，分不清是哪一个，请填写身份证号或出生日期",
        )
        return None
    return namesakes[0] if namesakes else None


def claim_of_person(number: IdNumber, name: str, theirs: Member) -> Claim:
    """That the committee has somebody of this number too, whom it calls `name`."""
    said = f"{name}（{number.born_on.year} 年生）"
    held = f"{theirs}（{theirs.told_apart}）" if theirs.told_apart else str(theirs)
    doubtful = name_key(name) != name_key(theirs.name)
    return Claim(ConflictKind.PERSON, number.fingerprint, name, said, held, theirs.committee_id, doubtful)


def _warn_of_doubt(register: Register, row: Row, member: Record | None) -> None:
    """Say where somebody may be taken for another, or for a new one."""
    number, born = row.get("id_number"), _born(row)
    if number is None:
        known = member is not None and member["id_fingerprint"]
        if "id_number" in row.columns and not row.written("id_number") and not known:
            row.report(WARNING, "id_number", "身份证号：没有填写，只按姓名和出生日期识别，可能与同名的人相混")
    elif member is None and born is not None:
        same = [each for each in register.people.by_name[name_key(row.get("name"))] if each["born_on"] == born.day]
        if same:
            words = "身份证号：本单位已有同名、同日出生而身份证号不同的人，按另一个人登记，请核对"
            row.report(WARNING, "id_number", words)


def _birth(day: dt.date) -> Since:
    # Of a birth only the day is kept; the first of a month may stand for the month.
    return Since(day, "month" if day.day == 1 else DAY)


def _born(row: Row) -> Since | None:
    """The stated birth date; to the month only, the ID number's day of that month."""
    born, number = row.get("born_on"), row.get("id_number")
    stated = None if born is None else Since(born.day, str(born.precision))
    if number is None:
        return stated
    told = Since(number.born_on)
    return told if stated is None or same_day(stated, told) else stated


# -- statements -----------------------------------------------------------------------------------


def statements(register: Register, row: Row) -> Iterator[Statement]:
    """What the row says, in the order in which it can be placed. The ID number is known by its fingerprint only."""
    member = _find(register, row)
    is_new = member is None
    enterprise, organization = _place(register, row)
    if member is None:
        member = _create(register, row)
    else:
        yield from _of_person(register, member, row)
    register.named.add(member)
    _stages(register, member, row, is_new=is_new)
    if enterprise is not None or organization is not None:
        value = {"enterprise": enterprise, "organization": organization}
        kept = {"position_group": (row.get("position"), "position")}
        yield Holds(MemberPlacement, (member,), value, kept=kept, quiet=is_new, field="workplace")
    elif row.get("position"):
        series = register.series(MemberPlacement, member)
        if held := live(series.facts, register.as_of):
            register.keep(series, held, "position_group", row.get("position"))
    yield from item_statements(register, row, {Subject.MEMBER: member}, register.items)


def about(register: Register, row: Row) -> Record | None:
    """The person that the row is about, once he is there."""
    number = row.get("id_number")
    if number is not None and (known := register.people.by_number.get(number.fingerprint)):
        return known
    named = register.people.by_name[name_key(row.get("name"))]
    born = _born(row)
    fits = [each for each in named if born is None or each["born_on"] in {None, born.day}]
    return fits[-1] if fits else None


def _place(register: Register, row: Row) -> tuple[Record | None, Record | None]:
    """The enterprise and the organization that the row names, as far as they are registered."""
    enterprise = organization = None
    if name := row.get("workplace"):
        enterprise = register.enterprise_named(name)
        if enterprise is None:
            row.report(
                WARNING,
                "workplace",
                f"工作单位：“{name}”没有在本单位登记，暂不计入任何企业；请先导入企业台账，再传一次",
            )
    body = row.get("organization_name")
    if isinstance(body, str) and row.get("transferred") is False:
        row.report(WARNING, "organization_name", "所在党组织：组织关系没有转入，暂不关联这个党组织")
    elif isinstance(body, str):
        organization = register.organizations.get(name_key(body))
        if organization is None:
            row.report(
                WARNING,
                "organization_name",
                f"所在党组织：“{body}”没有在本单位登记，暂不关联；请先导入党组织基本情况表或企业台账，再传一次",
            )
    return _there(register, row, enterprise, "workplace"), _there(register, row, organization, "organization_name")


def _there(register: Register, row: Row, record: Record | None, column: str) -> Record | None:
    """The record, if it is there on the roster's day."""
    if record is None or record.is_live_on(register.as_of):
        return record
    row.report(WARNING, column, f"{row.label(column)}：“{record}”在 {register.as_of} 不在册，这一格没有导入，请核对")
    return None


def _create(register: Register, row: Row) -> Record:
    number, born = row.get("id_number"), _born(row)
    register.note(NEW, "人员", None, _summary(row))
    member = register.new(
        Member,
        committee_id=register.committee.pk,
        name=row.get("name"),
        sex=row.get("sex") or (number.sex if number else ""),
        born_on=born.day if born else None,
        education=row.get("education") or "",
        phone=news("", row.get("phone") or "", row, "phone"),
        id_fingerprint=_mark(register, number),
    )
    register.people.add(register, member)
    return member


def _mark(register: Register, number: IdNumber | None) -> str:
    """The number's fingerprint; none in a preview of a number that somebody else bears, which it does not tell."""
    return "" if number is None or number.fingerprint in register.people.elsewhere else number.fingerprint


def _summary(row: Row) -> str:
    said = [
        Stage(row.get("stage")).label,
        row.get("workplace"),
        isinstance(row.get("organization_name"), str) and row.get("organization_name"),
    ]
    return "，".join(str(part) for part in said if part)


def _of_person(register: Register, member: Record, row: Row) -> Iterator[Statement]:
    number, born = row.get("id_number"), _born(row)
    if number is not None and not member["id_fingerprint"]:
        register.note(CHANGED, "身份证号", None, "已核对")
        register.assign(member, "id_fingerprint", _mark(register, number))
    if number is not None and name_key(member["name"]) != name_key(row.get("name")):
        yield Sets(member, "name", row.get("name"), "name")
    for name in _PLAIN:
        yield Sets(member, name, row.get(name), name)
    if born is not None and (member["born_on"] is None or not same_day(_birth(member["born_on"]), born)):
        yield Sets(member, "born_on", born.day, "born_on")


# -- stages ---------------------------------------------------------------------------------------

Step = tuple[str, Since | None]


def _chain(row: Row) -> list[Step]:
    """The stages that the row tells, each with its beginning (None: not stated); the last is the one it is at."""
    final = row.get("stage")
    steps: list[Step] = []
    for stage, column in _BEGINS.items():
        if ORDER.index(stage) < ORDER.index(final) and (stated := row.get(column)):
            steps.append((stage.value, Since(*_plain(stated))))
    stated = row.get(_BEGINS[Stage(final)])
    if stated is None and final == Stage.FULL and row.get("joined_on"):
        # A roster without 转正时间 says since when somebody belongs to the party, and that he is full now.
        steps = [step for step in steps if step[0] != Stage.PROBATIONARY]
        stated = row.get("joined_on")
    steps.append((final, Since(*_plain(stated)) if stated else None))
    following = [since for _, since in steps[1:]] + [None]
    return [
        (stage, since)
        for (stage, since), after in zip(steps, following, strict=True)
        if since is None or after is None or since.day < after.day
    ]


def _plain(stated: LedgerDate) -> tuple[dt.date, str]:
    return stated.day, str(stated.precision)


def _stages(register: Register, member: Record, row: Row, *, is_new: bool) -> None:
    """Place the stage that somebody is at, then the stated beginnings of it and of those before. Stages go forward:
    what contradicts the order is reported and left out."""
    series = register.series(MemberStage, member)
    chain = _chain(row)
    final, since = chain[-1]
    day = register.as_of
    if since is None or since.day <= day:
        register.say_of(series)
    held = live(series.facts, day)
    later = next((fact for fact in series.facts if fact.start > day), None)
    if later is not None and ORDER.index(later.value[0]) < ORDER.index(final) and held is None:
        was = f"{Stage(later.value[0]).label}（{later.start} 起）"
        row.report(WARNING, "category", f"党员类别：后来的登记还是{was}，本表的{Stage(final).label}没有导入，请核对")
        return
    if held is not None and held.value != (final,):
        if later is not None and ORDER.index(later.value[0]) < ORDER.index(final):
            was = f"{Stage(later.value[0]).label}（{later.start} 起）"
            row.report(WARNING, "category", f"党员类别：后来登记的是{was}，本表的{Stage(final).label}没有导入，请核对")
            return
        if since is not None and not held.start < since.day <= day:
            was = f"{Stage(held.value[0]).label}（{held.start} 起）"
            row.report(
                WARNING, _BEGINS[Stage(final)], f"{since.day} 不在登记的{was}之后，{Stage(final).label}从台账日期起算"
            )
            since = None
    same = held is not None and held.value == (final,)
    begin = None if same else since
    if since is not None and any(fact.value == (final,) and fact.start == since.day for fact in series.facts):
        # A stage that begins after the roster's date is there already when the roster comes again.
        after = series.facts
    else:
        after = holds(series.facts, day, (final,), begin, seen=register.seen(series, register.as_of))
    if after != series.facts and settled(register, row, series, "category"):
        return
    earlier = len({fact.value for fact in after}) == len(after)
    probe = max(day, begin.day) if begin else day
    register.put(series, after, probe, quiet=is_new)
    if earlier:
        _mend_stages(register, series, row, chain if same or is_new or begin is None else chain[:-1], quiet=is_new)


def _mend_stages(register: Register, series: Series, row: Row, told: list[Step], *, quiet: bool) -> None:
    """Take the stated beginnings of stages that are held, and stages that were left out. Who has been at a stage
    twice is left as he is."""
    held = {fact.value[0] for fact in series.facts}
    if Stage.PROBATIONARY in held and row.get("full_on") is None:
        # 入党时间 alone stands for the stage that somebody is at; here it is known of which it is the beginning.
        told = [(Stage.PROBATIONARY.value if stage == Stage.FULL else stage, since) for stage, since in told]
    waiting = [(stage, since) for stage, since in told if since is not None]
    while waiting:
        # Two beginnings that move together may each be wrong until the other has moved.
        left = [(stage, since) for stage, since in waiting if not _take(register, series, stage, since, quiet)]
        if len(left) == len(waiting):
            break
        waiting = left
    for stage, since in waiting:
        what = f"{since.day} 与登记的其他阶段先后不符，没有导入，请核对"
        row.report(WARNING, _BEGINS[Stage(stage)], f"{row.label(_BEGINS[Stage(stage)])}：{what}")


def _take(register: Register, series: Series, stage: str, since: Since, quiet: bool) -> bool:
    """Let the stage begin on the day; False where that contradicts the stages before and after it."""
    rank = ORDER.index(stage)
    facts = series.facts
    held = next((fact for fact in facts if fact.value == (stage,)), None)
    if held is not None and _said(held, since):
        return True
    before = [fact for fact in facts if ORDER.index(fact.value[0]) < rank]
    after = [fact for fact in facts if ORDER.index(fact.value[0]) > rank]
    ends = after[0].start if after else held.end if held is not None else None
    if (before and since.day <= before[-1].start) or (ends is not None and since.day >= ends):
        # The same month, told less exactly, is no contradiction.
        return held is not None and same_day(Since(held.start, held.how), since)
    seen = register.seen(series, register.as_of)
    if held is not None:
        moved = begun(facts, held, since, seen)
    elif any(since.day in days for days in seen):
        # Another roster has said of that very day who he was.
        moved = None
    else:
        moved = holds(facts, since.day, (stage,), since, seen=seen)
    if moved is None or moved == facts:
        return False
    register.put(series, moved, since.day, quiet=quiet)
    return True


def _said(held: Fact, since: Since) -> bool:
    """Whether the stated beginning is what is held, or less exact."""
    was = Since(held.start, held.how)
    return was == since or (held.how == DAY and since.how != DAY and same_day(was, since))


# -- what is kept, as cells ---------------------------------------------------------------------------


def kept_members(committee: Committee, day: dt.date) -> Iterator[Values]:
    """The committee's party members of `day`, as rows of the roster."""
    return _kept(committee, day, party=True)


def kept_activists(committee: Committee, day: dt.date) -> Iterator[Values]:
    """Those of `day` who have not joined yet, as rows of the roster."""
    return _kept(committee, day, party=False)


def _kept(committee: Committee, day: dt.date, *, party: bool) -> Iterator[Values]:
    stages = by_owner(
        MemberStage.objects.filter(member__committee=committee, start__lte=day).order_by("start"), "member"
    )
    places = by_owner(
        MemberPlacement.objects.live_on(day)
        .filter(member__committee=committee)
        .select_related("enterprise", "organization"),
        "member",
    )
    number = 0
    items = {item.code: item for item in Item.objects.of(Subject.MEMBER)}
    facts = item_facts("member", list(stages), day)
    for person in Member.objects.filter(committee=committee).order_by("name", "pk"):
        live = next((each for each in stages[person.pk] if each.is_live_on(day)), None)
        if live is None or (live.stage in _PARTY) != party:
            continue
        number += 1
        values: Values = {RECORD: (Member, person.pk), "serial": number, "category": live.stage}
        values |= {name: getattr(person, name) for name in ("name", "sex", "born_on", "education")}
        values["phone"] = masked(person.phone)
        begun = {each.stage: as_cell(each.start, each.start_precision) for each in stages[person.pk]}
        values |= {
            "applied_on": begun.get(Stage.APPLICANT),
            "activist_on": begun.get(Stage.ACTIVIST),
            "candidate_on": begun.get(Stage.CANDIDATE),
            "joined_on": begun.get(Stage.PROBATIONARY) or begun.get(Stage.FULL),
            "full_on": begun.get(Stage.FULL) if Stage.PROBATIONARY in begun else None,
        }
        for place in places[person.pk][:1]:
            values["workplace"] = place.enterprise.name if place.enterprise else None
            values["organization_name"] = place.organization.name if place.organization else None
            values["position"] = place.position_group
        yield values | item_cells(facts[person.pk], day, items)
