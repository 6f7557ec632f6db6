"""The page of one record: what stands, every dated fact in tables, one time line, every change, what can be done.

Puts together what several floors know, so it lives under the roof. Facts are described once
(`Facts`), for the tables, the time line and the changes.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from committees.scope import may_upload, sees_all
from common.desk.actions import PAGES, Action, offered
from coverage_tracker.records.search import remember
from coverage_tracker.records.timeline import changes, events, gone, histories, upload_keys
from enterprises import actions as of_enterprises
from enterprises.models import Enterprise
from enterprises.querysets import today
from instructors import actions as of_instructors
from instructors.models import Instructor
from ledgers.models import Upload
from organizations import actions as of_organizations
from organizations.models import Member, PartyOrganization
from reports.coverage import Facts as Engine
from reports.coverage import current_rules, flagged
from reports.indicators import CLOSED, FIGURES, IN_BASE, NOT_YET

# What an enterprise can stand on: figures that ask for something to be done.
WORK_LISTS = (
    "organization_uncovered",
    "work_uncovered",
    "due_to_establish",
    "employees_50_plus_without_members",
    "headcount_unknown",
    "mass_incomplete",
)
ON_FACTS: list[Action] = [
    *of_organizations.ON_COVER,
    *of_instructors.ON_ASSIGNMENT,
    *of_enterprises.ON_FACTS,
    *of_organizations.ON_FACTS,
    *of_instructors.ON_FACTS,
]
# A cell of a table of facts: what it shows, and the address that it links to.
Cell = tuple[Any, str | None]


@dataclass
class Facts:
    """One table of dated facts. `words(row)` says the fact in the time line; `cells(row)` fills the headings
    before 开始 and 结束; `clauses` are the plan's that it answers."""

    title: str
    clauses: tuple[int, ...]
    rows: list[Any]
    headings: list[str]
    cells: Callable[[Any], list[Cell]]
    words: Callable[[Any], str]
    empty: str
    shown_empty: bool = True
    actions: dict[int, list[tuple[str, str]]] = field(default_factory=dict)
    # Addresses that the user may not open.
    hidden: set[str] = field(default_factory=set)

    def lines(self) -> list[tuple[list[Cell], Any, list[tuple[str, str]]]]:
        """(cells, the fact with its dates, what can be done with it), newest first."""
        newest = sorted(self.rows, key=lambda row: (row.end is None, row.start, row.pk), reverse=True)
        return [
            (
                [(value, None if link in self.hidden else link) for value, link in self.cells(row)],
                row,
                self.actions.get(row.pk, []),
            )
            for row in newest
        ]

    @property
    def width(self) -> int:
        return len(self.headings) + 3


def _plain(value: Any) -> Cell:
    return ("" if value is None else value, None)


def _to(page: str, record: Any) -> Cell:
    return (str(record), reverse(page, args=[record.pk])) if record is not None else ("", None)


def _show(
    request: HttpRequest,
    template: str,
    record: Any,
    what: str,
    facts: list[Facts],
    actions: list[tuple[str, str]],
    **more: Any,
) -> HttpResponse:
    for each in facts:
        for row in each.rows:
            each.actions[row.pk] = offered(ON_FACTS, row, request.user)
    _hide(request, facts)
    dated = [(row, each.words(row)) for each in facts for row in each.rows]
    found = histories([record, *(row for row, _ in dated)])
    uploads = Upload.objects.visible_to(request.user).filter(pk__in=upload_keys(found)).select_related("user")
    context = {
        "record": record,
        "facts": [each for each in facts if each.rows or each.shown_empty],
        "actions": actions,
        "may_edit": may_upload(request.user),
        "events": events(dated, found),
        "changes": changes([(record, what), *dated], found, gone(record)),
        "uploads": uploads.only("file_name", "created_at", "user"),
    }
    return render(request, template, {**context, **more})


def _hide(request: HttpRequest, facts: list[Facts]) -> None:
    """Note on each table which of the records that it names the user may open: the others stand as plain text."""
    if sees_all(request.user):
        return
    for name, model in PAGES.items():
        keys = {key for each in facts for row in each.rows if (key := getattr(row, f"{name}_id", None)) is not None}
        seen = set(model._default_manager.visible_to(request.user).filter(pk__in=keys).values_list("pk", flat=True))  # type: ignore[attr-defined]
        for each in facts:
            each.hidden |= {reverse(name, args=[key]) for key in keys - seen}


def _offers(request: HttpRequest, record: Any, *lists: Iterable[Action]) -> list[tuple[str, str]]:
    return [each for actions in lists for each in offered(list(actions), record, request.user)]


