"""Active or idle, and effective coverage (clause 15): an organization is in order when it is active and its secretary
is in term; an enterprise is covered in effect by one that is. Beside the formal coverage, never instead of it."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import Count, Max, OuterRef, Q, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from committees.models import Committee
from committees.scope import may_change
from common.desk.listing import bad_question
from common.desk.pages import hand_out, page_of
from common.fractions import Rate
from common.periods import Precision
from common.plan import Subject
from common.sheets import workbook_bytes
from organizations.models import Cover, Event, FormerOrganization, PartyOrganization, SecretaryTerm
from reports.conditions import CONDITIONS, NEVER, Condition, begun_unknown, both
from reports.coverage import flagged
from reports.indicators import IN_BASE
from reports.items import Catalogue, asked_about
from reports.populations import THERE, Asked
from reports.question import Question, asked, whose

# The item of which an organization's activities are recorded (clause 15).
ACTIVITY = "activity"
IDLE, NO_TERM, UNKNOWN, IN_ORDER = "idle", "no_term", "unknown", "in_order"
STATES = {IDLE: "没有活动", NO_TERM: "书记不在任期内", UNKNOWN: "未知", IN_ORDER: "活动正常、书记在任期内"}


def active(question: Asked, catalogue: Catalogue) -> Condition:
    """Whether an organization had an activity within the months that the rules of the day set."""
    item = catalogue.items.get(ACTIVITY)
    return catalogue.has(item, question) if item is not None else Condition(NEVER, ~NEVER)


def in_term(question: Asked) -> Condition:
    """Whether an organization has a secretary whose term is not over; not known where the term's end is not, or where
    the secretary's beginning was only assumed."""
    facts, day = question.facts, question.day
    live = facts.live(SecretaryTerm, day)
    later = facts.rows(SecretaryTerm).filter(start__gt=day, start_precision=Precision.ASSUMED)
    maybe = Q(id__in=live.filter(term_ends_on__isnull=True).values("organization_id"))
    # Before whoever is assumed to have begun later nobody else is recorded.
    maybe |= Q(id__in=later.values("organization_id")) & ~Q(id__in=live.values("organization_id"))
    return Condition(Q(id__in=live.filter(term_ends_on__gt=day).values("organization_id")), maybe)


def _bodies(question: Asked, catalogue: Catalogue) -> tuple[Any, Condition]:
    """The organizations that are there or may be, and the condition that one is in order."""
    rows, there = THERE[Subject.ORGANIZATION](question)
    return rows, both([there, active(question, catalogue), in_term(question)])


def effective(question: Asked, catalogue: Catalogue) -> Condition:
    """Whether an enterprise is covered by an organization that is in order."""
    facts, day = question.facts, question.day
    rows, in_order = _bodies(question, catalogue)
    surely = rows.filter(in_order.yes).values("id")
    perhaps = rows.filter(in_order.yes | in_order.unknown).values("id")
    begun = facts.live(Cover, day)
    assumed = begun_unknown(facts, facts.rows(Cover), Cover, day)
    yes = Q(id__in=begun.filter(organization_id__in=surely).values("enterprise_id"))
    maybe = Q(id__in=begun.filter(organization_id__in=perhaps).values("enterprise_id"))
    maybe |= Q(id__in=assumed.filter(organization_id__in=perhaps).values("enterprise_id"))
    return Condition(yes, maybe)


@dataclass
class Both:
    """Of one committee's base: covered formally, and in effect; of how many nobody knows either."""

    committee: str
    base: int = 0
    formal: int = 0
    formal_unknown: int = 0
    effective: int = 0
    effective_unknown: int = 0

    @property
    def formal_rate(self) -> Rate:
        return Rate(self.formal, self.base)

    @property
    def effective_rate(self) -> Rate:
        return Rate(self.effective, self.base)

    def cells(self) -> list[Any]:
        unknown = (self.formal_unknown, self.effective_unknown)
        told = [self.base, self.formal, unknown[0], self.formal_rate, self.effective, unknown[1], self.effective_rate]
        return [self.committee, *map(str, told)]


COVERED = ["党（工）委", "纳入基数企业", "党组织覆盖", "覆盖未知", "覆盖率", "有效覆盖", "有效覆盖未知", "有效覆盖率"]


def covered(question: Asked, catalogue: Catalogue, committee_id: int | None = None) -> list[Both]:
    """By committee in their order, the district last where it is asked about: one statement, and one for the names."""
    facts, day, rules = question.facts, question.day, question.rules
    rows = flagged(facts, day, rules, []).filter(outside=IN_BASE)
    if committee_id is not None:
        rows = rows.filter(on_committee=committee_id)
    rows = rows.annotate(
        formal=CONDITIONS["organization"](facts, day, rules).annotation(),
        effect=effective(question, catalogue).annotation(),
    )
    counted = rows.order_by().values_list("on_committee", "formal", "effect").annotate(number=Count("id"))
    found: dict[int | None, Both] = {}
    whole = Both("全区")
    called = Committee.objects.names()
    for committee, formal, effect, number in counted:
        mine = found.setdefault(committee, Both(called.get(committee, "未定属地")))
        for each in (mine, whole):
            each.base += number
            each.formal += number * (formal is True)
            each.formal_unknown += number * (formal is None)
            each.effective += number * (effect is True)
            each.effective_unknown += number * (effect is None)
    in_order = [found[key] for key in (*called, None) if key in found]
    return in_order if committee_id is not None else [*in_order, whole]


