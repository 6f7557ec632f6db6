"""What is asked when a file is uploaded, its date or its columns are mended, or a conflict is settled."""

import re
from pathlib import Path
from typing import Any

from django import forms

from committees.models import Committee
from committees.scope import may_settle, own_committee_id
from common.fields import LedgerDateField
from ledgers.codes import KINDS, LABELS
from ledgers.models import UploadQuerySet, UploadState
from ledgers.reading import limits
from ledgers.recognising.header import EXTRA
from ledgers.recognising.table import IGNORED
from ledgers.uploads.mapping import choices


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files at once; each is cleaned by itself."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = data if isinstance(data, list) else [data]
        return [super(FilesField, self).clean(each, initial) for each in given or [None]]


# As many at once as a district has committees, and a few more.
MOST_FILES = 40
# Which of them a file really is its content says (ledgers/reading): .xls files hold HTML, .csv files workbooks.
ENDINGS = (
    ".xlsx", ".xlsm", ".xltx", ".xls", ".xlt", ".xlsb", ".et", ".ett", ".ods", ".csv", ".tsv", ".txt", ".htm", ".html",
)  # fmt: skip


def is_foreign(name: str) -> bool:
    """Whether a file's name ends like something else than a spreadsheet. What stands behind the last dot of
    `台账2023.12.25` is no ending."""
    ending = Path(name).suffix.casefold()
    return bool(re.fullmatch(r"\.[a-z][a-z0-9]*", ending)) and ending not in ENDINGS


