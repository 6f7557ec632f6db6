"""Adding and editing an enterprise. Periods are not edited here: they have named actions."""

import datetime as dt
import json
from typing import Any

from django import forms
from django.db import models
from django.urls import reverse

from committees.forms import offer_committees
from committees.models import Committee
from common import claiming
from common.desk.editing import EditForm
from common.fields import LedgerDateField, YesNoField
from common.identifiers import IdentifierError, check_credit_code
from common.initials import near_names
from common.ledger_dates import Month
from common.lives import starts_before
from common.periods import Precision
from common.recording import revise, say
from common.today import today
from enterprises.models import Enterprise, Jurisdiction

_GROUPS = [
    ("名称和代码", ["name", "credit_code", "former_names", "registered_on"]),
    ("类型和行业", ["ownership", "industry_section", "industry", "above_scale"]),
    ("法定代表人", ["legal_representative", "representative_is_member", "representative_is_secretary"]),
    ("地址和联系", ["village", "site", "address", "contact_name", "contact_phone"]),
    ("未建立党组织的", ["reason_not_established", "planned_on"]),
    ("其他", ["remark"]),
]


_COMMON_ENDINGS = ("有限责任公司", "股份有限公司", "有限公司")


def code_taken(user: Any, code: str, pk: int | None) -> str:
    """Why the credit code cannot be used for the enterprise `pk` (None: a new one): another that the user sees has it.
    Of those that the user does not see nothing is said."""
    known = Enterprise.objects.visible_to(user).filter(credit_code=code).exclude(pk=pk).first()
    return f"这个代码已登记为“{known}”。" if known else ""


class EnterpriseForm(EditForm):
    GROUPS = _GROUPS

    # Longer than a code, since people paste it with blanks.
    credit_code = forms.CharField(label="统一社会信用代码", required=False, max_length=40)
    registered_on = LedgerDateField(label="成立日期", required=False, months=True)
    planned_on = LedgerDateField(label="计划建立日期", required=False, future=True)
    above_scale = YesNoField(label="规模以上", required=False)
    representative_is_member = YesNoField(label="法定代表人是党员", required=False)
    representative_is_secretary = YesNoField(label="法定代表人兼任党组织书记", required=False)

    class Meta:
        model = Enterprise
        fields = [name for _, names in _GROUPS for name in names]

    def scope(self) -> None:
        # Said as one types, before the form is sent.
        code = self.fields["credit_code"].widget
        code.says = True
        code.attrs.update(
            {
                "hx-get": reverse("check-credit-code"),
                "hx-trigger": "input changed delay:300ms",
                "hx-target": "next .said",
                "hx-vals": json.dumps({"of": self.instance.pk or ""}),
                "hx-sync": "this:replace",
            }
        )

    def clean_credit_code(self) -> str | None:
        text = self.cleaned_data.get("credit_code")
        if not text:
            return None
        try:
            code = check_credit_code(text)
        except IdentifierError as error:
            raise forms.ValidationError(str(error)) from None
        if taken := code_taken(self.user, code, self.instance.pk):
            raise forms.ValidationError(taken)
        self.theirs = Enterprise.objects.filter(credit_code=code).exclude(pk=self.instance.pk).first()
        # What another has cannot be saved: it is put before the district.
        return code if self.theirs is None else self.instance.credit_code

    # Who has the code already, and the user does not see.
    theirs: Enterprise | None = None

    def put_before_district(self) -> str:
        if self.theirs is None:
            return ""
        committee = self.cleaned_data.get("committee") or self._committee()
        name = self.cleaned_data["name"]
        return claiming.put("enterprise", user=self.user, committee=committee, name=name, theirs=self.theirs)

    def _committee(self) -> Committee:
        held: Jurisdiction = self.instance.jurisdictions.live_on(today()).select_related("committee").get()
        return held.committee

    def clean_registered_on(self) -> dt.date | None:
        day = self.cleaned_data.get("registered_on")
        if day is not None and self.instance.closed_on is not None and day > self.instance.closed_on:
            raise forms.ValidationError(f"企业已于 {self.instance.closed_on} 注销，成立日期不能更晚。")
        later = day is not None and (self.instance.registered_on is None or day > self.instance.registered_on)
        if day is not None and later and (held := starts_before(self.instance, day)) is not None:
            what = held._meta.verbose_name
            raise forms.ValidationError(f"已登记从 {held.start} 起的{what}，成立日期不能更晚；请先更正{what}的日期。")
        return day

    def save(self, commit: bool = True) -> Enterprise:
        """Save; a founding date moved back gives those days to the first committee (rule 7)."""
        if "registered_on" in self.changed_data:
            is_month = isinstance(self.cleaned_data["registered_on"], Month)
            self.instance.registered_precision = Precision.MONTH if is_month else Precision.DAY
        enterprise: Enterprise = super().save(commit)
        first = enterprise.jurisdictions.order_by("start").first()
        if first is not None and enterprise.registered_on and first.start > enterprise.registered_on:
            revise(first, enterprise.registered_on, first.end, first.start_precision)
        return enterprise


class NewEnterpriseForm(EnterpriseForm):
    """A new enterprise and the committee that answers for it."""

    committee = forms.ModelChoiceField(Committee.objects.none(), label="党（工）委", empty_label="请选择")

    GROUPS = [("所属单位", ["committee"]), *EnterpriseForm.GROUPS]

    def scope(self) -> None:
        super().scope()
        offer_committees(self)

    def likely_duplicates(self) -> list[models.Model]:
        """Enterprises that the user sees under a near-equal name."""
        return near_names(Enterprise.objects.visible_to(self.user), self.cleaned_data["name"], _COMMON_ENDINGS)

    def save(self, commit: bool = True) -> Enterprise:
        enterprise = super().save(commit)
        start = enterprise.registered_on or today()
        say(Jurisdiction, {"enterprise": enterprise}, start, {"committee": self.cleaned_data["committee"]})
        return enterprise
