"""The organization sheet: what a row says of an organization, whom it covers, its secretary, who answers
for it, its items."""

import datetime as dt
from collections.abc import Iterator

from committees.models import Committee, CommitteeKind
from common.plan import Item, Subject
from common.text import name_key
from enterprises.models import Enterprise
from ledgers.comparing.answering import ensure_jurisdiction
from ledgers.comparing.becoming import Becomes
from ledgers.comparing.differences import ENDED
from ledgers.comparing.records import Record
from ledgers.comparing.register import Register
from ledgers.comparing.statements import Holds, Lives, Statement
from ledgers.kinds.items import MODELS as ITEM_FACTS
from ledgers.kinds.items import item_cells, item_facts, item_statements
from ledgers.kinds.kept import RECORD, Values, by_owner
from ledgers.kinds.organization_fields import TERRITORIAL_WORDS
from ledgers.kinds.party import covers, of_organization, organization_cells, organization_of, secretary
from ledgers.recognising.problems import ERROR, WARNING
from ledgers.recognising.rows import Row
from organizations.models import (
    Cover,
    FormerOrganization,
    Liaison,
    PartyOrganization,
    SecretaryTerm,
    Subordination,
)

MODELS = (FormerOrganization, Cover, SecretaryTerm, Liaison, *ITEM_FACTS)


def against(register: Register, row: Row) -> None:
    """Report what contradicts a dissolution that is held, and a dissolution that comes before the founding."""
    known = register.organizations.get(name_key(row.get("name")))
    stated = row.get("dissolved_on")
    if known is not None and known["dissolved_on"] is not None:
        if stated is None and known["dissolved_on"] <= register.as_of:
            row.report(ERROR, "name", f"党组织“{known}”已登记为 {known['dissolved_on']} 撤销，请核对")
        return
    if stated is None or row.get("established_on") is not None:
        return
    begins = register.as_of if known is None else known["established_on"]
    if stated.day <= begins:
        since = "没有填写" if known is None else f"登记的是 {begins} 起"
        words = f"成立时间：{since}，而撤销时间 {stated.day} 不晚于它，看不出什么时候在册，请补上成立时间"
        row.report(ERROR, "established_on", words)


def statements(register: Register, row: Row) -> Iterator[Statement]:
    """What the row says, in the order in which it can be placed."""
    organization = organization_of(register, row, row.get("name"), "name")
    register.named.add(organization)
    yield from of_organization(register, row, organization)
    if dissolved := row.get("dissolved_on"):
        yield Lives(
            organization, "dissolved_on", dissolved, kind=ENDED, what="党组织（撤销）", field="dissolved_on"
        )  # fmt: skip
    yield from _subordinate(register, organization, row)
    for enterprise in _covered(register, row):
        yield covers(register, enterprise, organization, "covered")
        ensure_jurisdiction(register, enterprise)
    yield from secretary(register, row, organization)
    yield from _liaison(register, organization, row)
    subjects: dict[str, Record | None] = {Subject.ORGANIZATION: organization, Subject.SECRETARY: organization}
    yield from item_statements(register, row, subjects, register.items)


def about(register: Register, row: Row) -> Record | None:
    """The organization that the row is about, once it is there."""
    return register.organizations.get(name_key(row.get("name")))


def _covered(register: Register, row: Row) -> list[Record]:
    """The enterprises that the row names; one that the committee does not have is reported and left out."""
    found: dict[Record, None] = {}
    for name in row.get("covered") or ():
        enterprise = register.enterprise_named(name)
        if enterprise is None:
            row.report(WARNING, "covered", f"覆盖企业：“{name}”没有在本单位登记，未计覆盖；请先导入企业台账，再传一次")
        else:
            found[enterprise] = None
    return list(found)


def _subordinate(register: Register, organization: Record, row: Row) -> Iterator[Statement]:
    """To whom it belongs: a committee of an industry line by its name, or the place; then nobody else stands above."""
    said = row.get("subordination")
    if not said:
        return
    superior: Committee | None = None
    kind = Subordination.TERRITORIAL
    own = {name_key(register.committee.name), name_key(register.committee.short_name)}
    if name_key(said) not in {name_key(word) for word in TERRITORIAL_WORDS} | own:
        superior = register.committees.get(name_key(said))
        if superior is not None and superior.kind != CommitteeKind.INDUSTRY_LINE:
            superior = None
        elif superior is None:
            row.report(WARNING, "subordination", f"隶属关系：“{said}”没有登记为行业系统党委，只记为行业管理")
            kind = Subordination.INDUSTRY_LINE
        else:
            kind = Subordination.INDUSTRY_LINE
    values = {"subordination": kind.value, "superior": superior.pk if superior else None}
    clears = ("superior",) if kind == Subordination.TERRITORIAL else ()
    yield Becomes(organization, values, organization["established_on"], {"superior": "subordination"}, clears=clears)


def _liaison(register: Register, organization: Record, row: Row) -> Iterator[Statement]:
    """Which leading cadre answers for it; a new one follows the one before."""
    name = row.get("liaison")
    if not name:
        return
    held = {name_key(fact.value[0]): fact.value[0] for fact in register.series(Liaison, organization).facts}
    # Another spelling of a name that is held is no other person.
    yield Holds(Liaison, (organization,), {"name": held.get(name_key(name), name)}, field="liaison")


def kept(committee: Committee, day: dt.date) -> Iterator[Values]:
    """The committee's own of `day`, as rows of this form."""
    rows = PartyOrganization.objects.filter(committee=committee).live_on(day).select_related("superior")
    covers = by_owner(
        Cover.objects.live_on(day).filter(organization__committee=committee).select_related("enterprise"),
        "organization",
    )
    terms = by_owner(SecretaryTerm.objects.live_on(day).filter(organization__committee=committee), "organization")
    liaisons = by_owner(Liaison.objects.live_on(day).filter(organization__committee=committee), "organization")
    items = {item.code: item for item in Item.objects.of(Subject.ORGANIZATION, Subject.SECRETARY)}
    facts = item_facts("organization", [body.pk for body in rows], day)
    own = set(Enterprise.objects.under(committee.pk, day).values_list("pk", flat=True))
    for number, body in enumerate(rows.order_by("name"), 1):
        covered = [each.enterprise.name for each in covers[body.pk] if each.enterprise_id in own]
        values = {
            RECORD: (PartyOrganization, body.pk),
            "serial": number,
            "name": body.name,
            **organization_cells(body, terms),
        }
        values["covered_count"] = len(covered)
        values["covered"] = "、".join(covered)
        values["subordination"] = str(body.superior) if body.superior else body.get_subordination_display()
        for each in liaisons[body.pk]:
            values["liaison"] = each.name
        now = next(iter(terms[body.pk]), None)
        if now is not None:
            values |= {"secretary_full_time": now.full_time, "election_document": now.document}
        secretary_now = now.name if now is not None else None
        yield values | item_cells(facts[body.pk], day, items, secretary_now)
