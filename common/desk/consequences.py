"""What a previewed change does to numbers that were counted before. Who previews one asks here, an action's page or an
upload; only who counts can tell (reports/effects.py)."""

from collections.abc import Callable
from typing import Any, Protocol


class Watch(Protocol):
    """Begun before a change; `look` is called while it stands, `words` after it has been rolled back."""

    def look(self) -> None: ...

    def words(self) -> list[str]: ...


# A function of the user who asks and of the committee (its key) whose numbers are asked about; None: those that the
# user sees.
Begin = Callable[[Any, int | None], Watch]
_watchers: list[Begin] = []


def watches(begin: Begin) -> Begin:
    """Name who can tell."""
    _watchers.append(begin)
    return begin


def begin(user: Any, committee_id: int | None = None) -> list[Watch]:
    return [watcher(user, committee_id) for watcher in _watchers]
