"""A plan clause by clause, as it stands on a date in the district or in one committee: targets with verdicts, figures,
items, each number with its list."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from common.plan import Clause, Obligation
from reports.coverage import Figures
from reports.duties import Counted, duties_of, who_label
from reports.indicators import FIGURES
from reports.items import NO, UNKNOWN, YES
from reports.question import Question
from reports.rules import Rules
from reports.templatetags.lists import item_list
from reports.verdicts import DUE, MET, MISSED, NO_BASE, OPEN, UNDECIDED, Judging, Verdict


@dataclass(frozen=True)
class Number:
    """One number of a clause: what it is called, (number, address) of its yes, no and unknown."""

    label: str
    yes: tuple[int, str]
    no: tuple[int, str] | None = None
    unknown: tuple[int, str] | None = None
    kind: str = Obligation.MUST
    who: str = ""

    @property
    def advocated(self) -> bool:
        return self.kind == Obligation.ADVOCATE


@dataclass
class Line:
    """One clause with what answers it."""

    clause: Clause
    verdicts: list[Verdict] = field(default_factory=list)
    figures: list[Number] = field(default_factory=list)
    items: list[Number] = field(default_factory=list)
    # Other records that answer it: (label, address).
    records: list[tuple[str, str]] = field(default_factory=list)

    @property
    def state(self) -> tuple[str, str]:
        """(code, words) of how the clause stands: the worst verdict of its targets, else what must be and is not."""
        judged = [each for each in self.verdicts if each.judges and each.state != OPEN]
        for code in (MISSED, UNDECIDED, DUE, NO_BASE, MET):
            found = next((each for each in judged if each.state == code), None)
            if found is not None:
                return code, found.label
        must = [each for each in self.items if each.no is not None and each.kind == Obligation.MUST]
        lacking = sum(each.no[0] for each in must if each.no is not None)
        if lacking:
            return "lacking", f"还缺 {lacking} 项"
        return ("met", "没有缺项") if must else ("", "")

    @property
    def is_answered(self) -> bool:
        return bool(self.verdicts or self.figures or self.items or self.records)


# What is recorded and has pages of its own: key of Clause.answers → (label, url name (with its argument), conditions).
_RECORDS: dict[str, tuple[str, str, dict[str, str]]] = {
    "no_secretary": ("没有书记的党组织", "organizations", {"due": "no_secretary"}),
    "overdue": ("任期已届满的党组织", "organizations", {"due": "overdue"}),
    "soon": ("任期 90 天内届满", "organizations", {"due": "soon"}),
    "crowded": ("覆盖超过 5 家的联合党组织", "organizations", {"due": "crowded"}),
    "joint_branches": ("可以联合组建的企业", "joint-branches", {}),
    "no_lead": ("没有牵头企业的联合党组织", "organizations", {"due": "no_lead"}),
    "undated": ("没有成立日期的党组织", "organizations", {"due": "undated"}),
    "assignment": ("党建工作指导员", "instructors", {}),
    "dispatch": ("指导员派驻情况", "dispatch", {}),
    "effective": ("有效覆盖：活动正常、书记在任期内", "effective", {}),
    "mass": ("群团组织：缺什么，一次登记多家", "mass", {}),
    "funds": ("党建经费：各渠道、没有经费的、税前列支限额", "funds", {}),
    "preferences": ("“四倾斜”占比，和上年比", "preferences", {}),
    "secretaries": ("党组织书记：来源、选举、专职、换届", "secretaries", {}),
    "stage": ("党员及发展对象", "members", {}),
    "nominations": ("推荐评选", "nominations", {}),
    "inspections": ("督促检查和整改", "inspections", {}),
    "clarity": ("三清：缺什么，新不新", "clarity", {}),
    "newly": ("新登记企业同步建立情况", "newly", {}),
    "lines": ("按隶属统计的党组织覆盖", "figure-groups:organization_covered", {"by": "line"}),
    "grid": ("属地和行业里还没有开展党的工作的", "grid", {}),
    "funnel": ("发展党员情况", "funnel", {}),
    "registration": ("登记名单核对：待处理的", "registration-findings", {"state": "open"}),
    "credit_code": ("没有信用代码的企业", "enterprises", {"missing": "credit_code", "state": "open"}),
    "registered_on": ("没有成立日期的企业", "enterprises", {"missing": "registered_on", "state": "open"}),
    "responsible": ("各党（工）委责任人", "plan", {}),
    "liaison": ("分包联系领导及其党组织", "liaisons", {}),
    "no_liaison": ("没有分包联系领导的党组织", "organizations", {"due": "no_liaison"}),
}


def plan_lines(judging: Judging, question: Question, committee_id: int | None = None) -> list[Line]:
    """The clauses of the judged plan in their order."""
    if judging.plan is None:
        return []
    asked = judging.question_of(judging.day)
    counted = duties_of(judging.plan, asked, judging.catalogue, committee_id)
    labels = {code: item.label for code, item in judging.catalogue.items.items()}
    coverage = judging.current
    figures = coverage.district if committee_id is None else coverage.committee(committee_id)
    same = {**question.params, "committee": committee_id}
    lines = []
    verdicts = judging.verdicts(committee_id)
    for clause in judging.plan.clauses.select_related("plan"):
        line = Line(clause, [each for each in verdicts if each.target.clause == clause.number])
        line.figures = [_figure(key, figures, same, judging.rules) for key in clause.answers if key in FIGURES]
        mine = [each for each in counted if each.duty.clause_id == clause.pk]
        line.items = [_item(each, labels, {**same, "plan": judging.plan.code}) for each in mine]
        line.records = [_record(key) for key in clause.answers if key in _RECORDS]
        lines.append(line)
    return lines


def _address(name: str, key: str, asked: dict[str, Any]) -> str:
    words = urlencode({name: value for name, value in asked.items() if value not in (None, "")})
    return f"{reverse(name, args=[key])}?{words}"


def _figure(key: str, figures: Figures, same: dict[str, Any], rules: Rules) -> Number:
    unknown = figures.unknown[key]
    return Number(
        FIGURES[key].called(rules),
        (figures[key], _address("figure", key, same)),
        unknown=(unknown, _address("figure", key, {**same, "answer": "unknown"})) if unknown else None,
    )


def _item(counted: Counted, labels: dict[str, str], same: dict[str, Any]) -> Number:
    tally, duty = counted.tally, counted.duty
    return Number(
        duty.item.label,
        (tally.yes, item_list(counted.ought, YES, **same)),
        (tally.no, item_list(counted.ought, NO, **same)),
        (tally.unknown, item_list(counted.ought, UNKNOWN, **same)) if tally.unknown else None,
        duty.kind,
        who_label(duty.item.subject, duty.who, labels),
    )


def _record(key: str) -> tuple[str, str]:
    label, name, asked = _RECORDS[key]
    words = urlencode(asked)
    name, _, argument = name.partition(":")
    address = reverse(name, args=[argument] if argument else [])
    return label, f"{address}{f'?{words}' if words else ''}"


def as_rows(lines: Sequence[Line]) -> list[list[Any]]:
    """The lines as cells: a row a number, for the export."""
    rows: list[list[Any]] = []
    for line in lines:
        head = [line.clause.number, line.clause.section, line.clause.text, line.clause.get_kind_display()]
        numbers: list[Number | None] = [*line.figures, *line.items]
        for each in numbers or [None]:
            told = (
                [each.label, each.who, each.yes[0], each.no and each.no[0], each.unknown and each.unknown[0]]
                if each is not None
                else [None] * 5
            )
            rows.append([*head, *told, line.state[1]])
    return rows


HEADINGS = ["条", "部分", "方案原文（摘）", "要求", "项目", "范围", "是（有）", "否（没有）", "未知", "状态"]