class UploadForm(forms.Form):
    """Files, whose they are, and its date if the ledger does not say. A committee uploads its own only; the district
    may leave the committee out: then the ledger's own unit is meant, or a registration list is compared with all."""

    committee = forms.ModelChoiceField(
        Committee.objects.none(),
        label="填报单位",
        empty_label="请选择",
        error_messages={"required": "请选择填报单位。"},
    )
    file = FilesField(
        label="台账文件",
        max_length=255,
        help_text="可以一次选几个，也可以拖到这里",
        widget=FilesInput(attrs={"accept": ",".join(ENDINGS)}),
        error_messages={
            "required": "请选择要上传的台账文件。",
            "empty": "这个文件是空的，请重新导出后上传。",
            "max_length": "文件名太长，请改短后上传。",
        },
    )
    as_of = LedgerDateField(
        label="台账日期",
        required=False,
        help_text="表上写有“填报时间”的不用填；填了以这里为准",
    )
    kind = forms.ChoiceField(
        label="种类",
        required=False,
        choices=[("", "自动识别"), *KINDS.items()],
        help_text="一般不用选；认错了再来指定",
    )

    def __init__(self, user: Any, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        seen = Committee.objects.visible_to(user).filter(active=True)
        field: forms.ModelChoiceField = self.fields["committee"]  # type: ignore[assignment]
        field.queryset = seen
        if own_committee_id(user) is not None:
            field.initial = seen.first()
            field.empty_label = None
        elif may_settle(user):
            field.required = False
            field.empty_label = "按台账里写的填报单位（登记名单按全区）"

    def clean_file(self) -> list[Any]:
        files: list[Any] = self.cleaned_data["file"]
        if len(files) > MOST_FILES:
            raise forms.ValidationError(f"一次最多 {MOST_FILES} 个文件，现有 {len(files)} 个，请分几次上传。")
        for file in files:
            if is_foreign(file.name or ""):
                kinds = "、".join(ENDINGS[:6])
                raise forms.ValidationError(f"“{file.name}”不是电子表格，没有上传。请上传 {kinds} 等台账文件。")
            if file.size > limits.FILE_BYTES:
                size = limits.FILE_BYTES // limits.MIB
                which = f"“{file.name}”" if len(files) > 1 else "文件"
                raise forms.ValidationError(f"{which}超过 {size} MB，请删去图片和无关工作表后再上传。")
        return files


class UploadSearch(forms.Form):
    """Which uploads are listed. What cannot be understood narrows nothing."""

    q = forms.CharField(label="文件名", required=False, max_length=100)
    committee = forms.ModelChoiceField(Committee.objects.none(), label="填报单位", empty_label="全部", required=False)
    kind = forms.ChoiceField(label="种类", choices=[("", "全部"), *LABELS.items()], required=False)
    state = forms.ChoiceField(label="状态", choices=[("", "全部"), *UploadState.choices], required=False)

    def __init__(self, user: Any, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if own_committee_id(user) is not None:
            del self.fields["committee"]
        else:
            self.fields["committee"].queryset = Committee.objects.visible_to(user)  # type: ignore[attr-defined]

    def found(self, rows: UploadQuerySet) -> UploadQuerySet:
        """Those of `rows` that are asked for."""
        self.is_valid()
        asked = {name: value for name, value in self.cleaned_data.items() if value}
        if "state" not in asked:
            # What was given up is of no use on the desk.
            rows = rows.exclude(state=UploadState.DISCARDED)
        if words := asked.pop("q", ""):
            rows = rows.filter(file_name__icontains=words)
        return rows.filter(**asked)


class AsOfForm(forms.Form):
    """The date of a ledger that does not state one."""

    as_of = LedgerDateField(label="台账日期", error_messages={"required": "请填写台账日期。"})


class UnitForm(forms.Form):
    """Whose ledger it is, where it does not say, or says otherwise."""

    committee = forms.ModelChoiceField(
        Committee.objects.none(),
        label="填报单位",
        empty_label="请选择",
        error_messages={"required": "请选择填报单位。"},
    )

    def __init__(self, user: Any, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["committee"].queryset = Committee.objects.visible_to(user).filter(active=True)  # type: ignore[attr-defined]


class MappingForm(forms.Form):
    """One select a column: what the heading means. The headings are hidden fields beside them."""

    def __init__(self, columns: list[dict], *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.columns = columns
        for number, column in enumerate(columns):
            others = [(EXTRA, "保存为附加栏"), (IGNORED, "不导入")]
            offered = [("", "自动识别"), *others, *choices(column["kind"])]
            label = f"{column['column']} 列“{column['heading']}”"
            self.fields[f"field-{number}"] = forms.ChoiceField(label=label, choices=offered, required=False)
            self.fields[f"heading-{number}"] = forms.CharField(
                widget=forms.HiddenInput, initial=column["heading"], max_length=1000, required=False
            )

    def lines(self) -> list[tuple[dict, forms.BoundField, forms.BoundField]]:
        """(column, the select, the hidden heading)."""
        return [(column, self[f"field-{n}"], self[f"heading-{n}"]) for n, column in enumerate(self.columns)]

    def answers(self) -> list[tuple[str, str, str]]:
        """(kind, heading, what was chosen), of those that were touched."""
        known = {column["heading"] for column in self.columns}
        given = [
            (column["kind"], self.cleaned_data.get(f"heading-{n}", ""), self.cleaned_data.get(f"field-{n}", ""))
            for n, column in enumerate(self.columns)
        ]
        return [(kind, heading, field) for kind, heading, field in given if heading in known and field]


class SettlingForm(forms.Form):
    """What is to become of columns that were not understood, and what words mean that can mean several things: a select
    each. What each is about is repeated in hidden fields, for the file may be examined anew meanwhile. The district may
    speak for all committees."""

    for_all = forms.BooleanField(label="对全区都这样办理", required=False)

    def __init__(self, user: Any, columns: list[dict], questions: list[dict], *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if not may_settle(user):
            del self.fields["for_all"]
        self.asked: list[tuple[str, dict]] = [("column", each) for each in columns]
        self.asked += [("word", each) for each in questions]
        for number, (what, each) in enumerate(self.asked):
            if what == "column":
                label = f"{each['column']} 列“{each['heading']}”"
                offered = [(EXTRA, "保存为附加栏"), (IGNORED, "不要"), *choices(each["kind"])]
            else:
                label, offered = f"{each['label']} = {each['shown']}", each["choices"]
            self.fields[f"answer-{number}"] = forms.ChoiceField(
                label=label, choices=[("", "请选择"), *offered], required=False
            )
            self.fields[f"about-{number}"] = forms.CharField(
                widget=forms.HiddenInput, initial=self._about(each), max_length=1000, required=False
            )

    @staticmethod
    def _about(each: dict) -> str:
        return str(each["heading"]) if "heading" in each else f"{each['kind']}/{each['field']}/{each['word']}"

    def lines(self, what: str) -> list[tuple[dict, forms.BoundField, forms.BoundField]]:
        """(column or question, the select, the hidden field)."""
        numbered = [(number, each) for number, (which, each) in enumerate(self.asked) if which == what]
        return [(each, self[f"answer-{number}"], self[f"about-{number}"]) for number, each in numbered]

    def columns(self) -> list[tuple[dict, forms.BoundField, forms.BoundField]]:
        return self.lines("column")

    def words(self) -> list[tuple[dict, forms.BoundField, forms.BoundField]]:
        return self.lines("word")

    def _answers(self, what: str) -> list[tuple[dict, str]]:
        return [
            (each, answer)
            for number, (which, each) in enumerate(self.asked)
            if which == what
            and (answer := self.cleaned_data.get(f"answer-{number}", ""))
            and self.cleaned_data.get(f"about-{number}") == self._about(each)
        ]

    def column_answers(self) -> list[tuple[str, str, str]]:
        """(kind, heading, what was chosen)."""
        return [(each["kind"], each["heading"], answer) for each, answer in self._answers("column")]

    def word_answers(self) -> list[tuple[dict, str]]:
        """(question, code of the meaning)."""
        return self._answers("word")


class SettleForm(forms.Form):
    """How the district settles a conflict, and why."""

    decision = forms.ChoiceField(label="怎样处理", widget=forms.RadioSelect)
    on = LedgerDateField(label="生效日期", required=False, help_text="划归申报单位的，从这一天起；不填按申报台账的日期")
    reason = forms.CharField(label="理由", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, options: list[tuple[str, str]], *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["decision"].choices = options  # type: ignore[attr-defined]
