"""One row of a roster taken into the register: the person, the stages, the place."""

import datetime as dt

from common.ledger_dates import LedgerDate
from common.periods import Precision
from common.text import name_key
from enterprises.models import Enterprise
from ledgers.claims import Claim
from ledgers.merge_party import following_of, pulled_back
from ledgers.models import ConflictKind
from ledgers.problems import ERROR, WARNING
from ledgers.register import Register, compatible, refers
from ledgers.rows import Row
from ledgers.staging import CHANGED, NEW
from organizations.models import Member, MemberPlacement, MemberStage, PartyOrganization, Stage

_ORDER = [stage.value for stage in Stage]
# The day on which each stage begins, by the column that tells it.
_BEGINS = {
    Stage.APPLICANT: "applied_on",
    Stage.ACTIVIST: "activist_on",
    Stage.CANDIDATE: "candidate_on",
    Stage.PROBATIONARY: "joined_on",
    Stage.FULL: "full_on",
}
_PLAIN = ("sex", "education", "phone")


def merge_person(register: Register, row: Row) -> bool | None:
    """One person. True: new; False: known; None: a conflict. The ID number is known by its fingerprint only."""
    member = _find(register, row)
    _warn_of_doubt(register, row, member)
    enterprise, organization = _place(register, row)
    if member is not None:
        _check_stage(register, member, row)
    if row.has_errors:
        return None
    register.staging.at(row.sheet, row.number, row.get("name"))
    is_new = member is None
    if member is None:
        member = _create(register, row)
    else:
        _update(register, member, row)
    if member.pk is not None:
        register.named.add((Member, member.pk))
    _merge_stages(register, member, row)
    _merge_placement(register, member, row, enterprise, organization)
    return is_new


def _find(register: Register, row: Row) -> Member | None:
    """Whom the row means: the same ID number; without one, the same name and birth date inside the committee."""
    number, people = row.get("id_number"), register.members
    if number is not None and (known := people.by_number.get(number.fingerprint)):
        if known.pk is not None and known.pk not in people.mine:
            held = f"{known.name}，后四位 {known.id_last_four}"
            said = f"{row.get('name')}，后四位 {number.last_four}"
            register.claims.append(
                Claim(ConflictKind.PERSON, number.fingerprint, row.get("name"), said, held, known.committee_id)
            )
            row.report(
                ERROR, "id_number", "身份证号：这个人已在其他党（工）委登记，已列入“冲突”，由区委组织部核定后才能导入"
            )
        return known
    namesakes = [
        each for each in people.by_name[name_key(row.get("name"))] if number is None or not each.id_fingerprint
    ]
    born = _born(row)
    if born is not None:
        namesakes = [each for each in namesakes if each.born_on is None or compatible(_exactly(each.born_on), born)]
    if len(namesakes) > 1:
        row.report(
            ERROR,
            "name",
            f"姓名：本单位登记了 {len(namesakes)} 个“{row.get('name')}”，分不清是哪一个，请填写身份证号或出生日期",
        )
        return None
    return namesakes[0] if namesakes else None


def _warn_of_doubt(register: Register, row: Row, member: Member | None) -> None:
    """Say where somebody may be taken for another, or for a new one."""
    number, born = row.get("id_number"), _born(row)
    if number is None:
        if (
            "id_number" in row.columns
            and not row.written("id_number")
            and (member is None or not member.id_fingerprint)
        ):
            row.report(WARNING, "id_number", "身份证号：没有填写，只按姓名和出生日期识别，可能与同名的人相混")
    elif member is None:
        same = [
            each for each in register.members.by_name[name_key(row.get("name"))] if born and each.born_on == born.day
        ]
        if same:
            row.report(
                WARNING,
                "id_number",
                f"身份证号：本单位已有同名、同日出生的人（后四位 {same[0].id_last_four}），按另一个人登记，请核对",
            )


