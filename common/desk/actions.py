"""Named actions: a date and a few answers, then what it will end or start, then it is done.

The same function makes the preview and the change: for the preview it runs in a transaction
that is rolled back, so what is shown is what will happen.
"""

import datetime as dt
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, resolve, reverse
from django.utils import timezone

from common.desk.versioned import moved_on, version_of
from common.fields import LedgerDateField

# What an action did or would do, a sentence each.
Effects = list[str]
# The pages of records: url name → model. Each floor enters its own.
PAGES: dict[str, type[models.Model]] = {}


class ActionForm(forms.Form):
    """The questions of an action. `subject` is what it is done to; choices are scoped to `user`."""

    on = LedgerDateField(label="生效日期", error_messages={"required": "请填写生效日期。"})
    # What the subject was when the form was opened (common/desk/versioned.py).
    version = forms.CharField(widget=forms.HiddenInput, required=False, max_length=30)

    def __init__(self, *args, user, subject: Any, **kwargs):
        super().__init__(*args, **kwargs)
        self.user, self.subject = user, subject
        self.fields["version"].initial = version_of(subject)
        self.order_fields([*(name for name in self.fields if name != "on"), "on"])
        self.scope()

    def scope(self) -> None:
        """Set the querysets of the choice fields; nothing by default."""

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

    def clean_on(self) -> dt.date:
        """What has not happened yet is no fact."""
        on = self.cleaned_data["on"]
        if on > timezone.localdate():
            raise ValidationError(f"{on} 在未来，请到那天再登记。")
        return on


@dataclass(frozen=True)
class Action:
    """One named action on one model.

    `run(subject, **answers)` does it and returns its effects; it raises ValidationError with a
    message per field for what cannot be. `allowed(user)` says who may; `applies(subject)` when
    it makes sense. `page(subject)` is the address to which one returns.
    """

    slug: str
    label: str
    model: type[models.Model]
    page: Callable[[Any], str]
    run: Callable[..., Effects]
    allowed: Callable[[Any], bool]
    form: type[ActionForm] = ActionForm
    applies: Callable[[Any], bool] = field(default=lambda subject: True)
    hint: str = ""
    # Why this user may not do it to this subject with these answers; "" when nothing is against it.
    refuses: Callable[[Any, Any, dict[str, Any]], str] = field(default=lambda user, subject, answers: "")

    @property
    def url_name(self) -> str:
        return f"{self.model._meta.model_name}-{self.slug}"


def action_paths(prefix: str, actions: list[Action]) -> list[URLPattern]:
    """One URL an action: prefix/PK/slug/; {model} in the prefix stands for the name of the action's model."""

    def view(action: Action) -> Callable[..., HttpResponse]:
        return lambda request, pk: perform(request, action, pk)

    return [
        path(
            f"{prefix.format(model=action.model._meta.model_name)}/<int:pk>/{action.slug}/",
            view(action),
            name=action.url_name,
        )
        for action in actions
    ]


def offered(actions: list[Action], subject: models.Model, user) -> list[tuple[str, str]]:
    """(label, address) of the actions on its kind of record that this user may do to `subject` now."""
    return [
        (action.label, reverse(action.url_name, args=[subject.pk]))
        for action in actions
        if isinstance(subject, action.model) and action.allowed(user) and action.applies(subject)
    ]


def perform(request: HttpRequest, action: Action, pk: int) -> HttpResponse:
    """Ask, show, do. Someone else's subject is 404; an action that the role may not do is 403."""
    if not action.allowed(request.user):
        raise PermissionDenied
    effects: Effects = []
    with transaction.atomic():
        rows = action.model._default_manager.visible_to(request.user)  # type: ignore[attr-defined]
        # Read under the lock, so that whoever changes it at the same moment is waited for and then seen.
        rows = rows.select_for_update(of=("self",)) if request.method == "POST" else rows
        subject = get_object_or_404(rows, pk=pk)
        form = action.form(request.POST if request.method == "POST" else None, user=request.user, subject=subject)
        answers = told(request, effects)
        if request.method == "POST" and form.is_valid():
            effects, answers, done = attempt(request, form, lambda: _run(request, action, subject, form))
            if done:
                messages.success(request, f"{action.label}：" + "；".join(effects) + "。")
                return redirect(where_seen(request, action.page(subject)))
    return render(
        request,
        "action.html",
        {
            "action": action,
            "subject": subject,
            "form": form,
            "effects": effects,
            "answers": answers,
            "back": action.page(subject),
        },
        status=422 if form.errors else 200,
    )


def _run(request: HttpRequest, action: Action, subject: models.Model, form: ActionForm) -> Effects:
    if against := action.refuses(request.user, subject, form.cleaned_data):
        raise ValidationError(against)
    return action.run(subject, **form.cleaned_data)


def attempt(request: HttpRequest, form: forms.Form, run: Callable[[], Effects]) -> tuple[Effects, str, bool]:
    """Do it inside a transaction that stands only if these very answers and effects were previewed and are confirmed:
    (effects, what a confirmation must carry, whether it is done). What is refused stands in the form."""
    try:
        with transaction.atomic():
            effects = run()
            answers = told(request, effects)
            sure = "sure" in request.POST and request.POST.get("previewed") == answers
            if not sure:
                transaction.set_rollback(True)
    except ValidationError as error:
        add_errors(form, error)
        return [], told(request, []), False
    if not sure and request.POST.get("previewed") and same_answers(request, answers):
        messages.warning(request, "预览之后，登记的内容有了变化，还没有保存。下面是现在的结果，请看过后再确认。")
    return effects, answers, sure


def told(request: HttpRequest, effects: Effects) -> str:
    """A digest of the answers that were sent and of what they do: what was previewed is what may be confirmed."""
    sent = sorted((name, values) for name, values in request.POST.lists() if name not in _BESIDE)
    return f"{_digest(sent)}-{_digest(effects)}"


def same_answers(request: HttpRequest, answers: str) -> bool:
    """Whether what was previewed had these answers, and other effects."""
    return request.POST.get("previewed", "").partition("-")[0] == answers.partition("-")[0]


def _digest(said: object) -> str:
    return hashlib.sha256(repr(said).encode("utf-8", "replace")).hexdigest()[:32]


_BESIDE = {"csrfmiddlewaretoken", "sure", "previewed", "version"}


def where_seen(request: HttpRequest, address: str) -> str:
    """`address`, or the start page where the user can no longer see what stands there (after a transfer)."""
    match = resolve(address)
    model = PAGES.get(match.url_name or "")
    if model is None or model._default_manager.visible_to(request.user).filter(pk=match.kwargs["pk"]).exists():  # type: ignore[attr-defined]
        return address
    return reverse("start")


def add_errors(form: forms.Form, error: ValidationError) -> None:
    """The models' errors beside the questions they answer: a period's start is the date asked for."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        asked = "on" if name == "start" else name
        form.add_error(asked if asked in form.fields else None, errors)
