"""Adding and editing an enterprise. Periods are not edited here: they have named actions."""

import datetime as dt

from django import forms

from committees.models import Committee
from common.fields import LedgerDateField
from common.identifiers import IdentifierError, check_credit_code
from common.periods import Precision
from common.text import name_key
from common.versioned import VersionedModelForm
from enterprises.models import Enterprise, Jurisdiction
from enterprises.querysets import today

GROUPS = [
    ("名称和代码", ["name", "credit_code", "former_names", "registered_on"]),
    ("类型和行业", ["ownership", "industry_section", "industry", "above_scale"]),
    ("法定代表人", ["legal_representative", "representative_is_member", "representative_is_secretary"]),
    ("地址和联系", ["village", "address", "contact_name", "contact_phone"]),
    ("未建立党组织的", ["reason_not_established", "planned_on"]),
    ("其他", ["remark"]),
]  # fmt: skip


class YesNoSelect(forms.NullBooleanSelect):
    def __init__(self, attrs: dict | None = None):
        super().__init__(attrs)
        self.choices = [("unknown", "未填"), ("true", "是"), ("false", "否")]


class YesNoField(forms.NullBooleanField):
    widget = YesNoSelect


class EnterpriseForm(VersionedModelForm):
    registered_on = LedgerDateField(label="成立日期", required=False)
    planned_on = LedgerDateField(label="计划建立日期", required=False)
    above_scale = YesNoField(label="规模以上", required=False)
    representative_is_member = YesNoField(label="法定代表人是党员", required=False)
    representative_is_secretary = YesNoField(label="法定代表人兼任党组织书记", required=False)

    class Meta:
        model = Enterprise
        fields = [name for _, names in GROUPS for name in names]

    def clean_credit_code(self) -> str | None:
        text = self.cleaned_data.get("credit_code")
        if not text:
            return None
        try:
            return check_credit_code(text)
        except IdentifierError as error:
            raise forms.ValidationError(str(error)) from None

    def clean_registered_on(self) -> dt.date | None:
        day = self.cleaned_data.get("registered_on")
        if day is not None and day > today():
            raise forms.ValidationError(f"{day} 在未来，请改正。")
        return day

    def save(self, commit: bool = True) -> Enterprise:
        """Save; a founding date moved back gives those days to the first committee (rule 7)."""
        if "registered_on" in self.changed_data:
            self.instance.registered_precision = Precision.DAY
        enterprise = super().save(commit)
        first = enterprise.jurisdictions.order_by("start").first()
        if first is not None and enterprise.registered_on and first.start > enterprise.registered_on:
            first.start = enterprise.registered_on
            first.save()
        return enterprise

    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields in their groups, for the page."""
        return [(title, [self[name] for name in names]) for title, names in GROUPS]


class NewEnterpriseForm(EnterpriseForm):
    """A new enterprise and the committee that answers for it."""

    committee = forms.ModelChoiceField(Committee.objects.none(), label="党（工）委", empty_label="请选择")
    despite = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, user, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        choices = Committee.objects.visible_to(user).filter(active=True)
        self.fields["committee"].queryset = choices  # type: ignore[attr-defined]
        if choices.count() == 1:
            self.fields["committee"].initial = choices.first()

    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        return [("所属单位", [self["committee"]]), *super().groups()]

    def likely_duplicates(self) -> list[Enterprise]:
        """Enterprises that the user sees under a near-equal name."""
        key = name_key(self.cleaned_data.get("name") or "").replace("有限责任公司", "").replace("有限公司", "")
        if len(key) < 2:
            return []
        near = Enterprise.objects.visible_to(self.user).filter(name__icontains=key[:20])
        return list(near.order_by("name")[:5])

    def save(self, commit: bool = True) -> Enterprise:
        enterprise = super().save(commit)
        start = enterprise.registered_on or today()
        Jurisdiction.objects.create(enterprise=enterprise, committee=self.cleaned_data["committee"], start=start)
        return enterprise