def _exactly(day: dt.date) -> LedgerDate:
    # Of a birth only the day is kept; the first of a month may stand for the month.
    return LedgerDate(day, Precision.MONTH if day.day == 1 else Precision.DAY)


def _born(row: Row) -> LedgerDate | None:
    """The stated birth date; to the month only, the ID number's day of that month."""
    born, number = row.get("born_on"), row.get("id_number")
    if number is None:
        return born
    told = LedgerDate(number.born_on, Precision.DAY)
    return told if born is None or compatible(born, told) else born


def _place(register: Register, row: Row) -> tuple[Enterprise | None, PartyOrganization | None]:
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
    return enterprise, organization


def _create(register: Register, row: Row) -> Member:
    number, born = row.get("id_number"), _born(row)
    member = Member(
        committee=register.committee,
        name=row.get("name"),
        sex=row.get("sex") or (number.sex if number else ""),
        born_on=born.day if born else None,
        education=row.get("education") or "",
        phone=row.get("phone") or "",
        id_fingerprint=number.fingerprint if number else "",
        id_last_four=number.last_four if number else "",
    )
    register.staging.create(member)
    register.members.add(member)
    register.staging.note(NEW, "人员", None, _summary(row))
    return member


def _summary(row: Row) -> str:
    said = [
        Stage(row.get("stage")).label,
        row.get("workplace"),
        isinstance(row.get("organization_name"), str) and row.get("organization_name"),
    ]
    return "，".join(str(part) for part in said if part)


def _update(register: Register, member: Member, row: Row) -> None:
    number, born = row.get("id_number"), _born(row)
    if number is not None and not member.id_fingerprint:
        register.staging.note(CHANGED, "身份证号", None, f"后四位 {number.last_four}")
        register.staging.assign(member, "id_fingerprint", number.fingerprint)
        register.staging.assign(member, "id_last_four", number.last_four)
    if number is not None and name_key(member.name) != name_key(row.get("name")):
        register.staging.set(member, "name", row.get("name"))
    for name in _PLAIN:
        if row.get(name) is not None:
            register.staging.set(member, name, row.get(name))
    if born is not None and (member.born_on is None or not compatible(_exactly(member.born_on), born)):
        register.staging.set(member, "born_on", born.day)


# -- stages ---------------------------------------------------------------------------------------


def _chain(register: Register, row: Row) -> list[tuple[str, LedgerDate]]:
    """The stages that the row tells, each with its beginning; the last is the one it is at."""
    final = row.get("stage")
    steps: list[tuple[str, LedgerDate]] = []
    for stage, column in _BEGINS.items():
        if _ORDER.index(stage) < _ORDER.index(final) and (begun := row.get(column)):
            steps.append((stage.value, begun))
    begun = row.get(_BEGINS[Stage(final)])
    if begun is None and final == Stage.FULL and row.get("joined_on"):
        # A roster without 转正时间 says since when somebody belongs to the party, and that he is full now.
        steps = [step for step in steps if step[0] != Stage.PROBATIONARY]
        begun = row.get("joined_on")
    steps.append((final, begun or LedgerDate(register.as_of, Precision.ASSUMED)))
    return [
        (stage, begun)
        for (stage, begun), following in zip(steps, [*steps[1:], None], strict=True)
        if following is None or begun.day < following[1].day
    ]


def _check_stage(register: Register, member: Member, row: Row) -> None:
    stages = register.members.facts(MemberStage, member)
    live = next((each for each in stages if each.is_live_on(register.as_of)), None)
    final = row.get("stage")
    if live is not None and final and _ORDER.index(final) < _ORDER.index(live.stage):
        row.report(
            ERROR, "category", f"党员类别：已登记为{live.get_stage_display()}，本表却是{Stage(final).label}，请核对"
        )


