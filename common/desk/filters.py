"""What every 查询 row shares: the date asked about, and which conditions are folded away."""

import datetime as dt
from typing import Any

import django_filters
from django import forms
from django.http import HttpRequest

from common.fields import PICKER, LedgerDateField
from common.ledger_dates import DateError, read_date
from common.today import today


def day_asked(request: HttpRequest) -> dt.date:
    """The as-of date in the address; today where there is none or none readable (the filter says so)."""
    try:
        return read_date(request.GET.get("as_of", "")).day
    except DateError:
        return today()


class AsOfFilter(django_filters.Filter):
    """截至日期: the list's rows are made for it, so it takes none away."""

    field_class = LedgerDateField

    def __init__(self, **kwargs: Any):
        super().__init__(label="截至日期", widget=PICKER, future=True, **kwargs)

    def filter(self, qs: Any, value: Any) -> Any:
        return qs


class YesNoFilter(django_filters.ChoiceFilter):
    """是 or 否 of a yes-no column; nothing chosen asks nothing."""

    def __init__(self, **kwargs: Any):
        super().__init__(choices=[("true", "是"), ("false", "否")], empty_label="全部", **kwargs)

    def filter(self, qs: Any, value: Any) -> Any:
        return super().filter(qs, {"true": True, "false": False}.get(value, value))


class ListFilter(django_filters.FilterSet):
    """A 查询 row. The fields named in `folded` stand behind 更多条件 until one of them is used."""

    folded: tuple[str, ...] = ()

    @property
    def open_fields(self) -> list[forms.BoundField]:
        return [field for field in self.form if field.name not in self.folded]

    @property
    def folded_fields(self) -> list[forms.BoundField]:
        return [field for field in self.form if field.name in self.folded]

    @property
    def folds_open(self) -> bool:
        return any(field.value() or field.errors for field in self.folded_fields)
