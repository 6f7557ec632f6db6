"""A choice among many records: a box that suggests as one types, instead of a select with thousands of lines.

Without the script the box still takes a whole name. The suggestions are made by the roof
(coverage_tracker/records/search.py), which knows every kind of record.
"""

import re
from typing import Any

from django import forms
from django.db import models
from django.urls import reverse

from common.text import name_key

_KEY = re.compile(r"（编号 ?(\d{1,18})）$|^(\d{1,18})$")


def spelled(record: models.Model) -> str:
    """A record as it stands in the box; the number tells namesakes apart."""
    return f"{record}（编号 {record.pk}）"


class LookupWidget(forms.TextInput):
    # parts/field.html puts the list of suggestions below such a box.
    suggests = True

    def __init__(self, kind: str):
        super().__init__({"autocomplete": "off", "role": "combobox", "aria-expanded": "false", "data-suggests": ""})
        self.kind = kind

    def get_context(self, name: str, value: Any, attrs: dict | None) -> dict:
        asks = {
            "placeholder": "输入名称中的几个字或拼音首字母，从列表中选",
            "hx-get": reverse("lookup", args=[self.kind]),
            "hx-trigger": "input changed delay:200ms",
            "hx-target": "next .suggestions",
            "hx-sync": "this:replace",
        }
        return super().get_context(name, value, {**asks, **(attrs or {})})


class LookupField(forms.ModelChoiceField):
    """One record of `queryset`, given as 名称（编号 12）, as the bare number, or as its whole name if that is
    unique in the queryset. `kind` is the key of the suggestions."""

    def __init__(self, queryset: models.QuerySet, *, kind: str, **kwargs: Any):
        super().__init__(queryset, widget=LookupWidget(kind), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, models.Model):
            return spelled(value)
        if isinstance(value, int) and self.queryset is not None:
            found = self.queryset.filter(pk=value).first()
            return spelled(found) if found else value
        return value

    def to_python(self, value: Any) -> models.Model | None:
        if isinstance(value, models.Model):
            value = value.pk
        # PostgreSQL holds no NUL.
        text = str(value or "").replace("\x00", "□").strip()
        if not text:
            return None
        assert self.queryset is not None
        key = _KEY.search(text)
        by_name = "name_key" in {field.name for field in self.queryset.model._meta.fields}
        named = {"name_key": name_key(text)} if by_name else {"name": text}
        found = list(self.queryset.filter(**{"pk": int(key[1] or key[2])} if key else named)[:2])
        if len(found) > 1:
            raise forms.ValidationError(f"有几个“{text[:50]}”，请从列表中选定一个。")
        if not found:
            raise forms.ValidationError(f"没有“{text[:50]}”或不能选它，请输入几个字后从列表中选。")
        record: models.Model = found[0]
        return record

    def has_changed(self, initial: Any, data: Any) -> bool:
        # What is typed is the spelling, not the key.
        return super().has_changed(initial, data) and str(self.prepare_value(initial) or "") != str(data or "")
