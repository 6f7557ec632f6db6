"""What stands on the pages of enterprises and instructors from this app's facts."""

from typing import Any

from common.desk.panels import Panel
from enterprises.models import Enterprise
from instructors.models import Instructor


class AssignmentsOfEnterprise(Panel):
    of, order = Enterprise, 20
    title, answers = "指导员派驻", ("assigned",)
    headings = ("指导员",)
    empty = "还没有派驻指导员。点上面的“派驻指导员”登记。"

    def load(self, record: Enterprise) -> Any:
        return record.assignments.select_related("instructor", "enterprise")

    def cells(self, fact: Any) -> list[Any]:
        return [fact.instructor]

    def words(self, fact: Any) -> str:
        return f"指导员派驻：{fact.instructor}"


class AssignmentsOfInstructor(Panel):
    of, order = Instructor, 10
    title, answers = "派驻", ("assignment",)
    headings = ("企业",)
    empty = "没有派驻记录。点上面的“派驻到企业”登记。"

    def load(self, record: Instructor) -> Any:
        return record.assignments.select_related("enterprise", "instructor")

    def cells(self, fact: Any) -> list[Any]:
        return [fact.enterprise]

    def words(self, fact: Any) -> str:
        return f"派驻：{fact.enterprise}"


PANELS: list[type[Panel]] = [AssignmentsOfEnterprise, AssignmentsOfInstructor]