def _merge_stages(register: Register, member: Member, row: Row) -> None:
    stages = register.members.facts(MemberStage, member)
    chain = _chain(register, row)
    final, begun = chain[-1]
    live = next((each for each in stages if each.is_live_on(register.as_of)), None)
    if begun.precision != Precision.ASSUMED:
        # A stage that begins after the roster's date is there already when the roster comes again.
        live = next((each for each in stages if each.stage == final and each.start == begun.day), live)
    if live is None:
        _begin(register, member, row, stages, chain)
        return
    if live.stage != final:
        later = live.start < begun.day <= register.as_of
        if not later and begun.precision != Precision.ASSUMED:
            was = f"{live.get_stage_display()}（{live.start} 起）"
            row.report(
                WARNING, _BEGINS[Stage(final)], f"{begun.day} 不在登记的{was}之后，{Stage(final).label}从台账日期起算"
            )
        start = begun if later else LedgerDate(register.as_of, Precision.ASSUMED)
        if live.start >= start.day:
            register.staging.set(live, "stage", final, what="发展阶段")
            return
        following = following_of(stages, live.start)
        if following is not None and following.stage != final:
            was = f"{following.get_stage_display()}（{following.start} 起）"
            row.report(WARNING, "category", f"党员类别：后来登记的是{was}，本表的{Stage(final).label}没有导入，请核对")
            return
        register.staging.note(CHANGED, "发展阶段", live.get_stage_display(), Stage(final).label)
        register.staging.assign(live, "end", start.day)
        if following is None:
            fresh = MemberStage(member=member, stage=final, start=start.day, start_precision=start.precision)
            _add(register, stages, fresh)
        else:
            # A later roster knew the stage, and not since when.
            register.staging.assign(following, "start", start.day)
            register.staging.assign(following, "start_precision", start.precision)
        chain = chain[:-1]
    _mend_stages(register, member, row, stages, chain)


def _begin(register: Register, member: Member, row: Row, stages: list, chain: list[tuple[str, LedgerDate]]) -> None:
    """The stages of somebody who is at none: new, back after an end, or known from a later roster only."""
    final, begun = chain[-1]
    following = following_of(stages, begun.day)
    if following is not None and following.stage == final:
        pulled_back(register, following, begun, f"{Stage(final).label}开始日期")
        return
    if following is not None and _ORDER.index(following.stage) < _ORDER.index(final):
        was = f"{following.get_stage_display()}（{following.start} 起）"
        row.report(WARNING, "category", f"党员类别：后来的登记还是{was}，本表的{Stage(final).label}没有导入，请核对")
        return
    stages_end = None if following is None else following.start
    ended = max((each.end for each in stages if each.end is not None and each.end <= begun.day), default=None)
    starts = [max(begun.day, ended) if ended else begun.day for _, begun in chain]
    for (stage, begun), start, end in zip(chain, starts, [*starts[1:], stages_end], strict=True):
        if end is None or end > start:
            fresh = MemberStage(member=member, stage=stage, start=start, start_precision=begun.precision, end=end)
            _add(register, stages, fresh)
    if member.pk is not None:
        register.staging.note(NEW, "发展阶段", None, Stage(chain[-1][0]).label)


def _add(register: Register, stages: list, fresh: MemberStage) -> None:
    stages.append(fresh)
    register.staging.create(fresh)


def _mend_stages(
    register: Register, member: Member, row: Row, stages: list, told: list[tuple[str, LedgerDate]]
) -> None:
    """Take the stated beginnings of stages that are held, and stages that were left out. What contradicts the order
    of the others is reported and left out; who has been at a stage twice is left as he is."""
    if len({each.stage for each in stages}) < len(stages):
        return
    if Stage.PROBATIONARY in {each.stage for each in stages} and row.get("full_on") is None:
        # 入党时间 alone stands for the stage that somebody is at; here it is known of which it is the beginning.
        told = [(Stage.PROBATIONARY.value if stage == Stage.FULL else stage, begun) for stage, begun in told]
    waiting = [(stage, begun) for stage, begun in told if begun.precision != Precision.ASSUMED]
    while waiting:
        # Two beginnings that move together may each be wrong until the other has moved.
        left = [(stage, begun) for stage, begun in waiting if not _take(register, member, stages, stage, begun)]
        if len(left) == len(waiting):
            break
        waiting = left
    for stage, begun in waiting:
        what = f"{begun.day} 与登记的其他阶段先后不符，没有导入，请核对"
        row.report(WARNING, _BEGINS[Stage(stage)], f"{row.label(_BEGINS[Stage(stage)])}：{what}")


