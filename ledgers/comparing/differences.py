"""What committing a file would change, in the words of the preview."""

import datetime as dt
from collections.abc import Callable
from typing import Any, NamedTuple

from django.db import models

from committees.models import Committee
from common.periods import Period
from common.plan import Item
from common.series import Fact, live
from common.text import masked
from enterprises.models import Headcount, Jurisdiction, MassOrganization, MassOrganizationForm, MassOrganizationKind
from instructors.models import Assignment
from ledgers.comparing.records import Series
from organizations.models import (
    Amount,
    Cover,
    Event,
    Liaison,
    MemberPlacement,
    MemberStage,
    SecretaryTerm,
    Stage,
    State,
)

NEW, CHANGED, ENDED = "new", "changed", "ended"


class Difference(NamedTuple):
    """One thing that committing the file would change."""

    sheet: str
    row: int
    enterprise: str
    kind: str
    what: str
    old: str
    new: str


def shown(value: Any) -> str:
    """A value as the preview shows it."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, models.Choices):
        return str(value.label)
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def verbose_name(model: type[models.Model], field: str) -> str:
    """The field's name on the screen."""
    return str(getattr(model._meta.get_field(field), "verbose_name", field))


def column_words(model: type[models.Model], name: str, value: Any) -> Any:
    """A column's value as people read it; of a phone no more than they may see without asking."""
    if value and name.endswith("phone"):
        return masked(value)
    field: Any = model._meta.get_field(name)
    if field.is_relation:
        return field.related_model._default_manager.filter(pk=value).first()
    return dict(field.flatchoices).get(value, value) if getattr(field, "choices", None) else value


def _place(fact: Fact) -> str:
    return "，".join(str(each) for each in fact.value if each)


def _committee(series: Series, fact: Fact) -> str:
    return str(Committee.objects.filter(pk=fact.value[0]).first() or "")


def _mass(series: Series, fact: Fact) -> str:
    if fact.value[0] == MassOrganizationForm.NOT_APPLICABLE:
        return f"不具备条件：{fact.of.kept['reason']}"
    return "已建立"


def _item(series: Series) -> str:
    """How the item of a fact is called, with the person or the channel that it is of."""
    label = Item.objects.filter(code=series.owner("code")).values_list("label", flat=True).first()
    beside = series.owner("person") or (series.owner("channel") if series.model is Amount else "")
    return f"{label or series.owner('code')}{f'（{beside}）' if beside else ''}"


def _state(series: Series, fact: Fact) -> str:
    note = fact.of.kept["note"]
    return f"{_item(series)}{f'（{note}）' if note else ''}"


def _event(series: Series, fact: Fact) -> str:
    said = filter(None, (series.owner("topic"), fact.of.kept["note"]))
    return "，".join((str(fact.start), *said))


# How a kind of fact is called, and how one of it is told.
_LABELS: dict[type[Period], Callable[[Series], str]] = {
    Cover: lambda series: "党组织覆盖",
    Assignment: lambda series: "指导员派驻",
    MassOrganization: lambda series: str(MassOrganizationKind(series.owner("kind")).label),
    SecretaryTerm: lambda series: "书记",
    MemberStage: lambda series: "发展阶段",
    MemberPlacement: lambda series: "工作单位",
    State: _item,
    Event: _item,
    Amount: _item,
    Liaison: lambda series: "分包联系领导",
    Jurisdiction: lambda series: "属地管理",
}
_TOLD: dict[type[Period], Callable[[Series, Fact], str]] = {
    Cover: lambda series, fact: f"{series.owner('organization')}（{fact.start} 起）",
    Assignment: lambda series, fact: f"{series.owner('instructor')}（{fact.start} 起）",
    MassOrganization: _mass,
    SecretaryTerm: lambda series, fact: str(fact.value[0]),
    MemberStage: lambda series, fact: str(Stage(fact.value[0]).label),
    MemberPlacement: lambda series, fact: _place(fact),
    State: _state,
    Event: _event,
    Amount: lambda series, fact: f"{fact.start.year} 年 {fact.value[0]} 元",
    Liaison: lambda series, fact: str(fact.value[0]),
    Jurisdiction: _committee,
}


