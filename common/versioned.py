"""Edit forms of which two people's saves lose nothing.

The version of a record is the key of its newest history row. A form carries the version it was
made from; if the record has moved on, the save is stopped and every field that someone else
changed is shown with their value beside the one typed. Saving again then takes what is typed.
"""

from typing import Any

from django import forms
from django.db import models


def version_of(instance: models.Model) -> int:
    """The key of the newest history row; 0 for a record that was never saved."""
    if instance.pk is None:
        return 0
    return instance.history.values_list("history_id", flat=True).first() or 0  # type: ignore[attr-defined]


def shown(instance: models.Model, name: str) -> str:
    """A field's value as people read it."""
    display = getattr(instance, f"get_{name}_display", None)
    value: Any = display() if display else getattr(instance, name)
    if value is None or value == "":
        return "（空）"
    if isinstance(value, bool):
        return "是" if value else "否"
    return str(value)


class VersionedModelForm(forms.ModelForm):
    """A model form with a hidden version. Call `save` inside a transaction that locked the record."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = version_of(self.instance)
        for field in self.fields.values():
            choices = getattr(field, "choices", None)
            if choices and not isinstance(field, forms.ModelChoiceField):
                field.choices = [(key, "未填" if key == "" else label) for key, label in choices]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.instance.pk is None:
            return cleaned
        current, base = version_of(self.instance), self.cleaned_data.get("version")
        if base == current:
            return cleaned
        history = type(self.instance).history  # type: ignore[attr-defined]
        newest = history.filter(history_id=current).select_related("history_user").first()
        seen = history.filter(history_id=base, id=self.instance.pk).first()
        who = (newest.history_user if newest else None) or "其他人"
        self.add_error(None, f"您打开之后，{who}已保存过这条记录。请核对下面标出的内容，再保存一次以您填的为准。")
        for name in self.fields:
            if name == "version" or newest is None:
                continue
            changed = seen is None or getattr(seen, name, None) != getattr(newest, name, None)
            if changed and getattr(newest, name, None) != self.cleaned_data.get(name):
                self.add_error(name, f"{who}改成了：{shown(newest, name)}")
        # What is typed stays; the next save is made from the newest version.
        data: Any = self.data
        self.data = data.copy()
        self.data[self.add_prefix("version")] = str(current)  # type: ignore[index]
        return cleaned
