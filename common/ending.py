"""What ended or came back with the life of a record, in words: a line a fact, one for all its people."""

from typing import Any

from common.recording import Placed

Effects = list[str]


def people_of(done: Placed) -> list[Any]:
    """The places of people that ended."""
    return [row for row in (*done.changed, *done.removed) if row.OF_PEOPLE]


def ended_words(done: Placed, owner: Any, go_to: Any = None) -> Effects:
    """What `cut` did to the facts of `owner`; its people belong to `go_to` from then on, or to none."""
    found = [f"结束{row.seen_from(owner)}" for row in done.changed if not row.OF_PEOPLE]
    found += [
        f"删除 {row.start} 起的{row.seen_from(owner)}（那时还没有开始）" for row in done.removed if not row.OF_PEOPLE
    ]
    if people := len(people_of(done)):
        found.append(f"{people} 名党员的{owner.people_leave(go_to)}")
    return found


def restored_words(done: Placed, owner: Any) -> Effects:
    """What `restore` brought back of the facts of `owner`."""
    back = [*done.changed, *done.created]
    found = [f"恢复{row.seen_from(owner)}" for row in back if not row.OF_PEOPLE]
    people = sum(row.OF_PEOPLE for row in back)
    if people:
        found.append(f"恢复 {people} 名党员的{owner.PEOPLE}")
    return found
