"""What stands on the page of an enterprise from the register."""

from typing import Any

from common.desk.panels import Panel
from common.former import said_formerly
from enterprises.models import Enterprise


def _number(value: int | None) -> str:
    return "未知" if value is None else str(value)


class Headcounts(Panel):
    of, order = Enterprise, 30
    title, answers = "人数", ("headcount",)
    headings = ("职工", "正式党员", "预备党员", "入党积极分子", "关系不在本企业的党员")
    empty = "还没有人数。上传台账后从台账日期起有数，也可以点上面的“登记人数”。"

    def load(self, record: Enterprise) -> Any:
        return record.headcounts.all()

    def cells(self, fact: Any) -> list[Any]:
        return [getattr(fact, name) for name in fact.NUMBERS]

    def words(self, fact: Any) -> str:
        return f"职工 {_number(fact.employees)}，正式党员 {_number(fact.full_members)}"


class MassOrganizations(Panel):
    of, order = Enterprise, 50
    title, answers = "群团组织", ("mass_complete",)
    headings = ("种类", "组建方式", "说明")
    empty = "还没有群团组织。点上面的“登记群团组织”登记。"

    def load(self, record: Enterprise) -> Any:
        return record.mass_organizations.all()

    def cells(self, fact: Any) -> list[Any]:
        return [fact.get_kind_display(), fact.get_form_display(), fact.reason]

    def words(self, fact: Any) -> str:
        return f"{fact.get_kind_display()}（{fact.get_form_display()}）"


class Jurisdictions(Panel):
    of, order = Enterprise, 70
    title, answers = "属地管理", ("jurisdiction",)
    headings = ("党（工）委",)
    empty = "还没有确定属地。"

    def load(self, record: Enterprise) -> Any:
        return record.jurisdictions.select_related("committee")

    def cells(self, fact: Any) -> list[Any]:
        return [fact.committee]

    def words(self, fact: Any) -> str:
        return f"属地管理：{fact.committee}"


class Exclusions(Panel):
    of, order = Enterprise, 80
    title, answers = "不纳入基数", ("enterprises",)
    headings = ("原因", "依据")
    shown_empty = False

    def load(self, record: Enterprise) -> Any:
        return record.exclusions.all()

    def cells(self, fact: Any) -> list[Any]:
        return [fact.get_reason_display(), fact.evidence]

    def words(self, fact: Any) -> str:
        return f"不纳入基数：{fact.get_reason_display()}"


class Formers(Panel):
    """What a record was before, where that is known (common/former.py)."""

    order = 90
    title, answers = "沿革", ("enterprises", "jurisdiction")
    headings = ("原来是",)
    shown_empty = begins = False

    def load(self, record: Any) -> Any:
        return record.formers.all()

    def cells(self, fact: Any) -> list[Any]:
        return ["，".join(f"{name}：{value}" for name, value in said_formerly(fact).items())]

    def words(self, fact: Any) -> str:
        return f"变更（原来是{self.cells(fact)[0]}）"


class FormersOfEnterprise(Formers):
    of = Enterprise


PANELS: list[type[Panel]] = [Headcounts, MassOrganizations, Jurisdictions, Exclusions, FormersOfEnterprise]
