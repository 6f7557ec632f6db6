"""登记 what a subject has reached, done or been given: an item of the plan, of any subject (common/plan.py)."""

import datetime as dt
from copy import deepcopy
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction

from committees.models import Committee
from committees.scope import may_change
from common.desk.actions import Action, ActionForm, Effects
from common.plan import ASKS, Item, Shape, Subject
from common.recording import Known, say, since_by_hand
from common.series import THERE, Fact, live
from enterprises.models import Enterprise
from instructors.models import Instructor
from organizations.models import FACTS, OWNERS, Amount, Event, Member, State
from organizations.on_live import OnLive

ONE_DAY = dt.timedelta(days=1)


@transaction.atomic
def record_item(subject: Any, *, item: Item, on: dt.date, person: str = "", channel: str = "", **told: Any) -> Effects:
    """The item is had, done or given by `subject` on `on`; `told`: what else is known, by column. Raises
    ValidationError for another subject's item, and where it is recorded already."""
    if item.shape == Shape.WHOLE:
        raise ValidationError({"item": f"“{item}”由各项合成，请登记其中的一项。"})
    owner: Any = FACTS[item.shape]._meta.get_field(OWNERS[item.subject])
    if not isinstance(subject, owner.related_model):
        raise ValidationError({"item": f"“{item}”属于{item.get_subject_display()}。"})
    if item.subject == Subject.SECRETARY:
        term = subject.secretary_terms.live_on(on).first()
        if term is None:
            raise ValidationError({"on": f"{subject}在 {on} 没有登记书记，请先登记书记。"})
        person = term.name
    owners = dict.fromkeys(("organization", "enterprise", "instructor", "member", "committee"))
    owners |= {OWNERS[item.subject]: subject, "code": item.code, "person": person}
    kept = {name: value for name, value in told.items() if value not in (None, "")}
    if item.shape == Shape.AMOUNT:
        return _give(owners, item, on, channel, kept)
    if item.shape == Shape.EVENT:
        return _happen(owners, item, on, kept)
    return _reach(owners, item, on, kept)


def _named(item: Item, person: str) -> str:
    return f"{item}（{person}）" if person else str(item)


def _reach(owners: dict[str, Any], item: Item, on: dt.date, kept: dict[str, Any]) -> Effects:
    known = Known(State, owners)
    held = live(known.facts, on)
    if held is not None:
        raise ValidationError({"item": f"“{item}”自 {held.start} 起已登记。"})
    placed = say(State, owners, on, lasts=item.lasting, **kept)
    for row in placed.changed:
        # Reached earlier than was known.
        for name, value in kept.items():
            setattr(row, name, value)
        row.save()
    return [f"{on} {_named(item, owners['person'])}"]


def _happen(owners: dict[str, Any], item: Item, on: dt.date, kept: dict[str, Any]) -> Effects:
    owners = {**owners, "topic": kept.pop("topic", "")}
    known = Known(Event, owners)
    if live(known.facts, on) is not None:
        what = f"“{owners['topic']}”" if owners["topic"] else ""
        raise ValidationError({"item": f"{on} 的“{item}”{what}已登记；同一天的另一次请写明形式或主题。"})
    told = Fact(on, on + ONE_DAY, THERE, since_by_hand(on).how)
    added = sorted([*known.facts, told], key=lambda fact: fact.start)
    known.save(added, kept, on)
    known.note(on)
    return [f"{on} {_named(item, owners['person'])}"]


def _give(owners: dict[str, Any], item: Item, on: dt.date, channel: str, kept: dict[str, Any]) -> Effects:
    amount = kept.pop("amount", None)
    if not channel or channel not in item.channels:
        raise ValidationError({"channel": f"请选择渠道：{'、'.join(item.channels)}。"})
    if amount is None:
        raise ValidationError({"amount": "请填写金额（元）。"})
    first, until = year_of(on)
    owners = {**owners, "channel": channel}
    known = Known(Amount, owners)
    held = live(known.facts, first)
    if held is not None and held.value == (Decimal(amount),):
        raise ValidationError({"amount": f"{first.year} 年{channel}已登记为 {held.value[0]} 元。"})
    others = [fact for fact in known.facts if fact.start != first]
    now = Fact(first, until, (Decimal(amount),)) if held is None else held._replace(value=(Decimal(amount),))
    known.save(sorted([*others, now], key=lambda fact: fact.start), kept, first)
    known.note(first)
    was = f"由 {held.value[0]} 元改为" if held is not None else ""
    return [f"{first.year} 年{item}（{channel}）{was} {amount} 元"]