def enterprise(request: HttpRequest, pk: int) -> HttpResponse:
    """One enterprise: basics, standing, every dated fact, time line, changes, what can be done."""
    found = get_object_or_404(Enterprise.objects.visible_to(request.user), pk=pk)
    remember(request, "enterprise", pk)
    facts = [
        _covers(list(found.covers.select_related("organization", "enterprise")), "organization"),
        _assignments(list(found.assignments.select_related("instructor", "enterprise")), "instructor"),
        _headcounts(list(found.headcounts.all())),
        _placements(list(found.placements.select_related("member", "organization", "enterprise")), "member"),
        _mass_organizations(list(found.mass_organizations.all())),
        _milestones(list(found.milestones.all())),
        _jurisdictions(list(found.jurisdictions.select_related("committee"))),
        _exclusions(list(found.exclusions.all())),
    ]
    actions = _offers(
        request, found, of_instructors.ON_ENTERPRISE, of_organizations.ON_ENTERPRISE, of_enterprises.ACTIONS
    )
    return _show(
        request, "enterprises/detail.html", found, "企业", facts, actions, enterprise=found, standing=_standing(found)
    )


def organization(request: HttpRequest, pk: int) -> HttpResponse:
    """One organization: covers, secretary terms, members, milestones, time line, changes, what can be done."""
    rows = PartyOrganization.objects.visible_to(request.user).select_related("committee", "superior")
    found = get_object_or_404(rows, pk=pk)
    remember(request, "organization", pk)
    covers = list(found.covers.select_related("enterprise", "organization"))
    terms = list(found.secretary_terms.all())
    facts = [
        _covers(covers, "enterprise"),
        _terms(terms),
        _milestones(list(found.milestones.all())),
        _placements(list(found.placements.select_related("member", "enterprise", "organization")), "member"),
    ]
    live = [row for row in covers if row.is_live_on(today())]
    return _show(
        request,
        "organizations/detail.html",
        found,
        "党组织",
        facts,
        _offers(request, found, of_organizations.ON_ORGANIZATION),
        organization=found,
        live=len(live),
        too_many=found.form == "joint" and len(live) > 5,
        late=next((t for t in terms if t.end is None and t.term_ends_on and t.term_ends_on <= today()), None),
        no_secretary=found.is_live_on(today()) and not any(term.is_live_on(today()) for term in terms),
    )


def member(request: HttpRequest, pk: int) -> HttpResponse:
    """One member: stages, workplaces, time line, changes, what can be done."""
    found = get_object_or_404(Member.objects.visible_to(request.user).select_related("committee"), pk=pk)
    remember(request, "member", pk)
    stages = list(found.stages.all())
    facts = [
        Facts(
            "发展阶段", (12,), stages, ["阶段"], lambda row: [_plain(row.get_stage_display())],
            lambda row: row.get_stage_display(), "还没有阶段。点上面的“变更阶段”登记。",
        ),
        _placements(list(found.placements.select_related("enterprise", "organization", "member")), "enterprise"),
    ]  # fmt: skip
    live = next((row for row in stages if row.is_live_on(today())), None)
    return _show(
        request,
        "organizations/member.html",
        found,
        "人员",
        facts,
        _offers(request, found, of_organizations.ON_MEMBER),
        member=found,
        stage=live,
    )


def instructor(request: HttpRequest, pk: int) -> HttpResponse:
    """One instructor: assignments, load, time line, changes."""
    found = get_object_or_404(Instructor.objects.visible_to(request.user).select_related("committee"), pk=pk)
    remember(request, "instructor", pk)
    assignments = list(found.assignments.select_related("enterprise", "instructor"))
    return _show(
        request,
        "instructors/detail.html",
        found,
        "指导员",
        [_assignments(assignments, "enterprise")],
        _offers(request, found, of_instructors.ON_INSTRUCTOR),
        instructor=found,
        load=sum(row.is_live_on(today()) for row in assignments),
    )


def _standing(found: Enterprise) -> dict[str, Any]:
    """In or out of the base today and why, since when it is covered, and the work lists that it stands on."""
    rows = flagged(Engine(), today(), current_rules()).filter(id=found.pk)
    flags = rows.values().first() or {"outside": NOT_YET}
    outside = {IN_BASE: "纳入基数", CLOSED: "已注销，不在基数", NOT_YET: "还没有日期可考，不在基数"}
    lists = [
        FIGURES[key]
        for key in WORK_LISTS
        if any(all(flags.get(flag) == value for flag, value in each.items()) for each in FIGURES[key].alternatives)
    ]
    return {
        "in_base": flags["outside"] == IN_BASE,
        "words": outside.get(flags["outside"], "不纳入基数"),
        "organization": flags.get("organization"),
        "work": flags.get("organization") or flags.get("assisted"),
        "lists": lists,
    }


# -- the tables, each said once ------------------------------------------------


