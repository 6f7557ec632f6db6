"""Ask, show, do: a named action, done to one record or to several ticked ones.

The same function makes the preview and the change: for the preview it runs in a transaction that is rolled back, so
what is shown is what will happen.
"""

import hashlib
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.http import url_has_allowed_host_and_scheme

from common.desk.actions import Action, Actions, Effects
from common.desk.consequences import begin
from common.record import Record

# The most that may be ticked at once.
MOST = 500
# What a post carries beside the answers.
_BESIDE = {"csrfmiddlewaretoken", "sure", "previewed", "version"}


def action_paths(actions: Actions) -> list[URLPattern]:
    """The addresses of the actions: LIST/PK/slug/, and LIST/bulk/slug/ for those that take many."""
    return [each for action in actions for each in _paths(action)]


def _paths(action: type[Action]) -> list[URLPattern]:
    def one(request: HttpRequest, pk: int) -> HttpResponse:
        return perform(request, action, [pk])

    def ticked(request: HttpRequest) -> HttpResponse:
        return perform(request, action, ticked_keys(request)[:MOST], many=True)

    found = [path(f"{action.under()}/<int:pk>/{action.slug}/", one, name=action.url_name())]
    if action.takes_many:
        found.append(path(f"{action.under()}/bulk/{action.slug}/", ticked, name=action.url_name(many=True)))
    return found


def ticked_keys(request: HttpRequest) -> list[int]:
    """The keys of the rows that were ticked; what is none is left out."""
    sent = (request.POST if request.method == "POST" else request.GET).getlist("row")
    return [int(key) for key in sent if key.isdecimal() and len(key) < 19]


def came_from(request: HttpRequest, otherwise: str) -> str:
    """The list as it was when the rows were ticked: its filter, order and page; a path of ours, or `otherwise`."""
    asked = (request.POST if request.method == "POST" else request.GET).get("back", "")
    return asked if asked.startswith("/") and url_has_allowed_host_and_scheme(asked, None) else otherwise


def perform(request: HttpRequest, action: type[Action], keys: list[int], *, many: bool = False) -> HttpResponse:
    """Ask, show, do, to all of `keys` or to none. Someone else's record is 404 (of several: left out); an action that
    the role may not do is 403."""
    if not action.allowed(request.user):
        raise PermissionDenied
    effects: Effects = []
    consequences: list[str] = []
    with transaction.atomic():
        subjects = _subjects(request, action, keys)
        if not subjects and many:
            messages.error(request, f"请先勾选{action.model._meta.verbose_name}。")
            return redirect(_list(request, action))
        if not subjects:
            raise Http404
        data = request.POST if request.method == "POST" else None
        # A list may say beforehand what it is about.
        form = action.form(data, user=request.user, subject=subjects[0], initial=request.GET.dict())
        if many:
            # Of several records, what the action does to them tells that one has moved on.
            del form.fields["version"]
        answers = told(request, effects)
        if request.method == "POST" and form.is_valid():
            effects, answers, done, consequences = attempt(
                request, form, lambda: _run_all(request, action, subjects, form, many)
            )
            if done:
                did = f"{len(subjects)} {_measure(action)}已完成" if many else "；".join(effects)
                messages.success(request, f"{action.label}：{did}。")
                return redirect(_list(request, action) if many else _where_seen(request, subjects[0]))
    context = {"label": action.label, "hint": action.hint, "form": form, "effects": effects, "answers": answers}
    context["consequences"] = consequences
    if many:
        what = {"what": action.model._meta.verbose_name, "measure": _measure(action)}
        context |= {"subjects": subjects, "back": _list(request, action), **what}
    else:
        context |= {"subject": subjects[0], "back": _where_seen(request, subjects[0])}
    return render(request, "action.html", context, status=422 if form.errors else 200)


def _subjects(request: HttpRequest, action: type[Action], keys: list[int]) -> list[Any]:
    """What it is to be done to. For a change read under a lock, taken in one order, so that whoever changes them at
    the same moment is waited for and then seen."""
    rows = action.model._default_manager.visible_to(request.user).filter(pk__in=keys).order_by("pk")  # type: ignore[attr-defined]
    if request.method == "POST":
        list(rows.select_for_update(of=("self",)).values_list("pk"))
    return list(rows)


def _run_all(request: HttpRequest, action: type[Action], subjects: list[Any], form: forms.Form, many: bool) -> Effects:
    effects: Effects = []
    for subject in subjects:
        try:
            found = _run(request, action, subject, form)
        except ValidationError as error:
            if not many:
                raise
            raise ValidationError([f"{subject}：{message}" for message in error.messages]) from None
        effects += [each if not many or str(subject) in each else f"{subject}：{each}" for each in found]
    return effects


def _run(request: HttpRequest, action: type[Action], subject: Any, form: forms.Form) -> Effects:
    if against := action.refuses(request.user, subject, form.cleaned_data):
        raise ValidationError(against)
    return action.run(subject, **form.cleaned_data)


def attempt(request: HttpRequest, form: forms.Form, run: Callable[[], Effects]) -> tuple[Effects, str, bool, list[str]]:
    """Do it inside a transaction that stands only if these very answers and effects were previewed and are confirmed:
    (effects, what a confirmation must carry, whether it is done, what it does to numbers that were counted before).
    What is refused stands in the form."""
    watching = begin(request.user)
    try:
        with transaction.atomic():
            effects = run()
            answers = told(request, effects)
            sure = "sure" in request.POST and request.POST.get("previewed") == answers
            if not sure:
                for watch in watching:
                    watch.look()
                transaction.set_rollback(True)
    except ValidationError as error:
        add_errors(form, error)
        return [], told(request, []), False, []
    if sure:
        return effects, answers, True, []
    if request.POST.get("previewed") and same_answers(request, answers):
        messages.warning(request, "预览之后，登记的内容有了变化，还没有保存。下面是现在的结果，请看过后再确认。")
    return effects, answers, False, [word for watch in watching for word in watch.words()]


def told(request: HttpRequest, effects: Effects) -> str:
    """A digest of the answers that were sent and of what they do: what was previewed is what may be confirmed."""
    sent = sorted((name, values) for name, values in request.POST.lists() if name not in _BESIDE)
    return f"{_digest(sent)}-{_digest(effects)}"


def same_answers(request: HttpRequest, answers: str) -> bool:
    """Whether what was previewed had these answers, and other effects."""
    return request.POST.get("previewed", "").partition("-")[0] == answers.partition("-")[0]


def _digest(said: object) -> str:
    return hashlib.sha256(repr(said).encode("utf-8", "replace")).hexdigest()[:32]


def _measure(action: type[Action]) -> str:
    return action.model.MEASURE if issubclass(action.model, Record) else "条"


def _list(request: HttpRequest, action: type[Action]) -> str:
    """Where the rows were ticked: another list of the same records may have been."""
    return came_from(request, reverse(action.under()))


def _where_seen(request: HttpRequest, subject: Any) -> str:
    """The page on which the subject stands, or the start page where the user can no longer see it (a transfer); of a
    record that was voided the list."""
    record: models.Model = subject if isinstance(subject, Record) else subject.record()
    if isinstance(record, Record) and record.pk is None:
        return reverse(record.LIST)
    seen = type(record)._default_manager.visible_to(request.user).filter(pk=record.pk).exists()  # type: ignore[attr-defined]
    return subject.get_absolute_url() if seen else reverse("start")


def add_errors(form: forms.Form, error: ValidationError) -> None:
    """The models' errors beside the questions they answer: a period's start is the date asked for."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        asked = "on" if name == "start" else name
        form.add_error(asked if asked in form.fields else None, errors)
