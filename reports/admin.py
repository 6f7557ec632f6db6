from django import forms
from django.contrib import admin

from common.desk.admin import RegisterAdmin
from common.desk.versioned import VersionedModelForm
from common.models import Clause, Duty, Item, Plan
from reports.indicators import indicator_choices
from reports.items import DERIVATIONS
from reports.models import CountingRules, Target
from reports.populations import POPULATIONS, unknown_population


class TargetForm(VersionedModelForm):
    indicator = forms.ChoiceField(label="指标")

    def __init__(self, *args: object, **kwargs: object):
        super().__init__(*args, **kwargs)
        self.fields["indicator"].choices = indicator_choices()  # type: ignore[attr-defined]


class ItemForm(VersionedModelForm):
    def clean_derived(self) -> str:
        derived: str = self.cleaned_data["derived"]
        if derived and derived.partition(":")[0] not in DERIVATIONS:
            raise forms.ValidationError(f"没有这种得出办法，可以写：{'、'.join(DERIVATIONS)}。")
        return derived


class DutyForm(VersionedModelForm):
    def clean(self) -> dict[str, object] | None:
        cleaned = super().clean()
        item, who = self.cleaned_data.get("item"), self.cleaned_data.get("who")
        if item and who and unknown_population(item.subject, who, set(Item.objects.values_list("code", flat=True))):
            self.add_error(
                "who", f"没有这个范围，可以写：{'、'.join(POPULATIONS[item.subject])}，或 has:、lacks: 加事项代号。"
            )
        return cleaned


@admin.register(Target)
class TargetAdmin(RegisterAdmin):
    form = TargetForm
    identities = (("plan", "committee", "indicator", "due_on"),)
    list_display = ["label", "plan", "committee", "due_on", "percent", "count", "clause", "obligation", "is_reading"]
    list_filter = ["plan", "obligation", "committee"]
    list_select_related = ["plan", "committee"]


@admin.register(CountingRules)
class CountingRulesAdmin(RegisterAdmin):
    list_display = ["plan", "start", "end", "count_probationary", "work_routes", "members_to_establish", "full_reading"]
    list_filter = ["plan"]
    list_select_related = ["plan"]


@admin.register(Plan)
class PlanAdmin(RegisterAdmin):
    identities = (("code",),)
    list_display = ["title", "code", "issuer", "effective_from", "effective_until"]


@admin.register(Clause)
class ClauseAdmin(RegisterAdmin):
    identities = (("plan", "number"),)
    list_display = ["number", "plan", "section", "text", "kind"]
    list_filter = ["plan", "kind"]
    list_select_related = ["plan"]


@admin.register(Item)
class ItemAdmin(RegisterAdmin):
    form = ItemForm
    identities = (("code",),)
    list_display = ["label", "code", "subject", "shape", "lasting", "lapse", "months", "whole", "order"]
    list_filter = ["subject", "shape"]
    list_select_related = ["whole"]
    search_fields = ["label", "code"]

    def get_readonly_fields(self, request: object, obj: Item | None = None) -> list[str]:
        """What facts are stored by never changes."""
        return ["code", "subject", "shape"] if obj is not None else []


@admin.register(Duty)
class DutyAdmin(RegisterAdmin):
    form = DutyForm
    identities = (("clause", "item"),)
    list_display = ["item", "clause", "who", "kind"]
    list_filter = ["kind", "clause__plan"]
    list_select_related = ["item", "clause__plan"]
