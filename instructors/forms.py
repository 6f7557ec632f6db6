"""Adding and editing instructors. Assignments have named actions."""

import datetime as dt

from django import forms
from django.db import models

from committees.forms import offer_committees
from committees.models import Committee
from common.desk.editing import EditForm
from common.fields import LedgerDateField, YesNoField
from common.lives import starts_before
from instructors.models import Instructor


class InstructorForm(EditForm):
    GROUPS = [("指导员", ["committee", "name", "unit", "full_time", "phone", "began_on", "term_until"])]

    full_time = YesNoField(label="专职", required=False)
    began_on = LedgerDateField(label="任职日期", required=False)
    term_until = LedgerDateField(
        label="派驻期满日期", required=False, future=True, help_text="派驻期到这一天为止；没有定期限的不填"
    )

    class Meta:
        model = Instructor
        fields = ["name", "unit", "full_time", "phone", "began_on", "term_until"]

    def clean_began_on(self) -> dt.date | None:
        day = self.cleaned_data.get("began_on")
        if day is not None and self.instance.left_on is not None and day >= self.instance.left_on:
            raise forms.ValidationError(f"已于 {self.instance.left_on} 离任，任职日期必须更早。")
        if day is not None and (held := starts_before(self.instance, day)) is not None:
            raise forms.ValidationError(f"已登记从 {held.start} 起派驻，任职日期不能更晚；请先更正派驻的日期。")
        return day


class NewInstructorForm(InstructorForm):
    committee = forms.ModelChoiceField(Committee.objects.none(), label="派出党（工）委", empty_label="请选择")

    class Meta(InstructorForm.Meta):
        fields = ["committee", *InstructorForm.Meta.fields]

    def scope(self) -> None:
        offer_committees(self)

    def likely_duplicates(self) -> list[models.Model]:
        same = Instructor.objects.visible_to(self.user).filter(name=self.cleaned_data["name"])
        return list(same.order_by("pk")[:5])