def year_of(day: dt.date) -> tuple[dt.date, dt.date]:
    """The first day of the day's year and of the next."""
    return dt.date(day.year, 1, 1), dt.date(day.year + 1, 1, 1)


_TOLD = {
    "number": forms.IntegerField(label=ASKS["number"], min_value=0, required=False),
    "document": forms.CharField(label=ASKS["document"], max_length=200, required=False),
    "other": forms.CharField(label=f"{ASKS['other']}（与谁、谁的、谁负责）", max_length=200, required=False),
    "topic": forms.CharField(label=ASKS["topic"], max_length=100, required=False),
    "people": forms.IntegerField(label=ASKS["people"], min_value=0, required=False),
    "hours": forms.DecimalField(label=ASKS["hours"], min_value=0, max_digits=6, decimal_places=1, required=False),
    "jointly": forms.NullBooleanField(label=ASKS["jointly"], required=False),
}


class ItemForm(ActionForm):
    """Asks which item, and what any of the items that are offered may tell."""

    months = True

    item = forms.ModelChoiceField(Item.objects.none(), label="事项", empty_label="请选择", to_field_name="code")
    channel = forms.ChoiceField(label="渠道", required=False)
    amount = forms.DecimalField(label="金额（元）", min_value=0, max_digits=14, decimal_places=2, required=False)
    note = forms.CharField(label="说明", max_length=300, required=False)
    subjects: tuple[str, ...] = ()

    def scope(self) -> None:
        items = Item.objects.of(*self.subjects).recorded()
        self.fields["item"].queryset = items  # type: ignore[attr-defined]
        wanted = items.filter(code=self.data.get("item") or self.initial.get("item", ""))
        asked = list(wanted or items)
        told = {each for item in asked for each in item.asks}
        self.fields |= {name: deepcopy(field) for name, field in _TOLD.items() if name in told}
        if len(asked) == 1 and asked[0].shape == Shape.EVENT and asked[0].channels:
            choices = [("", "请选择"), *((each, each) for each in asked[0].channels)]
            self.fields["topic"] = forms.ChoiceField(label=ASKS["topic"], choices=choices)
        amounts = [item for item in asked if item.shape == Shape.AMOUNT]
        channels = list(dict.fromkeys(channel for item in amounts for channel in item.channels))
        if channels:
            self.fields["channel"].choices = [("", "请选择"), *((each, each) for each in channels)]  # type: ignore[attr-defined]
        else:
            del self.fields["channel"], self.fields["amount"]
        self.order_fields([*(name for name in self.fields if name not in ("note", "on")), "note", "on"])

    def clean(self) -> dict[str, Any] | None:
        """Refuse what the chosen item does not ask for, where something was typed there."""
        cleaned = super().clean()
        item = self.cleaned_data.get("item")
        asks = (
            {*item.asks, *(("channel", "amount") if item.shape == Shape.AMOUNT else ())} if item is not None else set()
        )
        for name in (*_TOLD, "channel", "amount") if item is not None else ():
            if name not in asks and self.cleaned_data.pop(name, None) not in (None, ""):
                self.add_error(name, f"“{item}”不登记这一项，请清空。")
        return cleaned


class OrganizationItemForm(ItemForm):
    subjects = (Subject.ORGANIZATION, Subject.SECRETARY)


class EnterpriseItemForm(ItemForm):
    subjects = (Subject.ENTERPRISE,)


class InstructorItemForm(ItemForm):
    subjects = (Subject.INSTRUCTOR,)


class MemberItemForm(ItemForm):
    subjects = (Subject.MEMBER,)


class CommitteeItemForm(ItemForm):
    subjects = (Subject.COMMITTEE,)


class RecordOfOrganization(OnLive):
    slug, label, form, run = "item", "登记事项", OrganizationItemForm, staticmethod(record_item)
    takes_many = True


class RecordItem(Action):
    """登记事项 of a subject other than an organization."""

    slug, label, run, takes_many = "item", "登记事项", staticmethod(record_item), True
    allowed = staticmethod(may_change)


class RecordOfEnterprise(RecordItem):
    model, form = Enterprise, EnterpriseItemForm


class RecordOfInstructor(RecordItem):
    model, form = Instructor, InstructorItemForm


class RecordOfMember(RecordItem):
    model, form = Member, MemberItemForm


class RecordOfCommittee(RecordItem):
    model, form = Committee, CommitteeItemForm


RECORDING: list[type[Action]] = [
    RecordOfOrganization,
    RecordOfEnterprise,
    RecordOfInstructor,
    RecordOfMember,
    RecordOfCommittee,
]
