"""Adding and editing organizations and members. What is dated has named actions."""

import datetime as dt
from typing import Any

from django import forms
from django.db import models

from committees.forms import offer_committees
from committees.models import Committee, CommitteeKind
from common import claiming
from common.desk.editing import EditForm
from common.desk.lookup import LookupField
from common.fields import LedgerDateField
from common.identifiers import IdentifierError, IdNumber, check_id_number
from common.initials import near_names
from common.ledger_dates import Month
from common.lives import starts_before
from common.periods import Precision
from common.recording import revise, say
from common.today import today
from enterprises.models import Enterprise
from organizations.models import (
    Cover,
    Member,
    MemberPlacement,
    MemberStage,
    PartyOrganization,
    PositionGroup,
    Stage,
    Subordination,
)


class OrganizationForm(EditForm):
    GROUPS = [
        ("名称和类别", ["committee", "name", "kind", "form"]),
        ("成立和隶属", ["established_on", "move_covers", "subordination", "superior"]),
    ]

    established_on = LedgerDateField(label="成立日期", months=True)
    move_covers = forms.BooleanField(
        label="从原成立日期起算的覆盖，一起改从新的成立日期起算", required=False, initial=True
    )

    class Meta:
        model = PartyOrganization
        fields = ["name", "kind", "form", "established_on", "subordination", "superior"]

    def scope(self) -> None:
        self.fields["superior"].queryset = Committee.objects.filter(kind=CommitteeKind.INDUSTRY_LINE)  # type: ignore[attr-defined]
        self.fields["superior"].empty_label = "属地管理的不填"  # type: ignore[attr-defined]

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        # What began with the organization, as it was held to be founded then.
        founded, held = self.instance.established_on, self.instance.pk is not None
        self.derived = list(self.instance.covers.filter(start=founded).select_related("enterprise")) if held else []
        if not self.derived:
            del self.fields["move_covers"]

    def clean_established_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["established_on"]
        if self.instance.dissolved_on is not None and day >= self.instance.dissolved_on:
            raise forms.ValidationError(f"党组织已于 {self.instance.dissolved_on} 撤销，成立日期必须更早。")
        return day

    def _check_what_hangs_on_it(self, day: dt.date) -> None:
        """Nothing may precede the founding; covers that began with it follow it where that is asked for."""
        following = self.derived if self.cleaned_data.get("move_covers") else []
        if (held := starts_before(self.instance, day, following)) is not None:
            what = "覆盖企业" if isinstance(held, Cover) else f"的{held._meta.verbose_name}"
            name = held._meta.verbose_name
            words = f"已登记从 {held.start} 起{what}，成立日期不能更晚；请先更正{name}的日期。"
            self.add_error("established_on", words)
        for cover in following:
            start = _begins(cover, day)
            others = Cover.objects.filter(enterprise=cover.enterprise_id, organization=self.instance).exclude(
                pk=cover.pk
            )
            if (cover.end is not None and cover.end <= start) or others.overlapping(start, cover.end).exists():
                words = f"对{cover.enterprise}的覆盖（{cover.start} 起）不能改从 {start} 起，请先更正它的日期。"
                self.add_error("established_on", words)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        superior = self.cleaned_data.get("superior")
        if superior is not None and self.cleaned_data.get("subordination") == Subordination.TERRITORIAL:
            self.add_error("superior", "属地管理的不填上级党组织；隶属行业系统的请把隶属改为行业管理。")
        name, committee = self.cleaned_data.get("name"), self._committee()
        if (day := self.cleaned_data.get("established_on")) is not None and self.instance.pk is not None:
            self._check_what_hangs_on_it(day)
        if name and committee is not None:
            same = PartyOrganization.objects.filter(committee=committee, name=name).exclude(pk=self.instance.pk)
            if same.exists():
                self.add_error("name", "本单位已有同名的党组织。")
        return cleaned

    def _committee(self) -> Committee | None:
        return self.instance.committee if self.instance.pk else self.cleaned_data.get("committee")

    def save(self, commit: bool = True) -> PartyOrganization:
        if "established_on" in self.changed_data:
            is_month = isinstance(self.cleaned_data["established_on"], Month)
            self.instance.established_precision = Precision.MONTH if is_month else Precision.DAY
        saved: PartyOrganization = super().save(commit)
        for cover in self.derived if self.cleaned_data.get("move_covers") else []:
            if (start := _begins(cover, saved.established_on)) != cover.start:
                cover.organization = saved
                revise(cover, start, cover.end)
        return saved


def _begins(cover: Cover, founded: dt.date) -> dt.date:
    """From when on a cover holds that began with an organization which was founded on this day."""
    return max(day for day in (founded, cover.enterprise.registered_on) if day is not None)


class NewOrganizationForm(OrganizationForm):
    committee = forms.ModelChoiceField(Committee.objects.none(), label="党（工）委", empty_label="请选择")

    class Meta(OrganizationForm.Meta):
        fields = ["committee", *OrganizationForm.Meta.fields]

    def scope(self) -> None:
        super().scope()
        offer_committees(self)

    def likely_duplicates(self) -> list[models.Model]:
        near = PartyOrganization.objects.visible_to(self.user)
        return near_names(near, self.cleaned_data["name"].removeprefix("中共"), ("支部委员会", "党支部", "委员会"))


