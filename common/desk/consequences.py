"""What a previewed change does to numbers that were counted before. Pages of actions ask here; only who counts can tell
(reports/effects.py)."""

from collections.abc import Callable
from typing import Any, Protocol


class Watch(Protocol):
    """Begun before a change; `look` is called while it stands, `words` after it has been rolled back."""

    def look(self) -> None: ...

    def words(self) -> list[str]: ...


_watchers: list[Callable[[Any], Watch]] = []


def watches(begin: Callable[[Any], Watch]) -> Callable[[Any], Watch]:
    """Name who can tell: a function of the user who asks."""
    _watchers.append(begin)
    return begin


def begin(user: Any) -> list[Watch]:
    return [watcher(user) for watcher in _watchers]
