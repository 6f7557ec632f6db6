"""Edit forms of which two people's saves lose nothing.

The version of a record is the key of its newest history row. A form carries the version it was made from. If the
record has moved on, what only the other changed is taken over, what only this one changed is saved, and where both
changed one field the save is stopped and both values are shown. Saving again then takes what is typed.
"""

from collections.abc import Callable
from typing import Any

from django import forms
from django.db import models

from common.initials import OF_THE_NAME
from common.text import birth_year, masked, squeeze

# A value as it may be shown.
Mask = Callable[[Any], str]


def version_of(instance: models.Model) -> int:
    """The key of the newest history row; 0 for a record that was never saved."""
    if instance.pk is None:
        return 0
    return instance.history.values_list("history_id", flat=True).first() or 0  # type: ignore[attr-defined]


def moved_on(instance: models.Model, asked: str) -> str:
    """What others have done to the record since the version `asked`, in words."""
    history = instance.history.select_related("history_user")  # type: ignore[attr-defined]
    newest = history.first()
    known = asked.isdecimal() and len(asked) < 19
    seen = history.filter(history_id=int(asked), id=instance.pk).first() if known else None
    changed = [
        f"{field.verbose_name}由 {shown(seen, field.name)} 改为 {shown(newest, field.name)}"
        for field in instance._meta.concrete_fields
        if seen is not None
        and field.name not in OF_THE_NAME
        and getattr(seen, field.attname) != getattr(newest, field.attname)
    ]
    who = (newest and newest.history_user) or "其他人"
    return (
        f"您打开之后，{who}改动过这条记录：{'；'.join(changed) or '（内容见修改记录）'}。请核对您填的内容，再提交一次。"
    )


def shown(instance: models.Model, name: str) -> str:
    """A field's value as people read it."""
    display = getattr(instance, f"get_{name}_display", None)
    value: Any = display() if display else getattr(instance, name)
    if value is None or value == "":
        return "（空）"
    if isinstance(value, bool):
        return "是" if value else "否"
    mask = masks_of(type(instance)).get(name)
    return mask(value) if mask else str(value)


def masks_of(model: type[models.Model]) -> dict[str, Mask]:
    """What forms, history and files of the model show masked, and how."""
    masks: dict[str, Mask] = {}
    for field in model._meta.concrete_fields:
        if field.name.endswith("phone"):
            masks[field.name] = masked
        elif field.name == "born_on":
            masks[field.name] = birth_year
    return masks


class VersionedModelForm(forms.ModelForm):
    """A model form with a hidden version. Call `save` inside a transaction that locked the record."""

    version = forms.CharField(widget=forms.HiddenInput, required=False, max_length=30)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = version_of(self.instance)
        self.masks = {name: mask for name, mask in masks_of(type(self.instance)).items() if name in self.fields}
        for name, mask in self.masks.items():
            if held := getattr(self.instance, name):
                self.initial[name] = mask(held)
        for field in self.fields.values():
            choices = getattr(field, "choices", None)
            if choices and not isinstance(field, forms.ModelChoiceField):
                field.choices = [(key, "未填" if key == "" else label) for key, label in choices]  # type: ignore[attr-defined]

    def full_clean(self) -> None:
        """Check with the values that the masks stand for; what is shown again is what was typed."""
        typed: Any = self.data
        known = {name: held for name in self.masks if (held := self._meant(name))}
        if not (self.is_bound and known):
            super().full_clean()
            return
        meant = typed.copy()
        for name, held in known.items():
            meant[self.add_prefix(name)] = str(held)
        self.data = meant
        super().full_clean()
        # A newer version may have been put in.
        shown: Any = self.data.copy()  # type: ignore[attr-defined]
        for name in known:
            shown[self.add_prefix(name)] = typed[self.add_prefix(name)]
        self.data = shown

    def _meant(self, name: str) -> Any:
        """The value whose mask was sent: of the record as it is, or as the form showed it; None for anything else."""
        sent, mask = str(self.data.get(self.add_prefix(name), "")).strip(), self.masks[name]
        if self.instance.pk is None or not sent:
            return None
        asked = str(self.data.get(self.add_prefix("version"), ""))
        seen = asked.isdecimal() and len(asked) < 19
        then = self.instance.history.filter(history_id=int(asked), id=self.instance.pk).first() if seen else None
        held = [getattr(version, name) for version in (then, self.instance) if version is not None]
        return next((value for value in held if value and mask(value) == sent), None)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        for name in self.masks:
            if "*" in squeeze(str(self.cleaned_data.get(name) or "")):
                self.add_error(name, "遮去中间几位的号码与登记的对不上，要更改请填写全号。")
        if self.instance.pk is None:
            return cleaned
        current, asked = version_of(self.instance), self.cleaned_data.get("version") or ""
        if asked == str(current):
            return cleaned
        history = type(self.instance).history
        newest = history.filter(history_id=current).select_related("history_user").first()
        known = asked.isdecimal() and len(asked) < 19
        seen = history.filter(history_id=int(asked), id=self.instance.pk).first() if known else None
        if newest is not None:
            self._reconcile(seen, newest)
        # What is typed stays; the next save is made from the newest version.
        data: Any = self.data
        self.data = data.copy()
        self.data[self.add_prefix("version")] = str(current)  # type: ignore[index]
        return cleaned

    def _reconcile(self, seen: Any, newest: Any) -> None:
        """Take over what only the other changed; report where both changed one field (all that differs, when the
        version that this form was made from is not known)."""
        who = newest.history_user or "其他人"
        columns = {field.name for field in self.instance._meta.concrete_fields}
        both = []
        for name in self.fields:
            if name not in columns or name not in self.cleaned_data:
                continue
            mine, theirs = self.cleaned_data[name], getattr(newest, name)
            if mine == theirs or (mine in (None, "") and theirs in (None, "")):
                continue
            base = None if seen is None else getattr(seen, name)
            if seen is not None and base == theirs:
                continue
            if seen is not None and (mine == base or (mine in (None, "") and base in (None, ""))):
                self.cleaned_data[name] = theirs
            else:
                both.append((name, theirs))
        if both:
            words = "您打开之后，{}已保存过这条记录，下面标出的内容你们都改了。请核对，再保存一次以您填的为准。"
            self.add_error(None, words.format(who))
        for name, _ in both:
            self.add_error(name, f"{who}改成了：{shown(newest, name)}")
