"""Changes to the register, gathered in memory: shown as differences, then written in one go."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable
from typing import Any, NamedTuple

from django.db import models
from django.db.models import Count, Max

from committees.models import Committee
from common.history import BATCH, bulk_create_with_history, bulk_delete_with_history, bulk_update_with_history
from common.initials import initials_of
from common.text import masked

NEW, CHANGED, ENDED = "new", "changed", "ended"


class Difference(NamedTuple):
    """One thing that committing the file would change."""

    sheet: str
    row: int
    enterprise: str
    kind: str
    what: str
    old: str
    new: str


def shown(value: Any) -> str:
    """A value as the preview shows it."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, models.Choices):
        return str(value.label)  # type: ignore[attr-defined]
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value)


class Staging:
    """New, changed and removed model instances, and the differences they make.

    Instances refer to each other before they have keys; `write` saves them in the order of
    the models given, owners first.
    """

    def __init__(self, order: tuple[type[models.Model], ...]):
        self.order = order
        self.differences: list[Difference] = []
        self._created: dict[type[models.Model], list[models.Model]] = defaultdict(list)
        self._changed: dict[type[models.Model], dict[int, models.Model]] = defaultdict(dict)
        self._fields: dict[type[models.Model], set[str]] = defaultdict(set)
        self._removed: list[models.Model] = []
        self._sheet, self._row, self._enterprise = "", 0, ""

    def at(self, sheet: str, row: int, enterprise: str) -> None:
        """The place to which the next differences belong."""
        self._sheet, self._row, self._enterprise = sheet, row, enterprise

    def note(self, kind: str, what: str, old: Any, new: Any) -> None:
        self.differences.append(
            Difference(self._sheet, self._row, self._enterprise, kind, what, shown(old), shown(new))
        )

    def touches(self, instance: models.Model) -> bool:
        """Whether the record is new or will be changed."""
        return instance.pk is None or instance.pk in self._changed[type(instance)]

    def create(self, instance: models.Model) -> None:
        self._created[type(instance)].append(instance)

    def set(self, instance: models.Model, name: str, value: Any, *, kind: str = CHANGED, what: str = "") -> bool:
        """Set one field; notes the difference and returns True when that changes it."""
        field = instance._meta.get_field(name)
        old = getattr(instance, name)
        if old == value:
            return False
        if what or instance.pk is not None:
            self.note(kind, what or verbose_name(instance, name), _display(instance, name), _label(field, value))
        self.assign(instance, name, value)
        return True

    def assign(self, instance: models.Model, name: str, value: Any) -> None:
        """Set one field without a word: a companion of something noted."""
        setattr(instance, name, value)
        if name == "name" and hasattr(instance, "initials"):
            # A bulk update writes what stands on the instance.
            self.assign(instance, "initials", initials_of(value))
        if instance.pk is not None:
            self._changed[type(instance)][instance.pk] = instance
            self._fields[type(instance)].add(name)

    def remove(self, instance: models.Model) -> None:
        """Take back a row that would end on the day it began."""
        if instance.pk is None:
            self._created[type(instance)].remove(instance)
        else:
            self._changed[type(instance)].pop(instance.pk, None)
            self._removed.append(instance)

    def forget_records(self) -> None:
        """Keep the differences only; nothing can be written any more."""
        for held in (self._created, self._changed, self._removed):
            held.clear()

    def lock(self) -> None:
        """Lock the records that will be changed or removed, where the database can."""
        held: dict[type[models.Model], list[int]] = defaultdict(list)
        for model, rows in self._changed.items():
            held[model] += rows
        for instance in self._removed:
            held[type(instance)].append(instance.pk)
        for model in self.order:
            keys = sorted(held[model])
            for start in range(0, len(keys), BATCH):
                these = model._default_manager.select_for_update().filter(pk__in=keys[start : start + BATCH])
                list(these.order_by("pk").values_list("pk", flat=True))

    def write(
        self, user: models.Model | None, reason: str, progress: Callable[[str, int, int], None] = lambda *_: None
    ) -> None:
        """Save everything with history. Must run inside a transaction."""
        total = sum(map(len, self._changed.values())) + sum(map(len, self._created.values()))
        done = 0
        removed: dict[type[models.Model], list[models.Model]] = defaultdict(list)
        for instance in self._removed:
            removed[type(instance)].append(instance)
        for model in reversed(self.order):
            bulk_delete_with_history(removed[model], model, user=user, reason=reason)
        for model in self.order:
            if changed := list(self._changed[model].values()):
                bulk_update_with_history(changed, model, sorted(self._fields[model]), user=user, reason=reason)
                done += len(changed)
                progress("正在写入", done, total)
            # Let go of what is written: a whole district's ledger makes many objects.
            if created := self._created.pop(model, []):
                bulk_create_with_history(created, model, user=user, reason=reason)
                done += len(created)
                progress("正在写入", done, total)


def verbose_name(model: type[models.Model] | models.Model, field: str) -> str:
    """The field's name on the screen."""
    return str(getattr(model._meta.get_field(field), "verbose_name", field))


def _label(field: Any, value: Any) -> Any:
    if value and field.name.endswith("phone"):
        # Whoever may see the upload sees this; whole phones are shown on request only (committees.AccessLog).
        return masked(value)
    return dict(field.flatchoices).get(value, value) if getattr(field, "choices", None) else value


def _display(instance: models.Model, name: str) -> Any:
    return _label(instance._meta.get_field(name), getattr(instance, name))


def register_stamp() -> tuple:
    """What changes whenever anything that a ledger can be compared with changes: the newest history row of each
    tracked model, how many there are (an earlier one may be committed later), and how many committees."""
    from ledgers.register import WRITE_ORDER

    seen = [
        model.history.aggregate(newest=Max("history_id"), number=Count("history_id"))  # type: ignore[attr-defined]
        for model in WRITE_ORDER
    ]
    return (*((each["newest"], each["number"]) for each in seen), Committee.objects.count())
