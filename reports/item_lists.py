"""清单: one list for each kind of subject, in which any item of the plan is a column that can be shown, asked for (has,
has not, not known, since) and recorded for ticked rows. The list behind every figure of an item is this list.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable
from typing import Any, NamedTuple

import django_filters
from django import forms
from django.db import models
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from committees.models import Committee
from committees.scope import own_committee_id, sees_all, sees_persons
from common.desk.filters import AsOfFilter, ListFilter
from common.desk.listing import Column, Listing, export, show
from common.fields import PICKER, LedgerDateField
from common.ledger_dates import DateError, read_date
from common.plan import Item, Shape, Subject, plan_on
from enterprises.models import Enterprise
from instructors.models import Instructor
from organizations.actions import ACTIONS
from organizations.models import (
    FACTS,
    OWNERS,
    Amount,
    Event,
    Member,
    PartyOrganization,
    SecretaryTerm,
    State,
)
from reports.conditions import CODES, Condition
from reports.duties import duties, who_label, who_of
from reports.items import ANSWERS, MAYBE, NO, Catalogue, Ought, asked_about, listed, over_on, tallies
from reports.populations import POPULATIONS, Asked, unknown_population
from reports.question import Question, asked
from reports.templatetags.lists import item_list
from reports.views import plan_asked

MODELS: dict[str, type[models.Model]] = {
    Subject.ENTERPRISE: Enterprise,
    Subject.ORGANIZATION: PartyOrganization,
    Subject.SECRETARY: SecretaryTerm,
    Subject.INSTRUCTOR: Instructor,
    Subject.MEMBER: Member,
    Subject.COMMITTEE: Committee,
}
_PAGES = {
    Subject.ENTERPRISE: "enterprise",
    Subject.ORGANIZATION: "organization",
    Subject.SECRETARY: "organization",
    Subject.INSTRUCTOR: "instructor",
    Subject.MEMBER: "member",
    Subject.COMMITTEE: "committee-plan",
}
_ASKED = {**ANSWERS, MAYBE: "可能有"}
# Where no item is asked about, so many are columns.
_SHOWN = 6


class SinceFilter(django_filters.Filter):
    """A day in any form that ledgers use; one that cannot be read finds nothing."""

    field_class = LedgerDateField


class ItemFilter(ListFilter):
    """The 查询 row: what is asked of which item. The rows are made for item, has and who; the rest takes some away."""

    folded = ("who", "since")

    q = django_filters.CharFilter(
        field_name="was_name",
        lookup_expr="icontains",
        label="名称",
        widget=forms.TextInput(attrs={"placeholder": "名称", "type": "search"}),
    )
    committee = django_filters.ModelChoiceFilter(
        queryset=lambda request: Committee.objects.visible_to(request.user),
        method="of_committee",
        label="党（工）委",
        empty_label="全部",
    )
    item = django_filters.ChoiceFilter(label="事项", empty_label="请选择", method="made_for")
    has = django_filters.ChoiceFilter(
        choices=[*ANSWERS.items(), (MAYBE, "可能有")], label="有没有", empty_label="全部", method="made_for"
    )
    who = django_filters.ChoiceFilter(label="应有的范围", empty_label="按方案", method="made_for")
    since = SinceFilter(label="自…以来", method="made_for", widget=PICKER)
    as_of = AsOfFilter()

    def of_committee(self, rows: Any, name: str, value: Committee) -> Any:
        return rows.filter(on_committee=value.pk)

    def made_for(self, rows: Any, name: str, value: Any) -> Any:
        return rows


class Cells(NamedTuple):
    """What the list shows of one item of one row: whether it is had (None: not known), and what is told of it."""

    has: bool | None
    told: str

    def __str__(self) -> str:
        return {True: self.told or "有", False: "没有", None: "未知"}[self.has]


class ItemList:
    """One question to the list of a subject."""

    def __init__(self, request: HttpRequest, subject: str):
        own = own_committee_id(request.user)
        if subject not in Subject.values or (own is None and not sees_all(request.user)):
            raise Http404
        if subject == Subject.MEMBER and not sees_persons(request.user):
            raise Http404
        self.request, self.subject, self.own = request, subject, own
        self.question: Question = asked(request)
        self.plan = plan_asked(request) or plan_on(self.question.as_of)
        self.catalogue = Catalogue()
        self.duties = duties(self.plan)
        self.items = self._of_plan(self.catalogue.of(subject))
        self.item = next((item for item in self.items if item.code == request.GET.get("item")), None)
        self.asked: Asked = asked_about(self.question.as_of, known_at=self.question.known_at, plan=self.plan)
        self.labels = {code: item.label for code, item in self.catalogue.items.items()}
        self.who = self._who(request.GET.get("who", ""))
        has = request.GET.get("has", "")
        self.has = has if has in (*ANSWERS, MAYBE) and self.item is not None else ""

    def _of_plan(self, items: list[Item]) -> list[Item]:
        """What the plan asks for, and the parts of that."""
        asked_for = {duty.item_id for duty in self.duties}
        return [item for item in items if item.pk in asked_for or item.whole_id in asked_for]

    def _who(self, named: str) -> str:
        if named and not unknown_population(self.subject, named, self.catalogue.items):
            return named
        everybody = next(iter(POPULATIONS[self.subject]))
        return everybody if self.item is None else who_of(self.duties).get(self.item.code, everybody)

    def rows(self, request: HttpRequest | None = None, *, has: str | None = None) -> models.QuerySet:
        """Who is in the list; a committee sees its own of the day asked about."""
        answer = self.has if has is None else has
        rows = listed(self.subject, self.who, self.asked, self.catalogue, self.item, answer)
        if self.own is not None:
            rows = rows.filter(on_committee=self.own)
        if self.item is not None and (since := self.request.GET.get("since")):
            rows = rows.filter(self._since(self.item, since))
        return rows.order_by("on_committee", "was_name", "id")

    def _since(self, item: Item, text: str) -> Q:
        """Those of whom the item was recorded for that day or a later one."""
        try:
            first = read_date(text).day
        except DateError:
            # The form says what is wrong, and nothing is listed.
            return Q()
        owner = OWNERS[self.subject]
        found = Q(pk__in=[])
        for part in self.catalogue.parts(item) or [item]:
            rows = self.asked.facts.rows(FACTS[part.shape]).filter(code=part.code, start__gte=first)
            keys = rows.filter(**{f"{owner}_id__isnull": False}).values(f"{owner}_id")
            found |= Q(**{f"{'organization_id' if self.subject == Subject.SECRETARY else 'id'}__in": keys})
        return found

    # -- what a row shows ----------------------------------------------------------

    def describe(self, rows: list[Any], codes: list[str]) -> None:
        """Let each row tell of each item whether it is had and since when: a constant number of statements."""
        keys = [row.id for row in rows]
        shown = [self.catalogue.items[code] for code in codes]
        conditions: dict[str, Condition] = {
            f"of_{place}": self.catalogue.has(item, self.asked) for place, item in enumerate(shown)
        }
        sure = listed(self.subject, self.who, self.asked, self.catalogue).filter(id__in=keys).order_by()
        answers = {
            key: answers
            for key, *answers in sure.annotate(**{name: each.code() for name, each in conditions.items()}).values_list(
                "id", *conditions
            )
        }
        told = self._told(rows, shown)
        self._over = self._ended(rows)
        committees = Committee.objects.names()
        model = MODELS[self.subject]._default_manager
        opens = set(model.visible_to(self.request.user).filter(pk__in=keys).values_list("pk", flat=True))  # type: ignore[attr-defined]
        back: dict[int, bool | None] = {0: False, 1: True, 2: None}
        for row in rows:
            mine = answers.get(row.id, [CODES[None]] * len(shown))
            row.items = {
                item.code: Cells(back[code], told[self._key(row)].get(item.code, ""))
                for item, code in zip(shown, mine, strict=True)
            }
            row.lacks_since = self._lacks_since(row, told[self._key(row)])
            row.committee_name = committees.get(row.on_committee, "未定属地")
            row.may_open = row.id in opens

    def _lacks_since(self, row: Any, told: dict[str, str]) -> dt.date | None:
        """Since when it is without the item that is asked about: since it lapsed or ended, else since it is there and
        the plan in force."""
        if self.has != NO or self.item is None or not self.item.is_recorded:
            return None
        over = self._over.get(self._key(row))
        begins = [day for day in (_begins(row), self.asked.since) if day is not None]
        return over or max(begins, default=None)

    def _ended(self, rows: list[Any]) -> dict[Any, dt.date]:
        """By row the day since which an item that was had is had no longer."""
        if self.has != NO or self.item is None or not self.item.is_recorded:
            return {}
        owner, item = OWNERS[self.subject], self.item
        facts = self.asked.facts.rows(FACTS[item.shape]).filter(code=item.code, start__lte=self.asked.day)
        keys = [self._key(row)[0] for row in rows]
        found: dict[Any, dt.date] = {}
        for fact in facts.filter(**{f"{owner}_id__in": keys}).order_by("start"):
            over = over_on(item, fact, self.asked)
            if over is not None and over <= self.asked.day:
                key = getattr(fact, f"{owner}_id"), fact.person
                found[key] = max(over, found.get(key, over))
        return found

    def _key(self, row: Any) -> Any:
        return (row.organization_id, row.was_name) if self.subject == Subject.SECRETARY else (row.id, "")

    def _told(self, rows: list[Any], shown: list[Item]) -> dict[Any, dict[str, str]]:
        """By row and item, since when and what is recorded of it."""
        owner = OWNERS[self.subject]
        keys = [self._key(row)[0] for row in rows]
        codes = [item.code for item in shown]
        found: dict[Any, dict[str, str]] = defaultdict(dict)
        day = self.asked.day
        for shape, model in FACTS.items():
            if not any(item.shape == shape for item in shown):
                continue
            facts = self.asked.facts.rows(model).filter(code__in=codes, start__lte=day, **{f"{owner}_id__in": keys})
            if shape != Shape.EVENT:
                facts = facts.filter(Q(end__isnull=True) | Q(end__gt=day))
            for fact in facts.order_by("start"):
                mine = found[getattr(fact, f"{owner}_id"), fact.person]
                mine[fact.code] = _SAID[model](fact, mine.get(fact.code, ""))
        return found

    # -- the list ------------------------------------------------------------------

    @property
    def title(self) -> str:
        measure = Subject(self.subject).label
        return f"{measure}清单{f'：{self.item}' if self.item else ''}"

    @property
    def said(self) -> str:
        who = who_label(self.subject, self.who, self.labels)
        return f"{self.question.said}。范围：{who}" + (f"；{_ASKED[self.has]}“{self.item}”的" if self.has else "")

    def columns(self) -> list[Column]:
        named = Subject(self.subject).label
        columns = [
            Column(
                "name", f"{named}名称" if named != "党员" else "姓名", lambda row: row.was_name, "was_name", self._link
            )
        ]
        if self.subject == Subject.SECRETARY:
            columns.append(Column("organization", "党组织", lambda row: row.was_organization))
        if self.subject != Subject.COMMITTEE:
            columns.append(Column("committee", "党（工）委", lambda row: row.committee_name, "on_committee"))
        if self.has == NO and self.item is not None and self.item.is_recorded:
            columns.append(Column("lacks_since", "缺自", lambda row: row.lacks_since, pinned=True))
        pinned = {self.item.code, *(part.code for part in self.catalogue.parts(self.item))} if self.item else set()
        first = [item.code for item in self.items if item.shape == Shape.WHOLE or item.whole_id is None][:_SHOWN]
        for item in self.items:
            said, is_shown = _cell_of(item.code), not pinned and item.code in first
            column = Column(f"item-{item.code}", item.label, said, shown=is_shown, pinned=item.code in pinned)
            columns.append(column)
        return columns

    def _link(self, row: Any) -> str | None:
        key = row.organization_id if self.subject == Subject.SECRETARY else row.id
        return reverse(_PAGES[Subject(self.subject)], args=[key]) if row.may_open else None

    def listing(self, columns: list[Column], shown: list[str]) -> Listing:
        subject = self.subject
        acts_on = PartyOrganization if subject == Subject.SECRETARY else MODELS[subject]
        recordable = self.item is not None and self.item.is_recorded
        return Listing(
            key=f"items-{subject}",
            title=self.title,
            rows=self.rows,
            filter=_filter_of(self),
            columns=columns,
            empty="没有符合条件的。可以换个事项，或点“重置”清空查询条件。",
            actions=[each for each in ACTIONS if each.slug in ("item", "inspect")],
            acts_on=acts_on,
            tick=(lambda row: row.organization_id) if subject == Subject.SECRETARY else (lambda row: row.id),
            carries={"item": self.item.code} if recordable and self.item else {},
            describe=lambda rows: self.describe(rows, shown),
            export=reverse("items-export", args=[subject]),
            tools=self._tools,
            with_extras=False,
            said=self.said,
        )

    def _tools(self, request: HttpRequest) -> list[tuple[str, str]]:
        address = reverse("items-groups", args=[self.subject])
        return [("分组统计", f"{address}?{request.GET.urlencode()}")] if self.item is not None else []

    def tabs(self) -> list[tuple[str, str, int | None, bool]]:
        """(address, label, number, whether it is asked for) of the three lists of an item."""
        if self.item is None:
            return []
        ought = Ought(self.item, self.who)
        groups = tallies(self.subject, [ought], self.asked, self.catalogue)
        chosen = self.request.GET.get("committee", "")
        key = self.own if self.own is not None else int(chosen) if chosen.isdecimal() else None
        mine = [groups[key][ought.key]] if key in groups else [each[ought.key] for each in groups.values()]
        if key is not None and key not in groups:
            mine = []
        numbers = {name: sum(getattr(each, name) for each in mine) for name in ANSWERS}
        same = {**self.question.params, "committee": chosen, "plan": self.request.GET.get("plan", "")}
        return [
            (item_list(ought, name, **same), label, numbers[name], name == self.has) for name, label in ANSWERS.items()
        ]


def _begins(row: Any) -> dt.date | None:
    """Since when somebody who ought to have something is there."""
    names = ("registered_on", "established_on", "began_on", "start")
    return next((day for name in names if (day := getattr(row, name, None)) is not None), None)


def _cell_of(code: str) -> Callable[[Any], Any]:
    return lambda row: str(row.items[code]) if code in row.items else ""


def _filter_of(asked_list: ItemList) -> type[ListFilter]:
    """The 查询 row with the choices of this subject."""
    items = [(item.code, item.label) for item in asked_list.items]
    subject = asked_list.subject
    people = {duty.who for duty in asked_list.duties if duty.item.subject == subject} | set(POPULATIONS[subject])
    whos = [(who, who_label(subject, who, asked_list.labels)) for who in sorted(people)]
    meta = type("Meta", (), {"model": MODELS[subject], "fields": list(ItemFilter.base_filters)})

    class Filter(ItemFilter):
        Meta = meta

        def __init__(self, *args: Any, **kwargs: Any):
            super().__init__(*args, **kwargs)
            self.filters["item"].extra["choices"] = items
            self.filters["who"].extra["choices"] = whos
            if own_committee_id(self.request.user) is not None:
                del self.filters["committee"]

    return Filter


def _state_said(fact: Any, before: str) -> str:
    number = f"{fact.number} 个" if fact.number is not None else ""
    beside = "，".join(filter(None, (number, fact.other, fact.document, fact.note)))
    since = "" if fact.start_precision == "assumed" else f"{fact.start} 起"
    return "：".join(filter(None, (since, beside)))


def _amount_said(fact: Any, before: str) -> str:
    said = f"{fact.channel} {fact.amount}"
    return f"{before}，{said}" if before else said


_SAID: dict[type, Callable[[Any, str], str]] = {
    State: _state_said,
    Event: lambda fact, before: f"{fact.start}{f' {fact.topic}' if fact.topic else ''}",
    Amount: _amount_said,
}


def items(request: HttpRequest, subject: str) -> HttpResponse:
    """The list as the address asks for it."""
    found = ItemList(request, subject)
    columns = found.columns()
    kinds = [(reverse("items", args=[each.value]), each.label, each == subject) for each in Subject]
    listing = found.listing(columns, _codes(request, found, columns))
    return show(request, listing, tabs=found.tabs(), kinds=kinds)


def items_export(request: HttpRequest, subject: str) -> HttpResponse:
    """The same list, whole, as a workbook."""
    found = ItemList(request, subject)
    columns = found.columns()
    return export(request, found.listing(columns, _codes(request, found, columns)))


def _codes(request: HttpRequest, found: ItemList, columns: list[Column]) -> list[str]:
    """The items whose columns the user sees."""
    kept = set(request.user.list_preferences.get(f"items-{found.subject}", {}).get("columns", []))  # type: ignore[union-attr]
    seen = [each.key for each in columns if each.pinned or (each.key in kept if kept else each.shown)]
    return [key.removeprefix("item-") for key in seen if key.startswith("item-")]
