"""The names of what can be said of a record (common/models.py, Filing), and the days on which it was said."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from common.periods import Period

# On which day, and what: topics with a blank before and after each.
Said = tuple[dt.date, str]


def topics_of(model: type[Period], others: Iterable[Any]) -> list[str]:
    """What is said of one series of facts, a topic a column: `cover:12`, `headcount.employees`. `others`: the keys of
    its owners but the one of whom it is said."""
    if model.OF_RECORD:
        return [attribute(column) for column in model.VALUE]
    name = model._meta.model_name
    owned = ":".join([str(name), *(str(key).replace(" ", "") for key in others if key not in (None, ""))])
    return [f"{owned}.{column}" for column in model.VALUE] if model.CARRIES else [owned]


def denial_of(model: type[Period]) -> str:
    """That nothing of the kind holds, whoever the other owner: `-cover`."""
    return f"-{model._meta.model_name}"


def attribute(name: str) -> str:
    """What is said of a record and has no date of its own: `=address`."""
    return f"={name}"


def joined(topics: Iterable[str]) -> str:
    return f" {' '.join(sorted(set(topics)))} "


def days_of(said: Iterable[Said], topics: Sequence[str], denial: str, but: dt.date | None) -> list[list[dt.date]]:
    """A list a topic: the days, other than `but`, on which it or the denial was said, in order."""
    told = [(day, text) for day, text in said if day != but]
    no = f" {denial} "
    return [sorted({day for day, text in told if f" {topic} " in text or no in text}) for topic in topics]