def _take(register: Register, member: Member, stages: list, stage: str, begun: LedgerDate) -> bool:
    """Let the stage begin on the day; False where that contradicts the stages before and after it."""
    rank = _ORDER.index(stage)
    held = next((each for each in stages if each.stage == stage), None)
    if held is not None and held.start == begun.day and held.start_precision == begun.precision:
        return True
    before = max(
        (each for each in stages if _ORDER.index(each.stage) < rank), key=lambda each: each.start, default=None
    )
    after = min((each for each in stages if _ORDER.index(each.stage) > rank), key=lambda each: each.start, default=None)
    ends = after.start if after is not None else held.end if held is not None else None
    if (before is not None and begun.day <= before.start) or (ends is not None and begun.day >= ends):
        # The same month, told less exactly, is no contradiction.
        return held is not None and compatible(LedgerDate(held.start, held.start_precision), begun)
    label = Stage(stage).label
    was = begun.day if held is None else held.start
    if held is None:
        register.staging.note(NEW, "发展阶段", None, f"{label}（{begun.day} 起）")
        held = MemberStage(member=member, stage=stage, start=begun.day, start_precision=begun.precision, end=ends)
        _add(register, stages, held)
    else:
        register.set_date(held, "start", "start_precision", begun, what=f"{label}开始日期")
    if before is not None and before.end is not None and (before.end > held.start or before.end == was):
        register.staging.assign(before, "end", held.start)
    return True


# -- the place ------------------------------------------------------------------------------------


def _merge_placement(
    register: Register, member: Member, row: Row, enterprise: Enterprise | None, organization: PartyOrganization | None
) -> None:
    places = register.members.facts(MemberPlacement, member)
    live = next((each for each in places if each.is_live_on(register.as_of)), None)
    position = row.get("position") or ""
    if live is not None:
        same = (enterprise is None or refers(live, "enterprise", enterprise)) and (
            organization is None or refers(live, "organization", organization)
        )
        if same:
            if position:
                register.staging.set(live, "position_group", position)
            return
        if live.start >= register.as_of:
            _mend(register, live, enterprise, organization)
            return
    elif enterprise is None and organization is None:
        return
    fresh = MemberPlacement(
        member=member,
        enterprise=enterprise or (live.enterprise if live else None),
        organization=organization or (live.organization if live else None),
        position_group=position or (live.position_group if live else ""),
        start=register.as_of,
        # Rosters do not say since when somebody works where he does.
        start_precision=Precision.ASSUMED,
        end=min((each.start for each in places if each.start > register.as_of), default=None),
    )
    if live is not None:
        register.staging.note(CHANGED, "工作单位", _where(live), _where(fresh))
        register.staging.assign(live, "end", register.as_of)
    elif member.pk is not None:
        register.staging.note(NEW, "工作单位", None, _where(fresh))
    places.append(fresh)
    register.staging.create(fresh)


def _mend(register: Register, live: MemberPlacement, enterprise, organization) -> None:
    """A place of the same day is put right, not followed by another."""
    was = _where(live)
    if enterprise is not None:
        register.staging.assign(live, "enterprise", enterprise)
    if organization is not None:
        register.staging.assign(live, "organization", organization)
    register.staging.note(CHANGED, "工作单位", was, _where(live))


def _where(place: MemberPlacement) -> str:
    return "，".join(str(each) for each in (place.enterprise, place.organization) if each)
