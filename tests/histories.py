"""Random histories of one office: ledgers of several kinds in any order of their days, and what must hold after each.

The files are made as sheets in memory, so that only the reading child is left out.
"""

import datetime as dt
import random
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from committees.models import Committee
from common.desk.correct import correct
from common.models import Filing
from common.periods import fact_models
from enterprises.close import close, reopen
from enterprises.models import Enterprise, Headcount, MassOrganization
from enterprises.record import record_headcount, record_mass_organization
from instructors.models import Assignment, Instructor
from instructors.office import leave_office, take_back_leaving
from ledgers import process
from ledgers.reading import Sheet
from ledgers.uploads.undo import undo
from organizations.change import change_organization
from organizations.cover import cover, end_cover
from organizations.dissolve import dissolve, restore_organization
from organizations.models import (
    Cover,
    Event,
    Liaison,
    Member,
    MemberPlacement,
    MemberStage,
    PartyOrganization,
    SecretaryTerm,
    State,
)
from organizations.move import move_organization
from organizations.people import advance, leave
from organizations.reelect import reelect
from tests import make

BEGIN = dt.date(2020, 1, 1)
ENTERPRISES = ["甲有限公司", "乙有限公司", "丙有限公司"]
BODIES = ["中共甲支部委员会", "中共联合支部委员会"]
PEOPLE = ["王某", "李某"]
STAGES = {"积极分子": "activist", "预备党员": "probationary", "正式党员": "full"}

UNASKED = object()


def day(number: int) -> dt.date:
    return BEGIN + dt.timedelta(days=30 * number)


def sheet(rows: list[list[Any]]) -> Sheet:
    width = max(map(len, rows))
    return Sheet("表", [row + [None] * (width - len(row)) for row in rows], [])


