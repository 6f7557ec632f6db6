"""党建经费 of a year (clause 38): by channel, who has none, and whether 税前列支 keeps to one part in a hundred of the
wages of the year (成组通〔2015〕49号), as a hint."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from committees.models import Committee
from committees.scope import may_change
from common.desk.listing import bad_question
from common.desk.pages import hand_out, page_of
from common.plan import Item, Subject
from common.sheets import workbook_bytes
from organizations.models import Amount, PartyOrganization
from reports.items import asked_about
from reports.populations import THERE, Asked
from reports.question import Question, asked, whose

# The items of which an organization's money and the wages beside it are recorded, and the channel that has a limit.
FUNDS, WAGES, PRE_TAX = "funds", "wages", "税前列支"
PER_HUNDRED = 1
NONE, ABOVE, NO_WAGES = "none", "above", "no_wages"
LISTS = {NONE: "没有经费的", ABOVE: "税前列支超过工资总额 1% 的", NO_WAGES: "有税前列支、没有登记工资总额的"}
ZERO = Decimal(0)


class Funded(NamedTuple):
    """One organization: what it had in the year by channel, and the wages of the enterprises that it covers where they
    are told."""

    pk: int
    name: str
    committee: int
    amounts: dict[str, Decimal]
    wages: Decimal | None

    @property
    def total(self) -> Decimal:
        return sum(self.amounts.values(), ZERO)

    @property
    def limit(self) -> Decimal | None:
        """How much may be written off before tax; None where the wages are not told."""
        return None if self.wages is None else self.wages * PER_HUNDRED / 100

    def stands(self, which: str) -> bool:
        """Whether it belongs to a list of LISTS."""
        pre_tax = self.amounts.get(PRE_TAX, ZERO)
        if which == NONE:
            return self.total == 0
        if which == NO_WAGES:
            return pre_tax > 0 and self.wages is None
        return self.limit is not None and pre_tax > self.limit


def funded(question: Asked, committee_id: int | None = None) -> list[Funded]:
    """The organizations that are surely there on the day, with the money of its year: three statements."""
    facts, day = question.facts, question.day
    rows, there = THERE[Subject.ORGANIZATION](question)
    rows = rows.filter(there.yes).order_by("was_name", "id")
    if committee_id is not None:
        rows = rows.filter(on_committee=committee_id)
    given: dict[int, dict[str, Decimal]] = defaultdict(dict)
    wages: dict[int, Decimal] = {}
    amounts = facts.live(Amount, day).filter(code__in=[FUNDS, WAGES], organization_id__isnull=False)
    for key, code, channel, amount in amounts.values_list("organization_id", "code", "channel", "amount"):
        if code == FUNDS:
            given[key][channel] = amount
        else:
            wages[key] = wages.get(key, ZERO) + amount
    return [
        Funded(key, name, committee, given[key], wages.get(key))
        for key, name, committee in rows.values_list("id", "was_name", "on_committee")
    ]


@dataclass
class Line:
    committee: str
    number: int = 0
    none: int = 0
    amounts: Counter[str] = field(default_factory=Counter)

    def cells(self, channels: Iterable[str]) -> list[Any]:
        told = [self.amounts[channel] for channel in channels]
        return [self.committee, self.number, *told, sum(self.amounts.values()), self.none]


def table(found: list[Funded], *, whole: bool) -> list[Line]:
    """By committee in their order, the district last where it is asked about."""
    called = Committee.objects.names()
    lines: dict[int, Line] = {}
    district = Line("全区")
    for each in found:
        mine = lines.setdefault(each.committee, Line(called.get(each.committee, "")))
        for line in (mine, district):
            line.number += 1
            line.none += each.stands(NONE)
            line.amounts.update(each.amounts)
    ordered = [lines[key] for key in called if key in lines]
    return [*ordered, district] if whole else ordered


def channels(found: list[Funded]) -> list[str]:
    """Those that the item offers, then what was recorded through others."""
    item = Item.objects.filter(code=FUNDS).first()
    return list(dict.fromkeys([*(item.channels if item else ()), *(name for each in found for name in each.amounts)]))


# -- the page ---------------------------------------------------------------------------------------


def funds(request: HttpRequest) -> HttpResponse:
    """The money of the year of the day asked about; `list` is a key of LISTS."""
    question, own, found, which = _asked(request)
    shown = [each for each in found if each.stands(which)] if which else found
    page = page_of(shown, request.GET.get("page"))
    offered = channels(found)
    called = Committee.objects.names()
    seen = PartyOrganization.objects.visible_to(request.user).filter(pk__in=[each.pk for each in page])
    context = {
        "question": question,
        "year": question.as_of.year,
        "channels": offered,
        "lines": [line.cells(offered) for line in table(found, whole=own is None)],
        "lists": [(key, label, sum(each.stands(key) for each in found)) for key, label in LISTS.items()],
        "which": which,
        "every": len(found),
        "page": page,
        "rows": [(each, called.get(each.committee, ""), _amounts(each, offered)) for each in page],
        "opens": set(seen.values_list("pk", flat=True)),
        "may_change": may_change(request.user),
        "item": FUNDS,
    }
    return render(request, "reports/funds.html", context)


def funds_export(request: HttpRequest) -> HttpResponse:
    question, _, found, which = _asked(request)
    if question.form.errors:
        return bad_question(request, question.form)
    shown = [each for each in found if each.stands(which)] if which else found
    offered = channels(found)
    title = f"{question.as_of.year} 年党建经费情况"
    headings = ["序号", "党组织名称", "党（工）委", *offered, "合计", "工资总额", "税前列支限额"]
    content = workbook_bytes(title, [question.said], headings, _cells(shown, offered))
    return hand_out(request, content, f"{title}（{question.as_of}）.xlsx", what="党建经费情况", count=len(shown))


def _amounts(each: Funded, offered: list[str]) -> list[Any]:
    return [*(each.amounts.get(channel) for channel in offered), each.total, each.wages, each.limit]


def _cells(found: list[Funded], offered: list[str]) -> Iterable[list[Any]]:
    called = Committee.objects.names()
    for number, each in enumerate(found, 1):
        yield [number, each.name, called.get(each.committee, ""), *_amounts(each, offered)]


def _asked(request: HttpRequest) -> tuple[Question, int | None, list[Funded], str]:
    own = whose(request)
    question = asked(request)
    found = funded(asked_about(question.as_of, known_at=question.known_at), own)
    which = request.GET.get("list", "")
    return question, own, found, which if which in LISTS else ""
