"""The forms in which the district keeps a plan: its head, targets, what is asked of whom, how items are called."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from committees.forms import offer_committees
from common.desk.editing import EditForm
from common.fields import LedgerDateField
from common.plan import ASKS, Clause, Duty, Item, Lapse, Obligation, Plan, Shape, Subject
from reports.indicators import indicator_choices
from reports.models import Target
from reports.populations import OF_ITEMS, POPULATIONS
from reports.table import DEFAULT, column_choices


class PlanForm(EditForm):
    GROUPS = [
        ("方案", ["title", "basis", "issuer", "department"]),
        ("施行", ["effective_from", "effective_until"]),
        ("看板各党（工）委表的列（一个不选的，按默认）", ["dashboard"]),
    ]
    effective_from = LedgerDateField(label="施行日期", required=False, future=True)
    effective_until = LedgerDateField(label="终止日期", required=False, future=True)
    dashboard = forms.MultipleChoiceField(label="看板的列", required=False, widget=forms.CheckboxSelectMultiple)

    class Meta:
        model = Plan
        fields = ["title", "basis", "issuer", "department", "effective_from", "effective_until", "dashboard"]

    def scope(self) -> None:
        self.fields["dashboard"].choices = column_choices(self.instance)  # type: ignore[attr-defined]
        if not self.instance.dashboard:
            self.initial["dashboard"] = list(DEFAULT)


_GROUPS = [
    ("目标", ["indicator", "due_on", "percent", "count"]),
    ("依据", ["clause", "wording", "obligation", "committee", "is_reading"]),
]


class TargetForm(EditForm):
    GROUPS = _GROUPS
    indicator = forms.ChoiceField(label="指标或事项")
    due_on = LedgerDateField(label="截止日期", future=True)

    class Meta:
        model = Target
        fields = [
            "indicator",
            "due_on",
            "percent",
            "count",
            "clause",
            "wording",
            "obligation",
            "committee",
            "is_reading",
        ]

    def scope(self) -> None:
        self.fields["indicator"].choices = indicator_choices()  # type: ignore[attr-defined]
        self.fields["obligation"].choices = Obligation.choices  # type: ignore[attr-defined]
        offer_committees(self)
        self.fields["committee"].required = False
        self.fields["committee"].empty_label = "全区"  # type: ignore[attr-defined]


class DutyForm(EditForm):
    GROUPS = [("要求", ["who", "kind"])]
    who = forms.ChoiceField(label="应有的范围")

    class Meta:
        model = Duty
        fields = ["who", "kind"]

    def scope(self) -> None:
        subject = self.instance.item.subject
        whole = next(iter(POPULATIONS[subject].values()))[0]
        items = Item.objects.of(subject).exclude(pk=self.instance.item_id)
        found = [(name, label) for name, (label, _) in POPULATIONS[subject].items()]
        for name, words in OF_ITEMS.items():
            found += [(f"{name}:{item.code}", f"{words.format(item)}{whole}") for item in items]
        self.fields["who"].choices = found  # type: ignore[attr-defined]
        self.fields["kind"].choices = Obligation.choices  # type: ignore[attr-defined]


class WordsField(forms.CharField):
    """A list of words, one a line."""

    widget = forms.Textarea(attrs={"rows": 4})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        lines = value if isinstance(value, list) else (super().to_python(value) or "").splitlines()
        return [line.strip() for line in lines if line.strip()]

    def validate(self, value: Any) -> None:
        if long := [each for each in value if len(each) > 100]:
            raise ValidationError(f"“{long[0][:20]}…”太长，一行最多 100 个字。")


class ClauseForm(EditForm):
    GROUPS = [("条款", ["section", "text", "kind"])]

    class Meta:
        model = Clause
        fields = ["section", "text", "kind"]
        widgets = {"text": forms.Textarea(attrs={"rows": 4})}

    def scope(self) -> None:
        self.fields["kind"].choices = Obligation.choices  # type: ignore[attr-defined]


class NewItemForm(EditForm):
    """A new item, and the clause that asks for it; `plan`: of which the clause is."""

    GROUPS = [
        ("事项", ["code", "label", "subject", "shape", "whole", "lasting", "awarded"]),
        ("哪一条要求谁有", ["clause", "who", "kind"]),
        ("有效期", ["lapse", "months"]),
        ("登记什么", ["asks", "channels", "headings"]),
    ]
    clause = forms.ModelChoiceField(Clause.objects.none(), label="条款", empty_label="请选择")
    who = forms.ChoiceField(label="应有的范围")
    kind = forms.ChoiceField(label="要求", choices=Obligation.choices)
    asks = forms.MultipleChoiceField(
        label="除日期外还登记", choices=list(ASKS.items()), required=False, widget=forms.CheckboxSelectMultiple
    )
    channels = WordsField(label="渠道（金额），或可选的形式、主题（活动）", required=False, help_text="一行一个")
    headings = WordsField(label="台账表头", required=False, help_text="一行一个；名称本身总是认得的")

    class Meta:
        model = Item
        fields = [
            "code",
            "label",
            "subject",
            "shape",
            "whole",
            "lasting",
            "awarded",
            "lapse",
            "months",
            "asks",
            "channels",
            "headings",
        ]

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["clause"].queryset = plan.clauses.all()  # type: ignore[attr-defined]

    def scope(self) -> None:
        self.fields["code"].help_text = "字母、数字和下划线，登记以后不能改"
        self.fields["whole"].queryset = Item.objects.filter(shape=Shape.WHOLE)  # type: ignore[attr-defined]
        self.fields["who"].choices = [  # type: ignore[attr-defined]
            (name, f"{Subject(subject).label}：{label}")
            for subject, found in POPULATIONS.items()
            for name, (label, _) in found.items()
        ]
        for name, choices in (("subject", Subject), ("shape", Shape), ("lapse", Lapse)):
            self.fields[name].choices = choices.choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        subject, who = self.cleaned_data.get("subject"), self.cleaned_data.get("who")
        if subject and who and who not in POPULATIONS[subject]:
            words = "、".join(label for label, _ in POPULATIONS[subject].values())
            self.add_error("who", f"{Subject(subject).label}可以选：{words}。")
        return cleaned

    def save(self, commit: bool = True) -> Any:
        """The item, and the duty by which it is asked for."""
        item = super().save(commit)
        told = {name: self.cleaned_data[name] for name in ("clause", "who", "kind")}
        Duty.objects.create(item=item, **told)
        return item


class CatalogueForm(EditForm):
    """How an item is called and known in sheets, and how long it is had. What facts are stored by never changes."""

    GROUPS = [
        ("事项", ["label", "order"]),
        ("有效期", ["lapse", "months"]),
        ("台账里怎么写", ["headings"]),
    ]
    headings = WordsField(label="台账表头", required=False, help_text="一行一个；名称本身总是认得的")

    class Meta:
        model = Item
        fields = ["label", "order", "lapse", "months", "headings"]

    def scope(self) -> None:
        self.fields["lapse"].choices = Lapse.choices  # type: ignore[attr-defined]