class History:
    """What one office has sent, and what each of its files said on its day."""

    def __init__(self, seed: int, monkeypatch):
        self.random = random.Random(seed)
        self.committee = Committee.objects.create(kind="township", name="甲乡")
        self.other = Committee.objects.create(kind="township", name="乙乡")
        # (day, what) → what the register must say on that day: of two of one day, the one committed last.
        self.said: dict[tuple, Any] = {}
        self.sent: list[tuple[dt.date, list[list[Any]]]] = []
        self.number = 0
        # Number of the file → what it says.
        self.taken: dict[int, dict[tuple, Any]] = {}
        self._sheets: list[Sheet] = []
        monkeypatch.setattr(process, "read_file", lambda path: self._sheets)

    # -- files -----------------------------------------------------------------

    def pick(self, *choices: Any) -> Any:
        return self.random.choice(choices)

    def enterprise_ledger(self, on: dt.date) -> list[list[Any]]:
        rows = [
            [
                "企业名称",
                "统一社会信用代码",
                "职工人数",
                "正式党员数",
                "是否建立党组织",
                "党组织名称",
                "党组织成立时间",
                "工会",
                "指导员姓名",
                "所属村",
            ]
        ]
        for number, name in enumerate(ENTERPRISES):
            if self.random.random() < 0.8:
                body = self.pick(*BODIES, None, "否")
                established = None
                if body == BODIES[1] and self.random.random() < 0.4:
                    established = "2019-03-01"
                built = {None: None, "否": "否"}.get(body, "是")
                body = None if body == "否" else body
                rows.append(
                    [name, make.credit_code(number + 1), self.pick(None, 9, 60, 70), self.pick(None, 0, 3), built, body,
                     established if body else None, self.pick(None, "是", "否"), self.pick(None, None, "指甲"), self.pick(None, "东村", "西村")]
                )  # fmt: skip
        return rows

    def organization_sheet(self, on: dt.date) -> list[list[Any]]:
        rows = [["党组织名称", "党组织类别", "覆盖企业", "书记", "公章", "有场所", "分包联系领导", "谈心活动"]]
        for name in BODIES:
            if self.random.random() < 0.8:
                covered = "、".join(self.random.sample(ENTERPRISES, self.random.randrange(3))) or None
                rows.append([name, self.pick(None, "党支部", "党总支"), covered, self.pick(None, "书甲", "书乙"), self.pick(None, "√", "√", "2019-06-01"), self.pick(None, "√", "×"), self.pick(None, "包甲", "包乙"), self.pick(None, None, "√", self._before(on))])  # fmt: skip
        return rows

    def _before(self, on: dt.date) -> str:
        """A day up to the file's."""
        return (on - dt.timedelta(days=self.random.randrange(60))).isoformat()

    def activity_record(self, on: dt.date) -> list[list[Any]]:
        rows = [["党组织名称", "活动时间", "活动名称", "参加人数"]]
        for name in BODIES:
            if PartyOrganization.objects.filter(name=name, committee=self.committee).exists():
                rows.append([name, self._before(on), self.pick("主题党日", "三会一课"), self.pick(None, 5)])
        return rows

    def funds_sheet(self, on: dt.date) -> list[list[Any]]:
        rows = [["党组织名称", "年度", "财政", "党费拨返"]]
        for name in BODIES:
            if PartyOrganization.objects.filter(name=name, committee=self.committee).exists():
                rows.append([name, on.year, self.pick(None, 100, 200), self.pick(None, 300)])
        return rows

    def roster(self, on: dt.date) -> list[list[Any]]:
        rows = [["姓名", "出生日期", "党员类别", "工作单位", "所在党组织"]]
        for name in PEOPLE:
            if self.random.random() < 0.8:
                rows.append([name, "1985-05-05", self.pick(*STAGES), self.pick(None, *ENTERPRISES), self.pick(None, *BODIES)])  # fmt: skip
        return rows

    def instructor_roster(self, on: dt.date) -> list[list[Any]]:
        rows = [["姓名", "单位", "指导企业", "派驻时间", "结束时间"]]
        for name in ENTERPRISES:
            if self.random.random() < 0.6 and Enterprise.objects.filter(name=name).exists():
                begun = self.pick(None, day(self.random.randrange(-4, 10)).isoformat())
                ended = self.pick(None, None, day(self.random.randrange(10)).isoformat())
                rows.append([self.pick("指甲", "指乙"), "某局", name, begun, ended])
        return rows

    def next_file(self) -> tuple[dt.date, list[list[Any]]]:
        on = day(self.random.randrange(10))
        make_rows = self.pick(
            self.enterprise_ledger, self.enterprise_ledger, self.organization_sheet, self.organization_sheet, self.roster,
            self.instructor_roster, self.activity_record, self.funds_sheet,
        )  # fmt: skip
        return on, make_rows(on)

    def examine(self, on: dt.date, rows: list[list[Any]]) -> process.Outcome:
        self._sheets = [sheet(rows)]
        return process.examine(None, process.Request(self.committee, on))  # type: ignore[arg-type]

    def commit(self, on: dt.date, rows: list[list[Any]]) -> process.Outcome | None:
        """Commit the good rows of a file; None when it has none."""
        if len(rows) == 1:
            return None
        seen = self.examine(on, rows)
        assert not seen.blocks_everything, seen.problems
        self.number += 1
        more: dict[str, Any] = {
            "reason": f"upload:{self.number}",
            "skip_bad_rows": True,
            "expected_digest": seen.digest,
        }
        outcome = process.commit(None, process.Request(self.committee, on), **more)  # type: ignore[arg-type]
        self.sent.append((on, rows))
        bad = {problem.row for problem in outcome.problems if problem.level == "error"}
        left = {(problem.row, problem.column) for problem in outcome.problems if "没有导入" in problem.message or "没有在本单位" in problem.message or "暂不关联" in problem.message}  # fmt: skip
        self.taken[self.number] = {}
        for number, row in enumerate(rows[1:], 2):
            if number not in bad:
                self.taken[self.number] |= self._told(on, rows[0], row, {column for at, column in left if at == number})
        self.said |= self.taken[self.number]
        return outcome

    def take_back(self, number: int | None = None) -> list[str]:
        """Undo a file, or the last; what stands in the way."""
        number = number or self.number
        left = undo(f"upload:{number}", committee=self.committee, user=None, reason=f"undo:{number}")
        if not left:
            del self.taken[number]
            self.said = {}
            for told in self.taken.values():
                self.said |= told
        return left

    # -- by hand ---------------------------------------------------------------

    def state(self) -> str:
        """State something by hand, as an action does; in words, or "" where it is refused. What ledgers of that day
        said of it is no longer asked for."""
        on = day(self.random.randrange(10))
        enterprise = Enterprise.objects.order_by("?").first()
        body = PartyOrganization.objects.order_by("?").first()
        acts: list[tuple[str, Any]] = []
        if enterprise is not None:
            name = enterprise.name
            acts.append(("employees", lambda: record_headcount(enterprise, on=on, employees=self.pick(8, 61))))
            acts.append(
                ("union", lambda: record_mass_organization(enterprise, kind="union", form="joint", reason="", on=on))
            )
        if body is not None and enterprise is not None:
            acts.append(("cover", lambda: cover(enterprise, organization=body, on=on)))
        if not acts:
            return ""
        what, act = self.pick(*acts)
        try:
            with transaction.atomic():
                act()
        except ValidationError:
            return ""
        for key in [key for key in self.said if key[0] == on and key[1] == what and key[2] == name]:
            del self.said[key]
        return f"{on} {what} {name}"

    def decide(self) -> str:
        """Close, dissolve, end or take back something by hand; in words, or "" where it is refused."""
        on = day(self.random.randrange(10))

        def any_of(model: Any) -> Any:
            return self.pick(*rows) if (rows := list(model.objects.order_by("pk"))) else None

        enterprise, body, covering, person = (any_of(each) for each in (Enterprise, PartyOrganization, Cover, Member))
        acts: list[Any] = []
        if enterprise is not None:
            acts += [lambda: close(enterprise, on=on), lambda: reopen(enterprise)]
        if body is not None:
            acts += [lambda: dissolve(body, on=on), lambda: restore_organization(body)]
            acts.append(lambda: change_organization(body, kind=self.pick("branch", "committee"), on=on))
            acts.append(lambda: reelect(body, name="书丙", source="", on=on))
        for fact in (covering, any_of(Assignment), any_of(MassOrganization), any_of(MemberStage)):
            if fact is not None:
                acts.append(lambda fact=fact: correct(fact, start=None, end=None, void=True))
                acts.append(lambda fact=fact: correct(fact, start=on, end=fact.end, void=False))
        if covering is not None:
            acts += [
                lambda: end_cover(covering, on=on),
                lambda: move_organization(covering.organization, committee=self.other, on=on),
            ]
        if (sent := any_of(Instructor)) is not None:
            acts += [lambda: leave_office(sent, reason="left", on=on), lambda: take_back_leaving(sent)]
        if person is not None:
            acts += [lambda: leave(person, on=on), lambda: advance(person, stage="full", on=on)]
        try:
            with transaction.atomic():
                return "；".join(self.pick(*acts)()) if acts else ""
        except ValidationError:
            return ""

    # -- what a file says ------------------------------------------------------

    def _told(self, on: dt.date, heads: list, row: list, left: set) -> dict[tuple, Any]:
        """What a row says, by (day, what, of whom); UNASKED where it says nothing of that day."""
        found: dict[tuple, Any] = {}
        told = {
            head: value
            for number, (head, value) in enumerate(zip(heads, row, strict=True))
            if value is not None and (head == "覆盖企业" or "ABCDEFGHIJ"[number] not in left)
        }
        name = row[0]
        if heads[0] == "企业名称":
            for head, column in (("职工人数", "employees"), ("正式党员数", "full_members")):
                if head in told:
                    found[(on, column, name)] = told[head]
            if told.get("是否建立党组织") == "否":
                for body in BODIES:
                    found[(on, "cover", name, body)] = False
            elif body := told.get("党组织名称"):
                found[(on, "cover", name, body)] = True
            if "工会" in told:
                found[(on, "union", name)] = told["工会"] == "是"
            if "所属村" in told:
                found[(on, "village", name)] = told["所属村"]
            if "指导员姓名" in told:
                found[(on, "assigned", name, told["指导员姓名"])] = True
        elif "指导企业" in heads:
            person, _, enterprise, begun, ended = row
            key = (on, "assigned", enterprise, person)
            found[key] = UNASKED
            if ended is not None and ended <= on.isoformat() and "E" not in left:
                found[key] = False
            elif ended is None and (begun is None or begun <= on.isoformat()):
                found[key] = True
        elif heads[0] == "党组织名称":
            for enterprise in (told.get("覆盖企业") or "").split("、"):
                if enterprise and Enterprise.objects.filter(name=enterprise).exists():
                    found[(on, "cover", enterprise, name)] = True
            if "党组织类别" in told:
                found[(on, "kind", name)] = {"党支部": "branch", "党总支": "general_branch"}[told["党组织类别"]]
            if "书记" in told:
                found[(on, "secretary", name)] = told["书记"]
            if "公章" in told:
                found[(on, "seal", name)] = True
            if "有场所" in told:
                found[(on, "venue", name)] = told["有场所"] == "√"
            if "分包联系领导" in told:
                found[(on, "liaison", name)] = told["分包联系领导"]
            for head, what in (("谈心活动", "heart_talks"), ("活动时间", "activity")):
                if told.get(head, "√") != "√":
                    found[(dt.date.fromisoformat(told[head]), what, name)] = True
        else:
            if "党员类别" in told:
                found[(on, "stage", name)] = STAGES[told["党员类别"]]
            for head, column in (("工作单位", "workplace"), ("所在党组织", "organization")):
                if head in told:
                    found[(on, column, name)] = told[head]
        return found

    def wrong(self) -> list[tuple]:
        """(what was said, what the register says) where they differ."""
        found = []
        for (on, what, *names), expected in self.said.items():
            held = self._held(on, what, names)
            if expected is not UNASKED and held != expected:
                found.append(((on, what, *names), expected, held))
        return found

    def _held(self, on: dt.date, what: str, names: list[str]) -> Any:
        if what in ("employees", "full_members"):
            row = Headcount.objects.live_on(on).filter(enterprise__name=names[0]).first()
            return row and getattr(row, what)
        if what == "village":
            return Enterprise.objects.as_on(on).get(name=names[0]).was_village
        if what == "kind":
            return PartyOrganization.objects.as_on(on).get(name=names[0]).was_kind
        if what == "cover":
            return Cover.objects.live_on(on).filter(enterprise__name=names[0], organization__name=names[1]).exists()
        if what == "union":
            return MassOrganization.objects.live_on(on).filter(enterprise__name=names[0], kind="union").exists()
        if what == "assigned":
            return Assignment.objects.live_on(on).filter(enterprise__name=names[0], instructor__name=names[1]).exists()
        if what == "secretary":
            return SecretaryTerm.objects.live_on(on).filter(organization__name=names[0]).values_list("name", flat=True).first()  # fmt: skip
        if what == "liaison":
            return (
                Liaison.objects.live_on(on).filter(organization__name=names[0]).values_list("name", flat=True).first()
            )
        if what in ("heart_talks", "activity"):
            return Event.objects.filter(organization__name=names[0], code=what, start=on).exists()
        if what in ("seal", "venue"):
            code = {"seal": "gift_seal", "venue": "have_venue"}[what]
            return State.objects.live_on(on).filter(organization__name=names[0], code=code).exists()
        if what == "stage":
            return MemberStage.objects.live_on(on).filter(member__name=names[0]).values_list("stage", flat=True).first()
        place = MemberPlacement.objects.live_on(on).filter(member__name=names[0]).first()
        owner = place and (place.enterprise if what == "workplace" else place.organization)
        return owner and owner.name


def facts() -> dict[str, list[tuple]]:
    """Every row of every dated fact and record, and what was said of whom on which day."""
    from ledgers.comparing.writing import tracked

    rows = {model.__name__: sorted(model._default_manager.values_list(), key=repr) for model in tracked()}  # type: ignore[attr-defined]
    said = Filing.objects.values_list("subject", "key", "day", "topics")
    told = {(subject, key, day, topic) for subject, key, day, topics in said for topic in topics.split()}
    return {**rows, "Filing": sorted(told)}


def unlawful() -> list[str]:
    """Rows that break a law by themselves: what a form would refuse."""
    from django.core.exceptions import ValidationError

    found = []
    for model in fact_models():
        for row in model._default_manager.all():
            try:
                row.full_clean()
            except ValidationError as error:
                found.append(f"{model.__name__} {row}: {error.messages}")
            begins, ends = row.life()
            if (begins and row.start < begins) or (ends and (row.end is None or row.end > ends)):
                found.append(f"{model.__name__} {row} {row.start}–{row.end} outside of {begins}–{ends}")
    return found