def label_of(series: Series) -> str:
    found = _LABELS.get(series.model)
    return found(series) if found else str(series.model._meta.verbose_name)


def told(series: Series, fact: Fact) -> str:
    found = _TOLD.get(series.model)
    return found(series, fact) if found else f"{fact.start} 起"


def _begun(series: Series, fact: Fact) -> str:
    if fact.end is None or series.model in (Event, Amount):
        return told(series, fact)
    if series.model is MemberStage:
        return f"{told(series, fact)}（{fact.start} 起）"
    return f"{told(series, fact)}，到 {fact.end}"


def _span(fact: Fact) -> str:
    return f"{fact.start} 起" if fact.end is None else f"{fact.start} 至 {fact.end}"


Told = tuple[str, str, Any, Any]


def changes(series: Series, before: list[Fact], after: list[Fact], day: dt.date, beside: str | None) -> list[Told]:
    """(kind, what, old, new) of what a statement about `day` changed in one series. `beside`: what to say of others
    that go on."""
    if series.model is Headcount:
        return _numbers(before, after, day)
    label = label_of(series)
    found: list[Told] = []
    was = {id(fact.of): fact for fact in before}
    then, now = live(before, day), live(after, day)
    explained = {id(fact.of) for fact in (then, now) if fact is not None}
    # An event is told whole by its day.
    name = label
    if now is not None and then is None:
        found.append(
            (CHANGED, f"{label}开始日期", was[id(now.of)].start, now.start)
            if id(now.of) in was
            else (NEW, name, beside, _begun(series, now))
        )
    elif now is not None and then is not None and now.value != then.value:
        found.append((CHANGED, label, told(series, then), told(series, now)))
    elif now is not None and then is not None:
        what = told(series, now) if series.model is MemberStage else label
        if now.start != then.start:
            found.append((CHANGED, f"{what}开始日期", then.start, now.start))
        if now.end is not None and now.until < then.until:
            found.append((ENDED, label_ended(series), f"{then.start} 起", f"{now.end} 结束"))
        elif now.end != then.end:
            found.append((CHANGED, f"{what}结束日期", then.end, now.end))
    elif then is not None:
        explained.discard(id(then.of))
    neighbours = {fact.start for fact in after} | {fact.end for fact in after if fact is not now}
    for fact in after:
        if id(fact.of) in explained:
            continue
        held = was.get(id(fact.of))
        if held is None:
            found.append((NEW, name, None, f"{told(series, fact)}（{_span(fact)}）"))
        elif held.start != fact.start:
            what = told(series, fact) if series.model is MemberStage else label
            found.append((CHANGED, f"{what}开始日期", held.start, fact.start))
        elif held.end != fact.end and not (fact.end in neighbours and now is not None):
            found.append((ENDED, label_ended(series), f"{fact.start} 起", f"{fact.end} 结束" if fact.end else "不结束"))
    left = {id(fact.of) for fact in after}
    for fact in before:
        if id(fact.of) not in left:
            found.append((ENDED, label_ended(series), _span(fact), "去掉（开始不早于结束的日期）"))
    return found


def label_ended(series: Series) -> str:
    return "书记任期" if series.model is SecretaryTerm else label_of(series)


def _numbers(before: list[Fact], after: list[Fact], day: dt.date) -> list[Told]:
    then, now = live(before, day), live(after, day)
    found: list[Told] = []
    for column, name in enumerate(Headcount.VALUE):
        old = then.value[column] if then else None
        new = now.value[column] if now else None
        if old != new:
            found.append((CHANGED, verbose_name(Headcount, name), old, new))
    if not found and before != after:
        found = [(ENDED, "人数", _spans(before), _spans(after))]
    return found


def _spans(facts: list[Fact]) -> str:
    return "；".join(_span(fact) for fact in facts)
