"""What is asked when a ledger is uploaded."""

import datetime as dt

from django import forms

from committees.models import Committee
from committees.scope import own_committee_id
from common.fields import LedgerDateField
from enterprises.querysets import today
from ledgers.reading import limits


def not_in_future(day: dt.date | None) -> None:
    if day is not None and day > today():
        raise forms.ValidationError(f"台账日期 {day} 在未来，请改正。")


class UploadForm(forms.Form):
    """A file, whose it is, and its date if the ledger does not say. A committee uploads its own only."""

    committee = forms.ModelChoiceField(
        Committee.objects.none(),
        label="填报单位",
        empty_label="请选择",
        error_messages={"required": "请选择填报单位。"},
    )
    file = forms.FileField(
        label="台账文件",
        max_length=255,
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xlsm,.xls,.xlsb,.ods,.csv,.txt,.htm,.html"}),
        error_messages={
            "required": "请选择要上传的台账文件。",
            "empty": "这个文件是空的，请重新导出后上传。",
            "max_length": "文件名太长，请改短后上传。",
        },
    )
    as_of = LedgerDateField(
        label="台账日期",
        required=False,
        validators=[not_in_future],
        help_text="表上写有“填报时间”的不用填；填了以这里为准",
    )

    def __init__(self, user, *args, **kwargs):
        super().__init__(*args, **kwargs)
        choices = Committee.objects.visible_to(user).filter(active=True)
        field: forms.ModelChoiceField = self.fields["committee"]  # type: ignore[assignment]
        field.queryset = choices
        if own_committee_id(user) is not None:
            field.initial = choices.first()
            field.empty_label = None

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > limits.FILE_BYTES:
            size = limits.FILE_BYTES // limits.MIB
            raise forms.ValidationError(f"文件超过 {size} MB，请删去图片和无关工作表后再上传。")
        return file


class AsOfForm(forms.Form):
    """The date of a ledger that does not state one."""

    as_of = LedgerDateField(
        label="台账日期", validators=[not_in_future], error_messages={"required": "请填写台账日期。"}
    )
