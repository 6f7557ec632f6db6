"""What stands on the pages of enterprises, organizations and members from this app's facts."""

from typing import Any

from committees.models import Committee
from common.desk.panels import Panel
from common.plan import Item
from common.record import Record
from enterprises.models import Enterprise
from enterprises.panels import Formers
from instructors.models import Instructor
from organizations.models import Member, PartyOrganization, items_by_code


class CoversOfEnterprise(Panel):
    of, order = Enterprise, 10
    title, answers = "党组织覆盖", ("cover",)
    headings = ("党组织",)
    empty = "还没有党组织覆盖。点上面的“党组织覆盖”登记。"

    def load(self, record: Enterprise) -> Any:
        return record.covers.select_related("organization", "enterprise")

    def cells(self, fact: Any) -> list[Any]:
        return [fact.organization]

    def words(self, fact: Any) -> str:
        return f"党组织覆盖：{fact.organization}"


class CoversOfOrganization(Panel):
    of, order = PartyOrganization, 10
    title, answers = "覆盖的企业", ("cover", "crowded")
    headings = ("企业", "牵头")
    empty = "没有覆盖企业。点上面的“覆盖企业”登记。"

    def load(self, record: PartyOrganization) -> Any:
        return record.covers.select_related("enterprise", "organization")

    def cells(self, fact: Any) -> list[Any]:
        return [fact.enterprise, "牵头" if fact.leads else ""]

    def words(self, fact: Any) -> str:
        return f"覆盖：{fact.enterprise}"


class SecretaryTerms(Panel):
    of, order = PartyOrganization, 20
    title, answers = "党组织书记", ("secretary",)
    headings = ("姓名", "来源", "选举日期", "届满日期", "文件", "专职")
    empty = "还没有书记。点上面的“换届”登记。"

    def load(self, record: PartyOrganization) -> Any:
        return record.secretary_terms.all()

    def cells(self, fact: Any) -> list[Any]:
        days = [day and f"{day:%Y-%m-%d}" for day in (fact.elected_on, fact.term_ends_on)]
        full_time = {True: "专职", False: "兼职", None: ""}[fact.full_time]
        return [fact.name, fact.get_source_display(), *days, fact.document, full_time]

    def words(self, fact: Any) -> str:
        return f"书记：{fact.name}"


class FormersOfOrganization(Formers):
    of = PartyOrganization

    def load(self, record: PartyOrganization) -> Any:
        return record.formers.select_related("committee", "superior")


class Liaisons(Panel):
    of, order = PartyOrganization, 30
    title, answers = "分包联系领导", ("liaison",)
    headings = ("姓名", "单位及职务")
    empty = "还没有分包联系领导。点上面的“分包联系领导”登记。"

    def load(self, record: PartyOrganization) -> Any:
        return record.liaisons.all()

    def cells(self, fact: Any) -> list[Any]:
        return [fact.name, fact.post]

    def words(self, fact: Any) -> str:
        return f"分包联系：{fact.name}"


class ItemFacts(Panel):
    """What is recorded of the plan's items, of any subject: one panel a shape."""

    answers = ()
    shown_empty = False
    facts: str

    def __init__(self, record: Any):
        if "_items" not in record.__dict__:
            # Once for the panels of all shapes.
            record.__dict__["_items"] = items_by_code()
        self.items: dict[str, Item] = record.__dict__["_items"]
        super().__init__(record)

    def load(self, record: Any) -> Any:
        return getattr(record, self.facts).all()

    def called(self, fact: Any) -> str:
        label = str(self.items.get(fact.code) or fact.code)
        return f"{label}（{fact.person}）" if fact.person else label

    def words(self, fact: Any) -> str:
        return self.called(fact)


class States(ItemFacts):
    order, title, facts = 60, "已有的事项", "states"
    headings = ("事项", "数量", "文号或材料", "对方", "说明")
    empty = "还没有登记。点上面的“登记事项”登记。"

    def cells(self, fact: Any) -> list[Any]:
        return [self.called(fact), fact.number, fact.document, fact.other, fact.note]


class Events(ItemFacts):
    order, title, facts = 62, "活动", "events"
    ends = False
    headings = ("事项", "形式或主题", "人数", "学时", "与群团联合", "说明")

    def cells(self, fact: Any) -> list[Any]:
        jointly = {True: "是", False: "否", None: ""}[fact.jointly]
        said = "，".join(filter(None, (fact.other, fact.document, fact.note)))
        return [self.called(fact), fact.topic, fact.people, fact.hours, jointly, said]

    def words(self, fact: Any) -> str:
        return f"{self.called(fact)}{f'：{fact.topic}' if fact.topic else ''}"


class Amounts(ItemFacts):
    order, title, facts = 64, "金额", "amounts"
    begins = ends = False
    headings = ("事项", "年度", "渠道", "金额（元）", "说明")

    def cells(self, fact: Any) -> list[Any]:
        return [self.called(fact), fact.start.year, fact.channel, fact.amount, fact.note]

    def words(self, fact: Any) -> str:
        return f"{fact.start.year} 年{self.called(fact)}（{fact.channel}）{fact.amount} 元"


_SUBJECTS: tuple[type[Record], ...] = (PartyOrganization, Enterprise, Instructor, Member, Committee)
ITEM_PANELS: list[type[Panel]] = [
    type(f"{panel.__name__}Of{model.__name__}", (panel,), {"of": model})
    for panel in (States, Events, Amounts)
    for model in _SUBJECTS
]


class People(Panel):
    title, answers = "党员及发展对象", ("three_members", "employees_50_plus")
    headings = ("姓名", "工作单位", "所在党组织")
    shown_empty, of_persons = False, True

    def load(self, record: Any) -> Any:
        return record.placements.select_related("member", "organization", "enterprise")

    def cells(self, fact: Any) -> list[Any]:
        return [fact.member, fact.enterprise, fact.organization]

    def words(self, fact: Any) -> str:
        return f"党员在此：{fact.member}"


class PeopleOfEnterprise(People):
    of, order = Enterprise, 40


class PeopleOfOrganization(People):
    of, order = PartyOrganization, 70


class Stages(Panel):
    of, order, of_persons = Member, 10, True
    title, answers = "发展阶段", ("stage",)
    headings = ("阶段",)
    empty = "还没有阶段。点上面的“变更阶段”登记。"

    def load(self, record: Member) -> Any:
        return record.stages.all()

    def cells(self, fact: Any) -> list[Any]:
        return [fact.get_stage_display()]

    def words(self, fact: Any) -> str:
        return str(fact.get_stage_display())


class Places(Panel):
    of, order, of_persons = Member, 20, True
    title, answers = "工作单位与组织关系", ("three_members",)
    headings = ("工作单位", "所在党组织", "岗位类别")
    empty = "还没有工作单位。点上面的“变更工作单位”登记。"

    def load(self, record: Member) -> Any:
        return record.placements.select_related("enterprise", "organization", "member")

    def cells(self, fact: Any) -> list[Any]:
        return [fact.enterprise, fact.organization, fact.get_position_group_display()]

    def words(self, fact: Any) -> str:
        return f"工作单位：{fact.enterprise or '—'}，党组织：{fact.organization or '—'}"


PANELS: list[type[Panel]] = [
    CoversOfEnterprise,
    CoversOfOrganization,
    SecretaryTerms,
    FormersOfOrganization,
    Liaisons,
    *ITEM_PANELS,
    PeopleOfEnterprise,
    PeopleOfOrganization,
    Stages,
    Places,
]