def _covers(rows: list, other: str) -> Facts:
    """The covers of an enterprise (other: organization) or of an organization (other: enterprise)."""
    if other == "organization":
        return Facts(
            "党组织覆盖", (1,), rows, ["党组织"], lambda row: [_to("organization", row.organization)],
            lambda row: f"党组织覆盖：{row.organization}", "还没有党组织覆盖。点上面的“党组织覆盖”登记。",
        )  # fmt: skip
    return Facts(
        "覆盖的企业", (1, 9), rows, ["企业"], lambda row: [_to("enterprise", row.enterprise)],
        lambda row: f"覆盖：{row.enterprise}", "没有覆盖企业。点上面的“覆盖企业”登记。",
    )  # fmt: skip


def _assignments(rows: list, other: str) -> Facts:
    """The assignments of an enterprise (other: instructor) or of an instructor (other: enterprise)."""
    if other == "instructor":
        return Facts(
            "指导员派驻", (13,), rows, ["指导员"], lambda row: [_to("instructor", row.instructor)],
            lambda row: f"指导员派驻：{row.instructor}", "还没有派驻指导员。点上面的“派驻指导员”登记。",
        )  # fmt: skip
    return Facts(
        "派驻", (18,), rows, ["企业"], lambda row: [_to("enterprise", row.enterprise)],
        lambda row: f"派驻：{row.enterprise}", "没有派驻记录。点上面的“派驻到企业”登记。",
    )  # fmt: skip


def _headcounts(rows: list) -> Facts:
    def number(value: int | None) -> str:
        return "未知" if value is None else str(value)

    return Facts(
        "人数", (4, 8), rows, ["职工", "正式党员", "预备党员", "入党积极分子", "关系不在本企业的党员"],
        lambda row: [_plain(getattr(row, name)) for name in row.NUMBERS],
        lambda row: f"职工 {number(row.employees)}，正式党员 {number(row.full_members)}",
        "还没有人数。上传台账后从台账日期起有数，也可以点上面的“登记人数”。",
    )  # fmt: skip


def _placements(rows: list, other: str) -> Facts:
    """The people of an enterprise or organization (other: member), or a member's workplaces (other: enterprise)."""
    if other == "member":
        return Facts(
            "党员及发展对象", (4, 8), rows, ["姓名", "工作单位", "所在党组织"],
            lambda row: [_to("member", row.member), _plain(row.enterprise), _plain(row.organization)],
            lambda row: f"党员在此：{row.member}", "花名册里还没有人员。", shown_empty=False,
        )  # fmt: skip
    return Facts(
        "工作单位与组织关系", (8,), rows, ["工作单位", "所在党组织", "岗位类别"],
        lambda row: [
            _to("enterprise", row.enterprise), _to("organization", row.organization),
            _plain(row.get_position_group_display()),
        ],
        lambda row: f"工作单位：{row.enterprise or '—'}，党组织：{row.organization or '—'}",
        "还没有工作单位。点上面的“变更工作单位”登记。",
    )  # fmt: skip


def _mass_organizations(rows: list) -> Facts:
    return Facts(
        "群团组织", (14,), rows, ["种类", "组建方式", "说明"],
        lambda row: [_plain(row.get_kind_display()), _plain(row.get_form_display()), _plain(row.reason)],
        lambda row: f"{row.get_kind_display()}（{row.get_form_display()}）",
        "还没有群团组织。点上面的“登记群团组织”登记。",
    )  # fmt: skip


def _milestones(rows: list) -> Facts:
    return Facts(
        "里程碑", (35, 39), rows, ["事项", "说明"],
        lambda row: [_plain(row.get_code_display()), _plain(row.note)],
        lambda row: row.get_code_display(), "还没有里程碑。点上面的“登记里程碑”登记。",
    )  # fmt: skip


def _jurisdictions(rows: list) -> Facts:
    return Facts(
        "属地管理", (28,), rows, ["党（工）委"], lambda row: [_plain(row.committee)],
        lambda row: f"属地管理：{row.committee}", "还没有确定属地。",
    )  # fmt: skip


def _exclusions(rows: list) -> Facts:
    return Facts(
        "不纳入基数", (1,), rows, ["原因", "依据"],
        lambda row: [_plain(row.get_reason_display()), _plain(row.evidence)],
        lambda row: f"不纳入基数：{row.get_reason_display()}", "", shown_empty=False,
    )  # fmt: skip


def _terms(rows: list) -> Facts:
    def day(value: Any) -> Cell:
        return _plain(value and f"{value:%Y-%m-%d}")

    return Facts(
        "党组织书记", (17,), rows, ["姓名", "来源", "选举日期", "届满日期"],
        lambda row: [_plain(row.name), _plain(row.get_source_display()), day(row.elected_on), day(row.term_ends_on)],
        lambda row: f"书记：{row.name}", "还没有书记。点上面的“换届”登记。",
    )  # fmt: skip
