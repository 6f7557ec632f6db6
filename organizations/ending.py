"""What ended or came back with an enterprise or organization, in words: a line a fact, one for all its people."""

from typing import Any

from common.desk.actions import Effects
from common.recording import Placed
from organizations.models import Cover, MemberPlacement, PartyOrganization, SecretaryTerm


def people_of(done: Placed) -> list[MemberPlacement]:
    """The places of people that ended."""
    return [row for row in (*done.changed, *done.removed) if isinstance(row, MemberPlacement)]


def ended_words(done: Placed, owner: Any, go_to: PartyOrganization | None = None) -> Effects:
    """What `cut` did to the facts of `owner`; its people belong to `go_to` from then on, or to none."""
    found = [f"结束{called(row, owner)}" for row in done.changed if not isinstance(row, MemberPlacement)]
    found += [
        f"删除 {row.start} 起的{called(row, owner)}（那时还没有开始）"
        for row in done.removed
        if not isinstance(row, MemberPlacement)
    ]
    if people := len(people_of(done)):
        to = f"转到{go_to}" if go_to else "不再属于任何党组织，请及时转接"
        is_party = isinstance(owner, PartyOrganization)
        found.append(f"{people} 名党员的{f'组织关系{to}' if is_party else '工作单位到这天为止'}")
    return found


def restored_words(done: Placed, owner: Any) -> Effects:
    """What `restore` brought back of the facts of `owner`."""
    back = [*done.changed, *done.created]
    found = [f"恢复{called(row, owner)}" for row in back if not isinstance(row, MemberPlacement)]
    people = sum(isinstance(row, MemberPlacement) for row in back)
    if people:
        what = "组织关系" if isinstance(owner, PartyOrganization) else "工作单位"
        found.append(f"恢复 {people} 名党员的{what}")
    return found


def called(row: Any, owner: Any) -> str:
    """One fact, seen from the record that it hangs on."""
    if isinstance(row, Cover):
        return f"对{row.enterprise}的覆盖" if isinstance(owner, PartyOrganization) else f"{row.organization.name}的覆盖"
    if isinstance(row, SecretaryTerm):
        return f"{row.name}的书记任期"
    if hasattr(row, "instructor_id"):
        return f"{row.instructor.name}的派驻" if row.instructor != owner else f"对{row.enterprise}的派驻"
    display = getattr(row, "get_kind_display", None) or getattr(row, "get_code_display", None)
    return display() if display else str(row._meta.verbose_name)
