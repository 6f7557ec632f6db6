"""Form fields that take what people type."""

import datetime as dt
from typing import Any

from django import forms

from common.ledger_dates import DateError, Month, read_date
from common.periods import Precision
from common.today import today

PICKER = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class LedgerDateField(forms.DateField):
    """A day, in any form that ledgers use. A month alone is refused, unless `months` are taken (a Month then), and what
    has not happened yet is no fact, unless the field asks about the `future`."""

    # Plain text, since people write and paste 2019.7.1 and 2019年7月1日.
    widget = forms.DateInput(attrs={"placeholder": "如 2019-07-01", "autocomplete": "off"}, format="%Y-%m-%d")

    def __init__(self, *, future: bool = False, months: bool = False, **kwargs: Any):
        super().__init__(**kwargs)
        self.future = future
        self.months = False
        if months:
            self.take_months()

    def take_months(self) -> None:
        self.months = True
        self.widget.attrs["placeholder"] = "如 2019-07-01，只知道月份的写 2019-07"

    def to_python(self, value: object) -> dt.date | None:
        if value in self.empty_values:
            return None
        try:
            date = read_date(value)
        except DateError as error:
            raise forms.ValidationError(f"日期{error}") from None
        if date.precision != Precision.DAY and not self.months:
            raise forms.ValidationError("日期要到日，请写成 2019-07-01")
        if not self.future and date.day > today():
            raise forms.ValidationError(f"{date.day} 在未来，请改正。")
        if date.precision == Precision.MONTH:
            return Month(date.day.year, date.day.month, 1)
        return date.day


class YesNoSelect(forms.NullBooleanSelect):
    def __init__(self, attrs: dict | None = None, unknown: str = "未填"):
        super().__init__(attrs)
        self.choices = [("unknown", unknown), ("true", "是"), ("false", "否")]


class YesNoField(forms.NullBooleanField):
    widget = YesNoSelect
