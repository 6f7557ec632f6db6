"""Form fields that take what people type."""

import datetime as dt

from django import forms

from common.ledger_dates import DateError, read_date
from common.periods import Precision
from common.today import today

PICKER = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class LedgerDateField(forms.DateField):
    """A day, in any form that ledgers use; a month alone is refused, and what has not happened yet is no fact, unless
    the field asks about the `future`."""

    # Plain text, since people write and paste 2019.7.1 and 2019年7月1日.
    widget = forms.DateInput(attrs={"placeholder": "如 2019-07-01", "autocomplete": "off"}, format="%Y-%m-%d")

    def __init__(self, *, future: bool = False, **kwargs):
        super().__init__(**kwargs)
        self.future = future

    def to_python(self, value: object) -> dt.date | None:
        if value in self.empty_values:
            return None
        try:
            date = read_date(value)
        except DateError as error:
            raise forms.ValidationError(f"日期{error}") from None
        if date.precision != Precision.DAY:
            raise forms.ValidationError("日期要到日，请写成 2019-07-01")
        if not self.future and date.day > today():
            raise forms.ValidationError(f"{date.day} 在未来，请改正。")
        return date.day


class YesNoSelect(forms.NullBooleanSelect):
    def __init__(self, attrs: dict | None = None):
        super().__init__(attrs)
        self.choices = [("unknown", "未填"), ("true", "是"), ("false", "否")]


class YesNoField(forms.NullBooleanField):
    widget = YesNoSelect
