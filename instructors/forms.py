"""Adding and editing instructors. Assignments have named actions."""

from django import forms
from django.db import models

from committees.forms import offer_committees
from committees.models import Committee
from common.desk.editing import EditForm
from common.fields import YesNoField
from instructors.models import Instructor


class InstructorForm(EditForm):
    GROUPS = [("指导员", ["committee", "name", "unit", "full_time", "phone"])]

    full_time = YesNoField(label="专职", required=False)

    class Meta:
        model = Instructor
        fields = ["name", "unit", "full_time", "phone"]


class NewInstructorForm(InstructorForm):
    committee = forms.ModelChoiceField(Committee.objects.none(), label="派出党（工）委", empty_label="请选择")

    class Meta(InstructorForm.Meta):
        fields = ["committee", *InstructorForm.Meta.fields]

    def scope(self) -> None:
        offer_committees(self)

    def likely_duplicates(self) -> list[models.Model]:
        same = Instructor.objects.visible_to(self.user).filter(name=self.cleaned_data["name"])
        return list(same.order_by("pk")[:5])
