"""换届: the secretary's term ends and the next begins (terms of office: the 2018 opinion)."""

import datetime as dt

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction

from common.desk.actions import ActionForm, Effects
from common.fields import YesNoField
from common.recording import begin_anew
from organizations.models import PartyOrganization, SecretarySource, SecretaryTerm
from organizations.models.organizations import term_ends_on
from organizations.on_live import OnLive


@transaction.atomic
def reelect(
    organization: PartyOrganization,
    *,
    name: str,
    source: str,
    on: dt.date,
    document: str = "",
    full_time: bool | None = None,
) -> Effects:
    """Begin a term on the election date `on`, by `document`; the live one ends that day (clauses 16 and 17)."""
    if not organization.is_live_on(on):
        raise ValidationError({"on": f"党组织在 {on} 不在册。"})
    live = organization.secretary_terms.filter(end__isnull=True).order_by("-start").first()
    effects = []
    if live is not None:
        if live.start >= on:
            raise ValidationError({"on": f"现任书记{live.name}自 {live.start} 起任职，换届日期必须更晚。"})
        effects.append(f"结束{live.name}的书记任期")
    ends = term_ends_on(organization.kind, on)
    kept = {"source": source, "elected_on": on, "term_ends_on": ends, "document": document, "full_time": full_time}
    begin_anew(SecretaryTerm, {"organization": organization}, on, {"name": name}, **kept)
    until = f"，任期到 {ends}" if ends else ""
    return [*effects, f"{name}自 {on} 起任书记{until}"]


class ReelectForm(ActionForm):
    months = True
    name = forms.CharField(label="书记姓名", max_length=50)
    source = forms.ChoiceField(label="来源", choices=[("", "请选择"), *SecretarySource.choices])
    document = forms.CharField(label="选举或任职文件", max_length=200, required=False)
    full_time = YesNoField(label="专职", required=False)


class Reelect(OnLive):
    slug, label, form, run = "reelect", "换届", ReelectForm, staticmethod(reelect)


@transaction.atomic
def renew(organization: PartyOrganization, *, on: dt.date, document: str = "") -> Effects:
    """The secretary in office is elected again on `on`. Raises ValidationError where there is none."""
    live = organization.secretary_terms.filter(end__isnull=True).order_by("-start").first()
    if live is None:
        raise ValidationError(f"{organization}没有在任的书记，请办“换届”。")
    return reelect(organization, name=live.name, source=live.source, on=on, document=document, full_time=live.full_time)


class RenewForm(ActionForm):
    months = True
    document = forms.CharField(label="选举或任职文件", max_length=200, required=False)


class Renew(OnLive):
    slug, label, form, run = "renew", "书记连任", RenewForm, staticmethod(renew)
    hint = "在任书记在这一天换届选举中连选连任，任期重新起算；换了人的请办“换届”。"
    takes_many = True
