"""The register as plain values: what a file is compared with. Only what changes becomes a model instance."""

import datetime as dt
from collections.abc import Iterator
from functools import cached_property, lru_cache
from typing import Any

from django.db import models

from common.periods import Period, common_life
from common.series import ALWAYS, Fact, Life
from enterprises.models import Enterprise
from instructors.models import Instructor
from organizations.models import Member, PartyOrganization

# The records that dated facts hang on, owners first.
RECORDS: tuple[type[models.Model], ...] = (Enterprise, PartyOrganization, Instructor, Member)


class Record:
    """An enterprise, organization, instructor or member: its columns by name. `pk` is None until it is written."""

    __slots__ = ("changed", "model", "pk", "values")

    def __init__(self, model: type[models.Model], pk: int | None, values: dict[str, Any]):
        self.model, self.pk, self.values = model, pk, values
        self.changed: set[str] = set()

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    def __str__(self) -> str:
        return str(self.values["name"])

    @property
    def life(self) -> Life:
        columns = getattr(self.model, "LIFE", None)
        return (self.values[columns[0]], self.values[columns[1]]) if columns else ALWAYS

    def is_live_on(self, day: dt.date) -> bool:
        begins, ends = self.life
        return (begins is None or begins <= day) and (ends is None or ends > day)


class Line:
    """A stored row of a dated fact, or one to be: what stands on it beside owners, values and dates."""

    __slots__ = ("kept", "pk")

    def __init__(self, pk: int | None, kept: dict[str, Any]):
        self.pk, self.kept = pk, kept


class Series:
    """The facts of one kind and one set of owners, in order. `stored` is how they stand in the database."""

    __slots__ = ("facts", "model", "owners", "stored")

    def __init__(self, model: type[Period], owners: tuple):
        self.model, self.owners = model, owners
        self.facts: list[Fact] = []
        self.stored: dict[Line, tuple[Fact, dict[str, Any]]] = {}

    def owner(self, name: str) -> Any:
        return self.owners[self.model.OF.index(name)]

    @property
    def subject(self) -> Any:
        """The record of which something is said when something is said of this series."""
        return next(each for each in self.owners if isinstance(each, Record))

    @property
    def others(self) -> list[Any]:
        """The keys of the other owners."""
        subject = self.subject
        return [each.pk if isinstance(each, Record) else each for each in self.owners if each is not subject]

    @property
    def life(self) -> Life:
        """The common life of the owners that it lies within."""
        within = self.model.WITHIN
        return common_life(
            owner.life
            for name, owner in zip(self.model.OF, self.owners, strict=True)
            if name in within and isinstance(owner, Record)
        )

    @property
    def is_touched(self) -> bool:
        """Whether it differs from what the database holds."""
        return len(self.facts) != len(self.stored) or any(
            fact.of not in self.stored or self.stored[fact.of] != (fact, fact.of.kept) for fact in self.facts
        )


class Shape:
    """The columns of a dated model, by what they are."""

    def __init__(self, model: type[Period]):
        self.model = model
        period = {"id", "start", "start_precision", "end"}
        fields = {field.name: field for field in model._meta.concrete_fields if field.name not in period}
        self.kept = [name for name in fields if name not in model.OF and name not in model.VALUE]
        self.names = [*model.OF, *model.VALUE, *self.kept]
        self.attnames = [fields[name].attname for name in self.names]
        # Which columns point to records: their place among the names, and the model.
        self.records = {
            place: related
            for place, name in enumerate(self.names)
            if (related := fields[name].related_model) in RECORDS
        }

    @cached_property
    def owners(self) -> int:
        return len(self.model.OF)

    def blank(self) -> dict[str, Any]:
        """What stands on a new row of which nothing has been said."""
        fields: Any = self.model._meta
        return {name: fields.get_field(name).get_default() for name in self.kept}

    def columns(self) -> Iterator[str]:
        yield from ("pk", "start", "start_precision", "end", *self.attnames)


@lru_cache(maxsize=64)
def shape_of(model: type[Period]) -> Shape:
    return Shape(model)
