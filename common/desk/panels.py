"""The tables of dated facts on a record's page. Each app declares those of its models (`panels.py`), each fact once:
for its table, for the time line and for the list of changes."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, ClassVar

from django.db import models
from django.db.models import IntegerField, Value

from common.desk.actions import Actions, Offer, offered
from common.record import Record

# A cell of a table: what it shows, and the address that it links to.
Cell = tuple[Any, str | None]


class Panel:
    """One table of the facts of one record.

    `of`: the kind of record; `load(record)` its facts with what the cells need; `cells(fact)` fills the headings before
    开始 and 结束, a record in it links to its page; `words(fact)` says the fact in the time line. `answers` names what
    of a plan it answers (common/plan.py, Clause.answers), `order` its place on the page.
    """

    of: ClassVar[type[Record]]
    title: ClassVar[str]
    answers: ClassVar[tuple[str, ...]]
    headings: ClassVar[tuple[str, ...]]
    order: ClassVar[int]
    empty: ClassVar[str] = ""
    shown_empty: ClassVar[bool] = True
    # Whether it tells of persons: then only of those whom the user sees; the others are counted.
    of_persons: ClassVar[bool] = False
    # Whether since when it was so is known.
    begins: ClassVar[bool] = True
    # Whether it goes on until it ends; an event of one day does not.
    ends: ClassVar[bool] = True

    def __init__(self, record: Any):
        self.rows = list(self.load(record))
        self.offers: dict[int, list[Offer]] = {}
        self.hidden: set[Record] = set()
        # How many facts are of persons whom the user does not see.
        self.untold = 0

    def load(self, record: Any) -> Iterable[Any]:
        raise NotImplementedError

    def cells(self, fact: Any) -> list[Any]:
        raise NotImplementedError

    def words(self, fact: Any) -> str:
        raise NotImplementedError

    def lines(self) -> list[tuple[list[Cell], Any, list[Offer]]]:
        """(cells, the fact with its dates, what can be done with it), newest first."""
        newest = sorted(self.rows, key=lambda row: (row.end is None, row.start, row.pk), reverse=True)
        return [([self._cell(value) for value in self.cells(row)], row, self.offers.get(row.pk, [])) for row in newest]

    def _cell(self, value: Any) -> Cell:
        linked = isinstance(value, Record) and value not in self.hidden
        return "" if value is None else value, value.get_absolute_url() if linked else None

    @property
    def shown(self) -> bool:
        return bool(self.rows) or bool(self.untold) or self.shown_empty

    @property
    def width(self) -> int:
        return len(self.headings) + 3


def panels_for(record: Record, panels: Iterable[type[Panel]], actions: Actions, user: Any) -> list[Panel]:
    """The panels of the record's kind in their order, with what the user may do to each fact that is the user's too;
    records that they name and the user may not open stand as plain text, and persons not at all."""
    found = [panel(record) for panel in sorted(panels, key=lambda each: each.order) if isinstance(record, panel.of)]
    named: dict[type[models.Model], set[Record]] = defaultdict(set)
    for panel, own in zip(found, _seen([panel.rows for panel in found], user), strict=True):
        if panel.of_persons:
            told = [row for row in panel.rows if row.pk in own]
            panel.untold, panel.rows = len(panel.rows) - len(told), told
        for row in panel.rows:
            panel.offers[row.pk] = offered(actions, row, user) if row.pk in own else []
            for value in panel.cells(row):
                if isinstance(value, Record):
                    named[type(value)].add(value)
    groups = [list(records) for records in named.values()]
    seen = _seen(groups, user)
    hidden = {each for records, keys in zip(groups, seen, strict=True) for each in records if each.pk not in keys}
    for panel in found:
        panel.hidden = hidden
    return found


def _seen(groups: list[list[Any]], user: Any) -> list[set[Any]]:
    """Of each group of rows of one kind the keys of those that the user sees by their own rule: one statement for
    all."""
    if user.only_committee is None and user.sees_persons:
        return [{row.pk for row in rows} for rows in groups]
    found: list[set[Any]] = [set() for _ in groups]
    asked = [
        type(rows[0])
        ._default_manager.visible_to(user)
        .filter(pk__in=[row.pk for row in rows])
        .order_by()
        .annotate(group=Value(number, IntegerField()))
        .values_list("group", "pk")
        for number, rows in enumerate(groups)
        if rows
    ]
    for number, key in asked[0].union(*asked[1:], all=True) if asked else ():
        found[number].add(key)
    return found
