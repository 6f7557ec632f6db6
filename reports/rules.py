"""What the department decides about counting. Everything else is fixed by the plan."""

from dataclasses import dataclass, field

from django.conf import settings

INSTRUCTOR, MEMBER, MASS_ORGANIZATION = "instructor", "member", "mass_organization"
# The ways, besides an organization, that can count as 党的工作覆盖: how an enterprise that has it is told, and one that
# has not.
ROUTES = {
    INSTRUCTOR: ("派驻了党建工作指导员", "没有派驻指导员"),
    MEMBER: ("有党员", "没有党员"),
    MASS_ORGANIZATION: ("有群团组织", "没有群团组织"),
}


@dataclass(frozen=True)
class Rules:
    """`work_routes` are the ways, besides an organization, that count as 党的工作覆盖 (rule 3)."""

    count_probationary: bool = False
    work_routes: frozenset[str] = field(default_factory=lambda: frozenset({INSTRUCTOR}))
    # 以上 includes the number itself (民法典 art. 1259).
    members_to_establish: int = 3
    employees_threshold: int = 50
    # After so many months a number is old: it still counts, and the pages say so.
    fresh_months: int = 12

    @property
    def words(self) -> dict[str, str]:
        """How the rules in force are said in the definitions of figures."""
        who = "正式党员和预备党员共" if self.count_probationary else "正式党员"
        routes = [route for route in ROUTES if route in self.work_routes]
        return {
            "enough": f"{who} {self.members_to_establish} 名及以上",
            "fifty": f"{self.employees_threshold} 人及以上",
            "routes": "，或".join(ROUTES[route][0] for route in routes),
            "no_routes": "，也".join(ROUTES[route][1] for route in routes),
        }


def current_rules() -> Rules:
    """The rules as the settings have them. An instructor always counts."""
    return Rules(
        count_probationary=settings.COUNT_PROBATIONARY_MEMBERS,
        work_routes=frozenset({INSTRUCTOR, *settings.WORK_COVERAGE_ROUTES}),
    )