class Body(NamedTuple):
    """One organization: whether it is active, and since when not; its secretary, and whether he is in term."""

    pk: int
    name: str
    committee: str
    active: bool | None
    last: dt.date | None
    secretary: str
    term_ends: dt.date | None
    in_term: bool | None
    covers: int

    @property
    def states(self) -> list[str]:
        """Every tab on which it stands."""
        if self.active is True and self.in_term is True:
            return [IN_ORDER]
        found = [state for state, is_so in ((IDLE, self.active), (NO_TERM, self.in_term)) if is_so is False]
        return found or [UNKNOWN]

    @property
    def words(self) -> str:
        return "、".join(STATES[each] for each in self.states)


def bodies(
    question: Asked, catalogue: Catalogue, committee_id: int | None = None, line_id: int | None = None
) -> list[Body]:
    """The organizations that are surely there, who does least first: a constant number of statements. `line_id`: those
    of this committee's line, wherever they are."""
    facts, day = question.facts, question.day
    rows, there = THERE[Subject.ORGANIZATION](question)
    rows = rows.filter(there.yes)
    if committee_id is not None:
        rows = rows.filter(on_committee=committee_id)
    if line_id is not None:
        rows = rows.annotate(was_superior=facts.was(FormerOrganization, "superior_id", day)).filter(
            was_superior=line_id
        )
    done = facts.rows(Event).filter(code=ACTIVITY, organization_id=OuterRef("id"), start__lte=day)
    term = facts.live(SecretaryTerm, day).filter(organization_id=OuterRef("id")).order_by("-start")
    rows = rows.annotate(
        active=active(question, catalogue).annotation(),
        in_term=in_term(question).annotation(),
        last=Subquery(done.order_by().values("organization_id").annotate(last=Max("start")).values("last")),
        secretary=Subquery(term.values("name")[:1]),
        term_ends=Subquery(term.values("term_ends_on")[:1]),
    )
    covers = Counter(facts.live_covers(day).values_list("organization_id", flat=True))
    called = Committee.objects.names()
    columns = ("id", "was_name", "on_committee", "active", "last", "secretary", "term_ends", "in_term")
    found = [
        Body(key, name, called.get(committee, ""), active, last, secretary or "", ends, term, covers[key])
        for key, name, committee, active, last, secretary, ends, term in rows.values_list(*columns)
    ]
    return sorted(found, key=lambda each: (each.last or dt.date.min, each.committee, each.name, each.pk))


# -- the page ---------------------------------------------------------------------------------------


def effective_coverage(request: HttpRequest) -> HttpResponse:
    """Formal and effective coverage side by side, and the organizations behind the difference."""
    question, about, own, found, shown, state = _asked(request)
    page = page_of(shown, request.GET.get("page"))
    seen = PartyOrganization.objects.visible_to(request.user).filter(pk__in=[each.pk for each in page])
    counted = Counter(each for body in found for each in body.states)
    context = {
        "question": question,
        "rules": about.rules,
        "headings": COVERED,
        "lines": [each.cells() for each in covered(about, Catalogue(), own)],
        "states": [(code, label, counted[code]) for code, label in STATES.items()],
        "state": state,
        "every": len(found),
        "page": page,
        "opens": set(seen.values_list("pk", flat=True)),
        "may_change": may_change(request.user),
        "activity": ACTIVITY,
    }
    return render(request, "reports/effective.html", context)


def effective_export(request: HttpRequest) -> HttpResponse:
    question, _, _, _, shown, _ = _asked(request)
    if question.form.errors:
        return bad_question(request, question.form)
    title = "党组织活动和书记任期情况"
    headings = ["序号", "党组织名称", "党（工）委", "覆盖企业", "最近活动", "书记", "任期届满", "情况"]
    content = workbook_bytes(title, [question.said], headings, _cells(shown))
    return hand_out(request, content, f"{title}（{question.as_of}）.xlsx", what=title, count=len(shown))


def _cells(rows: Iterable[Body]) -> Iterable[list[Any]]:
    for number, each in enumerate(rows, 1):
        told = [each.covers, each.last, each.secretary, each.term_ends, each.words]
        yield [number, each.name, each.committee, *told]


def _asked(request: HttpRequest) -> tuple[Question, Asked, int | None, list[Body], list[Body], str]:
    own = whose(request)
    question = asked(request)
    about = asked_about(question.as_of, known_at=question.known_at)
    found = bodies(about, Catalogue(), own)
    state = request.GET.get("state", "")
    shown = [each for each in found if state in each.states] if state in STATES else found
    return question, about, own, found, shown, state