class MemberForm(EditForm):
    """A person. The ID number is checked, fingerprinted and forgotten (design, section 7)."""

    GROUPS = [
        ("所属单位", ["committee"]),
        ("个人", ["name", "sex", "born_on", "education", "phone", "id_number"]),
        ("阶段", ["stage", "stage_since"]),
        ("工作单位", ["enterprise", "organization", "position_group", "placed_since"]),
    ]

    born_on = LedgerDateField(label="出生日期", required=False, help_text="已登记的只显示年份，不改就不用动")
    id_number = forms.CharField(
        label="身份证号",
        required=False,
        max_length=40,
        help_text="只用来核对是否重复，不保存全号；已登记过的不用再填",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    class Meta:
        model = Member
        fields = ["name", "sex", "born_on", "education", "phone"]

    def clean_id_number(self) -> None:
        """Keeps what the number tells on the instance; the number itself goes no further."""
        text = self.cleaned_data.get("id_number")
        if not text:
            return
        try:
            told = check_id_number(text)
        except IdentifierError as error:
            raise forms.ValidationError(str(error)) from None
        held = Member.objects.filter(id_fingerprint=told.fingerprint).exclude(pk=self.instance.pk)
        if (own := held.visible_to(self.user).first()) is not None:
            raise forms.ValidationError(f"这个身份证号已登记为“{own}”，不能重复登记。")
        self.told, self.theirs = told, held.first()
        if self.theirs is None:
            self.instance.id_fingerprint = told.fingerprint

    # What the number told, once it was given and right; and whose it is already, whom the user does not see.
    told: IdNumber | None = None
    theirs: Member | None = None

    def put_before_district(self) -> str:
        if self.told is None:
            return ""
        if self.theirs is None:
            claiming.put("ask", user=self.user)
            return ""
        committee = self.cleaned_data.get("committee") or self.instance.committee
        who = {"number": self.told, "name": self.cleaned_data["name"], "theirs": self.theirs}
        return claiming.put("person", user=self.user, committee=committee, **who)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.told is not None:
            # What is stated prevails: archives and ID numbers do differ.
            self.cleaned_data["born_on"] = self.cleaned_data.get("born_on") or self.told.born_on
            self.cleaned_data["sex"] = self.cleaned_data.get("sex") or self.told.sex
        return cleaned


class NewMemberForm(MemberForm):
    committee = forms.ModelChoiceField(Committee.objects.none(), label="党（工）委", empty_label="请选择")
    stage = forms.ChoiceField(label="现在的阶段", choices=[("", "请选择"), *Stage.choices])
    stage_since = LedgerDateField(label="从哪天起")
    enterprise = LookupField(Enterprise.objects.none(), kind="enterprises", label="工作单位", required=False)
    organization = LookupField(
        PartyOrganization.objects.none(), kind="organizations", label="所在党组织", required=False
    )
    position_group = forms.ChoiceField(label="岗位类别", choices=[("", "未填"), *PositionGroup.choices], required=False)
    placed_since = LedgerDateField(label="到岗日期", required=False, help_text="不填则与阶段同日")

    class Meta(MemberForm.Meta):
        fields = ["committee", *MemberForm.Meta.fields]

    def scope(self) -> None:
        super().scope()
        offer_committees(self)
        self.fields["enterprise"].queryset = Enterprise.objects.visible_to(self.user)  # type: ignore[attr-defined]
        live = PartyOrganization.objects.visible_to(self.user).filter(dissolved_on__isnull=True)
        self.fields["organization"].queryset = live  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        answers = self.cleaned_data
        enterprise, organization = answers.get("enterprise"), answers.get("organization")
        if enterprise is None and organization is None:
            for name in ("position_group", "placed_since"):
                if answers.get(name):
                    self.add_error(name, "要先填工作单位或所在党组织。")
        committee = answers.get("committee")
        if committee is not None:
            if organization is not None and organization.committee_id != committee.pk:
                self.add_error("organization", f"这个党组织不属于{committee}。")
            ours = Enterprise.objects.under(committee.pk, today())
            if enterprise is not None and not ours.filter(pk=enterprise.pk).exists():
                self.add_error("enterprise", f"这家企业不由{committee}管理。")
        return cleaned

    def likely_duplicates(self) -> list[models.Model]:
        if self.told is not None:
            return []
        same = Member.objects.visible_to(self.user).filter(name=self.cleaned_data["name"])
        return list(same.order_by("pk")[:5])

    def save(self, commit: bool = True) -> Member:
        member: Member = super().save(commit)
        answers = self.cleaned_data
        say(MemberStage, {"member": member}, answers["stage_since"], {"stage": answers["stage"]})
        place = {name: answers[name] for name in ("enterprise", "organization") if answers[name]}
        if place:
            since = answers["placed_since"] or answers["stage_since"]
            say(MemberPlacement, {"member": member}, since, place, position_group=answers["position_group"])
        return member
