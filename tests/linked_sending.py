"""What somebody of East sends in the linked district (tests/linked_district.py): with the form of every page, and where
a page takes only what is sent."""

from typing import Any

from django import forms
from django.db import transaction

from committees.models import Committee
from common.desk.lookup import LookupField
from enterprises.models import Enterprise
from instructors.models import Instructor
from organizations.models import Member, PartyOrganization
from tests import make

SECRET = "禹密"
# Of West's persons, by which of them it is.
ID_NUMBERS = {"一": "11010519491231002X", "二": "110105194912310038"}


def _secret(model: Any) -> Any:
    return lambda: list(model.objects.filter(name__contains=SECRET).values_list("pk", flat=True)[:1])


THEIRS: dict[Any, Any] = {model: _secret(model) for model in (Enterprise, PartyOrganization, Instructor, Member)}
_CHOSEN = {**THEIRS, Committee: lambda: [Committee.objects.get(order=2).pk]}


def codes() -> list[str]:
    """The credit codes of what is West's own."""
    held = Enterprise.objects.filter(name__contains=SECRET, credit_code__isnull=False)
    return list(held.values_list("credit_code", flat=True)[:1])


def tries(answer: Any) -> list[dict[str, Any]]:
    """What somebody sends with the form of a page: West's records in every field that chooses one, West's numbers where
    a number is asked for, West's names where likely duplicates are looked for."""
    form = (answer.context or {}).get("form") if answer.context else None
    if form is None or not hasattr(form, "fields"):
        return []
    filled = {name: form[name].value() for name in form.fields if not isinstance(form[name].value(), list | type(None))}
    filled = {"on": "2023-06-01", **filled, "reason": "查"}
    found = []
    for name, field in form.fields.items():
        if isinstance(field, forms.ModelChoiceField) and (key := _CHOSEN.get(field.queryset.model)):
            found += [{**filled, name: f"某（编号 {pk}）" if isinstance(field, LookupField) else pk} for pk in key()]
    if "credit_code" in form.fields:
        found += [{**filled, "credit_code": code} for code in codes()]
    if "id_number" in form.fields:
        found.append({**filled, "id_number": ID_NUMBERS["一"]})
    if "despite" in form.fields and "name" in form.fields and form.instance.pk is None:
        committee = form.fields["committee"].queryset.first() if "committee" in form.fields else None
        said = {
            "committee": committee.pk if committee else "",
            "kind": "branch",
            "form": "single",
            "established_on": "2020-01-01",
            "subordination": "territorial",
            "stage": "full",
            "stage_since": "2020-01-01",
        }
        people = Member.objects.filter(name__contains=SECRET).values_list("name", flat=True)[:1]
        names = (f"{SECRET}独自公司一", f"中共{SECRET}独自公司一支部委员会", f"{SECRET}指导员", *people)
        found += [{**filled, **said, "name": name} for name in names]
    return found


def sent(client, address: str, data: dict[str, Any], **more: Any) -> Any:
    """The answer; what it did is taken back."""
    with transaction.atomic():
        answer = client.post(address, data, **more)
        transaction.set_rollback(True)
    return answer


def ended(client, address: str) -> Any:
    """The answer when the end of a fact is previewed and confirmed; what it did is taken back."""
    with transaction.atomic():
        answer = make.confirm(client, address, {"on": "2023-06-01", "sure": "1"})
        transaction.set_rollback(True)
    return answer


def opened_before(client) -> Any:
    """The answer of the search when what is West's now was opened while it was East's; that is taken back."""
    with transaction.atomic():
        session = client.session
        session["lately"] = [[model.PAGE, pk] for model, keys in THEIRS.items() for pk in keys()]
        session.save()
        answer = client.get("/search/")
        transaction.set_rollback(True)
    return answer
