"""Named actions: a date and a few answers, then what it will end or start, then it is done.

An action is one class in the file of its verb (enterprises/exclude.py …); common/desk/performing.py asks, shows and
does it, to one record or to several ticked ones.
"""

from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from django import forms
from django.db import models
from django.urls import reverse

from common.desk.versioned import moved_on, version_of
from common.fields import LedgerDateField
from common.record import Record

# What an action did or would do, a sentence each.
Effects = list[str]


class ActionForm(forms.Form):
    """The questions of an action. `subject` is what it is done to; choices are scoped to `user`."""

    on = LedgerDateField(label="生效日期", error_messages={"required": "请填写生效日期。"})
    # Whether a month will do: of something that begins, not of what ends or is counted on a day.
    months: ClassVar[bool] = False
    # What the subject was when the form was opened (common/desk/versioned.py).
    version = forms.CharField(widget=forms.HiddenInput, required=False, max_length=30)

    def __init__(self, *args: Any, user: Any, subject: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.user, self.subject = user, subject
        self.fields["version"].initial = version_of(subject)
        if self.months:
            self.fields["on"].take_months()  # type: ignore[attr-defined]
        self.order_fields([*(name for name in self.fields if name != "on"), "on"])
        self.scope()

    def scope(self) -> None:
        """Set the querysets of the choice fields; nothing by default."""

    def choose(self, name: str, rows: models.QuerySet) -> None:
        """Offer `rows` in the choice field `name`."""
        self.fields[name].queryset = rows  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any] | None:
        """Say what others changed since the form was opened; what is typed stays, and the next try counts."""
        cleaned = super().clean()
        asked, now = self.cleaned_data.pop("version", ""), version_of(self.subject)
        if asked and asked != str(now):
            self.add_error(None, moved_on(self.subject, asked))
            data: Any = self.data
            self.data = data.copy()
            self.data[self.add_prefix("version")] = str(now)  # type: ignore[index]
        return cleaned


class UndatedForm(ActionForm):
    """The questions of what is no fact of a day."""

    on = None  # type: ignore[assignment]


class ByUser(forms.Form):
    """Tells the action who does it: `by`."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        cleaned["by"] = self.user  # type: ignore[attr-defined]
        return cleaned


class Action:
    """One named action on one model; a class that is never made an instance of.

    `run(subject, **answers)` does it and returns its effects; it raises ValidationError with a message per field for
    what cannot be. `allowed(user)` says who may; `applies(subject)` when it makes sense; `refuses(user, subject,
    answers)` why this user may not do it to this subject with these answers, "" when nothing is against it.
    """

    slug: ClassVar[str]
    label: ClassVar[str]
    model: ClassVar[type[models.Model]]
    run: ClassVar[Callable[..., Effects]]
    form: ClassVar[type[ActionForm]] = ActionForm
    hint: ClassVar[str] = ""
    # Whether it is also done to several ticked records at once.
    takes_many: ClassVar[bool] = False

    @staticmethod
    def allowed(user: Any) -> bool:
        return False

    @staticmethod
    def applies(subject: Any) -> bool:
        return True

    @staticmethod
    def refuses(user: Any, subject: Any, answers: dict[str, Any]) -> str:
        return ""

    @classmethod
    def url_name(cls, *, many: bool = False) -> str:
        return f"{cls.model._meta.model_name}-{'bulk-' if many else ''}{cls.slug}"

    @classmethod
    def under(cls) -> str:
        """Where its addresses begin: with the list of the records, or with the kind of fact."""
        if issubclass(cls.model, Record):
            return cls.model.LIST
        return f"facts/{cls.model._meta.model_name}"


Actions = Iterable[type[Action]]
# What a button says, and its address.
Offer = tuple[str, str]


def offered(actions: Actions, subject: models.Model, user: Any) -> list[Offer]:
    """The actions on its kind of record that this user may do to `subject` now."""
    return [
        (action.label, reverse(action.url_name(), args=[subject.pk]))
        for action in actions
        if isinstance(subject, action.model) and action.allowed(user) and action.applies(subject)
    ]


def offered_for_many(actions: Actions, model: type[models.Model], user: Any) -> list[Offer]:
    """The actions that this user may do to several ticked records of `model`."""
    return [
        (action.label, reverse(action.url_name(many=True)))
        for action in actions
        if action.takes_many and action.model is model and action.allowed(user)
    ]
