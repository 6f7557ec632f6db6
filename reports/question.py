"""The two times that every figure page can be asked about (rule 9)."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import Http404, HttpRequest
from django.utils import timezone

from committees.scope import own_committee_id, sees_all
from common.fields import PICKER, LedgerDateField
from common.today import today
from enterprises.models import Enterprise


class QuestionForm(forms.Form):
    as_of = LedgerDateField(label="截至日期", required=False, widget=PICKER, future=True)
    known_at = forms.DateTimeField(
        label="按当时掌握的数据",
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"invalid": "时间看不懂，请写成 2023-12-31 18:00"},
    )

    def clean_known_at(self) -> dt.datetime | None:
        moment = self.cleaned_data.get("known_at")
        if moment is not None and not 1900 <= moment.year <= 2100:
            raise forms.ValidationError("年份应在 1900—2100 之间。")
        return moment

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if name in self.errors:
                field.widget.attrs.update({"aria-invalid": "true", "aria-describedby": f"error-{name}"})


@dataclass(frozen=True)
class Question:
    """`as_of`: the date asked about. `known_at`: as the system held the facts then; None: as now."""

    as_of: dt.date
    known_at: dt.datetime | None
    form: QuestionForm

    @property
    def params(self) -> dict[str, str | None]:
        """What a link must carry to ask the same; None takes the part out of the address."""
        moment = None if self.known_at is None else timezone.localtime(self.known_at)
        return {
            "as_of": self.as_of.isoformat(),
            "known_at": None if moment is None else moment.strftime("%Y-%m-%dT%H:%M:%S"),
        }

    @property
    def said(self) -> str:
        """The two times in words, for titles and exports."""
        words = f"截至 {self.as_of}"
        if self.known_at is not None:
            words += f"，按 {timezone.localtime(self.known_at):%Y-%m-%d %H:%M} 掌握的数据"
        if self.as_of > today():
            words += "（所查日期在今天之后，按现有登记推算）"
        return words


def asked(request: HttpRequest) -> Question:
    """The question in the address; today where it asks nothing or nothing readable (the form says what)."""
    data = {name: request.GET.get(name, "") for name in ("as_of", "known_at")}
    data["as_of"] = data["as_of"] or today().isoformat()
    form = QuestionForm(data)
    form.is_valid()
    cleaned = form.cleaned_data
    return Question(cleaned.get("as_of") or today(), cleaned.get("known_at"), form)


def whose(request: HttpRequest) -> int | None:
    """The committee to which the user's figures are limited; None: the whole district. Raises Http404 for who sees
    neither."""
    own = own_committee_id(request.user)
    if own is None and not sees_all(request.user):
        raise Http404
    return own


def opens(request: HttpRequest, keys: Iterable[int]) -> set[int]:
    """Of enterprises that were the committee's on the day asked about those whose pages the user may open today."""
    return set(Enterprise.objects.visible_to(request.user).filter(pk__in=list(keys)).values_list("pk", flat=True))
