"""The organizations of an industry line (clause 28): its committee sees them, wherever they are, with their figures,
and changes nothing: whoever answers for the place does."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from committees.models import Committee, CommitteeKind
from committees.scope import own_committee_id, sees_all
from common.desk.listing import bad_question
from common.desk.pages import hand_out, page_of
from common.sheets import workbook_bytes
from reports.effective import IN_ORDER, Body, bodies
from reports.items import Catalogue, asked_about
from reports.populations import Asked
from reports.question import Question, asked


class Summed(NamedTuple):
    """Of one line: how many organizations, how many are active, have a secretary in term, are in order; and how many
    enterprises they cover, each once."""

    organizations: int
    active: int
    in_term: int
    in_order: int
    enterprises: int


def lines_of(request: HttpRequest) -> list[Committee]:
    """The lines that the user may look at: his own, or all of them."""
    rows = Committee.objects.filter(kind=CommitteeKind.INDUSTRY_LINE)
    if not sees_all(request.user):
        own = own_committee_id(request.user)
        rows = rows.filter(pk=own) if own is not None else rows.none()
    return list(rows)


def summed(question: Asked, found: list[Body]) -> Summed:
    """The figures of `found`: one statement."""
    covers = question.facts.live_covers(question.day).filter(organization_id__in=[each.pk for each in found])
    return Summed(
        len(found),
        sum(each.active is True for each in found),
        sum(each.in_term is True for each in found),
        sum(IN_ORDER in each.states for each in found),
        covers.values("enterprise_id").distinct().count(),
    )


# -- the page ---------------------------------------------------------------------------------------


def line(request: HttpRequest) -> HttpResponse:
    """The organizations of a line on a day; without pages of their own for who is not of the place."""
    question, about, mine, chosen, found = _asked(request)
    page = page_of(found, request.GET.get("page"))
    context = {"question": question, "lines": mine, "line": chosen, "page": page, "summed": summed(about, found)}
    return render(request, "reports/line.html", context)


def line_export(request: HttpRequest) -> HttpResponse:
    question, _, _, chosen, found = _asked(request)
    if question.form.errors:
        return bad_question(request, question.form)
    title = f"{chosen or '行业系统'}所属党组织"
    headings = ["序号", "党组织名称", "属地", "覆盖企业", "最近活动", "书记", "任期届满", "情况"]
    content = workbook_bytes(title, [question.said], headings, _cells(found))
    return hand_out(request, content, f"{title}（{question.as_of}）.xlsx", what="行业系统所属党组织", count=len(found))


def _cells(found: list[Body]) -> Iterable[list[Any]]:
    for number, each in enumerate(found, 1):
        told = [each.covers, each.last, each.secretary, each.term_ends, each.words]
        yield [number, each.name, each.committee, *told]


def _asked(request: HttpRequest) -> tuple[Question, Asked, list[Committee], Committee | None, list[Body]]:
    mine = lines_of(request)
    wanted = request.GET.get("line", "")
    chosen = next((each for each in mine if str(each.pk) == wanted), mine[0] if mine and not wanted else None)
    if chosen is None and (wanted or not sees_all(request.user)):
        raise Http404
    question = asked(request)
    about = asked_about(question.as_of, known_at=question.known_at)
    return question, about, mine, chosen, bodies(about, Catalogue(), line_id=chosen.pk) if chosen is not None else []
