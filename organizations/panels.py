"""What stands on the pages of enterprises, organizations and members from this app's facts."""

from typing import Any

from common.desk.panels import Panel
from enterprises.models import Enterprise
from enterprises.panels import Formers
from organizations.models import Member, PartyOrganization


class CoversOfEnterprise(Panel):
    of, order = Enterprise, 10
    title, clauses = "党组织覆盖", (1,)
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
    title, clauses = "覆盖的企业", (1, 9)
    headings = ("企业",)
    empty = "没有覆盖企业。点上面的“覆盖企业”登记。"

    def load(self, record: PartyOrganization) -> Any:
        return record.covers.select_related("enterprise", "organization")

    def cells(self, fact: Any) -> list[Any]:
        return [fact.enterprise]

    def words(self, fact: Any) -> str:
        return f"覆盖：{fact.enterprise}"


class SecretaryTerms(Panel):
    of, order = PartyOrganization, 20
    title, clauses = "党组织书记", (17,)
    headings = ("姓名", "来源", "选举日期", "届满日期")
    empty = "还没有书记。点上面的“换届”登记。"

    def load(self, record: PartyOrganization) -> Any:
        return record.secretary_terms.all()

    def cells(self, fact: Any) -> list[Any]:
        days = [day and f"{day:%Y-%m-%d}" for day in (fact.elected_on, fact.term_ends_on)]
        return [fact.name, fact.get_source_display(), *days]

    def words(self, fact: Any) -> str:
        return f"书记：{fact.name}"


class FormersOfOrganization(Formers):
    of = PartyOrganization

    def load(self, record: PartyOrganization) -> Any:
        return record.formers.select_related("committee", "superior")


class Milestones(Panel):
    order = 60
    title, clauses = "里程碑", (35, 39)
    headings = ("事项", "说明")
    empty = "还没有里程碑。点上面的“登记里程碑”登记。"

    def load(self, record: Any) -> Any:
        return record.milestones.all()

    def cells(self, fact: Any) -> list[Any]:
        return [fact.get_code_display(), fact.note]

    def words(self, fact: Any) -> str:
        return str(fact.get_code_display())


class MilestonesOfOrganization(Milestones):
    of = PartyOrganization


class MilestonesOfEnterprise(Milestones):
    of = Enterprise


class People(Panel):
    title, clauses = "党员及发展对象", (4, 8)
    headings = ("姓名", "工作单位", "所在党组织")
    shown_empty = False

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
    of, order = Member, 10
    title, clauses = "发展阶段", (12,)
    headings = ("阶段",)
    empty = "还没有阶段。点上面的“变更阶段”登记。"

    def load(self, record: Member) -> Any:
        return record.stages.all()

    def cells(self, fact: Any) -> list[Any]:
        return [fact.get_stage_display()]

    def words(self, fact: Any) -> str:
        return str(fact.get_stage_display())


class Places(Panel):
    of, order = Member, 20
    title, clauses = "工作单位与组织关系", (8,)
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
    MilestonesOfOrganization,
    MilestonesOfEnterprise,
    PeopleOfEnterprise,
    PeopleOfOrganization,
    Stages,
    Places,
]
